"""Typeface: Liberation Serif, as wide as Times New Roman letter by letter, with all of Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent / "fonts"
FAMILY = "Liberation Serif"
FACES = ("Regular", "Bold", "Italic", "BoldItalic")
NOT_THERE = "□"
MM_PER_POINT = 25.4 / 72
_BREAK = "\u200b"
_WIDEST = 1.4  # no letter of any face is wider (of the size)


@cache
def _advances(face: str) -> Mapping[int, float]:
    """The width of each character of a face, of the size."""
    with TTFont(FOLDER / f"LiberationSerif-{face}.ttf", lazy=True) as font:
        widths, unit = font["hmtx"], font["head"].unitsPerEm
        return {point: widths[name][0] / unit for point, name in font.getBestCmap().items()}


@cache
def _repertoire() -> frozenset[int]:
    return frozenset.intersection(*(frozenset(_advances(face)) for face in FACES))


def printable(text: str) -> str:
    """The text with a box for each character that a face lacks: a PDF for the archive may not lack one."""
    known = _repertoire()
    return "".join(c if ord(c) in known else NOT_THERE for c in text)


def width_mm(text: str, *, points: float, bold: bool = False, italic: bool = False) -> float:
    """How wide the text runs on one line."""
    advances = _advances(("Bold" if bold else "") + ("Italic" if italic else "") or "Regular")
    return sum(advances.get(ord(c), 1) for c in text) * points * MM_PER_POINT


def breakable(text: str, *, width: float, points: float, bold: bool = False) -> str:
    """The text, where a word is wider than ``width`` with leave to break after each letter of it."""
    fits = width / (_WIDEST * points * MM_PER_POINT)  # letters, whichever they are
    return " ".join(
        _BREAK.join(word) if len(word) > fits and width_mm(word, points=points, bold=bold) > width else word
        for word in text.split(" ")
    )
