"""Green zones on the pages of the map: ``{% zones_address province as address %}``."""

from django import template
from django.urls import reverse

from campaign.models import Campaign, RecognisedZone
from core.models import Area

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
