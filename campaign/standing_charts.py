"""Charts of standings as positions: strips of a unit's levels, and the days of the whole map, in per cent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.utils.translation import gettext as _

from campaign.progress import ProgressDay
from campaign.scoring.unit import UnitFacts
from campaign.standing_levels import LEVEL, PROVISIONAL
from campaign.standing_words import COLOURS
from riskmap.colours import LOOKS, Look
from riskmap.enums import RiskLevel

CHART_HEIGHT = 160  # px of the chart of the whole map
_FROM_THE_TOP = (
    RiskLevel.NO_DATA,
    RiskLevel.VERY_HIGH,
    RiskLevel.HIGH,
    RiskLevel.ELEVATED,
    RiskLevel.NEW_NORMAL,
)


@dataclass(frozen=True, slots=True)
class Band:
    """Days of one level in a strip; ``x``, ``width`` and ``middle`` in per cent of the phase."""

    look: Look
    provisional: bool
    x: str
    width: str
    middle: str
    wide: bool  # enough room for the letter


@dataclass(frozen=True, slots=True)
class Target:
    """The day by which a unit registered to be at a level; ``x`` is where that day ends."""

    look: Look
    day: date
    x: str
    middle: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A unit's levels over a phase. Days to come, and days without a level, are left empty."""

    bands: tuple[Band, ...]
    target: Target | None
    words: str


def draw_strip(cells: np.ndarray, *, first: date, last: date, facts: UnitFacts | None = None) -> Strip:
    """Lay out ``cells`` (days,) of ``level | provisional << 3`` over the phase from ``first`` to ``last``.

    Cells after the day asked are not given. ``facts`` tell the target, which is drawn where it lies within.
    """
    days = (last - first).days + 1

    def per_cent(day: float) -> str:
        return f"{100 * day / days:.3f}%"

    bands, said = [], []
    for begin, length, cell in _runs(cells):
        level, provisional = RiskLevel(int(cell & LEVEL)), bool(cell & PROVISIONAL)
        said.append(_said(level, provisional, first + timedelta(begin), length))
        if level != RiskLevel.NO_DATA:
            bands.append(
                Band(
                    LOOKS[level],
                    provisional,
                    per_cent(begin),
                    per_cent(length),
                    per_cent(begin + length / 2),
                    wide=length / days >= 0.075,
                )
            )
    target = None
    if facts is not None and facts.target_level and first <= facts.target_day <= last:
        place = (facts.target_day - first).days
        look = LOOKS[RiskLevel(facts.target_level)]
        target = Target(look, facts.target_day, per_cent(place + 1), per_cent(place + 0.5))
        said.append(
            _("mục tiêu %(level)s ngày %(day)s")
            % {"level": COLOURS[look.level], "day": f"{facts.target_day:%d/%m/%Y}"}
        )
    return Strip(tuple(bands), target, "; ".join(said))


def _runs(cells: np.ndarray) -> Iterable[tuple[int, int, int]]:
    """First place, length and cell of the runs of equal cells."""
    if not len(cells):
        return
    begins = np.flatnonzero(np.diff(cells.astype(np.int16), prepend=-1))
    for begin, end in zip(begins.tolist(), [*begins[1:].tolist(), len(cells)], strict=True):
        yield begin, end - begin, int(cells[begin])


def _said(level: RiskLevel, provisional: bool, first: date, length: int) -> str:
    last = first + timedelta(length - 1)
    words = f"{COLOURS[level]} {first:%d/%m}" + (f"–{last:%d/%m}" if length > 1 else "")
    return f"{words} ({_('tạm tính')})" if provisional else words


@dataclass(frozen=True, slots=True)
class Part:
    """The units of one level on one day; ``y`` and ``height`` in px from the top."""

    look: Look
    count: int
    y: str
    height: str
    label_y: str
    wide: bool  # enough room for the letter


@dataclass(frozen=True, slots=True)
class DayBar:
    """A day of the whole map; ``x``, ``width`` and ``middle`` in per cent of all days."""

    told: ProgressDay
    x: str
    width: str
    middle: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class MapChart:
    """How many units had which level, day by day; the day of the target where it lies within the days."""

    bars: tuple[DayBar, ...]
    looks: tuple[Look, ...]  # the levels that occur, the lowest first
    target_x: str
    min_width: int  # px below which a day is too thin to see


def draw_map_chart(
    told: Sequence[ProgressDay], *, first: date, last: date, target_day: date | None
) -> MapChart:
    """Stack the communes of each day told over the days from ``first`` to ``last``, green at the bottom."""
    days = (last - first).days + 1

    def per_cent(day: float) -> str:
        return f"{100 * day / days:.3f}%"

    every = 1 if days <= 45 else 7  # days from one letter to the next
    bars = tuple(
        DayBar(
            each,
            per_cent((each.day - first).days + 0.04),
            per_cent(0.92),
            per_cent((each.day - first).days + 0.5),
            _parts(each, letters=(each.day - first).days % every == every // 2),
        )
        for each in told
        if each.communes
    )
    there = [level for level in RiskLevel if any(each.levels[level] for each in told)]
    inside = target_day is not None and first <= target_day <= last
    return MapChart(
        bars,
        tuple(LOOKS[level] for level in there),
        per_cent((target_day - first).days + 1) if inside else "",
        min_width=days * (20 if every == 1 else 6),
    )


def _parts(told: ProgressDay, *, letters: bool) -> tuple[Part, ...]:
    top, parts = 0.0, []
    for level in _FROM_THE_TOP:
        if count := told.levels[level]:
            height = CHART_HEIGHT * count / told.communes
            wide = letters and height >= 16
            parts.append(
                Part(LOOKS[level], count, f"{top:.2f}", f"{height:.2f}", f"{top + height / 2:.2f}", wide)
            )
            top += height
    return tuple(parts)
