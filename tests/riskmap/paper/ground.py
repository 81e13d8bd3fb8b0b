"""A small province on paper: six communes in two districts, side by side, with a published day."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from core.models import Area
from core.people import system_user
from core.vietnamese import fold, sort_key
from riskmap.editions import publish
from riskmap.ground import take_boundaries
from riskmap.levels import reassess
from riskmap.models import MapEdition
from tests.riskmap.province import Province, day, make_province
from tests.riskmap.test_editions import at

NOW = datetime.fromisoformat("2021-12-31T08:00:00+07:00")
DISTRICTS = {"901": ["90101", "90102", "90103"], "902": ["90201", "90202", "00010"]}
#: What a commune could be called at worst, and what letters there are.
NAMES = {"90102": "=1+1", "90103": "Phường Đô Vinh", "90201": "@Xã Ẵng", "90202": "Thị trấn Phước Dân"}


def squares(width: int, height: int) -> dict[str, list[tuple[float, float]]]:
    """Commune code to the corners of its square: two rows, a district each. Degrees off Ninh Thuận."""
    corners = {}
    for line, communes in enumerate(DISTRICTS.values()):
        for place, code in enumerate(communes):
            west, south = 108.5 + place * 0.1 * width, 11.5 + line * 0.1 * height
            east, north = west + 0.1 * width, south + 0.1 * height
            corners[code] = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return corners


def province_on_paper(folder: Path, *, width: int = 1, height: int = 1, schematic: bool = False) -> Province:
    """90101 is red on the fourth day, its neighbours are orange, theirs yellow; 00010 alone is green."""
    province = make_province("90", districts=DISTRICTS)
    for code, name in NAMES.items():
        Area.objects.filter(code=code).update(name=name, sort_key=sort_key(name), search_text=fold(name))
    shapes = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": code},
                "geometry": {"type": "Polygon", "coordinates": [corners]},
            }
            for code, corners in squares(width, height).items()
        ],
    }
    path = folder / "shapes.geojson"
    path.write_text(json.dumps(shapes))
    take_boundaries(
        path=path, code_field="code", source="Sở Tài nguyên", licence="nội bộ", schematic=schematic,
        by=system_user(), at=at(0), commit=True,
    )  # fmt: skip
    province.post({("90101", 3): 2}, complete=(0, 3), at=at(3, 16))
    reassess(on=day(3), at=at(3, 16))
    return province


def put_out(province: Province, number: int, hour: int = 17) -> MapEdition:
    return publish(province=province.area, cut_off=at(number, hour), at=at(number, hour, 5), by=system_user())
