"""Completeness: for which areas and days a file with refused rows may still stand for reports of zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
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
    everyone = frozenset(area.pk for area in communes)
    always: frozenset[int] = frozenset()
    on_day: dict[date, frozenset[int]] = defaultdict(frozenset)
    for doubt in doubts:
        areas = everyone if doubt.areas is None else doubt.areas & everyone
        if doubt.day is None:
            always |= areas
        elif first_day <= doubt.day <= last_day:
            on_day[doubt.day] |= areas

    spoken: dict[date, set[int]] = defaultdict(set)
    if always or on_day:
        for row in rows:
            spoken[row.day].add(row.area_id)

    def in_doubt(day: date) -> frozenset[int]:
        return (always | on_day.get(day, frozenset())) - spoken.get(day, frozenset())

    days = [first_day + n * _DAY for n in range((last_day - first_day).days + 1)]
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
