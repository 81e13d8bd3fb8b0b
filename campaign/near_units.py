"""Near duplicates: organisations of one province whose names are alike. Told to people, never merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from campaign.models import Unit, UnitQuerySet
from campaign.near_names import Names, near_pairs
from core.models import Area

MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Near:
    """A unit there is, and how much its name is alike, 0 to 1."""

    unit: Unit
    score: float

    @property
    def percent(self) -> int:
        return round(self.score * 100)


@dataclass(frozen=True, slots=True)
class NearPair:
    one: Unit
    other: Unit
    score: float

    @property
    def percent(self) -> int:
        return round(self.score * 100)


def near_duplicates(*, unit: Unit) -> list[Near]:
    """Open organisations of the unit's province that it may be another writing of, the nearest first."""
    [near] = near_of_each(names=[unit.name], province=unit.province, besides={unit.pk})
    return near


def near_of_each(
    *, names: Sequence[str], province: Area, besides: set[int | None] = frozenset()
) -> list[list[Near]]:
    """For each name, the open organisations of the province that are alike; two queries for any number."""
    units = list(_open_organisations(province).exclude(pk__in=[pk for pk in besides if pk]))
    among = Names([unit.name for unit in units])
    return [[Near(units[place], score) for place, score in among.like(name)[:MOST_TOLD]] for name in names]


def pairs_among(*, province: Area, own: UnitQuerySet) -> list[NearPair]:
    """Pairs of open organisations of the province that are alike, one of them at least among ``own``."""
    units = list(_open_organisations(province))
    mine = set(own.values_list("pk", flat=True))
    return [
        NearPair(units[one], units[other], score)
        for one, other, score in _pairs(tuple(unit.name for unit in units))
        if units[one].pk in mine or units[other].pk in mine
    ]


@lru_cache(maxsize=4)
def _pairs(names: tuple[str, ...]) -> list[tuple[int, int, float]]:
    """Kept for the lists last asked for: 5,000 names take seconds, and a reader turns pages."""
    return near_pairs(names)


def _open_organisations(province: Area) -> UnitQuerySet:
    units = Unit.objects.filter(province=province).open().organisations()
    return units.select_related("seat__parent").in_vietnamese_order()
