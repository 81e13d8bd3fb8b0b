"""The review at Sở Nội vụ: the queue, a dossier beside its evidence, ticks, flags, verdicts, steps."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from awards import reviewing
from awards.conflicts import conflicts_of
from awards.enums import DossierAct
from awards.forms_review import FlagForm, QueueForm, ReasonForm, ReturnForm, TickForm, VerdictForm
from awards.models import Dossier, Nominee
from awards.reads import note_reading
from awards.review_page import next_to_judge, nominees_of, review_page
from awards.review_queue import (
    counts_of,
    flagged_among,
    flags_of,
    load_of,
    narrow,
    phases_of,
    progress_of,
    shown_counts,
    to_review,
)
from awards.scoring_page import score_row
from core.access import Permission, require
from core.errors import DomainError
from riskmap.addresses import page_asked, refuse_repeated

DOSSIERS_A_PAGE = 50


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def queue(request: HttpRequest) -> HttpResponse:
    """``?state=&show=&phase=``: what is with Sở Nội vụ, what waits longest first."""
    refuse_repeated(request)
    now = timezone.now()
    rows = everything = to_review(request.user, at=now)
    phases, flags = phases_of(everything), flags_of(everything)
    form = QueueForm({name: request.GET.get(name, "") for name in ("state", "show", "phase")}, phases=phases)
    if form.is_valid():
        rows = narrow(rows, **form.cleaned_data, flags=flags, by=request.user, at=now)
    page = page_asked(request, rows if form.is_valid() else rows.none(), size=DOSSIERS_A_PAGE)
    context = {
        "form": form,
        "page": page,
        "flagged": flagged_among(page, flags=flags),
        "phases": phases,
        "counts": counts_of(everything),
        "shown_counts": shown_counts(everything, flags=flags, by=request.user, at=now),
        "load": load_of(everything),
        "progress": progress_of(everything),
        "now": now,
    }
    return render(request, "awards/review_queue.html", context, status=400 if form.errors else 200)


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def review_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """``?nominee=&version=``: one nominee of a dossier at a time, as it was handed in."""
    refuse_repeated(request)
    return _page(request, dossier_or_404(request, pk))


@require_POST
@require(Permission.REVIEW_DOSSIERS)
def review_tick(request: HttpRequest, pk: int, nominee_id: int) -> HttpResponse:
    """Decide a check by hand."""
    return _act(request, pk, nominee_id, TickForm(request.POST), reviewing.tick)


@require_POST
@require(Permission.REVIEW_DOSSIERS)
def review_flag(request: HttpRequest, pk: int, nominee_id: int) -> HttpResponse:
    """Say what is to be made of a flag."""
    return _act(request, pk, nominee_id, FlagForm(request.POST), reviewing.see_flag)


@require_POST
@require(Permission.REVIEW_DOSSIERS)
def review_verdict(request: HttpRequest, pk: int, nominee_id: int) -> HttpResponse:
    """Say whether the nominee passes, and go on to the next one that waits."""
    return _act(request, pk, nominee_id, VerdictForm(request.POST), reviewing.judge, and_next=True)


@require_POST
@require(Permission.REVIEW_DOSSIERS)
def review_step(request: HttpRequest, pk: int) -> HttpResponse:
    """``act``: take up, return for more, finish, reopen."""
    dossier, act = dossier_or_404(request, pk), request.POST.get("act", "")
    posted = request.POST.get("version", "")
    version = int(posted) if posted.isascii() and posted.isdecimal() and len(posted) < 10 else 0
    known = {"dossier": dossier, "version": version, "by": request.user, "at": timezone.now()}
    form = _step_form(act, request, dossier)
    if form is not None and not form.is_valid():
        return _page(request, dossier, step_form=form, act=act)
    steps = {
        DossierAct.TAKE_UP: reviewing.take_up, DossierAct.RETURN: reviewing.return_for_more,
        DossierAct.FINISH: reviewing.finish, DossierAct.REOPEN: reviewing.reopen,
    }  # fmt: skip
    try:
        if act not in steps:
            raise reviewing.ReviewRefused(_("Không có bước này; xin tải lại trang."))
        steps[DossierAct(act)](**known, **(form.cleaned_data if form else {}))
    except DomainError as refusal:
        if form is not None:
            form.add_error(None, refusal.message)
            return _page(request, dossier_or_404(request, pk), step_form=form, act=act)
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã ghi: %(act)s.") % {"act": DossierAct(act).label})
    return redirect("awards:review_dossier", pk)


def _step_form(act: str, request: HttpRequest, dossier: Dossier) -> forms.Form | None:
    if act == DossierAct.RETURN:
        return ReturnForm(request.POST, nominees=nominees_of(dossier))
    return ReasonForm(request.POST) if act == DossierAct.REOPEN else None


def _act(
    request: HttpRequest, pk: int, nominee_id: int, form: forms.Form, act, *, and_next: bool = False
) -> HttpResponse:
    """Do ``act`` with what the form says of a nominee; refused, the page keeps what was typed."""
    dossier = dossier_or_404(request, pk)
    nominee = nominee_or_404(dossier, nominee_id)
    if form.is_valid():
        try:
            act(nominee=nominee, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã ghi: %(name)s.") % {"name": nominee})
            return redirect(_after(request, dossier, nominee, and_next=and_next))
    # Somebody else may have been quicker: the page shows how it stands now.
    return _page(request, dossier_or_404(request, pk), nominee=nominee_or_404(dossier, nominee_id), form=form)


def _after(request: HttpRequest, dossier: Dossier, nominee: Nominee, *, and_next: bool) -> str:
    following = None
    if and_next:
        rows = nominees_of(dossier)
        conflicts = conflicts_of(
            nominees=[each.pk for each in rows], by=request.user, on=timezone.localdate()
        )
        following = next_to_judge(rows, conflicts, after=nominee)
    return reverse("awards:review_dossier", args=[dossier.pk], query={"nominee": (following or nominee).pk})


def _page(
    request: HttpRequest,
    dossier: Dossier,
    *,
    nominee: Nominee | None = None,
    form: forms.Form | None = None,
    step_form: forms.Form | None = None,
    act: str = "",
) -> HttpResponse:
    asked = request.GET.get("nominee")
    if nominee is None and asked is not None:
        nominee = nominee_or_404(dossier, asked)
    now = timezone.now()
    page = review_page(dossier, nominee=nominee, number=_number(request), by=request.user, at=now)
    context = {
        "dossier": dossier,
        "page": page,
        "score": page.chosen and score_row(nominee=page.chosen.nominee, by=request.user, at=now),
        "form": form,
        "verdict": form if isinstance(form, VerdictForm) else _verdict(page.chosen),
        "tick": form if isinstance(form, TickForm) else None,
        "flag_form": form if isinstance(form, FlagForm) else None,
        "return_form": step_form if act == DossierAct.RETURN else ReturnForm(nominees=page.nominees),
        "reopen_form": step_form if act == DossierAct.REOPEN else ReasonForm(),
        "step_form": step_form,
        "act": DossierAct,
        "steps": dossier.steps.select_related("taken_by").order_by("pk"),
        "trail": [(reverse("awards:review"), _("Thẩm định")), ("", dossier.area.name)],
    }
    return render(request, "awards/review_dossier.html", context)


def _verdict(chosen) -> VerdictForm | None:
    return VerdictForm(initial={"version": chosen.nominee.version}) if chosen and chosen.may_judge else None


def _number(request: HttpRequest) -> int | None:
    asked = request.GET.get("version")
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 6):
        raise Http404(_("Hồ sơ không có lần nộp này."))
    return int(asked)


def nominee_or_404(dossier: Dossier, asked: str | int) -> Nominee:
    found = next((each for each in nominees_of(dossier) if str(each.pk) == str(asked)), None)
    if found is None:
        raise Http404(_("Hồ sơ không có đối tượng này."))
    return found


def dossier_or_404(request: HttpRequest, pk: int) -> Dossier:
    """A dossier that was handed in. Of any other nobody learns that there is one."""
    dossier = get_object_or_404(to_review(request.user, at=timezone.now()), pk=pk)
    note_reading(request, dossier)
    return dossier
