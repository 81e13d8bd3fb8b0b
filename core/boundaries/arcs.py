"""Polygons of a coverage as shared arcs: each stretch of border between two polygons exists once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely

OUTSIDE = -1


@dataclass(frozen=True)
class Arc:
    """A stretch of border: grid points, and the polygons on its left and right (``OUTSIDE`` for none)."""

    points: np.ndarray  # (n, 2) int64
    left: int
    right: int


def quantised_rings(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Directed edges of the polygons, interior on the left: points (n, 2, 2) int64 and polygon index (n,).

    ``polygons`` has integral coordinates already.
    """
    parts, owner = shapely.get_parts(polygons, return_index=True)
    parts = shapely.orient_polygons(parts)  # exterior anticlockwise, holes clockwise: interior on the left
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    points = np.rint(coordinates).astype(np.int64)
    same_ring = ring[1:] == ring[:-1]
    moved = (points[1:] != points[:-1]).any(axis=1)
    edges = np.stack([points[:-1], points[1:]], axis=1)[same_ring & moved]
    return edges, owner[part_of_ring[ring[:-1][same_ring & moved]]]


def cut_arcs(polygons: np.ndarray) -> list[Arc]:
    """The arcs of a coverage of polygons with integral coordinates.

    An edge that a polygon walks in both directions (a neck closed by rounding) is no border and is left
    out. Arcs end where more than two borders meet, or form a closed ring.
    """
    edges, owner = quantised_rings(polygons)
    if not len(edges):
        return []
    corners = edges.reshape(-1, 2)
    _key, first, vertex = np.unique(
        corners[:, 0] * 2**32 + corners[:, 1], return_index=True, return_inverse=True
    )
    points = corners[first]
    start, end = vertex.reshape(-1, 2).T
    low, high = np.minimum(start, end), np.maximum(start, end)
    sides: dict[tuple[int, int], list[list[int]]] = defaultdict(lambda: [[], []])
    for a, b, forward, polygon in zip(
        low.tolist(), high.tolist(), (start < end).tolist(), owner.tolist(), strict=True
    ):
        sides[a, b][0 if forward else 1].append(polygon)
    borders = {}
    for edge, (left, right) in sides.items():
        for polygon in set(left) & set(right):
            left.remove(polygon)
            right.remove(polygon)
        if left or right:
            borders[edge] = (left[0] if left else OUTSIDE, right[0] if right else OUTSIDE)
    return _chains(points, borders)


def _chains(points: np.ndarray, borders: dict[tuple[int, int], tuple[int, int]]) -> list[Arc]:
    around: dict[int, list[int]] = defaultdict(list)
    for a, b in borders:
        around[a].append(b)
        around[b].append(a)

    def sides_along(a: int, b: int) -> tuple[int, int]:
        return borders[a, b] if a < b else borders[b, a][::-1]

    def ends_at(vertex: int) -> bool:
        if len(around[vertex]) != 2:
            return True
        before, after = around[vertex]
        return sides_along(before, vertex) != sides_along(vertex, after)

    arcs, walked = [], set()

    def walk(first: int, second: int) -> None:
        chain = [first, second]
        walked.add((min(first, second), max(first, second)))
        while chain[-1] != first and not ends_at(chain[-1]):
            one, other = around[chain[-1]]
            following = other if one == chain[-2] else one
            walked.add((min(chain[-1], following), max(chain[-1], following)))
            chain.append(following)
        left, right = sides_along(first, second)
        arcs.append(Arc(points[chain], left, right))

    for vertex in list(around):
        if ends_at(vertex):
            for neighbour in around[vertex]:
                if (min(vertex, neighbour), max(vertex, neighbour)) not in walked:
                    walk(vertex, neighbour)
    for a, b in borders:  # what is left are rings that meet nothing: islands and enclaves
        if (a, b) not in walked:
            walk(a, b)
    return arcs


def join_rings(arcs: list[Arc], group: np.ndarray) -> dict[int, list[list[list[int]]]]:
    """Polygons of each group of polygons, as TopoJSON has them: rings of arcs, ``~n`` walked backwards.

    ``group`` gives each polygon's group; an arc between two polygons of one group is inside and unused.
    Returns for each group its polygons, each an exterior ring and its holes.
    """
    outgoing: dict[int, dict[tuple[int, int], list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, arc in enumerate(arcs):
        left = OUTSIDE if arc.left == OUTSIDE else int(group[arc.left])
        right = OUTSIDE if arc.right == OUTSIDE else int(group[arc.right])
        if left == right:
            continue
        if left != OUTSIDE:
            outgoing[left][tuple(arc.points[0])].append(number)
        if right != OUTSIDE:
            outgoing[right][tuple(arc.points[-1])].append(~number)
    return {key: _polygons(arcs, starts) for key, starts in outgoing.items()}


def _walked(arcs: list[Arc], number: int) -> np.ndarray:
    return arcs[number].points if number >= 0 else arcs[~number].points[::-1]


def _polygons(arcs: list[Arc], starts: dict[tuple[int, int], list[int]]) -> list[list[list[int]]]:
    exteriors, holes = [], []
    unused = {number for numbers in starts.values() for number in numbers}
    for first in sorted(unused, key=lambda number: (max(number, ~number), number < 0)):
        if first not in unused:
            continue
        ring, number = [], first
        while True:
            unused.discard(number)
            ring.append(number)
            path = _walked(arcs, number)
            choices = [n for n in starts[tuple(path[-1])] if n in unused]
            if tuple(path[-1]) == tuple(_walked(arcs, first)[0]) or not choices:
                break
            number = max(choices, key=lambda n: _turn(path, _walked(arcs, n)))
        outline = np.concatenate([_walked(arcs, n)[:-1] for n in ring])
        (exteriors if _twice_area(outline) > 0 else holes).append((ring, outline))
    shells = [shapely.Polygon(outline) for _ring, outline in exteriors]
    polygons = [[ring] for ring, _outline in exteriors]
    for ring, outline in holes:
        hole = shapely.Polygon(outline)
        inside = [i for i, shell in enumerate(shells) if shapely.covers(shapely.box(*shell.bounds), hole)]
        around = [i for i in inside if shapely.intersects(shells[i], hole.representative_point())]
        if around:
            polygons[min(around, key=lambda i: shells[i].area)].append(ring)
    return polygons


def _turn(before: np.ndarray, after: np.ndarray) -> float:
    """Angle of the turn to the left, −π … π; the leftmost turn keeps rings that touch themselves apart."""
    into, out = before[-1] - before[-2], after[1] - after[0]
    return float(np.arctan2(into[0] * out[1] - into[1] * out[0], into[0] * out[0] + into[1] * out[1]))


def _twice_area(outline: np.ndarray) -> int:
    x, y = outline[:, 0], outline[:, 1]
    return int((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())
