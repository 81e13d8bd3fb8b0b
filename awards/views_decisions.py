"""The chairman's office: lists received, returned, or decided; decisions corrected by further ones."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from awards.decisions import correct_decision, enter_decision
from awards.enums import ProposalStatus
from awards.forms_decisions import DecisionForm, ReasonForm
from awards.models import Decision, Nominee, Proposal
from awards.proposals import return_proposal
from awards.second_persons import why_not_decide
from awards.views_proposals import PROPOSALS_A_PAGE, posted_version, proposal_or_404, seen
from core.access import Permission, require
from core.errors import DomainError
from riskmap.addresses import page_asked, refuse_repeated

RECEIVED = (ProposalStatus.SENT, ProposalStatus.DECIDED)


@require_safe
@require(Permission.ENTER_DECISIONS)
def proposals_received(request: HttpRequest) -> HttpResponse:
    """The lists that were sent: those that wait first."""
    refuse_repeated(request)
    rows = seen(request, Permission.ENTER_DECISIONS).filter(status__in=RECEIVED)
    rows = rows.annotate(size=Count("lines")).order_by("-status", "-pk")
    context = {"page": page_asked(request, rows, size=PROPOSALS_A_PAGE), "of_office": True}
    return render(request, "awards/proposals.html", context)


@require(Permission.ENTER_DECISIONS)
def proposal_received(request: HttpRequest, pk: int) -> HttpResponse:
    """A list with the form of its signed decision; its outcome where there is one."""
    proposal = _received_or_404(request, pk)
    form = _form(request, proposal, None)
    if form.is_valid() and proposal.status == ProposalStatus.SENT:
        try:
            decision = enter_decision(
                proposal=proposal,
                signed=form.signed,
                verdicts=form.verdicts,
                version=posted_version(request),
                by=request.user,
                at=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã ghi quyết định; từ nay chỉ đính chính bằng quyết định khác."))
            return redirect("awards:proposal_received", decision.proposal_id)
    return _page(request, proposal, form, ReasonForm())


@require_POST
@require(Permission.ENTER_DECISIONS)
def proposal_return(request: HttpRequest, pk: int) -> HttpResponse:
    proposal, form = _received_or_404(request, pk), ReasonForm(request.POST)
    if form.is_valid() and proposal.status == ProposalStatus.SENT:
        try:
            return_proposal(
                proposal=proposal,
                **form.cleaned_data,
                version=posted_version(request),
                by=request.user,
                at=timezone.now(),
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Đã trả lại Sở Nội vụ."))
        return redirect("awards:proposals_received")
    return _page(request, proposal, _form(None, proposal, None, by=request.user), form)


@require(Permission.ENTER_DECISIONS)
def decision_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A further decision in place of one; the form begins with what the earlier said."""
    mine = Proposal.objects.for_user(request.user, Permission.ENTER_DECISIONS, on=timezone.localdate())
    rows = Decision.objects.filter(proposal__in=mine.values("pk"))
    decision = rows.select_related("proposal__phase__campaign__province").filter(pk=pk).first()
    if decision is None:
        raise Http404(_("Trong địa bàn của bạn không có quyết định này."))
    form = _form(request, decision.proposal, decision)
    if form.is_valid():
        try:
            further = correct_decision(
                decision=decision,
                signed=form.signed,
                verdicts=form.verdicts,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã ghi quyết định đính chính."))
            return redirect("awards:proposal_received", further.proposal_id)
    trail = [(reverse("awards:proposals_received"), _("Trình Chủ tịch")), ("", _("Đính chính"))]
    context = {"form": form, "corrected": decision, "proposal": decision.proposal, "trail": trail}
    return render(request, "awards/decision_edit.html", context)


def _received_or_404(request: HttpRequest, pk: int) -> Proposal:
    proposal = proposal_or_404(request, pk, Permission.ENTER_DECISIONS)
    if proposal.status not in RECEIVED:
        raise Http404(_("Trong địa bàn của bạn không có tờ trình này."))
    return proposal


def _form(
    request: HttpRequest | None, proposal: Proposal, corrected: Decision | None, *, by=None
) -> DecisionForm:
    initial = {}
    if corrected:
        initial = {"signer": corrected.signer, "signer_post": corrected.signer_post}
        for line in corrected.lines.all():
            initial |= {f"awarded-{line.nominee_id}": line.awarded, f"why-{line.nominee_id}": line.reason}
            initial |= {f"name-{line.nominee_id}": line.name}
    posted = (request.POST, request.FILES) if request and request.method == "POST" else (None, None)
    return DecisionForm(
        *posted,
        initial=initial,
        nominees=Nominee.objects.filter(lines__proposal=proposal)
        .select_related("unit")
        .order_by("lines__place"),
        area=proposal.phase.campaign.province,
        by=by or request.user,
        at=timezone.now(),
        corrects=corrected is not None,
    )


def _page(
    request: HttpRequest, proposal: Proposal, form: DecisionForm, return_form: ReasonForm
) -> HttpResponse:
    decision = proposal.decisions.defer("content").order_by("-pk").first()
    refused = decision.lines.filter(awarded=False).values_list("nominee", "reason") if decision else ()
    why_refused = dict(refused)
    context = {
        "proposal": proposal,
        "lines": [
            line | {"refused": why_refused.get(line["nominee"])} for line in proposal.content.get("lines", [])
        ],
        "form": form,
        "return_form": return_form,
        "may_decide": proposal.status == ProposalStatus.SENT,
        "why_not": why_not_decide(Proposal.objects.filter(pk=proposal.pk), request.user),
        "decision": decision,
        "trail": [(reverse("awards:proposals_received"), _("Trình Chủ tịch")), ("", proposal.number)],
    }
    return render(request, "awards/decision_edit.html", context)
