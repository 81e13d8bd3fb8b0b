import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from core.boundaries.arcs import OUTSIDE, cut_arcs, join_rings
from core.boundaries.topology import Layer, build_topology, simplify, tolerance_for
from tests.core.topojson import decode


def layers_of(shapes, group=None):
    n = len(shapes)
    group = np.zeros(n, int) if group is None else np.array(group)
    communes = [f"c{place}" for place in range(n)]
    districts = [f"d{place}" for place in range(int(group.max()) + 1)]
    return [
        Layer("commune", communes, communes, np.arange(n), np.zeros((n, 2))),
        Layer("district", districts, districts, group, np.zeros((len(districts), 2))),
        Layer("province", ["p"], ["Tỉnh"], np.zeros(n, int), np.array([[108.123456, 11.5]])),
    ]


def squares(columns, rows, side=0.1):
    return np.array(
        [
            box(x * side, y * side, (x + 1) * side, (y + 1) * side)
            for y in range(rows)
            for x in range(columns)
        ],
        object,
    )


def test_two_squares_share_one_arc():
    arcs = cut_arcs(np.array([box(0, 0, 2, 2), box(2, 0, 4, 2)], object))

    assert sorted((arc.left, arc.right) for arc in arcs if OUTSIDE not in (arc.left, arc.right)) in (
        [(0, 1)],
        [(1, 0)],
    )
    assert len(arcs) == 3
    assert sum(len(arc.points) - 1 for arc in arcs) == 7


def test_island_is_a_ring_of_its_own():
    arcs = cut_arcs(np.array([box(0, 0, 2, 2), box(5, 5, 6, 6)], object))

    assert len(arcs) == 2
    assert all((arc.points[0] == arc.points[-1]).all() for arc in arcs)


def test_enclave_becomes_a_hole_and_vanishes_when_dissolved():
    around = shapely.Polygon(box(0, 0, 6, 6).exterior, [box(2, 2, 4, 4).exterior.coords])
    arcs = cut_arcs(np.array([around, box(2, 2, 4, 4)], object))

    apart = join_rings(arcs, np.array([0, 1]))
    together = join_rings(arcs, np.array([0, 0]))

    assert [len(rings) for rings in apart[0]] == [2]
    assert [len(rings) for rings in apart[1]] == [1]
    assert [len(rings) for rings in together[0]] == [1]


def test_ring_that_touches_itself_in_a_point_stays_two_polygons():
    corners = shapely.MultiPolygon([box(0, 0, 1, 1), box(1, 1, 2, 2)])
    arcs = cut_arcs(np.array([corners, box(1, 0, 2, 1), box(0, 1, 1, 2)], object))

    rings = join_rings(arcs, np.arange(3))

    assert [len(rings[place]) for place in range(3)] == [2, 1, 1]


def test_neck_closed_by_rounding_is_no_border():
    spike = shapely.Polygon([(0, 0), (4, 0), (4, 4), (4, 9), (4, 4), (0, 4)])

    arcs = cut_arcs(np.array([spike], object))

    assert sum(len(arc.points) - 1 for arc in arcs) == 4


def test_topology_is_quantised_topojson_with_names_and_labels():
    shapes = squares(2, 1)

    topology = json.loads(build_topology(shapes=shapes, layers=layers_of(shapes)))

    assert topology["type"] == "Topology"
    assert topology["bbox"] == [0, 0, 0.2, 0.1]
    assert list(topology["objects"]) == ["commune", "district", "province"]
    (province,) = topology["objects"]["province"]["geometries"]
    assert (province["id"], province["properties"]) == ("p", {"name": "Tỉnh", "label": [108.1235, 11.5]})
    assert all(isinstance(step, int) for arc in topology["arcs"] for point in arc for step in point)


def test_districts_and_province_are_made_of_the_communes_arcs():
    shapes = squares(4, 3)
    body = build_topology(shapes=shapes, layers=layers_of(shapes, [0, 0, 1, 1] * 3))

    districts, province = decode(body, "district"), decode(body, "province")

    assert districts["d0"].bounds == pytest.approx((0, 0, 0.2, 0.3), abs=1e-4)
    assert districts["d0"].area == pytest.approx(0.06, rel=1e-3)
    assert province["p"].area == pytest.approx(0.12, rel=1e-3)
    assert len(province["p"].geoms) == 1


@st.composite
def coverages(draw):
    """Cells around random points, some of them merged, some left out: enclaves, gaps and islands."""
    count = draw(st.integers(2, 30))
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    points = shapely.MultiPoint(random.uniform(0, 1, (count, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=box(-0.1, -0.1, 1.1, 1.1)))
    owner = random.integers(0, max(2, count // 2), len(cells))
    merged = [
        shapely.coverage_union_all(cells[owner == o]) for o in np.unique(owner) if random.random() < 0.9
    ]
    return np.array(merged or [cells[0]], object), random


@settings(max_examples=60, deadline=None)
@given(coverages())
def test_any_coverage_comes_back_whole(drawn):
    shapes, random = drawn
    groups = random.integers(0, 3, len(shapes))
    groups = np.unique(groups, return_inverse=True)[1]
    body = build_topology(shapes=shapes, layers=layers_of(shapes, groups))

    communes, districts, province = (decode(body, layer) for layer in ("commune", "district", "province"))

    for place, shape in enumerate(shapes):
        back = communes[f"c{place}"]
        assert back.is_valid
        assert back.area == pytest.approx(shape.area, rel=0.01, abs=2e-6)
        assert back.symmetric_difference(shape).area < 1e-3
    for group in range(int(groups.max()) + 1):
        union = shapely.coverage_union_all(shapes[groups == group])
        assert districts[f"d{group}"].is_valid
        assert districts[f"d{group}"].area == pytest.approx(union.area, rel=0.01, abs=2e-6)
    assert province["p"].area == pytest.approx(shapely.area(shapes).sum(), rel=0.01)


def test_simplified_neighbours_stay_neighbours_without_gap():
    wave = [(x / 100, 0.3 + 0.01 * np.sin(x * 3)) for x in range(101)]
    shapes = np.array(
        [shapely.Polygon([(0, 0), (1, 0), *wave[::-1]]), shapely.Polygon([*wave, (1, 1), (0, 1)])], object
    )

    simple = simplify(shapes, tolerance=0.02)

    assert shapely.get_num_coordinates(simple).sum() < shapely.get_num_coordinates(shapes).sum() / 2
    assert shapely.coverage_is_valid(simple)


def test_tolerance_follows_the_size_of_the_communes():
    assert tolerance_for(squares(3, 3, side=0.01)) == pytest.approx(0.0002)
    assert tolerance_for(squares(3, 3, side=0.0001)) == 0.00005
    assert tolerance_for(squares(3, 3, side=5)) == 0.002
