"""The day's grid: what a person sees beside the numbers they enter. Reads only, and asks as often for many
communes as for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db import connection

from core.enums import AreaKind
from core.finding import province_of
from core.models import Area
from riskmap.cells import CellState, cell_states
from riskmap.count_days import Counted
from riskmap.entry_scope import communes_of, scope_of
from riskmap.entry_source import known_entry_source
from riskmap.enums import CorrectionStatus, ReportStatus
from riskmap.in_force import COUNT_COLUMNS
from riskmap.models import (
    Assessment,
    CorrectionRequest,
    CountSource,
    DayReport,
    LockException,
    ReportCoverage,
)
from riskmap.plausibility import Hint, Numbers, hints_of
from riskmap.sending import lacks_cases

WEEK = 7


@dataclass(frozen=True, slots=True)
class InForce:
    """The numbers that count for a commune and day, and the source they are of.

    ``silent``: nobody gave a number, but a source said to be complete, which is a report of zero.
    """

    counted: Counted
    source: str
    silent: bool = False


@dataclass(frozen=True)
class GridRow:
    """One commune: its cell, and what to hold it against. ``week`` are the F0 of the seven days before, the
    last one yesterday; ``None`` where nobody reported. ``waiting``: a correction waits for a second person.
    """

    area: Area
    cell: CellState
    in_force: InForce | None
    yesterday: InForce | None
    week: tuple[int | None, ...]
    exception: LockException | None
    locked: bool
    waiting: CorrectionRequest | None

    @property
    def reported(self) -> bool:
        """Whether somebody reported the day, whoever it was."""
        return self.in_force is not None

    @property
    def lowest(self) -> int | None:
        return min((cases for cases in self.week if cases is not None), default=None)

    @property
    def highest(self) -> int | None:
        return max((cases for cases in self.week if cases is not None), default=None)

    @property
    def silent_days(self) -> int:
        """How many of the seven days nobody reported."""
        return self.week.count(None)

    @property
    def other_in_force(self) -> InForce | None:
        """The numbers in force where they are not those that were sent from here."""
        if self.in_force is None or self.in_force.silent:
            return None
        ours = self.cell.sent
        shown = Numbers(*(getattr(self.in_force.counted, name) for name in Numbers._fields))
        return None if ours is not None and shown == ours else self.in_force

    @property
    def corrects(self) -> bool:
        """Whether sending the draft would change what was sent before."""
        return (
            self.cell.draft is not None and self.cell.sent is not None and self.cell.numbers != self.cell.sent
        )

    @property
    def lacks_cases(self) -> bool:
        return self.cell.draft is not None and lacks_cases(self.cell)

    @cached_property
    def hints(self) -> list[Hint]:
        return hints_of(self.cell.numbers, week=self.week)

    @property
    def state(self) -> str:
        """The row's state in one word, for styles and scripts."""
        if self.cell.overtaken:
            return "overtaken"
        if self.locked:
            return "locked"
        if self.cell.draft is not None:
            return "correcting" if self.corrects else "draft"
        if self.waiting:
            return "waiting"
        return "sent" if self.cell.sent is not None else "empty"


@dataclass(frozen=True)
class EntryGrid:
    """The page of a district, or of one commune, on a day. ``source`` is ``None`` before its first use."""

    area: Area
    scope: Area
    province: Area
    day: date
    source: CountSource | None
    rows: Sequence[GridRow]
    report: DayReport | None
    last_reported_day: date | None

    @property
    def one_commune(self) -> bool:
        return self.area.kind == AreaKind.COMMUNE

    @property
    def accepted(self) -> bool:
        """Whether the day was ever accepted: it stays locked from then on."""
        return self.report is not None and self.report.accepted_post_id is not None

    @property
    def returned(self) -> bool:
        return self.report is not None and self.report.status == ReportStatus.RETURNED

    @property
    def is_open(self) -> bool:
        """Whether anything of it may be changed."""
        return not all(row.locked for row in self.rows)

    @property
    def drafts(self) -> list[GridRow]:
        return [row for row in self.rows if row.cell.draft is not None]

    @property
    def missing(self) -> list[GridRow]:
        """The communes without numbers, neither typed nor reported by anybody."""
        return [row for row in self.rows if not row.reported and row.cell.numbers.cases is None]

    @property
    def last_saved(self) -> CellState | None:
        return max((row.cell for row in self.drafts), key=lambda cell: cell.saved_at, default=None)


