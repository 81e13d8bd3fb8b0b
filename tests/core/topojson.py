"""Reads TopoJSON back into polygons, as a browser does, so that tests see what people see."""

import json

import numpy as np
import shapely


def decode(body: bytes, layer: str) -> dict[str, shapely.MultiPolygon]:
    """The polygons of a layer by code, in degrees."""
    topology = json.loads(body)
    scale, translate = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc), axis=0) for arc in topology["arcs"]]

    def ring(numbers: list[int]) -> np.ndarray:
        parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
        for before, after in zip(parts, parts[1:] + parts[:1], strict=True):
            assert (before[-1] == after[0]).all(), "arcs of a ring do not meet"
        return np.concatenate([part[:-1] for part in parts]) * scale + translate

    polygons = {}
    for geometry in topology["objects"][layer]["geometries"]:
        parts = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        polygons[geometry["id"]] = shapely.MultiPolygon(
            [(ring(rings[0]), [ring(hole) for hole in rings[1:]]) for rings in parts]
        )
    return polygons
