"""Conditions of a green zone: whose turn it is, the checklist of a unit, what it says and what was found."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaign.conditions import AnsweredMeanwhile, assess, check, latest_answer
from campaign.conditions_page import checklist_of, units_with_conditions
from campaign.forms_conditions import AssessForm, CheckForm, FindForm
from campaign.models import Campaign, GreenCondition, Unit
from campaign.units import confirming_area
from campaign.views import campaign_or_404
from core.access import Permission, can, can_anywhere, require
from core.errors import DomainError
from riskmap.addresses import page_asked, refuse_repeated

UNITS_A_PAGE = 30
SHOWN = {"unit": "for_unit", "check": "for_check", "all": ""}


@require_safe
@require(Permission.REGISTER_UNITS)
def condition_list(request: HttpRequest) -> HttpResponse:
    """``?show=unit|check|all&q=``: the units of one's own whose turn it is."""
    refuse_repeated(request)
    today = timezone.localdate()
    may_check = can_anywhere(request.user, Permission.CONFIRM_REGISTRATIONS, on=today)
    show = request.GET.get("show", "check" if may_check else "unit")
    if show not in SHOWN:
        raise Http404(_("Danh sách không có trang này."))
    form = FindForm(request.GET)
    name = form.cleaned_data["q"] if form.is_valid() else ""
    rows = units_with_conditions(request.user, on=today, name=name)
    shown = [row for row in rows if show == "all" or getattr(row, SHOWN[show])]
    choices = [("unit", _("Cần tự đánh giá")), ("check", _("Chờ tôi kiểm tra")), ("all", _("Tất cả"))]
    context = {
        "page": page_asked(request, shown, size=UNITS_A_PAGE),
        "form": form,
        "show": show,
        "choices": [choice for choice in choices if may_check or choice[0] != "check"],
        "any_campaign": bool(rows) or bool(name),
    }
    return render(request, "campaign/conditions.html", context)


@require_safe
@require(Permission.VIEW_WORKING)
def unit_conditions(request: HttpRequest, slug: str, unit_id: int) -> HttpResponse:
    campaign, unit = _unit_or_404(request, slug, unit_id, Permission.VIEW_WORKING)
    today = timezone.localdate()
    context = {
        "campaign": campaign,
        "page": checklist_of(campaign, unit),
        "may_assess": can(request.user, Permission.REGISTER_UNITS, unit.seat, on=today),
        "may_check": can(request.user, Permission.CONFIRM_REGISTRATIONS, confirming_area(unit), on=today),
        "trail": _trail(campaign, unit),
    }
    return render(request, "campaign/unit_conditions.html", context)


@require(Permission.REGISTER_UNITS)
def condition_answer(request: HttpRequest, slug: str, unit_id: int, code: str) -> HttpResponse:
    """Say whether the condition is met, with what shows it."""
    campaign, unit = _unit_or_404(request, slug, unit_id, Permission.REGISTER_UNITS)
    condition = _condition_or_404(campaign, code)
    at = timezone.now()
    form = AssessForm(
        request.POST or None,
        request.FILES or None,
        unit=unit,
        condition=condition,
        latest=latest_answer(unit, condition),
        by=request.user,
        at=at,
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            assess(
                unit=unit,
                condition=condition,
                met=said["met"],
                note=said["note"],
                files=form.evidence(),
                seen=said["seen"],
                by=request.user,
                at=at,
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("Đã ghi. Điều kiện chờ cấp trên kiểm tra.") if said["met"] else _("Đã ghi.")
            )
            return _to_checklist(campaign, unit)
    return _form_page(request, campaign, unit, condition, form)


@require(Permission.CONFIRM_REGISTRATIONS)
def condition_check(request: HttpRequest, slug: str, unit_id: int, code: str) -> HttpResponse:
    """Say what was found of what the unit says."""
    campaign, unit = _unit_or_404(request, slug, unit_id, Permission.CONFIRM_REGISTRATIONS)
    condition = _condition_or_404(campaign, code)
    form = CheckForm(request.POST or None, latest=latest_answer(unit, condition))
    if form.is_valid():
        said = form.cleaned_data
        try:
            check(
                unit=unit,
                condition=condition,
                met=said["met"],
                note=said["note"],
                seen=said["seen"],
                by=request.user,
                at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ghi kết quả kiểm tra."))
            return _to_checklist(campaign, unit)
    return _form_page(request, campaign, unit, condition, form)


def _form_page(
    request: HttpRequest,
    campaign: Campaign,
    unit: Unit,
    condition: GreenCondition,
    form: AssessForm | CheckForm,
) -> HttpResponse:
    page = checklist_of(campaign, unit)
    context = {
        "campaign": campaign,
        "unit": unit,
        "line": next(line for line in page.lines if line.condition.pk == condition.pk),
        "form": form,
        "checking": isinstance(form, CheckForm),
        "standing": page.standing,
        "trail": [
            *_trail(campaign, unit, named=False),
            ("", _("Điều kiện %(place)s") % {"place": condition.place}),
        ],
    }
    status = 409 if isinstance(form.refusal, AnsweredMeanwhile) else 200
    return render(request, "campaign/condition_answer.html", context, status=status)


def _unit_or_404(
    request: HttpRequest, slug: str, unit_id: int, permission: Permission
) -> tuple[Campaign, Unit]:
    """The area unit of the campaign's province, for somebody who may do this there."""
    campaign = campaign_or_404(slug)
    units = Unit.objects.areas().filter(province=campaign.province_id).select_related("seat__parent")
    unit = units.filter(pk=unit_id).first()
    area = unit and (confirming_area(unit) if permission == Permission.CONFIRM_REGISTRATIONS else unit.seat)
    if unit is None or not can(request.user, permission, area, on=timezone.localdate()):
        raise Http404(_("Trong địa bàn của bạn không có đơn vị thi đua này."))
    return campaign, unit


def _condition_or_404(campaign: Campaign, code: str) -> GreenCondition:
    condition = campaign.green_conditions.filter(code=code).select_related("campaign").first()
    if condition is None:
        raise Http404(_("Kế hoạch không có điều kiện này."))
    return condition


def _to_checklist(campaign: Campaign, unit: Unit) -> HttpResponse:
    return redirect("campaign:unit_conditions", campaign.slug, unit.pk)


def _trail(campaign: Campaign, unit: Unit, *, named: bool = True) -> list[tuple[str, str]]:
    """From the list of conditions; ``named``: the unit is the page itself."""
    page = "" if named else reverse("campaign:unit_conditions", args=[campaign.slug, unit.pk])
    return [(reverse("campaign:conditions"), _("Điều kiện vùng xanh")), (page, unit.name)]
