"""The template: the workbook that people fill, and in which their own numbers go out and come back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from core.enums import AreaKind
from core.models import Area
from riskmap.imports.cells import MAX_COUNT
from riskmap.imports.columns import TITLES
from riskmap.imports.workbooks import GUIDE_TITLE

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: The columns in their order, and their widths in characters.
COLUMNS = {
    "code": 12,
    "name": 32,
    "date": 13,
    "unknown_source": 13,
    "known_source": 13,
    "isolated": 13,
    "cases": 13,
    "close_contacts": 13,
    "tests": 13,
    "suspected": 13,
}
_PLACES = {name: get_column_letter(place) for place, name in enumerate(COLUMNS, start=1)}
_COUNTED = [name for name in COLUMNS if name not in ("code", "name", "date")]
_DAYS_OFFERED = 31
_ROWS_TO_ADD = 1_000  # below those there are, with the same drop-downs
_HEAD = PatternFill("solid", fgColor="1B3A5C")
_SHEET_OF_COUNTS = "xl/worksheets/sheet1.xml"  # openpyxl numbers its sheets in the order of their tabs
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_GUIDE = (
    "Mỗi dòng của trang “Số ca” là một xã, phường, thị trấn (hoặc thôn, khu phố) trong một ngày.",
    "Không có ca thì ghi 0. Ô để trống nghĩa là chưa biết, không phải là 0.",
    "Dòng không có con số nào sẽ bị từ chối; các dòng khác vẫn được nhận.",
    "Mã đơn vị là chữ: giữ nguyên các số 0 ở đầu. Chọn mã trong danh sách thả xuống.",
    "Tên đơn vị chỉ để đối chiếu với mã; để trống cũng được, ghi tên khác thì dòng bị từ chối.",
    "Ngày ghi kiểu 09/07/2021. Danh sách có 31 ngày; ngày khác thì gõ vào ô.",
    "Bốn cột F0 là một báo cáo: ghi một cột thì cả bốn cột thay số cũ. F1, người được xét nghiệm, "
    "ca nghi ngờ để trống thì giữ số đã ghi.",
    "F0 chưa phân loại chỉ dùng khi chưa biết cách phát hiện ca; không phải là tổng của ba cột kia.",
    "Không dùng công thức: chép cột rồi dán lại dạng giá trị. Không đổi tên cột, không thêm cột.",
    "Thêm, bớt, sắp xếp lại dòng đều được. Trang “Hướng dẫn” và danh mục ẩn không được đọc khi nhập.",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet; ``counts`` by column of the file, empty where nothing is said."""

    code: str
    name: str
    day: date
    counts: Sequence[int | None] = ()


def make_template(*, area: Area, day: date) -> bytes:
    """An XLSX with a line for each commune of ``area`` on ``day``, to be filled and imported."""
    communes = communes_of(area, day)
    return make_book(
        lines=[Line(commune.code, commune.name, day) for commune in communes],
        communes=communes,
        last_day=day,
    )


def communes_of(area: Area, day: date) -> list[Area]:
    """The communes of ``area`` on ``day``, district by district; the oldest stand for the days before too."""
    every = Area.objects.under(area).of_kind(AreaKind.COMMUNE).select_related("parent")
    communes = list(every.order_by("parent__sort_key", "parent__code", "sort_key", "code"))
    oldest = min((commune.valid_from for commune in communes), default=day)
    return [
        commune
        for commune in communes
        if (commune.valid_from <= day or commune.valid_from == oldest)
        and (commune.valid_to is None or day <= commune.valid_to)
    ]


def make_book(*, lines: Sequence[Line], communes: Sequence[Area], last_day: date) -> bytes:
    """The workbook with these lines: drop-downs of ``communes`` and of the days up to ``last_day``."""
    book = Workbook()
    counts = book.active
    counts.title = "Số ca"
    listed = book.create_sheet("Danh mục")
    listed.sheet_state = "hidden"
    days = [last_day - timedelta(days=back) for back in range(_DAYS_OFFERED)]
    for place, column in enumerate(
        (
            [commune.code for commune in communes],
            list(dict.fromkeys(commune.name for commune in communes)),
            days,
        ),
        start=1,
    ):
        for row, value in enumerate(column, start=1):
            if isinstance(value, date):
                listed.cell(row, place, value).number_format = "dd/mm/yyyy"
            else:
                cell = listed.cell(row, place, _NOT_IN_XML.sub("", value))
                cell.data_type, cell.number_format = "s", "@"  # openpyxl takes what begins with = otherwise
    _write_guide(book.create_sheet(GUIDE_TITLE))
    _prepare(counts)
    _offer(counts, rows=len(lines), communes=len(communes), days=len(days))
    out = io.BytesIO()
    book.save(out)
    return _with_lines(out.getvalue(), lines)


