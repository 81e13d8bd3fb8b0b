"""The league of districts: what their communes came to, read from a standing."""

import pytest

from campaign.league import league_of
from campaign.standing import standing_of
from riskmap.enums import RiskLevel
from tests.campaign.contest import KNOWN, Contest
from tests.campaign.units import make_group, make_unit
from tests.riskmap.province import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    made = Contest()
    made.report_days(0, 3, {"90101": 5})
    made.assess(3)
    return made


def league(contest):
    return {line.code: line for line in league_of(standing_of(phase=contest.phase, view=KNOWN))}


def test_districts_are_told_by_their_communes(contest):
    contest.register("90102", 1)
    contest.compute(3)

    lines = league(contest)

    assert list(lines) == ["902", "901"]  # all green first
    nine = lines["901"]
    assert (nine.name, nine.communes, nine.green, nine.green_at_start) == ("Huyện 901", 2, 1, 1)
    assert (nine.green_share, nine.registered_share, nine.days_green_each) == (0.5, 0.5, 2.0)
    assert (nine.cases, nine.steps_lowered, nine.days_green) == (20, 0, 4)
    assert (lines["902"].green_share, lines["902"].registered) == (1.0, 0)


def test_districts_as_green_as_each_other_are_parted_by_steps_lowered():
    contest = Contest()
    contest.report(0, {"90101": 5, "90102": 5})
    contest.report(1, {"90101": 5, "90102": 5, "90201": 5})
    contest.assess(1)
    contest.compute(1)

    lines = league(contest)

    assert [(code, line.green, line.steps_lowered) for code, line in lines.items()] == [
        ("901", 0, 0), ("902", 0, -3),
    ]  # fmt: skip


def test_own_level_of_a_district_stands_where_districts_compete(contest):
    contest.compute(3)
    assert {line.level for line in league(contest).values()} == {None}

    make_group(contest.campaign, "district")
    for area in contest.province.districts.values():
        make_unit(area)
    contest.compute(3)

    lines = league(contest)
    assert lines["902"].level == RiskLevel.NEW_NORMAL
    assert lines["902"].green_since == day(0)
    assert lines["901"].level > RiskLevel.NEW_NORMAL
    assert lines["901"].green_since is None


def test_campaign_without_communes_has_no_league():
    contest = Contest()
    contest.campaign.target_groups.all().delete()
    make_group(contest.campaign, "district")
    for area in contest.province.districts.values():
        make_unit(area)
    contest.report_days(0, 1)
    contest.assess(1)
    contest.compute(1)

    assert league(contest) == {}
