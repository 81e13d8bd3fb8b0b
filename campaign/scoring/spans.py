"""Spans of levels as arrays, and the runs of equal level they make over the days of a phase."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmap.rules.scale import NO_DATA

#: What an array of whole numbers holds where there is nothing to say: no number of days, no such day.
NONE = np.iinfo(np.int32).min


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Area ``row[i]`` has ``level[i]`` from day ``first[i]`` to ``last[i]``, both included, in any order.

    Days are indices counted from the first day of the phase, and may lie outside it. No two spans of an area
    share a day; a day in no span, or in one of level ``NO_DATA``, has no level. ``provisional``: a report was
    missing and the level was kept.
    """

    row: np.ndarray  # int32 (spans,)
    first: np.ndarray  # int32
    last: np.ndarray  # int32
    level: np.ndarray  # int8, riskmap.rules.scale
    provisional: np.ndarray  # bool


def spans_of_days(level: np.ndarray, provisional: np.ndarray) -> Spans:
    """The spans of arrays (areas, days), as editions have them: the first column is the phase's first day."""
    state = level.astype(np.int16) * 2 + provisional
    begins = np.ones(state.shape, bool)
    begins[:, 1:] = state[:, 1:] != state[:, :-1]
    place = np.flatnonzero(begins)
    row, first = np.divmod(place, max(level.shape[1], 1))
    last = first + np.diff(place, append=level.size) - 1
    return Spans(
        row.astype(np.int32),
        first.astype(np.int32),
        last.astype(np.int32),
        level[row, first].astype(np.int8),
        provisional[row, first].astype(bool),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """The days ``0 … through`` as runs of one level, by area and day; days without a level are in none.

    Two runs of an area that touch differ in level. ``begins[i]`` is the place of the first run of area
    ``present[i]``.
    """

    areas: int
    row: np.ndarray
    first: np.ndarray
    last: np.ndarray
    level: np.ndarray
    present: np.ndarray
    begins: np.ndarray

    @property
    def length(self) -> np.ndarray:
        return self.last - self.first + 1

    def of_each(self, take: np.ufunc, values: np.ndarray, *, without: int) -> np.ndarray:
        """``take`` over the values of each area's runs: (areas,), ``without`` for an area that has none."""
        taken = np.full(self.areas, without, values.dtype)
        if len(values):
            taken[self.present] = take.reduceat(values, self.begins)
        return taken

    def at_or_under(self, level: int) -> Runs:
        """The runs of days at the level or a lower one, whichever of them each day has."""
        chosen = self.level <= level
        return _join(
            self.areas,
            self.row[chosen],
            self.first[chosen],
            self.last[chosen],
            np.full(chosen.sum(), level, self.level.dtype),
        )

    def find(self, row: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The place of the run of area ``row[i]`` that holds ``day[i]``, -1 where there is none."""
        if not len(self.row):
            return np.full(len(row), -1)
        far = max(int(self.last.max()), int(day.max(initial=0))) + 1
        key = self.row.astype(np.int64) * far + self.first
        place = np.searchsorted(key, row.astype(np.int64) * far + day, side="right") - 1
        holds = (place >= 0) & (self.row[place] == row) & (self.last[place] >= day)
        return np.where(holds, place, -1)


def runs_of(spans: Spans, *, areas: int, through: int) -> tuple[Runs, np.ndarray]:
    """The runs of the days ``0 … through``, and the days of each area that are provisional: int32 (areas,).

    Raises ``ValueError`` where two spans of an area share a day, or a row is not an area.
    """
    inside = (spans.first <= through) & (spans.last >= 0) & (spans.level > NO_DATA)
    row, level, provisional = spans.row[inside], spans.level[inside], spans.provisional[inside]
    first = np.maximum(spans.first[inside], 0)
    last = np.minimum(spans.last[inside], through)
    key = row.astype(np.int64) * (through + 1) + first
    if (np.diff(key) < 0).any():
        order = np.argsort(key)
        row, first, last, level, provisional = (
            each[order] for each in (row, first, last, level, provisional)
        )
    if len(row) and not 0 <= row[0] <= row[-1] < areas:
        raise ValueError(f"spans name areas {row[0]} to {row[-1]} of {areas}")
    if ((row[1:] == row[:-1]) & (first[1:] <= last[:-1])).any():
        raise ValueError("two spans of an area share a day")
    days = np.bincount(row[provisional], (last - first + 1)[provisional], areas).astype(np.int32)
    return _join(areas, row, first, last, level), days


def _join(areas: int, row: np.ndarray, first: np.ndarray, last: np.ndarray, level: np.ndarray) -> Runs:
    """One run of several that follow each other in area, day and level. They come ordered."""
    begins = np.ones(len(row), bool)
    begins[1:] = (row[1:] != row[:-1]) | (first[1:] != last[:-1] + 1) | (level[1:] != level[:-1])
    ends = np.append(begins[1:], True) if len(row) else begins
    row = row[begins]
    of_area = np.flatnonzero(np.diff(row, prepend=-1))
    return Runs(areas, row, first[begins], last[ends], level[begins], row[of_area], of_area)
