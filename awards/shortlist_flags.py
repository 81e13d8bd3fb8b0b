"""What of a unit a person must look at before it is commended. Nothing is decided by a flag."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from awards.shortlist_ledger import Lowered
from awards.shortlist_table import (
    BACK_DATED,
    MISSING_REPORTS,
    MOST_ROWS,
    MOVED,
    ONLY_LATE,
    Flag,
    FlagRow,
)
from campaign.scoring.unit import UnitFacts
from campaign.standing_levels import PROVISIONAL


def flags_of(
    *,
    facts: UnitFacts,
    views: tuple[UnitFacts | None, UnitFacts | None],
    cells: np.ndarray,
    seat: FlagRow,
    lowered: Sequence[Lowered],
) -> tuple[Flag, ...]:
    """The flags of one unit.

    ``views`` are its facts as known and as published, through the last published day; ``cells`` (days,) the
    levels of its ``seat``, whose day is the phase's first, and ``lowered`` what took cases from it.
    """
    found = [
        _missing(facts, cells, seat),
        _back_dated([each for each in lowered if each.late]),
        _moved([each for each in lowered if each.next_door]),
        _only_late(*views, [each for each in lowered if each.locked]),
    ]
    return tuple(flag for flag in found if flag)


def _missing(facts: UnitFacts, cells: np.ndarray, seat: FlagRow) -> Flag | None:
    if not facts.provisional_days:
        return None
    days = np.flatnonzero(cells & PROVISIONAL).tolist()
    rows = tuple(seat._replace(day=seat.day + timedelta(days=number)) for number in days[:MOST_ROWS])
    return Flag(MISSING_REPORTS, facts.provisional_days, 0, rows if seat.name else ())


def _back_dated(late: Sequence[Lowered]) -> Flag | None:
    return _of(BACK_DATED, late, (each.row for each in late)) if late else None


def _moved(moved: Sequence[Lowered]) -> Flag | None:
    rows = (row for each in moved for row in (each.row, *each.next_door))
    return _of(MOVED, moved, rows) if moved else None


def _only_late(known: UnitFacts | None, shown: UnitFacts | None, locked: Sequence[Lowered]) -> Flag | None:
    """Better as known than as published, by corrections written after the day had been accepted."""
    if known is None or shown is None or not locked or not _is_better(known, shown):
        return None
    flag = _of(ONLY_LATE, locked, (each.row for each in locked))
    return replace(flag, shown=shown.level_at_end, known=known.level_at_end)


def _is_better(known: UnitFacts, shown: UnitFacts) -> bool:
    """A lower level, or more green days where every day was published."""
    if not shown.level_at_end or known.level_at_end > shown.level_at_end:
        return False
    more_green = not shown.days_without_level and known.days_green > shown.days_green
    return known.level_at_end < shown.level_at_end or more_green


def _of(code: str, corrections: Sequence[Lowered], rows: Iterable[FlagRow]) -> Flag:
    once = tuple(dict.fromkeys(rows))[:MOST_ROWS]
    return Flag(code, len(corrections), sum(each.cases for each in corrections), once)


def window_of(first: date, window_days: int) -> date:
    """The first day whose counts bear on the levels of a period that begins on ``first``."""
    return first - timedelta(days=window_days - 1)
