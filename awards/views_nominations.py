"""Nominations: a commune's own with their answers, the form, and what a district takes into its dossier."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from awards.dossier_page import Left
from awards.dossiers import WRITABLE
from awards.enums import NominationStatus
from awards.forms_nominations import AnswerForm, NominationForm
from awards.models import Nomination
from awards.nomination_page import left_of, near_people, offers_to, outcome_of, seen_by, waiting_of
from awards.nomination_windows import Window, taking_area, window_of
from awards.nominations import (
    NominationChanged,
    change,
    decline,
    nominate,
    nominating_units,
    nominations_of,
    personal_kinds,
    take,
    withdraw,
)
from awards.views_dossiers import dossier_or_404, trail
from campaign.forms_registrations import ReasonForm
from campaign.models import Phase
from campaign.models.units import UnitQuerySet
from core.access import Permission, require
from core.errors import DomainError
from riskmap.addresses import page_asked, refuse_repeated

NOMINATIONS_A_PAGE = 50
SAVED = "#saved"  # tells the script that what was typed is stored


@require_safe
@require(Permission.PREPARE_DOSSIERS)
def nomination_list(request: HttpRequest) -> HttpResponse:
    """``?page=``: what the units of one's own area nominated, and the phases open for more."""
    refuse_repeated(request)
    now = timezone.now()
    on = timezone.localdate(now)
    context = {
        "page": page_asked(request, seen_by(request.user, on=on), size=NOMINATIONS_A_PAGE),
        "offers": offers_to(request.user, on=on, at=now),
        "trail": _trail(),
    }
    context["rows"] = [(row, *outcome_of(row)) for row in context["page"]]
    return render(request, "awards/nominations.html", context)


@require(Permission.PREPARE_DOSSIERS)
def nomination_new(request: HttpRequest, phase_id: int) -> HttpResponse:
    offers = offers_to(request.user, on=timezone.localdate(), at=timezone.now())
    offer = next((each for each in offers if each.window.phase.pk == phase_id), None)
    if offer is None and request.method == "GET":
        raise Http404(_("Đợt này không nhận đề cử lúc này."))
    phase = offer.window.phase if offer else _phase_or_404(request, phase_id)
    return _edit(request, phase, None, left=offer and offer.left)


@require(Permission.PREPARE_DOSSIERS)
def nomination_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Over the version that was shown. Once it cannot be changed any more, a form that is sent comes back."""
    nomination, now = _own_or_404(request, pk), timezone.now()
    window = window_of(phase=nomination.phase, area=taking_area(nomination.unit.seat), at=now)
    if request.method == "GET" and not _may_write(request, nomination, window, now):
        return redirect("awards:nomination", nomination.pk)
    return _edit(request, nomination.phase, nomination, left=left_of(window, at=now))


def _edit(
    request: HttpRequest, phase: Phase, nomination: Nomination | None, *, left: Left | None
) -> HttpResponse:
    units = nominating_units(request.user, on=timezone.localdate()).filter(
        province=phase.campaign.province_id
    )
    data = request.POST if request.method == "POST" else None
    form = NominationForm(
        data, units=units, kinds=personal_kinds(phase.campaign), nomination=nomination,
        initial=_own_unit(units),
    )  # fmt: skip
    theirs = None
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("unit", "kind", "person", "person_post", "deeds")}
        said |= {"by": request.user, "at": timezone.now()}
        try:
            if nomination:
                change(nomination=nomination, version=form.cleaned_data["version"] or 0, **said)
            else:
                nomination = nominate(phase=phase, **said)
        except NominationChanged as refusal:
            theirs = refusal.theirs
            form.add_error(None, refusal.message)
            form.show_over(theirs.version)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã ghi đề cử; nơi lập hồ sơ đã được báo."))
            return redirect(reverse("awards:nomination", args=[nomination.pk]) + SAVED)
    context = {
        "form": form,
        "phase": phase,
        "nomination": nomination,
        "theirs": theirs,
        "left": left,
        "offers": form.fields["unit"].offers(),
        "trail": _trail(str(nomination) if nomination else _("Đề cử cá nhân")),
    }
    return render(request, "awards/nomination_edit.html", context)


@require_safe
@require(Permission.PREPARE_DOSSIERS)
def show_nomination(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _nomination_or_404(request, pk), ReasonForm())


def _show(request: HttpRequest, nomination: Nomination, form: ReasonForm) -> HttpResponse:
    now = timezone.now()
    window = window_of(phase=nomination.phase, area=taking_area(nomination.unit.seat), at=now)
    near = near_people([nomination], user=request.user, phase=nomination.phase, on=timezone.localdate(now))
    waits = nomination.status == NominationStatus.WAITING
    kinds = {kind.code: kind.name for kind in personal_kinds(nomination.phase.campaign)}
    outcome, reason = outcome_of(nomination)
    context = {
        "nomination": nomination,
        "window": window,
        "left": left_of(window, at=now),
        "award": kinds.get(nomination.kind, nomination.kind),
        "near": near[nomination.pk] if waits else (),
        "waits": waits,
        "may_write": _may_write(request, nomination, window, now),
        "outcome": outcome,
        "outcome_reason": reason,
        "form": form,
        "trail": _trail(str(nomination)),
    }
    return render(request, "awards/nomination.html", context)


@require_POST
@require(Permission.PREPARE_DOSSIERS)
def nomination_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    nomination, form = _own_or_404(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, nomination, form)
    try:
        withdraw(
            nomination=nomination,
            version=_number(request.POST.get("version", "")),
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return _show(request, _nomination_or_404(request, pk), form)
    messages.success(request, _("Đã rút đề cử."))
    return redirect("awards:nomination", nomination.pk)


@require(Permission.PREPARE_DOSSIERS)
def dossier_nominations(request: HttpRequest, pk: int) -> HttpResponse:
    """What the units of the dossier's area nominated: ``nomination`` (several) to take in or to decline."""
    dossier, now = dossier_or_404(request, pk), timezone.now()
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        act = {"dossier": dossier, "shown": form.shown(), "by": request.user, "at": now}
        try:
            if request.POST.get("act") == "decline":
                count = len(decline(**act, reason=form.cleaned_data["reason"]))
                said = ngettext("Đã trả lời %(count)s đề cử.", "Đã trả lời %(count)s đề cử.", count)
            else:
                count = len(take(**act))
                said = ngettext(
                    "Đã đưa %(count)s người vào hồ sơ.", "Đã đưa %(count)s người vào hồ sơ.", count
                )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, said % {"count": count})
            return redirect("awards:dossier_nominations", dossier.pk)
    mine = nominations_of(dossier)
    answered = mine.exclude(status=NominationStatus.WAITING).order_by("-answered_at", "-pk")
    context = {
        "dossier": dossier,
        "form": form,
        "ticked": set(form.ticked()),
        "waiting": waiting_of(mine, user=request.user, phase=dossier.phase, on=timezone.localdate(now)),
        "answered": page_asked(
            request, answered.select_related("unit", "answered_by", "nominee"), size=NOMINATIONS_A_PAGE
        ),
        "may_take": dossier.status in WRITABLE,
        "trail": trail(dossier, _("Đề cử của các đơn vị")),
    }
    return render(request, "awards/dossier_nominations.html", context)


