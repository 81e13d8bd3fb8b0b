"""As of: what was known of a province at an instant, answered from the append-only ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from django.utils import timezone

from core.models import Area
from riskmap.facts import Areas, load_areas, load_facts, load_reports
from riskmap.levels import series_of
from riskmap.policies import rule_set_of
from riskmap.rules.assess import Assessment, assess
from riskmap.rules.facts import Facts
from riskmap.rules.ruleset import RuleSet
from riskmap.rules.scale import DECIDED_BIT


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """The levels of a province as an instant knew them: arrays (areas, days), rows as in ``areas``.

    Units, borders, rule set and parameters are today's: the ledger keeps counts, facts and decisions.
    """

    province: Area
    instant: datetime
    areas: Areas
    rule_set: RuleSet
    first_reported_day: date
    last_reported_day: date
    facts: Facts
    assessed: Assessment

    def column_of(self, day: date) -> int:
        """The column of ``day``; raises ``KeyError`` for a day that was not assessed."""
        column = (day - self.assessed.first_day).days
        if not 0 <= column < self.assessed.level.shape[1]:
            raise KeyError(day)
        return column

    def cells(self) -> np.ndarray:
        """``level | provisional << 3 | decided << 4`` of every area and day, uint8."""
        level, provisional = self.assessed.level, self.assessed.provisional
        decided = (self.assessed.met >> np.uint32(DECIDED_BIT)).astype(np.int8)
        code = level | provisional.astype(np.int8) << 3 | decided << 4
        return np.where(level > 0, code, 0).astype(np.uint8)


def known_at(*, province: Area, instant: datetime, through: date | None = None) -> Knowledge | None:
    """Assess the province from its first day through ``through`` (default: the instant's own day).

    Only what was recorded up to ``instant`` (inclusive) is read. ``None`` when nothing was recorded yet.
    Nothing is written; two runs for one instant give the same, whatever was recorded since.
    """
    areas = load_areas([province.pk])
    reports = load_reports(areas, first=date.min, instant=instant)
    series = series_of(areas, [province.pk], {}, reports, instant=instant)
    if province.pk not in series:
        return None
    first = min(days[0] for days in series.values())
    last = max(through or timezone.localtime(instant).date(), first)
    rule_set = rule_set_of([province.pk])[province.pk]
    facts = load_facts(
        areas,
        start=first,
        through=last,
        look_back=rule_set.look_back,
        series_start={each: days[0] for each, days in series.items()},
        reports=reports,
        instant=instant,
    )
    assessed = assess(rule_set, facts)
    return Knowledge(province, instant, areas, rule_set, *series[province.pk], facts, assessed)
