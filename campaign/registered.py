"""Who registered, who has not yet, and what share of the communes that is. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from campaign.enums import GroupKind, RegistrationStatus
from campaign.models import Campaign, Registration, Unit
from campaign.models.registrations import RegistrationQuerySet
from campaign.models.units import UnitQuerySet
from core.enums import AreaKind
from core.models import Area

#: What the public is shown: what a second person confirmed.
SHOWN = (RegistrationStatus.CONFIRMED, RegistrationStatus.SUSPENDED)
#: What nobody need be reminded of: it is handed in, or was given up.
SETTLED = (RegistrationStatus.SUBMITTED, *SHOWN, RegistrationStatus.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the units of a place registered."""

    area: Area
    registered: int
    total: int

    @property
    def share(self) -> float:
        return self.registered / self.total if self.total else 0

    @property
    def missing(self) -> int:
        return self.total - self.registered


def registration_of(unit: Unit, campaign: Campaign) -> Registration | None:
    """The registration of the unit in the campaign, whatever its status."""
    return Registration.objects.filter(unit=unit, campaign=campaign).first()


def registered(campaign: Campaign) -> dict[int, Registration]:
    """By unit (id), the registrations that were confirmed, those that are suspended now included."""
    return {each.unit_id: each for each in Registration.objects.filter(campaign=campaign, status__in=SHOWN)}


def share_registered(campaign: Campaign) -> list[Share]:
    """Of each district, in Vietnamese order, how many of its communes registered and were confirmed.

    None where the plan does not speak of communes. Where a province has no districts it stands alone.
    """
    if not campaign.target_groups.filter(kind=GroupKind.COMMUNE).exists():
        return []
    communes = Unit.objects.open().filter(province=campaign.province_id, kind=GroupKind.COMMUNE)
    counts = communes.values(district=F("seat__parent")).annotate(
        total=Count("pk"),
        registered=Count(
            "pk",
            filter=Q(pk__in=Registration.objects.filter(campaign=campaign, status__in=SHOWN).values("unit")),
        ),
    )
    of_district = {row["district"]: row for row in counts}
    areas = Area.objects.filter(pk__in=of_district).in_vietnamese_order()
    return [Share(area, of_district[area.pk]["registered"], of_district[area.pk]["total"]) for area in areas]


def public_registrations(campaign: Campaign) -> RegistrationQuerySet:
    """What everybody sees, by district and name, with the units and where they sit."""
    shown = Registration.objects.filter(campaign=campaign, status__in=SHOWN)
    return shown.select_related("campaign", "group", "unit__seat__parent__parent").order_by(
        F("unit__seat__parent__sort_key").asc(nulls_first=True), "unit__sort_key", "unit__code"
    )


def competitors(campaign: Campaign) -> UnitQuerySet:
    """The open units that the plan speaks of."""
    kinds = campaign.target_groups.values("kind")
    return Unit.objects.open().filter(province=campaign.province_id, kind__in=kinds)


def not_registered(campaign: Campaign, units: UnitQuerySet | None = None) -> QuerySet[Unit]:
    """Those of ``units`` (of all that compete, without) that have handed nothing in and gave nothing up.

    ``begun`` is the status of what they have begun, ``None`` where there is nothing. By place and name.
    """
    of_campaign = Registration.objects.filter(campaign=campaign)
    begun = of_campaign.filter(unit=OuterRef("pk")).values("status")[:1]
    missing = (competitors(campaign) if units is None else units).exclude(
        pk__in=of_campaign.filter(status__in=SETTLED).values("unit")
    )
    return (
        missing.annotate(begun=Subquery(begun))
        .select_related("seat__parent__parent__parent")
        .order_by(F("seat__parent__sort_key").asc(nulls_first=True), "sort_key", "code")
    )


def district_of(area: Area) -> Area:
    """The district the area lies in or is; the province where there is none."""
    while area.kind in (AreaKind.HAMLET, AreaKind.COMMUNE):
        area = area.parent
    return area


def by_district(units: Iterable[Unit]) -> list[tuple[Area, Sequence[Unit]]]:
    """The units (with their places) by district, in Vietnamese order; those of the province itself first."""
    found: dict[int, tuple[Area, list[Unit]]] = {}
    for unit in units:
        district = district_of(unit.seat)
        found.setdefault(district.pk, (district, []))[1].append(unit)
    return sorted(found.values(), key=lambda each: (each[0].parent_id is not None, each[0].sort_key))
