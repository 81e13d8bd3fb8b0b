"""Facts: what a unit's levels over a phase say of it, read from spans for all units at once.

A phase is the days ``0 … through``; ``through`` is the day asked, or the phase's last. What a day has is what
the map shows, also where a missing report kept it: days so kept are counted beside, as provisional.

*Green and kept*: the green that lasts through the day asked. It begins on the first of its days; a green that
was lost again is none. Days to green are counted to that day: from day 0, and from the last very high day.

*Climb*: levels that rise one after another with no fall between, however long a level lasts meanwhile, and
however far. *Relapse*: a climb that follows a fall within the phase. Days without a level are passed over.
With X green, V elevated, C high, Đ very high:

    Đ C V X        no climb
    Đ X V X        one climb, one relapse
    Đ X V V C X    one climb, one relapse: it rose twice, and never fell between
    Đ C V C V X    one climb, one relapse: green was not reached before
    X V X          one climb, no relapse: nothing had been won before it was lost
    X V X C X      two climbs, one relapse
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from campaign.scoring.spans import NONE, Runs, Spans, runs_of
from campaign.scoring.targets import Registered, Registrations, nobody_registered, registered_at
from riskmap.rules.scale import NEW_NORMAL, NO_DATA, VERY_HIGH

#: Classes: by the level at the start, whose number they have; or green on every day to the day asked.
NO_LEVEL_AT_START, GREEN_AT_START, FROM_ELEVATED, FROM_HIGH, FROM_VERY_HIGH, KEPT_GREEN = range(6)
CLASS_KEYS = (
    "no_level_at_start",
    "green_at_start",
    "from_elevated",
    "from_high",
    "from_very_high",
    "kept_green",
)


@dataclass(frozen=True, slots=True, eq=False)
class LevelFacts:
    """Arrays (areas,) or (units,): levels int8, days and numbers of days int32 (``NONE``: there is none)."""

    level_at_start: np.ndarray
    level_at_end: np.ndarray
    lowest_level: np.ndarray
    lowest_since: np.ndarray  # the day it was first reached
    steps_lowered: np.ndarray  # from start to end; less than 0 where it rose, NONE without a level at either
    last_very_high: np.ndarray  # day
    green_since: np.ndarray  # first day of the green that is kept
    days_to_green: np.ndarray  # from day 0 to green_since
    days_from_very_high: np.ndarray  # from last_very_high to green_since
    days_green: np.ndarray
    longest_green: np.ndarray
    green_run: np.ndarray  # days of the green that is kept
    climbs: np.ndarray
    relapses: np.ndarray
    provisional_days: np.ndarray
    days_without_level: np.ndarray

    def at(self, rows: np.ndarray) -> LevelFacts:
        """The facts of the rows named, in that order."""
        return LevelFacts(*(getattr(self, each.name)[rows] for each in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Arrays (units,) of everything a unit is compared by, over the days ``0 … through``."""

    through: int
    levels: LevelFacts
    unit_class: np.ndarray  # int8, one of CLASS_KEYS
    cases: np.ndarray  # int64
    cases_per_100k: np.ndarray  # float64, rounded to tenths as it is shown; NaN without a population
    registered: Registered

    @property
    def units(self) -> int:
        return len(self.cases)

    def at(self, rows: np.ndarray) -> Facts:
        """The facts of the units named, in that order."""
        return Facts(
            self.through,
            self.levels.at(rows),
            self.unit_class[rows],
            self.cases[rows],
            self.cases_per_100k[rows],
            self.registered.at(rows),
        )


