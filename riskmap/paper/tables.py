"""Tables: the levels of a day as XLSX and CSV. The same sheet gives the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date

from django.utils import timezone, translation
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from core.enums import AreaKind
from riskmap.history import DayLevel
from riskmap.paper.books import STARTS_A_FORMULA, as_bytes, colour_cell, put, set_widths
from riskmap.paper.inks import INKS
from riskmap.paper.sheets import Sheet

#: Heads of the columns and their widths in characters.
COLUMNS = {
    "Mã": 9,
    "Tên": 30,
    "Loại": 12,
    "Trực thuộc": 30,
    "Mức độ": 20,
    "Màu": 8,
    "Tạm tính": 10,
    "Từ ngày": 12,
    "Số ngày": 9,
    "Tiêu chí": 24,
}
CODE_COLUMN = "Mã xác minh"
#: Only in files of an edition that speaks of approval: those of others stay as they were issued.
UNAPPROVED_COLUMN = {"Chưa duyệt": 11}


def as_csv(sheet: Sheet, *, code: str) -> bytes:
    """UTF-8 with BOM, commas, every text quoted, days as 2021-09-07, lines ended by CR LF.

    The last column repeats the file's code: a line of another form would stop every reader, and lines that
    are copied elsewhere still say where they come from. A text that begins like a formula has an apostrophe
    before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([*_columns(sheet), CODE_COLUMN])
    for values in _rows(sheet):
        writer.writerow([_harmless(value) for value in (*values, code)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _columns(sheet: Sheet) -> dict[str, int]:
    return COLUMNS | UNAPPROVED_COLUMN if sheet.approval else COLUMNS


def _harmless(value: str | int | date | None) -> str | int | None:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(STARTS_A_FORMULA):
        return f"'{value}"
    return value


def as_xlsx(sheet: Sheet, *, code: str, verify_at: str) -> bytes:
    """A sheet of levels, frozen and filtered under its head, and a sheet that says what they are.

    Codes are text, days are dates, and no cell is ever a formula.
    """
    book = Workbook()
    levels, about = book.active, book.create_sheet("Thông tin")
    levels.title = "Mức độ nguy cơ"
    levels.freeze_panes = "C2"
    columns = _columns(sheet)
    levels.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(sheet.shown) + 1}"
    levels.print_title_rows = "1:1"
    levels.page_setup.orientation, levels.page_setup.paperSize = "landscape", levels.PAPERSIZE_A4
    levels.page_setup.fitToHeight, levels.sheet_properties.pageSetUpPr.fitToPage = 0, True
    set_widths(levels, columns.values())
    for column, name in enumerate(columns, start=1):
        put(levels, 1, column, name, head=True)
    for number, (values, row) in enumerate(zip(_rows(sheet), sheet.shown, strict=True), start=2):
        cells = [put(levels, number, column, value) for column, value in enumerate(values, start=1)]
        for cell in cells[4:6]:
            colour_cell(cell, row.level)
    set_widths(about, (34, 90))
    for number, (name, value) in enumerate(_about(sheet, code, verify_at), start=1):
        put(about, number, 1, name, head=True)
        put(about, number, 2, value)
    return as_bytes(book, moment=sheet.moment)


def _rows(sheet: Sheet) -> Iterable[tuple[str | int | date | None, ...]]:
    with translation.override("vi"):
        for row in sheet.shown:
            yield (
                row.code,
                row.name,
                sheet.type_words[row.area_id],
                row.parent_name,
                str(row.level.label),
                INKS[row.level].colour,
                "có" if row.provisional else "không",
                row.since,
                row.days_in_level(sheet.day),
                _grounds(row),
                *(["có" if row.unapproved else "không"] if sheet.approval else []),
            )


def _grounds(row: DayLevel) -> str:
    return "theo quyết định của Sở Y tế" if row.decided else ", ".join(row.criteria)


def _about(sheet: Sheet, code: str, verify_at: str) -> Iterable[tuple[str, str | int | date]]:
    yield "Tỉnh, thành phố", sheet.province.name
    yield "Mã tỉnh, thành phố", sheet.province.code
    yield "Ngày của số liệu", sheet.day
    yield "Số liệu", sheet.headline
    yield "Loại bản", sheet.standing
    yield "Cấp", "xã, phường, thị trấn" if sheet.layer == AreaKind.COMMUNE else "quận, huyện"
    for level, ink in INKS.items():
        with translation.override("vi"):
            name = f"{level.label} ({ink.colour})" if ink.colour else str(level.label)
        yield f"Số đơn vị: {name}", sheet.totals[level]
    yield "Số đơn vị tạm tính", sheet.provisional_count
    if sheet.approval:
        yield "Số đơn vị dựa trên số chưa duyệt", sheet.unapproved_count
    yield "Bộ tiêu chí", sheet.rule_set.citation
    if sheet.edition:
        yield "Chốt số liệu lúc", f"{timezone.localtime(sheet.edition.cut_off):%H:%M:%S %d/%m/%Y}"
    yield "Mã băm bản công bố" if sheet.edition else "Mã băm số liệu", sheet.fingerprint
    if sheet.simulated:
        yield "Lưu ý", "SỐ LIỆU MÔ PHỎNG, không phải số ca thật của địa phương."
    yield CODE_COLUMN, code
    yield "Kiểm tra tại", verify_at
