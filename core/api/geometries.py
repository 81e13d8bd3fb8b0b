"""GeoJSON geometries (RFC 7946) out of the map's TopoJSON: the same shared, simplified borders."""

from __future__ import annotations

import numpy as np

DECIMALS = 5  # a metre: about the grid the borders lie on

Position = list[float]
Geometry = dict[str, object]


def geometries_of(topology: dict, layer: str) -> dict[str, Geometry]:
    """By code, each area of the layer as a Polygon or MultiPolygon in degrees, exterior rings anticlockwise.

    ``topology`` is what ``core.boundaries.topology.build_topology`` made. A layer it has not is empty.
    """
    step, origin = (np.array(topology["transform"][name]) for name in ("scale", "translate"))
    arcs = [
        np.round(np.cumsum(np.array(arc), axis=0) * step + origin, DECIMALS).tolist()
        for arc in topology["arcs"]
    ]
    areas = topology["objects"].get(layer, {"geometries": []})["geometries"]
    return {area["id"]: _geometry(area, arcs) for area in areas}


def _geometry(area: dict, arcs: list[list[Position]]) -> Geometry:
    if area["type"] == "Polygon":
        coordinates = [_ring(ring, arcs) for ring in area["arcs"]]
    else:
        coordinates = [[_ring(ring, arcs) for ring in polygon] for polygon in area["arcs"]]
    return {"type": area["type"], "coordinates": coordinates}


def _ring(numbers: list[int], arcs: list[list[Position]]) -> list[Position]:
    ring: list[Position] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc  # each begins where the one before ended
    return ring
