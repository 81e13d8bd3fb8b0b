"""The oracle: the rule in SQL (``oracle.sql``), run on the tests' PostgreSQL over the same facts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from django.db import connection

from riskmap.rules.facts import NEVER, Facts
from riskmap.rules.ruleset import RuleSet
from riskmap.rules.scale import COUNT_KINDS, TIER_KEYS


def run_oracle(rule_set: RuleSet, facts: Facts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Levels, provisional marks and masks of criteria met at the level, each (areas, days).

    Needs a database transaction of the test's own. Takes facts without look-back days.
    """
    with connection.cursor() as cursor:
        cursor.execute(Path(__file__).with_suffix(".sql").read_text())
        _copy(cursor, "oracle_area", _areas(facts))
        _copy(cursor, "oracle_report", _reports(facts))
        starts = np.repeat(np.arange(facts.areas), np.diff(facts.neighbour_start))
        _copy(cursor, "oracle_border", zip(starts.tolist(), facts.neighbours.tolist(), strict=True))
        _copy(
            cursor,
            "oracle_fact",
            (
                (row, kind, since, until)
                for kind, said in facts.declared.items()
                for row, since, until in zip(said.rows, said.since, said.until, strict=True)
            ),
        )
        if facts.decided:
            said = facts.decided
            _copy(cursor, "oracle_decision", zip(said.rows, said.since, said.until, said.level, strict=True))
        for table in ("oracle_area", "oracle_report", "oracle_border", "oracle_fact", "oracle_decision"):
            cursor.execute(f"analyze {table}")
        names = ("window_days", "cluster_size", "hold_days", "unclassified_as", "hamlets_as_communes")
        for day in range(facts.days):
            cursor.execute(
                "call pg_temp.oracle_day(%s, %s, %s, %s, %s, %s)", [day, *(rule_set[n] for n in names)]
            )
        shape = (facts.areas, facts.days)
        level, provisional = np.zeros(shape, np.int8), np.zeros(shape, bool)
        met = np.zeros(shape, np.uint32)
        cursor.execute("select id, day, level, provisional from oracle_level")
        ids, on, found, mark = (np.array(column) for column in zip(*cursor.fetchall(), strict=True))
        level[ids, on], provisional[ids, on] = found, mark
        cursor.execute(
            "select m.id, m.day, m.criterion from oracle_met m join oracle_level l using (id, day, level)"
            " where not l.decided union all select id, day, 'decided' from oracle_level where decided"
        )
        for row, day, criterion in cursor.fetchall():
            met[row, day] |= rule_set.mask_of([criterion])
    return level, provisional, met


def _areas(facts: Facts) -> Iterator[tuple]:
    for row in range(facts.areas):
        known = [facts.population[row], facts.series_start[row], facts.first_report[row]]
        yield (
            row,
            TIER_KEYS[facts.tier[row]],
            facts.parent[row] if facts.parent[row] >= 0 else None,
            facts.valid_from[row],
            facts.valid_to[row],
            *(None if value in (-1, NEVER) else value for value in known),
        )


def _reports(facts: Facts) -> Iterator[tuple]:
    rows, on = np.nonzero(facts.reported)
    none = np.zeros(len(rows), np.int64)
    numbers = [facts.counts[kind][rows, on] if kind in facts.counts else none for kind in COUNT_KINDS]
    return zip(rows.tolist(), on.tolist(), *(each.tolist() for each in numbers), strict=True)


def _copy(cursor, table: str, rows: Iterable[tuple]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    cursor.copy_expert(f"copy {table} from stdin (format csv)", text)
