"""Hamlets of a commune over time: they have no shapes, so a list and a strip each. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from core.enums import AreaKind
from core.finding import province_of
from core.models import Area
from riskmap.colours import LOOKS, Look
from riskmap.enums import RiskLevel
from riskmap.history import assessment_of, check_day, period_of
from riskmap.models import LevelSpan, ProvincePolicy
from riskmap.policies import rule_set_of
from riskmap.rules.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive days of one colour in a strip; ``x`` and ``width`` in per cent."""

    look: Look
    provisional: bool
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class HamletLine:
    """One hamlet: its level on the day, its strip, and its counts; ``last_report`` is up to the day."""

    area: Area
    level: RiskLevel
    provisional: bool
    pieces: Sequence[Piece]
    window_cases: int
    all_cases: int
    last_report: date | None


@dataclass(frozen=True, slots=True)
class HamletsPage:
    """The hamlets of a commune on a day. ``assessed``: the province gives hamlets levels of their own."""

    commune: Area
    province: Area
    first_day: date
    last_day: date
    day: date
    rule_set: RuleSet
    lines: Sequence[HamletLine]
    simulated: bool

    @property
    def assessed(self) -> bool:
        return bool(self.rule_set["hamlets_as_communes"])

    @property
    def previous_day(self) -> date | None:
        return self.day - timedelta(days=1) if self.day > self.first_day else None

    @property
    def next_day(self) -> date | None:
        return self.day + timedelta(days=1) if self.day < self.last_day else None

    @property
    def day_x(self) -> str:
        return _per_cent((self.day - self.first_day).days, self)

    @property
    def day_width(self) -> str:
        return _per_cent(1, self)


def hamlets_of(*, commune: Area, day: date | None, on: date) -> HamletsPage:
    """The hamlets of ``commune`` on ``day``, or on the last day shown. Raises ``DayNotKnown``.

    Six queries whatever their number.
    """
    province = province_of(commune)
    assessment = assessment_of(province)
    first, last = period_of(assessment, on=on)
    day = day or last
    check_day(assessment, day, on=last)
    rule_set = rule_set_of([province.pk])[province.pk]
    hamlets = [
        area
        for area in commune.children.of_kind(AreaKind.HAMLET).in_vietnamese_order()
        if area.valid_to is None or area.valid_to >= day
    ]
    spans = _spans(hamlets, first, last)
    counts = _counts(hamlets, day, rule_set.window_days)
    lines = []
    for area in hamlets:
        own = spans.get(area.pk, [])
        today = next((span for span in own if span.first_day <= day <= span.last_day), None)
        window, total, reported = counts.get(area.pk, (0, 0, None))
        lines.append(
            HamletLine(
                area,
                RiskLevel(today.level) if today else RiskLevel.NO_DATA,
                today.provisional if today else False,
                _pieces(own, first, last),
                window,
                total,
                reported,
            )
        )
    simulated = ProvincePolicy.objects.filter(province=province, simulated=True).exists()
    return HamletsPage(commune, province, first, last, day, rule_set, lines, simulated)


def _spans(hamlets: Sequence[Area], first: date, last: date) -> dict[int, list[LevelSpan]]:
    found: dict[int, list[LevelSpan]] = {}
    spans = LevelSpan.objects.filter(area__in=hamlets, first_day__lte=last, last_day__gte=first)
    for span in spans.order_by("area_id", "first_day"):
        found.setdefault(span.area_id, []).append(span)
    return found


_COUNTS = """
    select a.id,
        (select coalesce(sum(cases), 0) from {cases} and c.day > %(day)s - %(window)s),
        (select coalesce(sum(cases), 0) from {cases}),
        greatest(
            (select max(c.day) from riskmap_dailycount c where c.area_id = a.id and c.day <= %(day)s),
            (
                select max(least(r.last_day, %(day)s)) from riskmap_reportcoverage r
                where r.kind = 'hamlet' and r.first_day <= %(day)s
                    and r.scope_id in (a.id, commune.id, district.id, district.parent_id)
            )
        )
    from core_area a
    join core_area commune on commune.id = a.parent_id
    join core_area district on district.id = commune.parent_id
    where a.id = any(%(areas)s)
""".format(
    cases="""riskmap_dailycount c cross join lateral (
            select coalesce(c.unclassified, 0) + coalesce(c.unknown_source, 0)
                + coalesce(c.known_source, 0) + coalesce(c.isolated, 0) as cases
        ) of_day where c.area_id = a.id and c.day <= %(day)s"""
)


def _counts(hamlets: Sequence[Area], day: date, window_days: int) -> dict[int, tuple[int, int, date | None]]:
    """By hamlet (id): F0 of the window, F0 since the beginning, the latest day reported; up to ``day``."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"day": day, "window": window_days, "areas": [area.pk for area in hamlets]})
        return {area_id: tuple(rest) for area_id, *rest in cursor.fetchall()}


def _pieces(spans: Sequence[LevelSpan], first: date, last: date) -> list[Piece]:
    """The spans cut to the period; days without one are left bare."""
    days = (last - first).days + 1
    pieces = []
    for span in spans:
        begin, end = max(span.first_day, first), min(span.last_day, last)
        x, width = (begin - first).days, (end - begin).days + 1
        pieces.append(
            Piece(
                LOOKS[span.level],
                span.provisional,
                f"{100 * x / days:.3f}%",
                f"{100 * width / days:.3f}%",
            )
        )
    return pieces


def _per_cent(days: int, page: HamletsPage) -> str:
    return f"{100 * days / ((page.last_day - page.first_day).days + 1):.3f}%"
