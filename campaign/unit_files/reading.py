"""Reading a file of units: what it would add and change, and everything that is wrong with it, row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches

from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.models import Unit
from campaign.near_units import Near, near_of_each
from campaign.unit_files.book import seats_of
from campaign.unit_files.columns import TITLES, read_header, read_kind, read_phone, read_size
from campaign.units import WRITTEN, weigh_units
from core.finding import province_of
from core.models import Area
from core.vietnamese import fold
from riskmap.imports.cells import as_text
from riskmap.imports.faults import CellFault, Refusal, UnusableFile
from riskmap.imports.reading import read_sheet
from riskmap.imports.sheets import Cell, Sheet

MOST_ROWS = 10_000
_SUGGESTED = 3
_MOST_LOOKED_UP = 200  # strange codes for which the nearest is sought: a file with more is another list


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a unit: the head of its column, what is kept and what the file says."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """A right row: the unit as the file has it. ``changes`` are none of a new one."""

    row: int
    unit: Unit
    changes: tuple[Change, ...] = ()
    near: tuple[Near, ...] = ()


@dataclass(slots=True)
class UnitFile:
    """What a file says of an area's units. ``rows`` were read; ``refusals`` may be several of a row."""

    rows: int = 0
    unchanged: int = 0
    new: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def refused_rows(self) -> int:
        return len({refusal.row for refusal in self.refusals})

    @property
    def near(self) -> list[Line]:
        """New or renamed units with a name that is near another's."""
        return [line for line in (*self.new, *self.changed) if line.near]

    @property
    def fingerprint(self) -> str:
        """Of all that committing would write, and of what would be left out."""
        said = [
            *([line.row, None, *_values(line.unit)] for line in self.new),
            *([line.row, line.unit.version, *_values(line.unit)] for line in self.changed),
            *([refusal.row, refusal.column, refusal.code] for refusal in self.refusals),
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def read_units(content: bytes, *, area: Area, at: datetime) -> UnitFile:
    """Read and check a file against the units of ``area`` and below. Raises ``UnusableFile``."""
    sheet = read_sheet(content)
    if len(sheet.rows) > MOST_ROWS:
        raise UnusableFile(
            _("Tệp có hơn %(limit)s dòng. Hãy chia thành nhiều tệp rồi nhập lần lượt.")
            % {"limit": f"{MOST_ROWS:,}".replace(",", ".")}
        )
    reader = _Reader(sheet, read_header(sheet.header), area, at)
    reader.read()
    return reader.file


class _Reader:
    """One pass over the rows, then one look at the units they came to."""

    def __init__(self, sheet: Sheet, columns: dict[str, int], area: Area, at: datetime) -> None:
        self.sheet, self.columns, self.area, self.at = sheet, columns, area, at
        self.province = province_of(area)
        units = Unit.objects.filter(province=self.province).select_related("seat__parent")
        self.units = {unit.code: unit for unit in units}
        every = seats_of(self.province, timezone.localdate(at))
        self.seats = {seat.code: seat for seat in every}
        self.file = UnitFile()
        self.strange: dict[str, list[str]] = {}
        self.seen: dict[str, int] = {}
        self.said: list[tuple[int, Unit]] = []
        self.before: dict[int, Unit] = {}

    def read(self) -> None:
        for number, cells in enumerate(self.sheet.rows, start=2):
            if self._is_blank(number, cells):
                continue
            self.file.rows += 1
            refused = len(self.file.refusals)
            unit = self._unit(number, cells)
            if unit is not None and len(self.file.refusals) == refused:
                self.said.append((number, unit))
        self._weigh()
        self.file.refusals.sort(key=lambda refusal: refusal.row)

    def _weigh(self) -> None:
        units = [unit for _row, unit in self.said]
        new, changed, faults = weigh_units(units=units, at=self.at)
        wrong = {fault.place for fault in faults}
        for fault in faults:
            row, unit = self.said[fault.place]
            value = as_text(getattr(unit, fault.field, None) or "") if fault.field in TITLES else unit.name
            self._refuse(row, fault.field, value, "unit_refused", fault.message, "")
        row_of = {id(unit): row for place, (row, unit) in enumerate(self.said) if place not in wrong}
        new = [unit for unit in new if id(unit) in row_of]
        changed = [unit for unit in changed if id(unit) in row_of]
        renamed = [unit for unit in changed if fold(unit.name) != fold(self.before[unit.pk].name)]
        asked = [*new, *renamed]
        near = near_of_each(names=[unit.name for unit in asked], province=self.province)
        near_of = {
            id(unit): tuple(each for each in found if each.unit.pk != unit.pk)
            for unit, found in zip(asked, near, strict=True)
        }
        self.file.new = [Line(row_of[id(unit)], unit, (), near_of[id(unit)]) for unit in new]
        self.file.changed = [
            Line(row_of[id(unit)], unit, self._changes(unit), near_of.get(id(unit), ())) for unit in changed
        ]
        self.file.unchanged = self.file.rows - self.file.refused_rows - len(new) - len(changed)

    def _is_blank(self, number: int, cells: Sequence[Cell]) -> bool:
        places = range(max(self.columns.values()) + 1)
        if any(
            (number, place) in self.sheet.computed or (number, place) in self.sheet.broken for place in places
        ):
            return False
        return not any(as_text(cell) for cell in cells)

    def _unit(self, row: int, cells: Sequence[Cell]) -> Unit | None:
        """The unit of a row, new or as the file would have it; ``None`` where that cannot be said."""
        plain = all([self._plain(row, name) for name in self.columns])  # every one, to tell of every one
        values: dict[str, object] = {}
        for name in self.columns:
            cell = self._cell(cells, name)
            try:
                values[name] = self._read(name, cell)
            except CellFault as fault:
                self._refuse(row, name, as_text(cell), fault.code, fault.message, fault.hint)
        if not plain or "code" not in values:
            return None
        return self._known(row, values) if values["code"] else self._new(row, values)

    def _read(self, name: str, cell: Cell) -> object:
        match name:
            case "kind":
                return read_kind(cell)
            case "seat":
                return self._seat(as_text(cell))
            case "size":
                return read_size(cell)
            case "phone":
                return read_phone(cell)
            case "name" if not as_text(cell):
                raise CellFault("missing_name", _("Thiếu tên đơn vị."), _("Ghi tên đầy đủ của đơn vị."))
            case "code" if (said := as_text(cell)) and said not in self.units:
                raise self._unknown_unit(said)
        return as_text(cell)

    def _known(self, row: int, values: dict[str, object]) -> Unit | None:
        code = str(values.pop("code"))
        stored = self.units[code]
        if not self._inside(stored.seat):
            message = _("%(name)s không thuộc địa bàn đang nhập.") % {"name": stored.name}
            self._refuse(row, "code", code, "outside_area", message, _("Bỏ dòng này."))
            return None
        if code in self.seen:
            message = _("Mã này đã có ở dòng %(row)d.") % {"row": self.seen[code]}
            self._refuse(row, "code", code, "code_twice", message, _("Chỉ giữ một dòng cho mỗi đơn vị."))
            return None
        self.seen[code] = row
        unit = Unit(**{each.attname: getattr(stored, each.attname) for each in Unit._meta.concrete_fields})
        unit.seat, unit.province = stored.seat, self.province
        self.before[stored.pk] = stored
        self._fill(unit, values)
        self._refuse_seat_outside(row, unit, stored)
        return unit

    def _new(self, row: int, values: dict[str, object]) -> Unit | None:
        del values["code"]
        if not {"kind", "name", "seat"} <= values.keys():
            return None  # told already
        unit = Unit(province=self.province)
        self._fill(unit, values)
        self._refuse_seat_outside(row, unit, None)
        return unit

    def _fill(self, unit: Unit, values: dict[str, object]) -> None:
        for name, value in values.items():
            setattr(unit, name, value)

    def _refuse_seat_outside(self, row: int, unit: Unit, stored: Unit | None) -> None:
        moved = stored is None or unit.seat_id != stored.seat_id
        if moved and not self._inside(unit.seat):
            message = _("%(seat)s không thuộc địa bàn đang nhập.") % {"seat": unit.seat.name}
            hint = _("Chọn nơi đóng trong %(area)s.") % {"area": self.area.name}
            self._refuse(row, "seat", unit.seat.code, "outside_area", message, hint)

    def _seat(self, said: str) -> Area:
        if not said:
            raise CellFault(
                "missing_seat", _("Thiếu nơi đóng."), _("Chọn nơi đóng trong danh sách thả xuống.")
            )
        code, _dash, name = (part.strip() for part in said.partition("–"))
        seat = self.seats.get(code) or self._seat_of_a_unit(code)
        if seat is None:
            raise self._unknown_seat(code)
        called = fold(name.partition(",")[0])
        if called and called != seat.search_text and not seat.search_text.endswith(f" {called}"):
            raise CellFault(
                "code_and_name_differ",
                _("Mã %(code)s là của %(seat)s.") % {"code": code, "seat": seat.name},
                _("Sửa mã hoặc tên cho khớp; chọn trong danh sách thả xuống."),
            )
        return seat

    def _seat_of_a_unit(self, code: str) -> Area | None:
        """The hamlet that is a unit itself, or a seat that ended under a unit that is there."""
        unit = self.units.get(code)
        if unit is not None and unit.is_area:
            return unit.seat
        return next((unit.seat for unit in self.units.values() if unit.seat.code == code), None)

    def _unknown_seat(self, code: str) -> CellFault:
        whole = code.removesuffix(".0")
        zeros = [
            known for known in self.seats if whole.isdecimal() and known.lstrip("0") == whole.lstrip("0")
        ]
        if zeros:
            message = _("Mã nơi đóng mất số 0 ở đầu (bảng tính đã đổi chữ thành số).")
            return CellFault("mangled_code", message, _("Ghi %(seats)s.") % {"seats": self._named(zeros)})
        said = fold(code)
        near = [known for known, seat in self.seats.items() if said and seat.search_text.endswith(said)]
        near = near or self._nearest(code, self.seats)
        message = _("Không có nơi đóng mang mã “%(code)s”.") % {"code": code[:40]}
        hint = (
            _("Gần nhất: %(seats)s.") % {"seats": self._named(near)} if near else _("Chọn trong danh sách.")
        )
        return CellFault("unknown_seat", message, hint)

    def _unknown_unit(self, code: str) -> CellFault:
        near = self._nearest(code.upper(), self.units)
        hint = _("Đơn vị mới thì để trống mã.")
        if near:
            named = f"{near[0]} ({self.units[near[0]].name})"
            hint = _("Gần nhất: %(unit)s. ") % {"unit": named} + hint
        return CellFault("unknown_code", _("Tỉnh không có đơn vị mang mã này."), hint)

    def _nearest(self, code: str, known: dict[str, Unit] | dict[str, Area]) -> list[str]:
        if code not in self.strange and len(self.strange) < _MOST_LOOKED_UP:
            self.strange[code] = get_close_matches(code, list(known), n=_SUGGESTED, cutoff=0.7)
        return self.strange.get(code, [])

    def _named(self, codes: list[str]) -> str:
        shown = [f"{code} ({self.seats[code].name})" for code in codes[:_SUGGESTED]]
        return "; ".join(shown) + (" …" if len(codes) > _SUGGESTED else "")

    def _inside(self, seat: Area) -> bool:
        return f"{seat.path}/".startswith(f"{self.area.path}/")

    def _cell(self, cells: Sequence[Cell], name: str) -> Cell:
        place = self.columns[name]
        return cells[place] if place < len(cells) else ""

    def _plain(self, row: int, name: str) -> bool:
        place = (row, self.columns[name])
        if place in self.sheet.computed:
            formula, message = self.sheet.computed[place], _("Ô có công thức.")
            hint = _("Chép cột rồi dán lại dạng giá trị.")
            self._refuse(row, name, formula, "formula", message, hint)
        elif place in self.sheet.broken:
            self._refuse(row, name, "", "broken_cell", _("Ô báo lỗi của bảng tính."), _("Ghi lại giá trị."))
        return place not in self.sheet.computed and place not in self.sheet.broken

    def _refuse(self, row: int, column: str, value: str, code: str, message: str, hint: str) -> None:
        self.file.refusals.append(Refusal(row, TITLES.get(column, ""), value[:200], code, message, hint))

    def _changes(self, unit: Unit) -> tuple[Change, ...]:
        before = self.before[unit.pk]
        pairs = ((name, _shown(before, name), _shown(unit, name)) for name in WRITTEN)
        return tuple(Change(TITLES[name], was, will) for name, was, will in pairs if was != will)


def _values(unit: Unit) -> list:
    return [unit.pk, unit.seat_id, *(getattr(unit, name) for name in WRITTEN if name != "seat")]


def _shown(unit: Unit, name: str) -> str:
    if name == "kind":
        return str(unit.get_kind_display())
    value = getattr(unit, name)
    return "–" if value in (None, "") else str(value)
