"""Levels after a file was taken back: as if it had never been there, and as a replay would find them."""

from datetime import timedelta

import pytest

from core.people import system_user
from riskmap.as_of import known_at
from riskmap.counts import withdraw_batch
from riskmap.levels import reassess
from riskmap.models import Assessment, LevelSpan, StaleMark
from tests.riskmap.province import AT, day, make_province
from tests.riskmap.test_levels import all_spans
from tests.riskmap.test_submissions import row
from tests.riskmap.test_withdrawals import batch_of

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
TODAY = day(30)


def undo(batch):
    withdraw_batch(batch=batch, reason="nhầm tệp", by=system_user(), at=AT + MINUTE)


def series(province):
    found = Assessment.objects.filter(province=province.area)
    return found.values_list("first_day", "last_reported_day").first()


@pytest.mark.parametrize("number", [1, 20], ids=["first to report", "last to report"])
def test_levels_forget_a_file_at_either_end_of_the_reports(number):
    province = make_province()
    province.post({("90101", 8): 2, ("90102", 8): 0, ("90103", 9): 1}, at=AT - MINUTE)
    reassess(on=TODAY, at=AT)
    before, known = all_spans(), series(province)
    batch = batch_of(province, row(province, "90102", number, 3))
    reassess(on=TODAY, at=AT)
    assert all_spans() != before

    undo(batch)
    reassess(on=TODAY, at=AT)

    assert (all_spans(), series(province)) == (before, known)
    knows = known_at(province=province.area, instant=AT + MINUTE, through=TODAY)
    assert (knows.first_reported_day, knows.last_reported_day) == known


def test_nothing_is_left_of_a_province_whose_only_file_was_taken_back():
    province = make_province()
    batch = batch_of(province, row(province, "90102", 3, 3))
    reassess(on=TODAY, at=AT)

    undo(batch)
    reassess(on=TODAY, at=AT)

    assert not LevelSpan.objects.exists()
    assert not Assessment.objects.exists()
    assert not StaleMark.objects.exists()
