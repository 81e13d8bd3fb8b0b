"""The administrators' pages, by an insider, a neighbour and an outsider."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from core.enums import Role
from core.models import AuditEvent, Grant, User
from core.permissions import ROLE_DESCRIPTIONS, ROLE_PERMISSIONS, Permission
from tests.factories import PASSWORD, CommuneFactory, DistrictFactory, GrantFactory, UserFactory


@pytest.fixture
def district(db):
    return DistrictFactory(code="580", name="Huyện Ninh Hải")


@pytest.fixture
def commune(district):
    return CommuneFactory(code="22852", name="Xã Vĩnh Hải", parent=district)


@pytest.fixture
def administrator(district, client):
    user = GrantFactory(area=district, user__username="quan-tri", user__full_name="Trần Quản Trị").user
    client.force_login(user)
    return user


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def today(days: int = 0) -> str:
    return f"{timezone.localdate() + timedelta(days=days):%d/%m/%Y}"


def given(**said):
    return {"user": "lan", "role": Role.COMMUNE_STAFF, "area": "22852", "valid_from": today()} | said


# --- The list -------------------------------------------------------------------------------------------


def test_list_shows_grants_of_my_areas_only(client, administrator, commune):
    GrantFactory(area=commune, user__full_name="Lê Thị Trong")
    GrantFactory(area=DistrictFactory(parent=commune.parent.parent), user__full_name="Lê Thị Ngoài")
    GrantFactory(area=commune.parent.parent, user__full_name="Lê Thị Trên")

    page = text(client.get("/grants/"))

    assert "Lê Thị Trong" in page
    assert "Lê Thị Ngoài" not in page
    assert "Lê Thị Trên" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("le thi trong", True),
        ("TRONG vinh hai", True),
        ("22852", True),
        ("trống", True),
        ("ninh phuoc", False),
        ("ngoai", False),
        ("%", True),
    ],
)
def test_list_is_searched_without_diacritics_over_person_and_place(
    client, administrator, commune, query, found
):
    GrantFactory(area=commune, user__full_name="Lê Thị Trong")
    GrantFactory(user__full_name="Lê Thị Ngoài")

    page = text(client.get("/grants/", {"q": query}))

    assert ("Lê Thị Trong" in page) is found
    assert "Lê Thị Ngoài" not in page


def test_list_tells_who_had_what_on_a_day(client, administrator, commune):
    ended = GrantFactory(area=commune, role=Role.VIEWER, user__full_name="Lê Đã Thôi")
    Grant.objects.filter(pk=ended.pk).update(ended_at=timezone.now(), ended_by=administrator)

    now, yesterday = client.get("/grants/"), client.get("/grants/", {"on": today(-1)})

    assert "Lê Đã Thôi" not in text(now)
    assert "Lê Đã Thôi" in text(yesterday)


def test_list_says_what_is_wrong_with_a_day_and_keeps_the_search(client, administrator):
    answer = client.get("/grants/", {"q": "vĩnh hải", "on": "31/02/2021"})

    page = answer.content.decode()
    assert "Ngày không đúng" in page
    assert 'value="vĩnh hải"' in page
    assert 'value="31/02/2021"' in page


def test_list_costs_the_same_with_one_grant_and_with_many(
    client, administrator, commune, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12) as one:
        client.get("/grants/")
    for _person in range(5):
        GrantFactory(area=commune)

    with django_assert_num_queries(len(one.captured_queries)):
        client.get("/grants/")


def test_list_goes_on_to_further_pages_and_keeps_the_search(client, administrator, commune):
    for _person in range(51):
        GrantFactory(area=commune, role=Role.VIEWER)

    first, second = client.get("/grants/", {"q": "vinh"}), client.get("/grants/", {"q": "vinh", "page": 2})

    assert first.content.decode().count("<tr>") == 51
    assert "?q=vinh&amp;page=2" in first.content.decode()
    assert second.content.decode().count("<tr>") == 2


# --- Giving ---------------------------------------------------------------------------------------------


def test_give_writes_the_grant_and_says_so(client, administrator, commune):
    person = UserFactory(username="lan", full_name="Nguyễn Thị Lan")

    answer = client.post("/grants/new/", given(valid_to=today(30)), follow=True)

    grant = person.grants.get()
    assert (grant.role, grant.area, grant.granted_by) == (Role.COMMUNE_STAFF, commune, administrator)
    assert (grant.valid_from, grant.valid_to) == (
        timezone.localdate(),
        timezone.localdate() + timedelta(days=30),
    )
    assert answer.redirect_chain == [(f"/people/{person.pk}/", 302)]
    assert "Đã giao quyền: Nguyễn Thị Lan · Cán bộ cấp xã · Xã Vĩnh Hải." in text(answer)
    assert AuditEvent.objects.order_by("id").last().actor == "quan-tri"


@pytest.mark.parametrize(
    "typed", ["22852", "22852 – Xã Vĩnh Hải, Huyện Ninh Hải", "xa vinh hai", "vĩnh hải", "vinh hai ninh hai"]
)
def test_give_finds_the_area_by_code_name_or_name_and_district(client, administrator, commune, typed):
    CommuneFactory(name="Xã Tân Hải", parent=commune.parent)
    person = UserFactory(username="lan")

    client.post("/grants/new/", given(area=typed))

    assert person.grants.get().area == commune


@pytest.mark.parametrize("typed", ["lan", "LAN", "lan – Nguyễn Thị Lan", "nguyen thi lan", "Nguyễn Thị"])
def test_give_finds_the_person_by_account_or_name(client, administrator, commune, typed):
    person = UserFactory(username="lan", full_name="Nguyễn Thị Lan")

    client.post("/grants/new/", given(user=typed))

    assert person.grants.count() == 1


def test_give_asks_which_one_when_several_match_and_keeps_all_that_was_typed(client, administrator, commune):
    CommuneFactory(code="22853", name="Xã Nhơn Hải", parent=commune.parent)
    UserFactory(username="lan")

    answer = client.post("/grants/new/", given(area="xã hải", valid_to=today(9)))

    page = answer.content.decode()
    assert "22852 – Xã Vĩnh Hải, Huyện Ninh Hải" in page
    assert "22853 – Xã Nhơn Hải, Huyện Ninh Hải" in page
    assert 'name="area" value="xã hải"' in page
    assert 'name="user" value="lan"' in page
    assert f'value="{today(9)}"' in page
    assert re.search(r'value="commune_staff"[^>]*checked', page)
    assert Grant.objects.filter(user__username="lan").count() == 0


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"user": ""}, "Xin điền mục này."),
        ({"user": "khong co ai"}, "Không có tài khoản nào như vậy"),
        ({"role": ""}, "Xin chọn một vai trò."),
        ({"area": "hà nội"}, "Không có đơn vị nào như vậy trong địa bàn của bạn"),
        ({"area": "!!!"}, "Không có đơn vị nào như vậy trong địa bàn của bạn"),
        ({"valid_from": "hôm nay"}, "Ngày không đúng"),
        ({"valid_from": "01/01/2021"}, "Không giao quyền lùi ngày"),
        ({"valid_to": "01/01/2021"}, "Ngày kết thúc phải từ ngày bắt đầu trở đi."),
        ({"user": "quan-tri"}, "Không tự giao quyền cho chính mình"),
    ],
)
def test_give_refuses_with_a_reason_beside_the_field(client, administrator, commune, said, why):
    UserFactory(username="lan")

    answer = client.post("/grants/new/", given(**said))

    assert answer.status_code == 200
    assert why in text(answer)
    assert Grant.objects.count() == 1


@pytest.mark.parametrize("where", ["parent", "beside"])
def test_give_refuses_areas_beyond_mine_as_if_they_did_not_exist(client, administrator, district, where):
    UserFactory(username="lan")
    area = district.parent if where == "parent" else DistrictFactory(parent=district.parent)

    answer = client.post("/grants/new/", given(area=area.code))

    assert "Không có đơn vị nào như vậy trong địa bàn của bạn" in text(answer)
    assert area.name not in text(answer)


def test_give_offers_people_and_areas_within_reach_only(client, administrator, commune):
    elsewhere = GrantFactory(user__username="xa-la")

    page = client.get("/grants/new/").content.decode()

    assert '<option value="22852 – Xã Vĩnh Hải, Huyện Ninh Hải">' in page
    assert elsewhere.area.name not in page
    assert "xa-la" not in page


def test_give_shows_what_each_role_opens(client, administrator):
    page = text(client.get("/grants/new/"))

    for role in Role:
        assert str(role.label) in page
        assert str(ROLE_DESCRIPTIONS[role]) in page


@pytest.mark.parametrize("address", ["/grants/", "/grants/new/"])
def test_every_right_is_told_in_a_line_under_the_roles_that_carry_it(client, administrator, address):
    page = client.get(address).content.decode()

    for role in Role:
        told = page.partition(f"<summary>{role.label}</summary>")[2].partition("</details>")[0]
        said = re.findall("<li>(.*?)</li>", told)
        assert said == [str(each.label) for each in Permission if each in ROLE_PERMISSIONS[role]]
        assert said


# --- Ending ---------------------------------------------------------------------------------------------


def test_end_asks_for_a_reason_and_writes_it_down(client, administrator, commune):
    grant = GrantFactory(area=commune, role=Role.VIEWER)

    without = client.post(f"/grants/{grant.pk}/end/", {"reason": " "})
    answer = client.post(f"/grants/{grant.pk}/end/", {"reason": "chuyển công tác"})

    assert "Xin điền mục này." in text(without)
    assert answer.url == f"/people/{grant.user_id}/"
    grant.refresh_from_db()
    assert grant.ended_by == administrator
    assert AuditEvent.objects.order_by("id").last().reason == "chuyển công tác"


def test_end_refuses_my_own_last_grant_and_keeps_the_reason_typed(client, administrator):
    answer = client.post(f"/grants/{administrator.grants.get().pk}/end/", {"reason": "nghỉ hưu"})

    assert "quyền quản trị cuối cùng của chính bạn" in text(answer)
    assert "nghỉ hưu" in text(answer)


def test_end_does_not_find_a_grant_of_elsewhere(client, administrator):
    other = GrantFactory()

    assert client.post(f"/grants/{other.pk}/end/", {"reason": "x"}).status_code == 404
    other.refresh_from_db()
    assert other.ended_at is None


# --- Accounts -------------------------------------------------------------------------------------------


def test_account_is_opened_and_its_password_shown_once_and_works(client, administrator):
    answer = client.post("/people/new/", {"username": "lan", "full_name": "Nguyễn Thị Lan", "post": ""})

    shown = re.search(r"<code>([a-z2-9-]{19})</code>", answer.content.decode()).group(1)
    user = User.objects.get(username="lan")
    assert user.check_password(shown)
    assert answer["Cache-Control"] == "no-store"
    assert shown not in client.get(f"/people/{user.pk}/").content.decode()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"username": "QUAN-TRI"}, "Đã có tài khoản mang tên này"),
        ({"username": "nguyễn lan !"}, "tên đăng nhập hợp lệ"),
        ({"full_name": ""}, "Xin điền mục này."),
    ],
)
def test_account_is_refused_with_a_reason_and_nothing_is_lost(client, administrator, said, why):
    answer = client.post(
        "/people/new/", {"username": "lan", "full_name": "Nguyễn Thị Lan", "post": "Trạm y tế"} | said
    )

    assert why in text(answer)
    assert 'value="Trạm y tế"' in answer.content.decode()
    assert User.objects.filter(username__iexact="lan").count() == 0


def test_name_with_markup_is_shown_as_text(client, administrator, commune):
    user = GrantFactory(area=commune, user__full_name="<script>alert(1)</script>").user

    for address in ("/grants/", "/grants/new/", f"/people/{user.pk}/"):
        assert b"<script>alert" not in client.get(address).content


def test_person_page_shows_all_their_grants_in_my_areas_and_no_others(client, administrator, commune):
    user = GrantFactory(area=commune, role=Role.VIEWER).user
    elsewhere = GrantFactory(user=user, role=Role.HEALTH)
    ended = GrantFactory(user=user, area=commune.parent, role=Role.DISTRICT_STAFF)
    Grant.objects.filter(pk=ended.pk).update(ended_at=timezone.now(), ended_by=administrator)

    page = text(client.get(f"/people/{user.pk}/"))

    assert "đang có hiệu lực" in page
    assert "Trần Quản Trị kết thúc lúc" in page
    assert elsewhere.area.name not in page
    assert "Sở Y tế" not in page


def test_person_page_leads_to_a_form_that_knows_the_person(client, administrator):
    user = UserFactory(username="lan+1@ubnd")

    address = re.search(r'href="(/grants/new/[^"]+)"', client.get(f"/people/{user.pk}/").content.decode())
    page = client.get(address.group(1)).content.decode()

    assert 'name="user" value="lan+1@ubnd"' in page


def test_person_of_elsewhere_is_not_found(client, administrator):
    other = GrantFactory().user

    answer = client.get(f"/people/{other.pk}/")
    assert answer.status_code == 404
    assert "Trong địa bàn của bạn không có người này." in text(answer)
    assert client.post(f"/people/{other.pk}/password/").status_code == 404


def test_password_is_reset_and_shown_once(client, administrator, commune):
    user = GrantFactory(area=commune, role=Role.VIEWER).user

    answer = client.post(f"/people/{user.pk}/password/")

    shown = re.search(r"<code>([a-z2-9-]{19})</code>", answer.content.decode()).group(1)
    user.refresh_from_db()
    assert user.check_password(shown)
    assert client.get(f"/people/{user.pk}/password/").status_code == 405


def test_password_of_someone_with_a_wider_grant_is_not_reset(client, administrator, commune):
    user = GrantFactory(area=commune, role=Role.VIEWER).user
    GrantFactory(user=user, area=commune.parent.parent)

    answer = client.post(f"/people/{user.pk}/password/", follow=True)

    assert "xin nhờ quản trị nơi đó đặt lại mật khẩu" in text(answer)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


# --- The door -------------------------------------------------------------------------------------------


def test_header_offers_the_room_to_administrators_only(client, administrator, district):
    assert 'href="/grants/"' in client.get("/password/").content.decode()

    client.force_login(GrantFactory(area=district, role=Role.HEALTH).user)
    assert 'href="/grants/"' not in client.get("/password/").content.decode()
