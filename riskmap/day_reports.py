"""Reports of a day: sent by a district or its communes, returned or accepted by Sở Y tế."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from core.audit import acting
from core.errors import DomainError
from core.inbox import Message, send_each
from core.models import Area, User
from riskmap.counts import lock_provinces
from riskmap.day_numbers import DayNumbers, DayOf, entered_by, numbers_of
from riskmap.enums import ReportAct, ReportStatus
from riskmap.models import CountPost, DayReport, DayReportStep
from riskmap.published import known_after

# A report is sent when numbers of its day are posted. It is complete when every commune of the scope that is
# valid that day has a number, or was covered by a report of zero. The oldest list of units that is known
# stands for the days before it as well.
_MARK_SENT = """
WITH cell AS (
    SELECT * FROM unnest(%(areas)s::bigint[], %(days)s::date[]) AS c (area_id, day)
),
report AS (
    SELECT DISTINCT CASE a.kind WHEN 'hamlet' THEN up.parent_id ELSE a.parent_id END AS scope_id, cell.day
    FROM cell JOIN core_area a ON a.id = cell.area_id LEFT JOIN core_area up ON up.id = a.parent_id
),
state AS (
    SELECT report.*, NOT EXISTS (
        SELECT FROM core_area c JOIN core_area s ON s.id = c.parent_id
        WHERE c.parent_id = report.scope_id AND c.kind = 'commune'
            AND coalesce(c.valid_to, 'infinity') >= report.day
            AND (c.valid_from <= report.day OR c.valid_from = (
                SELECT min(o.valid_from) FROM core_area o
                WHERE o.parent_id = report.scope_id AND o.kind = 'commune'
            ))
            AND NOT EXISTS (
                SELECT FROM riskmap_dailycount d WHERE d.area_id = c.id AND d.day = report.day
            )
            AND NOT EXISTS (
                SELECT FROM riskmap_reportcoverage o
                WHERE o.scope_id IN (c.id, s.id, s.parent_id) AND o.kind = 'commune'
                    AND report.day BETWEEN o.first_day AND o.last_day
            )
    ) AS complete
    FROM report
),
step AS (
    INSERT INTO riskmap_dayreportstep (scope_id, day, act, reason, taken_at, taken_by_id)
    SELECT scope_id, day, 'sent', %(reason)s, %(at)s, %(by)s FROM state ORDER BY day, scope_id
)
INSERT INTO riskmap_dayreport AS r (scope_id, day, status, complete, reason, sent_at, sent_by_id)
SELECT scope_id, day, 'sent', complete, '', %(at)s, %(by)s FROM state ORDER BY day, scope_id
ON CONFLICT (scope_id, day) DO UPDATE SET
    (status, complete, reason, sent_at, sent_by_id, decided_at, decided_by_id)
    = ('sent', EXCLUDED.complete, '', EXCLUDED.sent_at, EXCLUDED.sent_by_id, NULL, NULL)
"""


def mark_sent(*, cells: Iterable[tuple[int, date]], by: User, at: datetime, reason: str = "") -> int:
    """The reports of these areas (ids) and days are sent, again where they were returned or accepted.

    Part of the transaction that posts the numbers; returns how many reports. A day that was accepted stays
    locked: what is new in it waits for acceptance. ``reason`` is what the sender says to it.
    """
    cells = sorted(set(cells))
    with connection.cursor() as cursor:
        cursor.execute(
            _MARK_SENT,
            {
                "areas": [area for area, _ in cells],
                "days": [day for _, day in cells],
                "reason": reason,
                "at": at,
                "by": by.pk,
            },
        )
        return cursor.rowcount


class DayReportRefused(DomainError):
    """Nothing was chosen, or a return says no reason."""

    code = "day_report_refused"


class Seen(NamedTuple):
    """A day of a scope (id) as somebody saw it: ``last_post_id`` is the last posting that was on the page."""

    scope_id: int
    day: date
    last_post_id: int


class Refusal(NamedTuple):
    """A day that was left as it was, and why, with what to do."""

    scope: Area
    day: date
    sentence: str


class Accepted(NamedTuple):
    """A day that was accepted; ``missing`` are the names of the communes without a report."""

    scope: Area
    day: date
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of accepting many days. ``unchanged`` were accepted before, and nothing was said since."""

    accepted: tuple[Accepted, ...]
    refused: tuple[Refusal, ...]
    unchanged: tuple[DayOf, ...] = ()


