"""The page of one area."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from riskmap.area_page import AreaPage, area_of_day, page_of_area
from riskmap.history import DayNotKnown
from riskmap.views import wanted_day


@require_safe
@gzip_page
def show_area(request: HttpRequest, code: str) -> HttpResponse:
    """An area over time, and why it has its level on ``?day=``, the last day shown by default."""
    today = timezone.localdate()
    day = wanted_day(request)
    area = area_of_day(code=code, day=day)
    if area is None:
        raise Http404(_("Không có đơn vị mang mã này vào ngày đó."))
    try:
        page = page_of_area(area=area, day=day, on=today)
    except DayNotKnown as refusal:
        if day is not None:
            raise Http404(refusal.message) from refusal
        return render(request, "riskmap/area_empty.html", {"area": area, "message": refusal.message})
    context = {"page": page, "area": area, "breadcrumbs": _breadcrumbs(page)}
    return render(request, "riskmap/area_detail.html", context)


def _breadcrumbs(page: AreaPage) -> list[tuple[str, str]]:
    """The way from the map to the area, each page on the same day."""
    day = {"day": page.day.isoformat()}
    to_map = reverse("riskmap:map", query={"province": page.province.code, **day})
    above = [(reverse("riskmap:area", args=[each.code], query=day), each.name) for each in page.parents]
    return [(to_map, _("Bản đồ")), *above, ("", page.area.name)]
