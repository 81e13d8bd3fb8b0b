"""Facts: what the ledger and the declarations say of a province, as the arrays the rule reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db import connection

from core.enums import AreaKind
from riskmap.rules import scale
from riskmap.rules.facts import NEVER, UNKNOWN, Declarations, Facts

#: A day that stands for "always": outside every axis, and small enough to add to.
_FAR = 10_000_000

_TIERS = {AreaKind(key): tier for tier, key in enumerate(scale.TIER_KEYS)}


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """The units a run needs, one row each, and who touches whom.

    Besides all units of the provinces assessed (``own``) there are the communes within two borders of
    them, since very high makes its neighbours high, and high makes its neighbours elevated: those rows
    are read and assessed, but never written.
    """

    ids: np.ndarray  # int64 (n,)
    own: np.ndarray  # bool (n,)
    province: np.ndarray  # int64 (n,): id of the province of each row
    tier: np.ndarray  # int8 (n,)
    parent: np.ndarray  # int32 (n,)
    valid_from: np.ndarray  # int64 (n,): proleptic ordinals; the province's earliest list has no beginning
    valid_to: np.ndarray  # int64 (n,)
    population: np.ndarray  # int64 (n,)
    neighbours: np.ndarray  # int32 (edges,): rows
    neighbour_start: np.ndarray  # int64 (n + 1,)

    def rows_of(self, ids: np.ndarray) -> np.ndarray:
        """Row of each area id, -1 where it is not here."""
        order = np.argsort(self.ids)
        place = np.searchsorted(self.ids, ids, sorter=order).clip(0, max(len(order) - 1, 0))
        if not len(order):
            return np.full(len(ids), -1)
        rows = order[place]
        return np.where(self.ids[rows] == ids, rows, -1)


_AREAS = """
    select a.id, a.kind, a.parent_id, a.valid_from, a.valid_to, a.population, p.id
    from core_area p
    join core_area a on split_part(a.path, '/', 1) = p.code
        and a.valid_from <= coalesce(p.valid_to, 'infinity')
        and coalesce(a.valid_to, 'infinity') >= p.valid_from
    where p.kind = 'province' and {condition}
    order by a.kind = 'hamlet', a.kind = 'commune', a.kind = 'district', a.parent_id, a.id
"""

#: Their district and province come along, because reports of zero are given for those.
_WITH_ANCESTORS = """a.id in (
    with recursive upwards as (
        select id, parent_id from core_area where id = any(%s)
        union select up.id, up.parent_id from core_area up join upwards on up.id = upwards.parent_id
    ) select id from upwards
)"""

_EDGES = """
    select coalesce(string_agg(int8send(area_id) || int8send(neighbour_id), ''), '')
    from core_areaneighbour where area_id = any(%s)
"""


def load_areas(provinces: Sequence[int]) -> Areas:
    """All units of the provinces (ids), of any time, with their surroundings."""
    with connection.cursor() as cursor:
        cursor.execute(_AREAS.format(condition="p.id = any(%s)"), [list(provinces)])
        rows = cursor.fetchall()
        edges = _edges(cursor, [row[0] for row in rows])
        own_ids = {row[0] for row in rows}
        around = set(edges[:, 1].tolist()) - own_ids
        if around:
            first_ring = _edges(cursor, sorted(around))
            around |= set(first_ring[:, 1].tolist()) - own_ids
            edges = np.concatenate([edges, _edges(cursor, sorted(around))])
            cursor.execute(_AREAS.format(condition=_WITH_ANCESTORS), [sorted(around)])
            rows += cursor.fetchall()
    return _as_arrays(rows, own_ids, edges)


def _edges(cursor, area_ids: list[int]) -> np.ndarray:
    cursor.execute(_EDGES, [area_ids])
    return np.frombuffer(cursor.fetchone()[0], ">i8").astype(np.int64).reshape(-1, 2)


def _as_arrays(rows: list[tuple], own_ids: set[int], edges: np.ndarray) -> Areas:
    n = len(rows)
    row_of = {row[0]: place for place, row in enumerate(rows)}
    earliest: dict[int, date] = {}
    for row in rows:
        if row[1] == AreaKind.COMMUNE:
            earliest[row[6]] = min(earliest.get(row[6], row[3]), row[3])
    # The oldest list of units that is known stands for the days before it as well.
    valid_from = [-_FAR if row[3] <= earliest.get(row[6], row[3]) else row[3].toordinal() for row in rows]
    edge_rows = np.array([[row_of.get(a, -1), row_of.get(b, -1)] for a, b in edges.tolist()], np.int32)
    edge_rows = edge_rows.reshape(-1, 2)
    edge_rows = edge_rows[(edge_rows >= 0).all(axis=1)]
    edge_rows = edge_rows[np.lexsort((edge_rows[:, 1], edge_rows[:, 0]))]
    return Areas(
        ids=np.array([row[0] for row in rows], np.int64),
        own=np.array([row[0] in own_ids for row in rows], bool),
        province=np.array([row[6] for row in rows], np.int64),
        tier=np.array([_TIERS[row[1]] for row in rows], np.int8),
        parent=np.array([row_of.get(row[2], -1) for row in rows], np.int32),
        valid_from=np.array(valid_from, np.int64),
        valid_to=np.array([row[4].toordinal() if row[4] else _FAR for row in rows], np.int64),
        population=np.array([UNKNOWN if row[5] is None else row[5] for row in rows], np.int64),
        neighbours=edge_rows[:, 1].copy(),
        neighbour_start=np.concatenate([[0], np.bincount(edge_rows[:, 0], minlength=n).cumsum()]).astype(
            np.int64
        ),
    )


_COUNTS = """
    select coalesce(string_agg(
        int8send(area_id * 10000000 + (day - date '0001-01-01')) || int4send(coalesce(unclassified, 0))
        || int4send(coalesce(unknown_source, 0)) || int4send(coalesce(known_source, 0))
        || int4send(coalesce(close_contacts, 0)), ''), '')
    from riskmap_dailycount
    where day between %s and %s and area_id = any(%s)
