"""Spans: days of one level made into rows, and only the rows that differ written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection

from riskmap.facts import find_rows
from riskmap.models import Grounds, LevelSpan
from riskmap.packed import as_literal, read_packed, write_packed
from riskmap.rules.assess import Assessment
from riskmap.rules.ruleset import RuleSet
from riskmap.rules.scale import NO_DATA

_OPEN = LevelSpan.OPEN.toordinal()
_POSTGRES_EPOCH = date(2000, 1, 1).toordinal()

LEVEL = 7  # the bits of a run's code that are its level


@dataclass(frozen=True, slots=True)
class Written:
    """How many spans were opened, changed in length, and removed."""

    opened: int = 0
    resized: int = 0
    removed: int = 0

    def __add__(self, other: Written) -> Written:
        return Written(self.opened + other.opened, self.resized + other.resized, self.removed + other.removed)

    @property
    def anything(self) -> bool:
        return bool(self.opened or self.resized or self.removed)


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs of equal days (ordinals), maximal: parallel arrays."""

    row: np.ndarray
    first: np.ndarray
    last: np.ndarray
    code: np.ndarray  # level | provisional << 3 | grounds id << 4; 0 for no level

    def where(self, chosen: np.ndarray) -> Runs:
        return Runs(self.row[chosen], self.first[chosen], self.last[chosen], self.code[chosen])


def write_spans(assessed: Assessment, *, rule_set: RuleSet, area_ids: np.ndarray, stored: Runs) -> Written:
    """Make the stored spans of the areas say what was assessed, from its first day on.

    The areas are the first rows of the assessment; ``area_ids`` are their ids, int64. ``stored`` are their
    spans that reach the day before, or more of them. The last day assessed is left open. What was stored
    before the first day stays, but for a span that goes on.
    """
    start = assessed.first_day.toordinal()
    days = assessed.level.shape[1]
    runs = _runs(assessed, len(area_ids), start, rule_set)
    stored = stored.where((stored.row < len(area_ids)) & (stored.last >= start - 1))
    if not len(stored.row):
        fresh = runs.where(runs.code != NO_DATA)
        return Written(opened=_insert(fresh, area_ids))

    new = _dense(runs, len(area_ids), start, days)
    old = _dense(stored, len(area_ids), start, days)
    differs = new != old
    changed = differs.any(axis=1)
    cut = start + differs.argmax(axis=1)  # the first day that changes, of the areas that do
    removed = _remove(area_ids[changed], cut[changed])
    resized, goes_on = _resize(runs, stored, changed, cut, area_ids)
    fresh = runs.where(changed[runs.row] & (runs.first >= cut[runs.row]) & (runs.code != NO_DATA) & ~goes_on)
    return Written(opened=_insert(fresh, area_ids), resized=resized, removed=removed)


def _runs(assessed: Assessment, areas: int, start: int, rule_set: RuleSet) -> Runs:
    level, provisional, met = assessed.level[:areas], assessed.provisional[:areas], assessed.met[:areas]
    turns = np.ones(level.shape, bool)
    turns[:, 1:] = (
        (level[:, 1:] != level[:, :-1])
        | (provisional[:, 1:] != provisional[:, :-1])
        | (met[:, 1:] != met[:, :-1])
    )
    row, column = turns.nonzero()
    levels = level[turns].astype(np.int64)
    mask = met[turns]
    masks = np.unique(mask)
    grounds = _grounds_ids(rule_set, masks)[np.searchsorted(masks, mask)]
    code = levels | provisional[turns].astype(np.int64) << 3 | grounds << 4
    code[levels == NO_DATA] = 0
    last = np.full(len(row), _OPEN, np.int64)
    last[:-1] = np.where(row[1:] == row[:-1], start + column[1:] - 1, _OPEN)
    return Runs(row, start + column.astype(np.int64), last, code)


def _grounds_ids(rule_set: RuleSet, masks: np.ndarray) -> np.ndarray:
    """The id of each combination of criteria (uint32 masks), new ones added: int64."""
    wanted = [tuple(rule_set.ids_of(mask)) for mask in masks.tolist()]
    known = _known_grounds(rule_set)
    if new := [criteria for criteria in wanted if criteria not in known]:
        Grounds.objects.bulk_create(
            [Grounds(rule_set=rule_set.name, criteria=list(criteria)) for criteria in new],
            ignore_conflicts=True,
        )
        known = _known_grounds(rule_set)
    return np.array([known[criteria] for criteria in wanted], np.int64)


