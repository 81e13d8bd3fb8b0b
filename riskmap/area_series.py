"""An area over time: the stretches of its levels and its new cases by day. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db import connection

from core.enums import AreaKind
from core.models import Area
from riskmap.changes import Correction, DayDifference
from riskmap.enums import RiskLevel
from riskmap.history import spans_of

#: How a case was found, in the order the bars are stacked.
CASE_KINDS = ("unknown_source", "unclassified", "known_source", "isolated")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive days of one level, whatever their grounds."""

    first_day: date
    last_day: date
    level: RiskLevel
    provisional: bool

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1


@dataclass(frozen=True, slots=True)
class CasesOfDay:
    """New cases of one day by how they were found; ``reported`` is false where no report came at all."""

    day: date
    reported: bool
    unknown_source: int
    unclassified: int
    known_source: int
    isolated: int

    @property
    def total(self) -> int:
        return self.unknown_source + self.unclassified + self.known_source + self.isolated


def stretches(*, area: Area, first: date, last: date) -> list[Stretch]:
    """The levels of the area from ``first`` to ``last``, days without a level included as ``NO_DATA``."""
    found: list[Stretch] = []

    def add(begin: date, end: date, level: int, provisional: bool) -> None:
        before = found[-1] if found else None
        if before and (before.level, before.provisional) == (level, provisional):
            found[-1] = Stretch(before.first_day, end, before.level, provisional)
        elif begin <= end:
            found.append(Stretch(begin, end, RiskLevel(level), provisional))

    reached = first
    for span in spans_of(area=area, first=first, last=last):
        if span.first_day > reached:
            add(reached, span.first_day - _DAY, RiskLevel.NO_DATA, False)
        add(span.first_day, span.last_day, span.level, span.provisional)
        reached = span.last_day + _DAY
    if reached <= last:
        add(reached, last, RiskLevel.NO_DATA, False)
    return found


def stretches_of_cells(cells: np.ndarray, *, first: date, told: np.ndarray | None = None) -> list[Stretch]:
    """The same of a byte ``level | provisional << 3 …`` a day from ``first`` on, the ``told`` days alone."""
    keys = cells.astype(np.int16) & 15
    if told is not None:
        keys[~told] = -1
    begins = np.flatnonzero(np.diff(keys, prepend=-2))
    ends = np.append(begins[1:], len(keys))
    return [
        Stretch(
            first + begin * _DAY, first + (end - 1) * _DAY, RiskLevel(keys[begin] & 7), bool(keys[begin] >> 3)
        )
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
        if keys[begin] >= 0
    ]


def level_since(stretches_so_far: Sequence[Stretch], day: date) -> date | None:
    """The first day of the level the area has on ``day``, without a break, provisional days included."""
    since = None
    for stretch in reversed([each for each in stretches_so_far if each.first_day <= day]):
        if since is None:
            if stretch.last_day < day:
                return None
            level, since = stretch.level, stretch.first_day
        elif stretch.level == level and stretch.last_day + _DAY == since:
            since = stretch.first_day
        else:
            break
    return since


@dataclass(frozen=True, slots=True)
class DifferenceRun:
    """Days in a row that were published with one level and are known now to have had another."""

    first_day: date
    last_day: date
    published: RiskLevel
    known: RiskLevel
    corrections: tuple[Correction, ...]

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1


def runs_of(differences: Sequence[DayDifference]) -> list[DifferenceRun]:
    """Differences of consecutive days with the same two levels, each correction once; newest first."""
    runs: list[DifferenceRun] = []
    for each in differences:
        before = runs[-1] if runs else None
        levels = (each.published, each.known)
        if before and before.last_day + _DAY == each.day and (before.published, before.known) == levels:
            together = tuple(dict.fromkeys(before.corrections + each.corrections))
            runs[-1] = DifferenceRun(before.first_day, each.day, *levels, together)
        else:
            runs.append(DifferenceRun(each.day, each.day, *levels, each.corrections))
    return runs[::-1]


_CASES = """
    with day as (select generate_series(%(first)s::date, %(last)s::date, interval '1 day')::date as day),
    written as (
        select c.day, count(*) as rows, sum(c.unknown_source) as unknown_source,
            sum(c.unclassified) as unclassified, sum(c.known_source) as known_source,
            sum(c.isolated) as isolated
        from riskmap_dailycount c join core_area a on a.id = c.area_id
        where c.day between %(first)s and %(last)s and a.kind = %(kind)s
            and (a.path = %(path)s or a.path like %(below)s)
        group by c.day
    ),
    complete as (
        select distinct day.day from day
        join riskmap_reportcoverage r on r.kind = %(kind)s and day.day between r.first_day and r.last_day
        join core_area scope on scope.id = r.scope_id and scope.path = any(%(line)s)
    )
    select day.day, written.rows is not null or complete.day is not null, coalesce(unknown_source, 0),
        coalesce(unclassified, 0), coalesce(known_source, 0), coalesce(isolated, 0)
    from day left join written using (day) left join complete using (day) order by day.day
"""


def cases_by_day(*, area: Area, first: date, last: date) -> list[CasesOfDay]:
    """New cases in force of the area, of all communes below it for a district or province. One query."""
    codes = area.path.split("/")
    kind = area.kind if area.kind == AreaKind.HAMLET else AreaKind.COMMUNE
    with connection.cursor() as cursor:
        cursor.execute(
            _CASES,
            {
                "first": first,
                "last": last,
                "kind": str(kind),
                "path": area.path,
                "below": area.path + "/%",
                "line": ["/".join(codes[: depth + 1]) for depth in range(len(codes))],
            },
        )
        return [CasesOfDay(*row) for row in cursor.fetchall()]
