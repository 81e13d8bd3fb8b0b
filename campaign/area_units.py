"""The areas of a province as units that compete: they come by themselves, with the list of areas."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Max, Min, Q
from django.utils import timezone

from campaign.enums import GroupKind
from campaign.models import Campaign, Unit
from campaign.models.units import AREA_KINDS
from core.audit import acting
from core.models import Area, User


def area_kinds_of(campaign: Campaign) -> list[GroupKind]:
    """The tiers of areas that compete in the campaign."""
    kinds = campaign.target_groups.filter(kind__in=AREA_KINDS).values_list("kind", flat=True)
    return [kind for kind in GroupKind if kind in set(kinds)]


def add_area_units(*, campaign: Campaign, on: date, by: User, at: datetime) -> int:
    """Make a unit of each area of the campaign's tiers that is none yet and exists on the day ``on``, or on
    the campaign's first day where that is earlier, or came to be after it. Returns how many are new."""
    first_day = campaign.phases.aggregate(first=Min("first_day"))["first"] or on
    areas = Area.objects.under(campaign.province).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=min(on, first_day)), kind__in=area_kinds_of(campaign)
    )
    missing = areas.exclude(pk__in=Unit.objects.areas().values("seat")).in_vietnamese_order()
    units = [
        Unit(
            province=campaign.province,
            seat=area,
            kind=area.kind,
            code=area.code,
            name=area.name,
            created_at=at,
            created_by=by,
        )
        for area in missing
    ]
    if not units:
        return 0
    for unit in units:
        unit.write_search()
    with acting(by=by, reason=f"Đưa các địa bàn vào danh sách đơn vị thi đua: {campaign.short_title}"):
        return len(Unit.objects.bulk_create(units, ignore_conflicts=True))


def refresh_area_units(*, by: User, at: datetime) -> int:
    """Make units of the areas that came since, in every campaign that is not over; returns how many."""
    on = timezone.localdate(at)
    running = Campaign.objects.annotate(ends=Max("phases__last_day")).filter(
        Q(ends__isnull=True) | Q(ends__gte=on)
    )
    return sum(add_area_units(campaign=campaign, on=on, by=by, at=at) for campaign in running.order_by("pk"))
