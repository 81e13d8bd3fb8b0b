"""The page of one area."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from core.access import Permission, can
from core.enums import AreaKind
from riskmap.addresses import refuse_repeated
from riskmap.area_declared import declared_of_area
from riskmap.area_identity import area_of_day
from riskmap.area_page import COUNTED_KINDS, AreaPage, page_of_area
from riskmap.enums import MapView
from riskmap.history import DayNotKnown
from riskmap.viewpoint import UnclearViewpoint, Viewpoint, read_viewpoint
from riskmap.views import wanted_day


@require_safe
@gzip_page
def show_area(request: HttpRequest, code: str) -> HttpResponse:
    """An area over time, and why it has its level: ``?day=`` (the last one seen), ``?as_of=`` (known now)."""
    refuse_repeated(request)
    now = timezone.now()
    day = wanted_day(request)
    area = area_of_day(code=code, day=day)
    if area is None:
        raise Http404(_("Không có đơn vị mang mã này vào ngày đó."))
    try:
        viewpoint = read_viewpoint(request.GET.get("as_of"), at=now)
    except UnclearViewpoint as refusal:
        context = {"area": area, "message": refusal.message, "asked": True}
        return render(request, "riskmap/area_empty.html", context, status=400)
    try:
        page = page_of_area(area=area, day=day, viewpoint=viewpoint, on=timezone.localdate(now))
    except DayNotKnown as refusal:
        asked = day is not None or viewpoint != Viewpoint()
        context = {"area": area, "message": refusal.message, "asked": asked}
        return render(request, "riskmap/area_empty.html", context, status=404 if asked else 200)
    declared = declared_of_area(area=area, user=request.user, on=timezone.localdate(now))
    context = {
        "page": page,
        "area": area,
        "declared": declared,
        "may_enter": area.kind in (AreaKind.DISTRICT, AreaKind.COMMUNE)
        and can(request.user, Permission.ENTER_COUNTS, area, on=timezone.localdate(now)),
        "works_here": area.kind in COUNTED_KINDS
        and can(request.user, Permission.VIEW_WORKING, area, on=timezone.localdate(now)),
        "breadcrumbs": _breadcrumbs(page),
    }
    return render(request, "riskmap/area_detail.html", context)


def _breadcrumbs(page: AreaPage) -> list[tuple[str, str]]:
    """The way from the map to the area, each page on the same day and from the same viewpoint."""
    view = MapView.PUBLISHED if page.is_published else MapView.KNOWN
    on_map = {"province": page.province.code, "day": page.day.isoformat(), "view": view}
    above = [
        (f"{reverse('riskmap:area', args=[each.code])}?{page.query}", each.name) for each in page.parents
    ]
    return [(reverse("riskmap:map", query=on_map), _("Bản đồ")), *above, ("", page.area.name)]
