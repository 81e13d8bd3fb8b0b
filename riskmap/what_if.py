"""What if: the colours the map would have if some numbers were in the ledger. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from django.db import connection
from django.db.models import Min

from core.enums import AreaKind
from core.models import Area
from riskmap.counts import CountRow, Posting, as_parameters
from riskmap.enums import RiskLevel
from riskmap.facts import Areas, Reports, load_areas, load_facts, load_reports
from riskmap.levels import levels_before
from riskmap.models import Assessment, CountSource, StaleMark
from riskmap.policies import rule_set_of
from riskmap.posting_sql import WOULD_BE_IN_FORCE
from riskmap.rules import assess as rule
from riskmap.rules.explain import explain
from riskmap.rules.facts import Facts
from riskmap.rules.ruleset import RuleSet
from riskmap.rules.scale import COUNT_KINDS
from riskmap.why import Finding, named_findings

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LevelChange:
    """An area whose level would differ on consecutive days, both ends included."""

    area_id: int
    code: str
    name: str
    kind: AreaKind
    first_day: date
    last_day: date
    before: RiskLevel
    after: RiskLevel


@dataclass(frozen=True, eq=False)
class WhatIf:
    """The map as it is and as it would be, from the first day that could change to the last."""

    areas: Areas
    rule_set: RuleSet
    facts: Facts  # as they would be
    now: rule.Assessment
    then: rule.Assessment

    @cached_property
    def changes(self) -> tuple[LevelChange, ...]:
        """What would change in the province's own areas: province, districts and communes, by day."""
        differs = (self.now.level != self.then.level) & self.areas.own[:, None]
        rows = np.flatnonzero(differs.any(axis=1))
        named = Area.objects.in_bulk(self.areas.ids[rows].tolist())
        spans = [
            self._span(named[int(self.areas.ids[row])], row, first, last)
            for row in rows.tolist()
            for first, last in _runs(differs[row], self.now.level[row], self.then.level[row])
        ]
        order = {pk: (area.sort_key, area.code) for pk, area in named.items()}
        return tuple(
            sorted(spans, key=lambda span: (-_TIERS[span.kind], order[span.area_id], span.first_day))
        )

    def level_of(self, area_id: int, day: date) -> tuple[RiskLevel, bool]:
        """The level the area would have that day, and whether it would be provisional."""
        return self._read(self.then, area_id, day)

    def level_now(self, area_id: int, day: date) -> tuple[RiskLevel, bool]:
        """The level the area has that day without these numbers, and whether it is provisional."""
        return self._read(self.now, area_id, day)

    def grounds_of(self, area_id: int, day: date) -> tuple[Finding, ...]:
        """Every criterion of the area's tier with what it would look at that day. One query."""
        column = self._column(day)
        explained = explain(self.rule_set, self.facts, self._row(area_id), self.facts.lead + column)
        return named_findings(explained.findings, self.areas, [])

    def _read(self, assessed: rule.Assessment, area_id: int, day: date) -> tuple[RiskLevel, bool]:
        at = (self._row(area_id), self._column(day))
        return RiskLevel(int(assessed.level[at])), bool(assessed.provisional[at])

    def _row(self, area_id: int) -> int:
        return int(self.areas.rows_of(np.array([area_id]))[0])

    def _column(self, day: date) -> int:
        column = (day - self.then.first_day).days
        if not 0 <= column < self.then.level.shape[1]:
            raise KeyError(day)
        return column

    def _span(self, area: Area, row: int, first: int, last: int) -> LevelChange:
        return LevelChange(
            area_id=area.pk,
            code=area.code,
            name=area.name,
            kind=AreaKind(area.kind),
            first_day=self.then.first_day + first * _DAY,
            last_day=self.then.first_day + last * _DAY,
            before=RiskLevel(int(self.now.level[row, first])),
            after=RiskLevel(int(self.then.level[row, first])),
        )