def _write_guide(page: Worksheet) -> None:
    page.column_dimensions["A"].width = 100
    page.append(["Cách ghi số ca vào tệp này"])
    page["A1"].font = Font(bold=True)
    for sentence in _GUIDE:
        page.append([sentence])
    for row in page.iter_rows():
        row[0].alignment = Alignment(wrap_text=True, vertical="top")


def _prepare(page: Worksheet) -> None:
    """The head, and one line whose formats the real lines take."""
    page.freeze_panes = "C2"
    page.row_dimensions[1].height = 32
    for place, (name, width) in enumerate(COLUMNS.items(), start=1):
        page.column_dimensions[_PLACES[name]].width = width
        head = page.cell(1, place, TITLES[name])
        head.fill, head.font = _HEAD, Font(bold=True, color="FFFFFF")
        head.alignment = Alignment(wrap_text=True, vertical="top")
        model = page.cell(2, place)
        model.number_format = {"code": "@", "name": "@", "date": "dd/mm/yyyy"}.get(name, "0")
    for letter, form in ((_PLACES["code"], "@"), (_PLACES["date"], "dd/mm/yyyy")):
        page.column_dimensions[letter].number_format = form  # what is added below keeps its zeros


def _offer(page: Worksheet, *, rows: int, communes: int, days: int) -> None:
    """Drop-downs and limits, for the lines there are and for those that people add."""
    last = rows + 1 + _ROWS_TO_ADD

    def offer(names: Iterable[str], rule: DataValidation, title: str, words: str) -> None:
        rule.errorTitle, rule.error, rule.showErrorMessage = title, words, True
        for name in names:
            rule.add(f"{_PLACES[name]}2:{_PLACES[name]}{last}")
        page.add_data_validation(rule)

    if communes:
        offer(
            ["code"],
            DataValidation("list", formula1=f"'Danh mục'!$A$1:$A${communes}", allow_blank=True),
            "Mã đơn vị",
            "Chọn mã trong danh sách của địa bàn.",
        )
        offer(
            ["name"],
            DataValidation(
                "list", formula1=f"'Danh mục'!$B$1:$B${communes}", allow_blank=True, errorStyle="warning"
            ),
            "Tên đơn vị",
            "Tên này không có trong danh mục của địa bàn.",
        )
    offer(
        ["date"],
        DataValidation("list", formula1=f"'Danh mục'!$C$1:$C${days}", allow_blank=True, errorStyle="warning"),
        "Ngày",
        "Ngày này không có trong danh sách; vẫn ghi được nếu đúng là ngày ấy.",
    )
    offer(
        _COUNTED,
        DataValidation("whole", operator="between", formula1="0", formula2=str(MAX_COUNT), allow_blank=True),
        "Số ca",
        "Ghi số nguyên từ 0; không có ca thì ghi 0.",
    )


def _with_lines(book: bytes, lines: Sequence[Line]) -> bytes:
    """The workbook with its lines in the place of the model line.

    Written as XML here: openpyxl needs four times as long for 50,000 of them.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as put:
        for name in read.namelist():
            content = read.read(name)
            if name == _SHEET_OF_COUNTS:
                head, model, tail = re.split(r'(<row r="2".*?</row>)', content.decode(), maxsplit=1)
                head = re.sub(r'(<dimension ref="A1:[A-Z]+)\d+', rf"\g<1>{len(lines) + 1}", head)
                styles = dict(re.findall(r'r="([A-Z]+)2" s="(\d+)"', model))
                content = (head + "".join(_as_xml(lines, styles)) + tail).encode()
            put.writestr(name, content)
    return out.getvalue()


def _as_xml(lines: Sequence[Line], styles: dict[str, str]) -> Iterator[str]:
    cell = {name: f'<c r="{place}%d" s="{styles[place]}"' for name, place in _PLACES.items()}
    text = ' t="inlineStr"><is><t>%s</t></is></c>'
    beginning = f'<row r="%d">{cell["code"]}{text}{cell["name"]}{text}{cell["date"]}><v>%d</v></c>'
    counts = [f"{cell[name]}><v>%d</v></c>" for name in _COUNTED]
    serials = {day: to_excel(day) for day in {line.day for line in lines}}
    for row, line in enumerate(lines, start=2):
        yield beginning % (row, row, _plain(line.code), row, _plain(line.name), row, serials[line.day])
        for form, value in zip(counts, line.counts, strict=False):
            if value is not None:
                yield form % (row, value)
        yield "</row>"


def _plain(text: str) -> str:
    return escape(_NOT_IN_XML.sub("", text))
