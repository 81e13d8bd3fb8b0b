"""Workbooks that go out: the template to fill, and what people entered, in the same form."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import Permission, areas_where, require
from core.enums import AreaKind
from core.errors import DomainError
from core.finding import province_of
from core.models import Area
from riskmap.addresses import refuse_repeated
from riskmap.entry_source import known_entry_source
from riskmap.forms_facts import units_of_day
from riskmap.imports.cells import EPIDEMIC_BEGAN
from riskmap.imports.export import export_counts
from riskmap.imports.template import MEDIA_TYPE, make_template
from riskmap.views import wanted_day


@require_safe
@require(Permission.ENTER_COUNTS)
def import_template(request: HttpRequest, code: str) -> HttpResponse:
    """The workbook to fill for the communes of an area on ``?day=``, today by default."""
    refuse_repeated(request)
    today = timezone.localdate()
    day = wanted_day(request) or today
    if not EPIDEMIC_BEGAN <= day <= today:
        raise BadRequest(f"day: {day}")
    area = _area_or_404(request, code, Permission.ENTER_COUNTS, day)
    return hand_out(make_template(area=area, day=day), f"mau-so-ca-{area.code}-{day}.xlsx", MEDIA_TYPE)


@require_safe
@require(Permission.VIEW_WORKING)
def counts_export(request: HttpRequest, code: str) -> HttpResponse:
    """What people entered for an area from ``?from=`` to ``?to=``, in the form of the template."""
    refuse_repeated(request)
    today = timezone.localdate()
    last = wanted_day(request, "to") or today
    first = wanted_day(request, "from") or last
    area = _area_or_404(request, code, Permission.VIEW_WORKING, last)
    source = known_entry_source(province=province_of(area))
    try:
        content = export_counts(area=area, source=source, first=first, last=last)
    except DomainError as refusal:
        return render(request, "core/refused.html", {"message": refusal.message}, status=400)
    return hand_out(content, f"so-ca-{area.code}-{first}-{last}.xlsx", MEDIA_TYPE)


def hand_out(content: bytes, name: str, media_type: str) -> HttpResponse:
    """A file to save under ``name``; what it holds is for this person only."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _area_or_404(request: HttpRequest, code: str, permission: Permission, day: date) -> Area:
    areas = areas_where(request.user, permission, on=timezone.localdate()).exclude(kind=AreaKind.HAMLET)
    area = units_of_day(areas, day).filter(code=code).first() if "\0" not in code else None
    if area is None:
        raise Http404(_("Trong địa bàn của bạn không có đơn vị mang mã này vào ngày đó."))
    return area
