"""What the pages of approval show: the days that wait, and one day commune by commune. Reads only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.models import Area, User
from riskmap.count_days import Counted
from riskmap.day_numbers import DayNumbers, DayOf, entered_by, numbers_of
from riskmap.day_reports import Seen
from riskmap.entry_scope import communes_of
from riskmap.enums import ReportStatus
from riskmap.in_force import COUNT_COLUMNS
from riskmap.models import CellNote, DayReport, DayReportStep
from riskmap.plausibility import Hint, Numbers, hints_of

WEEK = 7
SHORT_WORDS = {
    "unclassified": gettext_lazy("F0 chưa phân loại"),
    "unknown_source": gettext_lazy("F0 chưa rõ nguồn"),
    "known_source": gettext_lazy("F0 rõ nguồn"),
    "isolated": gettext_lazy("F0 cách ly"),
    "close_contacts": gettext_lazy("F1"),
    "tests": gettext_lazy("Xét nghiệm"),
    "suspected": gettext_lazy("Nghi ngờ"),
}
_ITEM = re.compile(r"([0-9]{1,18}):([0-9]{4}-[0-9]{2}-[0-9]{2}):([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A day of a scope in the queue. ``waiting`` is how long it has waited, ``None`` when it does not."""

    report: DayReport
    numbers: DayNumbers
    waiting: timedelta | None

    @property
    def item(self) -> str:
        """What a page that shows the line sends back: the day, and what had been posted of it."""
        return as_item(self.report.scope_id, self.report.day, self.numbers.last_post_id)

    @property
    def waiting_words(self) -> str:
        """How long it has waited, roughly: ``3 ngày``, ``5 giờ``, ``20 phút``."""
        minutes = int((self.waiting or timedelta()).total_seconds()) // 60
        if minutes >= 48 * 60:
            count = minutes // (24 * 60)
            return ngettext("%(count)s ngày", "%(count)s ngày", count) % {"count": number_format(count)}
        if minutes >= 60:
            count = minutes // 60
            return ngettext("%(count)s giờ", "%(count)s giờ", count) % {"count": count}
        return ngettext("%(count)s phút", "%(count)s phút", minutes) % {"count": minutes}

    @property
    def corrected(self) -> bool:
        """Numbers came in after the day had been accepted."""
        return (
            self.report.accepted_post_id is not None
            and self.numbers.last_post_id > self.report.accepted_post_id
        )


def as_item(scope_id: int, day: date, last_post_id: int) -> str:
    return f"{scope_id}:{day.isoformat()}:{last_post_id}"