def _known_grounds(rule_set: RuleSet) -> dict[tuple[str, ...], int]:
    rows = Grounds.objects.filter(rule_set=rule_set.name).values_list("criteria", "pk")
    return {tuple(criteria): pk for criteria, pk in rows}


_STORED = """
    select coalesce(string_agg(
        int8send(area_id) || int4send(first_day - date '2000-01-01') || int4send(last_day - date '2000-01-01')
        || int8send(level + (provisional::int << 3) + (grounds_id << 4)), ''), '')
    from riskmap_levelspan where last_day >= %s and area_id = any(%s::bigint[])
"""
_STORED_ROW = np.dtype([("area", ">i8"), ("first", ">i4"), ("last", ">i4"), ("code", ">i8")])


def stored_spans(area_ids: np.ndarray, since: date) -> Runs:
    """The spans stored for the areas that reach the day ``since`` or later, in any order."""
    records = read_packed(_STORED, [since, as_literal(area_ids.tolist())], _STORED_ROW)
    return Runs(
        find_rows(area_ids, records["area"].astype(np.int64)),
        records["first"].astype(np.int64) + _POSTGRES_EPOCH,
        records["last"].astype(np.int64) + _POSTGRES_EPOCH,
        records["code"].astype(np.int64),
    )


def _dense(runs: Runs, areas: int, start: int, days: int) -> np.ndarray:
    """Runs laid out day by day: int64 (areas, days), 0 where there is none."""
    first = np.maximum(runs.first - start, 0)
    last = np.minimum(runs.last - start, days - 1)
    inside = last >= first
    row, first, last, code = runs.row[inside], first[inside], last[inside], runs.code[inside]
    length = last - first + 1
    place = np.repeat(row * days + first - (length.cumsum() - length), length) + np.arange(length.sum())
    dense = np.zeros(areas * days, np.int64)
    dense[place] = np.repeat(code, length)
    return dense.reshape(areas, days)


def _remove(area_ids: np.ndarray, cut: np.ndarray) -> int:
    """Delete the spans that begin on or after each area's cut."""
    if not len(area_ids):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from riskmap_levelspan s using unnest(%s::bigint[], %s::date[]) as c(area_id, day)"
            " where s.area_id = c.area_id and s.first_day >= c.day",
            [area_ids.tolist(), [date.fromordinal(day) for day in cut.tolist()]],
        )
        return cursor.rowcount


def _resize(
    runs: Runs, stored: Runs, changed: np.ndarray, cut: np.ndarray, area_ids: np.ndarray
) -> tuple[int, np.ndarray]:
    """End the span before each cut there, or let it go on where the new run says the same.

    Returns how many were resized, and which runs (bool) are thereby stored already.
    """
    at_cut = changed[runs.row] & (runs.first <= cut[runs.row]) & (runs.last >= cut[runs.row])
    run_at_cut = np.full(len(area_ids), -1)
    run_at_cut[runs.row[at_cut]] = at_cut.nonzero()[0]
    before = stored.where(
        changed[stored.row] & (stored.first < cut[stored.row]) & (stored.last >= cut[stored.row] - 1)
    )
    following = run_at_cut[before.row]
    same = (following >= 0) & (runs.code[following] == before.code)
    last = np.where(same, runs.last[following], cut[before.row] - 1)
    goes_on = np.zeros(len(runs.row), bool)
    goes_on[following[same]] = True
    moved = last != before.last
    if moved.any():
        with connection.cursor() as cursor:
            cursor.execute(
                "update riskmap_levelspan s set last_day = c.last_day"
                " from unnest(%s::bigint[], %s::date[], %s::date[]) as c(area_id, first_day, last_day)"
                " where s.area_id = c.area_id and s.first_day = c.first_day",
                [
                    area_ids[before.row[moved]].tolist(),
                    [date.fromordinal(day) for day in before.first[moved].tolist()],
                    [date.fromordinal(day) for day in last[moved].tolist()],
                ],
            )
    return int(moved.sum()), goes_on


def _insert(runs: Runs, area_ids: np.ndarray) -> int:
    return write_packed(
        "riskmap_levelspan",
        {
            "area_id": area_ids[runs.row],
            "first_day": (runs.first - _POSTGRES_EPOCH).astype(np.int32),
            "last_day": (runs.last - _POSTGRES_EPOCH).astype(np.int32),
            "level": (runs.code & LEVEL).astype(np.int16),
            "provisional": (runs.code >> 3 & 1).astype(np.uint8),
            "grounds_id": runs.code >> 4,
        },
    )
