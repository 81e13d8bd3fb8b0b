"""Lists for the chairman at Sở Nội vụ: prepared, approved by a second person, sent."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from awards.council_results import results_on
from awards.enums import ProposalStatus
from awards.forms_decisions import NumberForm, ProposalForm, ReasonForm
from awards.models import Proposal
from awards.opinions import opinions_on
from awards.proposal_content import proposal_content
from awards.proposals import (
    approve_proposal,
    prepare_proposal,
    proposable,
    return_proposal,
    revise_proposal,
    send_proposal,
)
from awards.second_persons import why_not_approve
from campaign.models import Phase
from core.access import Permission, require
from core.errors import DomainError
from riskmap.addresses import page_asked, refuse_repeated

PROPOSALS_A_PAGE = 30
REVISABLE = (ProposalStatus.DRAFT, ProposalStatus.RETURNED)


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def proposals(request: HttpRequest) -> HttpResponse:
    """The lists, latest first, and the phases of which one may be made."""
    refuse_repeated(request)
    today = timezone.localdate()
    rows = seen(request, Permission.REVIEW_DOSSIERS).annotate(size=Count("lines")).order_by("-pk")
    phases = Phase.objects.for_user(request.user, Permission.REVIEW_DOSSIERS, on=today)
    context = {
        "page": page_asked(request, rows, size=PROPOSALS_A_PAGE),
        "phases": phases.filter(dossiers__isnull=False).distinct().select_related("campaign"),
    }
    return render(request, "awards/proposals.html", context)


@require(Permission.REVIEW_DOSSIERS)
def proposal_new(request: HttpRequest, phase_id: int) -> HttpResponse:
    phases = Phase.objects.for_user(request.user, Permission.REVIEW_DOSSIERS, on=timezone.localdate())
    phase = phases.select_related("campaign__province").filter(pk=phase_id).first()
    if phase is None:
        raise Http404(_("Trong địa bàn của bạn không có đợt này."))
    return _edit(request, phase, None)


@require(Permission.REVIEW_DOSSIERS)
def proposal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = proposal_or_404(request, pk, Permission.REVIEW_DOSSIERS)
    if proposal.status not in REVISABLE:
        messages.error(request, _("Tờ trình này không sửa được nữa."))
        return redirect(proposal)
    return _edit(request, proposal.phase, proposal)


def _edit(request: HttpRequest, phase: Phase, proposal: Proposal | None) -> HttpResponse:
    nominees = list(proposable(phase, but=proposal))
    initial = {}
    if proposal:
        lines = list(proposal.lines.all())
        initial = {f"reason-{line.nominee_id}": line.reason for line in lines}
        initial |= {"nominees": [line.nominee_id for line in lines]}
        initial |= {"note": proposal.note, "version": proposal.version}
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        nominees=nominees,
        opinions=opinions_on(nominees),
        results=results_on(nominees),
    )
    if form.is_valid():
        said = {"nominees": form.cleaned_data["nominees"], "reasons": form.reasons}
        said |= {"note": form.cleaned_data["note"], "by": request.user, "at": timezone.now()}
        try:
            if proposal:
                version = form.cleaned_data["version"] or 0
                saved = revise_proposal(proposal=proposal, version=version, **said)
            else:
                saved = prepare_proposal(phase=phase, **said)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã lập tờ trình; người thứ hai duyệt rồi mới trình."))
            return redirect(saved)
    context = {"form": form, "phase": phase, "trail": _trail(_("Lập tờ trình"))}
    return render(request, "awards/proposal_edit.html", context)


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, proposal_or_404(request, pk, Permission.REVIEW_DOSSIERS))


@require_POST
@require(Permission.REVIEW_DOSSIERS)
def proposal_step(request: HttpRequest, pk: int) -> HttpResponse:
    """``act``: approve, send (with a number), or return (for a reason), over the ``version`` shown."""
    found = proposal_or_404(request, pk, Permission.REVIEW_DOSSIERS)
    act = request.POST.get("act", "")
    known = {"proposal": found, "version": posted_version(request), "by": request.user, "at": timezone.now()}
    form = {"send": NumberForm, "return": ReasonForm}.get(act, forms.Form)(request.POST)
    if not form.is_valid():
        return _page(request, found, **{f"{act}_form": form})
    try:
        if act == "approve":
            approve_proposal(**known)
        elif act == "send":
            send_proposal(**known, **form.cleaned_data)
        elif act == "return" and found.status in (ProposalStatus.DRAFT, ProposalStatus.APPROVED):
            return_proposal(**known, **form.cleaned_data)
        else:
            raise DomainError(_("Không làm được việc này lúc này; xin xem lại."))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã ghi."))
    return redirect(found)


def posted_version(request: HttpRequest) -> int:
    posted = request.POST.get("version", "")
    return int(posted) if posted.isascii() and posted.isdecimal() and len(posted) < 10 else 0


def seen(request: HttpRequest, permission: Permission):
    rows = Proposal.objects.for_user(request.user, permission, on=timezone.localdate())
    return rows.select_related("phase__campaign__province", "prepared_by", "approved_by", "sent_by")


def proposal_or_404(request: HttpRequest, pk: int, permission: Permission) -> Proposal:
    found = seen(request, permission).filter(pk=pk).first()
    if found is None:
        raise Http404(_("Trong địa bàn của bạn không có tờ trình này."))
    return found


def _page(request: HttpRequest, found: Proposal, **posted: forms.Form) -> HttpResponse:
    context = {
        "proposal": found,
        "lines": (found.content or proposal_content(found))["lines"],
        "why_not_approve": found.status == ProposalStatus.DRAFT and why_not_approve(found, request.user),
        "may_revise": found.status in REVISABLE,
        "decision": found.decisions.defer("content").order_by("-pk").first(),
        "send_form": NumberForm(),
        "return_form": ReasonForm(),
        "trail": _trail(found.number or found.phase.name),
        **posted,
    }
    return render(request, "awards/proposal.html", context)


def _trail(step: str) -> list[tuple[str, str]]:
    return [(reverse("awards:proposals"), _("Tờ trình Chủ tịch")), ("", step)]
