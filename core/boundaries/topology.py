"""The map bytes of a province: a TopoJSON of its communes, its districts and itself."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import shapely

from core.boundaries.arcs import Arc, cut_arcs, join_rings

GRID = 20_000  # steps along the longer side
LABEL_DECIMALS = 4


@dataclass(frozen=True)
class Layer:
    """One layer of the map. ``group`` numbers, for each commune, the area of this layer it belongs to."""

    name: str
    codes: list[str]
    names: list[str]
    group: np.ndarray  # (communes,) index into codes
    labels: np.ndarray  # (areas, 2) degrees


def simplify(shapes: np.ndarray, *, tolerance: float) -> np.ndarray:
    """The coverage with small bends taken out (Visvalingam–Whyatt); shared borders stay shared.

    ``tolerance`` in degrees is about the side of the triangles removed. No polygon disappears.
    """
    return shapely.coverage_simplify(shapes, tolerance)


def tolerance_for(shapes: np.ndarray) -> float:
    """Degrees of detail that the eye misses: a share of the breadth of the province's smaller communes.

    A city's wards are small and seen from near, a mountain province's communes large and seen from afar.
    """
    breadth = float(np.percentile(np.sqrt(shapely.area(shapes)), 25))
    return min(max(breadth * 0.02, 0.00005), 0.002)


def build_topology(*, shapes: np.ndarray, layers: list[Layer]) -> bytes:
    """TopoJSON (topojson-specification 1.1), quantised and delta-encoded, of a valid coverage in degrees.

    Each layer is made of the same arcs. Each geometry has ``id`` (code) and ``properties``: name, label.
    """
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    step = max(east - west, north - south) / (GRID - 1)
    grid = shapely.transform(shapes, lambda degrees: np.rint((degrees - (west, south)) / step))
    arcs = cut_arcs(grid)
    topology = {
        "type": "Topology",
        "bbox": [round(edge, 6) for edge in (west, south, east, north)],
        "transform": {"scale": [step, step], "translate": [west, south]},
        "objects": {layer.name: _layer(layer, arcs) for layer in layers},
        "arcs": [_delta(arc) for arc in arcs],
    }
    return json.dumps(topology, ensure_ascii=False, separators=(",", ":")).encode()


def _layer(layer: Layer, arcs: list[Arc]) -> dict:
    polygons = join_rings(arcs, layer.group)
    geometries = []
    for place, (code, name) in enumerate(zip(layer.codes, layer.names, strict=True)):
        rings = polygons.get(place, [])
        label = [round(float(degree), LABEL_DECIMALS) for degree in layer.labels[place]]
        one = len(rings) == 1
        geometries.append(
            {
                "type": "Polygon" if one else "MultiPolygon",
                "arcs": rings[0] if one else rings,
                "id": code,
                "properties": {"name": name, "label": label},
            }
        )
    return {"type": "GeometryCollection", "geometries": geometries}


def _delta(arc: Arc) -> list[list[int]]:
    return np.diff(arc.points, axis=0, prepend=0).tolist()
