"""Shapes: the map bytes of a province read back, and laid on paper in millimetres."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from core.models import PublicAsset

KM_PER_DEGREE = 111.195  # of latitude, on a sphere of 6,371 km


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Areas as polygons of rings of arcs; a negative number ``~n`` is arc ``n`` backwards."""

    codes: list[str]
    polygons: list[list[list[list[int]]]]
    labels: np.ndarray  # (areas, 2) degrees

    @property
    def arcs(self) -> list[int]:
        """The numbers of the arcs that bound any area, each once."""
        return sorted(
            {
                arc if arc >= 0 else ~arc
                for rings in self.polygons
                for ring in rings
                for part in ring
                for arc in part
            }
        )


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """A province's shapes: arcs in kilometres east and south of its north-western corner.

    Equirectangular, true to scale along its middle latitude: over a province no eye sees the difference.
    """

    layers: dict[str, Layer]
    arcs: list[np.ndarray]  # each (points, 2)
    width_km: float
    height_km: float


@lru_cache(maxsize=4)
def read_shapes(topology: str) -> Shapes:
    """The shapes of a TopoJSON asset (its SHA-256: the bytes never change)."""
    read = json.loads(bytes(PublicAsset.objects.only("body").get(pk=topology).body))
    west, south, east, north = read["bbox"]
    scale = np.array([math.cos(math.radians((south + north) / 2)), -1.0]) * KM_PER_DEGREE
    corner = np.array([west, north])
    step, origin = np.array(read["transform"]["scale"]), np.array(read["transform"]["translate"])

    def laid(degrees: np.ndarray) -> np.ndarray:
        return (degrees - corner) * scale

    arcs = [laid(np.cumsum(np.array(arc), axis=0) * step + origin) for arc in read["arcs"]]
    layers = {}
    for name, collection in read["objects"].items():
        geometries = collection["geometries"]
        layers[name] = Layer(
            codes=[each["id"] for each in geometries],
            polygons=[[each["arcs"]] if each["type"] == "Polygon" else each["arcs"] for each in geometries],
            labels=laid(np.array([each["properties"]["label"] for each in geometries]).reshape(-1, 2)),
        )
    width, height = (np.array([east, south]) - corner) * scale
    return Shapes(layers, arcs, float(width), float(height))


def ring_of(arcs: list[np.ndarray], numbers: list[int]) -> np.ndarray:
    """The closed ring of the arcs: (points, 2), the first point not repeated at the end."""
    parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    return np.concatenate([part[:-1] for part in parts])


def room_for_letters(arcs: list[np.ndarray], layer: Layer) -> tuple[np.ndarray, np.ndarray]:
    """Where a letter stands best in each area, and the radius free around it, in the arcs' own unit."""
    polygons = np.array(
        [
            shapely.MultiPolygon(
                [(ring_of(arcs, rings[0]), [ring_of(arcs, hole) for hole in rings[1:]]) for rings in polygons]
            )
            for polygons in layer.polygons
        ]
    )
    circles = shapely.maximum_inscribed_circle(polygons, tolerance=0.3)
    return shapely.get_coordinates(shapely.get_point(circles, 0)), shapely.length(circles)
