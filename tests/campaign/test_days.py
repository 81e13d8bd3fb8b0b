"""Which phase a day counts for, how a campaign stands, and what a deadline says to the minute."""

from datetime import UTC, date, datetime

import pytest

from campaign.days import counts_for, deadline_words, last_whole_day, phases_of_day, shared_days, stands_on
from campaign.models import Phase

FIRST = Phase(code="dot-1", name="Đợt 1", first_day=date(2021, 9, 1), last_day=date(2021, 9, 10))
SECOND = Phase(code="dot-2", name="Đợt 2", first_day=date(2021, 9, 10), last_day=date(2021, 12, 31))
LATE = Phase(code="dot-3", name="Đợt 3", first_day=date(2022, 2, 1), last_day=date(2022, 2, 9))
PLAN = [SECOND, FIRST]  # in any order


@pytest.mark.parametrize(
    ("day", "phases"),
    [
        (date(2021, 8, 31), []),
        (date(2021, 9, 1), [FIRST]),
        (date(2021, 9, 9), [FIRST]),
        (date(2021, 9, 10), [SECOND, FIRST]),
        (date(2021, 9, 11), [SECOND]),
        (date(2021, 12, 31), [SECOND]),
        (date(2022, 1, 1), []),
    ],
)
def test_day_counts_for_the_phases_that_hold_it(day, phases):
    assert phases_of_day(PLAN, day) == phases


def test_day_on_which_phases_meet_is_shared_and_said_so():
    assert shared_days([*PLAN, LATE]) == [(date(2021, 9, 10), FIRST, SECOND)]
    assert counts_for([FIRST, SECOND], date(2021, 9, 10)) == "Ngày 10/09/2021 tính cho cả đợt 1 và đợt 2."
    assert counts_for(PLAN, date(2021, 9, 11)) == "Ngày 11/09/2021 tính cho đợt 2."
    assert counts_for(PLAN, date(2022, 1, 1)) == "Ngày 01/01/2022 không thuộc đợt nào."


@pytest.mark.parametrize(
    ("day", "key", "words"),
    [
        (date(2021, 8, 31), "coming", "sắp diễn ra, đợt 1 từ ngày 01/09/2021"),
        (date(2021, 9, 1), "running", "đang diễn ra đợt 1, còn 9 ngày"),
        (date(2021, 9, 10), "running", "đang diễn ra đợt 1 và đợt 2, còn 112 ngày"),
        (date(2021, 12, 19), "running", "đang diễn ra đợt 2, còn 12 ngày"),
        (date(2021, 12, 31), "running", "đang diễn ra đợt 2, hôm nay là ngày cuối"),
        (date(2022, 1, 1), "between", "giữa hai đợt, đợt 3 từ ngày 01/02/2022"),
        (date(2022, 2, 10), "over", "đã kết thúc ngày 09/02/2022"),
    ],
)
def test_campaign_stands_in_words(day, key, words):
    standing = stands_on([LATE, SECOND, FIRST], day)

    assert (standing.key, standing.words) == (key, words)


def test_campaign_without_phases_says_so():
    assert stands_on([], date(2021, 9, 1)).words == "chưa đặt đợt nào"


@pytest.mark.parametrize(
    ("instant", "words", "last_day"),
    [
        (datetime(2021, 9, 7, 17, tzinfo=UTC), "trước 00:00 ngày 08/09/2021", date(2021, 9, 7)),
        (datetime(2021, 9, 7, 10, tzinfo=UTC), "trước 17:00 ngày 07/09/2021", None),
        (datetime(2021, 9, 7, 16, 59, 59, tzinfo=UTC), "trước 23:59:59 ngày 07/09/2021", None),
        (datetime(2021, 9, 7, 17, 0, 0, 1, tzinfo=UTC), "trước 00:00:00.000001 ngày 08/09/2021", None),
    ],
)
def test_deadline_is_told_as_exactly_as_it_is(instant, words, last_day):
    assert deadline_words(instant) == words
    assert last_whole_day(instant) == last_day
