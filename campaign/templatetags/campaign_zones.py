"""Green zones and targets on the map's page: ``{% zones_address province as address %}``."""

from django import template
from django.urls import reverse
from django.utils import timezone

from campaign.map_targets import targets_of
from campaign.models import Campaign, RecognisedZone
from core.models import Area
from riskmap.history import DayLevel

register = template.Library()


@register.simple_tag
def zones_address(province: Area) -> str:
    """Where the recognised zones of a province are told; empty while there was none."""
    if RecognisedZone.objects.filter(campaign__province=province).exists():
        return f"/api/v1/zones/?province={province.code}"
    return ""


@register.simple_tag
def zones_pages(province: Area) -> list[tuple[str, str]]:
    """Name and page of the campaigns of a province that recognise zones, the newest first."""
    campaigns = Campaign.objects.filter(province=province, zones__isnull=False).distinct().newest_first()
    return [(each.short_title, reverse("campaign:zones", args=[each.slug])) for each in campaigns]


@register.simple_tag
def registered_targets(province: Area) -> dict[str, str]:
    """By code of the area, what it registered for; see ``campaign.map_targets``."""
    return targets_of(province, on=timezone.localdate())


@register.filter
def target_of(targets: dict[str, str], chosen: DayLevel | None) -> str:
    """What the chosen area registered; nothing where none is chosen."""
    return targets.get(chosen.code, "") if chosen else ""
