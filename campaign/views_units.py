"""Units: the list of one's own areas, one unit, writing, closing and opening it again, near duplicates."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaign.forms_units import CloseForm, UnitFilterForm, UnitForm
from campaign.models import Unit
from campaign.near_units import pairs_among
from campaign.units import UnitChanged, UnitRefused, close_unit, reopen, save_unit
from campaign.units_page import counts_by_kind, page_of_unit
from core.access import Permission, areas_where, can_anywhere, require
from core.errors import DomainError
from core.finding import province_of
from riskmap.addresses import page_asked, refuse_repeated
from riskmap.import_page import places_to_fill

UNITS_A_PAGE = 50


@require_safe
@require(Permission.VIEW_WORKING)
def unit_list(request: HttpRequest) -> HttpResponse:
    """``?kind=&area=&q=&closed=&page=``: the units of my areas, in Vietnamese order."""
    refuse_repeated(request)
    today = timezone.localdate()
    areas = areas_where(request.user, Permission.VIEW_WORKING, on=today).select_related("parent")
    form = UnitFilterForm(request.GET, areas=areas.order_by("path"))
    mine = Unit.objects.for_user(request.user, Permission.VIEW_WORKING, on=today)
    units = form.narrow(mine).select_related("seat__parent").in_vietnamese_order()
    context = {
        "form": form,
        "page": page_asked(request, units, size=UNITS_A_PAGE),
        "counts": counts_by_kind(form.narrow(mine, kind=False)),
        "may_write": can_anywhere(request.user, Permission.REGISTER_UNITS, on=today),
        "places": places_to_fill(request.user, on=today, permission=Permission.REGISTER_UNITS),
    }
    return render(request, "campaign/units.html", context, status=400 if form.errors else 200)


@require_safe
def show_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """A unit as everybody sees it; who leads it for those who work there."""
    unit = Unit.objects.select_related("province", "seat__parent", "closed_by").filter(pk=unit_id).first()
    if unit is None:
        raise Http404(_("Không có đơn vị này."))
    page = page_of_unit(unit=unit, user=request.user, on=timezone.localdate())
    context = {"page": page, "unit": unit, "close_form": CloseForm(), "trail": _trail(request, unit.name)}
    answer = render(request, "campaign/unit.html", context)
    if page.inside:
        answer["Cache-Control"] = "no-store"
    return answer


@require(Permission.REGISTER_UNITS)
def unit_new(request: HttpRequest) -> HttpResponse:
    return _write(request, Unit(), _("Thêm cơ quan, tổ chức"))


@require(Permission.REGISTER_UNITS)
def unit_edit(request: HttpRequest, unit_id: int) -> HttpResponse:
    unit = _mine_or_404(request, unit_id)
    return _write(request, unit, unit.name)


@require_POST
@require(Permission.REGISTER_UNITS)
def unit_close(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Take a unit out of the list; refused, its page says why and keeps the reason."""
    unit, form = _mine_or_404(request, unit_id), CloseForm(request.POST)
    if form.is_valid():
        try:
            close_unit(unit=unit, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã cho ngừng hoạt động."))
            return redirect(unit)
    page = page_of_unit(unit=unit, user=request.user, on=timezone.localdate())
    context = {"page": page, "unit": unit, "close_form": form, "trail": _trail(request, unit.name)}
    return render(request, "campaign/unit.html", context)


@require_POST
@require(Permission.REGISTER_UNITS)
def unit_reopen(request: HttpRequest, unit_id: int) -> HttpResponse:
    unit = _mine_or_404(request, unit_id)
    try:
        reopen(unit=unit, by=request.user, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đơn vị hoạt động trở lại."))
    return redirect(unit)


@require_safe
@require(Permission.REGISTER_UNITS)
def near_list(request: HttpRequest) -> HttpResponse:
    """``?page=``: pairs of organisations that may be one, one of them in my areas."""
    refuse_repeated(request)
    today = timezone.localdate()
    mine = Unit.objects.for_user(request.user, Permission.REGISTER_UNITS, on=today)
    provinces = {
        province_of(place)
        for place in places_to_fill(request.user, on=today, permission=Permission.REGISTER_UNITS)
    }
    pairs = [
        pair
        for province in sorted(provinces, key=lambda each: each.sort_key)
        for pair in pairs_among(province=province, own=mine)
    ]
    context = {
        "page": page_asked(request, pairs, size=UNITS_A_PAGE),
        "trail": _trail(request, _("Tên gần giống nhau")),
    }
    return render(request, "campaign/units_near.html", context)


def _write(request: HttpRequest, unit: Unit, title: str) -> HttpResponse:
    today = timezone.localdate()
    areas = areas_where(request.user, Permission.REGISTER_UNITS, on=today)
    data = request.POST if request.method == "POST" else None
    form = UnitForm(data, instance=unit, areas=areas, today=today)
    conflict = []
    if form.is_valid():
        try:
            read = form.cleaned_data["read_version"] or 0
            save_unit(unit=form.instance, version=read, by=request.user, at=timezone.now())
        except UnitRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        except UnitChanged as refusal:
            form.add_error(None, refusal.message)
            conflict = form.theirs()
            form.data = form.data.copy()
            form.data["read_version"] = form.stored.version  # once more over what is shown now
        else:
            messages.success(request, _("Đã ghi."))
            return redirect(form.instance)
    context = {
        "form": form,
        "unit": form.stored,
        "title": title,
        "conflict": conflict,
        "trail": _trail(request, title),
    }
    return render(request, "campaign/unit_edit.html", context)


def _mine_or_404(request: HttpRequest, unit_id: int) -> Unit:
    mine = Unit.objects.for_user(request.user, Permission.REGISTER_UNITS, on=timezone.localdate())
    unit = mine.select_related("province", "seat__parent").filter(pk=unit_id).first()
    if unit is None:
        raise Http404(_("Trong địa bàn của bạn không có đơn vị này."))
    return unit


def _trail(request: HttpRequest, here: str) -> list[tuple[str, str]]:
    """Breadcrumbs from the list of units for those who may read it, from the campaigns for others."""
    if can_anywhere(request.user, Permission.VIEW_WORKING, on=timezone.localdate()):
        return [(reverse("campaign:units"), _("Đơn vị thi đua")), ("", here)]
    return [(reverse("campaign:campaigns"), _("Thi đua")), ("", here)]
