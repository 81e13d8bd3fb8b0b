"""Who touches whom: communes that share a border of some length."""

from __future__ import annotations

import numpy as np
import shapely

MIN_BORDER_M = 1.0  # shorter is a corner drawn twice, not a border
METRES_PER_DEGREE = 111_195.0  # of a great circle on the mean sphere


def find_neighbours(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of polygons of an edge-matched coverage that share a border: index, other index, metres.

    Each pair comes once, the lower index first, in order. Touching in a point is not sharing a border.
    Coordinates in degrees; lengths on the sphere, within half a per cent.
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    inside = ring[1:] == ring[:-1]
    start, end = points[:-1][inside], points[1:][inside]
    polygon = owner[part_of_ring[ring[:-1][inside]]]
    corners = np.concatenate([start, end])
    _unique, vertex = np.unique(corners[:, 0] + 1j * corners[:, 1], return_inverse=True)  # fastest of a pair
    one, other = vertex[: len(start)], vertex[len(start) :]
    edge = np.minimum(one, other).astype(np.int64) * len(_unique) + np.maximum(one, other)

    order = np.argsort(edge, kind="stable")
    edge, polygon, start, end = edge[order], polygon[order], start[order], end[order]
    shared = np.flatnonzero((edge[1:] == edge[:-1]) & (polygon[1:] != polygon[:-1]))
    pairs = np.sort(np.stack([polygon[shared], polygon[shared + 1]], axis=1), axis=1)
    metres = _metres(start[shared], end[shared])

    key, place = np.unique(pairs[:, 0].astype(np.int64) * len(shapes) + pairs[:, 1], return_inverse=True)
    length = np.bincount(place, weights=metres, minlength=len(key))
    long_enough = length >= MIN_BORDER_M
    key, length = key[long_enough], length[long_enough]
    return key // len(shapes), key % len(shapes), length


def _metres(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    middle = np.radians((start[:, 1] + end[:, 1]) / 2)
    east = (end[:, 0] - start[:, 0]) * np.cos(middle)
    return np.hypot(east, end[:, 1] - start[:, 1]) * METRES_PER_DEGREE
