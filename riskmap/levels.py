"""Levels: what the rule set in force says about every area, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

import numpy as np
from django.db import connection, transaction
from django.db.models import Min

from core.errors import DomainError
from core.models import Area
from riskmap.facts import (
    Areas,
    DecidedRow,
    DeclaredRow,
    load_areas,
    load_decided,
    load_declared,
    load_facts,
    load_reports,
)
from riskmap.models import Assessment, LevelSpan, StaleMark
from riskmap.policies import rule_set_of
from riskmap.rules.assess import assess
from riskmap.rules.ruleset import RuleSet
from riskmap.series import series_of
from riskmap.spans import LEVEL, Runs, Written, stored_spans, write_spans

_DAY = timedelta(days=1)
_LOCK = 2686  # the first key of the advisory locks of this stage; the second is the province


class NothingToAssess(DomainError):
    """No counts were ever posted for the province."""

    code = "nothing_to_assess"


@dataclass(frozen=True, slots=True)
class Reassessment:
    """What a run did: the provinces (ids) it assessed, and how many of their spans it changed."""

    provinces: tuple[int, ...] = ()
    opened: int = 0
    resized: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class _Job:
    province: int
    start: date | None  # None: from the first day
    rule_set: RuleSet


@transaction.atomic
def reassess(
    *, on: date, at: datetime, provinces: Sequence[Area] | None = None, since: date | None = None
) -> Reassessment:
    """Replace the level spans of the provinces by what the ledger says now, through the day ``on``.

    With ``provinces`` given: from ``since``, or from their first day, and from any stale mark before it.
    Without: every province that has a stale mark, or whose levels are not known through ``on``, from the
    earliest day that may be out of date; a province another worker is busy with is left to it.

    Reads the window before the first day as well, and the communes around the provinces. Stale marks are
    cleared in the same transaction, so that a run that is killed leaves the old levels and the marks.
    Running it twice changes nothing. Raises ``NothingToAssess`` for a given province without reports.
    """
    wanted = [p.pk for p in provinces] if provinces is not None else _due(on)
    mine = _lock(wanted, wait=provinces is not None)
    marks = _take_marks(mine)
    known = {a.province_id: a for a in Assessment.objects.filter(province__in=mine)}
    rule_sets = rule_set_of(mine)
    jobs = []
    for province in mine:
        days = [marks[province][0]] if province in marks else []
        if province in known:
            if provinces is not None:
                days.append(since or date.min)
            elif known[province].known_through < on:
                days.append(known[province].known_through + _DAY)
            if not days:
                continue
            start = min(days)
            if start <= known[province].first_day:
                start = None
        else:
            start = None
        jobs.append(_Job(province, start, rule_sets[province]))

    done: list[int] = []
    totals = Written()
    jobs.sort(key=lambda job: (job.start or date.min, job.rule_set.fingerprint))
    for (start, _), group in groupby(jobs, key=lambda job: (job.start, job.rule_set.fingerprint)):
        together = list(group)
        ids = [job.province for job in together]
        written = _assess_together(
            ids,
            start=start,
            rule_set=together[0].rule_set,
            known=known,
            on=on,
            at=at,
            strict=provinces is not None,
        )
        done += ids
        totals = totals + written
    StaleMark.objects.filter(pk__in=[pk for _, pks in marks.values() for pk in pks]).delete()
    return Reassessment(tuple(done), totals.opened, totals.resized, totals.removed)


def _due(on: date) -> list[int]:
    marked = StaleMark.objects.values_list("province_id")
    behind = Assessment.objects.filter(known_through__lt=on).values_list("province_id")
    return sorted(province for (province,) in marked.union(behind))


def _lock(provinces: Sequence[int], *, wait: bool) -> list[int]:
    """Take this stage's lock of each province, in one order for everybody; without ``wait`` only the free."""
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select id, {function}({_LOCK}, id::int)::text"
            " from unnest(%s::bigint[]) with ordinality as p(id, n) order by n",
            [sorted(provinces)],
        )
        return [province for province, locked in cursor.fetchall() if locked != "false"]


def _take_marks(provinces: Sequence[int]) -> dict[int, tuple[date, list[int]]]:
    """The earliest stale day of each province, and the marks (ids) that say so, locked."""
    marks: dict[int, tuple[date, list[int]]] = {}
    rows = StaleMark.objects.filter(province__in=provinces).select_for_update(skip_locked=True)
    for pk, province, since in rows.values_list("pk", "province_id", "since"):
        earliest, pks = marks.get(province, (since, []))
        marks[province] = (min(earliest, since), [*pks, pk])
    return marks


