"""Papers of lists and decisions to print, sign or edit, from what is frozen."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.models import Decision, OpinionRequest, Proposal
from awards.paper.certificates import certificates_of
from awards.paper.decisions import decision_of, notice_of
from awards.paper.proposals import opinion_slip_of, submission_of
from awards.proposal_content import nominee_content, phase_content, proposal_content
from awards.views_proposals import proposal_or_404
from core.access import Permission, require
from core.letters import MEDIA_TYPES, Letter, LetterFormat, print_letter


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def proposal_paper(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """Tờ trình with its list: frozen once approved, a draft before."""
    proposal = proposal_or_404(request, pk, Permission.REVIEW_DOSSIERS)
    content = proposal.content or proposal_content(proposal)
    moment = proposal.sent_at or proposal.approved_at or proposal.prepared_at
    return _letter(submission_of(content, moment=moment), fmt, name=f"to-trinh-{proposal.pk}")


@require_safe
@require(Permission.ENTER_DECISIONS)
def decision_draft(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The decision as a draft to be signed: no number, no day."""
    proposal = proposal_or_404(request, pk, Permission.ENTER_DECISIONS)
    if proposal.sent_at is None:
        raise Http404(_("Trong địa bàn của bạn không có tờ trình này."))
    letter = decision_of(_draft_of(proposal), moment=proposal.sent_at)
    return _letter(letter, fmt, name=f"du-thao-quyet-dinh-{proposal.pk}")


@require_safe
@require(Permission.ENTER_DECISIONS)
def decision_paper(request: HttpRequest, pk: int, paper: str, fmt: str) -> HttpResponse:
    """``paper``: the decision, its certificates (PDF alone), or the notice of results."""
    mine = Proposal.objects.for_user(request.user, Permission.ENTER_DECISIONS, on=timezone.localdate())
    decision = Decision.objects.filter(proposal__in=mine.values("pk"), pk=pk).first()
    if decision is None:
        raise Http404(_("Trong địa bàn của bạn không có quyết định này."))
    moment: datetime = decision.entered_at
    if paper == "certificates" and fmt == LetterFormat.PDF:
        body = certificates_of(decision.content, moment=moment)
        return _hand_out(body, fmt, name=f"bang-khen-{decision.pk}")
    makers = {"decision": (decision_of, "quyet-dinh"), "notice": (notice_of, "thong-bao")}
    if paper not in makers:
        raise Http404(_("Không có văn bản này."))
    make, name = makers[paper]
    return _letter(make(decision.content, moment=moment), fmt, name=f"{name}-{decision.pk}")


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def opinion_slip(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """Phiếu lấy ý kiến of a request."""
    rows = OpinionRequest.objects.for_user(request.user, Permission.REVIEW_DOSSIERS, on=timezone.localdate())
    asked = rows.select_related("phase__campaign__province").filter(pk=pk).first()
    if asked is None:
        raise Http404(_("Trong địa bàn của bạn không có đề nghị này."))
    opinions = asked.opinions.select_related("nominee__unit__seat__parent__parent")
    lines = [nominee_content(row.nominee, asked.phase) for row in opinions.order_by("pk")]
    content = phase_content(asked.phase) | {"lines": lines}
    due = f"{timezone.localtime(asked.due):%H giờ %M ngày %d/%m/%Y}"
    letter = opinion_slip_of(content, due=due, note=asked.note, moment=asked.asked_at)
    return _letter(letter, fmt, name=f"phieu-lay-y-kien-{asked.pk}")


def _draft_of(proposal: Proposal) -> dict:
    lines = [row | {"money": None} for row in proposal.content["lines"]]
    return proposal.content | {"lines": lines}


def _letter(letter: Letter, fmt: str, *, name: str) -> HttpResponse:
    if fmt not in MEDIA_TYPES:
        raise Http404(_("Văn bản có ở dạng pdf, docx."))
    return _hand_out(print_letter(letter, LetterFormat(fmt)), fmt, name=name)


def _hand_out(body: bytes, fmt: str, *, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=MEDIA_TYPES[LetterFormat(fmt)])
    shown = "inline" if fmt == LetterFormat.PDF else "attachment"
    answer["Content-Disposition"] = f'{shown}; filename="{name}.{fmt}"'
    answer["Content-Language"] = "vi"
    return answer
