"""The closed set of conditions a criterion may state: data of a rule set, asked of a ``Sight``.

Each condition answers two questions through the same readings of the sight: on which days does it hold
(``days_met``), and from what numbers (``reading``, of one area on one day).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from riskmap.rules import days
from riskmap.rules.scale import COMMUNE, DISTRICT, HAMLET, PROVINCE

if TYPE_CHECKING:
    from riskmap.rules.sight import Sight

#: Kinds of cases a criterion may count; what is unclassified is added to one of the first two.
CASE_KINDS = ("unknown_source", "known_source", "close_contacts")


@dataclass(frozen=True, slots=True)
class Reading:
    """The numbers behind one condition, for one area and day.

    ``value`` is compared with ``threshold``; ``of`` is what a share or a rate is taken of (children,
    people), ``None`` where that does not apply or is unknown; ``rows`` are the areas that count: neighbours
    or children at or above the level.
    """

    value: int
    threshold: int
    of: int | None = None
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CasesInWindow:
    """At least ``at_least`` cases found in this way in the window, the day itself included."""

    kind: ClassVar[str] = "cases_in_window"
    tiers: ClassVar[tuple[int, ...]] = (COMMUNE, HAMLET)
    of: str
    at_least: int

    def days_met(self, sight: Sight) -> np.ndarray:
        return days.pack(sight.cases(self.of) >= self.at_least)

    def reading(self, sight: Sight, day: int) -> Reading:
        return Reading(int(sight.cases(self.of)[0, day]), self.at_least)


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared fact of this kind holds."""

    kind: ClassVar[str] = "declared"
    tiers: ClassVar[tuple[int, ...]] = (PROVINCE, DISTRICT, COMMUNE, HAMLET)
    fact: str

    def days_met(self, sight: Sight) -> np.ndarray:
        return sight.declared(self.fact)

    def reading(self, sight: Sight, day: int) -> Reading:
        return Reading(int(days.on(sight.declared(self.fact), day)[0]), 1)


@dataclass(frozen=True, slots=True)
class Touches:
    """Shares a border with a commune found at or above ``level`` on the same day."""

    kind: ClassVar[str] = "touches"
    tiers: ClassVar[tuple[int, ...]] = (COMMUNE,)
    level: int

    def days_met(self, sight: Sight) -> np.ndarray:
        return sight.touching(self.level)

    def reading(self, sight: Sight, day: int) -> Reading:
        rows = sight.neighbours_at(self.level, day)
        return Reading(len(rows), 1, rows=rows)


@dataclass(frozen=True, slots=True)
class IncidenceInWindow:
    """More than ``more_than`` cases found in this way in the window per ``per`` people of the area.

    Unknown while the population is not known. Compared in whole numbers.
    """

    kind: ClassVar[str] = "incidence_in_window"
    tiers: ClassVar[tuple[int, ...]] = (PROVINCE, DISTRICT)
    of: str
    more_than: int
    per: int

    def days_met(self, sight: Sight) -> np.ndarray:
        people = sight.people()
        return days.pack((people >= 0) & (sight.cases_below(self.of) * self.per > people * self.more_than))

    def days_unknown(self, sight: Sight) -> np.ndarray:
        return days.pack(sight.people() < 0)

    def reading(self, sight: Sight, day: int) -> Reading:
        people = int(sight.people()[0, day])
        known = people if people >= 0 else None
        return Reading(int(sight.cases_below(self.of)[0, day]), self.more_than, of=known)


@dataclass(frozen=True, slots=True)
class ShareOfChildren:
    """At least ``at_least_percent`` of the areas below, of those valid that day, at or above ``level``.

    Unknown where there is none. Compared in whole numbers.
    """

    kind: ClassVar[str] = "share_of_children"
    tiers: ClassVar[tuple[int, ...]] = (PROVINCE, DISTRICT)
    level: int
    at_least_percent: int

    def days_met(self, sight: Sight) -> np.ndarray:
        children = sight.children()
        at = sight.children_at(self.level)
        return days.pack((children > 0) & (at * 100 >= children * self.at_least_percent))

    def days_unknown(self, sight: Sight) -> np.ndarray:
        return days.pack(sight.children() == 0)

    def reading(self, sight: Sight, day: int) -> Reading:
        rows = sight.children_rows_at(self.level, day)
        return Reading(len(rows), self.at_least_percent, of=int(sight.children()[0, day]), rows=rows)


@dataclass(frozen=True, slots=True)
class CountOfChildren:
    """At least ``at_least`` of the areas below at or above ``level``."""

    kind: ClassVar[str] = "count_of_children"
    tiers: ClassVar[tuple[int, ...]] = (PROVINCE, DISTRICT)
    level: int
    at_least: int

    def days_met(self, sight: Sight) -> np.ndarray:
        return days.pack(sight.children_at(self.level) >= self.at_least)

    def reading(self, sight: Sight, day: int) -> Reading:
        rows = sight.children_rows_at(self.level, day)
        return Reading(len(rows), self.at_least, of=int(sight.children()[0, day]), rows=rows)


Condition = CasesInWindow | Declared | Touches | IncidenceInWindow | ShareOfChildren | CountOfChildren
CONDITIONS: dict[str, type] = {
    each.kind: each
    for each in (CasesInWindow, Declared, Touches, IncidenceInWindow, ShareOfChildren, CountOfChildren)
}
