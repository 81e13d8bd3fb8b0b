"""Unapproved: which numbers of a province nobody had accepted at an instant, answered from the ledger."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from core.models import Area

# A commune's number of a day is what any source last said of it, or its silence where the source was
# complete. A choice of source changes which number counts, and is approved as a number is. Silence is zero:
# it says nothing new the second time, nor beside a number, which it cannot displace, unless the sources go by
# priority or a person chose the silent one.
_UNAPPROVED = """
    with unit as materialized (
        select a.id, a.parent_id as scope_id, up.parent_id as above_id
        from core_area a left join core_area up on up.id = a.parent_id
        where a.kind = 'commune' and %(province)s in (a.parent_id, up.parent_id)
    ),
    post as materialized (
        select id from riskmap_countpost where province_id = %(province)s and posted_at <= %(instant)s
    ),
    word as (
        select distinct on (e.area_id, e.day, e.source_id)
            e.area_id, e.day, e.post_id, not e.withdrawn as said
        from riskmap_countentry e join unit on unit.id = e.area_id join post on post.id = e.post_id
        where e.day between %(first)s and %(last)s
        order by e.area_id, e.day, e.source_id, e.id desc
    ),
    complete as (
        select unit.id as area_id, day::date as day, c.source_id, min(c.post_id) as post_id
        from riskmap_reportcoverage c
        join post on post.id = c.post_id
        join unit on c.scope_id in (unit.id, unit.scope_id, unit.above_id)
        cross join generate_series(
            greatest(c.first_day, %(first)s), least(c.last_day, %(last)s), interval '1 day'
        ) day
        where c.kind = 'commune' and c.first_day <= %(last)s and c.last_day >= %(first)s
        group by 1, 2, c.source_id
    ),
    choice as (
        select distinct on (c.area_id, c.day) c.area_id, c.day, c.post_id, c.source_id
        from riskmap_sourcechoice c join unit on unit.id = c.area_id join post on post.id = c.post_id
        where c.day between %(first)s and %(last)s
        order by c.area_id, c.day, c.id desc
    ),
    zero as (
        select c.area_id, c.day,
            coalesce(max(c.post_id) filter (where chosen.source_id is not null or p.province_id is not null),
                min(c.post_id) filter (where number.area_id is null)) as post_id
        from complete c
        left join choice chosen using (area_id, day, source_id)
        left join (select distinct area_id, day from word where said) number using (area_id, day)
        left join riskmap_provincepolicy p
            on p.province_id = %(province)s and p.source_policy = 'priority'
        group by 1, 2
    ),
    latest as (
        select area_id, day, max(post_id) as post_id
        from (
            select area_id, day, post_id, said from word
            union all
            select area_id, day, post_id, true from zero where post_id is not null
            union all
            select area_id, day, post_id, false from choice
        ) spoken
        group by 1, 2 having bool_or(said)
    ),
    accepted as (
        select scope_id, day, max(last_post_id) as post_id
        from riskmap_dayreportstep
        where act = 'accepted' and taken_at <= %(instant)s and day between %(first)s and %(last)s
            and scope_id in (select scope_id from unit)
        group by 1, 2
    )
    select latest.area_id, latest.day
    from latest join unit on unit.id = latest.area_id
    left join accepted on accepted.scope_id = unit.scope_id and accepted.day = latest.day
    where latest.post_id > coalesce(accepted.post_id, 0)
"""


def unapproved_at(*, province: Area, first: date, last: date, instant: datetime) -> dict[int, set[date]]:
    """By commune (id), the days of the period with a number that was not accepted at ``instant``.

    A number is what was recorded up to the instant and not withdrawn; it is not accepted while its latest
    posting is later than the last one that an acceptance of its district and day had seen. One query.
    """
    asked = {"province": province.pk, "first": first, "last": last, "instant": instant}
    found: dict[int, set[date]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_UNAPPROVED, asked)
        for area_id, day in cursor.fetchall():
            found.setdefault(area_id, set()).add(day)
    return found
