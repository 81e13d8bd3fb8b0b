"""What the page of one disagreement shows: what each source says, and what choosing it would move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from core.finding import province_of
from core.models import Area
from riskmap.disagreements import Disagreement, Side
from riskmap.enums import CorrectionStatus
from riskmap.forms_sources import BY_POLICY, ChoiceForm
from riskmap.impact import Impact, guarded_changes
from riskmap.models import CorrectionRequest, CountSource
from riskmap.source_choices import impact_of_choice

#: Heads of the columns, in their order.
HEADS = {
    "unknown_source": _("F0 chưa rõ nguồn"),
    "known_source": _("F0 rõ nguồn"),
    "isolated": _("F0 cách ly"),
    "unclassified": _("F0 chưa phân loại"),
    "close_contacts": _("F1"),
    "tests": _("Xét nghiệm"),
    "suspected": _("Nghi ngờ"),
}


class Number(NamedTuple):
    """What a source says under a head; ``apart`` where the sources that say it do not say the same."""

    head: str
    value: int | None
    apart: bool


@dataclass(frozen=True, slots=True)
class SideTable:
    """A disagreement as a table: the heads that any source says, and each source with its numbers."""

    cell: Disagreement
    heads: tuple[str, ...]
    rows: tuple[tuple[Side, tuple[Number, ...]], ...]
    waiting: int | None  # the correction (id) that waits for a second person


def tables_of(cells: Sequence[Disagreement]) -> list[SideTable]:
    """Each of ``cells`` side by side. One query."""
    waiting = waiting_for([(cell.area_id, cell.day) for cell in cells])
    return [_table(cell, waiting.get((cell.area_id, cell.day))) for cell in cells]


def _table(cell: Disagreement, waiting: int | None) -> SideTable:
    said = {name: {getattr(side.counted, name) for side in cell.sides} - {None} for name in HEADS}
    shown = [name for name, values in said.items() if values]
    rows = tuple(
        (
            side,
            tuple(Number(HEADS[name], getattr(side.counted, name), len(said[name]) > 1) for name in shown),
        )
        for side in cell.sides
    )
    return SideTable(cell, tuple(HEADS[name] for name in shown), rows, waiting)


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
