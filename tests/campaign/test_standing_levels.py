"""Levels and cases of a phase, read fast, say what the pages of an area say."""

from datetime import datetime

import numpy as np
import pytest

from campaign.standing_areas import ground_of
from campaign.standing_cases import cases_known_at, known_cases
from campaign.standing_levels import cells_of_spans, known_levels, published_levels, read_spans
from core.enums import AreaKind
from core.models import Area
from riskmap.area_series import cases_by_day
from riskmap.history import level_matrix
from riskmap.published import published_matrix
from tests.campaign.contest import HERE, Contest, noon
from tests.factories import ProvinceFactory
from tests.riskmap.province import day

pytestmark = pytest.mark.django_db
FIRST, LAST = day(1), day(6)
TIERS = (AreaKind.COMMUNE, AreaKind.DISTRICT, AreaKind.PROVINCE)


@pytest.fixture
def contest():
    made = Contest()
    for number in range(8):
        made.report(number, {"90101": number % 3, "90201": 5 * (number == 4)})
        made.assess(number)
        if number not in (3, 7):
            made.publish(number)
    made.province.post({("90102", 8): 1}, at=noon(8))  # the others fell silent
    made.assess(8)
    return made


def by_code(ground, cells):
    return dict(zip(ground.codes, cells.tolist(), strict=True))


def test_known_cells_are_those_of_the_map(contest):
    ground = ground_of(contest.province.area)

    for last in (LAST, day(8)):
        mine = by_code(ground, known_levels(ground, first=FIRST, last=last).cells)
        for kind in TIERS:
            theirs = level_matrix(province=contest.province.area, kind=kind, first=FIRST, last=last)
            for code, row in zip(theirs.codes, (theirs.cells & 15).tolist(), strict=True):
                assert mine[code] == row
    assert len({tuple(row) for row in mine.values()}) > 2
    assert any(cell & 8 for row in mine.values() for cell in row)


def test_published_cells_are_those_of_the_editions_and_none_of_other_days(contest):
    ground = ground_of(contest.province.area)

    levels = published_levels(ground, province=contest.province.area, first=FIRST, last=day(7))

    assert list(levels.editions) == [day(number) for number in (1, 2, 4, 5, 6)]
    for kind in TIERS:
        theirs = published_matrix(province=contest.province.area, kind=kind, first=FIRST, last=day(7))
        for code, row in zip(theirs.codes, (theirs.cells & 15).tolist(), strict=True):
            assert by_code(ground, levels.cells)[code] == row
    assert not levels.cells[:, [2, 6]].any()
    days = cells_of_spans(levels.spans, areas=len(ground), days=7)
    assert np.array_equal(days, levels.cells)


def test_spans_are_read_of_the_areas_named_alone(contest):
    area = contest.province.communes["90201"]

    spans = read_spans(np.array([area.pk]), first=FIRST, last=LAST)

    assert set(spans.row.tolist()) == {0}
    assert (spans.first.min(), spans.last.max()) == (0, 5)
    none = read_spans(np.array([area.pk]), first=day(-9), last=day(-5))
    assert len(none.row) == 0


def test_cases_are_those_of_the_page_of_an_area(contest):
    ground = ground_of(contest.province.area)
    found = by_code(ground, known_cases(ground, first=FIRST, last=LAST))

    for area in Area.objects.under(contest.province.area):
        theirs = [each.total for each in cases_by_day(area=area, first=FIRST, last=LAST)]
        assert found[area.code] == np.cumsum(theirs).tolist()
    assert found["90"][-1] == 5 + 1 + 2 + 1 + 2 + 0


def test_cases_as_an_instant_knew_them_do_not_follow_corrections(contest):
    contest.province.post({("90101", 2): 50}, reason="đính chính", at=noon(9))
    ground = ground_of(contest.province.area)

    def cases(number):
        instant = datetime.combine(day(number), noon(number).timetz(), HERE)
        return by_code(ground, cases_known_at(ground, first=FIRST, last=LAST, instant=instant))

    assert (cases(8)["90101"], cases(9)["90101"]) == (6, 54)
    assert (cases(8)["901"], cases(9)["90"]) == (6, 59)
    assert cases(2)["90201"] == 0  # day 4 was to come


def test_people_of_a_district_are_those_of_its_communes_unless_one_is_unknown(contest):
    def people():
        ground = ground_of(contest.province.area)
        return by_code(ground, ground.people_on(FIRST))

    assert (people()["901"], people()["902"], people()["90"]) == (20_000, 10_000, 30_000)
    Area.objects.filter(code="90102").update(population=None, population_year=None)
    assert (people()["901"], people()["902"], people()["90"]) == (0, 10_000, 0)
    Area.objects.filter(code="901").update(population=7, population_year=2019)
    assert people()["901"] == 7


def test_ground_of_a_province_without_units_has_itself_alone():
    ground = ground_of(ProvinceFactory(code="77"))

    assert (ground.codes, len(ground)) == (("77",), 1)
    assert known_cases(ground, first=FIRST, last=LAST).tolist() == [[0] * 6]
