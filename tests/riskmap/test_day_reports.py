"""The reports of a day: accepted and returned many at once, seen as they are, never by who entered them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from core.inbox import notices_of
from core.models import Notice
from core.people import system_user
from riskmap.counts import choose_source
from riskmap.day_numbers import DayOf, numbers_of
from riskmap.day_reports import DayReportRefused, Seen, accept_days, mark_sent, return_days
from riskmap.enums import ReportStatus
from riskmap.lock_exceptions import grant_exception
from riskmap.models import DayReport, DayReportStep
from riskmap.unapproved import unapproved_at
from tests.factories import UserFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TWO = {"901": ["90101", "90102"], "902": ["90201"]}


@pytest.fixture
def province():
    return make_province(districts=TWO)


def sent(province, cases, *, by=None, at=AT, document=""):
    """Post the numbers as their district does, and send them."""
    province.post(cases, at=at, by=by or system_user(), document=document)
    cells = [(province.communes[code].pk, day(number)) for code, number in cases]
    mark_sent(cells=cells, by=by or system_user(), at=at)


def seen(province, *items):
    """What somebody who opens the page sees of ``(district, day number)``."""
    asked = [DayOf(province.districts[code].pk, day(number)) for code, number in items]
    return [Seen(*item, numbers.last_post_id) for item, numbers in numbers_of(asked).items()]


def state(province, code, number):
    return DayReport.objects.get(scope=province.districts[code], day=day(number)).status


def unapproved(province, instant=AT + 9 * HOUR, first=0, last=9):
    """The codes of communes and numbers of days that nobody had accepted."""
    found = unapproved_at(province=province.area, first=day(first), last=day(last), instant=instant)
    codes = {area.pk: code for code, area in province.communes.items()}
    return sorted((codes[area], (each - day(0)).days) for area, days in found.items() for each in days)


# --- Accepting ------------------------------------------------------------------------------------------


def test_accept_days_takes_many_at_once_and_says_who_is_missing(province):
    sent(province, {("90101", 1): 2, ("90201", 1): 0})
    judge = UserFactory()

    decided = accept_days(items=seen(province, ("901", 1), ("902", 1)), by=judge, at=AT)

    assert {(each.scope.code, each.missing) for each in decided.accepted} == {
        ("901", ("Xã 90102",)),
        ("902", ()),
    }
    assert decided.refused == ()
    report = DayReport.objects.get(scope=province.districts["901"])
    assert (report.status, report.complete, report.decided_by) == (ReportStatus.ACCEPTED, False, judge)
    assert report.accepted_post_id == DayReportStep.objects.filter(act="accepted").first().last_post_id
    assert unapproved(province) == []


def test_accept_days_refuses_what_changed_since_it_was_seen_and_lets_the_others_through(province):
    sent(province, {("90101", 1): 2, ("90201", 1): 1})
    looked_at = seen(province, ("901", 1), ("902", 1))
    sent(province, {("90102", 1): 5})

    decided = accept_days(items=looked_at, by=UserFactory(), at=AT)

    assert [each.scope.code for each in decided.accepted] == ["902"]
    ((scope, refused_day, sentence),) = decided.refused
    assert (scope.code, refused_day) == ("901", day(1))
    assert "đã thay đổi" in sentence
    assert state(province, "901", 1) == ReportStatus.SENT


def test_nobody_accepts_what_they_entered(province):
    clerk = UserFactory()
    sent(province, {("90101", 1): 2, ("90102", 1): 0}, by=clerk)
    sent(province, {("90201", 1): 1})

    decided = accept_days(items=seen(province, ("901", 1), ("902", 1)), by=clerk, at=AT)

    assert [each.scope.code for each in decided.accepted] == ["902"]
    assert "Xã 90101, Xã 90102" in decided.refused[0].sentence


def test_own_entry_that_another_accepted_before_is_no_hindrance(province):
    clerk, other = UserFactory(), UserFactory()
    sent(province, {("90101", 1): 2}, by=clerk)
    province.accept(1, districts=["901"])
    grant(province, "90102", 1)
    sent(province, {("90102", 1): 3}, by=other, document="12/BC")

    decided = accept_days(items=seen(province, ("901", 1)), by=clerk, at=AT)

    assert len(decided.accepted) == 1


@pytest.mark.parametrize("how", ["entry", "coverage", "choice"])
def test_database_refuses_an_own_acceptance_of_raw_sql_too(province, how):
    clerk = UserFactory()
    if how == "entry":
        province.post({("90101", 1): 2}, by=clerk)
    elif how == "coverage":
        province.post({}, complete=(0, 3), by=clerk)
    else:
        province.post({("90101", 1): 2})
        choose_source(
            area=province.communes["90101"],
            day=day(1),
            source=province.source(),
            reason="đã kiểm tra",
            by=clerk,
            at=AT,
        )
    (item,) = seen(province, ("901", 1))

    by_hand = (
        "insert into riskmap_dayreportstep (scope_id, day, act, reason, last_post_id, taken_at, taken_by_id)"
        " values (%s, %s, 'accepted', '', %s, %s, %s)"
    )
    values = [item.scope_id, item.day, item.last_post_id, AT, clerk.pk]
    with (
        pytest.raises(IntegrityError, match="do chính mình nhập"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(by_hand, values)

    assert accept_days(items=[item], by=clerk, at=AT).accepted == ()


def test_day_without_any_number_is_not_accepted(province):
    decided = accept_days(items=seen(province, ("901", 1)), by=UserFactory(), at=AT)

    assert "Chưa có số liệu" in decided.refused[0].sentence
    assert not DayReportStep.objects.exists()


def test_accepting_again_does_nothing(province):
    sent(province, {("90101", 1): 2})
    province.accept(1, districts=["901"])
    steps = DayReportStep.objects.count()

    decided = province.accept(1, districts=["901"])

    assert (decided.accepted, decided.refused) == ((), ())
    assert decided.unchanged == (DayOf(province.districts["901"].pk, day(1)),)
    assert DayReportStep.objects.count() == steps


def test_day_that_nobody_sent_can_be_accepted_and_names_who_posted_it(province):
    clerk = UserFactory()
    province.post({("90101", 1): 2}, by=clerk)

    province.accept(1, districts=["901"])

    report = DayReport.objects.get()
    assert (report.status, report.sent_by, report.sent_at) == (ReportStatus.ACCEPTED, clerk, AT)


def test_nothing_chosen_is_said(province):
    with pytest.raises(DayReportRefused, match="Chưa chọn"):
        accept_days(items=[], by=UserFactory(), at=AT)


def test_accepting_costs_the_same_for_one_day_and_for_many(province, django_assert_num_queries):
    judge = UserFactory()
    sent(province, {(code, number): 1 for code in province.communes for number in range(12)})
    with django_assert_num_queries(16) as counted:
        accept_days(items=seen(province, ("901", 0), ("902", 0)), by=judge, at=AT)

    with django_assert_num_queries(len(counted)):
        accept_days(
            items=seen(province, *((code, number) for code in TWO for number in range(1, 12))),
            by=judge,
            at=AT,
        )


# --- Returning ------------------------------------------------------------------------------------------


def test_return_days_sends_them_back_with_the_reason(province):
    clerk = UserFactory()
    sent(province, {("90101", 1): 2, ("90101", 2): 0, ("90201", 1): 1}, by=clerk)

    returned = return_days(
        items=seen(province, ("901", 1), ("901", 2)), reason="  thiếu  Xã 90102 ", by=UserFactory(), at=AT
    )

    assert len(returned.returned) == 2
    report = DayReport.objects.get(scope=province.districts["901"], day=day(1))
    assert (report.status, report.reason) == (ReportStatus.RETURNED, "thiếu Xã 90102")
    assert state(province, "902", 1) == ReportStatus.SENT
    (notice,) = notices_of(clerk)
    assert "2 ngày, từ 02/08/2021 đến 03/08/2021 bị trả lại" in notice.subject
    assert "thiếu Xã 90102" in notice.body


def test_return_needs_a_reason(province):
    sent(province, {("90101", 1): 2})

    with pytest.raises(DayReportRefused, match="nêu lý do"):
        return_days(items=seen(province, ("901", 1)), reason=" ", by=UserFactory(), at=AT)


def test_return_refuses_a_day_that_does_not_wait(province):
    sent(province, {("90101", 1): 2})
    province.accept(1, districts=["901"])

    returned = return_days(items=seen(province, ("901", 1)), reason="xem lại", by=UserFactory(), at=AT)

    assert returned.returned == ()
    assert "không chờ duyệt" in returned.refused[0].sentence


def test_return_refuses_what_changed_since_it_was_seen(province):
    sent(province, {("90101", 1): 2})
    looked_at = seen(province, ("901", 1))
    sent(province, {("90101", 1): 3})

    returned = return_days(items=looked_at, reason="xem lại", by=UserFactory(), at=AT)

    assert "đã thay đổi" in returned.refused[0].sentence


def test_returned_day_is_sent_again_and_accepted(province):
    sent(province, {("90101", 1): 2})
    return_days(items=seen(province, ("901", 1)), reason="xem lại", by=UserFactory(), at=AT)
    sent(province, {("90102", 1): 1})

    province.accept(1, districts=["901"])

    steps = DayReportStep.objects.filter(scope=province.districts["901"]).order_by("pk")
    assert [step.act for step in steps] == ["sent", "returned", "sent", "accepted"]


# --- Telling --------------------------------------------------------------------------------------------


def test_those_who_sent_are_told_of_the_acceptance_once_for_all_days(province):
    first, second, judge = (UserFactory() for _person in range(3))
    sent(province, {("90101", 1): 2, ("90101", 2): 2}, by=first)
    sent(province, {("90102", 1): 0}, by=second)

    accept_days(items=seen(province, ("901", 1), ("901", 2)), by=judge, at=AT)

    assert [notices_of(person).count() for person in (first, second, judge)] == [1, 1, 0]
    assert "Còn thiếu báo cáo: Xã 90102" in notices_of(first).get().body


def test_nobody_is_told_of_what_was_refused(province):
    clerk = UserFactory()
    sent(province, {("90101", 1): 2}, by=clerk)

    accept_days(items=seen(province, ("901", 1)), by=clerk, at=AT)

    assert not Notice.objects.exists()


# --- What is not approved, at any instant ---------------------------------------------------------------


def test_number_is_unapproved_until_its_day_is_accepted(province):
    province.post({("90101", 1): 2, ("90201", 1): 0})
    province.accept(1, districts=["901"], at=AT + HOUR)

    assert unapproved(province, AT) == [("90101", 1), ("90201", 1)]
    assert unapproved(province, AT + HOUR) == [("90201", 1)]


def test_silence_of_a_complete_source_is_a_number_and_no_report_is_none(province):
    province.post({}, complete=(1, 1))

    assert unapproved(province) == [("90101", 1), ("90102", 1), ("90201", 1)]


def test_number_posted_after_the_acceptance_is_unapproved_again(province):
    province.post({("90101", 1): 2, ("90102", 1): 0})
    province.accept(1, districts=["901"])
    grant(province, "90101", 1)
    province.post({("90101", 1): 3}, reason="sót", document="12/BC", at=AT + HOUR)

    assert unapproved(province, AT) == []
    assert unapproved(province, AT + HOUR) == [("90101", 1)]

    province.accept(1, districts=["901"], at=AT + 2 * HOUR)

    assert unapproved(province, AT + HOUR) == [("90101", 1)]
    assert unapproved(province, AT + 2 * HOUR) == []


def test_choice_of_another_source_is_approved_as_a_number_is(province):
    province.post({("90101", 1): 2})
    province.post({("90101", 1): 4}, source="CDC")
    province.accept(1, districts=["901"])
    grant(province, "90101", 1)
    choose_source(
        area=province.communes["90101"],
        day=day(1),
        source=province.source("huyện"),
        reason="CDC ghi trùng",
        document="12/BC",
        by=system_user(),
        at=AT + HOUR,
    )

    assert unapproved(province, AT) == []
    assert unapproved(province, AT + HOUR) == [("90101", 1)]


def test_completeness_said_twice_by_one_source_says_nothing_new(province):
    province.post({}, complete=(1, 2))
    province.accept(1, 2)
    province.post({}, complete=(2, 3))

    assert {number for _code, number in unapproved(province)} == {3}


def test_unapproved_numbers_are_one_query(province, django_assert_num_queries):
    province.post({(code, number): 1 for code in province.communes for number in range(5)})

    with django_assert_num_queries(1):
        unapproved(province)


def grant(province, code, number):
    grant_exception(
        area=province.communes[code],
        day=day(number),
        reason="sót",
        expires_at=AT + 9 * HOUR,
        by=system_user(),
        at=AT,
    )
