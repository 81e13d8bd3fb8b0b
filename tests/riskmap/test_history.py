"""History: a day is read as it is known, and no other day in its place."""

import pytest

from core.enums import AreaKind
from riskmap.enums import RiskLevel
from riskmap.history import DayNotKnown, assessment_of, check_day, levels_by_day, levels_on, spans_of
from riskmap.levels import reassess
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    made = make_province(borders=[("90101", "90102")])
    made.post({("90101", 3): 2, ("90101", 5): {"known_source": 1}}, complete=(0, 30))
    reassess(on=day(30), at=AT)
    return made


def test_levels_on_gives_level_grounds_and_since_when(province):
    rows = {row.code: row for row in levels_on(province=province.area, day=day(6))}

    assert list(rows) == ["90101", "90102", "90103"]
    assert rows["90101"].level == RiskLevel.VERY_HIGH
    assert rows["90101"].criteria == ("xa.do.1",)
    assert rows["90101"].since == day(3)
    assert rows["90101"].days_in_level(day(6)) == 4
    assert rows["90102"].criteria == ("xa.cam.2",)
    assert rows["90103"].level == RiskLevel.NEW_NORMAL
    assert rows["90103"].parent_code == "901"


def test_since_is_the_first_day_of_the_level_over_changes_of_its_grounds():
    province = make_province()
    province.post({("90101", 0): {"known_source": 1}, ("90101", 2): {"close_contacts": 1}}, complete=(0, 30))
    reassess(on=day(30), at=AT)

    row = next(row for row in levels_on(province=province.area, day=day(15)) if row.code == "90101")

    assert row.criteria == ("xa.vang.2",)
    assert row.since == day(0)


def test_levels_on_asks_the_same_number_of_queries_for_any_number_of_communes(
    province, django_assert_num_queries
):
    with django_assert_num_queries(2):
        levels_on(province=province.area, day=day(6), kinds=(AreaKind.COMMUNE, AreaKind.DISTRICT))


def test_day_outside_what_is_known_is_refused(province):
    assessment = assessment_of(province.area)

    check_day(assessment, day(0), on=day(30))
    check_day(assessment, day(30), on=day(30))
    for unknown in (day(-1), day(31)):
        with pytest.raises(DayNotKnown):
            check_day(assessment, unknown, on=day(30))


def test_province_without_levels_is_refused():
    with pytest.raises(DayNotKnown):
        assessment_of(make_province().area)


def test_levels_by_day_has_a_row_for_every_area_and_day(province):
    rows = levels_by_day(province=province.area, kind=AreaKind.COMMUNE, first=day(2), last=day(3))

    assert [(row[0], row[1], row[2], row[4]) for row in rows] == [
        (day(2), "90101", 1, []),
        (day(2), "90102", 1, []),
        (day(2), "90103", 1, []),
        (day(3), "90101", 4, ["xa.do.1"]),
        (day(3), "90102", 3, ["xa.cam.2"]),
        (day(3), "90103", 1, []),
    ]


def test_levels_by_day_before_the_first_report_have_no_level(province):
    rows = levels_by_day(province=province.area, kind=AreaKind.COMMUNE, first=day(-1), last=day(-1))

    assert {(row[2], row[3]) for row in rows} == {(RiskLevel.NO_DATA, False)}


def test_unit_that_ended_has_no_row_afterwards(province):
    ended = province.communes["90103"]
    ended.valid_to = day(10)
    ended.save()

    codes = {
        number: [row.code for row in levels_on(province=province.area, day=day(number))]
        for number in (10, 11)
    }
    by_day = levels_by_day(province=province.area, kind=AreaKind.COMMUNE, first=day(10), last=day(11))

    assert codes == {10: ["90101", "90102", "90103"], 11: ["90101", "90102"]}
    assert [row[1] for row in by_day if row[0] == day(11)] == ["90101", "90102"]


def test_spans_of_are_cut_to_the_period(province):
    spans = spans_of(area=province.communes["90101"], first=day(1), last=day(4))

    assert [(span.first_day, span.last_day, span.level) for span in spans] == [
        (day(1), day(2), RiskLevel.NEW_NORMAL),
        (day(3), day(4), RiskLevel.VERY_HIGH),
    ]
