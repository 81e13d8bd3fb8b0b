"""The board of a day as a workbook: a sheet a group, and above each what it is and where to check it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from django.utils import timezone, translation
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from campaign.enums import GroupKind
from campaign.standing_page import boards_of
from campaign.standing_table import GroupTable, Line, StandingTable
from riskmap.enums import MapView, RiskLevel
from riskmap.paper.books import as_bytes, colour_cell, put, set_widths
from riskmap.paper.inks import INKS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Heads of the columns and their widths in characters.
COLUMNS = {
    "Nhóm xếp hạng": 24,
    "Hạng": 7,
    "Mã": 9,
    "Đơn vị": 32,
    "Trực thuộc": 26,
    "Mức lúc đầu": 22,
    "Mức hiện tại": 22,
    "Số bậc đã giảm": 9,
    "Xanh từ ngày": 12,
    "Số ngày từ đầu đợt đến khi xanh": 12,
    "Số ngày từ vùng đỏ đến khi xanh": 12,
    "Tổng số ngày xanh": 9,
    "Số ngày xanh liền dài nhất": 11,
    "Số lần tăng mức": 9,
    "Số lần tái phát": 9,
    "Số ngày tạm tính": 9,
    "Số ngày không có số liệu": 10,
    "F0": 8,
    "F0 trên 100.000 dân": 11,
    "Ngày đăng ký": 12,
    "Mục tiêu đăng ký": 22,
    "Đạt vào ngày": 12,
    "Diễn biến": 60,
    "Vì sao xếp hạng này": 50,
}
_LEVELS = (6, 7, 21)  # the columns that hold a level, counted from 1
_SHEET_NAME = 31  # characters that spreadsheets take


def file_name(table: StandingTable, *, group: GroupTable | None) -> str:
    """In ASCII: of what, of which day, as published or as known."""
    standing = f"cong-bo-so-{table.edition.number}" if table.edition else "theo-so-biet-hien-nay"
    of_group = f"-{group.code}" if group else ""
    phase = table.phase
    return f"xep-hang-{phase.campaign.slug}-{phase.code}-{table.day}{of_group}-{standing}.xlsx"


def make_workbook(table: StandingTable, *, group: GroupTable | None, address: str) -> bytes:
    """The groups that have units, or the one named; the same standing gives the same bytes."""
    book = Workbook()
    book.remove(book.active)
    groups = [group] if group else [each for each in table.groups if each.units] or table.groups[:1]
    with translation.override("vi"):
        for each in groups:
            _write_group(book.create_sheet(_sheet_name(each, book.sheetnames)), table, each, address)
    return as_bytes(book, moment=table.computed_at)


def _sheet_name(group: GroupTable, taken: Iterable[str]) -> str:
    label = str(GroupKind(group.kind).label)
    name = textwrap.shorten(label[:1].upper() + label[1:], _SHEET_NAME, placeholder="").rstrip(",-– ")
    return name if name not in taken else f"{name[: _SHEET_NAME - 3]} {len(list(taken)) + 1}"


def _write_group(page: Worksheet, table: StandingTable, group: GroupTable, address: str) -> None:
    set_widths(page, COLUMNS.values())
    about = list(_about(table, group, address))
    for number, (name, value) in enumerate(about, start=1):
        put(page, number, 1, name, head=True)
        put(page, number, 2, value).alignment = Alignment(vertical="top")
    top = len(about) + 2
    for column, name in enumerate(COLUMNS, start=1):
        put(page, top, column, name, head=True).alignment = Alignment(vertical="top", wrap_text=True)
    number = top
    for board in boards_of(group):
        for line in group.lines(board.rows.tolist()):
            number += 1
            _write_line(page, number, board.label, line)
    page.freeze_panes = page.cell(top + 1, 5)
    page.auto_filter.ref = f"A{top}:{get_column_letter(len(COLUMNS))}{number}"
    page.print_title_rows = f"{top}:{top}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage = 0, True


def _write_line(page: Worksheet, number: int, label: str, line: Line) -> None:
    cells = [put(page, number, column, value) for column, value in enumerate(_values(label, line), start=1)]
    facts = line.facts
    levels = (facts.level_at_start, facts.level_at_end, facts.target_level)
    for column, level in zip(_LEVELS, levels, strict=True):
        if level:
            colour_cell(cells[column - 1], RiskLevel(level))


def _values(label: str, line: Line) -> tuple:
    facts = line.facts
    return (
        label,
        line.rank or None,
        line.code,
        line.name,
        line.district_name or line.seat_name,
        _level(facts.level_at_start),
        _level(facts.level_at_end),
        facts.steps_lowered,
        facts.green_since,
        facts.days_to_green,
        facts.days_from_very_high,
        facts.days_green,
        facts.longest_green,
        facts.climbs,
        facts.relapses,
        facts.provisional_days,
        facts.days_without_level,
        facts.cases,
        facts.cases_per_100k,
        facts.registered_on,
        _level(facts.target_level) if facts.target_level else None,
        facts.target_day,
        line.words,
        line.rank_words,
    )


def _level(level: int) -> str:
    ink = INKS[RiskLevel(level)]
    return f"{RiskLevel(level).label} ({ink.colour})" if ink.colour else str(RiskLevel(level).label)


def _about(table: StandingTable, group: GroupTable, address: str) -> Iterable[tuple[str, object]]:
    phase = table.phase
    yield "Phong trào", phase.campaign.title
    yield "Đợt", f"{phase.name}, từ ngày {phase.first_day:%d/%m/%Y} đến hết ngày {phase.last_day:%d/%m/%Y}"
    yield "Nhóm đối tượng", group.name
    yield "Tính đến hết ngày", f"{table.day:%d/%m/%Y}{_standing(table)}"
    yield "Số liệu", _view(table)
    yield "Tính lúc", f"{timezone.localtime(table.computed_at):%H:%M:%S %d/%m/%Y}"
    yield "Mã băm", table.hash
    yield "Xem tại", f"{address}?view={table.view}&day={table.day}&group={group.code}"


def _standing(table: StandingTable) -> str:
    return "" if table.day == table.phase.last_day else ", tạm tính: đợt chưa kết thúc"


def _view(table: StandingTable) -> str:
    if table.view == MapView.KNOWN or table.edition is None:
        return "theo số biết lúc tính, có thể khác bản đồ công bố"
    cut_off = timezone.localtime(table.edition.cut_off)
    return (
        f"như đã công bố, đến bản đồ số {table.edition.number} "
        f"(chốt lúc {cut_off:%H:%M ngày %d/%m/%Y}, mã băm {table.edition.hash[:16]})"
    )