def grid_of(*, area: Area, day: date, at: datetime) -> EntryGrid:
    """The grid of ``area`` (the parent of communes, or a commune) on the day, as of the instant ``at``."""
    scope, province = scope_of(area), province_of(area)
    communes = communes_of(area, day=day)
    source = known_entry_source(province=province)
    cells = cell_states(source=source, day=day, areas=[commune.pk for commune in communes])
    report = DayReport.objects.filter(scope=scope, day=day).select_related("sent_by", "decided_by").first()
    accepted = report is not None and report.accepted_post_id is not None
    counted = _counted(communes, scope, province, day)
    exceptions = _exceptions(communes, scope, day, at) if accepted else {}
    waiting = _waiting(source, day)
    rows = []
    for commune in communes:
        week = [counted.get((commune.pk, day - timedelta(days=back))) for back in range(WEEK, 0, -1)]
        exception = exceptions.get(commune.pk) or exceptions.get(scope.pk)
        rows.append(
            GridRow(
                area=commune,
                cell=cells[commune.pk],
                in_force=counted.get((commune.pk, day)),
                yesterday=week[-1],
                week=tuple(each.counted.cases if each else None for each in week),
                exception=exception,
                locked=accepted and exception is None,
                waiting=waiting.get(commune.pk),
            )
        )
    last = Assessment.objects.filter(province=province).values_list("last_reported_day", flat=True).first()
    return EntryGrid(area, scope, province, day, source, rows, report, last)


_COUNTED = f"""
SELECT d.area_id, d.day, s.name, {", ".join(f"d.{name}" for name in COUNT_COLUMNS)}
FROM riskmap_dailycount d
LEFT JOIN riskmap_countentry e ON e.id = d.entry_id
LEFT JOIN riskmap_countsource s ON s.id = e.source_id
WHERE d.area_id = ANY (%(areas)s) AND d.day BETWEEN %(first)s AND %(last)s
"""


def _counted(
    communes: Sequence[Area], scope: Area, province: Area, day: date
) -> Mapping[tuple[int, date], InForce]:
    """What is in force of the communes on the day and the week before, reports of zero included."""
    first, ids = day - timedelta(days=WEEK), [commune.pk for commune in communes]
    counted = {}
    coverages = ReportCoverage.objects.filter(
        scope__in=[*ids, scope.pk, province.pk],
        kind=AreaKind.COMMUNE,
        first_day__lte=day,
        last_day__gte=first,
    ).order_by("source__rank", "pk")
    for covered, begin, end, name in coverages.values_list(
        "scope_id", "first_day", "last_day", "source__name"
    ):
        for n in range((min(end, day) - max(begin, first)).days + 1):
            for pk in [covered] if covered in ids else ids:
                silent = InForce(Counted(unclassified=0), name, silent=True)
                counted.setdefault((pk, max(begin, first) + timedelta(days=n)), silent)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"areas": ids, "first": first, "last": day})
        for pk, of_day, name, *numbers in cursor.fetchall():
            silent = counted.get((pk, of_day))
            counted[pk, of_day] = InForce(Counted(*numbers), name or (silent.source if silent else ""))
    return counted


def _exceptions(
    communes: Sequence[Area], scope: Area, day: date, at: datetime
) -> Mapping[int, LockException]:
    """The exceptions in force at the instant, by unit: the one that lasts longest."""
    granted = LockException.objects.filter(
        area__in=[*(commune.pk for commune in communes), scope.pk],
        day=day,
        granted_at__lte=at,
        expires_at__gt=at,
        ended_at__isnull=True,
    )
    return {exception.area_id: exception for exception in granted.order_by("expires_at")}


def _waiting(source: CountSource | None, day: date) -> Mapping[int, CorrectionRequest]:
    """Corrections of the day that wait for a second person, by commune."""
    requests = CorrectionRequest.objects.filter(
        source=source, status=CorrectionStatus.WAITING, rows__contains=[{"day": day.isoformat()}]
    ).select_related("requested_by")
    return {
        row["area"]: request
        for request in requests.order_by("requested_at")
        for row in request.rows
        if row["day"] == day.isoformat()
    }
