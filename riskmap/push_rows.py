"""Pushed rows: what a machine says of units and days, read strictly; a slip is refused, never mended."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from core.models import Area
from riskmap.counts import CountRow
from riskmap.imports.cells import MAX_COUNT, read_count, read_day
from riskmap.imports.faults import CellFault
from riskmap.imports.units import Units, UnknownCode
from riskmap.in_force import COUNT_COLUMNS

FIELDS = ("code", "day", *COUNT_COLUMNS)
MOST_FAULTS = 10  # told of one row
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,19}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_SHOWABLE = re.compile(r"[\w .-]{1,40}")


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a field of a row; ``field`` is empty where it is the row as a whole."""

    field: str
    code: str
    message: str


@dataclass(slots=True)
class ReadRows:
    """Rows by their place among those given, the first being 1: those that can be read, and faults."""

    rows: dict[int, CountRow] = field(default_factory=dict)
    faults: dict[int, list[RowFault]] = field(default_factory=lambda: defaultdict(list))


def read_rows(given: Sequence[object], *, province: Area, within: Area, on: date) -> ReadRows:
    """Read rows of communes and hamlets ``within`` an area of ``province``; ``on`` is today.

    The same unit and day twice are all refused, since nothing tells which is right. Two queries.
    """
    codes = {_code_of(row) for row in given}
    units = Units(province, {code for code in codes if code})
    read = ReadRows()
    places: dict[tuple[int, date], list[int]] = defaultdict(list)
    for place, row in enumerate(given, start=1):
        reader = _Reader(units, within, on)
        taken = reader.read(row)
        if reader.faults:
            read.faults[place] = reader.faults
        else:
            read.rows[place] = taken
            places[taken.area_id, taken.day].append(place)
    for same in places.values():
        for place in same if len(same) > 1 else ():
            named = ", ".join(str(each) for each in same if each != place)
            message = _("Cùng đơn vị, cùng ngày với dòng %(rows)s: mỗi đơn vị, mỗi ngày chỉ gửi một dòng.")
            read.faults[place] = [RowFault("code", "repeated_row", message % {"rows": named[:60]})]
            del read.rows[place]
    return read


def _code_of(row: object) -> str:
    """The code of a row where it can be one."""
    code = row.get("code") if isinstance(row, Mapping) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


class _Reader:
    """One row. ``faults`` are all that is wrong with it."""

    def __init__(self, units: Units, within: Area, on: date) -> None:
        self.units, self.within, self.on = units, within, on
        self.faults: list[RowFault] = []

    def read(self, row: object) -> CountRow | None:
        if not isinstance(row, Mapping):
            self._refuse("", "not_an_object", _("Mỗi dòng phải là một đối tượng có code, day và các số."))
            return None
        for name in row:
            if name not in FIELDS:
                shown = name if _SHOWABLE.fullmatch(name) else "?"
                known = {"known": ", ".join(FIELDS)}
                self._refuse(shown, "unknown_field", _("Không có trường này. Các trường: %(known)s.") % known)
        found = self._who(row)
        day = self._when(row)
        numbers = {name: self._how_many(name, row.get(name)) for name in COUNT_COLUMNS}
        if not self.faults and all(number is None for number in numbers.values()):
            self._refuse("", "no_number", _("Dòng không có con số nào. Không có ca thì ghi 0."))
        area = self._valid_on(found, day) if found and day else None
        return None if self.faults else CountRow(area.pk, day, **numbers)

    def _who(self, row: Mapping) -> list[Area] | None:
        if row.get("code") is not None and not _code_of(row):
            self._refuse("code", "unreadable_code", _('Mã đơn vị là chuỗi, giữ số 0 ở đầu, ví dụ "22738".'))
            return None
        found = self.units.find(_code_of(row))
        if isinstance(found, UnknownCode):
            self._refuse_as("code", found.fault)
            return None
        inside = self.within.path + "/"
        mine = [area for area in found if area.path == self.within.path or area.path.startswith(inside)]
        if not mine:
            words = {"area": found[-1].name, "within": self.within.name}
            message = _("%(area)s nằm ngoài địa bàn của khóa này (%(within)s).")
            self._refuse("code", "outside_area", message % words)
        return mine or None

    def _when(self, row: Mapping) -> date | None:
        value = row.get("day")
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return read_day(date.fromisoformat(value), on=self.on)
        except ValueError:
            pass
        except CellFault as fault:
            self._refuse_as("day", fault)
            return None
        self._refuse("day", "unreadable_day", _("Ngày phải viết NNNN-TT-NN và có thật, ví dụ 2021-07-12."))
        return None

    def _how_many(self, name: str, value: object) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._refuse(name, "not_a_count", _("Phải là số nguyên từ 0, hoặc null khi không có số."))
            return None
        try:
            return read_count(min(value, MAX_COUNT + 1))
        except CellFault as fault:
            self._refuse_as(name, fault)
            return None

    def _valid_on(self, found: list[Area], day: date) -> Area | None:
        try:
            return self.units.valid_on(found, day)
        except CellFault as fault:
            self._refuse_as("day", fault)
            return None

    def _refuse_as(self, name: str, fault: CellFault) -> None:
        self._refuse(name, fault.code, f"{fault.message} {fault.hint}".strip())

    def _refuse(self, name: str, code: str, message: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(RowFault(name, code, message))
