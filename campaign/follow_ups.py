"""Follow-ups: what a unit is to put right, answered by the unit, closed or opened again by those who inspect.

Every step is kept as a row of its own; the follow-up itself holds how it stands now.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.enums import FollowUpAct, InspectionStatus
from campaign.inspection_notices import tell_of_follow_up
from campaign.inspections import InspectionChanged, InspectionRefused
from campaign.models import FollowUp, FollowUpStep, Inspection
from core.audit import acting
from core.models import StoredFile, User


def add_follow_up(*, inspection: Inspection, wording: str, due_on: date, by: User, at: datetime) -> FollowUp:
    """Ask the unit to put something right by ``due_on``, and tell its staff."""
    _check_due(due_on, at=at)
    with acting(by=by, reason=f"Kiến nghị sau kiểm tra: {inspection.unit.name}"):
        held = Inspection.objects.select_for_update().get(pk=inspection.pk)
        if held.status != InspectionStatus.VISITED:
            raise InspectionRefused(_("Kiến nghị chỉ được ghi sau khi đã ghi kết quả kiểm tra."))
        follow_up = FollowUp.objects.create(
            inspection=inspection, wording=wording, due_on=due_on, created_at=at, created_by=by
        )
        _step(follow_up, FollowUpAct.ASKED, text=wording, by=by, at=at)
    return follow_up


def answer_follow_up(
    *, follow_up: FollowUp, seen: int, answer: str, file: StoredFile | None, by: User, at: datetime
) -> FollowUp:
    """Say what was done, or say it better while it is open; ``seen`` is the id of the last step seen."""
    with acting(by=by, reason=f"Báo cáo khắc phục: {follow_up.inspection.unit.name}"):
        held = _lock(follow_up, seen)
        if held.closed_at:
            raise InspectionRefused(_("Kiến nghị này đã được xác nhận xong."))
        held.answer, held.file = answer, file
        held.answered_at, held.answered_by = at, by
        held.save()
        _step(held, FollowUpAct.ANSWERED, text=answer, file=file, by=by, at=at)
    return held


def close_follow_up(*, follow_up: FollowUp, seen: int, note: str, by: User, at: datetime) -> FollowUp:
    """Say that it was put right: somebody else than who answered."""
    with acting(by=by, reason=f"Xác nhận đã khắc phục: {follow_up.inspection.unit.name}"):
        held = _lock(follow_up, seen)
        if held.closed_at or not held.answered_at:
            raise InspectionRefused(_("Chỉ xác nhận xong khi đơn vị đã báo cáo khắc phục."))
        if held.answered_by_id == by.pk:
            raise InspectionRefused(_("Người báo cáo khắc phục không tự xác nhận được."))
        held.closed_at, held.closed_by = at, by
        held.save()
        _step(held, FollowUpAct.CLOSED, text=note, by=by, at=at)
    return held


def reopen_follow_up(
    *, follow_up: FollowUp, seen: int, reason: str, due_on: date, by: User, at: datetime
) -> FollowUp:
    """Ask for it again, by another day, where the answer does not do or it came back."""
    _check_due(due_on, at=at)
    with acting(by=by, reason=f"Mở lại kiến nghị: {follow_up.inspection.unit.name}. {reason}"):
        held = _lock(follow_up, seen)
        if not held.answered_at:
            raise InspectionRefused(_("Đơn vị chưa báo cáo khắc phục; kiến nghị vẫn đang mở."))
        held.answer, held.file, held.due_on = "", None, due_on
        held.answered_at = held.answered_by = held.closed_at = held.closed_by = None
        held.save()
        _step(held, FollowUpAct.REOPENED, text=reason, by=by, at=at)
    return held


def _lock(follow_up: FollowUp, seen: int) -> FollowUp:
    related = FollowUp.objects.select_related("inspection__campaign", "inspection__unit__seat")
    held = related.select_for_update(of=["self"]).get(pk=follow_up.pk)
    if held.steps.order_by("-id").values_list("id", flat=True).first() != seen:
        raise InspectionChanged(
            _("Người khác vừa ghi kiến nghị này. Xem các bước bên dưới, sửa nếu cần, rồi ghi lại.")
        )
    return held


def _step(
    follow_up: FollowUp,
    act: FollowUpAct,
    *,
    text: str,
    by: User,
    at: datetime,
    file: StoredFile | None = None,
) -> None:
    step = FollowUpStep.objects.create(
        follow_up=follow_up,
        act=act,
        text=text,
        file=file,
        due_on=follow_up.due_on,
        taken_at=at,
        taken_by=by,
    )
    tell_of_follow_up(step, by=by, at=at)


def _check_due(due_on: date, *, at: datetime) -> None:
    if due_on < timezone.localdate(at):
        raise InspectionRefused(_("Hạn khắc phục phải từ hôm nay trở đi."), field="due_on")
