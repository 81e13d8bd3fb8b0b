"""Late permits: Sở Nội vụ lets one area hand in one dossier of a phase after its deadline, once."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.models import LatePermit
from campaign.models import Phase
from core.access import Permission
from core.audit import acting
from core.enums import AreaKind
from core.errors import DomainError
from core.inbox import holders_over, send_notices
from core.models import Area, User


class PermitRefused(DomainError):
    """The permit cannot be issued so."""

    code = "permit_refused"


def issue_permit(
    *, phase: Phase, area: Area, reason: str, expires_at: datetime, by: User, at: datetime
) -> LatePermit:
    """Let ``area`` hand in after the deadline, once, before ``expires_at``; those who hand in there are told.

    A permit that expired unused is put out of the way by the new one. Raises ``PermitRefused`` without a
    deadline or reason, for an instant that is over or no later than the deadline, and where one waits.
    """
    reason = " ".join(reason.split())
    if sentence := _why_not(phase, area, reason, expires_at, at):
        raise PermitRefused(sentence)
    with acting(by=by, reason=f"Cho nộp hồ sơ muộn: {reason}"):
        # Nobody can use it any more, and a waiting permit is one of an area and phase.
        LatePermit.objects.filter(phase=phase, area=area, used_at__isnull=True, expires_at__lte=at).delete()
        permit = _insert(phase, area, reason, expires_at, by, at)
        people = holders_over(
            areas=[area], permission=Permission.SUBMIT_DOSSIERS, on=timezone.localdate(at), only_at_area=True
        )
        until = timezone.localtime(expires_at)
        send_notices(
            recipients=people,
            key=f"permit-{permit.pk}",
            subject=f"Được nộp hồ sơ khen thưởng muộn: {phase.name}, {area.name}",
            body=f"Một lần, trước {until:%H:%M} ngày {until:%d/%m/%Y}. Hồ sơ được ghi là nộp muộn.\n"
            f"Lý do: {reason}",
            link=reverse("awards:dossiers"),
            at=at,
        )
    return permit


def _why_not(phase: Phase, area: Area, reason: str, expires_at: datetime, at: datetime) -> str:
    if area.kind not in (AreaKind.DISTRICT, AreaKind.PROVINCE):
        return _("Chỉ cho phép cấp huyện, hoặc cấp tỉnh, nộp hồ sơ muộn.")
    if phase.dossier_deadline is None:
        return _("Đợt này chưa có hạn gửi hồ sơ nên chưa có gì là muộn; xin đặt hạn trong kế hoạch trước.")
    if not reason:
        return _("Xin ghi lý do cho nộp muộn.")
    if expires_at <= at:
        return _("Thời điểm hết hạn của phép đã qua; xin chọn một thời điểm sau lúc này.")
    if expires_at <= phase.dossier_deadline:
        return _("Phép phải còn hạn sau hạn gửi hồ sơ của đợt.")
    return ""


def _insert(
    phase: Phase, area: Area, reason: str, expires_at: datetime, by: User, at: datetime
) -> LatePermit:
    try:
        with transaction.atomic():
            return LatePermit.objects.create(
                phase=phase, area=area, reason=reason, expires_at=expires_at, issued_at=at, issued_by=by
            )
    except IntegrityError as error:
        if "permit_waiting_once" not in str(error):
            raise
        raise PermitRefused(
            _("Địa bàn này đang có một phép nộp muộn chưa dùng của đợt; không cấp thêm.")
        ) from None
