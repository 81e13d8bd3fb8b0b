"""Layout: true to scale, names beside letters, and the crowded part enlarged where nothing lies."""

import math

import numpy as np
import pytest
import shapely

from core.models import BoundarySet
from riskmap.enums import RiskLevel
from riskmap.history import DayLevel
from riskmap.paper.layout import (
    Box,
    areas_in,
    enlarge,
    frame_around,
    lay_out,
    overlap,
    place_letters,
    place_names,
)
from riskmap.paper.shapes import Layer, Shapes, read_shapes, ring_of

COMMUNES = "commune"


def province_of(boxes: list[Box]) -> Shapes:
    """Areas that are rectangles (km), each with arcs of its own; one district whose point is the middle."""
    arcs = [np.array([(w, n), (e, n), (e, s), (w, s), (w, n)], float) for w, n, e, s in boxes]
    ends = np.concatenate(arcs)
    middle = np.array([ends.mean(axis=0)])
    communes = Layer([f"c{n}" for n in range(len(boxes))], [[[[n]]] for n in range(len(boxes))], middle)
    district = Layer(["d"], [[[[n]] for n in range(len(boxes))]], middle)
    width, height = ends.max(axis=0)
    return Shapes({"commune": communes, "district": district, "province": district}, arcs, width, height)


def grid(
    count: int, side: float, west: float = 0, north: float = 0
) -> list[tuple[float, float, float, float]]:
    return [
        (west + x * side, north + y * side, west + (x + 1) * side, north + (y + 1) * side)
        for y in range(count)
        for x in range(count)
    ]


def district(name: str) -> DayLevel:
    return DayLevel(1, "d", name, "district", "p", "Tỉnh", RiskLevel.HIGH, False, (), None)


#: A large commune above, and a hundred small ones below its middle; both lower corners are free.
CROWDED = province_of([(0, 0, 100, 50), *grid(10, 1, west=45, north=50)])


def test_shapes_come_back_in_kilometres_true_along_the_middle(province):
    shapes = read_shapes(BoundarySet.objects.get().topology_id)

    east_west = 0.3 * 111.195 * math.cos(math.radians(11.6))
    assert (shapes.width_km, shapes.height_km) == pytest.approx((east_west, 0.2 * 111.195), rel=1e-3)
    communes = shapes.layers["commune"]
    place = communes.codes.index("90103")
    ring = shapely.Polygon(ring_of(shapes.arcs, communes.polygons[place][0][0]))
    assert ring.bounds == pytest.approx(
        (east_west * 2 / 3, 0.1 * 111.195, east_west, 0.2 * 111.195), abs=0.01
    )
    assert ring.contains(shapely.Point(communes.labels[place]))


@pytest.mark.parametrize(("width", "height"), [(100, 300), (300, 100)])
def test_map_fills_its_box_without_leaving_it(width, height):
    layout = lay_out(province_of(grid(4, 10)), width=width, height=height)

    assert max(layout.width / width, layout.height / height) == pytest.approx(1)
    points = np.concatenate(layout.arcs)
    assert (points >= 0).all()
    assert (points <= (layout.width, layout.height)).all()


def test_letter_stands_inside_its_area():
    layout = lay_out(province_of(grid(3, 10)), width=90, height=90)

    letters = place_letters(layout, layout.shapes.layers[COMMUNES])

    assert len(letters) == 9
    for number, square in enumerate(letters.values()):
        assert shapely.Polygon(layout.arcs[number]).contains(shapely.box(*square))


def test_area_that_is_too_small_has_no_letter():
    layout = lay_out(CROWDED, width=100, height=100)

    assert list(place_letters(layout, CROWDED.layers[COMMUNES])) == ["c0"]


def test_name_moves_for_letters_and_hides_no_more_than_it_may():
    layout = lay_out(province_of(grid(3, 10)), width=90, height=90)
    letters = list(place_letters(layout, layout.shapes.layers[COMMUNES]).values())

    (name,) = place_names(layout, [district("Huyện")], letters=letters, hidden=0, scale=1)
    assert not any(overlap(name.box, letter) for letter in letters)

    everywhere = [(0.0, 0.0, 90.0, 90.0)]
    assert place_names(layout, [district("Huyện")], letters=everywhere, hidden=0, scale=1) == []
    assert place_names(layout, [district("Huyện")], letters=everywhere, hidden=1, scale=1)


def test_names_do_not_cover_each_other():
    layout = lay_out(province_of(grid(1, 10)), width=30, height=30)

    names = place_names(layout, [district("Huyện")] * 12, letters=[], hidden=0, scale=1)

    assert 1 < len(names) < 12
    boxes = [name.box for name in names]
    assert not any(overlap(a, b) for n, a in enumerate(boxes) for b in boxes[:n])


def test_crowded_part_is_enlarged_in_a_free_corner():
    layout = lay_out(CROWDED, width=180, height=180)
    frame = frame_around(layout, width=180, height=180)

    part = enlarge(layout, CROWDED.layers[COMMUNES], frame=frame, gap=2)

    assert part.times > 2
    left, top, right, bottom = part.box
    assert frame[0] <= left < right <= frame[2]
    assert frame[1] <= top < bottom <= frame[3]
    points = np.concatenate(layout.arcs)
    inside = ((points > (left, top)) & (points < (right, bottom))).all(axis=1)
    assert not inside.any()
    assert not overlap(part.box, part.window)
    assert part.layout.width == pytest.approx((part.window[2] - part.window[0]) * part.times)
    seen = areas_in(part.layout, CROWDED.layers[COMMUNES])
    assert sum(seen) > 80
    assert len(place_letters(part.layout, CROWDED.layers[COMMUNES])) > 80
    assert layout.km_per_mm / part.layout.km_per_mm == pytest.approx(part.times)


def test_enlarged_part_keeps_its_places():
    layout = lay_out(CROWDED, width=180, height=180)
    part = enlarge(layout, CROWDED.layers[COMMUNES], frame=frame_around(layout, width=180, height=180), gap=2)
    on_map, enlarged = np.array(layout.points("district")["d"]), np.array(part.layout.points("district")["d"])

    assert (on_map - part.window[:2]) * part.times == pytest.approx(enlarged)


def test_map_whose_letters_fit_is_not_enlarged():
    shapes = province_of(grid(4, 10))
    layout = lay_out(shapes, width=100, height=100)

    assert enlarge(layout, shapes.layers[COMMUNES], frame=(-50, -50, 150, 150), gap=2) is None


def test_map_without_a_free_corner_is_not_enlarged():
    shapes = province_of(grid(60, 1))
    layout = lay_out(shapes, width=60, height=60)

    frame = frame_around(layout, width=60, height=60)
    assert enlarge(layout, shapes.layers[COMMUNES], frame=frame, gap=2) is None
