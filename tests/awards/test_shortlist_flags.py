"""Flags and ranges of a shortlist, each from what was written in the ledger."""

from datetime import timedelta

import pytest

from awards.enums import ShortlistStage
from awards.shortlist_table import WITHOUT_LAST_DAYS
from riskmap.counts import CountRow, post_counts
from riskmap.lock_exceptions import grant_exception
from tests.awards.contests import (
    at_deadline,
    at_end,
    flags,
    line,
    make_contest,
    midnight,
    shortlist_of,
    touching,
)
from tests.campaign.contest import noon
from tests.factories import UserFactory
from tests.riskmap.province import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    """Twenty days on which nobody had a case."""
    contest = make_contest()
    contest.report_days(0, 19)
    return contest


def end_of(contest):
    contest.assess(20)
    return at_end(contest)


def test_quiet_phase_has_no_flags(contest):
    assert [flags(end_of(contest), code) for code in ("90101", "90102", "90201")] == [[], [], []]


def test_days_that_nobody_reported_are_flagged_with_their_rows():
    contest = make_contest()
    contest.report_days(0, 14)
    contest.assess(16)

    flag = line(at_deadline(contest), "90101").flags[0]

    assert (flag.code, flag.count) == ("missing_reports", 2)
    assert flag.words == "2 ngày của đợt là mức tạm tính, do thiếu báo cáo."
    assert [(row.code, row.day) for row in flag.rows] == [("90101", day(15)), ("90101", day(16))]
    assert flag.links[0].address == f"/counts/90101/{day(15)}/history/"


@pytest.mark.parametrize(
    ("days_later", "flagged"), [(2, []), (3, ["back_dated"])], ids=["within two days", "later"]
)
def test_cases_taken_away_later_than_two_days_after_are_flagged(contest, days_later, flagged):
    contest.province.post({("90101", 5): 4}, at=noon(5))
    contest.province.post({("90101", 5): 1}, reason="trùng mã", at=noon(5 + days_later))

    table = end_of(contest)

    assert flags(table, "90101") == flagged
    if flagged:
        flag = line(table, "90101").flags[0]
        assert (flag.count, flag.cases) == (1, 3)
        assert flag.words.startswith("Bớt 3 F0 bằng 1 lần ghi muộn")


def test_cases_taken_away_after_the_deadline_are_flagged_however_soon(contest):
    contest.province.post({("90101", 16): 4}, at=noon(16))
    contest.province.post({("90101", 16): 0}, reason="trùng mã", at=midnight(17))

    assert flags(end_of(contest), "90101") == ["back_dated"]


def test_cases_added_late_are_no_flag_and_those_before_the_window_are_none(contest):
    contest.province.post({("90101", 5): 4}, at=noon(5))
    contest.province.post({("90101", 5): 6}, reason="bổ sung", at=noon(12))
    contest.report_days(-14, -1)
    contest.province.post({("90201", -14): 4}, at=noon(-14))
    contest.province.post({("90201", -14): 0}, reason="trùng mã", at=noon(3))

    table = end_of(contest)

    assert (flags(table, "90101"), flags(table, "90201")) == ([], [])


def test_cases_of_the_days_that_bear_on_the_first_level_count(contest):
    contest.report_days(-13, -1)
    contest.province.post({("90201", -13): 4}, at=noon(-13))
    contest.province.post({("90201", -13): 0}, reason="trùng mã", at=noon(3))

    assert flags(end_of(contest), "90201") == ["back_dated"]


def moved(contest, *, by, other, later: timedelta, to="90201"):
    contest.province.post({("90102", 5): {"isolated": 2}}, at=noon(5))
    contest.province.post({("90102", 5): {"isolated": 0}}, reason="nơi cư trú", by=by, at=noon(6))
    contest.province.post({(to, 5): {"isolated": 2}}, reason="nơi cư trú", by=other, at=noon(6) + later)


def test_cases_that_turn_up_next_door_by_the_same_person_are_flagged(contest):
    touching(contest)
    clerk = UserFactory()
    moved(contest, by=clerk, other=clerk, later=timedelta(days=3))

    table = end_of(contest)

    assert (flags(table, "90102"), flags(table, "90201")) == (["moved_to_neighbour"], [])
    flag = line(table, "90102").flags[0]
    assert [row.code for row in flag.rows] == ["90102", "90201"]
    assert flag.cases == 2


