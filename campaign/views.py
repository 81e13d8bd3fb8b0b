"""Campaigns as everybody reads them: the list, and a plan in plain words."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaign.campaign_now import now_of
from campaign.campaign_page import campaigns_by_province, page_of_campaign
from campaign.days import counts_for
from campaign.forms import DayForm
from campaign.models import Campaign
from core.access import Permission, can, can_anywhere
from riskmap.addresses import refuse_repeated


@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "provinces": campaigns_by_province(on=today),
        "may_open": can_anywhere(request.user, Permission.MANAGE_CAMPAIGNS, on=today),
    }
    return render(request, "campaign/campaigns.html", context)


@require_safe
def show_campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """``?day=``: the plan, and which phase that day counts for."""
    refuse_repeated(request)
    today = timezone.localdate()
    campaign = campaign_or_404(slug)
    page = page_of_campaign(campaign, on=today)
    form = DayForm(request.GET if "day" in request.GET else None)
    context = {
        "page": page,
        "now": now_of(page, on=today),
        "campaign": campaign,
        "day_form": form,
        "counts_for": counts_for(page.phases, form.cleaned_data["day"]) if form.is_valid() else "",
        "may_manage": can(request.user, Permission.MANAGE_CAMPAIGNS, campaign.province, on=today),
        "trail": trail(campaign),
    }
    return render(request, "campaign/campaign.html", context, status=400 if form.errors else 200)


def campaign_or_404(slug: str) -> Campaign:
    campaign = Campaign.objects.filter(slug=slug).select_related("province").first()
    if campaign is None:
        raise Http404(_("Không có phong trào thi đua này."))
    return campaign


def trail(campaign: Campaign, *steps: str) -> list[tuple[str, str]]:
    """Breadcrumbs from the list of campaigns; the last one is a name alone."""
    campaigns = (reverse("campaign:campaigns"), _("Thi đua"))
    if not steps:
        return [campaigns, ("", campaign.short_title)]
    return [campaigns, (campaign.get_absolute_url(), campaign.short_title), *(("", step) for step in steps)]
