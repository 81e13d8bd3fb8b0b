"""The map page. Public: who is looking only decides which place opens first."""

from __future__ import annotations

import re
from datetime import date, datetime
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
from riskmap.edition_state import edition_state
from riskmap.enums import MapView
from riskmap.history import DayNotKnown
from riskmap.map_page import LAYERS, MapOfDay, assessed_provinces, choose_province, map_of_day, own_place
from riskmap.map_words import map_words
from riskmap.viewpoint import UnclearViewpoint, read_viewpoint

_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WRITTEN_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
MODES = ("", "projector")
#: Whoever names one of these has chosen a place already.
_PLACES = ("province", "layer", "district", "area")


@require_safe
@gzip_page
def show_map(request: HttpRequest) -> HttpResponse:
    """The province's map of a day: ``?province=&day=&layer=&view=&compare=&district=&area=&mode=``.

    ``as_of=`` takes the names of the views too, or the instant that the known view is to be of.
    """
    today = timezone.localdate()
    provinces = assessed_provinces()
    code = request.GET.get("province")
    assessment = choose_province(provinces, code=code, user=request.user, on=today)
    if assessment is None:
        if code:
            raise Http404(_("Không có bản đồ của tỉnh mang mã này."))
        return render(request, "riskmap/map_empty.html", {"has_areas": Area.objects.exists()})
    layer = _one_of(request, "layer", LAYERS) or LAYERS[0]
    view, instant = _wanted_view(request)
    mode = _one_of(request, "mode", MODES)
    try:
        page = map_of_day(
            assessment=assessment,
            day=wanted_day(request),
            layer=layer,
            on=today,
            view=view,
            compare=wanted_day(request, "compare"),
            instant=instant,
        )
    except DayNotKnown as refusal:
        raise Http404(refusal.message) from refusal
    district, chosen = request.GET.get("district", ""), request.GET.get("area", "")
    if not any(name in request.GET for name in _PLACES):
        district, chosen = own_place(page.province.code, user=request.user, on=today)
    _choose(page, district=district, chosen=chosen)
    context = {
        "page": page,
        "provinces": [each.province for each in provinces],
        "words": map_words(),
        "mode": mode,
        "state": edition_state(province=page.province, at=timezone.now()),
        # Written once for hundreds of rows: an area's code is plain and ends both addresses.
        "row_address": f"?{_here(page)}&area=",
        "area_root": reverse("riskmap:area", args=["0"]).removesuffix("0/"),
        "tile_url": settings.MAP_TILE_URL,
        "tile_attribution": settings.MAP_TILE_ATTRIBUTION,
    }
    return render(request, "riskmap/map.html", context)


def _wanted_view(request: HttpRequest) -> tuple[str | None, datetime | None]:
    """The view of the address, and the instant of ``as_of``, which also takes the names of the views."""
    view, as_of = _one_of(request, "view", tuple(MapView)), request.GET.get("as_of")
    if not as_of or as_of in tuple(MapView):
        return view or as_of or None, None
    if view == MapView.PUBLISHED:
        return view, None
    try:
        return view, read_viewpoint(as_of, at=timezone.now()).instant
    except UnclearViewpoint as refusal:
        raise BadRequest(refusal.message) from refusal


def _one_of(request: HttpRequest, name: str, choices: tuple[str, ...]) -> str | None:
    """The parameter, ``None`` when it is not given. Raises ``BadRequest`` for any other value."""
    value = request.GET.get(name)
    if value is not None and value not in choices:
        raise BadRequest(f"{name}: {value!r}")
    return value


def _choose(page: MapOfDay, *, district: str, chosen: str) -> None:
    """Put the places asked for on the page. Raises ``Http404`` for one that the map does not have."""
    found = page.row_of(district, "district") if district else None
    area = page.row_of(chosen) if chosen else None
    if (district and found is None) or (chosen and area is None):
        raise Http404(_("Không có đơn vị mang mã này trên bản đồ."))
    page.district, page.chosen = found, area


def _here(page: MapOfDay) -> str:
    """The query of what is shown, but for the area chosen."""
    here = {
        "province": page.province.code,
        "day": page.day,
        "layer": page.layer,
        "view": page.view,
        "as_of": page.knowledge and timezone.localtime(page.knowledge.instant).isoformat(),
        "compare": page.compare,
        "district": page.district and page.district.code,
    }
    return urlencode({name: value for name, value in here.items() if value})


def wanted_day(request: HttpRequest, name: str = "day") -> date | None:
    """The day of the address, 2021-07-12 or as people write it, 12/07/2021; ``None`` when it names none.

    Anything else is refused: never another day silently.
    """
    text = request.GET.get(name, "")
    if not text:
        return None
    if found := _ISO_DAY.fullmatch(text):
        year, month, day = found.groups()
    elif found := _WRITTEN_DAY.fullmatch(text):
        day, month, year = found.groups()
    else:
        raise BadRequest(f"{name}: {text!r}")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadRequest(f"{name}: {text!r}") from None
