"""Candidates: what Sở Nội vụ decides of each at the re-check, in force once a second person confirms it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from awards.enums import CandidateDecision, ShortlistStage
from awards.models import Candidate, Shortlist
from awards.shortlist_changes import changes_between
from awards.shortlist_notices import tell_decided
from awards.shortlist_table import ShortlistTable
from awards.shortlists import table_of
from campaign.models import Unit
from core.audit import acting
from core.errors import DomainError
from core.models import User


class CandidateRefused(DomainError):
    """A decision of a candidate cannot be taken."""

    code = "candidate_refused"


def candidates_of(shortlist: Shortlist) -> dict[int, Candidate]:
    """By unit (id), what was decided of the list's candidates."""
    decided = Candidate.objects.filter(shortlist=shortlist).select_related(
        "decided_by", "confirmed_by", "unit"
    )
    return {each.unit_id: each for each in decided}


def deadline_list(shortlist: Shortlist) -> ShortlistTable | None:
    """The list of the deadline that a re-check looks back at."""
    found = shortlist.phase.shortlists.filter(stage=ShortlistStage.DEADLINE)
    early = found.select_related("phase__campaign__province", "published__edition", "known").first()
    return table_of(early) if early and early.pk != shortlist.pk else None


def units_to_decide(late: ShortlistTable, early: ShortlistTable | None) -> set[int]:
    """Who is a candidate: eligible in either list."""
    both = [*late.lines, *(early.lines if early else ())]
    return {line.unit_id for line in both if line.eligible and line.unit_id}


def decide_candidate(
    *, shortlist: Shortlist, unit: Unit, decision: CandidateDecision, reason: str, by: User, at: datetime
) -> Candidate:
    """Keep or withdraw a unit at the re-check. Until it is confirmed, it may be decided otherwise.

    Raises ``CandidateRefused``: not at the end's list, not a candidate, withdrawn or kept against the
    conditions without a reason, or confirmed already.
    """
    late = _recheck(shortlist)
    _refuse_unless_candidate(late, unit.pk)
    reason = reason.strip()
    line = late.line_of(unit.pk)
    if decision == CandidateDecision.WITHDRAWN and not reason:
        raise CandidateRefused(_("Rút khỏi danh sách phải ghi lý do."))
    if decision == CandidateDecision.KEPT and not reason and not (line and line.eligible):
        raise CandidateRefused(_("Đơn vị không còn đủ điều kiện; giữ lại thì phải ghi lý do."))
    with acting(by=by, reason=f"{CandidateDecision(decision).label}: {unit.name}"):
        _lock(shortlist)
        there = Candidate.objects.select_for_update().filter(shortlist=shortlist, unit=unit).first()
        if there and there.confirmed_at:
            raise CandidateRefused(_("Quyết định đã được người thứ hai xác nhận, không đổi được nữa."))
        candidate = there or Candidate(shortlist=shortlist, unit=unit)
        candidate.decision, candidate.reason = decision, reason
        candidate.decided_at, candidate.decided_by = at, by
        candidate.save()
        tell_decided(shortlist, count=_waiting(shortlist).count(), by=by.pk, at=at)
    return candidate


def keep_unchanged(*, shortlist: Shortlist, by: User, at: datetime) -> int:
    """Keep every eligible candidate of whom the re-check found nothing new and nobody decided: how many."""
    late = _recheck(shortlist)
    early = deadline_list(shortlist)
    changed = {change.unit_id for change in changes_between(early, late)} if early else set()
    eligible = {line.unit_id for line in late.lines if line.eligible and line.unit_id} - changed
    with acting(by=by, reason=f"Giữ các ứng viên không thay đổi: {shortlist}"):
        _lock(shortlist)
        eligible -= set(Candidate.objects.filter(shortlist=shortlist).values_list("unit", flat=True))
        kept = Candidate.objects.bulk_create(
            Candidate(
                shortlist=shortlist,
                unit_id=unit,
                decision=CandidateDecision.KEPT,
                decided_at=at,
                decided_by=by,
            )
            for unit in sorted(eligible)
        )
        if kept:
            tell_decided(shortlist, count=_waiting(shortlist).count(), by=by.pk, at=at)
    return len(kept)


def confirm_candidates(
    *, shortlist: Shortlist, units: Iterable[int] | None = None, by: User, at: datetime
) -> int:
    """Confirm what others decided, of the units (ids) or of all that wait: how many.

    Raises ``CandidateRefused`` where nothing waits that somebody else decided.
    """
    with acting(by=by, reason=f"Xác nhận quyết định giữ, rút: {shortlist}"):
        _lock(shortlist)
        waiting = _waiting(shortlist)
        if units is not None:
            waiting = waiting.filter(unit__in=list(units))
        confirmed = waiting.exclude(decided_by=by).update(confirmed_at=at, confirmed_by=by)
        if not confirmed:
            raise CandidateRefused(
                _("Người quyết định không tự xác nhận được; xin để người thứ hai xác nhận.")
                if waiting.exists()
                else _("Không có quyết định nào chờ xác nhận.")
            )
    return confirmed


def withdrawn_units(shortlist: Shortlist) -> set[int]:
    """The units (ids) whose withdrawal is in force."""
    decided = Candidate.objects.filter(
        shortlist=shortlist, decision=CandidateDecision.WITHDRAWN, confirmed_at__isnull=False
    )
    return set(decided.values_list("unit", flat=True))


def _recheck(shortlist: Shortlist) -> ShortlistTable:
    if shortlist.stage != ShortlistStage.END:
        raise CandidateRefused(_("Chỉ quyết định giữ hay rút ở danh sách kiểm tra lại khi đợt kết thúc."))
    return table_of(shortlist)


def _refuse_unless_candidate(late: ShortlistTable, unit: int) -> None:
    if unit not in units_to_decide(late, deadline_list(late.shortlist)):
        raise CandidateRefused(_("Đơn vị này không phải ứng viên của danh sách."))


def _waiting(shortlist: Shortlist) -> QuerySet[Candidate]:
    return Candidate.objects.filter(shortlist=shortlist, confirmed_at__isnull=True)


def _lock(shortlist: Shortlist) -> None:
    """One decision of a list at a time, to the end of the transaction."""
    Shortlist.objects.select_for_update(no_key=True).get(pk=shortlist.pk)