def _nomination_or_404(request: HttpRequest, pk: int) -> Nomination:
    """Of one's own area. Of any other nobody learns that there is one."""
    nomination = seen_by(request.user, on=timezone.localdate()).filter(pk=pk).first()
    if nomination is None:
        raise Http404(_("Trong địa bàn của bạn không có đề cử này."))
    return nomination


def _own_or_404(request: HttpRequest, pk: int) -> Nomination:
    """Of a unit for which the person nominates; Sở Nội vụ reads those of the districts and changes none."""
    nomination = _nomination_or_404(request, pk)
    own = nominating_units(request.user, on=timezone.localdate())
    if not own.filter(pk=nomination.unit_id).exists():
        raise Http404(_("Đề cử này do đơn vị khác ghi; bạn chỉ xem được."))
    return nomination


def _phase_or_404(request: HttpRequest, phase_id: int) -> Phase:
    """Of a province in which one nominates: what was typed is shown again, though the time is over."""
    provinces = nominating_units(request.user, on=timezone.localdate()).values("province")
    phases = Phase.objects.filter(pk=phase_id, campaign__province__in=provinces)
    phase = phases.select_related("campaign__province").first()
    if phase is None:
        raise Http404(_("Đợt này không nhận đề cử lúc này."))
    return phase


def _may_write(request: HttpRequest, nomination: Nomination, window: Window, now: datetime) -> bool:
    return (
        nomination.status == NominationStatus.WAITING
        and window.is_open(at=now)
        and nominating_units(request.user, on=timezone.localdate(now)).filter(pk=nomination.unit_id).exists()
    )


def _own_unit(units: UnitQuerySet) -> dict[str, str]:
    """The unit to begin with, where it is plain which one: the only one, or the commune among its own."""
    found = list(units.areas().in_vietnamese_order()[:2]) or list(units.in_vietnamese_order()[:2])
    return {"unit": f"{found[0].code} – {found[0].name}"} if len(found) == 1 else {}


def _trail(*steps: str) -> list[tuple[str, str]]:
    here = [(reverse("awards:nominations") if steps else "", _("Đề cử cá nhân"))]
    return here + [("", step) for step in steps]


def _number(posted: str) -> int:
    return int(posted) if posted.isascii() and posted.isdecimal() and len(posted) < 10 else 0