def facts_of(
    spans: Spans,
    *,
    areas: int,
    through: int,
    cases: np.ndarray,
    population: np.ndarray,
    seat: np.ndarray | None = None,
    registrations: Registrations | None = None,
    register_by: int | None = None,
) -> Facts:
    """The facts of every unit from day 0 to the day ``through``, both included.

    ``seat`` (units,) is the row of the area whose levels a unit has; without it unit and area are the same.
    ``cases`` (units,) are the F0 of these days and ``population`` (units,) the people, below 1 where unknown.
    Who registered after the day ``register_by`` is late; without one nobody is. Raises ``ValueError`` for
    arrays that do not fit, spans that overlap and rows that are no area.
    """
    if through < 0:
        raise ValueError(f"day {through} is before the phase")
    seat = np.arange(areas) if seat is None else seat
    said = nobody_registered(len(seat)) if registrations is None else registrations
    for given in (cases, population, said.day, said.target_level, said.target_day):
        if len(given) != len(seat):
            raise ValueError(f"{len(given)} elements are given for {len(seat)} units")
    runs, provisional_days = runs_of(spans, areas=areas, through=through)
    levels = _read(runs, provisional_days, through).at(seat)
    kept = levels.days_green == through + 1
    return Facts(
        through=through,
        levels=levels,
        unit_class=np.where(kept, KEPT_GREEN, levels.level_at_start).astype(np.int8),
        cases=np.asarray(cases, np.int64),
        cases_per_100k=_per_100k(cases, population),
        registered=registered_at(runs, seat, said, through=through, register_by=register_by),
    )


def _read(runs: Runs, provisional_days: np.ndarray, through: int) -> LevelFacts:
    """A few passes over the runs; nothing is spread out over days."""
    green, length = runs.level == NEW_NORMAL, runs.length.astype(np.int32)
    at_start, at_end = runs.first == 0, runs.last == through

    def highest(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        return runs.of_each(np.maximum, np.where(chosen, values, NONE).astype(np.int32), without=NONE)

    def total(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        return runs.of_each(np.add, np.where(chosen, values, 0).astype(values.dtype), without=0)

    start, end = total(runs.level, at_start), total(runs.level, at_end)  # one run at the most is there
    lowest = runs.of_each(np.minimum, runs.level, without=NO_DATA)
    reached = np.where(runs.level == lowest[runs.row], runs.first, through).astype(np.int32)
    last_very_high = highest(runs.last, runs.level == VERY_HIGH)
    green_since = highest(runs.first, green & at_end)
    is_green = green_since != NONE
    climbs, relapses = _climbs(runs)
    return LevelFacts(
        level_at_start=start,
        level_at_end=end,
        lowest_level=lowest,
        lowest_since=runs.of_each(np.minimum, reached, without=NONE),
        steps_lowered=_where((start > NO_DATA) & (end > NO_DATA), start.astype(np.int32) - end),
        last_very_high=last_very_high,
        green_since=green_since,
        days_to_green=green_since,
        days_from_very_high=_where(is_green & (last_very_high != NONE), green_since - last_very_high),
        days_green=total(length, green),
        longest_green=np.maximum(highest(length, green), 0),
        green_run=total(length, green & at_end),
        climbs=climbs,
        relapses=relapses,
        provisional_days=provisional_days,
        days_without_level=through + 1 - total(length, length > 0),
    )


def _where(there: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.where(there, values, NONE).astype(np.int32)


def _climbs(runs: Runs) -> tuple[np.ndarray, np.ndarray]:
    """How often each area climbed, and how often after a fall: from the moves between its runs."""
    moves = np.diff(runs.level)
    moved = (runs.row[1:] == runs.row[:-1]) & (moves != 0)
    row, rises = runs.row[1:][moved], moves[moved] > 0
    first = np.diff(row, prepend=-1) != 0
    after_fall = ~np.append(True, rises)[:-1] & ~first
    relapse = rises & after_fall
    climb = rises & (first | after_fall)
    count = [np.bincount(row[each], minlength=runs.areas).astype(np.int32) for each in (climb, relapse)]
    return count[0], count[1]


def _per_100k(cases: np.ndarray, population: np.ndarray) -> np.ndarray:
    """Rounded half up to tenths in whole numbers, so that what is compared is what is shown."""
    people = np.maximum(np.asarray(population, np.int64), 1)
    tenths = (np.asarray(cases, np.int64) * 2_000_000 + people) // (2 * people)
    return np.where(np.asarray(population) > 0, tenths / 10, np.nan)
