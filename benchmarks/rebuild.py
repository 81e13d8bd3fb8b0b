"""The levels of a nation: all of them from nothing, and after one day's new counts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
from django.db import connection

from benchmarks.loading import Loaded, at_noon, post
from benchmarks.nation import Counts
from benchmarks.report import Row, median, row, seconds, spread
from benchmarks.rolling import FORMS, THREADS, RollingRule
from riskmap.levels import reassess
from riskmap.models import LevelSpan

REBUILD_REACH = 1.5  # times DuckDB's
DAY_REACH = 0.35  # of the full rebuild


def forget_levels() -> None:
    """The state before the first assessment: counts, and no levels."""
    with connection.cursor() as cursor:
        cursor.execute("truncate riskmap_levelspan, riskmap_assessment")


def rebuild(loaded: Loaded, *, last: int) -> Callable[[], object]:
    """Compute and store the levels of the whole nation through the day ``last``."""
    at = at_noon(last)
    return lambda: reassess(on=at.date(), at=at, provinces=loaded.provinces)


def measure_rebuild(loaded: Loaded, counts: Counts, *, days: int, rounds: int) -> list[Row]:
    """From no spans to all spans committed, round by round beside DuckDB on the same rows."""
    ids = np.array([area.pk for area in loaded.communes])
    limit = RollingRule(ids, counts.between(0, days - 1), days=days)
    ours: list[float] = []
    theirs: dict[tuple[str, int], list[float]] = {each: [] for each in product(FORMS, THREADS)}
    for number in range(rounds + 1):
        forget_levels()
        took = seconds(rebuild(loaded, last=days - 1))
        others = {
            (form, threads): seconds(lambda f=form, t=threads: limit.compute(f, threads=t))
            for form, threads in theirs
        }
        if number:  # the first round warms all up
            ours.append(took)
            for each, one in others.items():
                theirs[each].append(one)
    plain = len(limit.spans())
    limit.close()
    rows = []
    for form in FORMS:
        threads = min(THREADS, key=lambda threads, form=form: median(theirs[form, threads]))
        best = theirs[form, threads]
        ratio = median([mine / other for mine, other in zip(ours, best, strict=True)])
        rows.append(
            row(
                f"full rebuild, {len(ids)} communes × {days} days, {LevelSpan.objects.count()} spans stored",
                f"median of {rounds} ({spread(ours)} s)",
                median(ours),
                "s",
                against=f"DuckDB {form}, {threads} threads, {plain} plain spans: {median(best):.3f} s",
                ratio=ratio,
                reach=f"<= {REBUILD_REACH}",
                met=ratio <= REBUILD_REACH,
            )
        )
    return rows


def measure_day(loaded: Loaded, counts: Counts, *, days: int, rounds: int) -> list[Row]:
    """Post and reassess the day after ``days``, then the next, each beside a full rebuild of the rest."""
    whole, part, posting = [], [], []
    for number in range(rounds + 1):
        day = days + number
        forget_levels()
        took = seconds(rebuild(loaded, last=day - 1))
        at = at_noon(day)
        postings = loaded.postings(counts, first=day, last=day)
        posted = seconds(lambda postings=postings, at=at: post(postings, by=loaded.by, at=at))
        levels = seconds(lambda at=at: reassess(on=at.date(), at=at))
        if number:
            whole.append(took)
            posting.append(posted)
            part.append(posted + levels)
    ratio = median([mine / other for mine, other in zip(part, whole, strict=True)])
    return [
        row(
            "one day's new counts of the nation, post and reassess",
            f"median of {rounds} ({spread(part)} s), of it posting {median(posting):.3f} s",
            median(part),
            "s",
            against=f"its own full rebuild: {median(whole):.3f} s",
            ratio=ratio,
            reach=f"<= {DAY_REACH}",
            met=ratio <= DAY_REACH,
        )
    ]
