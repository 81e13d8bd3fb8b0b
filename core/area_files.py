"""Files of units as people have them: read, and every fault named with its row, column and remedy."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.vietnamese import closest, normalise_name

REQUIRED = ("province_code", "province", "district_code", "district", "code", "name", "type")
CODE_DIGITS = {"province_code": 2, "district_code": 3, "code": 5}  # of the General Statistics Office
MAX_BYTES = 50_000_000
MAX_POPULATION = 50_000_000

_POPULATION = re.compile(r"population_(\d{4})")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,19}")
_LENGTHS = {"province": 120, "district": 120, "name": 120, "type": 40}


class UnusableAreaFile(DomainError):
    """The file of units cannot be read at all: nothing of it was taken."""

    code = "unusable_area_file"


@dataclass(frozen=True)
class AreaRow:
    """One commune of the file, checked. ``number`` is the row as a sheet counts it, the header being 1."""

    number: int
    province_code: str
    province: str
    district_code: str
    district: str
    code: str
    name: str
    type_word: str
    population: int | None


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not taken: where, what is wrong, what to do."""

    row: int
    column: str
    value: str
    message: str
    hint: str


@dataclass
class AreaFile:
    """The right rows of a file and the refused ones."""

    rows: list[AreaRow]
    refused: list[RefusedRow]
    population_year: int | None

    @property
    def rows_read(self) -> int:
        return len(self.rows) + len(self.refused)


