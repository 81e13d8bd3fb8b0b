"""Random nations for the rule: every oddity the facts allow, in numbers a computer likes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from riskmap.rules.facts import NEVER, UNKNOWN, Decided, Declarations, Facts
from riskmap.rules.scale import COMMUNE, COUNT_KINDS, DECLARED_KINDS, DISTRICT, HAMLET, PROVINCE


def random_facts(
    seed: int, *, provinces: int, districts: int, communes: int, hamlets: int = 0, days: int = 45
) -> Facts:
    """``districts`` a province, ``communes`` a district on average; no look-back days.

    Provinces are calm or hit, tidy or untidy. Cases come in outbreaks; reports are missing singly and in
    stretches; provinces begin on different days; some communes never report, some begin or end within the
    days; some belong to a province directly; some populations are unknown, of districts more often than not;
    borders run between provinces too.
    """
    rng = np.random.default_rng(seed)
    sizes = (provinces, provinces * districts, provinces * districts * communes, hamlets)
    tier = np.repeat(np.array([PROVINCE, DISTRICT, COMMUNE, HAMLET], np.int8), sizes)
    n = len(tier)
    first = np.cumsum((0, *sizes))
    parent = np.full(n, -1, np.int32)
    for kind in (DISTRICT, COMMUNE, HAMLET):
        parent[tier == kind] = rng.integers(first[kind - 1], first[kind], sizes[kind])
    direct = (tier == COMMUNE) & (rng.random(n) < 0.01)
    parent[direct] = rng.integers(0, provinces, direct.sum())
    province = np.arange(n)
    for _ in range(HAMLET):
        province = np.where(parent[province] >= 0, parent[province], province)

    untidy = rng.choice([0, 0, 0.05, 1], provinces)[province]
    district = np.where(tier == HAMLET, parent[parent], np.where(tier == COMMUNE, parent, np.arange(n)))
    hit = rng.choice([0.02, 0.2, 1], provinces)[province] * rng.choice([0.02, 0.2, 2], n)[district]
    reporting = (tier >= COMMUNE)[:, None]
    missing = rng.random((n, days)) < (rng.choice([0, 0, 0.02, 0.2], n) * untidy)[:, None]
    began, length = rng.integers(0, days, n), rng.integers(0, 25, n) * (rng.random(n) < 0.2 * untidy)
    axis = np.arange(days)
    missing |= (axis >= began[:, None]) & (axis < (began + length)[:, None])
    start = np.where(rng.random(provinces) < 0.4, rng.integers(0, 12, provinces), 0)[province]
    late = np.where(rng.random(n) < 0.1 * untidy, rng.integers(0, days + 5, n), 0)
    reported = reporting & ~missing & (axis >= np.maximum(start, late)[:, None])
    first_report = np.where(reported.any(axis=1), reported.argmax(axis=1), NEVER)
    series = np.full(provinces, NEVER)
    np.minimum.at(series, province, first_report)

    outbreak = rng.integers(-20, days * 3, n)[:, None]
    near = (axis >= outbreak) & (axis < outbreak + rng.integers(1, 15, n)[:, None])
    counts = {}
    for kind in COUNT_KINDS:
        hot = rng.random((n, days)) < np.where(near, 0.25, 0.002) * hit[:, None]
        counts[kind] = (hot & reported) * rng.integers(1, 4, (n, days), dtype=np.int32)

    declared = {}
    for kind, of in DECLARED_KINDS.items():
        tiers = (COMMUNE, HAMLET) if of == COMMUNE else (of,)
        rows = np.flatnonzero(
            np.isin(tier, tiers) & (rng.random(n) < (0.03 if of == COMMUNE else 0.15) * hit)
        ).astype(np.int32)
        rows = np.concatenate((rows, rows[::3]))  # some twice
        since = rng.integers(-10, days, len(rows)).astype(np.int32)
        until = since + rng.integers(0, 15, len(rows))
        until = np.where(rng.random(len(rows)) < 0.1, NEVER, until).astype(np.int32)
        declared[kind] = Declarations(rows, since, until)

    here = np.arange(first[2], first[3])
    pairs = np.concatenate(
        [
            np.stack((here[:-step], here[step:]), axis=1)[rng.random(len(here) - step) < chance]
            for step, chance in ((1, 0.25), (5, 0.1), (17, 0.05), (3, 0.02))
            if step < len(here)
        ]
        or [np.empty((0, 2), np.int64)]
    )
    edges = np.concatenate((pairs, pairs[:, ::-1]))
    edges = edges[np.lexsort((edges[:, 1], edges[:, 0]))]

    valid_from, valid_to = np.full(n, -1000, np.int32), np.full(n, NEVER, np.int32)
    changed = rng.random(n) < 0.03
    valid_from[changed] = rng.integers(0, days, changed.sum())
    changed = rng.random(n) < 0.03
    valid_to[changed] = np.maximum(valid_from[changed], rng.integers(0, days, changed.sum()))

    people = rng.integers(2_000, 40_000, n) * np.where(tier == PROVINCE, 60, np.where(tier == DISTRICT, 8, 1))
    unknown = rng.random(n) < np.where(tier >= COMMUNE, 0.01, 0.6)
    return Facts(
        first_day=date(2021, 7, 1),
        days=days,
        lead=0,
        tier=tier,
        parent=parent,
        valid_from=valid_from,
        valid_to=valid_to,
        series_start=series[province].astype(np.int32),
        first_report=first_report.astype(np.int32),
        population=np.where(unknown, UNKNOWN, people),
        reported=reported,
        counts=counts,
        declared=declared,
        neighbours=edges[:, 1].astype(np.int32),
        neighbour_start=np.searchsorted(edges[:, 0], np.arange(n + 1)).astype(np.int64),
    )


def random_decisions(facts: Facts, seed: int, *, share: float = 0.15) -> Facts:
    """The same nation with levels decided for a ``share`` of its areas, some twice, one after the other.

    Some decisions begin before the days or end after them, or on days on which the area does not exist.
    """
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero(rng.random(facts.areas) < share)
    since = rng.integers(-5, facts.days, len(rows))
    until = since + rng.integers(0, 12, len(rows))
    again = until[::3] + 1 + rng.integers(0, 3, len(rows[::3]))
    rows = np.concatenate((rows, rows[::3]))
    since, until = np.concatenate((since, again)), np.concatenate((until, again + 4))
    level = rng.integers(1, 5, len(rows), dtype=np.int8)
    columns = (each.astype(np.int32) for each in (rows, since, until))
    return replace(facts, decided=Decided(*columns, level))
