"""What the page of one area shows: why it has its level that day, its days and counts, who lies around.

Reads only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Count, Max, Min, Q, Sum

from core.enums import AreaKind
from core.models import Area
from riskmap.area_series import CasesOfDay, Stretch, cases_by_day, level_since, stretches
from riskmap.charts import Charts, draw_charts
from riskmap.colours import LOOKS, Look
from riskmap.enums import RiskLevel
from riskmap.history import assessment_of, check_day, period_of
from riskmap.models import CountPost, LevelSpan, ProvincePolicy
from riskmap.reading_words import Words, in_words
from riskmap.rules.explain import State
from riskmap.why import Why, neighbours_of, province_of, why


@dataclass(frozen=True, slots=True)
class AreaLevel:
    """Another area and its level on the day."""

    area: Area
    level: RiskLevel
    provisional: bool


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which sources the counts of the province come from, and when something was last posted."""

    sources: tuple[str, ...]
    posted_at: datetime


def area_of_day(*, code: str, day: date | None) -> Area | None:
    """The area that bore ``code`` on ``day`` (today's latest when ``None``).

    The oldest list of units known stands for the days before it, as for the levels.
    """
    areas = list(Area.objects.filter(code=code).select_related("parent__parent").order_by("valid_from"))
    if not areas:
        return None
    if day is None:
        return areas[-1]
    begun = [area for area in areas if area.valid_from <= day] or areas[:1]
    return begun[-1] if begun[-1].valid_to is None or begun[-1].valid_to >= day else None


def areas_around(*, area: Area, day: date) -> list[AreaLevel]:
    """The neighbours of a commune, or what lies right below a district or province, with their levels."""
    if area.kind == AreaKind.COMMUNE:
        around = neighbours_of(area)
    else:
        around = list(area.children.exclude(kind=AreaKind.HAMLET).in_vietnamese_order())
    around = [each for each in around if each.valid_to is None or each.valid_to >= day]
    spans = LevelSpan.objects.filter(area__in=around, first_day__lte=day, last_day__gte=day)
    found = {span.area_id: span for span in spans}
    return [
        AreaLevel(each, RiskLevel(found[each.pk].level), found[each.pk].provisional)
        if each.pk in found
        else AreaLevel(each, RiskLevel.NO_DATA, False)
        for each in around
    ]


def provenance_of(province: Area) -> Provenance | None:
    """``None`` while nothing was posted for the province."""
    posts = CountPost.objects.filter(province=province)
    latest = posts.aggregate(at=Max("posted_at"))["at"]
    if latest is None:
        return None
    names = posts.values_list("source__name", flat=True).distinct().order_by("source__name")
    return Provenance(tuple(names), latest)


@dataclass(frozen=True, slots=True)
class Population:
    """People of an area in the year they were counted."""

    people: int
    year: int


def population_of(*, area: Area, day: date) -> Population | None:
    """The area's own figure, or the sum of its communes of that day; ``None`` when one of them is unknown."""
    if area.population is not None:
        return Population(area.population, area.population_year)
    communes = Area.objects.under(area).of_kind(AreaKind.COMMUNE)
    there = communes.valid_on(max(day, area.valid_from))
    found = there.aggregate(
        people=Sum("population"), year=Min("population_year"), unknown=Count("pk", filter=Q(population=None))
    )
    return None if found["unknown"] or not found["people"] else Population(found["people"], found["year"])


@dataclass(frozen=True)
class AreaPage:
    """One area on one day, over the days that the map shows."""

    area: Area
    province: Area
    first_day: date
    last_day: date
    day: date
    why: Why
    stretches: Sequence[Stretch]
    cases: Sequence[CasesOfDay]
    around: Sequence[AreaLevel]
    population: Population | None
    provenance: Provenance | None
    simulated: bool

    @property
    def look(self) -> Look:
        return LOOKS[self.why.level]

    @property
    def previous_day(self) -> date | None:
        return self.day - timedelta(days=1) if self.day > self.first_day else None

    @property
    def next_day(self) -> date | None:
        return self.day + timedelta(days=1) if self.day < self.last_day else None

    @property
    def parents(self) -> list[Area]:
        """What the area lies in, from the province down."""
        above, area = [], self.area.parent
        while area is not None:
            above.insert(0, area)
            area = area.parent
        return above

    @property
    def window_days(self) -> int:
        return self.why.rule_set.window_days

    @cached_property
    def since(self) -> date | None:
        return level_since(self.stretches, self.day)

    @property
    def days_in_level(self) -> int:
        return (self.day - self.since).days + 1 if self.since else 0

    @cached_property
    def readings(self) -> list[Words]:
        """Every criterion of the area's tier in words, the highest level first."""
        return [in_words(finding, window_days=self.window_days) for finding in self.why.findings]

    @cached_property
    def reasons(self) -> list[Words]:
        """The criteria that give the level: met at it, or held from before."""
        return [
            words
            for words in self.readings
            if words.finding.criterion.level == self.why.level
            and words.finding.state in (State.MET, State.HELD)
        ]

    @cached_property
    def charts(self) -> Charts:
        return draw_charts(
            stretches=self.stretches, cases=self.cases, day=self.day, window_days=self.window_days
        )


def page_of_area(*, area: Area, day: date | None, on: date) -> AreaPage:
    """The page of ``area`` on ``day``, or on the last day shown. Raises ``DayNotKnown``."""
    province = province_of(area)
    assessment = assessment_of(province)
    first, last = period_of(assessment, on=on)
    if day is None:
        day = last
    check_day(assessment, day, on=last)
    return AreaPage(
        area=area,
        province=province,
        first_day=first,
        last_day=last,
        day=day,
        why=why(area=area, day=day, on=on),
        stretches=stretches(area=area, first=first, last=last),
        cases=cases_by_day(area=area, first=first, last=last),
        around=areas_around(area=area, day=day),
        population=population_of(area=area, day=day),
        provenance=provenance_of(province),
        simulated=ProvincePolicy.objects.filter(province=province, simulated=True).exists(),
    )