class _Fault(Exception):
    """Why the row at hand is refused."""

    def __init__(self, column: str, value: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.column, self.value, self.message, self.hint = column, value, message, hint


def read_area_file(*, path: Path, latest_year: int) -> AreaFile:
    """Read a CSV of communes: the columns of ``REQUIRED`` and perhaps ``population_YYYY``, in any order.

    UTF-8, separated by commas, semicolons or tabs. Raises ``UnusableAreaFile`` with what to do.
    """
    lines = read_records(read_text(path), columns=REQUIRED)
    columns, population_column, year = _columns(lines[0], latest_year)
    while len(lines) > 1 and not any(cell.strip() for cell in lines[-1]):
        lines.pop()
    if len(lines) == 1:
        raise UnusableAreaFile(_("Tệp chỉ có dòng tiêu đề. Mỗi đơn vị cấp xã ghi một dòng."))
    seen = _Seen()
    areas = AreaFile([], [], year)
    for number, cells in enumerate(lines[1:], start=2):
        try:
            row = _row(number, cells, columns, population_column)
            seen.check(row)
        except _Fault as fault:
            areas.refused.append(
                RefusedRow(number, fault.column, fault.value[:200], fault.message, fault.hint)
            )
        else:
            areas.rows.append(row)
    return areas


def read_text(path: Path) -> str:
    """The text of a file of units, UTF-8 with or without a mark. Raises ``UnusableAreaFile``."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnusableAreaFile(_("Tệp lớn hơn 50 MB, không phải danh mục đơn vị hành chính."))
        content = path.read_bytes()
    except OSError as error:
        raise UnusableAreaFile(
            _("Không đọc được tệp %(path)s: %(why)s.") % {"path": path, "why": error.strerror}
        ) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise UnusableAreaFile(
            _(
                "Tệp không phải mã hóa UTF-8 (dòng %(row)d). "
                "Trong Excel chọn Lưu thành “CSV UTF-8” rồi nhập lại."
            )
            % {"row": row}
        ) from error


def read_records(text: str, *, columns: Sequence[str]) -> list[list[str]]:
    """The lines of a CSV, the header first, which should name ``columns``. Raises ``UnusableAreaFile``."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnusableAreaFile(_("Tệp không phải CSV: %(why)s.") % {"why": error}) from error
    if not lines or not any(lines[0]):
        raise UnusableAreaFile(
            _("Tệp trống. Dòng đầu phải ghi tên cột: %(columns)s.") % {"columns": ", ".join(columns)}
        )
    return lines


def _columns(header: list[str], latest_year: int) -> tuple[dict[str, int], int | None, int | None]:
    columns: dict[str, int] = {}
    population, year = None, None
    for place, cell in enumerate(header):
        name = cell.strip().casefold()
        match = _POPULATION.fullmatch(name)
        if name in columns or (match and population is not None):
            raise UnusableAreaFile(_("Cột “%(name)s” có hai lần.") % {"name": name})
        if match:
            population, year = place, int(match[1])
            if not 1900 <= year <= latest_year:
                raise UnusableAreaFile(_("Năm trong tên cột “%(name)s” không hợp lệ.") % {"name": name})
        elif name in REQUIRED:
            columns[name] = place
        else:
            known = {column: column for column in (*REQUIRED, "population_2019")}
            near = closest(name.replace("_", " "), known)
            raise UnusableAreaFile(
                _("Không rõ cột “%(name)s”.") % {"name": cell.strip()}
                + " "
                + (_("Có phải là “%(near)s”?") % {"near": near} if near else _("Xóa cột này rồi nhập lại."))
            )
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise UnusableAreaFile(
            _("Thiếu cột %(missing)s. Dòng đầu phải ghi tên cột: %(columns)s.")
            % {"missing": ", ".join(missing), "columns": ", ".join(REQUIRED)}
        )
    return columns, population, year


def _row(number: int, cells: list[str], columns: dict[str, int], population_column: int | None) -> AreaRow:
    if not any(cell.strip() for cell in cells):
        raise _Fault("", "", _("Dòng trống."), _("Xóa dòng này."))

    def cell(place: int) -> str:
        return normalise_name(cells[place]) if place < len(cells) else ""

    values = {name: cell(place) for name, place in columns.items()}
    for name, value in values.items():
        if not value:
            raise _Fault(name, "", _("Ô để trống."), _("Điền ô này."))
        if name in CODE_DIGITS:
            _check_code(name, value)
        elif len(value) > _LENGTHS[name]:
            hint = _("Rút gọn còn tối đa %(length)d ký tự.") % {"length": _LENGTHS[name]}
            raise _Fault(name, value, _("Quá dài."), hint)
    population = None if population_column is None else _population(cell(population_column))
    return AreaRow(number=number, type_word=values.pop("type"), population=population, **values)


def _check_code(column: str, value: str) -> None:
    digits = CODE_DIGITS[column]
    if re.fullmatch(r"\d+\.0+", value):
        right = value.split(".")[0].zfill(digits)
        raise _Fault(
            column, value, _("Mã bị thêm “.0” (bảng tính đã đổi chữ thành số)."),
            _("Định dạng cột là văn bản; mã đúng có thể là %(code)s.") % {"code": right},
        )  # fmt: skip
    if value.isdecimal() and len(value) < digits:
        raise _Fault(
            column, value, _("Mã mất số 0 ở đầu: cần %(digits)d chữ số.") % {"digits": digits},
            _("Định dạng cột là văn bản; mã đúng có thể là %(code)s.") % {"code": value.zfill(digits)},
        )  # fmt: skip
    if not _CODE.fullmatch(value):
        raise _Fault(
            column, value, _("Mã có ký tự lạ hoặc dài quá 20 ký tự."),
            _("Mã chỉ gồm chữ số, chữ cái không dấu, dấu chấm, gạch."),
        )  # fmt: skip


def _population(value: str) -> int | None:
    if not value:
        return None
    if value.isdecimal() and value.isascii() and int(value) <= MAX_POPULATION:
        return int(value)
    if re.fullmatch(r"\d+[.,]\d+", value):
        message, hint = _("Số dân không được có phần lẻ."), _("Ghi số nguyên, không có dấu chấm, dấu phẩy.")
    else:
        message, hint = _("Số dân không hợp lệ."), _("Ghi một số nguyên không âm, hoặc để trống.")
    raise _Fault("population", value, message, hint)


class _Seen:
    """What the rows before said, so that a row that contradicts them is refused."""

    def __init__(self) -> None:
        self.communes: dict[str, int] = {}
        self.tiers: dict[str, str] = {}
        self.uppers: dict[tuple[str, str], tuple[int, tuple[str, ...]]] = {}

    def check(self, row: AreaRow) -> None:
        if row.code in self.communes:
            raise _Fault(
                "code", row.code, _("Mã này đã có ở dòng %(row)d.") % {"row": self.communes[row.code]},
                _("Xóa một trong hai dòng, hoặc sửa mã."),
            )  # fmt: skip
        uppers = {
            "province": (row.province_code, (row.province,)),
            "district": (row.district_code, (row.district, row.province_code)),
        }
        for column, (code, said) in uppers.items():
            first, before = self.uppers.get((column, code), (row.number, said))
            if before != said:
                raise _Fault(
                    column, said[0],
                    _("Mã %(code)s ở dòng %(row)d ghi khác (%(before)s).")
                    % {"code": code, "row": first, "before": ", ".join(before)},
                    _("Ghi tên và mã tỉnh, huyện giống nhau ở mọi dòng."),
                )  # fmt: skip
        tiers = {row.province_code: "province", row.district_code: "district", row.code: "commune"}
        if len(tiers) < 3 or any(self.tiers.get(code, tier) != tier for code, tier in tiers.items()):
            raise _Fault(
                "code", row.code, _("Một mã được dùng cho hai cấp."),
                _("Mã tỉnh, huyện, xã phải khác nhau; sửa theo danh mục."),
            )  # fmt: skip
        self.communes[row.code] = row.number
        self.tiers |= tiers
        for column, (code, said) in uppers.items():
            self.uppers.setdefault((column, code), (row.number, said))
