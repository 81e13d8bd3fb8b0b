"""The map for other sites' pages: the one place of the portal that may stand in a frame."""

from __future__ import annotations

from http import HTTPStatus

from csp.decorators import csp_replace
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from riskmap.enums import MapView
from riskmap.history import DayNotKnown, period_of
from riskmap.map_page import LAYERS, MapOfDay, assessed_provinces, map_of_day
from riskmap.map_words import map_words
from riskmap.views import wanted_day

CHOICES = {
    "view": tuple(MapView),
    "layer": LAYERS,
    "slider": ("1", "0"),
    "lang": tuple(code for code, _name in settings.LANGUAGES),
}


@require_safe
@gzip_page
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@cache_control(public=True, max_age=30)
def embed_map(request: HttpRequest, code: str) -> HttpResponse:
    """One province's map without header and footer: ``?day=&view=&layer=&slider=1&lang=en``.

    The same for everyone: no cookie is read or set. What is wrong is said inside the frame as well, since a
    page that may not be framed would only show that it may not.
    """
    chosen = request.GET.get("lang", settings.LANGUAGE_CODE)
    language = chosen if chosen in CHOICES["lang"] else settings.LANGUAGE_CODE
    with translation.override(language):
        status, context = HTTPStatus.OK, {}
        try:
            context = {"page": _page(request, code), "slider": request.GET.get("slider") == "1"}
            context |= {"words": map_words(), "language": language}
        except (Http404, DayNotKnown) as trouble:
            status, context["problem"] = HTTPStatus.NOT_FOUND, str(trouble)
        except BadRequest:
            status = HTTPStatus.BAD_REQUEST
            context["problem"] = _("Địa chỉ của bản đồ nhúng không đúng: xem tài liệu API, mục nhúng bản đồ.")
        response = HttpResponse(render_to_string("riskmap/embed.html", context), status=status)
    response["Content-Language"] = language
    return response


def _page(request: HttpRequest, code: str) -> MapOfDay:
    """Raises ``Http404``, ``DayNotKnown`` and ``BadRequest``: never another map than the one asked for."""
    for name, choices in CHOICES.items():
        if name in request.GET and request.GET[name] not in choices:
            raise BadRequest(f"{name}: {request.GET[name]!r}")
    today = timezone.localdate()
    found = [each for each in assessed_provinces() if each.province.code == code]
    if not found:
        raise Http404(_("Không có bản đồ của tỉnh mang mã này."))
    page = map_of_day(
        assessment=found[0],
        day=wanted_day(request),
        layer=request.GET.get("layer", LAYERS[0]),
        on=today,
        view=request.GET.get("view"),
    )
    if not page.has_day:
        day = {"day": f"{page.day:%d/%m/%Y}"}
        raise DayNotKnown(
            _("Ngày %(day)s không có bản đồ công bố.") % day
            if page.shows_published
            else _("Chưa có số liệu của ngày %(day)s.") % day
        )
    # The slider keeps to the days of the view.
    page.first_day, page.last_day = period_of(page.assessment, on=today)
    if page.shows_published:
        page.first_day, page.last_day = page.editions[0].day, page.editions[-1].day
    return page
