"""What the campaign adds to a place: ``{% feedback_box area %}``, ``{% zone_of area day as zone %}``."""

from __future__ import annotations

from datetime import date

from django import template
from django.db.models import Q

from campaign.feedback import published_about
from campaign.models import RecognisedZone
from core.enums import AreaKind
from core.models import Area

register = template.Library()
SHOWN_AT_MOST = 20


@register.inclusion_tag("campaign/_feedback_box.html")
def feedback_box(area: Area) -> dict[str, object]:
    """What was published about a commune, and the way to write about it; nothing for other areas."""
    if area.kind != AreaKind.COMMUNE:
        return {}
    return {"area": area, "published": published_about(area)[:SHOWN_AT_MOST]}


@register.simple_tag
def zone_of(area: Area, day: date) -> RecognisedZone | None:
    """The zone that the area is on the day, if it is recognised as one."""
    standing = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    zones = RecognisedZone.objects.filter(standing, unit__seat=area, recognised_on__lte=day)
    return zones.select_related("campaign").order_by("-recognised_on").first()
