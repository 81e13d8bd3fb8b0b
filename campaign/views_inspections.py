"""Inspections: the list, planning one, and one with what was found and what is to be put right."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaign.enums import InspectionStatus
from campaign.follow_ups import add_follow_up
from campaign.forms_inspections import (
    CancelForm,
    FollowUpForm,
    InspectionFilterForm,
    InspectionForm,
    VisitForm,
)
from campaign.inspection_page import (
    campaigns_inspected,
    inspection_with_all,
    inspections_seen,
    lines_of,
    may_record,
)
from campaign.inspections import (
    InspectionChanged,
    InspectionRefused,
    cancel_inspection,
    departments_of,
    plan_inspection,
    record_visit,
)
from campaign.models import Inspection, Unit
from core.access import Permission, can, can_anywhere, require
from riskmap.addresses import page_asked, refuse_repeated

INSPECTIONS_A_PAGE = 30


@require_safe
@require(Permission.VIEW_WORKING)
def inspection_list(request: HttpRequest) -> HttpResponse:
    """``?state=&q=``: the inspections of units in my areas."""
    refuse_repeated(request)
    today = timezone.localdate()
    form = InspectionFilterForm({name: request.GET.get(name, "") for name in ("state", "q")})
    rows = form.narrow(inspections_seen(request.user, on=today), user=request.user)
    context = {
        "form": form,
        "page": page_asked(request, rows, size=INSPECTIONS_A_PAGE),
        "today": today,
        "may_plan": can_anywhere(request.user, Permission.INSPECT, on=today),
    }
    return render(request, "campaign/inspections.html", context, status=400 if form.errors else 200)


@require(Permission.INSPECT)
def inspection_new(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    units = Unit.objects.for_user(request.user, Permission.INSPECT, on=today).open()
    form = InspectionForm(
        request.POST if request.method == "POST" else None,
        initial={"unit": request.GET.get("unit", ""), "planned_on": today},
        campaigns=campaigns_inspected(request.user, on=today),
        units=units.select_related("seat__parent").in_vietnamese_order(),
        departments=departments_of(request.user, on=today),
    )
    if form.is_valid():
        try:
            inspection = plan_inspection(**form.cleaned_data, by=request.user, at=timezone.now())
        except InspectionRefused as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Đã lập kế hoạch kiểm tra và báo cho cán bộ của đơn vị."))
            return redirect(inspection)
    context = {"form": form, "trail": _trail(_("Lập kế hoạch kiểm tra"))}
    return render(request, "campaign/inspection_new.html", context)


@require_safe
@require(Permission.VIEW_WORKING)
def show_inspection(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _inspection_or_404(request, pk, Permission.VIEW_WORKING))


@require(Permission.INSPECT)
def inspection_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what was found; what somebody else recorded meanwhile is shown beside what was typed."""
    inspection, at = _inspection_or_404(request, pk, Permission.INSPECT), timezone.now()
    form = VisitForm(
        *((request.POST, request.FILES) if request.method == "POST" else (None, None)),
        initial={
            "visited_on": inspection.visited_on or timezone.localdate(at),
            "findings": inspection.findings,
            "report": inspection.report,
            "version": inspection.version,
        },
        area=inspection.unit.seat,
        by=request.user,
        at=at,
    )
    theirs = None
    if form.is_valid():
        try:
            record_visit(inspection=inspection, **form.cleaned_data, by=request.user, at=at)
        except InspectionChanged as refusal:
            form.add_error(None, refusal.message)
            theirs = _inspection_or_404(request, pk, Permission.INSPECT)
            form.see(theirs)
        except InspectionRefused as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Đã ghi kết quả và báo cho cán bộ của đơn vị."))
            return redirect(inspection)
    name = inspection.unit.name
    trail = _trail((inspection.get_absolute_url(), name), _("Ghi kết quả"))
    context = {"form": form, "inspection": inspection, "theirs": theirs, "trail": trail}
    return render(request, "campaign/inspection_record.html", context)


@require_POST
@require(Permission.INSPECT)
def inspection_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    inspection, form = _inspection_or_404(request, pk, Permission.INSPECT), CancelForm(request.POST)
    if form.is_valid():
        try:
            cancel_inspection(inspection=inspection, **form.cleaned_data, by=request.user, at=timezone.now())
        except InspectionRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã hủy cuộc kiểm tra."))
            return redirect(inspection)
    # Somebody else may have been quicker: the page shows how it stands now.
    return _page(request, _inspection_or_404(request, pk, Permission.INSPECT), cancel_form=form)


@require_POST
@require(Permission.INSPECT)
def follow_up_new(request: HttpRequest, pk: int) -> HttpResponse:
    inspection, form = _inspection_or_404(request, pk, Permission.INSPECT), FollowUpForm(request.POST)
    if form.is_valid():
        try:
            add_follow_up(inspection=inspection, **form.cleaned_data, by=request.user, at=timezone.now())
        except InspectionRefused as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Đã ghi kiến nghị và báo cho cán bộ của đơn vị."))
            return redirect(inspection)
    return _page(request, inspection, follow_up_form=form)


def _page(request: HttpRequest, inspection: Inspection, **posted: forms.Form) -> HttpResponse:
    today = timezone.localdate()
    records = may_record(inspection, user=request.user, on=today)
    context = {
        "inspection": inspection,
        "lines": lines_of(inspection, on=today),
        "may_record": records,
        "may_cancel": records and inspection.status == InspectionStatus.PLANNED,
        "may_ask": records and inspection.status == InspectionStatus.VISITED,
        "is_late": inspection.status == InspectionStatus.PLANNED and inspection.planned_on < today,
        "cancel_form": CancelForm(),
        "follow_up_form": FollowUpForm(),
        "refused": next((form for form in posted.values() if form.errors), None),
        "may_read_unit": can(request.user, Permission.REGISTER_UNITS, inspection.unit.seat, on=today),
        "trail": _trail(inspection.unit.name),
        **posted,
    }
    return render(request, "campaign/inspection.html", context)


def _inspection_or_404(request: HttpRequest, pk: int, permission: Permission) -> Inspection:
    mine = Inspection.objects.for_user(request.user, permission, on=timezone.localdate())
    inspection = inspection_with_all(mine, pk)
    if inspection is None:
        raise Http404(_("Trong địa bàn của bạn không có cuộc kiểm tra này."))
    return inspection


def _trail(*steps: str | tuple[str, str]) -> list[tuple[str, str]]:
    """Breadcrumbs from the list of inspections; a name alone is no link."""
    inspections = (reverse("campaign:inspections"), _("Các cuộc kiểm tra"))
    return [inspections, *(step if isinstance(step, tuple) else ("", step) for step in steps)]