"""
_COUNT_ROW = np.dtype([("key", ">i8"), *((kind, ">i4") for kind in scale.COUNT_KINDS)])

_COVERAGES = """
    select scope_id, kind, lower(days), upper(days) - 1 from (
        select scope_id, kind, unnest(range_agg(daterange(first_day, last_day, '[]'))) as days
        from riskmap_reportcoverage
        where scope_id = any(%s) and first_day <= %s and last_day >= %s
        group by scope_id, kind
    ) merged
"""

_DECLARED = """
    select kind, area_id, since, until from riskmap_declaredfact
    where area_id = any(%s) and since <= %s and (until is null or until >= %s)
"""


def load_facts(
    areas: Areas,
    *,
    start: date,
    through: date,
    look_back: int,
    series_start: dict[int, date],
    previous: np.ndarray | None = None,
) -> Facts:
    """The facts of ``start`` … ``through`` and of the ``look_back`` days before them.

    ``series_start`` gives the first reported day of each province (ids). ``previous`` are the levels
    already known on the look-back days, int8 (n, look_back), -1 where unknown.
    """
    first = start - timedelta(days=look_back)
    days = (through - first).days + 1
    n = len(areas.ids)
    base = first.toordinal()
    area_ids = areas.ids.tolist()
    reported = np.zeros((n, days), bool)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [first, through, area_ids])
        records = np.frombuffer(cursor.fetchone()[0], _COUNT_ROW)
        cursor.execute(_COVERAGES, [area_ids, through, first])
        coverages = cursor.fetchall()
        cursor.execute(_DECLARED, [area_ids, through, first])
        declared = cursor.fetchall()

    keys = records["key"].astype(np.int64)
    rows = areas.rows_of(keys // 10_000_000)
    columns = keys % 10_000_000 + date(1, 1, 1).toordinal() - base
    reported[rows, columns] = True
    counts = {}
    for kind in scale.COUNT_KINDS:
        values = records[kind]
        if values.any():
            counts[kind] = np.zeros((n, days), np.int16 if values.max() < 2**15 else np.int32)
            counts[kind][rows, columns] = values
    _mark_covered(reported, areas, coverages, base)

    starts = np.array([_index(series_start.get(p), base) for p in areas.province.tolist()], np.int32)
    return Facts(
        first_day=first,
        days=days,
        lead=look_back,
        tier=areas.tier,
        parent=areas.parent,
        valid_from=(areas.valid_from - base).astype(np.int32),
        valid_to=np.where(areas.valid_to == _FAR, NEVER, areas.valid_to - base).astype(np.int32),
        series_start=starts,
        first_report=_first_report(reported, previous),
        population=areas.population,
        reported=reported,
        counts=counts,
        declared=_declarations(areas, declared, base),
        neighbours=areas.neighbours,
        neighbour_start=areas.neighbour_start,
        previous=previous,
    )


def _index(day: date | None, base: int) -> int:
    return NEVER if day is None else day.toordinal() - base


def _mark_covered(reported: np.ndarray, areas: Areas, coverages: list[tuple], base: int) -> None:
    """A coverage reports for every unit of its kind under its scope."""
    if not coverages:
        return
    scopes = areas.rows_of(np.array([row[0] for row in coverages], np.int64))
    ancestors = _ancestors(areas.parent)
    for scope, (_, kind, first, last) in zip(scopes.tolist(), coverages, strict=True):
        below = (ancestors == scope).any(axis=1) & (areas.tier == _TIERS[AreaKind(kind)])
        columns = slice(max(first.toordinal() - base, 0), max(last.toordinal() - base + 1, 0))
        reported[below, columns] = True


def _ancestors(parent: np.ndarray) -> np.ndarray:
    """Each row's line upwards, itself first: int32 (n, 4), -1 where it ends."""
    line = [np.arange(len(parent), dtype=np.int32)]
    for _ in range(len(scale.TIER_KEYS) - 1):
        above = line[-1]
        line.append(np.where(above >= 0, parent[above], -1).astype(np.int32))
    return np.stack(line, axis=1)


def _first_report(reported: np.ndarray, previous: np.ndarray | None) -> np.ndarray:
    """Day index of each row's first report; -1 where a level was known just before the days assessed."""
    first = np.where(reported.any(axis=1), reported.argmax(axis=1), NEVER).astype(np.int32)
    if previous is not None and previous.shape[1]:
        first[previous[:, -1] > scale.NO_DATA] = -1
    return first


def _declarations(areas: Areas, declared: list[tuple], base: int) -> dict[str, Declarations]:
    by_kind: dict[str, list[tuple[int, int, int]]] = {}
    rows = areas.rows_of(np.array([area_id for _, area_id, _, _ in declared], np.int64))
    for row, (kind, _, since, until) in zip(rows.tolist(), declared, strict=True):
        by_kind.setdefault(kind, []).append((row, since.toordinal() - base, _index(until, base)))
    return {
        kind: Declarations(*(np.array(column, np.int32) for column in zip(*facts, strict=True)))
        for kind, facts in by_kind.items()
    }
