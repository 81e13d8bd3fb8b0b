import time

import numpy as np
import pytest
import shapely
from shapely import box

from core.boundaries.neighbours import find_neighbours


def pairs(shapes):
    one, other, metres = find_neighbours(np.array(shapes, object))
    return {
        (i, j): length for i, j, length in zip(one.tolist(), other.tolist(), metres.tolist(), strict=True)
    }


def test_touching_corner_is_no_border():
    grid = [box(x, y, x + 1, y + 1) for y in range(2) for x in range(2)]

    assert set(pairs(grid)) == {(0, 1), (0, 2), (1, 3), (2, 3)}


def test_border_is_measured_in_metres():
    at_equator = pairs([box(0, -0.005, 0.01, 0.005), box(0.01, -0.005, 0.02, 0.005)])
    north = pairs([box(0, 59, 1, 60), box(0, 60, 1, 61)])

    assert at_equator[0, 1] == pytest.approx(1112, rel=0.001)
    assert north[0, 1] == pytest.approx(55_597, rel=0.001)


def test_border_shorter_than_a_metre_is_a_corner_drawn_twice():
    def touching(length):
        return pairs([box(0, 0, 1, length), shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, length)])])

    assert touching(0.5 / 111_195) == {}
    assert touching(1.5 / 111_195)[0, 1] == pytest.approx(1.5, rel=0.01)


def test_borders_in_several_pieces_add_up_and_islands_count():
    comb = shapely.MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 1)])
    bar = shapely.Polygon([(0, 1), (1, 1), (2, 1), (3, 1), (3, 2), (0, 2)])

    assert pairs([comb, bar])[0, 1] == pytest.approx(2 * 111_195, rel=0.001)


def test_area_does_not_touch_itself_and_a_lonely_one_touches_nobody():
    halves = shapely.MultiPolygon([box(0, 0, 1, 1), box(1, 1, 2, 2)])

    assert pairs([halves]) == {}
    assert pairs([halves, box(9, 9, 10, 10)]) == {}


def test_nation_takes_seconds():
    random = np.random.default_rng(1)
    points = shapely.MultiPoint(random.uniform(102, 109, (10_600, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points))
    cells = shapely.segmentize(cells, 0.002)
    begin = time.perf_counter()

    one, _other, metres = find_neighbours(cells)

    assert time.perf_counter() - begin < 20
    assert 28_000 < len(one) < 32_000
    assert (metres >= 1).all()
