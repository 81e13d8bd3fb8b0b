"""The pages of the risk map. Public: nothing here asks who is looking, except to open on their own province."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from core.models import Area
from riskmap.history import DayNotKnown
from riskmap.map_page import LAYERS, assessed_provinces, choose_province, map_of_day
from riskmap.map_words import map_words


@require_safe
@gzip_page
def show_map(request: HttpRequest) -> HttpResponse:
    """The province's map of a day: ``?province=``, ``?day=``, ``?layer=``, ``?area=``."""
    today = timezone.localdate()
    provinces = assessed_provinces()
    code = request.GET.get("province")
    assessment = choose_province(provinces, code=code, user=request.user, on=today)
    if assessment is None:
        if code:
            raise Http404(_("Không có bản đồ của tỉnh mang mã này."))
        return render(request, "riskmap/map_empty.html", {"has_areas": Area.objects.exists()})
    layer = request.GET.get("layer", LAYERS[0])
    if layer not in LAYERS:
        raise BadRequest(f"layer: {layer!r}")
    try:
        page = map_of_day(assessment=assessment, day=wanted_day(request), layer=layer, on=today)
    except DayNotKnown as refusal:
        raise Http404(refusal.message) from refusal
    chosen = request.GET.get("area", "")
    if chosen and page.row_of(chosen) is None:
        raise Http404(_("Không có đơn vị mang mã này trên bản đồ."))
    context = {
        "page": page,
        "provinces": [each.province for each in provinces],
        "chosen": page.row_of(chosen),
        "words": map_words(),
        "tile_url": settings.MAP_TILE_URL,
        "tile_attribution": settings.MAP_TILE_ATTRIBUTION,
    }
    return render(request, "riskmap/map.html", context)


def wanted_day(request: HttpRequest) -> date | None:
    """The day of the address, ``None`` when it names none; anything that is no date is refused."""
    text = request.GET.get("day", "")
    if not text:
        return None
    try:
        if len(text) != len("2021-07-12"):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest(f"day: {text!r}") from None


@require_safe
def show_area(request: HttpRequest, code: str) -> HttpResponse:
    raise Http404