def _assess_together(
    provinces: list[int],
    *,
    start: date | None,
    rule_set: RuleSet,
    known: dict[int, Assessment],
    on: date,
    at: datetime,
    strict: bool,
) -> Written:
    areas = load_areas(provinces)
    around = sorted(set(areas.province.tolist()) - set(provinces))
    # A neighbour that is out of date from an earlier day is read from that day on.
    stale = StaleMark.objects.filter(province__in=around).aggregate(day=Min("since"))["day"]
    if start and stale:
        start = min(start, stale)
    reports = load_reports(areas, first=start - rule_set.look_back * _DAY if start else date.min)
    series = series_of(areas, provinces, known if start else {}, reports)
    reporting = [p for p in provinces if p in series]
    if gone := [p for p in provinces if p in known and p not in series]:  # all they said was taken back
        Assessment.objects.filter(province__in=gone).delete()
    if not reporting:
        if strict and not gone:
            raise NothingToAssess("Tỉnh chưa có số liệu nào: hãy nhập số ca trước khi tính mức độ nguy cơ.")
        spans = LevelSpan.objects.filter(area__in=areas.ids[areas.own].tolist())
        return Written(removed=spans.delete()[0])
    # Days that are no longer reported are assessed once more, so that their levels go.
    first = min([series[p][0] for p in reporting] + [known[p].first_day for p in provinces if p in known])
    start = max(filter(None, (start, min(filter(None, (first, stale))))))
    declared, decided = load_declared(areas), load_decided(areas)
    settles, bound = _settling(areas, rule_set, series, [*declared, *decided], on)
    through = max(start, min(on, settles))
    stored = stored_spans(areas.ids, start - max(rule_set.look_back, 1) * _DAY)
    facts = load_facts(
        areas,
        start=start,
        through=through,
        look_back=rule_set.look_back,
        series_start={province: days[0] for province, days in series.items()},
        previous=_levels_of(stored, areas, start, rule_set.look_back),
        reports=reports,
        declared=declared,
        decided=decided,
    )
    written = write_spans(
        assess(rule_set, facts), rule_set=rule_set, area_ids=areas.ids[areas.own], stored=stored
    )
    known_through = through if through < settles else bound
    _record(reporting, series, rule_set, known_through, changed=written.anything, at=at)
    return written


def _settling(
    areas: Areas,
    rule_set: RuleSet,
    series: dict[int, tuple[date, date]],
    said: list[DeclaredRow | DecidedRow],
    on: date,
) -> tuple[date, date]:
    """The day after which nothing changes by itself, and the day until which that is so.

    A window after the last report every count is zero and every area provisional; declared facts, decisions
    and the validity of units may still end or begin.
    """
    edges = [day for _, day in series.values()]
    for _, _, since, until in said:
        edges += [since, until + _DAY] if until else [since]
    turns = np.concatenate([areas.valid_from, areas.valid_to + 1])
    edges += [date.fromordinal(day) for day in np.unique(turns[(turns > 0) & (turns < 3_000_000)]).tolist()]
    past = [day for day in edges if day <= on]
    future = [day for day in edges if day > on]
    settles = max(past) + (rule_set.look_back + 1) * _DAY if past else on
    return settles, min(future) - _DAY if future else LevelSpan.OPEN


def levels_before(areas: Areas, start: date, look_back: int) -> np.ndarray:
    """The levels stored for the ``look_back`` days before ``start``: int8 (n, look_back), -1 for none."""
    return _levels_of(stored_spans(areas.ids, start - look_back * _DAY), areas, start, look_back)


def _levels_of(stored: Runs, areas: Areas, start: date, look_back: int) -> np.ndarray:
    first = start.toordinal() - look_back
    previous = np.full((len(areas.ids), look_back), -1, np.int8)
    for day in range(look_back):
        there = (stored.first <= first + day) & (stored.last >= first + day)
        previous[stored.row[there], day] = stored.code[there] & LEVEL
    return previous


def _record(
    provinces: list[int],
    series: dict[int, tuple[date, date]],
    rule_set: RuleSet,
    known_through: date,
    *,
    changed: bool,
    at: datetime,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into riskmap_assessment as a (province_id, rule_set, first_day, last_reported_day,
                known_through, version, computed_at, frames_version)
            select p.id, %(rule_set)s, p.first, p.last, %(known)s, 1, %(at)s, 0
            from unnest(%(ids)s::bigint[], %(first)s::date[], %(last)s::date[]) as p(id, first, last)
            on conflict (province_id) do update set
                rule_set = excluded.rule_set, first_day = excluded.first_day,
                last_reported_day = excluded.last_reported_day, known_through = excluded.known_through,
                computed_at = excluded.computed_at, version = a.version + 1
            where %(changed)s or (a.rule_set, a.first_day, a.last_reported_day, a.known_through)
                is distinct from
                (excluded.rule_set, excluded.first_day, excluded.last_reported_day, excluded.known_through)
            """,
            {
                "rule_set": rule_set.name,
                "known": known_through,
                "at": at,
                "ids": provinces,
                "first": [series[p][0] for p in provinces],
                "last": [series[p][1] for p in provinces],
                "changed": changed,
            },
        )
