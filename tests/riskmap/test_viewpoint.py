"""Viewpoint: one day, seen from where one asks to see it, and refused where that cannot be told."""

from datetime import UTC, datetime, timedelta

import pytest

from riskmap.enums import RiskLevel
from riskmap.history import DayNotKnown, levels_on
from riskmap.levels import reassess
from riskmap.viewpoint import UnclearViewpoint, Viewpoint, levels_seen, read_viewpoint
from tests.riskmap.province import day, make_province
from tests.riskmap.test_editions import at, put_out

NOW = at(10, 9)


@pytest.mark.parametrize(
    ("text", "viewpoint"),
    [
        ("", Viewpoint("known")),
        (None, Viewpoint("known")),
        ("known", Viewpoint("known")),
        ("published", Viewpoint("published")),
        ("2021-08-08T17:00", Viewpoint(instant=at(7, 17))),
        ("2021-08-08T17:00+07:00", Viewpoint(instant=at(7, 17))),
        ("2021-08-08T17:00 07:00", Viewpoint(instant=at(7, 17))),  # a plus sign that an address swallowed
        ("2021-08-08T10:00:00Z", Viewpoint(instant=datetime(2021, 8, 8, 10, tzinfo=UTC))),
    ],
)
def test_viewpoint_is_read(text, viewpoint):
    assert read_viewpoint(text, at=NOW) == viewpoint


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "2021-08-08",
        "2021-13-08T17:00",
        "9999-12-31T23:59:59",
        "2021-08-11T09:01",
        "0001-01-01T00:00+14:00 x",
        "0001-01-01T00:00+14:00",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(UnclearViewpoint):
        read_viewpoint(text, at=NOW)


@pytest.fixture
def province(db):
    made = make_province(districts={"901": ["90101", "90102"]}, borders=[("90101", "90102")])
    made.post({("90101", 3): 2}, complete=(0, 3), at=at(3, 16))
    put_out(made, 3)
    made.post({("90101", 3): 0}, reason="đính chính", complete=(4, 4), at=at(4, 9))
    put_out(made, 4)
    reassess(on=day(4), at=at(4, 18))
    return made


def seen(province, number, viewpoint, kinds=("commune", "district", "province")):
    rows = levels_seen(province=province.area, day=day(number), viewpoint=viewpoint, on=day(10), kinds=kinds)
    return {row.code: row for row in rows}


def test_published_known_and_instant_see_the_same_day_differently(province):
    assert seen(province, 3, Viewpoint("published"))["90101"].level == RiskLevel.VERY_HIGH
    assert seen(province, 3, Viewpoint("known"))["90101"].level == RiskLevel.NEW_NORMAL
    assert seen(province, 3, Viewpoint(instant=at(3, 20)))["90101"].level == RiskLevel.VERY_HIGH
    assert seen(province, 3, Viewpoint(instant=at(4, 9)))["90101"].level == RiskLevel.NEW_NORMAL


def test_an_instant_after_the_last_post_sees_what_is_known(province):
    known = levels_on(province=province.area, day=day(3), kinds=("commune", "district", "province"))

    assert list(seen(province, 3, Viewpoint(instant=at(5, 0))).values()) == known


def test_an_edition_sees_what_its_cut_off_knew(province):
    for number in (3, 4):
        published = seen(province, number, Viewpoint("published"))
        then = seen(province, number, Viewpoint(instant=at(number, 17)))

        for code, row in published.items():
            assert (row.level, row.provisional, row.criteria) == (
                then[code].level,
                then[code].provisional,
                then[code].criteria,
            )


def test_since_counts_published_days(province):
    rows = seen(province, 4, Viewpoint("published"))

    assert rows["90101"].since == day(4)
    assert rows["901"].parent_code == "90"


@pytest.mark.parametrize(
    ("number", "viewpoint"),
    [
        (2, Viewpoint("published")),
        (-1, Viewpoint("known")),
        (11, Viewpoint("known")),
        (4, Viewpoint(instant=at(3, 23))),
        (3, Viewpoint(instant=at(3, 16) - timedelta(microseconds=1))),
    ],
)
def test_day_that_cannot_be_seen_from_there_is_refused(province, number, viewpoint):
    with pytest.raises(DayNotKnown):
        seen(province, number, viewpoint)
