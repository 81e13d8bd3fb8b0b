"""Silence: who gave no report of a day, and since when."""

import pytest

from core.people import system_user
from riskmap.counts import CountRow, post_counts
from riskmap.silence import last_reports
from tests.factories import HamletFactory
from tests.riskmap.province import day, make_province
from tests.riskmap.test_editions import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    made = make_province()
    made.post({}, complete=(0, 2), at=at(2, 16))
    made.post({("90101", 3): 1}, at=at(3, 16))
    made.post({("90102", 3): 0}, reason="báo muộn", at=at(3, 20))
    return made


def reports(province, number, moment):
    ids = {area.pk: code for code, area in province.communes.items()}
    found = last_reports(list(ids), day=day(number), instant=moment)
    return {ids[pk]: last for pk, last in found.items()}


def test_report_of_zero_and_complete_coverage_are_reports(province):
    assert reports(province, 3, at(4)) == {"90101": day(3), "90102": day(3), "90103": day(2)}


def test_report_that_came_after_the_instant_is_not_there(province):
    assert reports(province, 3, at(3, 17))["90102"] == day(2)


def test_report_of_a_later_day_says_nothing_of_the_day(province):
    assert reports(province, 1, at(4)) == dict.fromkeys(province.communes, day(1))


def test_commune_that_never_reported_has_no_last_report():
    made = make_province()
    made.post({("90101", 0): 1}, at=at(0, 16))

    assert reports(made, 0, at(1)) == {"90101": day(0), "90102": None, "90103": None}


def test_report_of_a_hamlet_is_not_one_of_its_commune(province):
    hamlet = HamletFactory(parent=province.communes["90103"], valid_from=day(0))
    post_counts(
        source=province.source(),
        rows=[CountRow(hamlet.pk, day(3), unknown_source=1)],
        coverages=[],
        reason="thôn báo",
        by=system_user(),
        at=at(3, 18),
    )

    assert reports(province, 3, at(4))["90103"] == day(2)
