"""Decisions as they were signed: entered afterwards, frozen, and corrected by a further decision only.

Who prepared or approved the list, or reviewed a dossier of it, does not enter its decision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from awards.dossier_steps import append_step
from awards.dossiers import clean_text
from awards.enums import DossierAct, DossierStatus, NomineeStatus, ProposalStatus
from awards.handing_in import canonical
from awards.models import Decision, DecisionLine, Dossier, Nominee, Proposal
from awards.opinions import STANDING
from awards.proposal_content import FORMAT, nominee_content, phase_content
from awards.proposals import held_proposal
from awards.second_persons import why_not_decide
from core.access import Permission
from core.audit import acting
from core.codes import derive_code
from core.errors import DomainError
from core.inbox import holders_over, send_notices
from core.models import StoredFile, User
from core.vietnamese import fold, normalise_name

LONGEST_REASON = 500


class DecisionRefused(DomainError):
    """The decision cannot be entered so."""

    code = "decision_refused"


class Verdict(NamedTuple):
    """What the chairman decided of one nominee; ``name`` as printed, where a correction puts it right."""

    awarded: bool
    reason: str = ""
    name: str = ""


class Signed(NamedTuple):
    """What stands on the signed paper."""

    number: str
    signed_on: date
    signer: str
    signer_post: str
    scan: StoredFile | None = None


def enter_decision(
    *,
    proposal: Proposal,
    signed: Signed,
    verdicts: Mapping[int, Verdict],
    version: int,
    by: User,
    at: datetime,
) -> Decision:
    """Enter the signed decision on a list, line by line (ids of nominees): whole or in part.

    Nominees become awarded or not; a dossier of which nobody waits any more is decided. Raises
    ``ProposalChanged`` where somebody was quicker, and ``DecisionRefused``.
    """
    signed = _clean(signed, at)
    with acting(by=by, reason=f"Ghi quyết định khen thưởng {signed.number}"):
        held = held_proposal(proposal, version, (ProposalStatus.SENT,))
        if sentence := why_not_decide(Proposal.objects.filter(pk=held.pk), by):
            raise DecisionRefused(sentence)
        decision = _write(held, signed, verdicts, by=by, at=at)
        held.status, held.version = ProposalStatus.DECIDED, held.version + 1
        held.save(update_fields=["status", "version"])
        _close_dossiers(held, by=by, at=at)
        _tell(decision, by, at)
    return decision


def correct_decision(
    *,
    decision: Decision,
    signed: Signed,
    verdicts: Mapping[int, Verdict],
    reason: str,
    by: User,
    at: datetime,
) -> Decision:
    """Enter a further signed decision in place of one, for a reason; the earlier one stays as it is."""
    signed, reason = _clean(signed, at), " ".join(clean_text(reason).split())[:LONGEST_REASON]
    if not reason:
        raise DecisionRefused(_("Xin ghi lý do đính chính."))
    with acting(by=by, reason=f"Đính chính quyết định {decision.number}: {reason}"):
        rows = Proposal.objects.select_for_update(of=("self",)).select_related("phase__campaign__province")
        held = rows.get(pk=decision.proposal_id)
        if sentence := why_not_decide(Proposal.objects.filter(pk=held.pk), by):
            raise DecisionRefused(sentence)
        if decision.corrections.exists():
            raise DecisionRefused(_("Quyết định này đã được đính chính; xin đính chính quyết định sau cùng."))
        if signed.signed_on < decision.signed_on:
            raise DecisionRefused(_("Quyết định đính chính không thể ký trước quyết định được đính chính."))
        further = _write(held, signed, verdicts, corrects=decision, reason=reason, by=by, at=at)
        _tell(further, by, at)
    return further


def is_whole(decision: Decision) -> bool:
    """Whether what is stored is what was entered."""
    return hashlib.sha256(canonical(decision.content)).hexdigest() == decision.sha256


def _clean(signed: Signed, at: datetime) -> Signed:
    texts = {
        name: " ".join(clean_text(getattr(signed, name)).split())
        for name in ("number", "signer", "signer_post")
    }
    if not all(texts.values()):
        raise DecisionRefused(_("Quyết định phải có số, người ký và chức vụ."))
    if signed.signed_on > timezone.localdate(at):
        raise DecisionRefused(_("Ngày ký còn ở phía trước; chỉ ghi quyết định đã ký."))
    return signed._replace(**texts)


def _write(
    held: Proposal,
    signed: Signed,
    verdicts: Mapping[int, Verdict],
    *,
    by: User,
    at: datetime,
    corrects: Decision | None = None,
    reason: str = "",
) -> Decision:
    if Decision.objects.filter(number=signed.number, signed_on=signed.signed_on).exists():
        raise DecisionRefused(_("Đã có quyết định mang số và ngày này."))
    listed = list(held.lines.select_related("nominee__unit__seat__parent__parent"))
    if {line.nominee_id for line in listed} != set(verdicts):
        raise DecisionRefused(_("Xin ghi được khen hay không cho từng đối tượng của tờ trình."))
    rows = []
    for line in listed:
        verdict = verdicts[line.nominee_id]
        why_not = "" if verdict.awarded else " ".join(clean_text(verdict.reason).split())[:LONGEST_REASON]
        if not verdict.awarded and not why_not:
            raise DecisionRefused(_("%(name)s: không khen phải ghi lý do.") % {"name": line.nominee})
        said = nominee_content(line.nominee, held.phase, on=signed.signed_on)
        if verdict.name.strip():
            said["name"] = normalise_name(clean_text(verdict.name))[:200]
        said |= {"place": line.place, "awarded": verdict.awarded, "reason": why_not}
        said |= {"code": _code(held, signed, line.nominee_id)}
        rows.append(said)
    content = {
        "format": FORMAT,
        **phase_content(held.phase),
        **{name: getattr(signed, name) for name in ("number", "signer", "signer_post")},
        "signed_on": signed.signed_on.isoformat(),
        "entered_at": at.isoformat(),
        "proposal": {"number": held.number, "sent_on": held.content.get("sent_on", "")},
        "corrects": corrects
        and {"number": corrects.number, "signed_on": corrects.signed_on.isoformat(), "reason": reason},
        "lines": rows,
    }
    decision = Decision.objects.create(
        proposal=held,
        **signed._asdict(),
        corrects=corrects,
        reason=reason,
        content=content,
        sha256=hashlib.sha256(canonical(content)).hexdigest(),
        entered_at=at,
        entered_by=by,
    )
    DecisionLine.objects.bulk_create(_line(decision, said) for said in rows)
    _mark(rows)
    return decision


def _line(decision: Decision, said: dict[str, Any]) -> DecisionLine:
    place = [said["district"]] if said["district"] and said["district"] != said["unit"] else []
    unit = ", ".join([said["unit"], *place]) if said["recipient"] == "person" else ", ".join(place)
    return DecisionLine(
        decision=decision,
        nominee_id=said["nominee"],
        place=said["place"],
        awarded=said["awarded"],
        reason=said["reason"],
        name=said["name"],
        unit_name=unit[:300],
        award=said["award"],
        money=said["money"] if said["awarded"] else None,
        code=said["code"],
        search_text=fold(f"{said['name']} {unit} {decision.number}")[:600],
    )


def _mark(rows: list[dict[str, Any]]) -> None:
    """Set what became of the nominees, two statements however many."""
    for awarded, status in ((True, NomineeStatus.AWARDED), (False, NomineeStatus.NOT_AWARDED)):
        chosen = [row["nominee"] for row in rows if row["awarded"] is awarded]
        Nominee.objects.filter(pk__in=chosen).update(status=status)


def _code(held: Proposal, signed: Signed, nominee: int) -> str:
    """The code of a certificate: nobody without the portal's key can make one up."""
    attempt = 0
    while True:
        text = f"{held.pk}/{signed.number}/{signed.signed_on}/{nominee}/{attempt}"
        code = derive_code(text, of="awards.certificate")
        if not DecisionLine.objects.filter(code=code).exists():
            return code
        attempt += 1