_TIERS = {AreaKind.HAMLET: 0, AreaKind.COMMUNE: 1, AreaKind.DISTRICT: 2, AreaKind.PROVINCE: 3}


def what_if(*, source: CountSource, rows: Sequence[CountRow], on: date) -> WhatIf | None:
    """The same rule on the numbers as they would be in force if ``source`` said ``rows``; ``on`` is today.

    Which source would count is chosen by the very statement that chooses it in the ledger. Days are looked
    at as far as the rows can be felt. ``None`` when they say nothing new.
    """
    with connection.cursor() as cursor:
        cursor.execute(WOULD_BE_IN_FORCE, as_parameters([Posting(source, rows)]))
        chosen = [CountRow(*values) for values in cursor.fetchall()]
    return suppose(province=source.province_id, values=chosen, on=on) if chosen else None


def suppose(*, province: int, values: Sequence[CountRow], on: date) -> WhatIf:
    """The same rule with these values in force of their areas and days, in the province of that id."""
    areas = load_areas([province])
    provinces = np.unique(areas.province).tolist()
    known = {each.province_id: each for each in Assessment.objects.filter(province__in=provinces)}
    rule_set = rule_set_of([province])[province]
    first = min(row.day for row in values)
    stale = StaleMark.objects.filter(province__in=provinces).aggregate(since=Min("since"))["since"]
    start = min(filter(None, (first, stale)))
    last = max(row.day for row in values)
    if province in known:
        last = max(last, known[province].last_reported_day)
    through = max(start, min(on, last + (rule_set.look_back + 1) * _DAY))
    begun = {each: assessment.first_day for each, assessment in known.items()}
    reports = load_reports(areas, first=start - rule_set.look_back * _DAY)
    previous = levels_before(areas, start, rule_set.look_back)

    def facts_of(reports: Reports, series_start: dict[int, date]) -> Facts:
        return load_facts(
            areas,
            start=start,
            through=through,
            look_back=rule_set.look_back,
            series_start=series_start,
            previous=previous,
            reports=reports,
        )

    would_begin = begun | {province: min(first, begun.get(province, first))}
    then = facts_of(_with(reports, areas, values), would_begin)
    return WhatIf(
        areas=areas,
        rule_set=rule_set,
        facts=then,
        now=rule.assess(rule_set, facts_of(reports, begun)),
        then=rule.assess(rule_set, then),
    )


def _with(reports: Reports, areas: Areas, chosen: Sequence[CountRow]) -> Reports:
    """The reports with those of the chosen areas and days put in their place."""
    row = areas.rows_of(np.array([each.area_id for each in chosen], np.int64))
    day = np.array([each.day.toordinal() for each in chosen], np.int64)
    counts = np.zeros(len(chosen), reports.counts.dtype)
    for kind in COUNT_KINDS:
        counts[kind] = [getattr(each, kind) or 0 for each in chosen]
    kept = ~np.isin(_key(reports.row, reports.day), _key(row, day))
    return Reports(
        np.concatenate([reports.row[kept], row]),
        np.concatenate([reports.day[kept], day]),
        np.concatenate([reports.counts[kept], counts]),
    )


def _key(row: np.ndarray, day: np.ndarray) -> np.ndarray:
    return row.astype(np.int64) << 24 | day


def _runs(differs: np.ndarray, before: np.ndarray, after: np.ndarray) -> list[tuple[int, int]]:
    """First and last index of each run of differing days with the same two levels."""
    turns = np.flatnonzero(
        (np.diff(differs.astype(np.int8), prepend=0) != 0)
        | (np.diff(before, prepend=before[:1]) != 0)
        | (np.diff(after, prepend=after[:1]) != 0)
    )
    starts = [int(start) for start in turns if differs[start]]
    ends = [int(end) - 1 for end in [*turns[1:], len(differs)]]
    by_start = dict(zip(turns.tolist(), ends, strict=True))
    return [(start, by_start[start]) for start in starts]
