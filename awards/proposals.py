"""The list for the chairman: prepared by one, approved by another, numbered and sent, perhaps returned.

Who approves did not prepare it, and of each dossier somebody else took part in the review. Locks are taken
in one order: proposal, then dossiers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.council_results import results_on
from awards.dossiers import clean_text
from awards.enums import (
    CandidateDecision,
    DossierStatus,
    NomineeStatus,
    ProposalStatus,
    ShortlistStage,
    Verdict,
)
from awards.models import Candidate, Dossier, Nominee, Proposal, ProposalLine
from awards.opinions import opinions_on
from awards.proposal_content import proposal_content
from awards.second_persons import why_not_approve
from campaign.models import Phase
from core.audit import acting
from core.errors import DomainError
from core.inbox import holders_over, send_notices
from core.models import User
from core.permissions import Permission

#: Of these the nominees stand on no other list; a returned list lets them go.
LIVE = (ProposalStatus.DRAFT, ProposalStatus.APPROVED, ProposalStatus.SENT, ProposalStatus.DECIDED)
LONGEST_REASON = 500


class ProposalRefused(DomainError):
    """The act cannot be done with the list."""

    code = "proposal_refused"


class ProposalChanged(ProposalRefused):
    """Somebody else acted first."""

    code = "proposal_changed"


def proposable(phase: Phase, *, but: Proposal | None = None) -> QuerySet[Nominee]:
    """The nominees who may be put on a list: found to pass, of reviewed dossiers, not withdrawn at the
    re-check, and on no other live list."""
    out = Candidate.objects.filter(
        shortlist__phase=phase,
        shortlist__stage=ShortlistStage.END,
        decision=CandidateDecision.WITHDRAWN,
        confirmed_at__isnull=False,
    )
    taken = ProposalLine.objects.filter(proposal__phase=phase, proposal__status__in=LIVE)
    if but is not None:
        taken = taken.exclude(proposal=but)
    rows = Nominee.objects.filter(
        dossier__phase=phase, dossier__status=DossierStatus.REVIEWED, status=NomineeStatus.PASSED
    )
    rows = rows.exclude(person="", unit__in=out.values("unit")).exclude(pk__in=taken.values("nominee"))
    rows = rows.select_related("unit__seat__parent", "dossier__area")
    return rows.order_by("dossier__area__sort_key", "dossier_id", "place", "pk")


def prepare_proposal(
    *, phase: Phase, nominees: Sequence[int], reasons: Mapping[int, str], note: str, by: User, at: datetime
) -> Proposal:
    """Make a list of the nominees (ids) in their order, collectives first.

    ``reasons`` says of each with whom Sở Y tế did not agree, or whom the council did not pass, why it is
    proposed nevertheless.
    """
    with acting(by=by, reason=f"Lập tờ trình Chủ tịch, {phase.name}"):
        _lock_dossiers(phase, nominees)
        chosen = _chosen(phase, nominees, reasons, None)
        proposal = Proposal.objects.create(
            phase=phase, note=clean_text(note)[:1000], prepared_at=at, prepared_by=by
        )
        _write_lines(proposal, chosen)
        _tell(proposal, Permission.REVIEW_DOSSIERS, "chờ người thứ hai duyệt", by, at)
    return proposal


def revise_proposal(
    *,
    proposal: Proposal,
    nominees: Sequence[int],
    reasons: Mapping[int, str],
    note: str,
    version: int,
    by: User,
    at: datetime,
) -> Proposal:
    """Make a draft, or a returned list, anew; it is approved anew as well."""
    with acting(by=by, reason="Lập lại tờ trình Chủ tịch"):
        held = held_proposal(proposal, version, (ProposalStatus.DRAFT, ProposalStatus.RETURNED))
        _lock_dossiers(held.phase, nominees)
        chosen = _chosen(held.phase, nominees, reasons, held)
        held.lines.all().delete()
        _write_lines(held, chosen)
        held.note, held.reason, held.status, held.number = clean_text(note)[:1000], "", "draft", ""
        held.prepared_at, held.prepared_by = at, by
        held.approved_at = held.approved_by = held.sent_at = held.sent_by = None
        held.content = {}
        _save(held)
        _tell(held, Permission.REVIEW_DOSSIERS, "chờ người thứ hai duyệt", by, at)
    return held


def approve_proposal(*, proposal: Proposal, version: int, by: User, at: datetime) -> Proposal:
    """Approve as a second person; what its papers say is frozen."""
    with acting(by=by, reason="Duyệt tờ trình Chủ tịch"):
        held = held_proposal(proposal, version, (ProposalStatus.DRAFT,))
        _lock_dossiers(held.phase, [line.nominee_id for line in held.lines.all()])
        if sentence := why_not_approve(held, by):
            raise ProposalRefused(sentence)
        listed = set(held.lines.values_list("nominee", flat=True))
        if listed - set(proposable(held.phase, but=held).values_list("pk", flat=True)):
            raise ProposalRefused(
                _("Có đối tượng không còn được trình (hồ sơ đã thay đổi); xin lập lại tờ trình.")
            )
        held.status, held.approved_at, held.approved_by = ProposalStatus.APPROVED, at, by
        held.content = proposal_content(held)
        _save(held)
    return held


def send_proposal(*, proposal: Proposal, number: str, version: int, by: User, at: datetime) -> Proposal:
    """Number an approved list and send it to the chairman's office, which is told."""
    number = " ".join(clean_text(number).split())[:60]
    if not number:
        raise ProposalRefused(_("Xin ghi số tờ trình."))
    with acting(by=by, reason=f"Trình Chủ tịch: {number}"):
        held = held_proposal(proposal, version, (ProposalStatus.APPROVED,))
        held.status, held.number, held.sent_at, held.sent_by = ProposalStatus.SENT, number, at, by
        held.content = held.content | {"number": number, "sent_on": timezone.localdate(at).isoformat()}
        _save(held)
        _tell(held, Permission.ENTER_DECISIONS, f"tờ trình {number} chờ quyết định", by, at)
    return held


