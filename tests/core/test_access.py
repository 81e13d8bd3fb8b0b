from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from rest_framework.test import APIRequestFactory

from core.access import Permission, areas_where, can, can_anywhere, permission_class, require
from core.enums import Role
from core.models import Area, Grant
from core.people import system_user
from core.permissions import ROLE_DESCRIPTIONS, ROLE_PERMISSIONS, roles_with
from tests.factories import CommuneFactory, DistrictFactory, GrantFactory, ProvinceFactory, UserFactory

DAY = date(2021, 7, 15)


@pytest.fixture
def district(db):
    return DistrictFactory(code="58-1", parent__code="58")


def test_role_has_permissions_and_a_description_each():
    assert set(ROLE_PERMISSIONS) == set(ROLE_DESCRIPTIONS) == set(Role)


def test_permission_is_carried_by_some_role_and_described():
    for permission in Permission:
        assert roles_with(permission), permission
        assert permission.label


def test_can_over_granted_area_and_below_not_above_nor_beside(district):
    commune = CommuneFactory(parent=district)
    neighbour = DistrictFactory(code="58-10", parent=district.parent)  # its path begins with the same letters
    user = GrantFactory(role=Role.DISTRICT_STAFF, area=district).user

    answers = {
        area: can(user, Permission.ENTER_COUNTS, area, on=DAY)
        for area in (district, commune, district.parent, neighbour)
    }

    assert answers == {district: True, commune: True, district.parent: False, neighbour: False}
    assert set(areas_where(user, Permission.ENTER_COUNTS, on=DAY)) == {district, commune}


def test_can_not_what_the_role_does_not_carry(district):
    user = GrantFactory(role=Role.VIEWER, area=district).user

    assert can(user, Permission.VIEW_WORKING, district, on=DAY)
    assert not can(user, Permission.MANAGE_GRANTS, district, on=DAY)


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        (date(2021, 6, 30), False),
        (date(2021, 7, 1), True),
        (date(2021, 7, 31), True),
        (date(2021, 8, 1), False),
    ],
)
def test_can_from_first_day_through_last_day(district, day, allowed):
    grant = GrantFactory(area=district, valid_from=date(2021, 7, 1), valid_to=date(2021, 7, 31))

    assert can(grant.user, Permission.MANAGE_GRANTS, district, on=day) is allowed


def test_can_no_longer_from_the_local_day_the_grant_was_ended(district):
    # 20:00 UTC is 03:00 of the 16th in Vietnam.
    ended = {"ended_at": datetime(2021, 7, 15, 20, tzinfo=UTC), "ended_by": system_user()}
    grant = GrantFactory(area=district, **ended)

    assert can(grant.user, Permission.MANAGE_GRANTS, district, on=date(2021, 7, 15))
    assert not can(grant.user, Permission.MANAGE_GRANTS, district, on=date(2021, 7, 16))


@pytest.mark.parametrize("state", [{"is_active": False}, {"password_is_temporary": True}])
def test_can_nothing_with_an_account_out_of_use_or_a_temporary_password(district, state):
    user = GrantFactory(area=district, user=UserFactory(**state)).user

    assert not can(user, Permission.MANAGE_GRANTS, district, on=DAY)


def test_can_nothing_as_superuser_without_a_grant(district):
    user = UserFactory(is_superuser=True, is_staff=True)

    assert not can(user, Permission.MANAGE_GRANTS, district, on=DAY)


def test_anonymous_can_nothing(district):
    assert not can_anywhere(AnonymousUser(), Permission.VIEW_WORKING, on=DAY)
    assert not areas_where(AnonymousUser(), Permission.VIEW_WORKING, on=DAY).exists()


def test_for_user_shows_rows_of_granted_areas_only(district):
    mine = GrantFactory(area=district)
    below = GrantFactory(area=CommuneFactory(parent=district), role=Role.COMMUNE_STAFF)
    GrantFactory()

    found = Grant.objects.for_user(mine.user, Permission.MANAGE_GRANTS, on=DAY)

    assert set(found) == {mine, below}


def test_for_user_asks_two_queries_however_many_grants(district, django_assert_num_queries):
    user = GrantFactory(area=district).user
    for _place in range(3):
        GrantFactory(user=user)

    with django_assert_num_queries(2):
        assert Area.objects.for_user(user, Permission.MANAGE_GRANTS, on=DAY).count() == 4


def test_for_user_takes_path_letters_as_they_are(district):
    odd = ProvinceFactory(code="5_8")
    DistrictFactory(code="5x8-1", parent__code="5x8")
    user = GrantFactory(area=odd).user

    assert list(areas_where(user, Permission.MANAGE_GRANTS, on=DAY)) == [odd]


def _opened(user, rf, permission=Permission.MANAGE_GRANTS):
    request = rf.get("/grants/?q=an")
    request.user = user
    return require(permission)(lambda request: HttpResponse("mở"))(request)


def test_require_sends_the_anonymous_to_login_and_back(rf):
    answer = _opened(AnonymousUser(), rf)

    assert (answer.status_code, answer.url) == (302, "/login/?next=/grants/%3Fq%3Dan")


def test_require_sends_a_temporary_password_to_be_changed(db, rf):
    answer = _opened(GrantFactory(user__password_is_temporary=True).user, rf)

    assert (answer.status_code, answer.url) == (302, "/password/")


def test_require_refuses_without_the_permission(db, rf):
    with pytest.raises(PermissionDenied):
        _opened(GrantFactory(role=Role.VIEWER).user, rf)


def test_require_opens_with_the_permission(db, rf):
    assert _opened(GrantFactory().user, rf).content.decode() == "mở"


def test_permission_class_opens_own_areas_only(district):
    mine, other = GrantFactory(area=district), GrantFactory()
    door = permission_class(Permission.MANAGE_GRANTS)()
    request = APIRequestFactory().get("/")
    request.user = mine.user

    assert door.has_permission(request, None)
    assert door.has_object_permission(request, None, mine)
    assert not door.has_object_permission(request, None, other)
    assert not door.has_object_permission(request, None, other.area)
    request.user = AnonymousUser()
    assert not door.has_permission(request, None)
