"""Layout: where on the paper the shapes, the names and an enlarged part of them go. Millimetres."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.enums import AreaKind
from riskmap.history import DayLevel
from riskmap.paper.shapes import Layer, Shapes, room_for_letters

Box = tuple[float, float, float, float]  # left, top, right, bottom

EDGE = 0.6  # room for half the thickest line, on each side
LETTER_OF_ROOM, SMALLEST_LETTER = 0.95, 1.3  # of the free radius; mm
LARGEST_LETTER = 4.0
NAME_POINTS, LARGEST_NAME_SCALE = 7.0, 1.2  # a larger paper is looked at from nearer than a poster
NAME_STEPS = (0, 1.5, -1.5, 3, -3, 4.5, -4.5, 6, -6)  # mm of an A4 that a name may move up or down
_MM_PER_POINT = 25.4 / 72
WIDTH_OF_LETTER, HEIGHT_OF_LINE = 0.56, 1.7  # of the size of the type, on average
#: A part is enlarged when this share of the areas is too small for a letter, by this much at least.
TOO_SMALL_SHARE, LEAST_ENLARGEMENT = 0.2, 1.5
WINDOW_PERCENTILES = (4, 96)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Shapes laid on paper: ``arcs`` in mm, of which ``width`` × ``height`` from (0, 0) is shown."""

    shapes: Shapes
    arcs: list[np.ndarray]
    width: float
    height: float
    km_per_mm: float
    origin: tuple[float, float]  # where the north-western corner of the province lies

    def points(self, kind: AreaKind) -> dict[str, tuple[float, float]]:
        """Where the name of each area of the kind stands, by code."""
        layer = self.shapes.layers[kind]
        return dict(zip(layer.codes, (layer.labels / self.km_per_mm + self.origin).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Name:
    text: str
    box: Box
    points: float  # size of the type


@dataclass(frozen=True, slots=True)
class Enlarged:
    """A part drawn again ``times`` as large: ``window`` on the map, ``box`` in a free corner of the paper."""

    layout: Layout
    window: Box
    box: Box
    times: float


def lay_out(shapes: Shapes, *, width: float, height: float) -> Layout:
    """The shapes as large as ``width`` × ``height`` mm allow."""
    km_per_mm = max(shapes.width_km / (width - 2 * EDGE), shapes.height_km / (height - 2 * EDGE))
    return Layout(
        shapes=shapes,
        arcs=[arc / km_per_mm + EDGE for arc in shapes.arcs],
        width=shapes.width_km / km_per_mm + 2 * EDGE,
        height=shapes.height_km / km_per_mm + 2 * EDGE,
        km_per_mm=km_per_mm,
        origin=(EDGE, EDGE),
    )


def place_letters(layout: Layout, layer: Layer) -> dict[str, Box]:
    """The square of each letter that has room, by the code of its area."""
    centres, radii = room_for_letters(layout.arcs, layer)
    squares = {}
    for code, (x, y), radius in zip(layer.codes, centres.tolist(), radii.tolist(), strict=True):
        half = min(radius * LETTER_OF_ROOM, LARGEST_LETTER) / 2
        if half * 2 >= SMALLEST_LETTER and 0 <= x <= layout.width and 0 <= y <= layout.height:
            squares[code] = (x - half, y - half, x + half, y + half)
    return squares


def place_names(
    layout: Layout, rows: Iterable[DayLevel], *, letters: Sequence[Box], hidden: int, scale: float
) -> list[Name]:
    """The names of the districts ``rows`` that have room near their points, in their order.

    A name moves up or down for the ``letters``, and is left out where it would hide more than ``hidden``.
    """
    size = NAME_POINTS * min(scale, LARGEST_NAME_SCALE)
    height = HEIGHT_OF_LINE * size * _MM_PER_POINT
    points = layout.points(AreaKind.DISTRICT)
    names: list[Name] = []
    for row in rows:
        x, y = points.get(row.code, (-1, -1))
        if not (0 <= x <= layout.width and 0 <= y <= layout.height):
            continue
        width = (len(row.name) * WIDTH_OF_LETTER * size + 6) * _MM_PER_POINT
        left = min(max(x - width / 2, 0), layout.width - width)
        boxes = [
            (left, top, left + width, top + height)
            for step in NAME_STEPS
            if 0 <= (top := y - height / 2 + step * scale) <= layout.height - height
        ]
        free = [box for box in boxes if not any(overlap(box, name.box) for name in names)]
        best = min(free, key=lambda box: sum(overlap(box, letter) for letter in letters), default=None)
        if best and sum(overlap(best, letter) for letter in letters) <= hidden:
            names.append(Name(row.name, best, size))
    return names


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def enlarge(layout: Layout, layer: Layer, *, frame: Box, gap: float) -> Enlarged | None:
    """The part where areas are too small for a letter, drawn larger in the freest corner of ``frame``.

    ``frame`` is the room the whole map may take, in the layout's own millimetres, which it may exceed on
    all sides. ``None`` where there is no need, or no room that would help.
    """
    centres, radii = room_for_letters(layout.arcs, layer)
    crowded = centres[radii * LETTER_OF_ROOM < SMALLEST_LETTER]
    if len(crowded) < TOO_SMALL_SHARE * len(centres):
        return None
    low, high = np.percentile(crowded, WINDOW_PERCENTILES, axis=0)
    window = (*(low - gap), *(high + gap))
    breadth, depth = window[2] - window[0], window[3] - window[1]
    points = np.concatenate(layout.arcs)
    best, box = 0.0, None
    for right in (False, True):
        for bottom in (False, True):
            times, corner = _free_corner(points, frame, breadth, depth, right=right, bottom=bottom, gap=gap)
            if times > best:
                best, box = times, corner
    if box is None or best < LEAST_ENLARGEMENT:
        return None
    part = replace(
        layout,
        arcs=[(arc - window[:2]) * best for arc in layout.arcs],
        width=breadth * best,
        height=depth * best,
        km_per_mm=layout.km_per_mm / best,
        origin=tuple((np.array(layout.origin) - window[:2]) * best),
    )
    return Enlarged(part, tuple(map(float, window)), box, best)


def _free_corner(
    points: np.ndarray, frame: Box, breadth: float, depth: float, *, right: bool, bottom: bool, gap: float
) -> tuple[float, Box]:
    """How many times ``breadth`` × ``depth`` fits into a corner of the frame without touching a point."""
    # Distances from the corner; a box of t times the part touches the points nearer than t on both sides.
    across = (frame[2] - points[:, 0] if right else points[:, 0] - frame[0]) - gap
    down = (frame[3] - points[:, 1] if bottom else points[:, 1] - frame[1]) - gap
    nearest = float(np.maximum(across / breadth, down / depth).min())
    times = min(nearest, (frame[2] - frame[0]) / 2 / breadth, (frame[3] - frame[1]) / 2 / depth)
    width, height = breadth * times, depth * times
    left = frame[2] - width if right else frame[0]
    top = frame[3] - height if bottom else frame[1]
    return times, (left, top, left + width, top + height)


def frame_around(layout: Layout, *, width: float, height: float) -> Box:
    """The box of ``width`` × ``height`` mm in whose middle the map stands, in the map's own millimetres."""
    left, top = (layout.width - width) / 2, (layout.height - height) / 2
    return (left, top, left + width, top + height)


def areas_in(layout: Layout, layer: Layer) -> Sequence[bool]:
    """Whether each area of the layer may touch what is shown."""
    lowest = np.array([arc.min(axis=0) for arc in layout.arcs])
    highest = np.array([arc.max(axis=0) for arc in layout.arcs])
    seen = []
    for polygons in layer.polygons:
        numbers = [n if n >= 0 else ~n for rings in polygons for n in rings[0]]
        low, high = lowest[numbers].min(axis=0), highest[numbers].max(axis=0)
        seen.append(bool((high >= 0).all() and low[0] <= layout.width and low[1] <= layout.height))
    return seen
