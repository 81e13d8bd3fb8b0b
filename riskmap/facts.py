"""Facts: what the ledger and the declarations say of a province, as the arrays the rule reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db import connection

from core.enums import AreaKind
from riskmap.in_force import CHOSEN_THEN
from riskmap.packed import as_literal, read_packed
from riskmap.rules import scale
from riskmap.rules.facts import NEVER, UNKNOWN, Decided, Declarations, Facts

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
        return find_rows(self.ids, ids)


def find_rows(ids: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """The place of each wanted number in ``ids``, -1 where it is not there: int64."""
    if not len(ids):
        return np.full(len(wanted), -1)
    order = np.argsort(ids)
    rows = order[np.searchsorted(ids, wanted, sorter=order).clip(0, len(ids) - 1)]
    return np.where(ids[rows] == wanted, rows, -1)


_EPOCH = date(1, 1, 1).toordinal()

#: A row of an answer that comes as one value: packed by the server, read by NumPy.
_AREA_ROW = np.dtype(
    [
        *((name, ">i8") for name in ("id", "parent", "province", "population")),
        *((name, ">i4") for name in ("valid_from", "valid_to")),
        ("tier", ">i2"),
    ]
)
_AREAS = f"""
    select coalesce(string_agg(
        int8send(a.id) || int8send(coalesce(a.parent_id, 0)) || int8send(p.id)
        || int8send(coalesce(a.population, {UNKNOWN})) || int4send(a.valid_from - date '0001-01-01')
        || int4send(coalesce(a.valid_to - date '0001-01-01', {_FAR}))
        || int2send(array_position(array{list(scale.TIER_KEYS)}, a.kind::text)::int2), ''
        order by a.kind = 'hamlet', a.kind = 'commune', a.kind = 'district', a.parent_id, a.id), '')
    from core_area p
    join core_area a on split_part(a.path, '/', 1) = p.code
        and a.valid_from <= coalesce(p.valid_to, 'infinity')
        and coalesce(a.valid_to, 'infinity') >= p.valid_from
    where p.kind = 'province' and """

#: Their district and province come along, because reports of zero are given for those.
_WITH_ANCESTORS = """a.id in (
    with recursive upwards as (
        select id, parent_id from core_area where id = any(%s::bigint[])
        union select up.id, up.parent_id from core_area up join upwards on up.id = upwards.parent_id
    ) select id from upwards
)"""

_EDGES = """
    select coalesce(string_agg(int8send(area_id) || int8send(neighbour_id), ''), '')
    from core_areaneighbour where area_id = any(%s::bigint[])
"""


def load_areas(provinces: Sequence[int]) -> Areas:
    """All units of the provinces (ids), of any time, with their surroundings."""
    units = _units("p.id = any(%s::bigint[])", provinces)
    own = units["id"].astype(np.int64)
    edges = _edges(own)
    around = np.setdiff1d(edges[:, 1], own)
    if len(around):
        first_ring = _edges(around)
        around = np.union1d(around, np.setdiff1d(first_ring[:, 1], own))
        edges = np.concatenate([edges, _edges(around)])
        units = np.concatenate([units, _units(_WITH_ANCESTORS, around)])
    return _as_arrays(units, len(own), edges)


def _units(condition: str, ids: Iterable[int]) -> np.ndarray:
    return read_packed(_AREAS + condition, [as_literal(ids)], _AREA_ROW)


def _edges(area_ids: np.ndarray) -> np.ndarray:
    return read_packed(_EDGES, [as_literal(area_ids.tolist())], np.dtype((">i8", 2))).astype(np.int64)


def _as_arrays(units: np.ndarray, own: int, edges: np.ndarray) -> Areas:
    n = len(units)
    ids, parent, province = (units[name].astype(np.int64) for name in ("id", "parent", "province"))
    tier = units["tier"].astype(np.int8) - 1
    # The oldest list of units that is known stands for the days before it as well.
    valid_from = units["valid_from"].astype(np.int64) + _EPOCH
    named, of = np.unique(province, return_inverse=True)
    earliest = np.full(len(named), _FAR)
    communes = tier == scale.COMMUNE
    np.minimum.at(earliest, of[communes], valid_from[communes])
    valid_from[valid_from <= earliest[of]] = -_FAR
    valid_to = units["valid_to"].astype(np.int64)
    valid_to[valid_to < _FAR] += _EPOCH

    here, there = find_rows(ids, edges[:, 0]), find_rows(ids, edges[:, 1])
    both = (here >= 0) & (there >= 0)
    here, there = np.divmod(np.sort(here[both] * n + there[both]), max(n, 1))
    return Areas(
        ids=ids,
        own=np.arange(n) < own,
        province=province,
        tier=tier,
        parent=find_rows(ids, parent).astype(np.int32),
        valid_from=valid_from,
        valid_to=valid_to,
        population=units["population"].astype(np.int64),
        neighbours=there.astype(np.int32),
        neighbour_start=np.concatenate([[0], np.bincount(here, minlength=n).cumsum()]).astype(np.int64),
    )


_REPORTS = """
    select coalesce(string_agg(
        int8send(area_id << 24 | (day - date '0001-01-01'))
        || int8send(coalesce(unclassified, 0)::int8 << 32 | coalesce(unknown_source, 0))
        || int8send(coalesce(known_source, 0)::int8 << 32 | coalesce(close_contacts, 0)), ''), '')
    from {relation} where day >= %(first)s and area_id = any(%(areas)s::bigint[])
