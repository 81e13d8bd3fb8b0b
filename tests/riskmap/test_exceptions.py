"""Exceptions from the lock: given for a time, told of, ended, and over to the microsecond."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from core.enums import Role
from core.inbox import notices_of
from core.people import system_user
from riskmap.counts import CountRow
from riskmap.lock_exceptions import ExceptionRefused, end_exception, grant_exception, in_force_at, is_locked
from riskmap.models import LockException
from riskmap.row_changes import check_rows
from riskmap.submissions import SubmissionRefused, submit_counts
from tests.factories import GrantFactory, UserFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)


@pytest.fixture
def province():
    """Day 1 of district 901 is accepted, and nothing of 902."""
    made = make_province(districts={"901": ["90101", "90102"], "902": ["90201"]})
    made.post({("90101", 1): 2, ("90102", 1): 0, ("90201", 1): 0})
    made.accept(1, districts=["901"])
    return made


def grant(area, **said):
    said = {
        "day": day(1),
        "reason": "sót 1 ca",
        "expires_at": AT + HOUR,
        "by": system_user(),
        "at": AT,
    } | said
    return grant_exception(area=area, **said)


def correct(province, code, *, at, cases=5, document="12/BC"):
    return submit_counts(
        source=province.source(),
        rows=[CountRow(province.communes[code].pk, day(1), unknown_source=cases)],
        reason="sót 1 ca",
        document=document,
        by=system_user(),
        at=at,
    )


def faults(province, code, *, at, document="12/BC"):
    row = CountRow(province.communes[code].pk, day(1), unknown_source=5)
    found = check_rows(source=province.source(), rows=[row], reason="sót", document=document, at=at)
    return [fault.code for fault in found]


def test_locked_day_is_refused_without_an_exception_by_the_house_and_by_the_database(province):
    with pytest.raises(SubmissionRefused, match="đã duyệt và khóa"):
        correct(province, "90101", at=AT)

    with pytest.raises(IntegrityError, match="đã duyệt và khóa"), transaction.atomic():
        province.post({("90101", 1): 5}, document="12/BC", at=AT)


def test_exception_opens_its_own_commune_and_no_other(province):
    grant(province.communes["90101"])

    correct(province, "90101", at=AT)

    assert faults(province, "90102", at=AT) == ["day_locked"]


def test_exception_of_a_district_opens_all_its_communes(province):
    grant(province.districts["901"])

    assert faults(province, "90101", at=AT) == faults(province, "90102", at=AT) == []


def test_correction_under_an_exception_needs_a_document(province):
    grant(province.communes["90101"])

    assert faults(province, "90101", at=AT, document="") == ["document_needed"]


def test_exception_is_over_at_its_end_to_the_microsecond(province):
    granted = grant(province.communes["90101"], expires_at=AT + HOUR)
    in_force = [
        in_force_at(LockException.objects.all(), at).exists() for at in (AT, AT + HOUR - MOMENT, AT + HOUR)
    ]

    assert in_force == [True, True, False]
    assert faults(province, "90101", at=AT + HOUR - MOMENT) == []
    assert faults(province, "90101", at=AT + HOUR) == ["day_locked"]
    with pytest.raises(IntegrityError), transaction.atomic():
        province.post({("90101", 1): 5}, document="12/BC", at=granted.expires_at)
    province.post({("90101", 1): 5}, document="12/BC", at=granted.expires_at - MOMENT)


def test_exception_that_was_ended_opens_nothing_from_then_on(province):
    granted = grant(province.communes["90101"])

    ended = end_exception(exception=granted, by=system_user(), at=AT + HOUR / 2)

    assert (ended.ended_at, ended.ended_by) == (AT + HOUR / 2, system_user())
    assert faults(province, "90101", at=AT + HOUR / 2 - MOMENT) == []
    assert faults(province, "90101", at=AT + HOUR / 2) == ["day_locked"]
    with pytest.raises(ExceptionRefused, match="đã hết hiệu lực"):
        end_exception(exception=granted, by=system_user(), at=AT + HOUR / 2)


def test_exception_that_expired_is_not_ended_once_more(province):
    granted = grant(province.communes["90101"])

    with pytest.raises(ExceptionRefused, match="đã hết hiệu lực"):
        end_exception(exception=granted, by=system_user(), at=AT + HOUR)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"reason": "  "}, "nêu lý do"),
        ({"expires_at": AT}, "phải sau lúc này"),
        ({"expires_at": AT + timedelta(days=14) + MOMENT}, "không quá 14 ngày"),
        ({"day": day(2)}, "chưa duyệt nên không khóa"),
    ],
)
def test_exception_is_refused(province, said, why):
    with pytest.raises(ExceptionRefused, match=why):
        grant(province.communes["90101"], **said)

    assert not LockException.objects.exists()


def test_exception_may_last_fourteen_days(province):
    assert grant(province.communes["90101"], expires_at=AT + timedelta(days=14)).pk


def test_lock_is_that_of_the_district_and_of_nobody_else(province):
    locked = {code: is_locked(area=area, day=day(1)) for code, area in province.communes.items()}

    assert locked == {"90101": True, "90102": True, "90201": False}
    assert is_locked(area=province.districts["901"], day=day(1))
    assert not is_locked(area=province.area, day=day(1))


def test_those_who_enter_numbers_there_are_told_once(province):
    own = GrantFactory(role=Role.COMMUNE_STAFF, area=province.communes["90101"]).user
    above = GrantFactory(role=Role.DISTRICT_STAFF, area=province.districts["901"]).user
    elsewhere = GrantFactory(role=Role.DISTRICT_STAFF, area=province.districts["902"]).user
    judge = GrantFactory(role=Role.HEALTH, area=province.area).user

    grant(province.communes["90101"], by=judge)

    assert [notices_of(person).count() for person in (own, above, elsewhere, judge)] == [1, 1, 0, 0]
    notice = notices_of(own).get()
    assert "Xã 90101: được sửa số liệu ngày 02/08/2021" in notice.subject
    assert notice.link == f"/counts/90101/{day(1)}/correct/"


def test_exception_stands_in_the_journal(province):
    grant(province.communes["90101"], by=UserFactory(username="so-y-te"))

    with connection.cursor() as cursor:
        cursor.execute("select actor, reason from core_auditevent where table_name = 'riskmap_lockexception'")
        assert cursor.fetchall() == [("so-y-te", "sót 1 ca")]
