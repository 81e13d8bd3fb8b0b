"""The limit to measure against: DuckDB in memory computing the spans of the plain rolling rule.

Plain means: sums of the last 14 days of cases of unknown and of known source make four levels, and runs of
equal days make spans. No neighbours, no missing reports, no districts, no grounds, nothing stored on disk.
It is asked twice: day by day, as the rule is worded; and in the form that suits DuckDB best, where sums are
taken only on days on which a case comes or is 14 days old. Both find the same spans.
"""

from __future__ import annotations

from datetime import timedelta

import duckdb
import numpy as np

from benchmarks.nation import FIRST_DAY, Counts

_DAY_BY_DAY = """
    with calendar as (
        select area_id, day::date as day from area, generate_series($first, $last, interval 1 day) days (day)
    ), summed as (
        select area_id, day, sum(unknown_source) over fortnight as unknown_source,
            sum(known_source) over fortnight as known_source
        from calendar left join daily_count using (area_id, day)
        window fortnight as (
            partition by area_id order by day rows between 13 preceding and current row
        )
    )
"""
_BY_EVENTS = """
    with event as (
        select area_id, day, unknown_source, known_source from daily_count
        union all
        select area_id, day + 14, -unknown_source, -known_source from daily_count where day + 14 <= $last
        union all
        select area_id, $first, 0, 0 from area
    ), step as (
        select area_id, day, sum(unknown_source)::int as unknown_source,
            sum(known_source)::int as known_source
        from event group by area_id, day
    ), summed as (
        select area_id, day, sum(unknown_source) over days as unknown_source,
            sum(known_source) over days as known_source
        from step window days as (partition by area_id order by day)
    )
"""
_SPANS = """
    , level as (
        select area_id, day, case when unknown_source >= 2 then 4 when unknown_source >= 1 then 3
            when known_source >= 1 then 2 else 1 end as level
        from summed
    ), turn as (
        select *, lag(level) over (partition by area_id order by day) as before from level
    )
    select area_id, day as first_day, level,
        coalesce(lead(day) over (partition by area_id order by day) - 1, date '9999-12-30') as last_day
    from turn where level is distinct from before
"""
FORMS = {"day by day": _DAY_BY_DAY, "by events": _BY_EVENTS}
THREADS = (1, 2)


class RollingRule:
    """The same rows as in PostgreSQL, of the same types, in a table of DuckDB's own."""

    def __init__(self, area_ids: np.ndarray, counts: Counts, *, days: int) -> None:
        self._database = duckdb.connect()
        self._period = {"first": FIRST_DAY, "last": FIRST_DAY + timedelta(days - 1)}
        named = {"area_id": area_ids.astype(np.int64)}
        rows = {
            "area_id": named["area_id"][counts.commune],
            "day": counts.day,
            **{name: getattr(counts, name) for name in ("unknown_source", "known_source", "isolated")},
        }
        self._database.execute("create table area as select * from named")
        dated = f"* replace (date '{FIRST_DAY}' + day as day)"
        self._database.execute(f"create table daily_count as select {dated} from rows")
        del named, rows

    def compute(self, form: str, *, threads: int) -> None:
        self._database.execute(f"set threads = {threads}")
        self._database.execute(f"create or replace table spans as {FORMS[form]} {_SPANS}", self._period)

    def spans(self) -> list[tuple]:
        """What was computed last: area id, first day, level, last day."""
        return self._database.execute("from spans order by area_id, first_day").fetchall()

    def close(self) -> None:
        self._database.close()
