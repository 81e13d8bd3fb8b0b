"""Small charts as positions: strips of levels and bars of cases, in per cent of the width."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from riskmap.area_series import CASE_KINDS, CasesOfDay, Stretch
from riskmap.colours import LOOKS, Look

BAR_HEIGHT = 120  # px of the highest bar


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the level strip; ``x`` and ``width`` in per cent."""

    stretch: Stretch
    look: Look
    x: str
    width: str
    middle: str
    wide: bool  # enough room for the letter


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar, in px from the top."""

    kind: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One day's bar; no pieces where there is no case. ``corrected``: a number of the day was said anew."""

    cases: CasesOfDay
    x: str
    width: str
    middle: str
    pieces: tuple[Piece, ...]
    corrected: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which two strips differ."""

    day: date
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Charts:
    """Strips and bars over one axis of days, with the chosen day and its window marked."""

    strips: tuple[tuple[Band, ...], ...]
    marks: tuple[Mark, ...]
    bars: tuple[Bar, ...]
    highest: CasesOfDay | None
    kinds: tuple[str, ...]  # the kinds of cases that occur
    day_x: str
    day_width: str
    window_x: str
    window_width: str
    min_width: int  # px below which a day is too thin to see; five months fit a phone


def draw_charts(
    *,
    strips: Sequence[Sequence[Stretch]],
    cases: Sequence[CasesOfDay],
    day: date,
    window_days: int,
    differing: Collection[date] = (),
    corrected: Collection[date] = (),
) -> Charts:
    """Lay out the charts over the days of ``cases``; no stretch reaches beyond them."""
    first, total = cases[0].day, len(cases)

    def per_cent(days: float) -> str:
        return f"{100 * days / total:.3f}%"

    highest = max(cases, key=lambda each: each.total)
    at = (day - first).days
    begin = max(0, at - window_days + 1)
    return Charts(
        strips=tuple(
            tuple(
                Band(
                    stretch,
                    LOOKS[stretch.level],
                    per_cent((stretch.first_day - first).days),
                    per_cent(stretch.days),
                    per_cent((stretch.first_day - first).days + stretch.days / 2),
                    wide=stretch.days / total > 0.05,
                )
                for stretch in stretches
            )
            for stretches in strips
        ),
        marks=tuple(Mark(each, per_cent((each - first).days), per_cent(1)) for each in sorted(differing)),
        bars=tuple(
            Bar(
                each,
                per_cent(place + 0.1),
                per_cent(0.8),
                per_cent(place + 0.5),
                _pieces(each, highest.total),
                each.day in corrected,
            )
            for place, each in enumerate(cases)
        ),
        highest=highest if highest.total else None,
        kinds=tuple(kind for kind in CASE_KINDS if any(getattr(each, kind) for each in cases)),
        day_x=per_cent(at),
        day_width=per_cent(1),
        window_x=per_cent(begin),
        window_width=per_cent(at - begin + 1),
        min_width=total * 3 // 2,
    )


def _pieces(cases: CasesOfDay, highest: int) -> tuple[Piece, ...]:
    pieces, top = [], 0.0
    for kind in CASE_KINDS:
        if count := getattr(cases, kind):
            height = count / highest * BAR_HEIGHT
            top += height
            pieces.append(Piece(kind, f"{BAR_HEIGHT - top:.2f}", f"{height:.2f}"))
    return tuple(pieces)
