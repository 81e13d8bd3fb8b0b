"""Opinions: Sở Nội vụ asks, Sở Y tế answers. Two rooms, for nobody holds both."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from awards.forms_decisions import AnswerForm, AskForm, OpinionLineForm
from awards.models import OpinionRequest
from awards.opinions import OpinionChanged, answer_request, ask_opinion, askable, save_opinions
from campaign.models import Phase
from core.access import Permission, require
from core.errors import DomainError
from riskmap.addresses import page_asked, refuse_repeated

REQUESTS_A_PAGE = 30


@require_safe
@require(Permission.GIVE_OPINIONS)
def opinions(request: HttpRequest) -> HttpResponse:
    """The requests to Sở Y tế, those that wait first."""
    refuse_repeated(request)
    context = {"page": page_asked(request, _seen(request, Permission.GIVE_OPINIONS), size=REQUESTS_A_PAGE)}
    return render(request, "awards/opinions.html", context | {"now": timezone.now()})


@require(Permission.GIVE_OPINIONS)
def opinion_request(request: HttpRequest, pk: int) -> HttpResponse:
    """The grid of a request: what is said of each nominee, saved together."""
    asked = _request_or_404(request, pk, Permission.GIVE_OPINIONS)
    lines = _lines(asked, request.POST if request.method == "POST" else None)
    trouble, saved = "", False
    if request.method == "POST" and all([line.is_valid() for line in lines]):
        said = [line.said for line in lines]
        try:
            save_opinions(request=asked, said=said, by=request.user, at=timezone.now())
            saved = True
        except OpinionChanged as refusal:
            trouble = refusal.message
            for line in lines:
                if line.opinion.pk in refusal.theirs:
                    line.see(refusal.theirs[line.opinion.pk])
        except DomainError as refusal:
            trouble = refusal.message
    if saved:
        messages.success(request, _("Đã lưu ý kiến."))
        return redirect("awards:opinion_request", asked.pk)
    return _grid(request, asked, lines, AnswerForm(), trouble)


@require_POST
@require(Permission.GIVE_OPINIONS)
def opinion_answer(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _request_or_404(request, pk, Permission.GIVE_OPINIONS)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer_request(request=asked, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã trả lời Sở Nội vụ."))
            return redirect("awards:opinion_request", asked.pk)
    return _grid(request, asked, _lines(asked, None), form, "")


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def opinions_asked(request: HttpRequest) -> HttpResponse:
    """What Sở Nội vụ asked, and the phases about whose nominees may be asked."""
    refuse_repeated(request)
    phases = Phase.objects.for_user(request.user, Permission.REVIEW_DOSSIERS, on=timezone.localdate())
    context = {
        "page": page_asked(request, _seen(request, Permission.REVIEW_DOSSIERS), size=REQUESTS_A_PAGE),
        "phases": phases.filter(dossiers__isnull=False).distinct().select_related("campaign"),
        "now": timezone.now(),
        "of_home_affairs": True,
    }
    return render(request, "awards/opinions.html", context)


@require(Permission.REVIEW_DOSSIERS)
def opinion_ask(request: HttpRequest, phase_id: int) -> HttpResponse:
    phases = Phase.objects.for_user(request.user, Permission.REVIEW_DOSSIERS, on=timezone.localdate())
    phase = phases.select_related("campaign__province").filter(pk=phase_id).first()
    if phase is None:
        raise Http404(_("Trong địa bàn của bạn không có đợt này."))
    nominees = list(askable(phase))
    form = AskForm(request.POST if request.method == "POST" else None, nominees=nominees)
    if form.is_valid():
        try:
            asked = ask_opinion(phase=phase, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã gửi đề nghị; Sở Y tế đã được báo."))
            return redirect("awards:opinion_asked", asked.pk)
    trail = [(reverse("awards:opinions_asked"), _("Ý kiến Sở Y tế")), ("", _("Đề nghị cho ý kiến"))]
    context = {"form": form, "phase": phase, "nominees": nominees, "trail": trail}
    return render(request, "awards/opinion_ask.html", context)


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def opinion_asked(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _request_or_404(request, pk, Permission.REVIEW_DOSSIERS)
    trail = [(reverse("awards:opinions_asked"), _("Ý kiến Sở Y tế")), ("", str(asked.phase.name))]
    context = {"asked": asked, "opinions": _opinions(asked), "trail": trail, "now": timezone.now()}
    context["of_home_affairs"] = True
    return render(request, "awards/opinion_request.html", context)


def _seen(request: HttpRequest, permission: Permission):
    rows = OpinionRequest.objects.for_user(request.user, permission, on=timezone.localdate())
    return rows.select_related("phase__campaign").order_by("answered_at", "due", "pk")


def _request_or_404(request: HttpRequest, pk: int, permission: Permission) -> OpinionRequest:
    rows = _seen(request, permission).select_related("phase__campaign__province", "answered_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("Trong địa bàn của bạn không có đề nghị này."))
    return found


def _opinions(asked: OpinionRequest):
    rows = asked.opinions.select_related("nominee__unit", "nominee__dossier__area")
    return rows.order_by("nominee__dossier__area__sort_key", "nominee__place", "pk")


def _lines(asked: OpinionRequest, data) -> list[OpinionLineForm]:
    return [OpinionLineForm(data, opinion=row) for row in _opinions(asked)]


def _grid(request: HttpRequest, asked: OpinionRequest, lines, form: AnswerForm, trouble: str) -> HttpResponse:
    context = {
        "asked": asked,
        "lines": lines,
        "opinions": [line.opinion for line in lines],
        "form": form,
        "trouble": trouble,
        "may_answer": not asked.answered_at,
        "now": timezone.now(),
        "trail": [(reverse("awards:opinions"), _("Ý kiến Sở Y tế")), ("", str(asked.phase.name))],
    }
    return render(request, "awards/opinion_request.html", context)
