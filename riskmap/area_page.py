"""What the page of one area shows: its level and why, its days and counts, corrections, who lies around.

Reads only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import AreaKind
from core.finding import province_of
from core.models import Area
from riskmap.area_around import Surroundings, surroundings_of
from riskmap.area_identity import Population, Provenance, other_names_of, population_of, provenance_of
from riskmap.area_series import (
    CasesOfDay,
    DifferenceRun,
    Stretch,
    cases_by_day,
    level_since,
    runs_of,
    stretches,
    stretches_of_cells,
)
from riskmap.as_of import Knowledge, known_at
from riskmap.cell_history import Entry, entries_of
from riskmap.changes import DayDifference, differences_of
from riskmap.charts import Band, Charts, draw_charts
from riskmap.colours import LOOKS, Look
from riskmap.enums import RiskLevel
from riskmap.history import DayNotKnown, assessment_of, check_day, period_of
from riskmap.measures import Measure, Measures, measures_of
from riskmap.models import MapEdition, ProvincePolicy
from riskmap.published import published_matrix
from riskmap.reading_words import Words, in_words
from riskmap.rules.explain import State
from riskmap.viewpoint import PUBLISHED, Viewpoint
from riskmap.why import Why, why

#: The tiers that cases are reported of; those above them are sums.
COUNTED_KINDS = (AreaKind.COMMUNE, AreaKind.HAMLET)

#: The editions of each published day, the newest last.
Editions = Mapping[date, Sequence[MapEdition]]


@dataclass(frozen=True, slots=True)
class Strip:
    """The levels of the area day by day as one viewpoint has them."""

    viewpoint: Viewpoint
    stretches: Sequence[Stretch]


@dataclass(frozen=True, slots=True)
class DrawnStrip:
    """A strip with its bands; the first one as published stands above what is known."""

    viewpoint: Viewpoint
    bands: Sequence[Band]


@dataclass(frozen=True)
class AreaPage:
    """One area on one day as seen from a viewpoint, over the days that the map shows.

    ``level`` and ``provisional`` are what that viewpoint shows; ``why`` is the rule run on what it knew.
    """

    area: Area
    province: Area
    viewpoint: Viewpoint
    first_day: date
    last_day: date
    day: date
    level: RiskLevel
    provisional: bool
    why: Why
    strips: Sequence[Strip]
    editions: Editions
    differences: Sequence[DayDifference]
    cases: Sequence[CasesOfDay]
    entries: Sequence[Entry]
    surroundings: Surroundings
    other_names: Sequence[Area]
    population: Population | None
    provenance: Provenance | None
    simulated: bool

    @property
    def look(self) -> Look:
        return LOOKS[self.level]

    @property
    def is_published(self) -> bool:
        return is_published(self.viewpoint)

    @cached_property
    def days(self) -> list[date]:
        """The days that can be seen from the viewpoint, oldest first."""
        if self.is_published:
            return sorted(self.editions)
        last = self.last_day
        if self.viewpoint.instant:
            last = min(last, timezone.localdate(self.viewpoint.instant))
        return [self.first_day + timedelta(days=n) for n in range((last - self.first_day).days + 1)]

    @property
    def previous_day(self) -> date | None:
        return max((day for day in self.days if day < self.day), default=None)

    @property
    def next_day(self) -> date | None:
        return min((day for day in self.days if day > self.day), default=None)

    @property
    def parents(self) -> list[Area]:
        """What the area lies in, from the province down."""
        above, area = [], self.area.parent
        while area is not None:
            above.insert(0, area)
            area = area.parent
        return above

    @property
    def as_of(self) -> str:
        """The viewpoint as an address tells it; empty for what is known now."""
        return "" if self.viewpoint == Viewpoint() else str(self.viewpoint)

    @property
    def query(self) -> str:
        """The end of the address of another area on the same day, as seen from the same viewpoint."""
        return urlencode({"day": self.day.isoformat()} | ({"as_of": self.as_of} if self.as_of else {}))

    @property
    def window_days(self) -> int:
        return self.why.rule_set.window_days

    @cached_property
    def since(self) -> date | None:
        shown = next(strip for strip in self.strips if strip.viewpoint == self.viewpoint)
        return level_since(shown.stretches, self.day)

    @property
    def days_in_level(self) -> int:
        return (self.day - self.since).days + 1 if self.since else 0

    @property
    def editions_of_day(self) -> Sequence[MapEdition]:
        return self.editions.get(self.day, ())

    @property
    def difference(self) -> DayDifference | None:
        """Of the day shown."""
        return next((each for each in self.differences if each.day == self.day), None)

    @cached_property
    def difference_runs(self) -> list[DifferenceRun]:
        return runs_of(self.differences)

    @cached_property
    def corrections(self) -> list[Entry]:
        """What was said anew of any day, the newest day first."""
        return [entry for entry in self.entries if entry.corrects]

    @cached_property
    def corrected_days(self) -> set[date]:
        return {entry.day for entry in self.corrections}

    @property
    def entries_of_day(self) -> list[Entry]:
        """All that was ever said of the day shown, the newest first; above communes what was corrected."""
        return [entry for entry in self.entries if entry.day == self.day]

    @cached_property
    def readings(self) -> list[Words]:
        """Every criterion of the area's tier in words, the highest level first."""
        return [in_words(finding, window_days=self.window_days) for finding in self.why.findings]

    @cached_property
    def reasons(self) -> list[Words]:
        """The criteria that give the computed level: met at it, or held from before."""
        return [
            words
            for words in self.readings
            if words.finding.criterion.level == self.why.computed_level
            and words.finding.state in (State.MET, State.HELD)
        ]

    @property
    def read_as_unknown(self) -> bool:
        """Whether unclassified cases are read as of unknown source, not of known."""
        return self.why.rule_set["unclassified_as"] == "unknown_source"

    @property
    def measures(self) -> Measures | None:
        return measures_of(self.why.rule_set.name)

    @property
    def measures_in_force(self) -> list[tuple[RiskLevel, list[Measure]]]:
        """The measures of the level shown and of those below it."""
        return self.measures.at(self.level) if self.measures else []

    @cached_property
    def charts(self) -> Charts:
        return draw_charts(
            strips=[strip.stretches for strip in self.strips],
            cases=self.cases,
            day=self.day,
            window_days=self.window_days,
            differing=[each.day for each in self.differences],
            corrected=self.corrected_days,
        )

    @property
    def strips_drawn(self) -> list[DrawnStrip]:
        bands = zip(self.strips, self.charts.strips, strict=True)
        return [DrawnStrip(strip.viewpoint, drawn) for strip, drawn in bands]


