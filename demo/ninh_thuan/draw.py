"""Draw the schematic map of the demo: layout.txt and units.csv make map.geojson.

Run it again after changing the layout::

    python -m demo.ninh_thuan.draw
"""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

HERE = Path(__file__).parent
SIDE = 0.0405  # of a hexagon, in degrees of longitude
CENTRE = (108.87, 11.74)
CORNERS = ((0, 2), (-1, 1), (-1, -1), (0, -2), (1, -1), (1, 1))  # from the top, anticlockwise


def read_layout(text: str) -> dict[str, tuple[int, int]]:
    """Centre of each commune by name: half-widths to the east, half-sides to the south."""
    rows = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {
        name.strip(): (2 * column + row % 2, 3 * row)
        for row, line in enumerate(rows)
        for column, name in enumerate(line.split("|"))
        if name.strip()
    }


def draw(*, layout: str, units: list[dict[str, str]]) -> dict:
    """The map as GeoJSON. Corners are whole numbers until the last step, so that cells share them exactly."""
    centres = read_layout(layout)
    codes = {row["name"].removeprefix(row["type"]).strip(): row["code"] for row in units}
    if centres.keys() != codes.keys():
        raise ValueError(f"layout.txt and units.csv differ: {sorted(centres.keys() ^ codes.keys())}")
    across = [x for x, _y in centres.values()]
    down = [y for _x, y in centres.values()]
    middle = ((min(across) + max(across)) / 2, (min(down) + max(down)) / 2)

    def degrees(x: int, y: int) -> list[float]:
        east = (x - middle[0]) * SIDE * math.sqrt(3) / 2
        north = (middle[1] - y) * SIDE / 2
        return [round(CENTRE[0] + east, 6), round(_latitude(_mercator(CENTRE[1]) + north), 6)]

    features = []
    for name, code in sorted(codes.items(), key=lambda item: item[1]):
        x, y = centres[name]
        corners = [degrees(x + dx, y - dy) for dx, dy in CORNERS]
        geometry = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
        features.append({"type": "Feature", "properties": {"code": code, "name": name}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def _mercator(latitude: float) -> float:
    """Northing in degrees on the web's map, where the hexagons are to look regular."""
    return math.degrees(math.asinh(math.tan(math.radians(latitude))))


def _latitude(northing: float) -> float:
    return math.degrees(math.atan(math.sinh(math.radians(northing))))


def main() -> None:
    with (HERE / "units.csv").open(encoding="utf-8", newline="") as file:
        units = list(csv.DictReader(file))
    collection = draw(layout=(HERE / "layout.txt").read_text(encoding="utf-8"), units=units)
    features = ",\n".join(
        json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in collection["features"]
    )
    text = f'{{"type":"FeatureCollection","features":[\n{features}\n]}}\n'
    (HERE / "map.geojson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