"""
_REPORT_ROW = np.dtype([("key", ">i8"), *((kind, ">i4") for kind in scale.COUNT_KINDS)])
_DAY_OF_KEY = (1 << 24) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Reports:
    """The counts in force, one element for each area and day that has them: parallel arrays."""

    row: np.ndarray  # int64: rows of the areas
    day: np.ndarray  # int64: proleptic ordinals
    counts: np.ndarray  # a field for each of COUNT_KINDS

    def between(self, first: date, last: date) -> Reports:
        chosen = (self.day >= first.toordinal()) & (self.day <= last.toordinal())
        if chosen.all():
            return self
        return Reports(self.row[chosen], self.day[chosen], self.counts[chosen])


def load_reports(areas: Areas, *, first: date, instant: datetime | None = None) -> Reports:
    """The counts in force of the areas from the day ``first`` on: now, or as they were at ``instant``."""
    asked = {"first": first, "areas": as_literal(areas.ids.tolist()), "instant": instant}
    query = _REPORTS.format(relation="riskmap_dailycount")
    if instant:
        query = CHOSEN_THEN + _REPORTS.format(relation="chosen")
    records = read_packed(query, asked, _REPORT_ROW)
    key = records["key"].astype(np.int64)
    area = key >> 24
    starts = np.flatnonzero(np.diff(area, prepend=-1))  # days of an area mostly come one after another
    row = np.repeat(areas.rows_of(area[starts]), np.diff(starts, append=len(area)))
    return Reports(row, (key & _DAY_OF_KEY) + _EPOCH, records)


_COVERAGES = """
    select scope_id, kind, lower(days), upper(days) - 1 from (
        select c.scope_id, c.kind, unnest(range_agg(daterange(c.first_day, c.last_day, '[]'))) as days
        from riskmap_reportcoverage c join riskmap_countpost p on p.id = c.post_id
        where c.scope_id = any(%(areas)s::bigint[]) and c.first_day <= %(through)s and c.last_day >= %(first)s
            and (%(instant)s::timestamptz is null or p.posted_at <= %(instant)s)
        group by c.scope_id, c.kind
    ) merged
"""

# What was refused or ended after the instant stood at the instant as if it never would be.
_DECLARED = """
    select kind, area_id, since, last_day from (
        select kind, area_id, since, case when ended_at <= coalesce(%(instant)s, ended_at)
            then ended_on else until end as last_day
        from riskmap_declaredfact
        where area_id = any(%(areas)s::bigint[])
            and (%(instant)s::timestamptz is null or declared_at <= %(instant)s)
            and (refused_at is null or refused_at > %(instant)s)
    ) standing where coalesce(last_day, since) >= since
"""

# A decision acts from its confirmation on.
_DECIDED = """
    select level, area_id, since, last_day from (
        select level, area_id, since, case when ended_at <= coalesce(%(instant)s, ended_at)
            then ended_on else until end as last_day
        from riskmap_leveloverride
        where area_id = any(%(areas)s::bigint[]) and confirmed_at <= coalesce(%(instant)s, confirmed_at)
    ) standing where last_day >= since
