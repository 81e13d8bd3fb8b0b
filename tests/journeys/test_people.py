"""From an administrator's desk to a clerk's first day and last: on a phone, and with scripts switched off."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.enums import Role
from tests.factories import PASSWORD, GrantFactory
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_accessibility import assert_fits_everybody

pytestmark = [pytest.mark.browser]

OWN_PASSWORD = "mua-lua-thang-muoi"


@pytest.fixture
def administrator(province):
    return GrantFactory(area=province.area, user__username="quan-tri", user__full_name="Trần Minh Quân").user


def log_in(page: Page, username: str, password: str) -> None:
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()


def open_account(page: Page) -> str:
    page.goto("/grants/")
    page.get_by_role("link", name="Mở tài khoản").click()
    page.get_by_label("Tên đăng nhập").fill("thi.lan")
    page.get_by_label("Họ và tên").fill("Thị Kim Lan")
    page.get_by_role("button", name="Mở tài khoản").click()
    return page.locator("code").nth(1).inner_text()


def give_role(page: Page) -> None:
    page.get_by_role("link", name="Giao quyền cho người này").click()
    page.get_by_label("Cán bộ cấp xã").check()
    page.get_by_label("Địa bàn", exact=True).fill("do vinh")
    page.get_by_role("button", name="Giao quyền").click()


@pytest.mark.parametrize(
    "context", [PHONE, DESKTOP | {"java_script_enabled": False}], ids=["phone", "no scripts"]
)
def test_clerk_comes_and_goes(administrator, open_page, context):
    desk = open_page("/grants/", **context)
    log_in(desk, "quan-tri", PASSWORD)
    temporary = open_account(desk)
    give_role(desk)
    expect(desk.get_by_text("Đã giao quyền: Thị Kim Lan · Cán bộ cấp xã · Phường Đô Vinh.")).to_be_visible()

    clerk = open_page("/login/", **context)
    log_in(clerk, "thi.lan", temporary)
    expect(clerk.get_by_text("mật khẩu tạm do người khác đặt")).to_be_visible()
    clerk.get_by_label("Mật khẩu đang dùng").fill(temporary)
    clerk.get_by_label("Mật khẩu mới", exact=True).fill(OWN_PASSWORD)
    clerk.get_by_label("Nhập lại mật khẩu mới").fill(OWN_PASSWORD)
    clerk.get_by_role("main").get_by_role("button", name="Đổi mật khẩu").click()
    expect(clerk.get_by_text("Đã đổi mật khẩu.")).to_be_visible()
    assert clerk.request.get("/grants/").status == 403

    desk.get_by_role("link", name="Kết thúc").click()
    desk.get_by_label("Lý do kết thúc").fill("Chuyển công tác")
    desk.get_by_role("button", name="Kết thúc phân quyền").click()
    expect(desk.get_by_text(re.compile("Trần Minh Quân kết thúc lúc"))).to_be_visible()


def test_pages_about_a_person_fit_everybody(administrator, province, open_page):
    grant = GrantFactory(area=province.communes["22700"], role=Role.COMMUNE_STAFF)
    page = open_page("/login/")
    log_in(page, "quan-tri", PASSWORD)
    open_account(page)
    assert_fits_everybody(page)

    for address in (f"/people/{grant.user_id}/", f"/grants/{grant.pk}/end/", "/grants/?q=x&on=31/02/2021"):
        page.goto(address)
        assert_fits_everybody(page)

    page.goto("/grants/new/")
    page.get_by_label("Địa bàn", exact=True).fill("xa")
    page.get_by_role("button", name="Giao quyền").click()
    expect(page.get_by_text("Có nhiều đơn vị khớp")).to_be_visible()
    assert_fits_everybody(page)
