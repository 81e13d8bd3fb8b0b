"""How the province does as a whole: the league of its districts, and the way to a green map."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from campaign.league import league_of
from campaign.league_page import page_of_progress, registered_share
from campaign.views_standings import (
    around,
    board_asked,
    nothing_to_show,
    phase_or_404,
    trail_of,
    unchanged_is_not_sent,
)
from riskmap.addresses import refuse_repeated
from riskmap.enums import MapView


@require_safe
@gzip_page
@unchanged_is_not_sent
def show_league(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """``?view=&day=``: the districts by what their communes came to."""
    refuse_repeated(request)
    phase = phase_or_404(slug, code)
    page = board_asked(request, phase)
    context = {
        **around(phase),
        "page": page,
        "room": "league",
        "trail": trail_of(phase.campaign, phase, _("Các huyện")),
    }
    if page.table is None:
        return nothing_to_show(request, context)
    context |= {"districts": league_of(page.table), "registered": registered_share(page.table)}
    return render(request, "campaign/standings_league.html", context)


@require_safe
@gzip_page
@unchanged_is_not_sent
def show_progress(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """``?view=``: the communes of each colour, day by day."""
    refuse_repeated(request)
    phase = phase_or_404(slug, code)
    view = request.GET.get("view")
    if view is not None and view not in MapView.values:
        raise BadRequest(f"view: {view!r}")
    page = page_of_progress(phase=phase, view=MapView(view) if view else None, on=timezone.localdate())
    context = {
        **around(phase),
        "page": page,
        "room": "progress",
        "trail": trail_of(phase.campaign, phase, _("Xanh hóa bản đồ")),
    }
    return render(request, "campaign/standings_progress.html", context)
