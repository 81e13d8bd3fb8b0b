"""Series: when the reports of a province begin and end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import numpy as np
from django.db import connection

from riskmap.facts import Areas, Reports
from riskmap.models import Assessment, LevelSpan

# What the counts of the run's own provinces do not tell: coverages, and the provinces around. What was said
# of a day and taken back is no report of it.
_BEYOND_REPORTS = """
    select p.province_id, min(c.first_day), max(c.last_day)
    from riskmap_countpost p join riskmap_reportcoverage c on c.post_id = p.id
    where p.province_id = any(%(all)s) and (%(instant)s::timestamptz is null or p.posted_at <= %(instant)s)
    group by 1
    union all
    select p.id, min(d.first), max(d.last)
    from core_area p
    join core_area a on starts_with(a.path, p.path || '/')
    cross join lateral ({around}) d
    where p.id = any(%(around)s) and d.first is not null
    group by 1
"""
_AROUND_NOW = "select min(day) as first, max(day) as last from riskmap_dailycount where area_id = a.id"
_AROUND_THEN = """
    select min(e.day) as first, max(e.day) as last
    from riskmap_countentry e join riskmap_countpost post on post.id = e.post_id
    where e.area_id = a.id and post.posted_at <= %(instant)s and not exists (
        select from riskmap_countentry back join riskmap_countpost p on p.id = back.post_id
        where back.area_id = e.area_id and back.day = e.day and back.source_id = e.source_id
            and back.id >= e.id and back.withdrawn and p.posted_at <= %(instant)s
    )
"""


def series_of(
    areas: Areas,
    provinces: list[int],
    known: Mapping[int, Assessment],
    reports: Reports,
    *,
    instant: datetime | None = None,
) -> dict[int, tuple[date, date]]:
    """First and last reported day of each province, those around included; absent without reports.

    What an earlier run found (``known``) is kept: a report before the known first day would have made the
    run start there, and so does what takes a first or last report back (``riskmap.counts.withdraw_batch``).
    ``reports`` are all of the others' days. With ``instant`` only what was recorded by then counts.
    """
    here = np.unique(areas.province)
    series = {p: (known[p].first_day, known[p].last_reported_day) for p in here.tolist() if p in known}

    def widen(province: int, first: date, last: date) -> None:
        before = series.get(province, (first, last))
        series[province] = (min(before[0], first), max(before[1], last))

    first = np.full(len(areas.ids), LevelSpan.OPEN.toordinal())
    last = np.zeros(len(areas.ids), np.int64)
    np.minimum.at(first, reports.row, reports.day)
    np.maximum.at(last, reports.row, reports.day)
    for province in provinces:
        of = areas.province == province
        if last[of].any():
            widen(province, date.fromordinal(first[of].min()), date.fromordinal(last[of].max()))
    with connection.cursor() as cursor:
        cursor.execute(
            _BEYOND_REPORTS.format(around=_AROUND_THEN if instant else _AROUND_NOW),
            {
                "all": here.tolist(),
                "around": np.setdiff1d(here, provinces).tolist(),
                "instant": instant,
            },
        )
        for row in cursor.fetchall():
            widen(*row)
    return series