def read_item(text: str) -> Seen | None:
    """What ``as_item`` wrote; ``None`` for anything else."""
    found = _ITEM.fullmatch(text)
    try:
        return Seen(int(found[1]), date.fromisoformat(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def in_queue(reports: QuerySet[DayReport], status: ReportStatus) -> QuerySet[DayReport]:
    """Those of the status; what waits longest first, what was decided last first."""
    reports = reports.filter(status=status).select_related("scope__parent", "sent_by", "decided_by")
    if status == ReportStatus.SENT:
        return reports.order_by("day", "scope__sort_key", "scope__code")
    return reports.order_by("-decided_at", "-day", "scope__sort_key", "scope__code")


def queue_lines(reports: Sequence[DayReport], *, at: datetime) -> list[QueueLine]:
    """The lines of some reports (with their scopes and people). One query."""
    numbers = numbers_of(DayOf(report.scope_id, report.day) for report in reports)
    return [
        QueueLine(
            report,
            numbers[DayOf(report.scope_id, report.day)],
            at - report.sent_at if report.status == ReportStatus.SENT else None,
        )
        for report in reports
    ]


@dataclass(frozen=True, slots=True)
class CommuneDay:
    """A commune on the day: what is in force, from whom, beside the days before it.

    ``counted`` is ``None`` where nobody reported; ``source`` is that of the number in force, ``others`` are
    the sources that say another number of F0. ``unapproved``: said after the last acceptance.
    """

    area: Area
    counted: Counted | None
    source: str
    others: tuple[tuple[str, int], ...]
    yesterday: int | None
    week: tuple[int | None, ...]  # F0 of the seven days before, the last one yesterday
    notes: tuple[CellNote, ...]
    unapproved: bool

    @property
    def week_range(self) -> tuple[int, int] | None:
        known = [cases for cases in self.week if cases is not None]
        return (min(known), max(known)) if known else None

    @property
    def hints(self) -> list[Hint]:
        if self.counted is None:
            return []
        numbers = Numbers(*(getattr(self.counted, name) for name in Numbers._fields))
        return hints_of(numbers, week=self.week)


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    """A day of a scope. ``report`` is ``None`` while nobody has sent it. ``own`` are the communes (names) of
    which the person asking entered numbers that are not accepted yet; ``None``: of none."""

    scope: Area
    day: date
    report: DayReport | None
    numbers: DayNumbers
    communes: Sequence[CommuneDay]
    steps: Sequence[DayReportStep]
    own: tuple[str, ...] | None

    @property
    def columns(self) -> list[str]:
        """The numbers that are shown: how many F0 of each kind, and of the others what anybody said."""
        said = {
            name
            for name in COUNT_COLUMNS
            for each in self.communes
            if each.counted and getattr(each.counted, name) is not None
        }
        if not any(each.counted and each.counted.unclassified for each in self.communes):
            said.discard("unclassified")  # the zero of a source that was silent
        always = {"unknown_source", "known_source", "isolated"}
        return [name for name in COUNT_COLUMNS if name in said | always]

    @property
    def heads(self) -> list[str]:
        return [SHORT_WORDS[name] for name in self.columns]

    @property
    def rows(self) -> list[tuple[CommuneDay, list[tuple[str, int | None]]]]:
        """Each commune with its numbers, each under its head."""
        return [
            (each, [(SHORT_WORDS[name], getattr(each.counted, name, None)) for name in self.columns])
            for each in self.communes
        ]

    @property
    def item(self) -> str:
        return as_item(self.scope.pk, self.day, self.numbers.last_post_id)

    @property
    def status(self) -> str:
        return self.report.get_status_display() if self.report else _("chưa gửi")

    @property
    def locked(self) -> bool:
        return bool(self.report and self.report.accepted_post_id)

    @property
    def accepted_whole(self) -> bool:
        return self.locked and self.numbers.last_post_id <= self.report.accepted_post_id

    @property
    def waits(self) -> bool:
        return bool(self.report and self.report.status == ReportStatus.SENT)

    @property
    def can_be_accepted(self) -> bool:
        """Whether an acceptance would do anything; it may still be refused to one person."""
        if not self.numbers.anything:
            return False
        return not (self.accepted_whole and self.report.status == ReportStatus.ACCEPTED)


def page_of_day(*, scope: Area, day: date, by: User) -> ApprovalPage:
    """The page of a scope's day for ``by``. A constant number of queries."""
    item = DayOf(scope.pk, day)
    report = DayReport.objects.filter(scope=scope, day=day).select_related("sent_by", "decided_by").first()
    accepted = (report and report.accepted_post_id) or 0
    return ApprovalPage(
        scope=scope,
        day=day,
        report=report,
        numbers=numbers_of([item])[item],
        communes=_communes(scope, day, accepted),
        steps=list(
            DayReportStep.objects.filter(scope=scope, day=day)
            .select_related("taken_by")
            .order_by("-taken_at", "-pk")
        ),
        own=entered_by([(item, accepted)], by=by.pk).get(item),
    )


_CASES = " + ".join(f"coalesce({name}, 0)" for name in COUNT_COLUMNS[:4])
_WEEK = f"""
    select d.area_id, d.day, d.entry_id, {", ".join(f"d.{name}" for name in COUNT_COLUMNS)}
    from riskmap_dailycount d
    where d.area_id = any(%(areas)s) and d.day between %(since)s and %(day)s
"""
_COMPLETE = """
    select distinct a.id, day::date
    from core_area a join core_area up on up.id = a.parent_id
    join riskmap_reportcoverage c on c.scope_id in (a.id, up.id, up.parent_id) and c.kind = 'commune'
    cross join generate_series(
        greatest(c.first_day, %(since)s), least(c.last_day, %(day)s), interval '1 day'
    ) day
    where a.id = any(%(areas)s) and c.last_day >= %(since)s and c.first_day <= %(day)s
"""
_WORDS = f"""
    select distinct on (e.area_id, e.source_id) e.area_id, e.id, s.name, {_CASES}, e.post_id, e.withdrawn
    from riskmap_countentry e join riskmap_countsource s on s.id = e.source_id
    where e.area_id = any(%(areas)s) and e.day = %(day)s
    order by e.area_id, e.source_id, e.id desc
"""
_CHOSEN = """
    select area_id, max(post_id) from riskmap_sourcechoice
    where area_id = any(%(areas)s) and day = %(day)s group by 1
"""


def _communes(scope: Area, day: date, accepted: int) -> list[CommuneDay]:
    units = communes_of(scope, day=day)
    asked = {"areas": [unit.pk for unit in units], "day": day, "since": day - timedelta(days=WEEK)}
    with connection.cursor() as cursor:
        cursor.execute(_COMPLETE, asked)
        counted = {cell: (None, Counted(unclassified=0)) for cell in cursor.fetchall()}
        cursor.execute(_WEEK, asked)
        counted |= {(area, of): (entry, Counted(*said)) for area, of, entry, *said in cursor.fetchall()}
        cursor.execute(_WORDS, asked)
        words: dict[int, list[tuple]] = {}
        for area, *word in cursor.fetchall():
            words.setdefault(area, []).append(tuple(word))
        cursor.execute(_CHOSEN, asked)
        chosen = dict(cursor.fetchall())
    notes: dict[int, list[CellNote]] = {}
    for note in CellNote.objects.filter(area__in=asked["areas"], day=day).select_related("written_by"):
        notes.setdefault(note.area_id, []).append(note)
    week = [day - timedelta(days=n) for n in range(WEEK, 0, -1)]
    rows = []
    for unit in units:
        entry, now = counted.get((unit.pk, day), (None, None))
        said = words.get(unit.pk, [])
        before = tuple(
            counted[unit.pk, each][1].cases if (unit.pk, each) in counted else None for each in week
        )
        rows.append(
            CommuneDay(
                area=unit,
                counted=now,
                source=next((name for pk, name, *_rest in said if pk == entry), ""),
                others=tuple(
                    (name, cases)
                    for pk, name, cases, _post, withdrawn in said
                    if pk != entry and not withdrawn and now and cases != now.cases
                ),
                yesterday=before[-1],
                week=before,
                notes=tuple(notes.get(unit.pk, ())),
                unapproved=bool(accepted)
                and max([post for *_word, post, _withdrawn in said] + [chosen.get(unit.pk, 0)]) > accepted,
            )
        )
    return rows