@pytest.mark.parametrize("why", ["another person", "too late", "no border", "its report of the day"])
def test_cases_next_door_that_are_no_move_are_not_flagged(contest, why):
    clerk = UserFactory()
    if why != "no border":
        touching(contest)
    later = timedelta(days=3, seconds=1) if why == "too late" else timedelta(hours=1)
    if why == "its report of the day":
        contest.province.post({("90102", 18): {"isolated": 2}}, by=clerk, at=noon(18))
        contest.province.post({("90102", 18): {"isolated": 0}}, reason="trùng", by=clerk, at=noon(18))
        contest.province.post({("90201", 18): {"isolated": 2}}, by=clerk, at=noon(18))
    else:
        moved(contest, by=clerk, other=UserFactory() if why == "another person" else clerk, later=later)

    assert "moved_to_neighbour" not in flags(end_of(contest), "90102")


def test_cases_moved_in_one_posting_are_flagged(contest):
    touching(contest)
    contest.province.post({("90102", 5): {"isolated": 2}}, at=noon(5))
    post_counts(
        source=contest.province.source(),
        rows=[
            CountRow(contest.province.communes[code].pk, day(5), isolated=cases)
            for code, cases in (("90102", 0), ("90201", 2))
        ],
        reason="nơi cư trú",
        by=UserFactory(),
        at=noon(6),
    )

    assert flags(end_of(contest), "90102") == ["moved_to_neighbour"]


def counted_twice(*, accepted: bool):
    """90101 is red as published on day 16, by a case of day 15; two days later the case is taken away."""
    contest = make_contest()
    contest.report_days(0, 14)
    contest.assess(14)
    contest.live(15, 16, {"90101": 5})
    if accepted:
        contest.province.accept(15, 16, at=noon(16).replace(hour=18))
        for number in (15, 16):
            grant_exception(
                area=contest.province.communes["90101"], day=day(number), reason="trùng mã",
                expires_at=noon(18), by=UserFactory(), at=noon(16).replace(hour=20),
            )  # fmt: skip
    contest.province.post(
        {("90101", 15): 0, ("90101", 16): 0}, reason="trùng mã", document="7/SYT", at=noon(17)
    )
    contest.assess(17)
    return shortlist_of(contest, ShortlistStage.DEADLINE, noon(17))


def test_what_only_became_better_by_corrections_of_locked_days_is_flagged():
    table = counted_twice(accepted=True)

    one = line(table, "90101")
    assert one.eligible
    assert [flag.code for flag in one.flags] == ["back_dated", "improved_only_late"]
    assert one.flags[1].words == (
        "Bản đồ đã công bố: đỏ; số biết hiện nay: xanh. Khác nhau là do 2 lần đính chính ghi sau khi ngày đó "
        "đã được duyệt."
    )


def test_what_was_corrected_before_it_was_accepted_is_not_flagged_so():
    table = counted_twice(accepted=False)

    assert flags(table, "90101") == ["back_dated"]


def test_district_has_the_corrections_of_its_communes():
    from tests.campaign.units import make_group, make_unit

    contest = make_contest()
    make_group(contest.campaign, "district")
    for area in contest.province.districts.values():
        make_unit(area)
    contest.report_days(0, 19)
    contest.province.post({("90101", 5): 4}, at=noon(5))
    contest.province.post({("90101", 5): 0}, reason="trùng mã", at=noon(9))

    table = end_of(contest)

    assert (flags(table, "901"), flags(table, "902")) == (["back_dated"], [])
    assert line(table, "901").flags[0].rows[0].code == "90101"


def test_range_is_told_without_the_last_days_and_with_a_fifth_more_or_less():
    """All green: 90101 had 11 cases, 90102 ten and 90201 nine, each before it counted for a level."""
    contest = make_contest()
    contest.report_days(0, 19)
    for code, cases in (("90101", 11), ("90102", 10)):
        contest.province.post({(code, 5): {"isolated": cases}}, at=noon(5))
    contest.province.post({("90201", 18): {"isolated": 12}}, at=noon(18))

    table = end_of(contest)

    one, two, three = (line(table, code) for code in ("90101", "90102", "90201"))
    assert [each.rank_known for each in (two, one, three)] == [1, 2, 3]
    assert (three.ranks[WITHOUT_LAST_DAYS], one.ranks[WITHOUT_LAST_DAYS]) == (1, 3)
    assert (one.ranks["cases_per_100k:-"], one.ranks["cases_per_100k:+"]) == (1, 3)
    assert (one.rank_low, one.rank_high) == (1, 3)
    assert "bỏ 3 ngày cuối: hạng 3" in one.range_words
    assert "số F0 trên 100.000 dân bớt 20%: hạng 1" in one.range_words


def test_class_that_the_last_days_made_is_said():
    contest = make_contest()
    contest.report_days(0, 17)
    contest.report(18, {"90101": {"close_contacts": 1}})
    contest.report(19)

    one = line(end_of(contest), "90101")

    assert WITHOUT_LAST_DAYS not in one.ranks
    assert "bỏ 3 ngày cuối thì thuộc nhóm “Giữ vững vùng xanh”" in one.range_words
