"""The limit to measure against: DuckDB in memory computing the spans of the plain rolling rule.

Plain means: sums of the last 14 days of cases of unknown and of known source make four levels, and runs of
equal days make spans. No neighbours, no missing reports, no districts, no grounds, nothing stored on disk.
It is asked in the form that suits it best: levels change only where a case comes or is 14 days old.
"""

from __future__ import annotations

from datetime import timedelta

import duckdb
import numpy as np

from benchmarks.nation import FIRST_DAY, Counts

_SPANS = """
    create or replace table spans as
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
    ), level as (
        select area_id, day, case
            when sum(unknown_source) over days >= 2 then 4 when sum(unknown_source) over days >= 1 then 3
            when sum(known_source) over days >= 1 then 2 else 1 end as level
        from step window days as (partition by area_id order by day)
    ), turn as (
        select *, lag(level) over (partition by area_id order by day) as before from level
    )
    select area_id, day as first_day, level,
        coalesce(lead(day) over (partition by area_id order by day) - 1, date '9999-12-30') as last_day
    from turn where level is distinct from before
"""


class RollingRule:
    """The same rows as in PostgreSQL, of the same types, in a table of DuckDB's own."""

    def __init__(self, area_ids: np.ndarray, counts: Counts, *, days: int) -> None:
        self._database = duckdb.connect(config={"threads": 1})
        self._period = {"first": FIRST_DAY, "last": FIRST_DAY + timedelta(days - 1)}
        named = {"area_id": area_ids.astype(np.int64)}
        rows = {
            "area_id": named["area_id"][counts.commune],
            "day": counts.day,
            **{name: getattr(counts, name) for name in ("unknown_source", "known_source", "isolated")},
        }
        self._database.execute("create table area as select * from named")
        self._database.execute(
            f"create table daily_count as select * replace (date '{FIRST_DAY}' + day as day) from rows"
        )
        del named, rows

    def spans(self, *, threads: int) -> int:
        """Compute them anew; returns how many."""
        self._database.execute(f"set threads = {threads}")
        self._database.execute(_SPANS, self._period)
        return self._database.execute("select count(*) from spans").fetchone()[0]

    def close(self) -> None:
        self._database.close()
