"""What is said of the conditions of a green zone, by whom it may be, and who is told."""

import pytest
from django.db import IntegrityError, transaction

from campaign.conditions import AnsweredMeanwhile, AnswerRefused
from campaign.models import ConditionAnswer
from core.enums import Role
from core.models import Notice
from tests.campaign.units import make_unit
from tests.campaign.zones import evening, make_ground
from tests.factories import GrantFactory


@pytest.fixture
def ground(db):
    return make_ground()


@pytest.fixture
def first(ground):
    return ground.units["90101"]


def test_answer_written_over_another_that_was_not_read_is_refused(ground, first):
    theirs = ground.say(first)

    with pytest.raises(AnsweredMeanwhile) as refusal:
        ground.say(first, met=False, seen=0)

    assert refusal.value.latest == theirs
    assert ConditionAnswer.objects.get() == theirs


@pytest.mark.parametrize("own_word", [None, False])
def test_nothing_is_checked_that_the_unit_does_not_say_is_met(ground, first, own_word):
    if own_word is not None:
        ground.say(first, met=own_word)

    with pytest.raises(AnswerRefused, match="chưa có gì để kiểm tra"):
        ground.check(first)


def test_check_by_who_said_it_is_refused(ground, first):
    ground.say(first, by=ground.district)

    with pytest.raises(AnswerRefused, match="người khác kiểm tra"):
        ground.check(first)


def test_check_that_finds_it_not_met_says_why(ground, first):
    ground.say(first)

    with pytest.raises(AnswerRefused, match="vì sao"):
        ground.check(first, met=False, note="  ")


def test_organisation_closed_unit_and_other_province_answer_nothing(ground, first):
    office = make_unit(ground.made.communes["90101"], "agency")
    stranger = make_ground("91").units["91101"]
    first.closed_at, first.closed_by, first.closing_reason = evening(5), ground.district, "sáp nhập"
    first.save()

    for unit in (office, stranger, first):
        with pytest.raises(AnswerRefused):
            ground.say(unit)

    assert not ConditionAnswer.objects.exists()


def test_who_checks_is_told_once_a_day_and_who_assessed_of_what_is_not_met(ground, first):
    office = GrantFactory(role=Role.HOME_AFFAIRS, area=ground.made.area).user
    ground.say(first)
    ground.say(first, condition=1)
    ground.check(first, met=False, note="chưa có người trực")

    waiting = Notice.objects.filter(key__startswith="conditions-wait")
    refused = Notice.objects.get(key__startswith="condition-not-met")
    assert [notice.recipient for notice in waiting] == [ground.district]
    assert not Notice.objects.filter(recipient=office).exists()
    assert refused.recipient == ground.clerk
    assert "chưa có người trực" in refused.body


@pytest.mark.parametrize("act", ["change", "delete"])
def test_answers_are_only_added_to(ground, first, act):
    answers = ConditionAnswer.objects.filter(pk=ground.say(first).pk)

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        answers.update(met=False) if act == "change" else answers._raw_delete("default")

    assert refusal.value.__cause__.diag.constraint_name == "campaign_ledger_is_append_only"
