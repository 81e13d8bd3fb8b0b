"""The pages of the risk map. Public: who is looking only decides which province opens first."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from core.models import Area
from riskmap.history import DayNotKnown
from riskmap.map_page import LAYERS, assessed_provinces, choose_province, map_of_day
from riskmap.map_words import map_words

_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WRITTEN_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


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
    here = urlencode({"province": page.province.code, "day": page.day, "layer": layer})
    context = {
        "page": page,
        "provinces": [each.province for each in provinces],
        "chosen": page.row_of(chosen),
        "words": map_words(),
        # Written once for hundreds of rows: an area's code is plain and ends both addresses.
        "row_address": f"?{here}&area=",
        "area_root": reverse("riskmap:area", args=["0"]).removesuffix("0/"),
        "tile_url": settings.MAP_TILE_URL,
        "tile_attribution": settings.MAP_TILE_ATTRIBUTION,
    }
    return render(request, "riskmap/map.html", context)


def wanted_day(request: HttpRequest) -> date | None:
    """The day of the address, 2021-07-12 or as people write it, 12/07/2021; ``None`` when it names none.

    Anything else is refused: never another day silently.
    """
    text = request.GET.get("day", "")
    if not text:
        return None
    if found := _ISO_DAY.fullmatch(text):
        year, month, day = found.groups()
    elif found := _WRITTEN_DAY.fullmatch(text):
        day, month, year = found.groups()
    else:
        raise BadRequest(f"day: {text!r}")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadRequest(f"day: {text!r}") from None
