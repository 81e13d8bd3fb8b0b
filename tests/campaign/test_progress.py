"""Progress to a map that is green all over, as known and as published."""

import pytest

from campaign.progress import progress_of
from tests.campaign.contest import KNOWN, PUBLISHED, Contest, noon
from tests.riskmap.province import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    made = Contest(target="Xanh hóa toàn bản đồ", target_day=day(9))
    made.live(0, 3, {"90101": 5})
    return made


def levels(progress):
    return [{level.key: count for level, count in each.levels.items() if count} for each in progress.days]


def test_communes_of_each_level_are_counted_day_by_day(contest):
    for view in (KNOWN, PUBLISHED):
        progress = progress_of(phase=contest.phase, view=view, on=day(3))

        assert [each.day for each in progress.days] == [day(number) for number in range(4)]
        assert levels(progress) == [{"very_high": 1, "new_normal": 2}] * 4
        assert {(each.green, each.communes) for each in progress.days} == {(2, 3)}
        assert (progress.target, progress.target_day) == ("Xanh hóa toàn bản đồ", day(9))
        assert progress.first_green_all_over is None


def test_correction_moves_what_is_known_alone_and_tells_since_when_all_is_green(contest):
    contest.province.post({("90101", number): 0 for number in range(2)}, reason="đính chính", at=noon(4))
    contest.province.post({("90101", number): 0 for number in range(2, 4)}, reason="đính chính", at=noon(4))
    contest.assess(3)

    known = progress_of(phase=contest.phase, view=KNOWN, on=day(3))
    published = progress_of(phase=contest.phase, view=PUBLISHED, on=day(3))

    assert levels(known) == [{"new_normal": 3}] * 4
    assert known.first_green_all_over == day(0)
    assert levels(published) == [{"very_high": 1, "new_normal": 2}] * 4


def test_days_without_an_edition_are_not_told_as_published():
    contest = Contest()
    for number in range(3):
        contest.report(number)
        contest.assess(number)
        if number != 1:
            contest.publish(number)

    published = progress_of(phase=contest.phase, view=PUBLISHED, on=day(2))

    assert [each.day for each in published.days] == [day(0), day(2)]
    assert published.first_green_all_over == day(0)


def test_missing_reports_are_counted_as_provisional(contest):
    contest.province.post({("90101", 4): 5}, at=noon(4))
    contest.assess(4)

    last = progress_of(phase=contest.phase, view=KNOWN, on=day(4)).days[-1]

    assert (last.day, last.provisional) == (day(4), 2)


def test_phase_that_has_not_begun_or_nothing_is_known_of_has_no_days():
    contest = Contest()
    contest.report_days(-2, -1)
    contest.assess(-1)

    assert progress_of(phase=contest.phase, view=KNOWN, on=day(-1)).days == ()
    assert progress_of(phase=contest.phase, view=PUBLISHED, on=day(-1)).days == ()
    assert progress_of(phase=Contest("91").phase, view=KNOWN, on=day(3)).days == ()
