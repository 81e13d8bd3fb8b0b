"""The list of places somebody enters counts of: how far each is on a day. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.models import Area
from riskmap.day_numbers import DayNumbers, DayOf, numbers_of
from riskmap.entry_scope import scope_of
from riskmap.models import DayReport, DraftCell


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A district, or a single commune, on a day. ``numbers`` and ``report`` are those of its district."""

    area: Area
    numbers: DayNumbers
    report: DayReport | None
    drafts: int


def lines_of(places: Sequence[Area], *, day: date) -> list[PlaceLine]:
    """A line for each place. Three queries, whatever the places."""
    if not places:
        return []
    scopes = {scope_of(place).pk for place in places}
    numbers = numbers_of([DayOf(pk, day) for pk in scopes])
    reports = {report.scope_id: report for report in DayReport.objects.filter(scope__in=scopes, day=day)}
    drafts: dict[int, int] = {}
    kept = DraftCell.objects.filter(day=day, area__parent__in=scopes).values_list(
        "area_id", "area__parent_id"
    )
    for area_id, scope_id in kept:
        for pk in (area_id, scope_id):
            drafts[pk] = drafts.get(pk, 0) + 1
    return [
        PlaceLine(
            place,
            numbers[DayOf(scope_of(place).pk, day)],
            reports.get(scope_of(place).pk),
            drafts.get(place.pk, 0),
        )
        for place in places
    ]
