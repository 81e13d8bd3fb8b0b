"""Due, in words: how long, how a commune stands, and which hour a report came in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from riskmap.due import Due, Timeliness
from riskmap.due_overview import Tally
from riskmap.models import ProvincePolicy

HOURS_BEFORE = 2  # reports from earlier than this before the due hour are told together
USUAL_HOUR = 16  # where there is no due hour


def time_in_words(span: timedelta) -> str:
    """A length of time by its two largest units, from a week on in days; rounded down."""
    if span >= timedelta(days=7):
        return ngettext("%(count)s ngày", "%(count)s ngày", span.days) % {"count": number_format(span.days)}
    minutes = span // timedelta(minutes=1)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        (days, ngettext("%(count)s ngày", "%(count)s ngày", days)),
        (hours, ngettext("%(count)s giờ", "%(count)s giờ", hours)),
        (minutes, ngettext("%(count)s phút", "%(count)s phút", minutes)),
    ]
    said = [words % {"count": count} for count, words in parts if count]
    return " ".join(said[:2]) or _("chưa đầy một phút")


def due_in_words(due: Due) -> str:
    """How a commune stands: ``muộn 25 phút``."""
    time = time_in_words(due.off_by) if due.off_by is not None else ""
    match due.timeliness:
        case Timeliness.ON_TIME:
            return _("đúng hạn")
        case Timeliness.LATE:
            return _("muộn %(time)s") % {"time": time}
        case Timeliness.REPORTED:
            return _("đã báo cáo")
        case Timeliness.WAITING:
            return _("chưa báo cáo, còn %(time)s") % {"time": time}
        case Timeliness.MISSING if time:
            return _("chưa báo cáo, quá hạn %(time)s") % {"time": time}
    return _("chưa báo cáo")


def tally_in_words(tally: Tally) -> list[str]:
    """What is to be said of a place and day besides the numbers; never nothing."""
    if not tally.due:
        return [_("không có đơn vị")]
    if tally.only:
        return [_alone_in_words(tally)]
    said = []
    if tally.missing:
        said.append(_("thiếu %(count)s") % {"count": tally.missing})
    if tally.waiting:
        said.append(_("chờ %(count)s") % {"count": tally.waiting})
    if tally.late:
        said.append(_("muộn %(count)s") % {"count": tally.late})
    return said or [_("đủ")]


def _alone_in_words(tally: Tally) -> str:
    match tally.only:
        case Timeliness.ON_TIME:
            return _("đúng hạn")
        case Timeliness.LATE:
            return _("muộn %(time)s") % {"time": time_in_words(tally.latest)}
        case Timeliness.REPORTED:
            return _("đã báo cáo")
        case Timeliness.WAITING:
            return _("chưa đến hạn")
    return _("thiếu")


@dataclass(frozen=True, slots=True)
class Hour:
    """The communes that reported within an hour, or those that have not."""

    label: str
    dues: list[Due]
    missing: bool = False


def by_hour(dues: Iterable[Due], *, day: date, policy: ProvincePolicy) -> list[Hour]:
    """Those who have not reported first, then the others by the hour of the first report."""
    first_hour = max((policy.report_by.hour if policy.report_by else USUAL_HOUR) - HOURS_BEFORE, 0)
    hours: dict[tuple, list[Due]] = {}
    for due in dues:
        hours.setdefault(_hour_of(due.first_at, day=day, first_hour=first_hour), []).append(due)
    return [
        Hour(_label(key, first_hour=first_hour), hours[key], missing=key is _MISSING) for key in sorted(hours)
    ]


_MISSING = (0,)


def _hour_of(first_at: datetime | None, *, day: date, first_hour: int) -> tuple:
    if first_at is None:
        return _MISSING
    if first_at.date() > day:
        return (3, first_at.date())
    if first_at.date() < day or first_at.hour < first_hour:
        return (1,)
    return (2, first_at.hour)


def _label(key: Sequence, *, first_hour: int) -> str:
    match key:
        case (1,):
            return _("Trước %(hour)s:00") % {"hour": first_hour}
        case (2, hour):
            return f"{hour}:00–{hour + 1}:00"
        case (3, day):
            return _("Ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"}
    return _("Chưa báo cáo")
