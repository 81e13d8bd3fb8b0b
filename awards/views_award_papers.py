"""Papers of lists and decisions to print, sign or edit, from what is frozen."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from awards.enums import PaperKind
from awards.models import Decision, OpinionRequest, Proposal
from awards.paper import certificates, certificates_word
from awards.paper.contexts import (
    context_of_decision,
    context_of_notice,
    context_of_proposal,
    context_of_slip,
)
from awards.paper.decisions import decision_of, notice_of
from awards.paper.hand_out import hand_out, hand_out_file
from awards.paper.list_books import decided_book, proposed_book
from awards.paper.proposals import opinion_slip_of, submission_of
from awards.paper.statements import CERTIFICATES, DECIDED_LIST, PROPOSED_LIST, of_decision, of_list
from awards.proposal_content import nominee_content, phase_content, proposal_content
from awards.views_proposals import proposal_or_404
from core.access import Permission, require
from core.issued_papers import Statement
from core.letters import MEDIA_TYPES, Letter, LetterFormat
from core.views.papers import answer_with
from core.word_templates import Context
from riskmap.addresses import refuse_repeated
from riskmap.enums import FileFormat
from riskmap.paper.files import MEDIA_TYPES as FILE_TYPES


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def proposal_paper(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """Tờ trình with its list: frozen once approved, a draft before."""
    proposal = proposal_or_404(request, pk, Permission.REVIEW_DOSSIERS)
    content = proposal.content or proposal_content(proposal)
    moment = proposal.sent_at or proposal.approved_at or proposal.prepared_at
    says = of_list(content, PaperKind.PROPOSAL, phase=proposal.phase, moment=moment)
    letter = submission_of(content, moment=moment)
    context, name = context_of_proposal(content, letter), f"to-trinh-{proposal.pk}"
    return _letter(letter, fmt, name=name, says=says, context=context, is_frozen=bool(proposal.content))


@require_safe
@require(Permission.REVIEW_DOSSIERS)
def proposal_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The list that goes with it, as a workbook."""
    proposal = proposal_or_404(request, pk, Permission.REVIEW_DOSSIERS)
    content = proposal.content or proposal_content(proposal)
    moment = proposal.sent_at or proposal.approved_at or proposal.prepared_at
    says = of_list(content, PROPOSED_LIST, phase=proposal.phase, moment=moment)
    name = f"danh-sach-de-nghi-{proposal.pk}"
    if not proposal.content:
        with override("vi"):
            body = proposed_book(says, seal=None)
        return answer_with(body, media_type=FILE_TYPES[FileFormat.XLSX], name=f"{name}.xlsx")
    return hand_out_file(
        lambda seal: proposed_book(says, seal=seal), FileFormat.XLSX, name=name, statement=says
    )


@require_safe
@require(Permission.ENTER_DECISIONS)
def decision_draft(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The decision to be signed: no number, no day."""
    proposal = proposal_or_404(request, pk, Permission.ENTER_DECISIONS)
    if proposal.sent_at is None:
        raise Http404(_("Trong địa bàn của bạn không có tờ trình này."))
    content, moment = _draft_of(proposal), proposal.sent_at
    says = of_list(content, PaperKind.DECISION, phase=proposal.phase, moment=moment)
    letter = decision_of(content, moment=moment)
    context, name = context_of_decision(content), f"du-thao-quyet-dinh-{proposal.pk}"
    return _letter(letter, fmt, name=name, says=says, context=context)


@require_safe
@require(Permission.ENTER_DECISIONS)
def decision_paper(request: HttpRequest, pk: int, paper: str, fmt: str) -> HttpResponse:
    """``paper``: the decision, its list (XLSX), its certificates (``?size=a4|a3``), the notice of results."""
    refuse_repeated(request)
    decision = _decision_or_404(request, pk)
    area = decision.proposal.phase.campaign.province
    if paper == CERTIFICATES and fmt in MEDIA_TYPES:
        return _certificates(request, decision, fmt, says=of_decision(decision, paper, area=area))
    if (paper, fmt) == ("list", FileFormat.XLSX):
        says = of_decision(decision, DECIDED_LIST, area=area)
        name = f"danh-sach-{decision.pk}"
        return hand_out_file(lambda seal: decided_book(says, seal=seal), fmt, name=name, statement=says)
    makers = {
        PaperKind.DECISION: (decision_of, context_of_decision, "quyet-dinh"),
        PaperKind.NOTICE: (notice_of, context_of_notice, "thong-bao"),
    }
    if paper not in makers:
        raise Http404(_("Không có văn bản này."))
    make, context_of, name = makers[PaperKind(paper)]
    letter, says = make(decision.content, moment=decision.entered_at), of_decision(decision, paper, area=area)
    context = context_of(decision.content)
    return _letter(letter, fmt, name=f"{name}-{decision.pk}", says=says, context=context)


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
    due = f"{timezone.localtime(asked.due):%H giờ %M ngày %d/%m/%Y}"
    content = phase_content(asked.phase) | {"lines": lines, "due": due, "note": asked.note}
    letter = opinion_slip_of(content, due=due, note=asked.note, moment=asked.asked_at)
    says = of_list(content, PaperKind.OPINION_SLIP, phase=asked.phase, moment=asked.asked_at)
    context, name = context_of_slip(content), f"phieu-lay-y-kien-{asked.pk}"
    return _letter(letter, fmt, name=name, says=says, context=context)


def _certificates(request: HttpRequest, decision: Decision, fmt: str, *, says: Statement) -> HttpResponse:
    """For stock of the size asked for, to print or to edit first. On a sheet its own code stands alone."""
    size = request.GET.get("size", "a4")
    if size not in certificates.SCALES:
        raise BadRequest(f"size: {size!r}")
    sheets = certificates.certificates_of(decision.content)
    printed = {LetterFormat.PDF: certificates.as_pdf, LetterFormat.DOCX: certificates_word.as_docx}
    make = partial(printed[LetterFormat(fmt)], sheets, size=size, moment=decision.entered_at)
    name = f"bang-khen-{size}-{decision.pk}"
    return hand_out_file(lambda seal: make(code=seal.code), fmt, name=name, statement=says)


def _decision_or_404(request: HttpRequest, pk: int) -> Decision:
    mine = Proposal.objects.for_user(request.user, Permission.ENTER_DECISIONS, on=timezone.localdate())
    rows = Decision.objects.select_related("proposal__phase__campaign__province")
    decision = rows.filter(proposal__in=mine.values("pk"), pk=pk).first()
    if decision is None:
        raise Http404(_("Trong địa bàn của bạn không có quyết định này."))
    return decision


def _draft_of(proposal: Proposal) -> dict:
    lines = [row | {"money": None} for row in proposal.content["lines"]]
    return proposal.content | {"lines": lines}


def _letter(
    letter: Letter, fmt: str, *, name: str, says: Statement, context: Context, is_frozen: bool = True
) -> HttpResponse:
    return hand_out(
        letter,
        fmt,
        name=name,
        kind=says.kind,
        area=says.area,
        title=says.title,
        facts=says.facts,
        evidence=says.content if is_frozen else None,
        context=context,
    )
