"""Decided levels: the list with its share, deciding, one decision, and what the second person says."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import Permission, areas_where, can, can_anywhere, require
from core.errors import DomainError
from riskmap.addresses import page_asked, refuse_repeated
from riskmap.decision_page import decisions_with_people, page_of_decision, set_aside
from riskmap.decision_share import SHARE_DAYS, decided_shares
from riskmap.decisions import (
    DecisionRefused,
    check_decision,
    confirm_decision,
    decide_level,
    end_decision,
    refuse_decision,
)
from riskmap.enums import DecisionState
from riskmap.forms_facts import ConfirmForm, DecisionForm, EndForm, RefusalForm, StateFilterForm
from riskmap.models import LevelOverride

DECISIONS_A_PAGE = 30


@require_safe
@require(Permission.VIEW_WORKING)
def decision_list(request: HttpRequest) -> HttpResponse:
    """``?state=&area=``: what was decided in my areas, the newest first, and how much of each district."""
    refuse_repeated(request)
    today = timezone.localdate()
    areas = areas_where(request.user, Permission.VIEW_WORKING, on=today).select_related("parent")
    form = StateFilterForm(request.GET, states=DecisionState, areas=areas.order_by("path"))
    decisions = LevelOverride.objects.for_user(request.user, Permission.VIEW_WORKING, on=today)
    decisions = form.narrow(decisions_with_people(decisions, on=today)).order_by("-decided_at", "-pk")
    context = {
        "form": form,
        "page": page_asked(request, decisions, size=DECISIONS_A_PAGE),
        "shares": decided_shares(areas=areas, on=today),
        "share_days": SHARE_DAYS,
        "may_decide": can_anywhere(request.user, Permission.DECIDE_LEVEL, on=today),
    }
    return render(request, "riskmap/decisions.html", context, status=400 if form.errors else 200)


@require(Permission.DECIDE_LEVEL)
def decision_new(request: HttpRequest) -> HttpResponse:
    """Decide a level; first the computed one of these days is shown, and sent only what it was shown for."""
    today = timezone.localdate()
    areas = areas_where(request.user, Permission.DECIDE_LEVEL, on=today)
    form = DecisionForm(
        request.POST or None,
        initial={"since": today, "area": request.GET.get("area", "")},
        areas=areas,
        today=today,
    )
    context = {"form": form, "trail": _trail(_("Quyết định mức"))}
    if form.is_valid() and "edit" not in request.POST:
        said = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        try:
            if form.cleaned_data["seen"] != form.to_be_seen():
                return _check(request, context, said)
            decision = _decide_once(request, said)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã gửi. Quyết định có hiệu lực khi người thứ hai xác nhận."))
            return redirect("riskmap:decision", decision.pk)
    return render(request, "riskmap/decision_new.html", context)


def _check(request: HttpRequest, context: dict, said: dict) -> HttpResponse:
    """What is about to be sent, and the computed level it would set aside."""
    at = timezone.now()
    check_decision(**said, at=at)
    days = {name: said[name] for name in ("area", "since", "until")}
    context |= {"said": said, "seen": context["form"].to_be_seen()}
    context["aside"] = set_aside(**days, on=timezone.localdate(at))
    return render(request, "riskmap/decision_check.html", context)


def _decide_once(request: HttpRequest, said: dict) -> LevelOverride:
    """Decide it; or find it, when this very person has just decided the same: a button pressed twice."""
    try:
        return decide_level(**said, by=request.user, at=timezone.now())
    except DecisionRefused:
        same = said | {name: " ".join(said[name].split()) for name in ("reason", "document")}
        mine = LevelOverride.objects.filter(decided_by=request.user, refused_at=None, ended_at=None)
        if (before := mine.filter(**same).first()) is None:
            raise
        return before


@require_safe
@require(Permission.VIEW_WORKING)
def show_decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    return _page(request, _decision_or_404(request, decision_id, Permission.VIEW_WORKING))


@require_POST
@require(Permission.DECIDE_LEVEL)
def decision_confirm(request: HttpRequest, decision_id: int) -> HttpResponse:
    done = _("Đã xác nhận. Mức này có hiệu lực từ bây giờ.")
    return _act(request, decision_id, confirm_decision, ConfirmForm(request.POST), "confirm_form", done)


@require_POST
@require(Permission.DECIDE_LEVEL)
def decision_refuse(request: HttpRequest, decision_id: int) -> HttpResponse:
    done = _("Đã ghi là không đồng ý. Mức độ nguy cơ vẫn theo tính toán.")
    return _act(request, decision_id, refuse_decision, RefusalForm(request.POST), "refuse_form", done)


@require_POST
@require(Permission.DECIDE_LEVEL)
def decision_end(request: HttpRequest, decision_id: int) -> HttpResponse:
    done = _("Đã ghi ngày dừng.")
    return _act(request, decision_id, end_decision, EndForm(request.POST), "end_form", done)


def _act(
    request: HttpRequest, decision_id: int, verb: Callable, form: forms.Form, form_name: str, done: str
) -> HttpResponse:
    """What the second person says, or an end; the page again where it is refused."""
    decision = _decision_or_404(request, decision_id, Permission.DECIDE_LEVEL)
    if form.is_valid():
        try:
            verb(decision=decision, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, done)
            return redirect("riskmap:decision", decision.pk)
    # Somebody else may have been quicker: the page shows how it stands now.
    decision = _decision_or_404(request, decision_id, Permission.DECIDE_LEVEL)
    return _page(request, decision, refused=form, **{form_name: form})


def _page(request: HttpRequest, decision: LevelOverride, **forms_of_page: forms.Form) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "page": page_of_decision(decision=decision, on=today),
        "decision": decision,
        "may_act": can(request.user, Permission.DECIDE_LEVEL, decision.area, on=today),
        "is_own": decision.decided_by == request.user,
        "confirm_form": ConfirmForm(),
        "refuse_form": RefusalForm(),
        "end_form": EndForm(initial={"on": today}),
        "trail": _trail(decision.area.name),
        **forms_of_page,
    }
    return render(request, "riskmap/decision.html", context)


def _decision_or_404(request: HttpRequest, decision_id: int, permission: Permission) -> LevelOverride:
    today = timezone.localdate()
    mine = LevelOverride.objects.for_user(request.user, permission, on=today)
    decision = decisions_with_people(mine, on=today).filter(pk=decision_id).first()
    if decision is None:
        raise Http404(_("Trong địa bàn của bạn không có quyết định này."))
    return decision


def _trail(here: str) -> list[tuple[str, str]]:
    return [(reverse("riskmap:decisions"), _("Mức được quyết định")), ("", here)]
