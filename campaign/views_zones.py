"""Recognised green zones, as everybody sees them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaign.views import campaign_or_404, trail
from campaign.zones_page import zones_of


@require_safe
def zone_list(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = campaign_or_404(slug)
    context = {
        "campaign": campaign,
        "page": zones_of(campaign),
        "trail": trail(campaign, _("Vùng xanh được công nhận")),
    }
    return render(request, "campaign/zones.html", context)
