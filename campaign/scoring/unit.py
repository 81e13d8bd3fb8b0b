"""One unit's facts as plain values, with days as dates: for sentences, tables and tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from campaign.scoring.facts import Facts
from campaign.scoring.spans import NONE


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What ``Facts`` holds of a unit. ``None`` where there is nothing to say; levels, classes and states of
    targets are the numbers of ``riskmap.rules.scale``, ``CLASS_KEYS`` and ``TARGET_KEYS``."""

    first_day: date
    through: date
    unit_class: int
    level_at_start: int
    level_at_end: int
    lowest_level: int
    lowest_since: date | None
    steps_lowered: int | None
    last_very_high: date | None
    green_since: date | None
    days_to_green: int | None
    days_from_very_high: int | None
    days_green: int
    longest_green: int
    green_run: int
    climbs: int
    relapses: int
    provisional_days: int
    days_without_level: int
    cases: int
    cases_per_100k: float | None
    registered_on: date | None
    registered_late: bool
    target_level: int
    target_day: date | None
    target_state: int
    target_since: date | None

    @property
    def days(self) -> int:
        return (self.through - self.first_day).days + 1


#: The facts that are days; all other whole numbers stay as they are.
_DAYS = (
    "lowest_since",
    "last_very_high",
    "green_since",
    "registered_on",
    "target_day",
    "target_since",
)


def unit_facts(facts: Facts, row: int, *, first_day: date) -> UnitFacts:
    """The facts of one row; ``first_day`` is the phase's day 0."""
    values: dict[str, object] = {"unit_class": int(facts.unit_class[row]), "cases": int(facts.cases[row])}
    rate = float(facts.cases_per_100k[row])
    values["cases_per_100k"] = None if np.isnan(rate) else rate
    for part in (facts.levels, facts.registered):
        for name in part.__slots__:
            value = getattr(part, name)[row].item()
            values[name] = None if value == NONE else value
            if name in _DAYS and value != NONE:
                values[name] = first_day + timedelta(value)
    return UnitFacts(first_day=first_day, through=first_day + timedelta(facts.through), **values)
