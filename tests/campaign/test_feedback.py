"""What anybody writes about a commune: received, answered, set aside, published, urged, never leaked."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from campaign.enums import FeedbackKind, FeedbackStatus
from campaign.feedback import (
    CODE_LENGTH,
    SIGNS,
    DealtWithMeanwhile,
    FeedbackRefused,
    answer_feedback,
    find_by_code,
    publish_feedback,
    published_about,
    receive,
    set_aside,
    state_mark,
    withhold_feedback,
    written_code,
)
from campaign.feedback_reminders import answer_by, remind_unanswered
from campaign.models import Feedback
from core.enums import Role
from core.models import AuditEvent, Notice
from tests.factories import GrantFactory, UserFactory
from tests.riskmap.province import make_province

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2021, 8, 25, 9, tzinfo=LOCAL)  # a Wednesday
TEXT, CONTACT = "Quán nước mở cửa khi đang giãn cách", "0912 345 678"


@pytest.fixture
def made(db):
    return make_province("90", districts={"901": ["90101"], "902": ["90201"]})


@pytest.fixture
def district(made):
    return GrantFactory(role=Role.DISTRICT_STAFF, area=made.districts["901"]).user


def write(made, **said) -> Feedback:
    usual = {"area": made.communes["90101"], "kind": FeedbackKind.BREACH, "text": TEXT, "happened_on": None}
    return receive(**usual | {"contact": CONTACT, "at": AT} | said)


def dealt(act, feedback, by, **said):
    """Do it as somebody who read how it stands."""
    return act(feedback=feedback, seen=state_mark(feedback), by=by, **said)


def answered(made, by) -> Feedback:
    return dealt(answer_feedback, write(made), by, answer="Đã nhắc nhở.", at=AT)


def test_feedback_is_told_to_the_district_alone_and_without_its_text(made, district):
    other = GrantFactory(role=Role.DISTRICT_STAFF, area=made.districts["902"]).user
    office = GrantFactory(role=Role.HOME_AFFAIRS, area=made.area).user

    feedback = write(made)

    told = Notice.objects.all()
    assert [notice.recipient for notice in told] == [district]
    assert not {other, office} & {notice.recipient for notice in told}
    assert TEXT not in told.get().subject + told.get().body
    assert told.get().link == f"/feedback/{feedback.pk}/"
    assert mail.outbox == []


def test_feedback_is_told_above_where_the_district_has_nobody(made):
    office = GrantFactory(role=Role.HOME_AFFAIRS, area=made.area).user

    write(made)

    assert Notice.objects.get().recipient == office


def test_codes_are_long_random_and_read_however_they_are_written(made):
    codes = {write(made).code for _each in range(50)}

    assert len(codes) == 50
    assert all(len(code) == CODE_LENGTH and set(code) <= set(SIGNS) for code in codes)
    one = next(iter(codes))
    for spelling in (one, one.lower(), written_code(one), f" {written_code(one)} "):
        assert find_by_code(spelling).code == one
    assert find_by_code(one[:-1]) is None


@pytest.mark.parametrize("tier", ["districts", "area"])
def test_box_is_of_communes_alone(made, tier):
    area = made.area if tier == "area" else made.districts["901"]

    with pytest.raises(FeedbackRefused):
        write(made, area=area)


def test_answer_closes_it_and_erases_the_contact(made, district):
    feedback = answered(made, district)

    feedback.refresh_from_db()
    assert (feedback.status, feedback.answer) == (FeedbackStatus.ANSWERED, "Đã nhắc nhở.")
    assert (feedback.contact, feedback.answered_by) == ("", district)


def test_set_aside_says_why_and_erases_the_contact(made, district):
    feedback = dealt(set_aside, write(made), district, reason="Không thuộc địa bàn.", at=AT)

    feedback.refresh_from_db()
    assert (feedback.status, feedback.set_aside_reason) == (FeedbackStatus.SET_ASIDE, "Không thuộc địa bàn.")
    assert feedback.contact == ""


def test_what_was_set_aside_can_still_be_answered(made, district):
    feedback = dealt(set_aside, write(made), district, reason="Nhầm.", at=AT)

    dealt(answer_feedback, feedback, district, answer="Đã xử lý.", at=AT)

    assert Feedback.objects.get().status == FeedbackStatus.ANSWERED


def test_two_who_deal_with_it_at_once_do_not_overwrite_one_another(made, district):
    feedback = write(made)
    seen = state_mark(feedback)
    answer_feedback(feedback=feedback, answer="Người thứ nhất.", seen=seen, by=district, at=AT)

    for act, said in ((answer_feedback, {"answer": "Người thứ hai."}), (set_aside, {"reason": "x"})):
        with pytest.raises(DealtWithMeanwhile):
            act(feedback=feedback, seen=seen, by=UserFactory(), at=AT, **said)

    assert Feedback.objects.get().answer == "Người thứ nhất."


def test_wording_is_published_with_the_answer_and_taken_back_for_a_reason(made, district):
    feedback = dealt(publish_feedback, answered(made, district), district, public_text="Quán mở cửa.", at=AT)
    shown = list(published_about(feedback.area))

    dealt(withhold_feedback, feedback, district, reason="còn chỉ rõ một nhà")

    assert shown == [feedback]
    assert list(published_about(feedback.area)) == []
    assert AuditEvent.objects.filter(reason__contains="còn chỉ rõ một nhà").exists()


def test_what_was_taken_back_is_not_published_again_from_an_old_page(made, district):
    feedback = write(made)
    answered = answer_feedback(
        feedback=feedback, answer="Đã nhắc.", seen=state_mark(feedback), by=district, at=AT
    )
    old = state_mark(answered)
    said = {"feedback": feedback, "public_text": "Quán mở cửa.", "by": district, "at": AT}
    published = publish_feedback(seen=old, **said)
    withhold_feedback(feedback=feedback, reason="có tên người", seen=state_mark(published), by=district)

    with pytest.raises(DealtWithMeanwhile):
        publish_feedback(seen=old, **said)
    assert not Feedback.objects.filter(published_at__isnull=False).exists()


def test_nothing_is_published_before_it_is_answered(made, district):
    with pytest.raises(FeedbackRefused, match="đã trả lời"):
        dealt(publish_feedback, write(made), district, public_text="Quán mở cửa.", at=AT)


@pytest.mark.parametrize("number", ["0912345678", "0912 345 678", "+84 91.234.5678", "02513-822-123"])
def test_telephone_number_is_not_published(made, district, number):
    feedback = answered(made, district)

    with pytest.raises(FeedbackRefused, match="số điện thoại"):
        dealt(publish_feedback, feedback, district, public_text=f"Gọi {number} nhé", at=AT)


@pytest.mark.parametrize("text", ["Từ 08/2021 có 15.000 người", "Mã 12/KH-UBND ngày 24/8/2021"])
def test_other_numbers_are_published(made, district, text):
    dealt(publish_feedback, answered(made, district), district, public_text=text, at=AT)

    assert Feedback.objects.get().published_at == AT


def test_journal_tells_nothing_of_text_contact_and_code(made, district):
    feedback = answered(made, district)

    events = [event for event in AuditEvent.objects.values() if "feedback" in json.dumps(event, default=str)]
    written = json.dumps(events, default=str, ensure_ascii=False)
    assert events
    for secret in (TEXT, CONTACT, feedback.code):
        assert secret not in written


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ((2021, 8, 23), (2021, 8, 26)),  # Monday to Thursday
        ((2021, 8, 25), (2021, 8, 30)),  # Wednesday to Monday
        ((2021, 8, 27), (2021, 9, 1)),  # Friday to Wednesday
        ((2021, 8, 28), (2021, 9, 1)),  # Saturday to Wednesday
    ],
)
def test_answer_is_due_on_the_third_working_day_after(received, due):
    assert answer_by(datetime(*received, 23, 30, tzinfo=LOCAL)) == datetime(*due).date()


def test_unanswered_is_urged_once_after_its_last_day(made, district):
    write(made)
    on_the_day, after = datetime(2021, 8, 30, 23, tzinfo=LOCAL), datetime(2021, 8, 31, 0, tzinfo=LOCAL)

    assert remind_unanswered(at=on_the_day) == 0
    assert remind_unanswered(at=after) == 1
    assert remind_unanswered(at=after) == 0
    urged = Notice.objects.get(key__startswith="feedback-overdue")
    assert urged.recipient == district
    assert TEXT not in urged.subject + urged.body


def test_answered_is_not_urged(made, district):
    answered(made, district)

    assert remind_unanswered(at=datetime(2021, 9, 30, tzinfo=LOCAL)) == 0


def test_urging_takes_as_many_queries_for_many_as_for_one(made, district, django_assert_num_queries):
    write(made)
    late = datetime(2021, 9, 30, tzinfo=LOCAL)
    with django_assert_num_queries(6):
        remind_unanswered(at=late)
    for _each in range(5):
        write(made)
    with django_assert_num_queries(6):
        assert remind_unanswered(at=late) == 5
