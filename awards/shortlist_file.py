"""A shortlist as a workbook: a sheet a group, one for who was left out, and one for what changed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from django.utils import timezone, translation
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from awards.shortlist_page import ChangeRow, GroupPage, ShortlistPage
from awards.shortlist_table import ShortlistLine, ShortlistTable
from campaign.enums import GroupKind
from riskmap.paper.books import as_bytes, put, set_widths

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = {
    "Nhóm xếp hạng": 24,
    "Hạng (số biết hiện nay)": 10,
    "Hạng (đã công bố)": 10,
    "Hạng tốt nhất khi thử": 10,
    "Hạng thấp nhất khi thử": 10,
    "Mã": 9,
    "Đơn vị": 30,
    "Trực thuộc": 24,
    "Căn cứ": 70,
    "Điều gì làm đổi hạng": 50,
    "Điểm cần xem": 60,
    "Quyết định": 24,
    "Lý do quyết định": 30,
}
LEFT_OUT = {"Mã": 9, "Đơn vị": 30, "Trực thuộc": 24, "Vì sao không xét": 50, "Diễn biến": 70}
CHANGED = {"Mã": 9, "Đơn vị": 30, "Trực thuộc": 24, "Thay đổi": 70, "Quyết định": 24, "Lý do": 30}
_SHEET_NAME = 31  # characters that spreadsheets take


def file_name(table: ShortlistTable) -> str:
    """In ASCII: of what, of which stage and day."""
    phase = table.phase
    stage = table.stage.replace("_", "-")
    return f"danh-sach-xet-khen-{phase.campaign.slug}-{phase.code}-{table.through}-{stage}.xlsx"


def make_workbook(page: ShortlistPage, *, address: str) -> bytes:
    """What the person may see of the list; the same list and decisions give the same bytes."""
    book = Workbook()
    book.remove(book.active)
    with translation.override("vi"):
        for group in page.groups:
            sheet = book.create_sheet(_name(group, book.sheetnames))
            _write(sheet, page.table, address, COLUMNS, list(_rows(group)))
        out = [line for group in page.groups for line in group.left_out]
        sheet = book.create_sheet("Không xét")
        _write(sheet, page.table, address, LEFT_OUT, [_left_out(line) for line in out])
        if page.compared:
            sheet = book.create_sheet("Thay đổi so với lúc hạn")
            _write(sheet, page.table, address, CHANGED, [_changed(each) for each in page.changes])
    return as_bytes(book, moment=page.table.made_at)


def _name(group: GroupPage, taken: Sequence[str]) -> str:
    label = str(GroupKind(group.kind).label)
    name = textwrap.shorten(label[:1].upper() + label[1:], _SHEET_NAME, placeholder="").rstrip(",-– ")
    return name if name not in taken else f"{name[: _SHEET_NAME - 3]} {len(taken) + 1}"


def _rows(group: GroupPage) -> Iterable[tuple]:
    for table in group.classes:
        for row in table.rows:
            line, decided = row.line, row.candidate
            yield (
                table.label,
                line.rank_known,
                line.rank_published,
                line.rank_low,
                line.rank_high,
                line.code,
                line.name,
                line.district_name or line.parent_name,
                "; ".join(line.reasons),
                "; ".join(line.range_words),
                " ".join(f"{flag.label}: {flag.words}" for flag in line.flags),
                *_decision(decided),
            )


def _left_out(line: ShortlistLine) -> tuple:
    place = line.district_name or line.parent_name
    return (line.code, line.name, place, line.ineligible_because, line.words)


def _changed(each: ChangeRow) -> tuple:
    change = each.change
    words = "; ".join(change.words)
    return (change.code, change.name, change.district_name, words, *_decision(each.candidate))


def _decision(candidate) -> tuple[str | None, str | None]:
    if candidate is None:
        return None, None
    state = "đã xác nhận" if candidate.confirmed_at else "chờ xác nhận"
    return f"{candidate.get_decision_display()} ({state})", candidate.reason or None


def _write(
    sheet: Worksheet, table: ShortlistTable, address: str, columns: dict[str, int], rows: list[tuple]
) -> None:
    set_widths(sheet, columns.values())
    about = list(_about(table, address))
    for number, (name, value) in enumerate(about, start=1):
        put(sheet, number, 1, name, head=True)
        put(sheet, number, 2, value)
    top = len(about) + 2
    for column, name in enumerate(columns, start=1):
        put(sheet, top, column, name, head=True).alignment = Alignment(vertical="top", wrap_text=True)
    for number, values in enumerate(rows, start=top + 1):
        for column, value in enumerate(values, start=1):
            put(sheet, number, column, value).alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True


def _about(table: ShortlistTable, address: str) -> Iterable[tuple[str, object]]:
    phase, edition = table.phase, table.published and table.published.edition
    yield "Danh sách", f"xét khen, {table.shortlist.get_stage_display()}"
    yield "Phong trào", phase.campaign.title
    yield "Đợt", f"{phase.name}, từ ngày {phase.first_day:%d/%m/%Y} đến hết ngày {phase.last_day:%d/%m/%Y}"
    yield "Tính đến hết ngày", f"{table.through:%d/%m/%Y}"
    yield "Lập lúc", f"{timezone.localtime(table.made_at):%H:%M:%S %d/%m/%Y}"
    yield "Bản đồ công bố", f"số {edition.number}, mã băm {edition.hash[:16]}" if edition else "chưa có"
    yield "Mã băm danh sách", table.hash
    yield "Xem tại", address
