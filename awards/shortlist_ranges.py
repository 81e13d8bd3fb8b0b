"""How firm a rank is: where a unit would stand had one of its numbers been a fifth less or more.

Pure: arrays only. Only the unit itself moves; the others keep their numbers. A fact counted in whole numbers
moves by a fifth rounded to the nearest whole, a rate to tenths, so that one relapse stays one relapse.
Levels, steps between levels and whether a target was met are no measures and do not move; nor do the days of
who was green throughout, which make its class. Nobody has more days than the phase.
"""

from __future__ import annotations

import numpy as np

from campaign.scoring.facts import CLASS_KEYS, KEPT_GREEN, Facts
from campaign.scoring.order import VOCABULARY, Scoring

#: A fifth less and a fifth more, in tenths.
LESS, MORE = 8, 12
NOT_MEASURES = frozenset({"level_at_end", "lowest_level", "steps_lowered", "target_met"})
#: What can still be otherwise for a unit that was green on every day.
_FREE_OF_CLASS = frozenset({"cases", "cases_per_100k", "provisional_days"})
_NOT_DAYS = frozenset({"cases", "cases_per_100k", "climbs", "relapses"})
_IN_TENTHS = frozenset({"cases_per_100k"})


def measures_of(scoring: Scoring) -> tuple[str, ...]:
    """The facts of the order that are numbers and can be off by a fifth."""
    return tuple(fact for fact in scoring.facts if fact not in NOT_MEASURES)


def moved_by(values: np.ndarray, fact: str, tenths: int) -> np.ndarray:
    """float64: the numbers of the fact times ``tenths`` tenths, half up; NaN stays."""
    unit = 10 if fact in _IN_TENTHS else 1
    return np.floor(np.round(values * unit) * tenths / 10 + 0.5) / unit


def moved_values(facts: Facts, fact: str, tenths: int) -> np.ndarray:
    """float64 (units,): the fact of each unit as it would be."""
    values = VOCABULARY[fact].read(facts).astype(np.float64)
    moved = moved_by(values, fact, tenths)
    if fact not in _NOT_DAYS:
        moved = np.minimum(moved, facts.through + 1)
    made_by_class = (facts.unit_class == KEPT_GREEN) & (fact not in _FREE_OF_CLASS)
    return np.where(made_by_class, values, moved)


def ranks_if_moved(
    facts: Facts, scoring: Scoring, *, competing: np.ndarray, fact: str, tenths: int
) -> np.ndarray:
    """int32 (units,): the rank of each unit in its class had it alone so much of the fact; 0: not ranked.

    All at once: every unit stands among the others twice, as it is and as it would be, and what is counted
    is who as they are stands before whom as they would be.
    """
    ranks = np.zeros(facts.units, np.int32)
    rows = np.flatnonzero(competing)
    if not len(rows):
        return ranks
    comparison = VOCABULARY[fact]
    values = moved_values(facts, fact, tenths)
    moved = np.where(np.isnan(values), np.inf, -values if comparison.most_is_best else values)[rows]
    league = facts.unit_class.astype(np.int64)[rows]
    own = {name: VOCABULARY[name].key(facts)[rows] for name in scoring.facts}
    keys = [np.append(key, moved if name == fact else key) for name, key in own.items()]
    as_they_are = np.repeat([True, False], len(rows))
    leagues = np.append(league, league)
    # Among equals those that moved come first, so that nobody equal is counted as before them.
    order = np.lexsort([as_they_are, *reversed(keys), leagues])
    before = np.cumsum(as_they_are[order])
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    members = np.bincount(league, minlength=len(CLASS_KEYS))
    in_leagues_before = (np.cumsum(members) - members)[league]
    stands_before_itself = own[fact] < moved
    ranks[rows] = before[place[len(rows) :]] - in_leagues_before - stands_before_itself + 1
    return ranks
