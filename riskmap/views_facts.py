"""Declared facts: the list, declaring, one fact, and what the second person says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

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
from riskmap.area_identity import area_of_day
from riskmap.declarations import FactRefused, confirm_fact, declare_fact, end_fact, refuse_fact
from riskmap.enums import FactState
from riskmap.fact_page import KindOfFact, facts_with_people, kinds_for, page_of_fact
from riskmap.forms_facts import ConfirmForm, EndForm, FactForm, RefusalForm, StateFilterForm
from riskmap.models import DeclaredFact

FACTS_A_PAGE = 30


@require_safe
@require(Permission.VIEW_WORKING)
def fact_list(request: HttpRequest) -> HttpResponse:
    """``?state=&area=``: what was declared in my areas, the newest first."""
    refuse_repeated(request)
    today = timezone.localdate()
    areas = areas_where(request.user, Permission.VIEW_WORKING, on=today).select_related("parent")
    form = StateFilterForm(request.GET, states=FactState, areas=areas.order_by("path"))
    facts = DeclaredFact.objects.for_user(request.user, Permission.VIEW_WORKING, on=today)
    facts = form.narrow(facts_with_people(facts, on=today)).order_by("-declared_at", "-pk")
    context = {
        "form": form,
        "page": page_asked(request, facts, size=FACTS_A_PAGE),
        "may_declare": can_anywhere(request.user, Permission.DECLARE_FACT, on=today),
    }
    return render(request, "riskmap/facts.html", context, status=400 if form.errors else 200)


@require(Permission.DECLARE_FACT)
def fact_new(request: HttpRequest) -> HttpResponse:
    """Choose what to declare; then, with ``?kind=``, of which area and for which days."""
    refuse_repeated(request)
    today = timezone.localdate()
    kinds = _kinds(request, on=today)
    if "kind" not in request.GET:
        return render(request, "riskmap/fact_kinds.html", {"kinds": kinds, "trail": _trail(_("Khai báo"))})
    about = next((each for each in kinds if each.kind == request.GET["kind"]), None)
    if about is None:
        raise Http404(_("Không có yếu tố nào như vậy để khai báo trong địa bàn của bạn."))
    areas = areas_where(request.user, Permission.DECLARE_FACT, on=today).of_kind(about.tier)
    initial = {"since": today, "area": request.GET.get("area", "")}
    form = FactForm(request.POST or None, initial=initial, areas=areas, today=today)
    if form.is_valid():
        try:
            fact = _declare_once(request, about, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, _("Đã khai báo. Yếu tố có tác động ngay và chờ người thứ hai xác nhận.")
            )
            return redirect("riskmap:fact", fact.pk)
    context = {"form": form, "about": about, "trail": _trail(_("Khai báo"))}
    return render(request, "riskmap/fact_new.html", context)


def _kinds(request: HttpRequest, *, on: date) -> list[KindOfFact]:
    """What the person may declare: of ``?area=``, or of any."""
    kinds = kinds_for(user=request.user, on=on)
    if "area" not in request.GET:
        return kinds
    area = area_of_day(code=request.GET["area"], day=None)
    return [each for each in kinds if area and each.tier == area.kind]


def _declare_once(request: HttpRequest, about: KindOfFact, said: dict) -> DeclaredFact:
    """Declare it; or find it, when this very person has just declared the same: a button pressed twice."""
    try:
        return declare_fact(kind=about.kind, **said, by=request.user, at=timezone.now())
    except FactRefused:
        same = {**said, "document": " ".join(said["document"].split()), "kind": about.kind}
        mine = DeclaredFact.objects.filter(declared_by=request.user, refused_at=None, ended_at=None)
        if (before := mine.filter(**same).first()) is None:
            raise
        return before


@require_safe
@require(Permission.VIEW_WORKING)
def show_fact(request: HttpRequest, fact_id: int) -> HttpResponse:
    return _page(request, _fact_or_404(request, fact_id, Permission.VIEW_WORKING))


@require_POST
@require(Permission.DECLARE_FACT)
def fact_confirm(request: HttpRequest, fact_id: int) -> HttpResponse:
    return _act(request, fact_id, confirm_fact, ConfirmForm(request.POST), "confirm_form", _("Đã xác nhận."))


@require_POST
@require(Permission.DECLARE_FACT)
def fact_refuse(request: HttpRequest, fact_id: int) -> HttpResponse:
    done = _("Đã ghi là không xác nhận. Yếu tố không còn tác động.")
    return _act(request, fact_id, refuse_fact, RefusalForm(request.POST), "refuse_form", done)


@require_POST
@require(Permission.DECLARE_FACT)
def fact_end(request: HttpRequest, fact_id: int) -> HttpResponse:
    return _act(request, fact_id, end_fact, EndForm(request.POST), "end_form", _("Đã ghi ngày hết hiệu lực."))


def _act(
    request: HttpRequest, fact_id: int, verb: Callable, form: forms.Form, form_name: str, done: str
) -> HttpResponse:
    """What the second person says, or an end; the page again where it is refused."""
    fact = _fact_or_404(request, fact_id, Permission.DECLARE_FACT)
    if form.is_valid():
        try:
            verb(fact=fact, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, done)
            return redirect("riskmap:fact", fact.pk)
    # Somebody else may have been quicker: the page shows how it stands now.
    fact = _fact_or_404(request, fact_id, Permission.DECLARE_FACT)
    return _page(request, fact, refused=form, **{form_name: form})


def _page(request: HttpRequest, fact: DeclaredFact, **forms_of_page: forms.Form) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "page": page_of_fact(fact=fact, on=today),
        "fact": fact,
        "may_act": can(request.user, Permission.DECLARE_FACT, fact.area, on=today),
        "is_own": fact.declared_by == request.user,
        "confirm_form": ConfirmForm(),
        "refuse_form": RefusalForm(),
        "end_form": EndForm(initial={"on": today}),
        "trail": _trail(fact.area.name),
        **forms_of_page,
    }
    return render(request, "riskmap/fact.html", context)


def _fact_or_404(request: HttpRequest, fact_id: int, permission: Permission) -> DeclaredFact:
    today = timezone.localdate()
    mine = DeclaredFact.objects.for_user(request.user, permission, on=today)
    fact = facts_with_people(mine, on=today).filter(pk=fact_id).first()
    if fact is None:
        raise Http404(_("Trong địa bàn của bạn không có khai báo này."))
    return fact


def _trail(here: str) -> list[tuple[str, str]]:
    return [(reverse("riskmap:facts"), _("Yếu tố khai báo")), ("", here)]
