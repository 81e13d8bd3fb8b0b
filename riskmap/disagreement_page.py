"""What the page of one disagreement shows: what each source says, and what choosing it would move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.forms.boundfield import BoundWidget

from core.finding import province_of
from core.models import Area
from riskmap.disagreements import Disagreement, Side
from riskmap.enums import CorrectionStatus
from riskmap.forms_sources import BY_POLICY, ChoiceForm
from riskmap.impact import Impact, guarded_changes
from riskmap.models import CorrectionRequest, CountSource
from riskmap.source_choices import impact_of_choice


@dataclass(frozen=True, slots=True)
class Option:
    """One source to choose, or with ``side`` of ``None`` the policy. ``period`` is a time that is competed in
    and whose colours it would move: then a second person is asked; empty where there is none.
    """

    radio: BoundWidget
    side: Side | None
    impact: Impact
    period: str


def options_of(cell: Disagreement, *, form: ChoiceForm, area: Area, at: datetime) -> list[Option]:
    """What may be chosen for the unit and day, each with the colours and editions it would touch."""
    province = province_of(area)
    sides = {str(side.source_id): side for side in cell.sides}
    sources = CountSource.objects.in_bulk([side.source_id for side in cell.sides])
    options = []
    for radio in form["source"]:
        value = radio.data["value"]
        source = None if value == BY_POLICY else sources[int(value)]
        impact = impact_of_choice(area=area, day=cell.day, source=source, at=at)
        guarded = guarded_changes(province=province, impact=impact)
        options.append(Option(radio, sides.get(value), impact, guarded[0][1] if guarded else ""))
    return options


def waiting_for(cells: Sequence[tuple[int, date]]) -> dict[tuple[int, date], int]:
    """The corrections (ids) that wait for a second person, by the areas (ids) and days they speak of."""
    wanted = {(area, day.isoformat()): (area, day) for area, day in cells}
    waiting = CorrectionRequest.objects.filter(
        status=CorrectionStatus.WAITING, province__in=_provinces([area for area, _day in cells])
    )
    return {
        wanted[row["area"], row["day"]]: pk
        for pk, rows in waiting.order_by("pk").values_list("pk", "rows")
        for row in rows
        if (row["area"], row["day"]) in wanted
    }


def _provinces(areas: Sequence[int]) -> set[int]:
    """The provinces (ids) of communes and hamlets (ids). One query."""
    lines = Area.objects.filter(pk__in=areas).values_list(
        "parent_id", "parent__parent_id", "parent__parent__parent_id"
    )
    return {above for line in lines for above in line if above}
