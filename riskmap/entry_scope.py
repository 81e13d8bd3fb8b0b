"""Where counts are entered: the communes of a district together, or one commune. Reads only."""

from __future__ import annotations

from datetime import date

from core.enums import AreaKind
from core.models import Area, AreaQuerySet


def scope_of(area: Area) -> Area:
    """The parent of the communes that are entered together with ``area``: a district's own self."""
    return area.parent if area.kind == AreaKind.COMMUNE else area


def communes_of(area: Area, *, day: date) -> list[Area]:
    """The communes valid on the day that are entered on the page of ``area``, in Vietnamese order.

    The oldest list of units that is known stands for the days before it as well. One query.
    """
    if area.kind == AreaKind.COMMUNE:
        return [area]
    communes = list(area.children.filter(kind=AreaKind.COMMUNE).in_vietnamese_order())
    oldest = min((commune.valid_from for commune in communes), default=day)
    return [
        commune
        for commune in communes
        if (commune.valid_from <= day or commune.valid_from == oldest)
        and (commune.valid_to is None or commune.valid_to >= day)
    ]


def places_of(held: AreaQuerySet, *, day: date) -> list[Area]:
    """The pages of a day for somebody who enters counts of ``held`` areas: districts, and single communes.

    A commune whose district is held as well is entered there. One query.
    """
    units = list(
        held.valid_on(day)
        .filter(kind__in=[AreaKind.PROVINCE, AreaKind.DISTRICT, AreaKind.COMMUNE])
        .select_related("parent__parent")
        .in_vietnamese_order()
    )
    here = {unit.pk for unit in units}
    communes = [unit for unit in units if unit.kind == AreaKind.COMMUNE]
    parents = {unit.parent_id for unit in communes}
    return [unit for unit in units if unit.pk in parents and unit.kind != AreaKind.COMMUNE] + [
        unit for unit in communes if unit.parent_id not in here
    ]
