"""The public box, from the commune's page to the answer on it, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from campaign.models import Feedback
from core.enums import Role
from tests.factories import GrantFactory
from tests.journeys.conftest import PHONE
from tests.journeys.test_accessibility import assert_fits_everybody

pytestmark = [pytest.mark.browser]
PASSWORD = "xanh-la-cay-2021"


@pytest.fixture
def district(province):
    person = GrantFactory(
        role=Role.DISTRICT_STAFF, area=province.districts["582"], user__username="huyen"
    ).user
    person.set_password(PASSWORD)
    person.save()
    return person


def test_breach_is_written_by_keyboard_answered_and_published(province, district, open_page):
    page = open_page("/areas/22700/", **PHONE)
    page.get_by_role("link", name="Gửi phản ánh, lời khen").click()
    page.get_by_label("Phản ánh vi phạm").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Quán nước gần chợ vẫn mở cửa buổi tối.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_focused()  # past what is for machines
    assert_fits_everybody(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Biên nhận phản ánh")).to_be_visible()
    code = page.locator(".feedback-code").inner_text()
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", code)
    assert_fits_everybody(page)

    office = open_page("/login/?next=/feedback/")
    office.fill("input[name=username]", "huyen")
    office.fill("input[name=password]", PASSWORD)
    office.get_by_role("button", name="Đăng nhập").click()
    assert_fits_everybody(office)
    office.get_by_role("link", name="Phản ánh vi phạm").click()
    office.get_by_label("Câu trả lời").fill("Đã nhắc nhở chủ quán.")
    office.get_by_role("button", name="Trả lời").click()
    office.get_by_label("Nội dung công khai").fill("Một quán nước mở cửa buổi tối.")
    office.get_by_role("button", name="Công khai", exact=True).click()
    expect(office.get_by_text("đang công khai")).to_be_visible()
    assert_fits_everybody(office)

    again = open_page("/feedback/receipt/")
    again.get_by_label("Mã biên nhận").fill(code.lower())
    again.get_by_role("button", name="Xem", exact=True).click()
    expect(again.get_by_text("Đã nhắc nhở chủ quán.")).to_be_visible()
    public = open_page("/areas/22700/")
    expect(public.get_by_text("Một quán nước mở cửa buổi tối.")).to_be_visible()
    expect(public.get_by_text("Quán nước gần chợ")).to_have_count(0)


def test_slip_keeps_what_was_written(province, open_page):
    page = open_page("/feedback/22700/new/", may_fail=True)
    page.get_by_label("Nội dung").fill("Tổ COVID cộng đồng giúp bà con rất tốt.")
    page.get_by_role("button", name="Gửi", exact=True).click()

    expect(page.get_by_text("Xin chọn phản ánh hoặc khen.")).to_be_visible()
    expect(page.get_by_label("Nội dung")).to_have_value("Tổ COVID cộng đồng giúp bà con rất tốt.")
    assert_fits_everybody(page)
    assert not Feedback.objects.exists()