def _close_dossiers(held: Proposal, *, by: User, at: datetime) -> None:
    """Decide the dossiers of the list of which no nominee waits for anything more."""
    listed = Dossier.objects.filter(nominees__lines__proposal=held).values("pk")
    waiting = Nominee.objects.filter(dossier__in=listed, status__in=STANDING).values("dossier")
    rows = Dossier.objects.select_for_update().filter(pk__in=listed, status=DossierStatus.REVIEWED)
    for dossier in rows.exclude(pk__in=waiting).order_by("pk"):
        append_step(dossier, DossierAct.DECIDE, by=by, at=at)


def _tell(decision: Decision, by: User, at: datetime) -> None:
    phase = decision.proposal.phase
    areas = [phase.campaign.province]
    dossiers = Dossier.objects.filter(nominees__lines__proposal=decision.proposal_id).distinct()
    areas += [dossier.area for dossier in dossiers.select_related("area")]
    on = timezone.localdate(at)
    told = holders_over(areas=areas[1:], permission=Permission.SUBMIT_DOSSIERS, on=on)
    told |= holders_over(areas=areas[:1], permission=Permission.REVIEW_DOSSIERS, on=on)
    corrected = f", thay quyết định {decision.corrects.number}" if decision.corrects_id else ""
    send_notices(
        recipients=told - {by.pk},
        key=f"award-decision-{decision.pk}",
        subject=f"Có quyết định khen thưởng {decision.number} ngày {decision.signed_on:%d/%m/%Y}{corrected}",
        body=f"{phase.campaign.short_title}, {phase.name}.",
        link=decision.get_absolute_url(),
        at=at,
    )
