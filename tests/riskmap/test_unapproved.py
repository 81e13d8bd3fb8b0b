"""Unapproved: what was said after an acceptance, and what says nothing new."""

from datetime import timedelta

import pytest

from core.people import system_user
from riskmap.counts import choose_source, withdraw_batch
from riskmap.day_numbers import DayOf, numbers_of
from riskmap.edition_proof import verify_editions
from riskmap.enums import SourcePolicy
from riskmap.models import DayReport, LockException, ProvincePolicy
from riskmap.policies import set_policy
from riskmap.unapproved import unapproved_at
from tests.riskmap.province import AT, day, make_province
from tests.riskmap.test_editions import at, put_out
from tests.riskmap.test_submissions import row
from tests.riskmap.test_withdrawals import batch_of, choose

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def province():
    made = make_province(districts={"901": ["90101", "90102"]})
    made.post({("90101", 3): 2, ("90102", 3): 0}, at=AT - HOUR)
    made.source("CDC")
    return made


def unapproved(province, instant):
    found = unapproved_at(province=province.area, first=day(0), last=day(9), instant=instant)
    return sorted((code, on) for code, area in province.communes.items() for on in found.get(area.pk, ()))


def test_zeros_of_a_source_that_counts_for_nothing_leave_an_accepted_day_approved(province):
    province.accept(3)

    province.post(complete=(3, 4), source="CDC", at=AT + HOUR)

    assert unapproved(province, AT + HOUR) == [("90101", day(4)), ("90102", day(4))]


def test_zero_of_a_commune_without_a_number_is_unapproved(province):
    province.post({("90101", 4): 2}, at=AT - HOUR)
    province.accept(3, 4)

    province.post(complete=(4, 4), source="CDC", at=AT + HOUR)

    assert unapproved(province, AT + HOUR) == [("90102", day(4))]


def test_zero_that_displaces_a_number_is_unapproved(province):
    set_policy(province=province.area, source_policy=SourcePolicy.PRIORITY, by=system_user())
    before = make_before(province)
    province.accept(3)

    province.post(complete=(3, 3), source=before, at=AT + HOUR)

    assert unapproved(province, AT + HOUR) == [("90101", day(3)), ("90102", day(3))]


def make_before(province):
    """A source that is asked before all others."""
    for place, name in enumerate(reversed(province.sources), 11):
        type(province.sources[name]).objects.filter(pk=province.sources[name].pk).update(rank=place)
    return "CDC"


def test_zero_of_the_source_that_a_person_chose_is_unapproved(province):
    choose(province, "90101", 3, "CDC", at=AT - HOUR)
    province.accept(3)

    province.post(complete=(3, 3), source="CDC", at=AT + HOUR)

    assert unapproved(province, AT + HOUR) == [("90101", day(3))]


def test_completeness_said_again_over_more_days_leaves_the_earlier_days_as_they_were(province):
    province.post(complete=(0, 3), source="CDC", at=AT - HOUR)
    province.accept(0, 1, 2, 3)

    province.post(complete=(0, 4), source="CDC", at=AT + HOUR)

    item = DayOf(province.districts["901"].pk, day(2))
    assert numbers_of([item])[item].last_post_id == DayReport.objects.get(day=day(2)).accepted_post_id
    assert unapproved(province, AT + HOUR) == [("90101", day(4)), ("90102", day(4))]


def test_day_whose_numbers_were_all_taken_back_is_not_accepted():
    province = make_province(districts={"901": ["90101", "90102"]})
    batch = batch_of(province, row(province, "90101", 3, 5), at=AT - HOUR)
    withdraw_batch(batch=batch, reason="nhầm tệp", by=system_user(), at=AT)

    (refusal,) = province.accept(3, at=AT + HOUR).refused

    assert "Chưa có số liệu nào" in refusal.sentence
    assert not DayReport.objects.exists()


@pytest.mark.parametrize("act", ["correction", "choice", "undoing"])
def test_edition_answers_the_same_after_what_came_later(act):
    province = make_province(districts={"901": ["90101", "90102"]})
    province.post({("90101", 3): 2, ("90102", 3): 0}, at=at(3, 15))
    province.post({("90101", 3): 0}, source="CDC", at=at(3, 15))
    batch = batch_of(province, row(province, "90102", 3, 4), at=at(3, 15))
    province.accept(3, at=at(3, 16))
    ProvincePolicy.objects.create(province=province.area)
    put_out(province, 3)
    LockException.objects.create(
        area=province.districts["901"],
        day=day(3),
        reason="báo cáo nhầm",
        granted_by=system_user(),
        granted_at=at(3, 15),
        expires_at=at(4, 15),
    )

    if act == "correction":
        province.post({("90101", 3): 9}, document="12/BC", at=at(3, 16))
    elif act == "choice":
        choose_source(
            area=province.communes["90101"],
            day=day(3),
            source=province.source("CDC"),
            reason="đã xác minh",
            document="12/BC",
            by=system_user(),
            at=at(3, 16),
        )
    else:
        DayReport.objects.all().delete()
        withdraw_batch(batch=batch, reason="nhầm tệp", by=system_user(), at=at(3, 16))

    assert unapproved(province, at(3)) == []
    assert unapproved(province, at(4)) == [("90102" if act == "undoing" else "90101", day(3))]
    assert verify_editions(replay=True).differing == []
