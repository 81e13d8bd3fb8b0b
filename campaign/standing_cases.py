"""The F0 of a province's areas over a phase, as known and as an instant knew them. Reads only."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np

from campaign.standing_areas import Ground
from riskmap.in_force import CHOSEN_THEN
from riskmap.packed import as_literal, read_packed

_CASES = """
    select coalesce(string_agg(int8send((area_id << 16) | (day - %(first)s)) || int4send(cases), ''), '')
    from (
        select area_id, day, coalesce(unclassified, 0) + coalesce(unknown_source, 0)
            + coalesce(known_source, 0) + coalesce(isolated, 0) as cases
        from {relation} where day between %(first)s and %(last)s and area_id = any(%(areas)s::bigint[])
    ) of_day where cases > 0
"""
_CASE_ROW = np.dtype([("key", ">i8"), ("cases", ">i4")])


def known_cases(ground: Ground, *, first: date, last: date) -> np.ndarray:
    """int64 (areas, days): the F0 in force from the first day through each day. One query.

    A commune and a hamlet have their own, a district and a province those of their communes.
    """
    return _read(_CASES.format(relation="riskmap_dailycount"), ground, first, last, None)


def cases_known_at(ground: Ground, *, first: date, last: date, instant: datetime) -> np.ndarray:
    """int64 (areas,): the F0 of the period as ``instant`` knew them, from the ledger. One query."""
    query = CHOSEN_THEN + _CASES.format(relation="chosen")
    return _read(query, ground, first, last, instant)[:, -1]


def _read(query: str, ground: Ground, first: date, last: date, instant: datetime | None) -> np.ndarray:
    counted = ground.counted()
    asked = {
        "first": first,
        "last": last,
        "areas": as_literal(ground.ids[counted].tolist()),
        "instant": instant,
    }
    packed = read_packed(query, asked, _CASE_ROW)
    key, cases = packed["key"].astype(np.int64), packed["cases"].astype(np.int64)
    row, day = ground.rows_of(key >> 16), key & 0xFFFF
    place, above = ground.upwards(row)
    days = (last - first).days + 1
    cells = np.concatenate([row * days + day, above * days + day[place]])
    found = np.bincount(cells, np.concatenate([cases, cases[place]]), len(ground) * days)
    return found.reshape(len(ground), days).astype(np.int64).cumsum(axis=1)
