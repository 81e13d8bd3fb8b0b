"""Corrections that lowered a commune's cases, and the numbers next door that rose with them. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from awards.shortlist_table import LATE_AFTER_DAYS, MOVED_WITHIN_DAYS, FlagRow
from campaign.standing_areas import Ground
from riskmap.packed import as_literal

_CASES = (
    "case when {e}.withdrawn then 0 else coalesce({e}.unclassified, 0) + coalesce({e}.unknown_source, 0)"
    " + coalesce({e}.known_source, 0) + coalesce({e}.isolated, 0) end"
)
# Most cells were spoken of once: only the others are read. A source's word is lowered by its own later word.
# A first word next door is a rise only when it came after its day: on the day it is the day's report.
_LOWERED = f"""
    with repeated as materialized (
        select area_id, day, source_id from riskmap_countentry
        where area_id = any(%(areas)s::bigint[]) and day between %(first)s and %(last)s
        group by 1, 2, 3 having count(*) > 1
    ),
    said as (
        select e.id, e.area_id, e.day, e.post_id, p.posted_at, p.posted_by_id,
            {_CASES.format(e="e")} as cases,
            lag({_CASES.format(e="e")}) over (
                partition by e.area_id, e.day, e.source_id order by e.id) as before
        from repeated r
        join riskmap_countentry e using (area_id, day, source_id)
        join riskmap_countpost p on p.id = e.post_id
    ),
    lowered as materialized (select * from said where cases < before and posted_at <= %(at)s)
    select l.area_id, l.day, l.before - l.cases, l.posted_at,
        exists (
            select from core_area a
            left join core_area up on up.id = a.parent_id
            join riskmap_dayreportstep d on d.scope_id in (a.parent_id, up.parent_id)
            where a.id = l.area_id and d.day = l.day and d.act = 'accepted' and d.last_post_id < l.post_id
        ),
        array(
            select n.neighbour_id
            from core_areaneighbour n
            join riskmap_countentry e on e.area_id = n.neighbour_id and e.day = l.day
            join riskmap_countpost p on p.id = e.post_id
            left join lateral (
                select {_CASES.format(e="b")} as cases from riskmap_countentry b
                where b.area_id = e.area_id and b.day = e.day and b.source_id = e.source_id and b.id < e.id
                order by b.id desc limit 1
            ) before on true
            where n.area_id = l.area_id and {_CASES.format(e="e")} > coalesce(before.cases, 0)
                and (e.post_id = l.post_id or (p.posted_by_id = l.posted_by_id
                    and p.posted_at between l.posted_at - %(within)s and l.posted_at + %(within)s))
                and (before.cases is not null
                    or (p.posted_at at time zone 'Asia/Ho_Chi_Minh')::date > l.day)
            order by 1
        ),
        (l.posted_at at time zone 'Asia/Ho_Chi_Minh')::date - l.day > %(late)s
    from lowered l
    order by l.day, l.area_id, l.id
"""


@dataclass(frozen=True, slots=True)
class Lowered:
    """One correction that took cases away. ``locked``: written after the day had once been accepted."""

    row: FlagRow
    path: str
    cases: int
    late: bool
    locked: bool
    next_door: tuple[FlagRow, ...]


def lowered_counts(
    ground: Ground, *, first: date, last: date, deadline: datetime | None, at: datetime
) -> dict[str, list[Lowered]]:
    """By path of an area, what lowered its cases of the period by ``at``; of a district, of its communes.

    Of a province there is none: who is seated at it would be flagged for all of it. One query.
    """
    counted = ground.counted()
    asked = {
        "areas": as_literal(ground.ids[counted].tolist()),
        "first": first,
        "last": last,
        "at": at,
        "late": LATE_AFTER_DAYS,
        "within": timedelta(days=MOVED_WITHIN_DAYS),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOWERED, asked)
        found = cursor.fetchall()
    row_of = {pk: row for row, pk in enumerate(ground.ids.tolist())}

    def cell(area: int, day: date) -> FlagRow:
        row = row_of[area]
        return FlagRow(ground.codes[row], ground.names[row], day)

    by_path: dict[str, list[Lowered]] = {}
    for area, day, cases, posted_at, locked, neighbours, late in found:
        row = row_of[area]
        each = Lowered(
            row=cell(area, day),
            path=ground.paths[row],
            cases=cases,
            late=late or (deadline is not None and posted_at >= deadline),
            locked=locked,
            next_door=tuple(cell(neighbour, day) for neighbour in neighbours if neighbour in row_of),
        )
        by_path.setdefault(each.path, []).append(each)
        if ground.kind[row] == "commune":
            above = each.path
            while "/" in (above := above.rpartition("/")[0]):
                by_path.setdefault(above, []).append(each)
    return by_path
