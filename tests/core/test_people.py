from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from core import people
from core.access import Permission, can
from core.enums import Role
from core.models import AuditEvent, Grant, User
from core.people import (
    AccountRefused,
    AddressRefused,
    GrantRefused,
    LastAdministratorGrant,
    NotToOneself,
    OutsideYourAreas,
    appoint_administrator,
    change_own_password,
    end_grant,
    give_grant,
    open_account,
    people_within_reach,
    reset_password,
    set_own_address,
    system_user,
)
from tests.factories import CommuneFactory, DistrictFactory, GrantFactory, ProvinceFactory, UserFactory

AT = datetime(2021, 7, 15, 3, tzinfo=UTC)
DAY = date(2021, 7, 15)


@pytest.fixture
def district(db):
    return DistrictFactory()


@pytest.fixture
def administrator(district):
    return GrantFactory(area=district, user__username="quan-tri").user


def give(**said):
    role, valid_from, valid_to = Role.COMMUNE_STAFF, DAY, None
    return give_grant(**{"role": role, "valid_from": valid_from, "valid_to": valid_to, "at": AT} | said)


def test_system_user_is_one_account_nobody_can_log_in_with(db):
    account = system_user()

    assert system_user() == account
    assert account.username == "he-thong"
    assert not account.has_usable_password()


# --- Accounts -------------------------------------------------------------------------------------------


def test_open_account_gives_a_temporary_password_that_is_nowhere_else(administrator):
    account, password = open_account(
        username="lan", full_name=" Nguyễn  Thị Lan ", post="Trạm y tế", by=administrator, at=AT
    )

    account.refresh_from_db()
    assert account.full_name == "Nguyễn Thị Lan"
    assert account.password_is_temporary
    assert account.check_password(password)
    event = AuditEvent.objects.order_by("id").last()
    assert (event.actor, event.reason, event.table_name) == ("quan-tri", "Mở tài khoản", "core_user")
    assert password not in str(event.changes)


def test_open_account_gives_another_password_each_time(administrator):
    passwords = {
        open_account(username=name, full_name="", post="", by=administrator, at=AT)[1]
        for name in ("a", "b", "c")
    }

    assert len(passwords) == 3


@pytest.mark.parametrize("username", ["QUAN-TRI", "hai chữ", ""])
def test_open_account_refuses_a_name_that_is_taken_or_no_name(administrator, username):
    with pytest.raises(AccountRefused):
        open_account(username=username, full_name="", post="", by=administrator, at=AT)


def test_open_account_needs_an_administrator(district):
    nobody = GrantFactory(area=district, role=Role.HEALTH).user

    with pytest.raises(OutsideYourAreas):
        open_account(username="lan", full_name="", post="", by=nobody, at=AT)


def test_people_are_in_the_order_of_their_own_names(administrator):
    for name in ("Trần Văn Ổi", "Nguyễn Thị Ớt", "Lê Ân", "Đỗ An"):
        UserFactory(full_name=name)

    found = people_within_reach(administrator, on=DAY).exclude(pk=administrator.pk)

    assert [str(user) for user in found] == ["Đỗ An", "Lê Ân", "Trần Văn Ổi", "Nguyễn Thị Ớt"]


def test_people_within_reach_are_those_of_my_areas_and_those_with_nothing_yet(administrator, district):
    inside = GrantFactory(area=CommuneFactory(parent=district), role=Role.VIEWER).user
    fresh = UserFactory()
    elsewhere = GrantFactory().user

    assert set(people_within_reach(administrator, on=DAY)) == {administrator, inside, fresh}
    assert set(people_within_reach(inside, on=DAY)) == set()
    assert elsewhere not in people_within_reach(administrator, on=DAY)


def test_reset_password_makes_the_old_one_useless(administrator, district):
    user = GrantFactory(area=district, role=Role.VIEWER).user

    password = reset_password(user=user, by=administrator, at=AT)

    user.refresh_from_db()
    assert user.check_password(password)
    assert user.password_is_temporary