def is_published(viewpoint: Viewpoint) -> bool:
    return viewpoint == Viewpoint(PUBLISHED)


def page_of_area(*, area: Area, day: date | None, viewpoint: Viewpoint, on: date) -> AreaPage:
    """The page of ``area`` on ``day``, or on the last day seen from the viewpoint. Raises ``DayNotKnown``."""
    province = province_of(area)
    assessment = assessment_of(province)
    first, last = period_of(assessment, on=on)
    editions = _editions(province, first)
    instant, knowledge = viewpoint.instant, None
    if is_published(viewpoint):
        day = _published_day(area, province, editions, day)
        last = max(last, day)
        instant = editions[day][-1].cut_off
    elif instant:
        day = day or min(last, timezone.localdate(instant))
        knowledge = known_at(province=province, instant=instant)
    else:
        day = day or last
    check_day(assessment, day, on=last)
    explained = why(area=area, day=day, on=on, instant=instant)
    editions = {each: numbers for each, numbers in editions.items() if each <= last}
    strips = _strips(area, province, first, last, viewpoint, knowledge, editions)
    shown = next(strip for strip in strips if strip.viewpoint == viewpoint)
    at_day = next((each for each in shown.stretches if each.first_day <= day <= each.last_day), None)
    return AreaPage(
        area=area,
        province=province,
        viewpoint=viewpoint,
        first_day=first,
        last_day=last,
        day=day,
        level=at_day.level if at_day else RiskLevel.NO_DATA,
        provisional=at_day.provisional if at_day else False,
        why=explained,
        strips=strips,
        editions=editions,
        differences=differences_of(area=area, first=first, last=last) if editions else (),
        cases=cases_by_day(area=area, first=first, last=last),
        entries=entries_of(
            area=area, first=first, last=last, day=day if area.kind in COUNTED_KINDS else None
        ),
        surroundings=surroundings_of(area=area, day=day, viewpoint=viewpoint, knowledge=knowledge),
        other_names=other_names_of(area),
        population=population_of(area=area, day=day),
        provenance=provenance_of(province),
        simulated=ProvincePolicy.objects.filter(province=province, simulated=True).exists(),
    )


def _editions(province: Area, first: date) -> dict[date, list[MapEdition]]:
    found: dict[date, list[MapEdition]] = {}
    editions = MapEdition.objects.filter(province=province, day__gte=first).order_by("number")
    for edition in editions.only("number", "day", "cut_off"):
        found.setdefault(edition.day, []).append(edition)
    return found


def _published_day(area: Area, province: Area, editions: Editions, day: date | None) -> date:
    """``day``, or the last published one. Raises ``DayNotKnown`` where no edition tells of the area."""
    if area.kind == AreaKind.HAMLET:
        refusal = _("Bản đồ công bố đến cấp xã, không có %(name)s.") % {"name": area.name}
    elif not editions:
        refusal = _("%(province)s chưa có bản đồ công bố.") % {"province": province.name}
    elif day and day not in editions:
        refusal = _("Chưa có bản đồ công bố của ngày %(day)s.") % {"day": f"{day:%d/%m/%Y}"}
    else:
        return day or max(editions)
    raise DayNotKnown(refusal, code="not_published")


def _strips(
    area: Area,
    province: Area,
    first: date,
    last: date,
    viewpoint: Viewpoint,
    knowledge: Knowledge | None,
    editions: Editions,
) -> list[Strip]:
    """As published, where anything was; as known now; and as the instant knew."""
    strips = [Strip(Viewpoint(), stretches(area=area, first=first, last=last))]
    if editions and area.kind != AreaKind.HAMLET:
        matrix = published_matrix(province=province, kind=AreaKind(area.kind), first=first, last=last)
        cells = np.zeros(matrix.cells.shape[1], np.uint8)
        if area.code in matrix.codes:
            cells = matrix.cells[matrix.codes.index(area.code)]
        told = np.isin(np.arange(len(cells)), [(day - first).days for day in editions])
        as_shown = stretches_of_cells(cells, first=first, told=told)
        strips.insert(0, Strip(Viewpoint(PUBLISHED), as_shown))
    if knowledge:
        row, days = knowledge.areas.ids.tolist().index(area.pk), (last - first).days + 1
        begin = (first - knowledge.assessed.first_day).days
        known = knowledge.cells()[row, max(begin, 0) : begin + days]
        strips.append(Strip(viewpoint, stretches_of_cells(known, first=first - timedelta(min(begin, 0)))))
    return strips
