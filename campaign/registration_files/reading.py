"""Reading a file of registrations: what each line would do, and everything that is wrong, at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.enums import RegistrationAct, RegistrationStatus
from campaign.models import Campaign, Registration, TargetGroup, Unit
from campaign.registration_faults import faults_of
from campaign.registration_files.book import TARGETS, TITLES
from campaign.registration_moves import MOVES, period_of
from campaign.starting_levels import starting_levels
from core.vietnamese import fold
from riskmap.imports.cells import as_text, read_day
from riskmap.imports.faults import CellFault, Refusal, UnusableFile
from riskmap.imports.reading import read_sheet
from riskmap.imports.sheets import Cell, Sheet

MOST_ROWS = 3_000
_READ = [name for name in TITLES if name not in ("code", "name", "status")]
_NEEDED = ("code", "target_level", "target_day")
#: What makes a line speak: the head may stand there from the list of units.
_SPEAKING = [name for name in _READ if name not in ("head", "head_post")]
_BY_TITLE = {fold(title): name for name, title in TITLES.items()}
_BY_TARGET = {fold(words): level for level, words in TARGETS.items()}
_LATEST = date(2999, 12, 31)
_NOTHING = "–"
_NEW, _CHANGED, _SAME = "new", "changed", "same"


class Change(NamedTuple):
    """One field of a line that says something else than the registration does now."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """A right line: its registration as it would be; ``kind`` is new, changed or same."""

    row: int
    registration: Registration
    kind: str
    changes: tuple[Change, ...]


@dataclass(slots=True)
class RegistrationFile:
    """What a file would do. Lines that say nothing are passed over."""

    lines: list[Line] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    passed_over: int = 0

    @property
    def new(self) -> list[Line]:
        return [line for line in self.lines if line.kind == _NEW]

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if line.kind == _CHANGED]

    @property
    def same(self) -> int:
        return len(self.lines) - len(self.new) - len(self.changed)

    @property
    def refused_rows(self) -> int:
        return len({refusal.row for refusal in self.refusals})

    @property
    def to_submit(self) -> list[Line]:
        """The lines that could be handed in: those that are not yet."""
        return [line for line in self.lines if _may(line.registration, RegistrationAct.SUBMITTED)]

    @property
    def fingerprint(self) -> str:
        """Differs as soon as the file would do something else."""
        said = [
            [
                line.row,
                line.kind,
                line.registration.unit_id,
                line.registration.version,
                *map(list, line.changes),
            ]
            for line in self.lines
        ]
        refused = [[refusal.row, refusal.column, refusal.code] for refusal in self.refusals]
        return hashlib.sha256(json.dumps([said, refused]).encode()).hexdigest()


def read_registrations(
    content: bytes, *, campaign: Campaign, units: Iterable[Unit], submitting: bool, at: datetime
) -> RegistrationFile:
    """Read and check a file for one's own ``units`` (with their places). Raises ``UnusableFile``.

    ``submitting`` asks of each line all that must be there to hand it in. A constant number of queries.
    """
    if not content.strip():
        raise UnusableFile(_("Tệp trống. Xin dùng tệp tải về từ cổng."))
    sheet = read_sheet(content)
    columns = _columns(sheet.header)
    if len(sheet.rows) > MOST_ROWS:
        raise UnusableFile(_("Tệp có hơn %(limit)d dòng; xin chia thành nhiều tệp.") % {"limit": MOST_ROWS})
    reader = _Reader(sheet, columns, campaign, list(units), submitting=submitting, at=at)
    for row, cells in enumerate(sheet.rows, start=2):
        reader.take(row, cells)
    return reader.finish()


def _columns(header: Sequence[Cell]) -> dict[str, int]:
    """Place of each known column; those people added for themselves are passed over."""
    columns: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = _BY_TITLE.get(fold(as_text(cell)))
        if name in columns:
            raise UnusableFile(_("Dòng 1: cột “%(name)s” có hai lần; chỉ giữ một.") % {"name": TITLES[name]})
        if name:
            columns[name] = place
    missing = [TITLES[name] for name in _NEEDED if name not in columns]
    if missing:
        raise UnusableFile(
            _("Dòng 1 thiếu cột %(missing)s. Xin dùng tệp tải về từ cổng.") % {"missing": ", ".join(missing)}
        )
    return columns


class _Reader:
    """One file against the units and registrations there are."""

    def __init__(
        self,
        sheet: Sheet,
        columns: dict[str, int],
        campaign: Campaign,
        units: list[Unit],
        *,
        submitting: bool,
        at: datetime,
    ) -> None:
        self.sheet, self.columns, self.campaign = sheet, columns, campaign
        self.submitting, self.on = submitting, timezone.localdate(at)
        self.units = {unit.code: unit for unit in units}
        self.groups: dict[str, TargetGroup] = {}
        for group in campaign.target_groups.all():
            self.groups.setdefault(group.kind, group)
        there = Registration.objects.filter(campaign=campaign, unit__in=units).select_related("group")
        self.there = {registration.unit_id: registration for registration in there}
        self.period = period_of(campaign)
        self.levels = starting_levels(units=units, at=at)
        self.met: dict[str, int] = {}
        self.file = RegistrationFile()

    def take(self, row: int, cells: Sequence[Cell]) -> None:
        said = {name: self._cell(cells, name) for name in self.columns}
        code = as_text(said["code"])
        speaks = any(as_text(said[name]) for name in _SPEAKING if name in said) or self._odd(row)
        if not speaks:
            self.file.passed_over += bool(code)
            return
        unit = self._unit(row, code)
        values = {name: self._value(row, name, said[name]) for name in _READ if name in said}
        if unit is not None and None not in values.values():
            self._keep(row, unit, {name: value[0] for name, value in values.items()})

    def finish(self) -> RegistrationFile:
        self.file.refusals.sort(key=lambda refusal: refusal.row)
        return self.file

    def _unit(self, row: int, code: str) -> Unit | None:
        unit = self.units.get(code)
        if unit is None:
            near = get_close_matches(code, list(self.units), n=1, cutoff=0.7) if code else []
            hint = _("Chọn mã trong tệp tải về từ cổng.")
            if near:
                hint = _("Gần nhất: %(code)s (%(name)s).") % {
                    "code": near[0],
                    "name": self.units[near[0]].name,
                }
            message = _("Trong địa bàn của bạn không có đơn vị mang mã này thuộc đối tượng của phong trào.")
            self._refuse(row, "code", code, "unknown_code", message, hint)
        elif code in self.met:
            message = _("Đơn vị đã có ở dòng %(row)d.") % {"row": self.met[code]}
            self._refuse(row, "code", code, "twice", message, _("Chỉ giữ một dòng cho mỗi đơn vị."))
            return None
        self.met.setdefault(code, row)
        return unit

    def _value(self, row: int, name: str, cell: Cell) -> tuple | None:
        """What a cell says, in a tuple of its own; ``None`` for a fault, which is told."""
        place = (row, self.columns[name])
        if place in self.sheet.computed or place in self.sheet.broken:
            formula = self.sheet.computed.get(place, "")
            hint = _("Chép cột rồi dán lại dạng giá trị.")
            self._refuse(row, name, formula, "formula", _("Ô có công thức hoặc báo lỗi."), hint)
            return None
        text = as_text(cell)
        if name == "target_level":
            if level := _BY_TARGET.get(fold(text)):
                return (level,)
            self._refuse(
                row, name, text, "target", _("Thiếu hoặc không rõ mục tiêu."), _("Ghi xanh, vàng hoặc cam.")
            )
            return None
        if name in ("target_day", "document_date"):
            return self._day(row, name, cell, text)
        longest = Registration._meta.get_field(name).max_length
        if len(text) > longest:
            message = _("Dài quá %(longest)d ký tự.") % {"longest": longest}
            self._refuse(row, name, text, "too_long", message, _("Xin viết ngắn lại."))
            return None
        return ("\n".join(line.strip() for line in text.splitlines()),)

    def _day(self, row: int, name: str, cell: Cell, text: str) -> tuple | None:
        if not text and name == "document_date":
            return (None,)
        try:
            return (read_day(cell, on=_LATEST),)
        except CellFault as fault:
            self._refuse(row, name, text, fault.code, fault.message, fault.hint)
            return None

    def _keep(self, row: int, unit: Unit, values: dict) -> None:
        stored = self.there.get(unit.pk)
        registration = Registration(campaign=self.campaign, unit=unit, group=self.groups[unit.kind])
        if stored is not None:
            registration = Registration(**_fields(stored))
            registration.unit, registration.campaign, registration.group = unit, self.campaign, stored.group
        for name, value in values.items():
            setattr(registration, name, value)
        changes = _changes(stored, registration)
        if stored is not None and changes and not _may(stored, RegistrationAct.CHANGED):
            message = _("Đăng ký %(status)s nên không sửa bằng tệp được.") % {
                "status": RegistrationStatus(stored.status).label
            }
            self._refuse(row, "status", "", "not_now", message, _("Để nguyên dòng này như tệp tải về."))
            return
        kind = _NEW if stored is None else _CHANGED if changes else _SAME
        asked = kind != _SAME or self.submitting
        if asked and not self._is_right(row, registration, handing_in=self._hands_in(registration)):
            return
        self.file.lines.append(Line(row, registration, kind, changes))

    def _hands_in(self, registration: Registration) -> bool:
        returned = registration.status == RegistrationStatus.RETURNED
        return returned or (self.submitting and _may(registration, RegistrationAct.SUBMITTED))

    def _is_right(self, row: int, registration: Registration, *, handing_in: bool) -> bool:
        if not handing_in and not _may(registration, RegistrationAct.CHANGED):
            return True  # handed in before, and left as it is
        faults = faults_of(
            registration,
            period=self.period,
            level=self.levels[registration.unit_id].level,
            on=self.on,
            handing_in=handing_in,
        )
        for name, sentence in faults.items():
            self._refuse(row, name, "", "not_whole", sentence, "")
        return not faults

    def _cell(self, cells: Sequence[Cell], name: str) -> Cell:
        place = self.columns[name]
        return cells[place] if place < len(cells) else ""

    def _odd(self, row: int) -> bool:
        places = {(row, self.columns[name]) for name in _SPEAKING if name in self.columns}
        return bool(places & (self.sheet.computed.keys() | self.sheet.broken))

    def _refuse(self, row: int, column: str, value: str, code: str, message: str, hint: str) -> None:
        self.file.refusals.append(Refusal(row, TITLES.get(column, ""), value[:200], code, message, hint))


def _may(registration: Registration, act: RegistrationAct) -> bool:
    return (RegistrationStatus(registration.status), act) in MOVES


def _fields(stored: Registration) -> dict:
    return {each.attname: getattr(stored, each.attname) for each in Registration._meta.concrete_fields}


def _changes(stored: Registration | None, registration: Registration) -> tuple[Change, ...]:
    pairs = (
        (name, _shown(stored, name) if stored else _NOTHING, _shown(registration, name)) for name in _READ
    )
    return tuple(Change(TITLES[name], was, will) for name, was, will in pairs if was != will)


def _shown(registration: Registration, name: str) -> str:
    value = getattr(registration, name)
    if name == "target_level":
        return TARGETS[value]
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or _NOTHING)
