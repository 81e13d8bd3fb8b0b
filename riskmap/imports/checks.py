"""Checks: every row of a sheet is taken or refused on its own, and says what its refusal leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from core.models import Area
from core.vietnamese import fold
from riskmap.counts import CountRow
from riskmap.imports.cells import as_text, read_count, read_day
from riskmap.imports.columns import COUNTS, headed, read_header
from riskmap.imports.faults import CellFault, Refusal, UnusableFile
from riskmap.imports.sheets import Cell, Sheet
from riskmap.imports.units import Units, UnknownCode

_At = tuple[str, str, CellFault]  # the column, the value and what is wrong with it
_SPLIT = ("unknown_source", "known_source", "isolated")
_NO_DOUBT = {"not_valid_that_day", "outside_your_area"}  # a row that could not have been one of the file's


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a refused row may have been about: areas (ids, ``None`` for any) on a day (``None`` for any)."""

    areas: frozenset[int] | None
    day: date | None


@dataclass(slots=True)
class Checked:
    """The right rows of a sheet, the refusals in the order of the sheet, and the doubts they leave.

    ``row_numbers`` tells where in the sheet an area (id) and day stands; ``counted`` are the columns of the
    ledger that the sheet has, ``headings`` what the sheet itself calls its columns.
    """

    rows: list[CountRow] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    doubts: set[Doubt] = field(default_factory=set)
    rows_refused: int = 0
    counted: tuple[str, ...] = ()
    headings: dict[str, str] = field(default_factory=dict)
    row_numbers: dict[tuple[int, date], int] = field(default_factory=dict)

    @property
    def says_contacts(self) -> bool:
        return "close_contacts" in self.counted

    @property
    def rows_read(self) -> int:
        return len(self.rows) + self.rows_refused


@dataclass(frozen=True, slots=True)
class _Taken:
    number: int
    row: CountRow
    code: str


def check_sheet(
    sheet: Sheet, *, province: Area, on: date, scope: Area | None = None
) -> tuple[Checked, Units]:
    """Check the header, then row by row; ``on`` is today, ``scope`` the area that the file may speak of.

    An empty row is refused when others follow it and ignored at the end. The same area and day twice: equal
    rows count once, rows that differ are all refused, since nothing tells which is right.
    """
    columns = read_header(sheet.header)
    for (row, place), formula in sheet.computed.items():
        if row == 1 and place in columns.values():
            raise UnusableFile(
                _("Tiêu đề cột ở ô %(cell)s là công thức (%(formula)s). Hãy gõ lại tên cột.")
                % {"cell": cell_name(1, place), "formula": formula[:60]}
            )
    rows = _without_empty_end(sheet)
    if not rows:
        raise UnusableFile(_("Tệp chỉ có dòng tiêu đề, không có số liệu."))
    place = columns["code"]
    codes = {as_text(row[place]) for row in rows if place < len(row)}
    units = Units(province, codes)
    checker = _Checker(sheet, columns, units, on, scope)
    for number, cells in enumerate(rows, start=2):
        checker.take(number, cells)
    return checker.finish(), units


