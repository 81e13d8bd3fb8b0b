"""Guarded periods: the days on whose colours a competition of a province rests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.audit import acting
from core.errors import DomainError
from core.models import Area, User
from riskmap.counts import lock_provinces
from riskmap.models import GuardedPeriod

LONGEST_NAME = GuardedPeriod._meta.get_field("name").max_length


class PeriodRefused(DomainError):
    """The period has no name, or ends before it begins."""

    code = "period_refused"


@dataclass(frozen=True, slots=True)
class Guarded:
    """The period as it now is, and whether that is new."""

    period: GuardedPeriod
    changed: bool


def guard_period(*, province: Area, name: str, first_day: date, last_day: date, by: User) -> Guarded:
    """From now on a correction that changes a colour of these days needs a second person.

    A period of the name gets the new days: it is ended by its last day. What waits or was posted already
    stays as it is; the journal keeps the days it had. Raises ``PeriodRefused``.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise PeriodRefused(
            _("Tên thời gian thi đua phải có từ 1 đến %(longest)d ký tự.") % {"longest": LONGEST_NAME}
        )
    if last_day < first_day:
        raise PeriodRefused(
            _("Thời gian thi đua phải kết thúc từ ngày bắt đầu trở đi; xin xem lại hai ngày.")
        )
    with acting(by=by, reason=_("Đặt thời gian thi đua %(name)s") % {"name": name}):
        lock_provinces([province.pk])
        period = GuardedPeriod.objects.filter(province=province, name=name).first()
        period = period or GuardedPeriod(province=province, name=name)
        changed = (period.first_day, period.last_day) != (first_day, last_day)
        if changed:
            period.first_day, period.last_day = first_day, last_day
            period.save()
    return Guarded(period, changed)