def test_reset_password_refuses_who_has_a_grant_elsewhere(administrator, district):
    user = GrantFactory(area=district, role=Role.VIEWER).user
    GrantFactory(user=user, role=Role.VIEWER, area=district.parent)
    before = user.password

    with pytest.raises(OutsideYourAreas):
        reset_password(user=user, by=administrator, at=AT)

    user.refresh_from_db()
    assert user.password == before


def test_reset_password_refuses_the_account_of_the_house(administrator):
    with pytest.raises(OutsideYourAreas):
        reset_password(user=system_user(), by=administrator, at=AT)


def test_change_own_password_opens_what_a_temporary_one_kept_shut(district):
    user = GrantFactory(area=district, user__password_is_temporary=True).user
    assert not can(user, Permission.MANAGE_GRANTS, district, on=DAY)

    change_own_password(user=user, password="cau-tre-lac-leo")

    user.refresh_from_db()
    assert user.check_password("cau-tre-lac-leo")
    assert can(user, Permission.MANAGE_GRANTS, district, on=DAY)


# --- Grants ---------------------------------------------------------------------------------------------


def test_give_grant_works_below_my_area_and_is_journalled(administrator, district):
    commune, person = CommuneFactory(parent=district), UserFactory()

    grant = give(user=person, area=commune, by=administrator)

    assert can(person, Permission.ENTER_COUNTS, commune, on=DAY)
    assert (grant.granted_by, grant.granted_at) == (administrator, AT)
    event = AuditEvent.objects.order_by("id").last()
    assert (event.actor, event.table_name, event.changes["new"][0]["id"]) == (
        "quan-tri",
        "core_grant",
        grant.pk,
    )


def test_give_grant_refuses_above_and_beside_my_area(administrator, district):
    for area in (district.parent, DistrictFactory(parent=district.parent), ProvinceFactory()):
        with pytest.raises(OutsideYourAreas):
            give(user=UserFactory(), area=area, by=administrator)
    assert Grant.objects.count() == 1


def test_give_grant_refuses_other_roles_than_administrator(district):
    health = GrantFactory(area=district, role=Role.HEALTH).user

    with pytest.raises(OutsideYourAreas):
        give(user=UserFactory(), area=district, by=health)


def test_give_grant_refuses_oneself(administrator, district):
    with pytest.raises(NotToOneself):
        give(user=administrator, area=district, by=administrator, role=Role.HEALTH)


@pytest.mark.parametrize(
    "said",
    [
        {"valid_from": date(2021, 7, 14)},
        {"valid_from": date(2021, 7, 20), "valid_to": date(2021, 7, 19)},
        {"role": "king"},
    ],
)
def test_give_grant_refuses_what_makes_no_sense(administrator, district, said):
    with pytest.raises(GrantRefused):
        give(user=UserFactory(), area=district, by=administrator, **said)


def test_give_grant_counts_the_day_in_vietnam(administrator, district):
    late_evening_utc = datetime(2021, 7, 15, 20, tzinfo=UTC)  # already the 16th here

    with pytest.raises(GrantRefused):
        give(user=UserFactory(), area=district, by=administrator, at=late_evening_utc)


def test_give_grant_refuses_the_same_twice_but_not_after_its_end(administrator, district):
    person = UserFactory()
    grant = give(user=person, area=district, by=administrator)

    with pytest.raises(GrantRefused) as refusal:
        give(user=person, area=district, by=administrator, valid_from=date(2021, 8, 1))
    end_grant(grant=grant, by=administrator, at=AT, reason="chuyển công tác")
    again = give(user=person, area=district, by=administrator)

    assert "đã được giao vai trò đó" in refusal.value.message
    assert again.pk != grant.pk


