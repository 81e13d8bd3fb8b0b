"""An area over time: its levels as stretches, its cases with missing reports told from zeros."""

from datetime import date

import numpy as np
import pytest

from riskmap.area_series import (
    Stretch,
    cases_by_day,
    level_since,
    runs_of,
    stretches,
    stretches_of_cells,
)
from riskmap.changes import Correction, DayDifference
from riskmap.enums import RiskLevel
from riskmap.levels import reassess
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db

GREEN, RED, NONE = RiskLevel.NEW_NORMAL, RiskLevel.VERY_HIGH, RiskLevel.NO_DATA


def test_stretches_cover_every_day_once_and_join_what_differs_in_grounds_only():
    province = make_province()
    # Two criteria are met from the 5th, one of them alone from the 20th: one red stretch all the same.
    province.post({("90101", 4): 2, ("90101", 6): 2}, complete=(0, 24))
    reassess(on=day(24), at=AT, provinces=[province.area])

    found = stretches(area=province.communes["90101"], first=day(0), last=day(24))

    assert found == [
        Stretch(day(0), day(3), GREEN, False),
        Stretch(day(4), day(19), RED, False),
        Stretch(day(20), day(24), GREEN, False),
    ]
    assert sum(each.days for each in found) == 25


def test_stretches_before_the_first_report_have_no_data():
    province = make_province(districts={"901": ["90101", "90102"]})
    province.post({("90101", number): 0 for number in range(6)} | {("90102", 3): 0})
    reassess(on=day(5), at=AT, provinces=[province.area])

    found = stretches(area=province.communes["90102"], first=day(0), last=day(5))

    assert found[0] == Stretch(day(0), day(2), NONE, False)
    assert found[1].first_day == day(3)
    assert found[-1].last_day == day(5)


def test_level_since_goes_back_over_provisional_days():
    line = [
        Stretch(date(2021, 8, 1), date(2021, 8, 4), GREEN, False),
        Stretch(date(2021, 8, 5), date(2021, 8, 9), RED, False),
        Stretch(date(2021, 8, 10), date(2021, 8, 12), RED, True),
        Stretch(date(2021, 8, 13), date(2021, 8, 20), GREEN, True),
    ]

    assert level_since(line, date(2021, 8, 11)) == date(2021, 8, 5)
    assert level_since(line, date(2021, 8, 7)) == date(2021, 8, 5)
    assert level_since(line, date(2021, 8, 20)) == date(2021, 8, 13)


def test_cases_tell_a_missing_report_from_a_zero():
    province = make_province()
    province.post({("90101", 1): {"unknown_source": 1, "known_source": 2}}, complete=(0, 2))
    province.post({("90102", 3): 0, ("90101", 4): 0})

    found = cases_by_day(area=province.communes["90101"], first=day(0), last=day(4))

    assert [(each.reported, each.total) for each in found] == [
        (True, 0),
        (True, 3),
        (True, 0),
        (False, 0),
        (True, 0),
    ]
    assert (found[1].unknown_source, found[1].known_source) == (1, 2)


def test_cases_of_a_district_and_province_are_those_of_its_communes():
    province = make_province(districts={"901": ["90101", "90102"], "9010": ["90199"]})
    province.post({("90101", 0): 1, ("90102", 0): 2, ("90199", 0): 4})

    def totals(area):
        return [each.total for each in cases_by_day(area=area, first=day(0), last=day(0))]

    assert totals(province.districts["901"]) == [3]
    assert totals(province.area) == [7]


def test_stretches_of_cells_leave_out_the_days_nobody_told():
    cells = np.array([1, 1, 0, 4, 12, 0], np.uint8)
    told = np.array([True, True, False, True, True, True])

    assert stretches_of_cells(cells, first=day(0), told=told) == [
        Stretch(day(0), day(1), GREEN, False),
        Stretch(day(3), day(3), RED, False),
        Stretch(day(4), day(4), RED, True),
        Stretch(day(5), day(5), NONE, False),
    ]


def test_level_since_does_not_reach_over_a_day_nobody_told():
    line = [Stretch(day(0), day(1), RED, False), Stretch(day(3), day(4), RED, False)]

    assert level_since(line, day(4)) == day(3)
    assert level_since(line, day(2)) is None


def test_runs_join_days_in_a_row_with_the_same_levels():
    said = [Correction("90101", "Xã", day(0), AT, "huyện", "sửa", 2, after) for after in (1, 0)]
    days = [
        DayDifference(day(1), 1, RED, GREEN, (said[0],)),
        DayDifference(day(2), 2, RED, GREEN, (said[0], said[1])),
        DayDifference(day(3), 3, RED, RiskLevel.HIGH, ()),
        DayDifference(day(5), 5, RED, RiskLevel.HIGH, ()),
    ]

    runs = runs_of(days)

    assert [(run.first_day, run.last_day, run.days, run.known) for run in runs] == [
        (day(5), day(5), 1, RiskLevel.HIGH),
        (day(3), day(3), 1, RiskLevel.HIGH),
        (day(1), day(2), 2, GREEN),
    ]
    assert runs[-1].corrections == tuple(said)
