"""Cell timeline: all that ever happened to the numbers of one area and day, with who did it. Reads only.

For those who work with the numbers; the public sees ``riskmap.cell_history``, which names nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import AreaKind
from core.finding import line_of
from core.models import Area
from riskmap.cell_history import Entry
from riskmap.count_days import Counted
from riskmap.enums import CorrectionStatus, ReportAct
from riskmap.in_force import COUNT_COLUMNS
from riskmap.lock_exceptions import exceptions_for
from riskmap.models import CellNote, CorrectionRequest, DayReportStep, SourceChoice
from riskmap.reading_words import numbers_said


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. ``details`` are what changed, line by line.

    ``link`` leads to more of it, for those who may see the area of the id ``about``.
    """

    at: datetime
    who: str
    title: str
    details: tuple[str, ...] = ()
    source: str = ""
    reason: str = ""
    document: str = ""
    link: str = ""
    about: int = 0
    in_force: bool = False
    kind: str = "entry"


def timeline_of(*, area: Area, day: date) -> list[Event]:
    """Everything of the area and day, the newest first. A constant number of queries."""
    scope = area.parent.parent if area.kind == AreaKind.HAMLET else area.parent
    events = [
        *_entries(area, day),
        *_coverages(area, day),
        *_choices(area, day),
        *_notes(area, day),
        *_steps(scope, day),
        *_requests(area, day),
        *_exceptions(area, day),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


_WHO = "coalesce(nullif(u.full_name, ''), u.username)"
_ENTRIES = f"""
    select s.name, p.posted_at, p.reason, p.document, {_WHO}, e.withdrawn, coalesce(d.entry_id = e.id, false),
        coalesce(not lag(e.withdrawn) over word, false),
        {", ".join(f"lag(e.{name}) over word" for name in COUNT_COLUMNS)},
        {", ".join(f"e.{name}" for name in COUNT_COLUMNS)}
    from riskmap_countentry e
    join riskmap_countpost p on p.id = e.post_id
    join riskmap_countsource s on s.id = e.source_id
    join core_user u on u.id = p.posted_by_id
    left join riskmap_dailycount d on d.area_id = e.area_id and d.day = e.day
    where e.area_id = %(area)s and e.day = %(day)s
    window word as (partition by e.source_id order by e.id)
"""


def _entries(area: Area, day: date) -> Iterable[Event]:
    width = len(COUNT_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES, {"area": area.pk, "day": day})
        rows = cursor.fetchall()
    for source, at, reason, document, who, withdrawn, in_force, had_said, *numbers in rows:
        before = Counted(*numbers[:width]) if had_said else None
        after = Counted(*numbers[width:])
        entry = Entry(area.code, area.name, day, source, at, reason, before, after, withdrawn)
        title = _("Rút lại số đã ghi") if withdrawn else _("Đính chính") if had_said else _("Ghi số")
        yield Event(at, who, title, tuple(numbers_said(entry)), source, reason, document, in_force=in_force)


_COVERAGES = f"""
    select s.name, p.posted_at, p.reason, p.document, {_WHO}, scope.name
    from riskmap_reportcoverage c
    join riskmap_countpost p on p.id = c.post_id
    join riskmap_countsource s on s.id = c.source_id
    join core_area scope on scope.id = c.scope_id
    join core_user u on u.id = p.posted_by_id
    where c.scope_id = any(%(line)s) and c.kind = %(kind)s and %(day)s between c.first_day and c.last_day
"""


def _coverages(area: Area, day: date) -> Iterable[Event]:
    asked = {"line": [each.pk for each in line_of(area)], "kind": str(area.kind), "day": day}
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGES, asked)
        for source, at, reason, document, who, scope in cursor.fetchall():
            details = (_("nơi nào của %(scope)s không có số là 0 ca") % {"scope": scope},)
            title = _("Báo cáo đầy đủ")
            yield Event(at, who, title, details, source, reason, document, kind="coverage")


def _choices(area: Area, day: date) -> Iterable[Event]:
    choices = SourceChoice.objects.filter(area=area, day=day)
    for choice in choices.select_related("source", "post__posted_by"):
        post = choice.post
        chosen = choice.source.name if choice.source else _("theo quy ước của tỉnh")
        yield Event(
            post.posted_at,
            str(post.posted_by),
            _("Chọn nguồn"),
            (chosen,),
            reason=post.reason,
            document=post.document,
            kind="choice",
        )


def _notes(area: Area, day: date) -> Iterable[Event]:
    for note in CellNote.objects.filter(area=area, day=day).select_related("written_by"):
        yield Event(note.written_at, str(note.written_by), _("Ghi chú"), (note.text,), kind="note")


def _steps(scope: Area, day: date) -> Iterable[Event]:
    link = reverse("riskmap:approval", args=[scope.code, day.isoformat()])
    titles = {
        ReportAct.SENT: _("Gửi báo cáo ngày của %(scope)s"),
        ReportAct.RETURNED: _("Trả lại báo cáo ngày của %(scope)s"),
        ReportAct.ACCEPTED: _("Duyệt báo cáo ngày của %(scope)s"),
    }
    for step in DayReportStep.objects.filter(scope=scope, day=day).select_related("taken_by"):
        title = titles[ReportAct(step.act)] % {"scope": scope.name}
        yield Event(
            step.taken_at,
            str(step.taken_by),
            title,
            reason=step.reason,
            link=link,
            about=scope.pk,
            kind=f"report-{step.act}",
        )


def _requests(area: Area, day: date) -> Iterable[Event]:
    of_cell = Q(rows__contains=[{"area": area.pk, "day": day.isoformat()}])
    requests = CorrectionRequest.objects.filter(of_cell).select_related(
        "source", "requested_by", "decided_by"
    )
    for request in requests:
        link = reverse("riskmap:correction", args=[request.pk])
        yield Event(
            request.requested_at,
            str(request.requested_by),
            _("Đề nghị đính chính"),
            (),
            request.source.name,
            request.reason,
            request.document,
            link,
            request.area_id,
            kind="request",
        )
        if request.decided_at:
            title = {
                CorrectionStatus.CONFIRMED: _("Xác nhận đính chính"),
                CorrectionStatus.REFUSED: _("Không đồng ý đính chính"),
                CorrectionStatus.WITHDRAWN: _("Rút đề nghị đính chính"),
            }[CorrectionStatus(request.status)]
            yield Event(
                request.decided_at,
                str(request.decided_by),
                title,
                reason=request.refusal,
                link=link,
                about=request.area_id,
                kind="request",
            )


def _exceptions(area: Area, day: date) -> Iterable[Event]:
    for each in exceptions_for(area=area, day=day):
        until = f"{timezone.localtime(each.expires_at):%H:%M %d/%m/%Y}"
        details = (_("%(area)s, đến %(until)s") % {"area": each.area.name, "until": until},)
        yield Event(
            each.granted_at,
            str(each.granted_by),
            _("Cho phép sửa ngày đã khóa"),
            details,
            reason=each.reason,
            kind="exception",
        )
        if each.ended_at:
            yield Event(each.ended_at, str(each.ended_by), _("Kết thúc phép sửa"), kind="exception")
