"""Who an area is: its unit of a day, its other names, its people, where its numbers come from. Reads only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, Q, Sum

from core.enums import AreaKind
from core.models import Area
from riskmap.models import CountPost

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*", re.ASCII)


def area_of_day(*, code: str, day: date | None) -> Area | None:
    """The area that bore ``code`` on ``day`` (today's latest when ``None``).

    The oldest list of units known stands for the days before it, as for the levels.
    """
    if not _CODE.fullmatch(code):  # what is no text for PostgreSQL either
        return None
    areas = list(
        Area.objects.filter(code=code).select_related("parent__parent__parent").order_by("valid_from")
    )
    if not areas:
        return None
    if day is None:
        return areas[-1]
    begun = [area for area in areas if area.valid_from <= day] or areas[:1]
    return begun[-1] if begun[-1].valid_to is None or begun[-1].valid_to >= day else None


def other_names_of(area: Area) -> list[Area]:
    """Units of the same code at other times that bore another name, oldest first."""
    return list(Area.objects.filter(code=area.code).exclude(name=area.name).order_by("valid_from"))


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which sources the counts of the province come from, and when something was last posted."""

    sources: tuple[str, ...]
    posted_at: datetime


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
