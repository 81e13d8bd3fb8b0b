"""The inbox: told once, read by its owner alone, and who is to be told."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from core.access import Permission
from core.enums import Role
from core.inbox import (
    Message,
    holders_by_area,
    holders_over,
    mark_read,
    notices_of,
    send_each,
    send_notices,
    unread_count,
)
from core.models import Notice
from tests.factories import CommuneFactory, DistrictFactory, GrantFactory, ProvinceFactory, UserFactory

AT = datetime(2021, 7, 15, 3, tzinfo=UTC)
DAY = date(2021, 7, 15)
HOUR = timedelta(hours=1)


def send(*recipients, **said):
    said = {"key": "nhac-viec", "subject": "Nhắc việc", "body": "", "link": "/", "at": AT} | said
    return send_notices(recipients=[user.pk for user in recipients], **said)


# --- Sending --------------------------------------------------------------------------------------------


def test_send_notices_tells_each_person_once_for_a_key(db):
    lan, tri, an = (UserFactory() for _person in range(3))

    told = [send(lan, tri, lan), send(tri, an, subject="Lần nữa"), send(lan, key="việc khác")]

    assert told == [2, 1, 1]
    assert [notice.subject for notice in notices_of(tri)] == ["Nhắc việc"]
    assert {notice.key for notice in notices_of(lan)} == {"nhac-viec", "việc khác"}


def test_send_notices_costs_one_statement_for_any_number_of_people(db, django_assert_num_queries):
    people = [UserFactory() for _person in range(12)]

    with django_assert_num_queries(1):
        assert send(*people) == 12


def test_send_each_tells_everybody_their_own_and_passes_over_who_has_had_it(db, django_assert_num_queries):
    lan, tri = UserFactory(), UserFactory()
    send(tri, key="một")
    messages = [
        Message(lan.pk, "một", "Cho Lan", "", "/"),
        Message(lan.pk, "hai", "Cho Lan nữa", "thân", "/search/"),
        Message(tri.pk, "một", "Cho Trí lần hai", "", "/"),
    ]

    with django_assert_num_queries(1):
        assert send_each(messages=messages, at=AT) == 2

    assert [(each.subject, each.body, each.link) for each in notices_of(lan).order_by("subject")] == [
        ("Cho Lan", "", "/"),
        ("Cho Lan nữa", "thân", "/search/"),
    ]
    assert [each.subject for each in notices_of(tri)] == ["Nhắc việc"]


def test_send_notices_to_nobody_tells_nobody(db):
    assert send() == 0


def test_send_notices_keeps_a_long_subject_within_its_place(db):
    lan = UserFactory()

    send(lan, subject="Xã " * 100)

    assert len(notices_of(lan).get().subject) == 200


def test_send_notices_is_undone_with_what_it_told(db):
    lan = UserFactory()

    with transaction.atomic():
        send(lan)
        transaction.set_rollback(True)

    assert unread_count(lan) == 0


@pytest.mark.django_db(transaction=True)
def test_send_notices_refuses_to_stand_alone():
    with pytest.raises(TransactionManagementError):
        send(UserFactory())


@pytest.mark.parametrize(
    "link",
    ["", "riskmap", "https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere", "/\t/elsewhere"],
)
def test_send_notices_takes_no_link_that_leaves_this_site(db, link):
    lan = UserFactory()

    with pytest.raises(IntegrityError, match="notice_link_is_a_page_of_this_site"), transaction.atomic():
        send(lan, link=link)


def test_send_notices_takes_a_page_with_its_question(db):
    assert send(UserFactory(), link="/reports/due/?day=2021-07-15&area=585#xa") == 1


@pytest.mark.django_db(transaction=True)
def test_send_notices_by_two_workers_at_once_tells_everyone_once():
    people = [UserFactory() for _person in range(30)]
    ready, told = threading.Barrier(4, timeout=10), []

    def work(order):
        try:
            ready.wait()
            for key in ("một", "hai", "ba"):
                with transaction.atomic():
                    told.append(send(*order, key=key))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=(people if worker % 2 else people[::-1],)) for worker in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(told) == Notice.objects.count() == 90


def test_notice_is_never_deleted(db):
    send(UserFactory())

    with pytest.raises(IntegrityError, match="không cho phép DELETE"), transaction.atomic():
        Notice.objects.all().delete()


# --- Reading --------------------------------------------------------------------------------------------


def test_notices_are_shown_newest_first_and_those_of_one_instant_by_their_order(db):
    lan = UserFactory()
    for key, at in (("cũ", AT), ("mới", AT + HOUR), ("mới nữa", AT + HOUR), ("cũ nhất", AT - HOUR)):
        send(lan, key=key, at=at)

    assert [notice.key for notice in notices_of(lan)] == ["mới nữa", "mới", "cũ", "cũ nhất"]


def test_mark_read_takes_the_unread_that_are_named_and_ones_own(db):
    lan, tri = UserFactory(), UserFactory()
    for key in ("một", "hai", "ba"):
        send(lan, tri, key=key)
    first, second, _third = notices_of(lan).reverse()
    others = notices_of(tri).first()

    assert mark_read(user=lan, notices=[first.pk, others.pk], at=AT) == 1
    assert mark_read(user=lan, notices=[first.pk, second.pk], at=AT + HOUR) == 1
    assert mark_read(user=lan, notices=[], at=AT + HOUR) == 0

    first.refresh_from_db()
    assert first.read_at == AT
    assert (unread_count(lan), unread_count(tri)) == (1, 3)


def test_mark_read_without_names_takes_all(db):
    lan, tri = UserFactory(), UserFactory()
    for key in ("một", "hai"):
        send(lan, tri, key=key)

    assert mark_read(user=lan, at=AT) == 2
    assert (unread_count(lan), unread_count(tri)) == (0, 2)


# --- Who is to be told ----------------------------------------------------------------------------------


@pytest.fixture
def places(db):
    district = DistrictFactory()
    return district.parent, district, CommuneFactory(parent=district), CommuneFactory(parent=district)


def holders(*areas, permission=Permission.ENTER_COUNTS, on=DAY, **said):
    return holders_over(areas=areas, permission=permission, on=on, **said)


def test_holders_over_are_those_there_and_above_whose_role_carries_it(places):
    province, district, here, beside = places
    in_place = GrantFactory(area=here, role=Role.COMMUNE_STAFF).user
    above = GrantFactory(area=district, role=Role.DISTRICT_STAFF).user
    top = GrantFactory(area=province, role=Role.HEALTH).user
    GrantFactory(area=province, role=Role.ADMINISTRATOR)
    GrantFactory(area=beside, role=Role.COMMUNE_STAFF)
    GrantFactory(role=Role.HEALTH)

    assert holders(here) == {in_place.pk, above.pk, top.pk}
    assert holders(district) == {above.pk, top.pk}
    assert holders(here, only_at_area=True) == {in_place.pk}
    assert holders(here, roles=[Role.HEALTH, Role.ADMINISTRATOR]) == {top.pk}
    assert holders(here, permission=Permission.PUBLISH) == {top.pk}


def test_holders_over_leaves_out_who_holds_it_no_longer_or_not_yet_or_is_gone(places):
    _province, district, here, _beside = places
    GrantFactory(area=here, role=Role.COMMUNE_STAFF, valid_to=DAY - timedelta(days=1))
    GrantFactory(area=here, role=Role.COMMUNE_STAFF, valid_from=DAY + timedelta(days=1))
    GrantFactory(area=here, role=Role.COMMUNE_STAFF, user__is_active=False)
    ended = GrantFactory(area=here, role=Role.COMMUNE_STAFF)
    type(ended).objects.filter(pk=ended.pk).update(ended_at=AT, ended_by=ended.user)
    last_day = GrantFactory(area=district, role=Role.DISTRICT_STAFF, valid_to=DAY).user

    assert holders(here) == {last_day.pk}


def test_holders_over_does_not_take_a_code_that_only_begins_alike(db):
    GrantFactory(area=ProvinceFactory(code="5"), role=Role.HEALTH)
    district = DistrictFactory(parent=ProvinceFactory(code="58"), code="585")

    assert holders(district) == set()


def test_holders_by_area_says_who_is_where_in_one_query(places, django_assert_num_queries):
    _province, district, here, beside = places
    clerk = GrantFactory(area=here, role=Role.COMMUNE_STAFF).user
    GrantFactory(user=clerk, area=beside, role=Role.COMMUNE_STAFF)
    above = GrantFactory(area=district, role=Role.DISTRICT_STAFF).user

    with django_assert_num_queries(1):
        found = holders_by_area(areas=[district, here, beside], permission=Permission.ENTER_COUNTS, on=DAY)

    assert found == {district.pk: {above.pk}, here.pk: {clerk.pk, above.pk}, beside.pk: {clerk.pk, above.pk}}


def test_holders_over_no_area_is_nobody(db):
    assert holders() == set()
