"""Finding one's place: the search by name or code, and the hamlets of a commune."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from core.enums import AreaKind
from riskmap.addresses import page_asked, refuse_repeated, trail_from_map
from riskmap.area_identity import area_of_day
from riskmap.hamlets import hamlets_of
from riskmap.history import DayNotKnown
from riskmap.search import UnclearQuery, search_areas, with_levels
from riskmap.views import wanted_day

FOUND_A_PAGE = 30


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """``?q=``: areas by name without diacritics, by code or by a former name, page by page."""
    refuse_repeated(request)
    text = request.GET.get("q", "")
    context = {"q": text, "asked": "q" in request.GET}
    status = 200
    if context["asked"]:
        try:
            page = page_asked(request, search_areas(text), size=FOUND_A_PAGE)
        except UnclearQuery as refusal:
            context["refusal"] = refusal.message
            status = 400 if text.strip() else 200  # an empty box is a beginning, not a mistake
        else:
            context["page"] = page
            context["found"] = with_levels(list(page), on=timezone.localdate())
    return render(request, "riskmap/search.html", context, status=status)


@require_safe
@gzip_page
def show_hamlets(request: HttpRequest, code: str) -> HttpResponse:
    """The hamlets of a commune on ``?day=``, the last day shown by default."""
    refuse_repeated(request)
    day = wanted_day(request)
    commune = area_of_day(code=code, day=day)
    if commune is None or commune.kind != AreaKind.COMMUNE:
        raise Http404(_("Không có xã, phường, thị trấn mang mã này vào ngày đó."))
    try:
        page = hamlets_of(commune=commune, day=day, on=timezone.localdate())
    except DayNotKnown as refusal:
        raise Http404(refusal.message) from refusal
    query = {"day": page.day.isoformat()}
    above = [
        (reverse("riskmap:area", args=[each.code], query=query), each.name)
        for each in (commune.parent, commune)
    ]
    context = {
        "page": page,
        "commune": commune,
        "breadcrumbs": trail_from_map(page.province, *above, _("Thôn, khu phố, ấp")),
    }
    return render(request, "riskmap/hamlets.html", context)