"""

#: Kind, id of the area, first day and last day (or ``None``) of a declared fact.
DeclaredRow = tuple[str, int, date, date | None]


#: Level, id of the area, first day and last day of a decision.
DecidedRow = tuple[int, int, date, date]


def load_declared(areas: Areas, *, instant: datetime | None = None) -> list[DeclaredRow]:
    """The declared facts of the areas that act, of any time: now, or as they were at ``instant``."""
    return _said_of(areas, _DECLARED, instant)


def load_decided(areas: Areas, *, instant: datetime | None = None) -> list[DecidedRow]:
    """The decided levels of the areas that act, of any time: now, or as they were at ``instant``."""
    return _said_of(areas, _DECIDED, instant)


def _said_of(areas: Areas, query: str, instant: datetime | None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"areas": as_literal(areas.ids.tolist()), "instant": instant})
        return cursor.fetchall()


def load_facts(
    areas: Areas,
    *,
    start: date,
    through: date,
    look_back: int,
    series_start: dict[int, date],
    previous: np.ndarray | None = None,
    reports: Reports | None = None,
    declared: list[DeclaredRow] | None = None,
    decided: list[DecidedRow] | None = None,
    instant: datetime | None = None,
) -> Facts:
    """The facts of ``start`` … ``through`` and of the ``look_back`` days before them.

    ``series_start`` gives the first reported day of each province (ids). ``previous`` are the levels
    already known on the look-back days, int8 (n, look_back), -1 where unknown. ``reports`` are those of the
    days, or of more days before and after, where they were read already, and so are ``declared``
    and ``decided``. With ``instant`` everything is as it was known then: what was recorded later is not
    there.
    """
    first = start - timedelta(days=look_back)
    days = (through - first).days + 1
    n = len(areas.ids)
    base = first.toordinal()
    reports = (reports or load_reports(areas, first=first, instant=instant)).between(first, through)
    asked = {
        "areas": as_literal(areas.ids.tolist()),
        "first": first,
        "through": through,
        "instant": instant,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGES, asked)
        coverages = cursor.fetchall()
    if declared is None:
        declared = load_declared(areas, instant=instant)
    if decided is None:
        decided = load_decided(areas, instant=instant)

    reported = np.zeros((n, days), bool)
    place = reports.row * days + reports.day - base
    reported.ravel()[place] = True
    counts = {}
    for kind in scale.COUNT_KINDS:
        values = reports.counts[kind]
        if values.any():
            counts[kind] = np.zeros((n, days), _smallest(values))
            counts[kind].ravel()[place] = values
    _mark_covered(reported, areas, coverages, base)

    named, of = np.unique(areas.province, return_inverse=True)
    starts = np.array([_index(series_start.get(province), base) for province in named.tolist()], np.int32)[of]
    return Facts(
        first_day=first,
        days=days,
        lead=look_back,
        tier=areas.tier,
        parent=areas.parent,
        valid_from=(areas.valid_from - base).clip(-_FAR, _FAR).astype(np.int32),
        valid_to=np.where(areas.valid_to >= _FAR, NEVER, areas.valid_to - base).astype(np.int32),
        series_start=starts,
        first_report=_first_report(reported, previous),
        population=areas.population,
        reported=reported,
        counts=counts,
        declared=_declarations(areas, declared, base),
        decided=_decisions(areas, decided, base),
        neighbours=areas.neighbours,
        neighbour_start=areas.neighbour_start,
        previous=previous,
    )


def _smallest(values: np.ndarray) -> type:
    highest = values.max()
    return next(kind for kind in (np.int8, np.int16, np.int32) if highest <= np.iinfo(kind).max)


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


def _decisions(areas: Areas, decided: list[DecidedRow], base: int) -> Decided | None:
    if not decided:
        return None
    level, area_id, since, until = zip(*decided, strict=True)
    return Decided(
        areas.rows_of(np.array(area_id, np.int64)).astype(np.int32),
        np.array([day.toordinal() - base for day in since], np.int32),
        np.array([day.toordinal() - base for day in until], np.int32),
        np.array(level, np.int8),
    )
