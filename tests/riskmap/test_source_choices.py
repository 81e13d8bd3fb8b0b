"""Choices of source: with a reason, on open days, and by two where a colour is competed for."""

from datetime import timedelta

import pytest

from riskmap.corrections import choice_of, confirm_correction
from riskmap.enums import CorrectionStatus
from riskmap.levels import reassess
from riskmap.models import CorrectionRequest, DailyCount, DayReport, SourceChoice
from riskmap.source_choices import ChoiceRefused, impact_of_choice, submit_choice
from tests.factories import UserFactory
from tests.riskmap.province import AT, day, make_province
from tests.riskmap.test_submissions import accept, allow, guard

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def province():
    made = make_province()
    made.post({("90101", 3): 2}, complete=(0, 5))
    made.post({("90101", 3): 0}, source="CDC")
    reassess(on=day(5), at=AT, provinces=[made.area])
    return made


@pytest.fixture
def doctor():
    return UserFactory(username="doctor")


def choose(province, doctor, source="CDC", reason="CDC đã xác minh", **said):
    return submit_choice(
        area=province.communes["90101"],
        day=day(3),
        source=province.source(source) if source else None,
        reason=reason,
        by=doctor,
        at=AT,
        **said,
    )


def number(province):
    return DailyCount.objects.get(area=province.communes["90101"], day=day(3)).unknown_source


def test_choice_counts_and_sends_the_day_again(province, doctor):
    assert choose(province, doctor).made

    assert number(province) == 0
    assert DayReport.objects.get().sent_by == doctor
    assert choose(province, doctor).made is False  # the same again
    assert SourceChoice.objects.count() == 1


def test_choice_without_a_reason_is_refused(province, doctor):
    with pytest.raises(ChoiceRefused, match="lý do"):
        choose(province, doctor, reason=" ")


def test_choice_of_what_is_in_force_is_kept_for_later(province, doctor):
    choose(province, doctor, source="huyện")
    province.post({("90101", 3): 9}, source="CDC")

    assert number(province) == 2


def test_choice_on_an_accepted_day_needs_leave_and_a_document(province, doctor):
    accept(province, 3, doctor)

    with pytest.raises(ChoiceRefused, match="khóa"):
        choose(province, doctor, document="12/BC")
    allow(province.communes["90101"], 3, doctor)
    with pytest.raises(ChoiceRefused, match="số văn bản"):
        choose(province, doctor)
    assert choose(province, doctor, document="12/BC").made


def test_impact_is_said_beforehand(province, doctor):
    impact = impact_of_choice(
        area=province.communes["90101"], day=day(3), source=province.source("CDC"), at=AT
    )

    assert "90101" in {change.code for change in impact.changes}
    assert not impact_of_choice(area=province.communes["90101"], day=day(3), source=None, at=AT)


def test_choice_that_moves_a_competed_colour_waits_for_a_second_person(province, doctor):
    guard(province)

    done = choose(province, doctor)

    assert (done.made, done.held.status) == (False, CorrectionStatus.WAITING)
    assert choice_of(done.held).source_id == province.source("CDC").pk
    assert number(province) == 2
    assert choose(province, doctor).held == done.held
    confirm_correction(request=done.held, by=UserFactory(username="second"), at=AT + HOUR)
    assert number(province) == 0
    assert CorrectionRequest.objects.get().post.posted_by == doctor


def test_going_back_to_the_policy_waits_too(province, doctor):
    choose(province, doctor)
    reassess(on=day(5), at=AT, provinces=[province.area])
    guard(province)

    held = choose(province, doctor, source=None).held

    confirm_correction(request=held, by=UserFactory(username="second"), at=AT + HOUR)
    assert number(province) == 2
