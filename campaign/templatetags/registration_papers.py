"""Which lists of registrations the reader of a page may have: of the province, or of districts."""

from __future__ import annotations

from django import template
from django.template import RequestContext
from django.utils import timezone

from campaign.models import Campaign
from core.access import Permission, areas_where, can
from core.enums import AreaKind
from core.models import Area

register = template.Library()


@register.inclusion_tag("campaign/_registration_lists.html", takes_context=True)
def registration_lists(context: RequestContext, campaign: Campaign) -> dict:
    """Links to the list of the widest areas over which one sees what is being worked on."""
    user, today = context["request"].user, timezone.localdate()
    districts: list[Area] = []
    whole = can(user, Permission.VIEW_WORKING, campaign.province, on=today)
    if not whole and user.is_authenticated:
        own = areas_where(user, Permission.VIEW_WORKING, on=today).of_kind(AreaKind.DISTRICT)
        districts = list(own.hanging_from(campaign.province).in_vietnamese_order())
    return {"campaign": campaign, "whole": whole, "districts": districts}
