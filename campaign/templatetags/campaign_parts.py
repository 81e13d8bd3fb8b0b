"""A unit in its campaign, on pages of others: ``{% unit_standing unit %}``, ``{% area_campaign area %}``."""

from django import template
from django.utils import timezone

from campaign.models import Unit
from campaign.unit_standing import campaign_of_area, standing_of_unit
from core.models import Area

register = template.Library()


@register.inclusion_tag("campaign/_unit_standing.html")
def unit_standing(unit: Unit) -> dict:
    """Where the unit stands; the page has area.css and standings.css."""
    return {"standing": standing_of_unit(unit, on=timezone.localdate()), "unit": unit}


@register.inclusion_tag("campaign/_area_campaign.html")
def area_campaign(area: Area) -> dict:
    """The area as a unit: what it registered, where it stands, whether it is recognised, what it did."""
    return {"told": campaign_of_area(area, on=timezone.localdate()), "area": area}
