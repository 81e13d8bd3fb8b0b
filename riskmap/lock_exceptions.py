"""Lock exceptions: leave to change the numbers of a day that was accepted, for a time and with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import Permission
from core.audit import acting
from core.enums import AreaKind
from core.errors import DomainError
from core.inbox import holders_over, send_notices
from core.models import Area, User
from riskmap.models import DayReport, LockException

LONGEST = timedelta(days=14)


class ExceptionRefused(DomainError):
    """There is nothing to except from, or not like this."""

    code = "exception_refused"


def grant_exception(
    *, area: Area, day: date, reason: str, expires_at: datetime, by: User, at: datetime
) -> LockException:
    """Let the accepted numbers of a commune, or of all communes of a district, be changed for a time.

    It ends by itself at ``expires_at``, which is no longer in force. Those who enter numbers there are told.
    Raises ``ExceptionRefused`` for a day that is not locked, without a reason, and for more than 14 days.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise ExceptionRefused(_("Cho phép sửa ngày đã khóa phải nêu lý do."))
    if not at < expires_at <= at + LONGEST:
        raise ExceptionRefused(
            _("Thời điểm hết hạn phải sau lúc này và không quá %(days)s ngày.") % {"days": LONGEST.days}
        )
    if not is_locked(area=area, day=day):
        raise ExceptionRefused(
            _("Số liệu ngày %(day)s của %(area)s chưa duyệt nên không khóa; sửa được ngay, không cần phép.")
            % {"day": f"{day:%d/%m/%Y}", "area": area.name}
        )
    with acting(by=by, reason=reason):
        granted = LockException.objects.create(
            area=area, day=day, reason=reason, granted_at=at, granted_by=by, expires_at=expires_at
        )
        until = f"{timezone.localtime(expires_at):%H:%M ngày %d/%m/%Y}"
        link = reverse("riskmap:exceptions")
        if area.kind in (AreaKind.COMMUNE, AreaKind.HAMLET):
            link = reverse("riskmap:correction_new", args=[area.code, day.isoformat()])
        send_notices(
            recipients=holders_over(
                areas=[area, *Area.objects.under(area)],
                permission=Permission.ENTER_COUNTS,
                on=timezone.localdate(at),
            )
            - {by.pk},
            key=f"exception:{granted.pk}",
            subject=f"{area.name}: được sửa số liệu ngày {day:%d/%m/%Y} đến {until}",
            body=f"Lý do: {reason}. Khi sửa phải ghi lý do và số văn bản.",
            link=link,
            at=at,
        )
    return granted


def end_exception(*, exception: LockException, by: User, at: datetime) -> LockException:
    """End the leave before its time. Raises ``ExceptionRefused`` when it is over already."""
    with acting(by=by, reason=_("Kết thúc phép sửa ngày đã khóa")):
        current = LockException.objects.select_for_update().get(pk=exception.pk)
        if current.ended_at is not None or current.expires_at <= at:
            raise ExceptionRefused(_("Phép sửa này đã hết hiệu lực."))
        current.ended_at, current.ended_by = at, by
        current.save(update_fields=["ended_at", "ended_by"])
    return current


def is_locked(*, area: Area, day: date) -> bool:
    """Whether numbers of the day in the area were accepted: of a scope itself, or of the one it lies in."""
    return DayReport.objects.filter(scope__in=_scopes(area), day=day, accepted_post__isnull=False).exists()


def in_force_at(exceptions: QuerySet[LockException], at: datetime) -> QuerySet[LockException]:
    """Those that open something at the instant: from their grant on, and not at their end."""
    return exceptions.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at), granted_at__lte=at, expires_at__gt=at
    )


def exceptions_for(*, area: Area, day: date) -> QuerySet[LockException]:
    """All that were ever given for the area and day, itself or what it lies in; the newest first."""
    line = [area.pk, *filter(None, (area.parent_id, area.parent and area.parent.parent_id))]
    return (
        LockException.objects.filter(area__in=line, day=day)
        .select_related("area", "granted_by", "ended_by")
        .order_by(F("granted_at").desc(), "-pk")
    )


def _scopes(area: Area) -> Iterable[int]:
    """Ids of the scopes that hold the area's numbers: its communes' parent."""
    if area.kind == AreaKind.HAMLET:
        return [area.parent.parent_id]
    return [area.pk, area.parent_id] if area.kind == AreaKind.COMMUNE else [area.pk]
