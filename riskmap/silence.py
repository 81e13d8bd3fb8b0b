"""Silence: who gave no report of a day, and when they last did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from riskmap.history import DayLevel


@dataclass(frozen=True, slots=True)
class Silent:
    """A commune without a report on the day; ``last_report`` is ``None`` where none ever came."""

    row: DayLevel
    last_report: date | None


_LAST_REPORTS = """
    select a.id, greatest(
        (
            select e.day from riskmap_countentry e join riskmap_countpost p on p.id = e.post_id
            where e.area_id = a.id and e.day <= %(day)s and p.posted_at <= %(instant)s and not exists (
                select from riskmap_countentry back join riskmap_countpost bp on bp.id = back.post_id
                where back.area_id = e.area_id and back.day = e.day and back.source_id = e.source_id
                    and back.id >= e.id and back.withdrawn and bp.posted_at <= %(instant)s
            )
            order by e.day desc limit 1
        ), (
            select max(least(c.last_day, %(day)s))
            from riskmap_reportcoverage c join riskmap_countpost p on p.id = c.post_id
            where c.scope_id in (a.id, a.parent_id, up.parent_id) and c.kind = a.kind
                and c.first_day <= %(day)s and p.posted_at <= %(instant)s
        )
    )
    from core_area a left join core_area up on up.id = a.parent_id
    where a.id = any(%(areas)s)
"""


def last_reports(area_ids: Sequence[int], *, day: date, instant: datetime) -> dict[int, date | None]:
    """By area (id) of communes, the latest day up to ``day`` of which anybody had reported by ``instant``."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_REPORTS, {"areas": list(area_ids), "day": day, "instant": instant})
        return dict(cursor.fetchall())


def silent_on(rows: Iterable[DayLevel], *, day: date, instant: datetime) -> list[Silent]:
    """The communes of ``rows`` without a report of the day, those silent for longest first. One query."""
    rows = list(rows)
    reports = last_reports([row.area_id for row in rows], day=day, instant=instant)
    silent = [Silent(row, reports[row.area_id]) for row in rows if reports[row.area_id] != day]
    return sorted(silent, key=lambda each: each.last_report or date.min)
