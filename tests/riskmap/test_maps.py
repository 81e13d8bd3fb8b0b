"""Maps: the frames say what the spans say, in the bytes the browser reads."""

import base64
import json
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from riskmap.as_of import known_at
from riskmap.history import level_matrix
from riskmap.levels import reassess
from riskmap.maps import draw_frames, frames_at, run_lengths, undrawn_provinces
from riskmap.models import Assessment, PublishedMap
from tests.riskmap.decided import decide
from tests.riskmap.province import AT, day, make_province
from tests.riskmap.test_editions import at, put_out


def read_runs(data: bytes, areas: int, days: int) -> np.ndarray:
    """The reader of the format, written from its description alone."""
    cells, place = [], 0
    for _area in range(areas):
        line = []
        while len(line) < days:
            number = shift = 0
            while True:
                byte = data[place]
                place += 1
                number |= (byte & 0x7F) << shift
                shift += 7
                if not byte & 0x80:
                    break
            line += [number & 15] * (number >> 4)
        cells.append(line)
    assert place == len(data)
    return np.array(cells, np.uint8).reshape(areas, days)


@given(arrays(np.uint8, st.tuples(st.integers(1, 5), st.integers(1, 3000)), elements=st.integers(0, 15)))
def test_run_lengths_are_read_back(cells):
    assert (read_runs(run_lengths(cells), *cells.shape) == cells).all()


@given(st.integers(1, 200_000), st.integers(0, 15))
def test_run_lengths_of_a_long_run_are_read_back(days, code):
    cells = np.full((1, days), code, np.uint8)

    assert (read_runs(run_lengths(cells), 1, days) == cells).all()


@pytest.mark.django_db
def test_frames_hold_every_area_and_day_of_the_period():
    province = make_province(districts={"901": ["90101", "90102"], "902": ["90201"]})
    province.post({("90101", 3): 2, ("90201", 4): 1, ("90102", 2): 0}, complete=(0, 8))
    province.post({("90101", 9): 0})
    reassess(on=day(40), at=AT)

    asset = draw_frames(province=province.area, on=day(40), at=AT)
    frames = json.loads(asset.body)

    assert (frames["first_day"], frames["last_day"]) == ("2021-08-01", "2021-08-10")
    for kind in ("commune", "district", "province"):
        layer = frames["layers"][kind]
        matrix = level_matrix(province=province.area, kind=kind, first=day(0), last=day(9))
        assert layer["codes"].split() == matrix.codes
        assert (read_runs(base64.b64decode(layer["runs"]), len(matrix.codes), 10) == matrix.cells).all()
    commune = frames["layers"]["commune"]["codes"].split()
    cells = read_runs(base64.b64decode(frames["layers"]["commune"]["runs"]), 3, 10)
    assert cells[commune.index("90101")].tolist() == [1, 1, 1, 4, 4, 4, 4, 4, 4, 4]
    assert cells[commune.index("90102")].tolist() == [1] * 9 + [1 | 1 << 3]


@pytest.mark.django_db
def test_frames_tell_which_days_were_decided_alike_in_every_view():
    province = make_province(borders=[("90101", "90102")])
    province.post({}, complete=(0, 8), at=at(0))
    decide(province.communes["90102"], 3, since=2, until=4, at=at(0))
    decide(province.communes["90102"], 4, since=6, until=6, at=at(0))
    decide(province.districts["901"], 1, since=8, until=12, at=at(0))
    reassess(on=day(8), at=at(8))
    for number in range(9):
        put_out(province, number)

    known = draw_frames(province=province.area, on=day(8), at=at(8))
    then = frames_at(known_at(province=province.area, instant=at(8)))
    published = PublishedMap.objects.get().frames

    for body in (known.body, then, published.body):
        frames = json.loads(bytes(body))
        assert frames["layers"]["commune"]["codes"] == "90101 90102 90103"
        assert frames["decided"] == {"commune": [[1, 2, 4], [1, 6, 6]], "district": [[0, 8, 8]]}
        cells = read_runs(base64.b64decode(frames["layers"]["commune"]["runs"]), 3, 9)
        assert cells[1].tolist() == [1, 1, 3, 3, 3, 1, 4, 1, 1]


@pytest.mark.django_db
def test_frames_without_a_decision_say_nothing_of_them():
    province = make_province()
    province.post({("90101", 3): 2}, complete=(0, 8))
    reassess(on=day(8), at=AT)

    assert "decided" not in json.loads(draw_frames(province=province.area, on=day(8), at=AT).body)


@pytest.mark.django_db
def test_period_goes_on_to_today_while_reports_come_in():
    province = make_province()
    province.post({}, complete=(0, 8))
    reassess(on=day(12), at=AT)

    frames = json.loads(draw_frames(province=province.area, on=day(12), at=AT).body)

    assert frames["last_day"] == "2021-08-13"


@pytest.mark.django_db
def test_frames_are_drawn_once_for_each_change_of_levels():
    province = make_province()
    province.post({}, complete=(0, 8))
    reassess(on=day(40), at=AT)
    assert undrawn_provinces() == [province.area]

    first = draw_frames(province=province.area, on=day(40), at=AT)
    again = draw_frames(province=province.area, on=day(40), at=AT)
    assert again == first
    assert undrawn_provinces() == []

    province.post({("90101", 3): 1}, reason="đính chính")
    reassess(on=day(40), at=AT)
    assert undrawn_provinces() == [province.area]
    assert Assessment.objects.get().frames == first
    assert draw_frames(province=province.area, on=day(40), at=AT) != first


@pytest.mark.django_db
def test_frames_at_an_instant_are_those_that_were_known_then():
    province = make_province(districts={"901": ["90101", "90102"], "902": ["90201"]})
    province.post({("90101", 3): 2, ("90201", 4): 1}, complete=(0, 8), at=AT)
    reassess(on=day(8), at=AT)
    then = json.loads(draw_frames(province=province.area, on=day(8), at=AT).body)
    province.post({("90101", 3): 0}, reason="đính chính", at=AT + timedelta(minutes=1))

    knowledge = known_at(province=province.area, instant=AT)
    frames = json.loads(frames_at(knowledge))

    days = (AT.date() - day(0)).days + 1
    for kind, layer in then["layers"].items():
        codes = layer["codes"].split()
        assert frames["layers"][kind]["codes"] == layer["codes"]
        cells = read_runs(base64.b64decode(frames["layers"][kind]["runs"]), len(codes), days)
        assert (cells[:, :9] == read_runs(base64.b64decode(layer["runs"]), len(codes), 9)).all()
