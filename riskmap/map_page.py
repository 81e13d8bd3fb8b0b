"""What the map page of one day shows: rows, totals, and where its bytes lie. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.contrib.auth.models import AnonymousUser

from core.enums import AreaKind
from core.models import BoundarySet, User
from core.models.scoping import granted_paths
from core.permissions import Permission
from riskmap.colours import LOOKS, Look
from riskmap.history import DayLevel, check_day, levels_on, period_of
from riskmap.models import Assessment, ProvincePolicy

LAYERS = (AreaKind.COMMUNE, AreaKind.DISTRICT)


@dataclass(frozen=True, slots=True)
class Total:
    """How many areas have a level, and how many more than the day before (``None`` on the first day)."""

    look: Look
    count: int
    change: int | None


@dataclass(frozen=True)
class MapOfDay:
    """One province on one day; ``rows`` are all its communes and districts, in Vietnamese order."""

    assessment: Assessment
    boundaries: BoundarySet | None
    simulated: bool
    first_day: date
    last_day: date
    day: date
    layer: AreaKind
    rows: Sequence[DayLevel]
    rows_before: Sequence[DayLevel]

    @property
    def province(self):
        return self.assessment.province

    @property
    def previous_day(self) -> date | None:
        return self.day - timedelta(days=1) if self.day > self.first_day else None

    @property
    def next_day(self) -> date | None:
        return self.day + timedelta(days=1) if self.day < self.last_day else None

    @property
    def can_be_drawn(self) -> bool:
        """Whether both assets of the map exist already."""
        return bool(self.boundaries and self.assessment.frames_id)

    @cached_property
    def layers(self) -> list[tuple[AreaKind, list[DayLevel]]]:
        """The rows of each layer."""
        return [(layer, [row for row in self.rows if row.kind == layer]) for layer in LAYERS]

    @cached_property
    def totals(self) -> list[Total]:
        """Of the layer shown, by level, no data first."""
        counts = self._counts(self.rows)
        before = self._counts(self.rows_before) if self.rows_before else None
        return [
            Total(LOOKS[level], counts[level], counts[level] - before[level] if before else None)
            for level in LOOKS
        ]

    @cached_property
    def provisional_count(self) -> int:
        return sum(row.provisional for row in self.rows if row.kind == self.layer)

    def row_of(self, code: str) -> DayLevel | None:
        """The row of a code in the layer shown."""
        return next((row for row in self.rows if row.code == code and row.kind == self.layer), None)

    def _counts(self, rows: Sequence[DayLevel]) -> dict[int, int]:
        counts = dict.fromkeys(LOOKS, 0)
        for row in rows:
            if row.kind == self.layer:
                counts[row.level] += 1
        return counts


def assessed_provinces() -> list[Assessment]:
    """Every province whose levels are known, in Vietnamese order; the one with the latest report first
    where a code has had several validities."""
    known = Assessment.objects.select_related("province").order_by(
        "province__sort_key", "province__code", "-last_reported_day"
    )
    return list({each.province.code: each for each in reversed(known)}.values())[::-1]


def choose_province(
    provinces: Sequence[Assessment], *, code: str | None, user: User | AnonymousUser, on: date
) -> Assessment | None:
    """The province of ``code``; without one, that of the person's grants, or else the first."""
    if code:
        return next((each for each in provinces if each.province.code == code), None)
    own = {path.split("/")[0] for path in granted_paths(user, Permission.VIEW_WORKING, on=on)}
    first = provinces[0] if provinces else None
    return next((each for each in provinces if each.province.code in own), first)


def map_of_day(*, assessment: Assessment, day: date | None, layer: str, on: date) -> MapOfDay:
    """The map of ``day``, or of the last day shown. Raises ``DayNotKnown`` for a day that is not shown."""
    first, last = period_of(assessment, on=on)
    if day is None:
        day = last
    check_day(assessment, day, on=last)
    province = assessment.province
    before = day - timedelta(days=1)
    return MapOfDay(
        assessment=assessment,
        boundaries=BoundarySet.objects.filter(province=province).order_by("-id").first(),
        simulated=ProvincePolicy.objects.filter(province=province, simulated=True).exists(),
        first_day=first,
        last_day=last,
        day=day,
        layer=AreaKind(layer),
        rows=levels_on(province=province, day=day, kinds=LAYERS),
        rows_before=levels_on(province=province, day=before, kinds=[layer]) if before >= first else [],
    )
