"""Figures: bars parted by series, measured once for both printers. Typst draws; Word gets the picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.letters import geometry
from core.letters.letter import Figure
from core.letters.typeface import FAMILY, breakable, printable, width_mm
from core.letters.typesetting import typeset

FIGURES = Path(__file__).with_name("figure.typ")
_ALONE = b"#page(width: auto, height: auto, margin: 0pt, chart(json(bytes(sys.inputs.figure))))\n"
DOTS_PER_INCH = 200
LABEL, TOTAL = 44, 10  # millimetres: beside a lying bar its name, and its sum
AXIS = 10  # millimetres left of upright bars, for the number at the top
HIGH, THICK, BETWEEN = 46, 5.2, 1.6  # of upright bars; of a lying bar, and between two
LETTER_ROOM = 3.6  # a part needs as much room each way to hold a letter
LABEL_ROOM = 3  # millimetres between two names below upright bars


def as_png(figure: Figure, *, width: float) -> bytes:
    """The tidied figure alone, ``width`` millimetres wide."""
    return typeset(
        FIGURES.read_bytes() + _ALONE, "png", said={"figure": drawn(figure, width=width)}, ppi=DOTS_PER_INCH
    )


def drawn(figure: Figure, *, width: float) -> dict[str, Any]:
    """What ``figure.typ`` draws: bars, parts and names with their places in millimetres."""
    layout = _upright if figure.upright else _lying
    return {
        "width": width,
        "font": FAMILY,
        "points": geometry.RECIPIENTS,
        "alt": printable(figure.alt),
        "upright": figure.upright,
        "key": [
            {
                "name": printable(each.name),
                "letter": printable(each.letter),
                "fill": each.fill,
                "ink": each.ink,
            }
            for each in figure.series
        ],
        **layout(figure, width),
    }


def _lying(figure: Figure, width: float) -> dict[str, Any]:
    room, most = width - LABEL - TOTAL, _most(figure)
    bars = []
    for bar in figure.bars:
        parts = _parts(figure, bar.values, room / most, across=THICK)
        label = breakable(printable(bar.label), width=LABEL - 2, points=geometry.RECIPIENTS)
        bars.append({"label": label, "parts": parts, "total": str(sum(bar.values))})
    return {"bars": bars, "label": LABEL, "thick": THICK, "between": BETWEEN}


def _upright(figure: Figure, width: float) -> dict[str, Any]:
    each, most = (width - AXIS) / len(figure.bars), _most(figure)
    widest = max(width_mm(bar.label, points=geometry.RECIPIENTS) for bar in figure.bars)
    every = max(1, int(-(-(widest + LABEL_ROOM) // each)))
    bars = [
        {
            "label": printable(bar.label) if place % every == 0 else "",
            "parts": _parts(figure, bar.values, HIGH / most, across=each),
        }
        for place, bar in enumerate(figure.bars)
    ]
    return {"bars": bars, "each": each, "high": HIGH, "axis": AXIS, "most": str(most)}


def _parts(figure: Figure, values: tuple[int, ...], scale: float, *, across: float) -> list[dict[str, Any]]:
    """The parts of a bar that are more than nothing, with a letter where it has room, and the number too."""
    parts = []
    for series, value in zip(figure.series, values, strict=True):
        if not value:
            continue
        long, said = value * scale, printable(series.letter)
        beside = f"{said} {value}"
        if not figure.upright and width_mm(beside, points=geometry.RECIPIENTS) + 1 <= long:
            said = beside
        elif min(long, across) < LETTER_ROOM:
            said = ""
        parts.append({"long": long, "fill": series.fill, "ink": series.ink, "said": said})
    return parts


def _most(figure: Figure) -> int:
    return max(1, *(sum(bar.values) for bar in figure.bars))
