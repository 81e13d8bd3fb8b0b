"""Drawing: the map itself, as SVG of our own making, one unit a millimetre."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from core.enums import AreaKind
from riskmap.enums import RiskLevel
from riskmap.history import DayLevel
from riskmap.paper.inks import INKS
from riskmap.paper.layout import Box, Layout, areas_in, overlap
from riskmap.paper.shapes import ring_of

HATCH_STEP = 1.6
#: Widths (mm) and colours of lines, from the finest to the province's own.
LINES = {
    AreaKind.COMMUNE: (0.14, "#ffffff"),
    AreaKind.DISTRICT: (0.4, "#17212b"),
    AreaKind.PROVINCE: (0.6, "#17212b"),
}


def draw_map(
    layout: Layout,
    rows: Iterable[DayLevel],
    *,
    layer: AreaKind,
    letters: Mapping[str, Box],
    clear: Sequence[Box],
) -> str:
    """SVG of what the layout shows: the areas of ``layer`` in the colours of ``rows``.

    Areas without a row are drawn as without data, provisional ones are hatched. A letter stands in each of
    the squares ``letters``, except where a box is kept ``clear`` for a name; a bar under it where the
    level was decided.
    """
    shown = layout.shapes.layers[layer]
    row_of = {row.code: row for row in rows}
    seen = [place for place, inside in enumerate(areas_in(layout, shown)) if inside]
    areas = [(row_of.get(shown.codes[place]), _path(layout, shown.polygons[place])) for place in seen]
    kinds = list(LINES)[list(LINES).index(layer) :]
    body = [
        *_fills(areas),
        *_hatching(areas),
        *(_lines(layout, kind) for kind in kinds),
        *_letters(row_of, letters, clear),
    ]
    return _document("".join(body), layout.width, layout.height)


def swatch(level: RiskLevel, *, provisional: bool = False, decided: bool = False) -> str:
    """A level as it looks in the legend: 8 × 5 mm with its letter in the middle."""
    ink = INKS[level]
    body = f'<rect width="8" height="5" fill="{ink.fill}"/>'
    if provisional:
        body += _HATCH + '<rect width="8" height="5" fill="url(#hatch)"/>'
    if ink.stroke:
        body += _letter(ink.stroke, ink.on_fill, 4, 2.5, 3)
    if decided:
        body += _bar(ink.on_fill, 4, 2.5, 3)
    body += '<rect x=".1" y=".1" width="7.8" height="4.8" fill="none" stroke="#4a5764" stroke-width=".2"/>'
    return _document(body, 8, 5)


_HATCH = (
    f'<defs><pattern id="hatch" width="{HATCH_STEP}" height="{HATCH_STEP}" patternUnits="userSpaceOnUse">'
    f'<path d="M-.2 {HATCH_STEP + 0.2}L{HATCH_STEP + 0.2} -.2M-.2 .2L.2 -.2'
    f'M{HATCH_STEP - 0.2} {HATCH_STEP + 0.2}L{HATCH_STEP + 0.2} {HATCH_STEP - 0.2}"'
    ' stroke="#000000" stroke-width=".2" fill="none"/></pattern></defs>'
)


def _document(body: str, width: float, height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.2f}mm" height="{height:.2f}mm"'
        f' viewBox="0 0 {width:.2f} {height:.2f}">{body}</svg>'
    )


def _fills(areas: list[tuple[DayLevel | None, str]]) -> Iterable[str]:
    """One path a level."""
    paths: dict[RiskLevel, list[str]] = {level: [] for level in RiskLevel}
    for row, path in areas:
        paths[row.level if row else RiskLevel.NO_DATA].append(path)
    for level, together in paths.items():
        if together:
            yield f'<path fill="{INKS[level].fill}" fill-rule="evenodd" d="{"".join(together)}"/>'


def _hatching(areas: list[tuple[DayLevel | None, str]]) -> Iterable[str]:
    hatched = "".join(path for row, path in areas if row and row.provisional)
    if hatched:
        yield f'{_HATCH}<path fill="url(#hatch)" fill-rule="evenodd" d="{hatched}"/>'


def _lines(layout: Layout, kind: AreaKind) -> str:
    width, colour = LINES[kind]
    numbers = layout.shapes.layers[kind].arcs
    shown = (layout.width, layout.height)
    inside = (
        n for n in numbers if (layout.arcs[n].max(0) >= 0).all() and (layout.arcs[n].min(0) <= shown).all()
    )
    return (
        f'<path fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"'
        f' stroke-linecap="round" d="{"".join(_points(layout.arcs[n]) for n in inside)}"/>'
    )


def _letters(row_of: dict[str, DayLevel], letters: Mapping[str, Box], clear: Sequence[Box]) -> Iterable[str]:
    for code, square in letters.items():
        row = row_of.get(code)
        ink = INKS[row.level if row else RiskLevel.NO_DATA]
        if ink.stroke and not any(overlap(square, box) for box in clear):
            left, top, right, bottom = square
            place = ((left + right) / 2, (top + bottom) / 2, right - left)
            yield _letter(ink.stroke, ink.on_fill, *place)
            if row.decided:
                yield _bar(ink.on_fill, *place)


def _letter(stroke: str, colour: str, x: float, y: float, size: float) -> str:
    return (
        f'<path transform="translate({x - size / 2:.2f} {y - size / 2:.2f}) scale({size:.2f})" d="{stroke}"'
        f' fill="none" stroke="{colour}" stroke-width=".15"/>'
    )


def _bar(colour: str, x: float, y: float, size: float) -> str:
    """The mark of a decided level, under where its letter stands."""
    width, thick = size * 0.8, size * 0.16
    return (
        f'<rect x="{x - width / 2:.2f}" y="{y + size * 0.62:.2f}" width="{width:.2f}" height="{thick:.2f}"'
        f' fill="{colour}"/>'
    )


def _path(layout: Layout, polygons: list[list[list[int]]]) -> str:
    return "".join(_points(ring_of(layout.arcs, ring)) + "Z" for rings in polygons for ring in rings)


def _points(points: np.ndarray) -> str:
    """A line in hundredths of a millimetre, points that fall together left out."""
    grid = np.rint(points * 100).astype(np.int64)
    moved = np.ones(len(grid), bool)
    moved[1:] = (np.diff(grid, axis=0) != 0).any(axis=1)
    return "M" + " ".join(f"{x / 100:g},{y / 100:g}" for x, y in grid[moved].tolist())