@dataclass(frozen=True, slots=True)
class Returned:
    """What came of returning many days."""

    returned: tuple[DayOf, ...]
    refused: tuple[Refusal, ...]


def accept_days(*, items: Sequence[Seen], by: User, at: datetime) -> Decided:
    """Accept the numbers of many days at once; those that cannot be are refused, the others go through.

    A day is refused when its numbers changed after ``by`` looked, when nobody reported, and when ``by``
    entered any of the numbers: nobody accepts what they entered. Accepted days are locked. Those who sent
    them are told. An acceptance is recorded after the last cut-off, so that an edition stays what it showed.
    """
    with acting(by=by, reason="Duyệt số liệu"):
        looks = _look(items)
        own = entered_by([(look.item, look.accepted_post) for look in looks], by=by.pk)
        accepted, refused, unchanged = [], [], []
        for look in looks:
            if look.report and look.report.status == ReportStatus.ACCEPTED and look.is_accepted_whole:
                unchanged.append(look.item)
            elif sentence := _why_not_accepted(look, own.get(look.item)):
                refused.append(Refusal(look.scope, look.item.day, sentence))
            else:
                accepted.append(look)
        _take(accepted, ReportAct.ACCEPTED, by=by, at=at)
    return Decided(
        tuple(Accepted(look.scope, look.item.day, look.numbers.missing) for look in accepted),
        tuple(refused),
        tuple(unchanged),
    )


