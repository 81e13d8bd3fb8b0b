"""Changes: what moved between two days and why, and what was shown that is known better now."""

from itertools import pairwise

import pytest

from riskmap.changes import changes_between, differences_of, differences_on, differing_cells
from riskmap.enums import RiskLevel
from riskmap.history import DayNotKnown
from riskmap.levels import reassess
from riskmap.viewpoint import Viewpoint
from tests.riskmap.province import day, make_province
from tests.riskmap.test_editions import at, put_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    made = make_province(
        districts={"901": ["90101", "90102"], "902": ["90201"]},
        borders=[("90101", "90102"), ("90102", "90201")],
    )
    made.post({}, complete=(0, 2), at=at(2, 16))
    put_out(made, 2)
    made.post({("90101", 3): 2}, complete=(3, 3), at=at(3, 16))
    put_out(made, 3)
    reassess(on=day(3), at=at(3, 18))
    return made


def moves(changes):
    return [(c.after.code, c.before.level.key, c.after.level.key, c.after.criteria) for c in changes]


@pytest.mark.parametrize("viewpoint", [Viewpoint(), Viewpoint("published"), Viewpoint(instant=at(3, 17))])
def test_changes_name_the_criteria_that_moved_each_commune(province, viewpoint):
    changes = changes_between(
        province=province.area, first=day(2), last=day(3), viewpoint=viewpoint, on=day(3)
    )

    assert moves(changes) == [
        ("90101", "new_normal", "very_high", ("xa.do.1",)),
        ("90102", "new_normal", "high", ("xa.cam.2",)),
        ("90201", "new_normal", "elevated", ("xa.vang.3",)),
    ]


def test_changes_before_the_cut_off_that_did_not_know_them_are_none(province):
    viewpoint = Viewpoint(instant=at(3, 15))

    changes = changes_between(
        province=province.area, first=day(2), last=day(2), viewpoint=viewpoint, on=day(3)
    )

    assert changes == []


def test_nothing_differs_while_nothing_was_corrected(province):
    assert differences_on(province=province.area, day=day(3), on=day(3)) == []
    assert differing_cells(province=province.area, kind="commune", first=day(0), last=day(3)) == []


def test_differences_are_listed_with_the_correction_that_caused_each(province):
    province.post({("90101", 3): 0}, reason="trùng mã ca", at=at(4, 9))
    reassess(on=day(4), at=at(4, 9))

    differences = differences_on(province=province.area, day=day(3), on=day(4))

    assert [(d.published.code, d.published.level, d.known.level) for d in differences] == [
        ("90101", RiskLevel.VERY_HIGH, RiskLevel.NEW_NORMAL),
        ("90102", RiskLevel.HIGH, RiskLevel.NEW_NORMAL),
        ("90201", RiskLevel.ELEVATED, RiskLevel.NEW_NORMAL),
    ]
    for difference in differences:
        (correction,) = difference.corrections
        assert (correction.area_code, correction.day, correction.before, correction.after) == (
            "90101",
            day(3),
            2,
            0,
        )
        assert (correction.reason, correction.source) == ("trùng mã ca", "huyện")


def test_nearest_corrections_are_given_alone(province):
    province.post({("90101", 3): 0, ("90201", 1): 2}, reason="đính chính", at=at(4, 9))
    reassess(on=day(4), at=at(4, 9))

    by_code = {d.published.code: d for d in differences_on(province=province.area, day=day(3), on=day(4))}

    assert {c.area_code for c in by_code["90201"].corrections} == {"90201"}
    assert {c.area_code for c in by_code["90101"].corrections} == {"90101"}


def test_district_differences_name_the_communes_below(province):
    province.post({("90101", 3): 0}, reason="đính chính", at=at(4, 9))
    reassess(on=day(4), at=at(4, 9))

    by_code = {
        d.published.code: d
        for d in differences_on(province=province.area, day=day(3), on=day(4), kinds=("district", "province"))
    }

    assert {c.area_code for c in by_code["901"].corrections} == {"90101"}
    assert {c.area_code for c in by_code["90"].corrections} == {"90101"}


def test_differing_cells_name_codes_and_days(province):
    province.post({("90101", 3): 0}, reason="đính chính", at=at(4, 9))
    reassess(on=day(4), at=at(4, 9))

    cells = differing_cells(province=province.area, kind="commune", first=day(0), last=day(4))

    assert cells == [("90101", day(3)), ("90102", day(3)), ("90201", day(3))]


def test_differences_of_an_unpublished_day_are_refused(province):
    with pytest.raises(DayNotKnown):
        differences_on(province=province.area, day=day(1), on=day(3))


def test_number_of_queries_does_not_grow_with_the_communes(django_assert_max_num_queries):
    codes = [f"901{number:02d}" for number in range(60)]
    made = make_province(districts={"901": codes}, borders=pairwise(codes))
    made.post({(code, 0): 2 for code in codes}, complete=(0, 3), at=at(3, 16))
    put_out(made, 3)
    made.post({(code, 0): 0 for code in codes}, reason="đính chính", at=at(4, 9))
    reassess(on=day(4), at=at(4, 9))

    with django_assert_max_num_queries(16):
        assert len(differences_on(province=made.area, day=day(3), on=day(4))) == 60


def test_differences_of_one_area_go_by_day(province):
    province.post({("90101", 3): 0}, reason="trùng mã ca", at=at(4, 9))
    reassess(on=day(4), at=at(4, 9))

    (difference,) = differences_of(area=province.communes["90102"], first=day(0), last=day(4))

    assert (difference.day, difference.edition) == (day(3), 2)
    assert (difference.published, difference.known) == (RiskLevel.HIGH, RiskLevel.NEW_NORMAL)
    (correction,) = difference.corrections
    assert (correction.area_code, correction.before, correction.after) == ("90101", 2, 0)
    assert differences_of(area=province.communes["90102"], first=day(0), last=day(2)) == []


@pytest.mark.parametrize("code", ["901", "90"])
def test_differences_of_a_district_and_province_name_the_communes_below(province, code):
    province.post({("90101", 3): 0}, reason="trùng mã ca", at=at(4, 9))
    reassess(on=day(4), at=at(4, 9))
    area = province.area if code == "90" else province.districts[code]

    (difference,) = differences_of(area=area, first=day(0), last=day(4))

    assert [each.area_code for each in difference.corrections] == ["90101"]


def test_what_was_said_again_unchanged_is_no_correction(province):
    province.post({("90101", 3): 0, ("90102", 2): 0}, at=at(4, 8))
    province.post({("90101", 3): 0, ("90102", 2): 0}, reason="gửi lại", at=at(4, 9))
    reassess(on=day(4), at=at(4, 9))

    (difference,) = differences_of(area=province.communes["90101"], first=day(0), last=day(4))

    assert [(each.day, each.reason) for each in difference.corrections] == [(day(3), "báo cáo ngày")]


def test_differences_of_an_area_take_as_many_queries_for_many_days_as_for_one(django_assert_num_queries):
    made = make_province(borders=[("90101", "90102")])
    made.post({("90101", 0): 2}, complete=(0, 6), at=at(0, 16))
    for number in range(7):
        put_out(made, number)
    made.post({("90101", 0): 0}, reason="đính chính", at=at(7, 9))
    reassess(on=day(7), at=at(7, 9))

    with django_assert_num_queries(8):
        assert len(differences_of(area=made.communes["90101"], first=day(0), last=day(0))) == 1
    with django_assert_num_queries(8):
        assert len(differences_of(area=made.communes["90101"], first=day(0), last=day(7))) == 7
