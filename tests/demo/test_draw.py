import json

import numpy as np
import pytest
import shapely

from demo.ninh_thuan import draw, simulate

LAYOUT = (draw.HERE / "layout.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def drawn():
    return json.loads((draw.HERE / "map.geojson").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def shapes(drawn):
    return {
        f["properties"]["code"]: shapely.from_geojson(json.dumps(f["geometry"])) for f in drawn["features"]
    }


def test_map_is_what_the_layout_says(drawn):
    assert drawn == draw.draw(layout=LAYOUT, units=simulate.read_units())


def test_cells_share_their_borders_and_leave_no_gap(shapes):
    cells = np.array(list(shapes.values()), object)

    assert len(cells) == 65
    assert shapely.coverage_is_valid(cells, gap_width=0.01)
    assert shapely.coverage_union_all(cells).geom_type == "Polygon"


def test_each_district_is_one_piece(shapes):
    districts: dict[str, list] = {}
    for unit in simulate.read_units():
        districts.setdefault(unit["district"], []).append(shapes[unit["code"]])

    assert len(districts) == 7
    assert {
        name: shapely.coverage_union_all(cells).geom_type for name, cells in districts.items()
    } == dict.fromkeys(districts, "Polygon")


def test_layout_that_lacks_a_commune_is_refused():
    with pytest.raises(ValueError, match="Cà Ná"):
        draw.draw(layout=LAYOUT.replace("Cà Ná", ""), units=simulate.read_units())
