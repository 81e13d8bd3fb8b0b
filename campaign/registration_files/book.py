"""The workbook of registrations: a line a unit with what it said so far, to be filled and read back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from campaign.models import Campaign, Registration, Unit
from riskmap.enums import RiskLevel
from riskmap.imports.workbooks import GUIDE_TITLE
from riskmap.paper.books import as_bytes, put, set_widths

#: The heads that the portal's own file writes: part of the file, not of the interface.
TITLES = {
    "code": "Mã đơn vị",
    "name": "Tên đơn vị",
    "target_level": "Mục tiêu",
    "target_day": "Đạt vào ngày",
    "solutions": "Giải pháp chính",
    "document_number": "Số văn bản",
    "document_date": "Ngày văn bản",
    "head": "Người đứng đầu",
    "head_post": "Chức vụ",
    "status": "Tình trạng",
}
#: What the levels are called in the file: the colours, as everybody says.
TARGETS = {RiskLevel.NEW_NORMAL: "xanh", RiskLevel.ELEVATED: "vàng", RiskLevel.HIGH: "cam"}
_WIDTHS = (12, 36, 12, 14, 48, 18, 14, 26, 22, 18)
_DAYS = ("target_day", "document_date")
_ROWS_TO_ADD = 200

_GUIDE = (
    "Mỗi dòng của trang “Đăng ký” là một đơn vị. Mã, tên và tình trạng do cổng ghi.",
    "Đơn vị nào đăng ký thì ghi mục tiêu, ngày, giải pháp, văn bản, người đứng đầu. Dòng trống được bỏ qua.",
    "Mục tiêu chọn trong danh sách: xanh, vàng, cam. Đang xanh ghi xanh là đăng ký giữ vững vùng xanh.",
    "Ngày ghi kiểu 09/09/2021.",
    "Đăng ký đã gửi hoặc đã xác nhận không sửa bằng tệp; dòng không đổi được bỏ qua.",
    "Không dùng công thức: chép cột rồi dán lại dạng giá trị.",
    "Khi nhập, cổng cho xem trước mọi thay đổi và mọi lỗi; chưa ghi gì cho đến khi bạn đồng ý.",
    "Bản ký được gửi kèm ở trang của từng đăng ký.",
)


def write_registrations(
    *, campaign: Campaign, units: Iterable[Unit], registrations: dict[int, Registration], at: datetime
) -> bytes:
    """An XLSX of the units with their registrations (by unit, id). Imported again it changes nothing."""
    book = Workbook()
    page = book.active
    page.title = "Đăng ký"
    _write_guide(book.create_sheet(GUIDE_TITLE), campaign)
    page.freeze_panes = "C2"
    set_widths(page, _WIDTHS)
    for place, title in enumerate(TITLES.values(), start=1):
        put(page, 1, place, title, head=True)
    last = 1
    for last, unit in enumerate(units, start=2):
        for place, value in enumerate(_values(unit, registrations.get(unit.pk)), start=1):
            put(page, last, place, value)
    _offer(page, last + _ROWS_TO_ADD)
    return as_bytes(book, moment=at)


def _values(unit: Unit, said: Registration | None) -> tuple:
    if said is None:
        return (unit.code, unit.name, "", None, "", "", None, unit.head, unit.head_post, "chưa đăng ký")
    return (
        unit.code,
        unit.name,
        TARGETS[RiskLevel(said.target_level)],
        said.target_day,
        said.solutions,
        said.document_number,
        said.document_date,
        said.head,
        said.head_post,
        said.get_status_display(),
    )


def _write_guide(page: Worksheet, campaign: Campaign) -> None:
    page.column_dimensions["A"].width = 100
    for row, sentence in enumerate((f"Đăng ký thi đua: {campaign.short_title}", *_GUIDE), start=1):
        put(page, row, 1, sentence).alignment = Alignment(wrap_text=True, vertical="top")
    page["A1"].font = Font(bold=True)


def _offer(page: Worksheet, last: int) -> None:
    """Drop-downs of targets, and a word on days, for the lines there are and for those that people add."""
    places = {name: get_column_letter(place) for place, name in enumerate(TITLES, start=1)}
    targets = DataValidation("list", formula1=f'"{",".join(TARGETS.values())}"', allow_blank=True)
    targets.errorTitle, targets.error = "Mục tiêu", "Chọn xanh, vàng hoặc cam."
    targets.showErrorMessage = True
    targets.add(f"{places['target_level']}2:{places['target_level']}{last}")
    page.add_data_validation(targets)
    for name in TITLES:
        page.column_dimensions[places[name]].number_format = "dd/mm/yyyy" if name in _DAYS else "@"
