"""The workbook of an area's units: what goes out is what people fill and bring back."""

from __future__ import annotations

import io
import re
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from campaign.models import Unit
from campaign.unit_files.columns import KINDS, TITLES
from core.enums import AreaKind
from core.models import Area, AreaQuerySet
from riskmap.imports.workbooks import GUIDE_TITLE

_WIDTHS = {"code": 12, "kind": 34, "name": 48, "seat": 44, "head": 24, "head_post": 24, "phone": 18}
_WIDTHS |= {"email": 28, "size": 10}
_PLACES = {name: get_column_letter(place) for place, name in enumerate(TITLES, start=1)}
_OF_AN_AREA = ("kind", "name", "seat")  # of an area these are the list of areas' and locked
_ROWS_TO_ADD = 1_000
_HEAD = PatternFill("solid", fgColor="1B3A5C")
_GIVEN = PatternFill("solid", fgColor="EEF1F4")
_OPEN = Protection(locked=False)
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # readers of XLSX take _x0041_ for a letter A

_GUIDE = (
    "Mỗi dòng của trang “Đơn vị” là một đơn vị thi đua. Ô nền xám do cổng cấp, không sửa.",
    "Thêm cơ quan, tổ chức: ghi vào dòng trống phía dưới, để trống mã; cổng cấp mã khi ghi.",
    "Sửa: sửa thẳng vào ô. Xóa trắng một ô là bỏ điều đã ghi.",
    "Bớt dòng không làm đơn vị ngừng hoạt động; cho ngừng ở trang của đơn vị.",
    "Loại đơn vị và nơi đóng chọn trong danh sách thả xuống. Nơi đóng chỉ cần mã, ví dụ 22741.",
    "Địa bàn (xã, huyện, thôn) tự có trong danh sách: chỉ ghi người đứng đầu, cách liên hệ, số người.",
    "Điện thoại, mã là chữ: giữ số 0 ở đầu. Không dùng công thức: chép cột rồi dán lại dạng giá trị.",
    "Khi nhập, cổng cho xem trước mọi thay đổi và mọi lỗi; chưa ghi gì cho đến khi bạn đồng ý.",
    "Trang “Hướng dẫn” và danh mục ẩn không được đọc khi nhập.",
)


def write_units(*, area: Area, on: date) -> bytes:
    """An XLSX of the open units of ``area`` and below. Imported again it changes nothing."""
    units = Unit.objects.open().filter(seat__in=Area.objects.under(area)).select_related("seat__parent")
    book = Workbook()
    page = book.active
    page.title = "Đơn vị"
    listed = book.create_sheet("Danh mục")
    listed.sheet_state = "hidden"
    seats = [seat_words(seat) for seat in seats_of(area, on)]
    kinds = [words for kind, words in KINDS.items() if kind.area_kind is None]
    for place, column in enumerate((kinds, seats), start=1):
        for row, words in enumerate(column, start=1):
            _write(listed.cell(row, place), words)
    _write_guide(book.create_sheet(GUIDE_TITLE))
    rows = list(units.order_by("kind", "sort_key", "code"))
    _prepare(page)
    for number, unit in enumerate(rows, start=2):
        _write_row(page, number, unit)
    _offer(page, last=len(rows) + 1 + _ROWS_TO_ADD, kinds=len(kinds), seats=len(seats))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def seats_of(area: Area, on: date) -> AreaQuerySet:
    """Where an organisation may be seated: the area and below, hamlets apart, as they are on the day."""
    areas = Area.objects.under(area).exclude(kind=AreaKind.HAMLET).valid_on(on)
    return areas.select_related("parent").order_by("path")


def seat_words(seat: Area) -> str:
    """What the file says of a seat: the code, and its name for people."""
    place = f", {seat.parent.name}" if seat.parent else ""
    return f"{seat.code} – {seat.name}{place}"


def _write_row(page: Worksheet, number: int, unit: Unit) -> None:
    said = {
        "code": unit.code,
        "kind": KINDS[unit.kind],
        "name": unit.name,
        "seat": seat_words(unit.seat),
        **{name: getattr(unit, name) for name in ("head", "head_post", "phone", "email", "size")},
    }
    for place, (name, value) in enumerate(said.items(), start=1):
        cell = page.cell(number, place)
        _write(cell, value)
        if name == "code" or (unit.is_area and name in _OF_AN_AREA):
            cell.fill = _GIVEN
        else:
            cell.protection = _OPEN


def _write(cell: Cell, value: str | int | None) -> None:
    """A number as a number; text as text, whatever it begins with."""
    if isinstance(value, int):
        cell.value, cell.number_format = value, "0"
        return
    cell.number_format = "@"
    if value:
        cell.value = _LOOKS_ESCAPED.sub("_x005F_", value)
        cell.data_type = "s"  # openpyxl takes what begins with = for a formula otherwise


def _write_guide(page: Worksheet) -> None:
    page.column_dimensions["A"].width = 100
    for sentence in ("Cách ghi đơn vị vào tệp này", *_GUIDE):
        page.append([sentence])
    for row in page.iter_rows():
        row[0].alignment = Alignment(wrap_text=True, vertical="top")
    page["A1"].font = Font(bold=True)


def _prepare(page: Worksheet) -> None:
    page.freeze_panes = "D2"
    page.row_dimensions[1].height = 32
    for place, (name, title) in enumerate(TITLES.items(), start=1):
        column = page.column_dimensions[_PLACES[name]]
        column.width, column.number_format = _WIDTHS[name], "0" if name == "size" else "@"
        if name != "code":
            column.protection = _OPEN  # what is added below; its code is given by the portal
        head = page.cell(1, place, title)
        head.fill, head.font = _HEAD, Font(bold=True, color="FFFFFF")
        head.alignment = Alignment(wrap_text=True, vertical="top")
    # A lock against slips, without a password; rows can be taken out, put in order and filtered.
    lock = page.protection
    lock.sheet, lock.deleteRows, lock.sort, lock.autoFilter, lock.formatColumns = (
        True,
        False,
        False,
        False,
        False,
    )


def _offer(page: Worksheet, *, last: int, kinds: int, seats: int) -> None:
    """Drop-downs, for the rows there are and for those that people add."""
    lists = [("kind", "A", kinds, "Loại đơn vị", "Chọn loại đơn vị trong danh sách.")]
    lists += [("seat", "B", seats, "Nơi đóng", "Chọn nơi đóng trong danh sách của địa bàn.")] if seats else []
    for name, column, length, title, words in lists:
        # An area's own kind is not among those that can be chosen: told, and let through.
        rule = DataValidation(
            "list", formula1=f"'Danh mục'!${column}$1:${column}${length}", errorStyle="warning"
        )
        _add(page, rule, name, last, title, words)
    size = DataValidation("whole", operator="between", formula1="1", formula2="10000000", allow_blank=True)
    _add(page, size, "size", last, "Số người", "Ghi số nguyên từ 1; chưa biết thì để trống.")


def _add(page: Worksheet, rule: DataValidation, name: str, last: int, title: str, words: str) -> None:
    rule.allow_blank = True
    rule.errorTitle, rule.error, rule.showErrorMessage = title, words, True
    rule.promptTitle, rule.prompt, rule.showInputMessage = title, words, name != "size"
    rule.add(f"{_PLACES[name]}2:{_PLACES[name]}{last}")
    page.add_data_validation(rule)