def return_days(*, items: Sequence[Seen], reason: str, by: User, at: datetime) -> Returned:
    """Send many days back to those who sent them, for one reason; those that do not wait are refused.

    Numbers stay as they are: a day that was accepted before stays locked. Raises ``DayReportRefused``
    without a reason.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise DayReportRefused(_("Trả lại báo cáo phải nêu lý do."))
    with acting(by=by, reason=reason):
        returned, refused = [], []
        for look in _look(items):
            if sentence := _why_not_returned(look):
                refused.append(Refusal(look.scope, look.item.day, sentence))
            else:
                returned.append(look)
        _take(returned, ReportAct.RETURNED, by=by, at=at, reason=reason)
    return Returned(tuple(look.item for look in returned), tuple(refused))


@dataclass(frozen=True, slots=True)
class _Look:
    """A day as it is under the lock, beside the last posting that the person had seen of it."""

    item: DayOf
    seen: int
    scope: Area
    report: DayReport | None
    numbers: DayNumbers

    @property
    def province(self) -> Area:
        return self.scope.parent or self.scope

    @property
    def accepted_post(self) -> int:
        return (self.report and self.report.accepted_post_id) or 0

    @property
    def is_accepted_whole(self) -> bool:
        return self.numbers.last_post_id <= self.accepted_post


def _look(items: Sequence[Seen]) -> list[_Look]:
    """The days as they are now; postings of their provinces wait until the transaction is over."""
    if not items:
        raise DayReportRefused(_("Chưa chọn ngày nào. Xin đánh dấu các dòng cần duyệt hoặc trả lại."))
    seen = {DayOf(item.scope_id, item.day): item.last_post_id for item in items}
    scopes = Area.objects.select_related("parent").in_bulk({item.scope_id for item in seen})
    lock_provinces({(scope.parent or scope).pk for scope in scopes.values()})
    numbers = numbers_of(seen)
    reports = DayReport.objects.filter(
        scope__in=scopes, day__range=(min(item.day for item in seen), max(item.day for item in seen))
    )
    report_of = {DayOf(report.scope_id, report.day): report for report in reports}
    return [
        _Look(item, last, scopes[item.scope_id], report_of.get(item), numbers[item])
        for item, last in seen.items()
    ]


def _why_not_accepted(look: _Look, own: tuple[str, ...] | None) -> str:
    if not look.numbers.anything:
        return _("Chưa có số liệu nào của ngày này để duyệt.")
    if look.numbers.last_post_id != look.seen:
        return _("Số liệu đã thay đổi sau khi bạn mở trang. Xin xem lại số mới rồi duyệt.")
    if own is not None:
        return _(
            "Bạn đã nhập số liệu của %(units)s trong ngày này; không ai duyệt số do chính mình nhập. "
            "Xin nhờ người khác của Sở Y tế duyệt."
        ) % {"units": ", ".join(own) or look.scope.name}
    return ""


def _why_not_returned(look: _Look) -> str:
    if look.report is None or look.report.status != ReportStatus.SENT:
        return _("Ngày này không chờ duyệt nên không trả lại được.")
    if look.numbers.last_post_id != look.seen:
        return _("Số liệu đã thay đổi sau khi bạn mở trang. Xin xem lại số mới rồi trả lại.")
    return ""


def _take(looks: Sequence[_Look], act: ReportAct, *, by: User, at: datetime, reason: str = "") -> None:
    """Write the step of each day and what the day is now, and tell those who sent it."""
    if not looks:
        return
    moment = {province: known_after(province, at) for province in {look.province for look in looks}}
    sent_by = _senders(looks)
    DayReportStep.objects.bulk_create(
        DayReportStep(
            scope=look.scope,
            day=look.item.day,
            act=act,
            reason=reason,
            last_post_id=look.numbers.last_post_id or None,
            taken_at=moment[look.province],
            taken_by=by,
        )
        for look in looks
    )
    accepts = act == ReportAct.ACCEPTED
    # A day that nobody had sent was posted by a command: its last posting stands for the sending.
    posts = CountPost.objects.in_bulk({look.numbers.last_post_id for look in looks if look.report is None})
    reports = []
    for look in looks:
        report = look.report or DayReport(
            scope=look.scope,
            day=look.item.day,
            sent_at=posts[look.numbers.last_post_id].posted_at,
            sent_by_id=posts[look.numbers.last_post_id].posted_by_id,
        )
        report.status = ReportStatus.ACCEPTED if accepts else ReportStatus.RETURNED
        report.complete, report.reason = look.numbers.complete, reason
        report.decided_at, report.decided_by = moment[look.province], by
        if accepts:
            report.accepted_post_id = look.numbers.last_post_id
        reports.append(report)
    DayReport.objects.bulk_create(
        reports,
        update_conflicts=True,
        unique_fields=["scope", "day"],
        update_fields=["status", "complete", "reason", "decided_at", "decided_by", "accepted_post"],
    )
    _tell(looks, sent_by, act, by=by, at=at, reason=reason)


def _senders(looks: Sequence[_Look]) -> dict[DayOf, set[int]]:
    """By day, who sent it since it was accepted or returned last (ids). One query."""
    steps = DayReportStep.objects.filter(
        scope__in={look.scope.pk for look in looks}, day__in={look.item.day for look in looks}
    ).order_by("taken_at", "pk")
    sent: dict[DayOf, set[int]] = {look.item: set() for look in looks}
    for scope, day, act, by in steps.values_list("scope", "day", "act", "taken_by"):
        if (item := DayOf(scope, day)) in sent:
            sent[item] = sent[item] | {by} if act == ReportAct.SENT else set()
    return sent


def _tell(
    looks: Sequence[_Look],
    sent_by: Mapping[DayOf, set[int]],
    act: ReportAct,
    *,
    by: User,
    at: datetime,
    reason: str,
) -> None:
    """A notice to those who sent, one for each scope however many its days."""
    by_scope: dict[int, list[_Look]] = {}
    for look in looks:
        by_scope.setdefault(look.scope.pk, []).append(look)
    messages: list[Message] = []
    for together in by_scope.values():
        scope = together[0].scope
        days = sorted(look.item.day for look in together)
        words = f"ngày {days[0]:%d/%m/%Y}"
        if len(days) > 1:
            words = f"{len(days)} ngày, từ {days[0]:%d/%m/%Y} đến {days[-1]:%d/%m/%Y}"
        link = reverse("riskmap:approval", args=[scope.code, days[-1].isoformat()])
        if act == ReportAct.ACCEPTED:
            subject = f"{scope.name}: số liệu {words} đã được duyệt"
            missing = {name for look in together for name in look.numbers.missing}
            body = "Số đã duyệt được khóa; muốn sửa phải có phép sửa của Sở Y tế và số văn bản."
            if missing:
                body = f"Còn thiếu báo cáo: {', '.join(sorted(missing))}. {body}"
        else:
            subject = f"{scope.name}: số liệu {words} bị trả lại"
            body = f"Lý do: {reason}. Xin sửa rồi gửi lại."
        key = f"{act}:{scope.pk}:{days[-1].isoformat()}:{at.isoformat()}"
        people = set().union(*(sent_by[look.item] for look in together)) - {by.pk}
        messages += [Message(person, key, subject, body, link) for person in people]
    send_each(messages=messages, at=at)
