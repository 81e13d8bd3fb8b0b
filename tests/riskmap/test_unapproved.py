"""Unapproved: what was said after an acceptance, and what says nothing new."""

from datetime import timedelta

import pytest

from core.people import system_user
from riskmap.day_numbers import DayOf, numbers_of
from riskmap.enums import SourcePolicy
from riskmap.models import DayReport
from riskmap.policies import set_policy
from riskmap.unapproved import unapproved_at
from tests.riskmap.province import AT, day, make_province
from tests.riskmap.test_withdrawals import choose

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def province():
    made = make_province(districts={"901": ["90101", "90102"]})
    made.post({("90101", 3): 2, ("90102", 3): 0}, at=AT - HOUR)
    made.source("CDC")
    return made


def unapproved(province, at=AT):
    found = unapproved_at(province=province.area, first=day(0), last=day(9), instant=at)
    return sorted((code, at) for code, area in province.communes.items() for at in found.get(area.pk, ()))


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