def cell_name(row: int, place: int) -> str:
    """The name a spreadsheet gives a cell: row 2, place 2 is C2."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"


def _without_empty_end(sheet: Sheet) -> Sequence[Sequence[Cell]]:
    end = len(sheet.rows)
    last_odd = max((row for row, _place in sheet.computed | dict.fromkeys(sheet.broken)), default=1)
    while end > last_odd - 1 and _is_empty(sheet.rows[end - 1]):
        end -= 1
    return sheet.rows[:end]


def _is_empty(cells: Sequence[Cell]) -> bool:
    return all(cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in cells)


class _Checker:
    def __init__(
        self, sheet: Sheet, columns: dict[str, int], units: Units, on: date, scope: Area | None
    ) -> None:
        self.sheet, self.columns, self.units, self.on, self.scope = sheet, columns, units, on, scope
        self.width = max(columns.values()) + 1
        self.counts = [(name, COUNTS[name], place) for name, place in columns.items() if name in COUNTS]
        self.checked = Checked(
            counted=tuple(column for _name, column, _place in self.counts),
            headings={name: headed(sheet.header[place], name) for name, place in columns.items()},
        )
        self.taken: dict[tuple[int, date], _Taken] = {}
        self.contested: set[tuple[int, date]] = set()
        self.plain = not (sheet.computed or sheet.broken)

    def take(self, number: int, cells: Sequence[Cell]) -> None:
        if _is_empty(cells) and not self._computed_in(number):
            self._refuse(number, "", "", CellFault("empty_row", _("Dòng trống."), _("Xóa dòng này.")))
            self.checked.rows_refused += 1
            return
        faults: list[_At] = []
        found = self._who(number, cells, faults)
        areas = None if isinstance(found, UnknownCode) else found
        day = self._when(number, cells, faults)
        values = self._how_many(number, cells, faults)
        area = None
        if areas and day:
            try:
                area = self.units.valid_on(areas, day)
            except CellFault as fault:
                faults.append(("code", areas[-1].code, fault))
        others: list[Area] = []
        if areas:
            self._where(area or areas[-1], faults)
            others = self._called(number, cells, area or areas[-1], faults)
        if faults:
            for column, value, fault in faults:
                self._refuse(number, column, value, fault)
            self.checked.rows_refused += 1
            elsewhere = any(fault.code in _NO_DOUBT for _column, _value, fault in faults)
            meant = found if not areas else others if elsewhere else [*areas, *others]
            self._doubt(meant, day)
            return
        self._keep(_Taken(number, CountRow(area.pk, day, **values), area.code))

    def finish(self) -> Checked:
        checked = self.checked
        checked.rows = [taken.row for taken in self.taken.values()]
        checked.row_numbers = {key: taken.number for key, taken in self.taken.items()}
        checked.refusals.sort(key=lambda refusal: refusal.row)
        self._refuse_a_total(checked.rows)
        return checked

    def _who(self, number: int, cells: Sequence[Cell], faults: list[_At]) -> list[Area] | UnknownCode:
        value = self._cell(number, cells, "code", self.columns["code"], faults)
        found = self.units.find("" if value is None else as_text(value))
        if isinstance(found, UnknownCode) and value is not None:
            faults.append(("code", as_text(value), found.fault))
        return found

    def _where(self, area: Area, faults: list[_At]) -> None:
        """A unit outside what the person may speak of."""
        if self.scope and not f"{area.path}/".startswith(f"{self.scope.path}/"):
            fault = CellFault(
                "outside_your_area",
                _("%(name)s không thuộc %(scope)s.") % {"name": area.name, "scope": self.scope.name},
                _("Bỏ dòng này; số ca của đơn vị khác do người được giao địa bàn đó nhập."),
            )
            faults.append(("code", area.code, fault))

    def _called(self, number: int, cells: Sequence[Cell], area: Area, faults: list[_At]) -> list[Area]:
        """The units that a name beside the code means instead: so a column that slipped is seen.

        A name that a formula looked up says no more than the code, and is passed over.
        """
        place = self.columns.get("name", len(cells))
        spot = (number, place)
        if place >= len(cells) or spot in self.sheet.computed or spot in self.sheet.broken:
            return []
        said = fold(as_text(cells[place]))
        if not said or f" {area.search_text}".endswith(f" {said}"):
            return []
        fault = CellFault(
            "name_of_another",
            _("Mã %(code)s là của %(name)s.") % {"code": area.code, "name": area.name},
            _("Ghi mã và tên của cùng một đơn vị (có thể để trống tên)."),
        )
        faults.append(("name", as_text(cells[place]), fault))
        return self.units.called(said)

    def _when(self, number: int, cells: Sequence[Cell], faults: list[_At]) -> date | None:
        value = self._cell(number, cells, "date", self.columns["date"], faults)
        if value is None:
            return None
        try:
            return read_day(value, on=self.on)
        except CellFault as fault:
            faults.append(("date", as_text(value), fault))
            return None

    def _how_many(self, number: int, cells: Sequence[Cell], faults: list[_At]) -> dict[str, int | None]:
        before = len(faults)
        values: dict[str, int | None] = {}
        for name, column, place in self.counts:
            value = self._cell(number, cells, name, place, faults)
            if value is None:
                continue
            try:
                values[column] = read_count(value)
            except CellFault as fault:
                faults.append((name, as_text(value), fault))
        for place in range(self.width, len(cells)):
            if as_text(cells[place]):
                hint = _("Số có dấu phẩy trong tệp phân cách bằng dấu phẩy thì bỏ dấu phẩy; ô thừa thì xóa.")
                fault = CellFault("cell_without_column", _("Dòng có nhiều ô hơn tiêu đề."), hint)
                faults.append((cell_name(number, place), as_text(cells[place]), fault))
                break
        if len(faults) == before and all(value is None for value in values.values()):
            fault = CellFault("no_number", _("Dòng không có con số nào."), _("Không có ca thì ghi 0."))
            faults.append((self.counts[0][0], "", fault))
        return values

    def _cell(
        self, number: int, cells: Sequence[Cell], name: str, place: int, faults: list[_At]
    ) -> Cell | None:
        """The value of a cell; ``None`` when it has none of its own, which is then among the faults."""
        if not self.plain:
            where = {"cell": cell_name(number, place)}
            if (number, place) in self.sheet.computed:
                fault = CellFault(
                    "formula",
                    _("Ô %(cell)s là công thức.") % where,
                    _("Chép cột rồi dán lại dạng giá trị (Paste Special – Values)."),
                )
                faults.append((name, self.sheet.computed[number, place], fault))
                return None
            if (number, place) in self.sheet.broken:
                fault = CellFault(
                    "error_cell",
                    _("Ô %(cell)s là giá trị lỗi của bảng tính (#N/A, #REF! …).") % where,
                    _("Ghi lại giá trị đúng."),
                )
                faults.append((name, "", fault))
                return None
        return cells[place] if place < len(cells) else ""

    def _computed_in(self, number: int) -> bool:
        return not self.plain and any(
            (number, place) in self.sheet.computed or (number, place) in self.sheet.broken
            for name, place in self.columns.items()
            if name != "name"
        )

    def _keep(self, new: _Taken) -> None:
        key = (new.row.area_id, new.row.day)
        before = self.taken.get(key)
        if before is None and key not in self.contested:
            self.taken[key] = new
            return
        where = {"day": f"{new.row.day:%d/%m/%Y}"}
        if before is not None and before.row == new.row:
            where["row"] = before.number
            fault = CellFault(
                "repeated_row",
                _("Trùng hệt dòng %(row)d (cùng đơn vị, cùng ngày %(day)s).") % where,
                _("Xóa dòng này."),
            )
            self._refuse(new.number, "code", new.code, fault)
            self.checked.rows_refused += 1
            return
        fault = CellFault(
            "contradicting_rows",
            _("Đơn vị này có nhiều dòng khác số nhau cho ngày %(day)s.") % where,
            _("Chỉ giữ dòng đúng; khi chưa rõ dòng nào đúng thì không dòng nào được nhận."),
        )
        for row in (before, new) if before is not None else (new,):
            self._refuse(row.number, "code", row.code, fault)
            self.checked.rows_refused += 1
        self.taken.pop(key, None)
        self.contested.add(key)
        self.checked.doubts.add(Doubt(frozenset([new.row.area_id]), new.row.day))

    def _refuse(self, number: int, column: str, value: str, fault: CellFault) -> None:
        heading = self.checked.headings.get(column, column)
        self.checked.refusals.append(
            Refusal(number, heading, value[:200], fault.code, fault.message[:500], fault.hint[:500])
        )

    def _doubt(self, found: list[Area] | UnknownCode, day: date | None) -> None:
        """A row with neither a code nor a day that can be read is a heading or a total, not a report."""
        known = isinstance(found, list)
        candidates = frozenset(area.pk for area in found) if known else found.candidates
        if (candidates or candidates is None) and not (candidates is None and day is None):
            self.checked.doubts.add(Doubt(candidates, day))

    def _refuse_a_total(self, rows: list[CountRow]) -> None:
        """A column of totals beside its parts would count every case twice."""
        if "cases" not in self.columns or not set(_SPLIT) & set(self.columns):
            return
        if self.checked.headings["cases"] != "cases":  # the template's title says what the column holds
            return
        both = 0
        for row in rows:
            parts = sum(getattr(row, name) or 0 for name in _SPLIT)
            if (row.unclassified or 0) != parts:
                return
            both += parts > 0
        if both >= 2:
            raise UnusableFile(
                _(
                    "Cột cases bằng tổng các cột phân loại ở mọi dòng. Cột cases chỉ ghi F0 chưa phân loại:"
                    " hãy xóa cột này, nếu không mỗi ca bị đếm hai lần."
                )
            )
