"""From the reminder to the commune that has not reported: both pages at both widths."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.enums import Role
from riskmap.counts import CountRow, post_counts
from tests.factories import PASSWORD, GrantFactory
from tests.journeys.conftest import PHONE
from tests.journeys.test_accessibility import assert_fits_everybody

pytestmark = [pytest.mark.browser]


@pytest.fixture
def clerk(province):
    """District staff whose first commune has reported today, and the others have not."""
    district = province.communes["22700"].parent
    user = GrantFactory(area=district, role=Role.DISTRICT_STAFF, user__username="can-bo").user
    row = CountRow(province.communes["22700"].pk, timezone.localdate(), unknown_source=0)
    post_counts(source=province.source(), rows=[row], reason="báo cáo", by=user, at=timezone.now())
    return user


def test_clerk_finds_who_is_missing(clerk, open_page):
    page = open_page("/reports/overview/", **PHONE)
    page.get_by_label("Tên đăng nhập").fill("can-bo")
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tình hình nộp số liệu")
    page.get_by_label("Đến hết ngày").fill(f"{timezone.localdate():%d/%m/%Y}")
    page.get_by_role("button", name="Xem").click()
    assert_fits_everybody(page)

    page.get_by_role("link", name="Một ngày, theo giờ").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ai chưa báo cáo ngày")
    expect(page.get_by_label("Ngày", exact=True)).to_have_value(f"{timezone.localdate():%d/%m/%Y}")
    expect(page.get_by_role("heading", level=2, name="Chưa báo cáo")).to_be_visible()
    assert_fits_everybody(page)
