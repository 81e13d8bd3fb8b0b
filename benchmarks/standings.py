"""The standings of a nation: spans read, facts found and units ranked, beside one aggregate over the spans.

The aggregate is the plainest that says anything of a unit: level at the start and at the end, the lowest,
days green and provisional. It knows no runs, so neither since when a unit is green nor its relapses, nor
targets, and ranks nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter

import numpy as np
from django.db import connection

from benchmarks.loading import Loaded
from benchmarks.nation import FIRST_DAY, Counts
from benchmarks.report import Row, median, row, seconds, spread
from campaign.scoring.facts import Facts, facts_of
from campaign.scoring.order import Ranking, Scoring, rank_units
from campaign.scoring.spans import Spans
from campaign.scoring.targets import Registrations
from riskmap.facts import find_rows
from riskmap.packed import as_literal, read_packed
from riskmap.rules.scale import NEW_NORMAL

PHASE_DAYS = 90
SECONDS_REACH = 0.5
RATIO_REACH = 1.5
SCORING = Scoring(
    ("level_at_end", "steps_lowered", "days_to_green", "relapses"), ("days_green", "cases_per_100k")
)

_SPANS = """
    select coalesce(string_agg(
        int8send((area_id << 4) | (level << 1) | provisional::int)
        || int4send(
            (greatest(first_day - %(first)s, 0) << 16) | (least(last_day, %(last)s) - %(first)s)), ''), '')
    from riskmap_levelspan
    where first_day <= %(last)s and last_day >= %(first)s and area_id = any(%(areas)s::bigint[])
"""
_SPAN_ROW = np.dtype([("area", ">i8"), ("days", ">i4")])

_AGGREGATE = f"""
    select area_id,
        coalesce(max(level) filter (where first_day <= %(first)s), 0),
        coalesce(max(level) filter (where last_day >= %(last)s), 0),
        min(level),
        coalesce(sum(least(last_day, %(last)s) - greatest(first_day, %(first)s) + 1)
            filter (where level = {NEW_NORMAL}), 0),
        coalesce(sum(least(last_day, %(last)s) - greatest(first_day, %(first)s) + 1)
            filter (where provisional), 0)
    from riskmap_levelspan
    where first_day <= %(last)s and last_day >= %(first)s and area_id = any(%(areas)s::bigint[])
    group by area_id
"""


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """A phase of the nation in which every commune has registered to be green at its end."""

    area_ids: np.ndarray  # int64 (communes,)
    population: np.ndarray
    cases: np.ndarray
    first_day: date
    days: int

    def asked(self) -> dict[str, object]:
        return {
            "first": self.first_day,
            "last": self.first_day + timedelta(self.days - 1),
            "areas": as_literal(self.area_ids.tolist()),
        }

    def read(self) -> Spans:
        packed = read_packed(_SPANS, self.asked(), _SPAN_ROW)
        area, days = packed["area"].astype(np.int64), packed["days"].astype(np.int32)
        return Spans(
            find_rows(self.area_ids, area >> 4).astype(np.int32),
            days >> 16,
            days & 0xFFFF,
            (area >> 1 & 7).astype(np.int8),
            (area & 1).astype(bool),
        )

    def score(self, spans: Spans) -> tuple[Facts, Ranking]:
        units = len(self.area_ids)
        registrations = Registrations(
            np.zeros(units, np.int32),
            np.full(units, NEW_NORMAL, np.int8),
            np.full(units, self.days - 1, np.int32),
        )
        facts = facts_of(
            spans,
            areas=units,
            through=self.days - 1,
            cases=self.cases,
            population=self.population,
            registrations=registrations,
        )
        return facts, rank_units(facts, SCORING)

    def aggregate(self) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(_AGGREGATE, self.asked())
            return cursor.fetchall()


def make_contest(loaded: Loaded, counts: Counts, *, days: int, phase_days: int = PHASE_DAYS) -> Contest:
    """The last ``phase_days`` of the nation's ``days``."""
    phase = counts.between(days - phase_days, days - 1)
    found = phase.unknown_source + phase.known_source + phase.isolated
    return Contest(
        area_ids=np.array([area.pk for area in loaded.communes], np.int64),
        population=loaded.nation.population,
        cases=np.bincount(phase.commune, found, loaded.nation.communes).astype(np.int64),
        first_day=FIRST_DAY + timedelta(days - phase_days),
        days=phase_days,
    )


def measure_standings(contest: Contest, *, rounds: int) -> list[Row]:
    """In turns: spans read, facts and ranks; and the aggregate. The pure part is shown apart as well."""
    whole, pure, sql = [], [], []
    for number in range(rounds + 1):
        started = perf_counter()
        spans = contest.read()
        read = perf_counter()
        contest.score(spans)
        done = perf_counter()
        asked = seconds(contest.aggregate)
        if number:  # the first round warms all up
            whole.append(done - started)
            pure.append(done - read)
            sql.append(asked)
    ratio = median([mine / other for mine, other in zip(whole, sql, strict=True)])
    took = median(whole)
    where = f"{len(contest.area_ids)} communes × {contest.days} days"
    return [
        row(
            f"standings of {where}, {len(spans.row)} spans: read, facts, ranks",
            f"median of {rounds} ({spread(whole)} s), of it facts and ranks {median(pure):.4f} s",
            took,
            "s",
            against=f"one SQL aggregate over the same spans: {median(sql):.3f} s",
            ratio=ratio,
            reach=f"<= {SECONDS_REACH} s, <= {RATIO_REACH}",
            met=took <= SECONDS_REACH and ratio <= RATIO_REACH,
        )
    ]
