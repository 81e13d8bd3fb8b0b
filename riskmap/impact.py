"""Impact: what a correction would touch, in a form that can be shown, kept and shown again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from core.enums import AreaKind
from core.models import Area
from riskmap.enums import RiskLevel
from riskmap.models import GuardedPeriod, MapEdition
from riskmap.published import published_matrix
from riskmap.what_if import LevelChange, WhatIf


@dataclass(frozen=True, slots=True)
class EditionTouched:
    """A published map that stays as it is, and would differ from what is known on so many squares."""

    number: int
    day: date
    squares: int


@dataclass(frozen=True, slots=True)
class Impact:
    """Colours that would change, and the editions whose days they are. False when nothing would."""

    changes: tuple[LevelChange, ...] = ()
    editions: tuple[EditionTouched, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)


def impact_of(*, province: Area, what_if: WhatIf | None) -> Impact:
    """What ``what_if`` would change, with the editions of these days. Few queries, whatever the days."""
    if what_if is None or not what_if.changes:
        return Impact()
    return Impact(what_if.changes, _editions(province, what_if.changes))


def guarded_changes(*, province: Area, impact: Impact) -> tuple[tuple[LevelChange, str], ...]:
    """The changes that fall into a time that is competed in, each with its name. One query."""
    if not impact:
        return ()
    periods = list(GuardedPeriod.objects.filter(province=province).order_by("first_day", "pk"))
    return tuple(
        (change, period.name)
        for change in impact.changes
        for period in periods
        if change.first_day <= period.last_day and change.last_day >= period.first_day
    )


def _editions(province: Area, changes: tuple[LevelChange, ...]) -> tuple[EditionTouched, ...]:
    first, last = min(each.first_day for each in changes), max(each.last_day for each in changes)
    numbers = {
        day: number
        for day, number in MapEdition.objects.filter(province=province, day__range=(first, last))
        .order_by("day", "number")
        .values_list("day", "number")
    }
    if not numbers:
        return ()
    squares = np.zeros((last - first).days + 1, np.int64)
    for kind in {each.kind for each in changes} - {AreaKind.HAMLET}:
        shown = published_matrix(province=province, kind=kind, first=first, last=last)
        row_of = {code: row for row, code in enumerate(shown.codes)}
        for change in changes:
            if change.kind == kind and change.code in row_of:
                days = slice((change.first_day - first).days, (change.last_day - first).days + 1)
                levels = shown.cells[row_of[change.code], days] & 7
                squares[days] += (levels != change.after) & (levels != RiskLevel.NO_DATA)
    return tuple(
        EditionTouched(number, day, int(squares[(day - first).days]))
        for day, number in sorted(numbers.items())
        if squares[(day - first).days]
    )


def as_json(impact: Impact) -> dict[str, Any]:
    """The impact as plain values, for ``CorrectionRequest.impact``."""

    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    return {
        "changes": [{name: plain(value) for name, value in asdict(each).items()} for each in impact.changes],
        "editions": [
            {name: plain(value) for name, value in asdict(each).items()} for each in impact.editions
        ],
    }


def from_json(kept: Mapping[str, Any]) -> Impact:
    """The impact that ``as_json`` wrote."""
    return Impact(
        tuple(
            LevelChange(
                area_id=each["area_id"],
                code=each["code"],
                name=each["name"],
                kind=AreaKind(each["kind"]),
                first_day=date.fromisoformat(each["first_day"]),
                last_day=date.fromisoformat(each["last_day"]),
                before=RiskLevel(each["before"]),
                after=RiskLevel(each["after"]),
            )
            for each in kept["changes"]
        ),
        tuple(
            EditionTouched(each["number"], date.fromisoformat(each["day"]), each["squares"])
            for each in kept["editions"]
        ),
    )
