"""Campaigns in a browser: a plan read on a phone, and made by Sở Nội vụ without a file."""

import pytest

from campaign.plans import load_plan, parse_plan
from core.enums import Role
from core.people import system_user
from tests.campaign.plans import AT, NINH_THUAN
from tests.factories import PASSWORD, GrantFactory, ProvinceFactory
from tests.journeys.test_accessibility import assert_fits_everybody

pytestmark = [pytest.mark.browser]


@pytest.fixture
def office(transactional_db):
    """Somebody of Sở Nội vụ of Ninh Thuận, whose plan is loaded."""
    province = ProvinceFactory(code="58", name="Tỉnh Ninh Thuận")
    load_plan(plan=parse_plan("plan.toml", NINH_THUAN.read_text()), by=system_user(), at=AT)
    return GrantFactory(role=Role.HOME_AFFAIRS, area=province, user__username="so-noi-vu").user


def test_visitor_reads_the_plan(office, open_page):
    page = open_page("/campaigns/")
    assert_fits_everybody(page)

    page.get_by_role("link", name="Bảo vệ “Vùng xanh” Ninh Thuận").click()
    assert page.get_by_text("Trước 00:00 ngày 08/09/2021").is_visible()
    page.get_by_label("Một ngày tính cho đợt nào?").fill("10/9/2021")
    page.get_by_role("button", name="Xem").click()

    page.get_by_text("Ngày 10/09/2021 tính cho cả đợt 1 và đợt 2.").wait_for()
    assert_fits_everybody(page)


def test_office_makes_a_campaign_and_its_first_phase(office, open_page):
    page = open_page("/login/?next=/campaigns/new/")
    page.fill("[name=username]", "so-noi-vu")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()
    page.get_by_label("Tên đầy đủ").fill("Thi đua giữ vùng xanh năm 2030")
    page.get_by_role("button", name="Lập phong trào").click()
    page.wait_for_selector("[role=alert]")
    assert_fits_everybody(page)

    assert page.get_by_label("Tên đầy đủ").input_value() == "Thi đua giữ vùng xanh năm 2030"
    page.get_by_label("Tên ngắn").fill("Giữ vùng xanh 2030")
    page.get_by_label("Cơ quan ban hành").fill("UBND tỉnh")
    page.get_by_label("Mục đích").fill("Giữ nơi đã xanh.")
    page.get_by_role("button", name="Lập phong trào").click()

    page.get_by_role("link", name="Thêm Các đợt thi đua").click()
    assert_fits_everybody(page)
    page.get_by_label("Đợt thứ").fill("1")
    page.get_by_label("Tên", exact=True).fill("Đợt 1")
    page.get_by_label("Từ ngày").fill("01/08/2030")
    page.get_by_role("group", name="Ngày bắt đầu là do").get_by_label("Kế hoạch ghi").check()
    page.get_by_label("Đến hết ngày").fill("31/08/2030")
    page.get_by_label("Hạn gửi hồ sơ: nhận trước lúc").fill("28/08/2030")
    page.get_by_label("Hạn gửi hồ sơ, theo văn bản").fill("trước ngày 28/8/2030")
    page.get_by_role("group", name="Hạn gửi hồ sơ là do").get_by_label("Kế hoạch ghi").check()
    page.get_by_role("button", name="Ghi", exact=True).click()

    page.get_by_text("Trước 00:00 ngày 28/08/2030").wait_for()
    assert page.get_by_text("Sắp diễn ra, đợt 1 từ ngày 01/08/2030").is_visible()
    assert_fits_everybody(page)