def test_end_grant_ends_at_once_and_keeps_the_row_and_the_reason(administrator, district):
    grant = GrantFactory(area=district, role=Role.VIEWER)

    end_grant(grant=grant, by=administrator, at=AT, reason="chuyển công tác")

    grant.refresh_from_db()
    assert (grant.ended_by, grant.ended_at) == (administrator, AT)
    assert not can(grant.user, Permission.VIEW_WORKING, district, on=DAY)
    event = AuditEvent.objects.order_by("id").last()
    assert (event.action, event.reason) == ("UPDATE", "chuyển công tác")


def test_end_grant_refuses_twice(administrator, district):
    grant = GrantFactory(area=district, role=Role.VIEWER)
    end_grant(grant=grant, by=administrator, at=AT, reason="một")

    with pytest.raises(GrantRefused):
        end_grant(grant=grant, by=administrator, at=AT, reason="hai")


def test_end_grant_refuses_outside_my_area(administrator):
    with pytest.raises(OutsideYourAreas):
        end_grant(grant=GrantFactory(), by=administrator, at=AT, reason="")


def test_end_grant_refuses_my_last_administrator_grant_only(administrator, district):
    mine = administrator.grants.get()

    with pytest.raises(LastAdministratorGrant):
        end_grant(grant=mine, by=administrator, at=AT, reason="")

    GrantFactory(user=administrator, area=district.parent)
    end_grant(grant=mine, by=administrator, at=AT, reason="gộp về tỉnh")
    mine.refresh_from_db()
    assert mine.ended_at == AT


# --- The way in -----------------------------------------------------------------------------------------


def test_appoint_administrator_opens_the_province(district):
    person = UserFactory()

    appoint_administrator(user=person, area=district.parent, at=AT)

    assert can(person, Permission.MANAGE_GRANTS, district, on=DAY)


def test_create_administrator_prints_a_password_that_must_be_changed(db, capsys):
    ProvinceFactory(code="58", name="Tỉnh Ninh Thuận")

    call_command("create_administrator", "tri", "--province", "58", "--full-name", "Lê Trí")

    out = capsys.readouterr().out
    user = User.objects.get(username="tri")
    assert "Lê Trí là quản trị của Tỉnh Ninh Thuận." in out
    assert user.check_password(out.rsplit(maxsplit=1)[1])
    assert user.password_is_temporary
    assert user.grants.get().role == Role.ADMINISTRATOR


def test_create_administrator_refuses_twice_and_leaves_all_as_it_was(db):
    ProvinceFactory(code="58")
    call_command("create_administrator", "tri", "--province", "58", stdout=None)
    before = User.objects.get(username="tri").password

    with pytest.raises(CommandError):
        call_command("create_administrator", "tri", "--province", "58")

    assert User.objects.get(username="tri").password == before
    assert Grant.objects.count() == 1


def test_create_administrator_takes_an_account_that_is_there(db, capsys):
    ProvinceFactory(code="58")
    user = UserFactory(username="tri")

    call_command("create_administrator", "tri", "--province", "58")

    assert "Mật khẩu" not in capsys.readouterr().out
    assert user.grants.get().role == Role.ADMINISTRATOR


def test_create_administrator_refuses_an_unknown_province_and_makes_no_account(db):
    with pytest.raises(CommandError) as refusal:
        call_command("create_administrator", "tri", "--province", "58")

    assert refusal.value.returncode == 2
    assert not User.objects.filter(username="tri").exists()


def test_temporary_password_has_no_letters_that_look_alike():
    assert not set("0o1li") & set(people.PASSWORD_ALPHABET)


# --- The address for reminders --------------------------------------------------------------------------


def test_set_own_address_refuses_what_no_mail_can_go_to(db):
    user = UserFactory(email="lan@xa.example")

    with pytest.raises(AddressRefused):
        set_own_address(user=user, email="lan@xa.example\nBcc: ai@do.example")

    user.refresh_from_db()
    assert user.email == "lan@xa.example"