def return_proposal(*, proposal: Proposal, reason: str, version: int, by: User, at: datetime) -> Proposal:
    """Give a list back, for a reason: Sở Nội vụ before it is sent, the chairman's office after."""
    reason = " ".join(clean_text(reason).split())[:LONGEST_REASON]
    if not reason:
        raise ProposalRefused(_("Xin ghi lý do trả lại."))
    with acting(by=by, reason=f"Trả lại tờ trình: {reason}"):
        returnable = (ProposalStatus.DRAFT, ProposalStatus.APPROVED, ProposalStatus.SENT)
        held = held_proposal(proposal, version, returnable)
        held.status, held.reason = ProposalStatus.RETURNED, reason
        _save(held)
        _tell(held, Permission.REVIEW_DOSSIERS, f"tờ trình bị trả lại: {reason}", by, at)
    return held


def held_proposal(proposal: Proposal, version: int, statuses: Sequence[ProposalStatus]) -> Proposal:
    """The list as it is now, held to the end of the transaction. Raises ``ProposalChanged``."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("phase__campaign__province")
    held = rows.get(pk=proposal.pk)
    if held.version != version or held.status not in statuses:
        raise ProposalChanged(
            _("Tờ trình nay %(status)s: người khác vừa làm trước; xin xem lại.")
            % {"status": held.get_status_display()}
        )
    return held


def _save(held: Proposal) -> None:
    held.version += 1
    held.save()


def _lock_dossiers(phase: Phase, nominees: Sequence[int]) -> None:
    """Nobody reopens the dossiers, nor puts their nominees on another list, meanwhile."""
    rows = Dossier.objects.filter(phase=phase, nominees__in=nominees).values("pk")
    list(Dossier.objects.select_for_update().filter(pk__in=rows).order_by("pk"))


def _chosen(
    phase: Phase, nominees: Sequence[int], reasons: Mapping[int, str], but: Proposal | None
) -> list[tuple[Nominee, str]]:
    allowed = {nominee.pk: nominee for nominee in proposable(phase, but=but)}
    if not nominees or len(set(nominees)) != len(nominees) or set(nominees) - set(allowed):
        raise ProposalRefused(
            _("Xin chọn đối tượng đã thẩm định, đủ điều kiện và chưa nằm trong tờ trình nào.")
        )
    rows = [allowed[pk] for pk in nominees]
    said, voted, chosen = opinions_on(rows), results_on(rows), []
    for nominee in sorted(rows, key=lambda row: bool(row.person)):
        opinion, reason = said.get(nominee.pk), " ".join(clean_text(reasons.get(nominee.pk, "")).split())
        against = opinion is not None and opinion.verdict == Verdict.DISAGREE
        failed = nominee.pk in voted and not voted[nominee.pk]["passed"]
        if against and not reason:
            raise ProposalRefused(
                _("Sở Y tế không đồng ý khen %(name)s; vẫn trình thì phải ghi lý do.") % {"name": nominee}
            )
        if failed and not reason:
            raise ProposalRefused(
                _("Hội đồng không thông qua %(name)s; vẫn trình thì phải ghi lý do.") % {"name": nominee}
            )
        chosen.append((nominee, reason[:LONGEST_REASON] if against or failed else ""))
    return chosen


def _write_lines(proposal: Proposal, chosen: list[tuple[Nominee, str]]) -> None:
    ProposalLine.objects.bulk_create(
        ProposalLine(proposal=proposal, nominee=nominee, reason=reason, place=place)
        for place, (nominee, reason) in enumerate(chosen, 1)
    )


def _tell(proposal: Proposal, permission: Permission, words: str, by: User, at: datetime) -> None:
    phase = proposal.phase
    province, to_office = phase.campaign.province, permission == Permission.ENTER_DECISIONS
    told = holders_over(areas=[province], permission=permission, on=timezone.localdate(at)) - {by.pk}
    send_notices(
        recipients=told,
        key=f"proposal-{proposal.pk}-{proposal.status}-{proposal.version}",
        subject=f"Khen thưởng {phase.name}: {words}",
        body=f"{phase.campaign.short_title}. {proposal.lines.count()} đối tượng.",
        link=reverse("awards:proposal_received", args=[proposal.pk])
        if to_office
        else proposal.get_absolute_url(),
        at=at,
    )
