"""Day numbers: what there is of the communes of a district and day, and who put it there. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection

from riskmap.in_force import COUNT_COLUMNS


class DayOf(NamedTuple):
    """A day of a scope: the parent of communes, by id."""

    scope_id: int
    day: date


@dataclass(frozen=True, slots=True)
class DayNumbers:
    """``cases`` are all F0 in force, ``last_post_id`` is the last posting that speaks of the day, or 0.

    ``anything``: something stands of what was said of communes and hamlets; all may have been taken back.
    """

    scope_id: int
    day: date
    last_post_id: int
    communes: int
    reported: int
    missing: tuple[str, ...]  # names of the communes without a report, in Vietnamese order
    cases: int
    cases_before: int | None  # of the day before; None where nobody reported
    anything: bool

    @property
    def complete(self) -> bool:
        return self.reported == self.communes

    @property
    def difference(self) -> int | None:
        """Against the day before."""
        return None if self.cases_before is None else self.cases - self.cases_before


# ``said`` and ``covered`` are every posting that speaks of a unit of the scope on the day: of its communes,
# their hamlets, or complete for them. The trigger ``report_accepted_by_another`` looks at the same.
_ITEMS = """
    with item as materialized (
        select * from unnest(%(scopes)s::bigint[], %(days)s::date[], %(after)s::bigint[])
            as i (scope_id, day, after_id)
    ),
    listed as materialized (
        select a.*, min(a.valid_from) over (partition by a.parent_id) as oldest
        from core_area a where a.kind = 'commune' and a.parent_id in (select scope_id from item)
    ),
    cell as materialized (
        select item.scope_id, item.day, a.id, a.name, a.sort_key, a.code, up.parent_id as above_id
        from item join listed a on a.parent_id = item.scope_id
            and coalesce(a.valid_to, 'infinity') >= item.day
            and (a.valid_from <= item.day or a.valid_from <= a.oldest)
        join core_area up on up.id = a.parent_id
    ),
    unit as materialized (
        select scope_id, day, id as commune_id, id from cell
        union all
        select cell.scope_id, cell.day, cell.id, h.id from cell join core_area h on h.parent_id = cell.id
    ),
    said as (
        select unit.scope_id, unit.day, unit.commune_id, e.post_id
        from unit join riskmap_countentry e on e.area_id = unit.id and e.day = unit.day
        union all
        select unit.scope_id, unit.day, unit.commune_id, c.post_id
        from unit join riskmap_sourcechoice c on c.area_id = unit.id and c.day = unit.day
    ),
    covered as (
        select item.scope_id, item.day, within.commune_id, c.post_id, c.source_id
        from item
        join core_area s on s.id = item.scope_id
        cross join lateral (
            select s.id, null::bigint as commune_id
            union all select s.parent_id, null
            union all select cell.id, cell.id from cell
                where cell.scope_id = item.scope_id and cell.day = item.day
        ) within
        join riskmap_reportcoverage c on c.scope_id = within.id
            and item.day between c.first_day and c.last_day
    )
"""

# Zeros of a source that was silent are new the first time it says to be complete, and where they can count:
# against a number in force only when the sources go by priority (``riskmap.unapproved`` reads them likewise).
_CASES = " + ".join(f"coalesce(d.{name}, 0)" for name in COUNT_COLUMNS[:4])
_NUMBERS = f"""
    {_ITEMS},
    told as (
        select cell.scope_id, cell.day, cell.id, cell.name, cell.sort_key, cell.code, {_CASES} as cases,
            d.area_id is not null or silent.said as reported, d.entry_id is null as numberless,
            {_CASES.replace("d.", "y.")} as cases_before,
            y.area_id is not null or silent.said_before as reported_before
        from cell
        left join riskmap_dailycount d on d.area_id = cell.id and d.day = cell.day
        left join riskmap_dailycount y on y.area_id = cell.id and y.day = cell.day - 1
        cross join lateral (
            select
                coalesce(bool_or(cell.day between c.first_day and c.last_day), false) as said,
                coalesce(bool_or(cell.day - 1 between c.first_day and c.last_day), false) as said_before
            from riskmap_reportcoverage c
            where c.scope_id in (cell.id, cell.scope_id, cell.above_id) and c.kind = 'commune'
                and c.last_day >= cell.day - 1 and c.first_day <= cell.day
        ) silent
    ),
    zeros as (
        select scope_id, day, commune_id, min(post_id) as post_id
        from covered group by scope_id, day, commune_id, source_id
    ),
    last as (
        select scope_id, day, max(post_id) as post_id from (
            select scope_id, day, post_id from said
            union all
            select scope_id, day, post_id from zeros
            where exists (
                select from told
                where told.scope_id = zeros.scope_id and told.day = zeros.day
                    and (zeros.commune_id is null or zeros.commune_id = told.id)
                    and (told.numberless or exists (
                        select from core_area s join riskmap_provincepolicy p
                            on p.province_id in (s.id, s.parent_id) and p.source_policy = 'priority'
                        where s.id = zeros.scope_id
                    ))
            )
        ) spoken group by 1, 2
    )
    select item.scope_id, item.day, coalesce(max(last.post_id), 0), count(told.id),
        count(*) filter (where told.reported),
        coalesce(array_agg(told.name order by told.sort_key, told.code)
            filter (where not told.reported), '{{}}'),
        coalesce(sum(told.cases), 0),
        case when bool_or(told.reported_before) then coalesce(sum(told.cases_before), 0) end,
        coalesce(bool_or(told.reported), false) or exists (
            select from unit join riskmap_dailycount d on d.area_id = unit.id and d.day = unit.day
            where unit.scope_id = item.scope_id and unit.day = item.day
        )
    from item
    left join told on told.scope_id = item.scope_id and told.day = item.day
    left join last on last.scope_id = item.scope_id and last.day = item.day
    group by 1, 2
"""

_ENTERED = f"""
    {_ITEMS},
    spoken as (
        select * from said union all select scope_id, day, commune_id, post_id from covered
    )
    select spoken.scope_id, spoken.day,
        coalesce(array_agg(distinct a.name) filter (where a.id is not null), '{{}}')
    from spoken
    join item on item.scope_id = spoken.scope_id and item.day = spoken.day
    join riskmap_countpost p on p.id = spoken.post_id and p.posted_by_id = %(by)s and p.id > item.after_id
    left join core_area a on a.id = spoken.commune_id
    group by 1, 2
"""


def numbers_of(items: Iterable[DayOf]) -> dict[DayOf, DayNumbers]:
    """What there is of each of the days, by scope and day. One query."""
    rows = _ask(_NUMBERS, [(item, 0) for item in dict.fromkeys(items)])
    return {
        DayOf(scope, day): DayNumbers(scope, day, post, communes, reported, tuple(missing), *rest)
        for scope, day, post, communes, reported, missing, *rest in rows
    }


def entered_by(items: Sequence[tuple[DayOf, int]], *, by: int) -> dict[DayOf, tuple[str, ...]]:
    """Of which communes (names) a person posted numbers of the days, each after a posting (id). One query.

    A day is there without a name where the person said that the whole was complete.
    """
    return {DayOf(scope, day): tuple(names) for scope, day, names in _ask(_ENTERED, items, by=by)}


def _ask(query: str, items: Sequence[tuple[DayOf, int]], **more: object) -> list[tuple]:
    asked = {
        "scopes": [item.scope_id for item, _ in items],
        "days": [item.day for item, _ in items],
        "after": [after for _, after in items],
    }
    with connection.cursor() as cursor:
        cursor.execute(query, asked | more)
        return cursor.fetchall()
