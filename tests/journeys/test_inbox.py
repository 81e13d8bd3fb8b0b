"""From the number in the header to the page a notice is about, on a phone."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from playwright.sync_api import expect

from core.enums import Role
from core.inbox import send_notices, unread_count
from tests.factories import PASSWORD, GrantFactory
from tests.journeys.conftest import PHONE
from tests.journeys.test_accessibility import assert_fits_everybody

pytestmark = [pytest.mark.browser]


@pytest.fixture
def clerk(province):
    commune = province.communes["22700"]
    user = GrantFactory(
        area=commune,
        role=Role.COMMUNE_STAFF,
        user__username="can-bo",
        user__full_name="Nguyễn Hoàng Thị Thanh Thủy",
    ).user
    with transaction.atomic():
        for number in range(3):
            send_notices(
                recipients=[user.pk],
                key=f"số {number}",
                subject=f"{commune} chưa báo cáo số ca mắc mới của ngày 0{number + 1}/08/2021",
                body="Hạn nộp: 16:00.\nXin nhập số ca, kể cả khi không có ca nào.",
                link=f"/areas/{commune.code}/",
                at=datetime(2021, 8, number + 1, 8, tzinfo=UTC),
            )
    return user


def test_clerk_reads_what_waits(clerk, open_page):
    page = open_page("/inbox/", **PHONE)
    page.get_by_label("Tên đăng nhập").fill("can-bo")
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()

    inbox = page.get_by_role("banner").get_by_role("link", name="Hộp thư 3 chưa đọc")
    expect(inbox).to_have_attribute("aria-current", "page")
    assert_fits_everybody(page)
    page.get_by_role("link", name="ngày 03/08/2021").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Phường Đô Vinh")

    page.get_by_role("banner").get_by_role("link", name="Hộp thư 2 chưa đọc").click()
    page.get_by_role("button", name="Đánh dấu đã đọc tất cả").click()
    expect(page.get_by_text("Đã đánh dấu 2 thông báo.")).to_be_visible()
    assert unread_count(clerk) == 0

    page.goto("/accounts/me/")
    page.locator(".account-menu summary").click()
    assert_fits_everybody(page)
