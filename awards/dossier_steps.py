"""The steps of a dossier, taken as ``awards.workflow`` lays them down, each appended to its ledger.

Who may is asked by the faces (``allowed_acts``); status and the conditions of a second person are held here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext as _

from awards.dossiers import DossierChanged, DossierRefused, clean_text, locked
from awards.enums import DossierAct, DossierStatus, ProposalStatus
from awards.models import Dossier, DossierStep, Proposal, ProposalLine
from awards.second_persons import why_not_decide
from awards.workflow import STEPS, Condition, Step
from core.access import can
from core.audit import acting
from core.models import User


def allowed_acts(dossier: Dossier, user: User | AnonymousUser, *, on: date) -> list[DossierAct]:
    """The steps that ``user`` may take with the dossier now; the deadline and its papers are asked later."""
    found = []
    for act in DossierAct:
        step = STEPS.get((DossierStatus(dossier.status), act))
        if step and can(user, step.permission, dossier.area, on=on) and not _barred(dossier, step, user):
            found.append(act)
    return found


def withdraw(*, dossier: Dossier, version: int, reason: str, by: User, at: datetime) -> Dossier:
    """Take a dossier back; nothing of it is lost. Raises ``DossierRefused``, ``DossierChanged``."""
    return _take(dossier, DossierAct.WITHDRAW, version, reason, by=by, at=at)


def restore(*, dossier: Dossier, version: int, by: User, at: datetime) -> Dossier:
    """Go on with a withdrawn dossier as a draft."""
    return _take(dossier, DossierAct.RESTORE, version, by=by, at=at)


def take_up(*, dossier: Dossier, version: int, by: User, at: datetime) -> Dossier:
    """Begin the review of a dossier; ``by`` is its reviewer from now on."""
    return _take(dossier, DossierAct.TAKE_UP, version, by=by, at=at, reviewer=by)


def return_for_more(
    *,
    dossier: Dossier,
    version: int,
    reason: str,
    asked: Sequence[dict[str, str]],
    due: datetime,
    by: User,
    at: datetime,
) -> Dossier:
    """Give it back for more: ``asked`` names papers (``item``, a key of ``papers_of``) and the ``words``."""
    asked = [{"item": each["item"], "words": clean_text(each["words"])} for each in asked]
    if not asked or not all(each["words"] for each in asked):
        raise DossierRefused(_("Xin ghi cần bổ sung gì, ở giấy tờ nào."))
    if due <= at:
        raise DossierRefused(_("Hạn bổ sung phải sau lúc này."))
    return _take(dossier, DossierAct.RETURN, version, reason, by=by, at=at, asked=asked, due=due)


def finish(*, dossier: Dossier, version: int, by: User, at: datetime) -> Dossier:
    """The review is done; by another person than who took the dossier up."""
    return _take(dossier, DossierAct.FINISH, version, by=by, at=at)


def reopen(*, dossier: Dossier, version: int, reason: str, by: User, at: datetime) -> Dossier:
    return _take(dossier, DossierAct.REOPEN, version, reason, by=by, at=at)


def refuse_unless(held: Dossier, act: DossierAct) -> Step:
    """The step of the table from the status it has. Raises ``DossierRefused`` where there is none."""
    step = STEPS.get((DossierStatus(held.status), act))
    if step is None:
        raise DossierRefused(
            _("Hồ sơ %(status)s nên không %(act)s được; xin tải lại trang.")
            % {"status": held.get_status_display(), "act": act.label}
        )
    return step


def append_step(
    held: Dossier,
    act: DossierAct,
    *,
    by: User,
    at: datetime,
    reason: str = "",
    asked: Sequence[dict[str, str]] = (),
    due: datetime | None = None,
    **also: Any,
) -> None:
    """Write the step into the row that is held, with ``also`` of its fields, and into the ledger."""
    before, held.status = held.status, STEPS[DossierStatus(held.status), act].to
    held.version += 1
    for name, value in also.items():
        setattr(held, name, value)
    held.save(update_fields=["status", "version", *also])
    DossierStep.objects.create(
        dossier=held,
        act=act,
        before=before,
        after=held.status,
        reason=reason,
        asked=list(asked),
        due=due,
        taken_at=at,
        taken_by=by,
    )


def _take(
    dossier: Dossier,
    act: DossierAct,
    version: int,
    reason: str = "",
    *,
    by: User,
    at: datetime,
    **also: Any,
) -> Dossier:
    reason = " ".join(clean_text(reason).split())[:500]
    with acting(by=by, reason=f"Hồ sơ khen thưởng: {act.label}{reason and f' ({reason})'}"):
        held = locked(dossier)
        step = refuse_unless(held, act)
        if held.version != version:
            raise DossierChanged(_("Người khác vừa làm việc với hồ sơ này; xin xem lại."), theirs=held)
        if step.reason and not reason:
            raise DossierRefused(_("Xin ghi lý do."))
        if sentence := _barred(held, step, by):
            raise DossierRefused(sentence)
        append_step(held, act, by=by, at=at, reason=reason, **also)
    return held


def _barred(dossier: Dossier, step: Step, user: User | AnonymousUser) -> str:
    if Condition.NOT_OWN in step.conditions and _worked_on(dossier, user):
        return _("Bạn đã soạn hoặc nộp hồ sơ này; xin để người khác thẩm định.")
    if Condition.SECOND_PERSON in step.conditions and dossier.reviewer_id == user.pk:
        return _("Bạn đã nhận thẩm định hồ sơ này; xin để người thứ hai kết thúc.")
    if Condition.NOT_PREPARED in step.conditions:
        return why_not_decide(Proposal.objects.filter(lines__nominee__dossier=dossier), user)
    if Condition.UNDECIDED in step.conditions and _is_proposed(dossier):
        return _("Đối tượng của hồ sơ đã được đưa vào tờ trình Chủ tịch; không thẩm định lại được nữa.")
    return ""


def _is_proposed(dossier: Dossier) -> bool:
    """Whether a nominee of it stands on a list for the chairman that was not returned."""
    lines = ProposalLine.objects.filter(nominee__dossier=dossier)
    return lines.exclude(proposal__status=ProposalStatus.RETURNED).exists()


def _worked_on(dossier: Dossier, user: User | AnonymousUser) -> bool:
    """Whether the person nominated somebody of it, wrote any of it, or handed it in."""
    return (
        dossier.opened_by_id == user.pk
        or dossier.nominees.filter(Q(added_by=user.pk) | Q(nomination__nominated_by=user.pk)).exists()
        or dossier.items.filter(saved_by=user.pk).exists()
        or dossier.versions.filter(received_by=user.pk).exists()
    )
