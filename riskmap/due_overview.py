"""The overview: how complete and how timely the reports of a place were, day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from core.enums import AreaKind
from core.models import Area
from riskmap.due import Due, Timeliness, communes_under, due_at, first_reports, judge, policy_of
from riskmap.enums import ReportStatus
from riskmap.models import DayReport, ProvincePolicy


@dataclass(slots=True)
class Tally:
    """How many communes of one place and day (or of many together) stand how.

    ``latest`` is the longest a report was late, ``first_at`` the instant of the first one.
    """

    counts: dict[Timeliness, int] = field(default_factory=lambda: dict.fromkeys(Timeliness, 0))
    latest: timedelta | None = None
    first_at: datetime | None = None
    status: ReportStatus | None = None

    def add(self, first_at: datetime | None, *, due: datetime | None, at: datetime) -> None:
        """Count a commune that first reported at ``first_at``, as it stands at ``at``."""
        timeliness = judge(first_at, due=due, at=at)
        self.counts[timeliness] += 1
        if first_at:
            self.first_at = min(self.first_at or first_at, first_at)
        if timeliness is Timeliness.LATE:
            self.latest = max(self.latest or first_at - due, first_at - due)

    @property
    def only(self) -> Timeliness | None:
        """How the commune stands where there is just one."""
        return next(how for how, count in self.counts.items() if count) if self.due == 1 else None

    @property
    def due(self) -> int:
        return sum(self.counts.values())

    @property
    def unreported(self) -> int:
        return self.missing + self.waiting

    @property
    def reported(self) -> int:
        return self.due - self.unreported

    @property
    def share(self) -> float:
        """Of those due, how many per cent reported."""
        return 100 * self.reported / self.due if self.due else 0.0

    @property
    def look(self) -> str:
        """What the cell is about, the worst first; its words say the same."""
        states = (("missing", self.missing), ("waiting", self.waiting), ("late", self.late))
        return next((name for name, count in states if count), "full")

    @property
    def on_time(self) -> int:
        return self.counts[Timeliness.ON_TIME]

    @property
    def late(self) -> int:
        return self.counts[Timeliness.LATE]

    @property
    def missing(self) -> int:
        return self.counts[Timeliness.MISSING]

    @property
    def waiting(self) -> int:
        return self.counts[Timeliness.WAITING]


def tally_of(listed: Iterable[Due], *, due: datetime | None, at: datetime) -> Tally:
    """How many of the communes listed stand how."""
    tally = Tally()
    for each in listed:
        tally.add(each.first_at, due=due, at=at)
    return tally


@dataclass(frozen=True, slots=True)
class Row:
    """A district (or, below a district, a commune) over the days, newest first, and over all of them."""

    area: Area
    cells: list[Tally]
    total: Tally


@dataclass(frozen=True, slots=True)
class Overview:
    """Completeness and lateness of a place: rows in Vietnamese order, days newest first."""

    policy: ProvincePolicy
    days: list[date]
    rows: list[Row]
    totals: list[Tally]
    total: Tally


def overview(*, scope: Area, first: date, last: date, at: datetime) -> Overview:
    """Who reported the days from ``first`` to ``last`` under ``scope``, as known at ``at``.

    By district for a province, by commune for anything smaller. As many queries for many communes and
    days as for one. ``status`` is where the report of a district and day stands today.
    """
    policy = policy_of(scope)
    by_district = scope.kind == AreaKind.PROVINCE
    communes = {area.pk: area for area in communes_under(scope)}
    days = [last - timedelta(days=back) for back in range((last - first).days + 1)]
    due = {day: due_at(policy, day) for day in days}
    units: dict[int, Area] = {}
    cells: dict[tuple[int | None, date | None], Tally] = defaultdict(Tally)
    for report in first_reports(communes=communes, first=first, last=last, at=at):
        unit = report.parent_id if by_district else report.area_id
        units[unit] = communes[report.area_id].parent if by_district else communes[report.area_id]
        for key in ((unit, report.day), (unit, None), (None, report.day), (None, None)):
            cells[key].add(report.first_at, due=due[report.day], at=at)
    if by_district:
        _note_statuses(cells, scopes=units, days=days)
    rows = [
        Row(units[pk], [cells[pk, day] for day in days], cells[pk, None])
        for pk in sorted(units, key=lambda pk: (units[pk].sort_key, units[pk].code))
    ]
    return Overview(policy, days, rows, [cells[None, day] for day in days], cells[None, None])


def _note_statuses(
    cells: Mapping[tuple[int | None, date | None], Tally], *, scopes: Collection[int], days: Collection[date]
) -> None:
    reports = DayReport.objects.filter(scope__in=scopes, day__in=days)
    for scope_id, day, status in reports.values_list("scope_id", "day", "status"):
        cells[scope_id, day].status = ReportStatus(status)
