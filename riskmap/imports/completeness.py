"""Completeness: for which areas and days a file with refused rows may still stand for reports of zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from core.models import Area
from riskmap.counts import CountRow, Coverage
from riskmap.imports.checks import Doubt

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Completeness:
    """The reports of zero a file stands for, and how many (unit and day) it may not stand for."""

    coverages: tuple[Coverage, ...]
    withheld: int


def complete_for(
    *,
    province: Area,
    communes: Iterable[Area],
    first_day: date,
    last_day: date,
    rows: Iterable[CountRow],
    doubts: Iterable[Doubt],
    contacts: bool,
) -> Completeness:
    """What ``--zero-fill`` promises, without what a refused row may have been about.

    A missing report is not zero: a commune whose row was refused, and that has no other among ``rows``, has
    not reported zero that day. Where nothing is in doubt the province is covered whole, elsewhere its
    districts and communes are.
    """
    communes = list(communes)
    in_doubt = _doubtful(communes, rows, doubts)
    days = _days(first_day, last_day)
    coverages: list[Coverage] = []
    withheld = 0
    for doubtful, group in groupby(days, key=in_doubt):
        run = list(group)
        withheld += len(doubtful) * len(run)
        coverages += [
            Coverage(scope, run[0], run[-1], contacts=contacts)
            for scope in _scopes_without(province, communes, doubtful)
        ]
    return Completeness(tuple(coverages), withheld)


@dataclass(frozen=True, slots=True)
class Zeros:
    """The reports of zero a file stands for, spelled out, and how many it may not stand for."""

    rows: tuple[CountRow, ...]
    withheld: int


def zeros_for(
    *,
    communes: Iterable[Area],
    exists: Callable[[Area, date], bool],
    first_day: date,
    last_day: date,
    rows: Iterable[CountRow],
    doubts: Iterable[Doubt],
    columns: Iterable[str],
) -> Zeros:
    """A row of zeros in ``columns`` for each of ``communes`` and day that the file does not speak of.

    Spelled out, unlike a coverage, so that each can be undone and corrected as if it had been typed. What a
    refused row may have been about is left out, as in ``complete_for``.
    """
    rows, communes = list(rows), list(communes)
    in_doubt = _doubtful(communes, rows, doubts)
    spoken = {(row.area_id, row.day) for row in rows}
    nothing = dict.fromkeys(columns, 0)
    zeros: list[CountRow] = []
    withheld = 0
    for day in _days(first_day, last_day):
        doubtful = in_doubt(day)
        for commune in communes:
            if (commune.pk, day) in spoken or not exists(commune, day):
                continue
            if commune.pk in doubtful:
                withheld += 1
            else:
                zeros.append(CountRow(commune.pk, day, **nothing))
    return Zeros(tuple(zeros), withheld)


def _days(first_day: date, last_day: date) -> list[date]:
    return [first_day + n * _DAY for n in range((last_day - first_day).days + 1)]


def _doubtful(
    communes: Iterable[Area], rows: Iterable[CountRow], doubts: Iterable[Doubt]
) -> Callable[[date], frozenset[int]]:
    """Which communes (ids) a refused row may have been about on a day, no other row having told."""
    everyone = frozenset(area.pk for area in communes)
    always: frozenset[int] = frozenset()
    on_day: dict[date, frozenset[int]] = defaultdict(frozenset)
    for doubt in doubts:
        areas = everyone if doubt.areas is None else doubt.areas & everyone
        if doubt.day is None:
            always |= areas
        else:
            on_day[doubt.day] |= areas
    spoken: dict[date, set[int]] = defaultdict(set)
    if always or on_day:
        for row in rows:
            spoken[row.day].add(row.area_id)

    def on(day: date) -> frozenset[int]:
        return (always | on_day.get(day, frozenset())) - spoken.get(day, frozenset())

    return on


def _scopes_without(province: Area, communes: list[Area], doubtful: frozenset[int]) -> list[Area]:
    """The fewest areas that hold every commune but the doubtful ones."""
    if not doubtful:
        return [province]
    below: dict[int, list[Area]] = defaultdict(list)
    for commune in communes:
        below[commune.parent_id].append(commune)
    scopes: list[Area] = []
    for parent_id, members in below.items():
        sure = [area for area in members if area.pk not in doubtful]
        if len(sure) == len(members) and parent_id != province.pk:
            scopes.append(members[0].parent)
        else:
            scopes += sure
    return scopes
