"""From a square on the map to why it has its colour, and back."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import wait_for_map

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("province")]


def test_card_leads_to_the_reasons_of_the_same_day(open_page):
    page = wait_for_map(open_page("/?day=2021-08-06&area=22700"))

    page.get_by_role("link", name="Vì sao có màu này?").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Phường Đô Vinh")
    expect(page.locator("#day")).to_have_value("06/08/2021")
    verdict = page.locator(".verdict")
    expect(verdict).to_contain_text("Nguy cơ rất cao")
    expect(verdict).to_contain_text("Từ ngày 05/08/2021, đến hết ngày 06/08/2021 là 2 ngày.")
    met = page.locator(".criterion--met").first
    expect(met).to_contain_text("2 F0 chưa rõ nguồn lây trong 14 ngày")
    expect(met).to_contain_text("từ 2 ca")
    expect(met).to_contain_text("Đúng")
    expect(page.locator(".steps li").first).to_contain_text("19/08/2021")
    expect(page.locator(".steps li").first).to_contain_text("Bình thường mới")


def test_neighbour_keeps_the_day(open_page):
    page = open_page("/areas/22700/?day=2021-08-06")

    page.get_by_role("region", name="Giáp ranh").get_by_role("link", name="Phường Bảo An").click()

    expect(page).to_have_url(re.compile(r"/areas/22701/\?day=2021-08-06"))
    expect(page.locator(".verdict")).to_contain_text("Nguy cơ cao")
    expect(page.locator(".criterion--met").first).to_contain_text("Phường Đô Vinh")


def test_breadcrumbs_lead_up_to_the_district_and_the_map(open_page):
    page = open_page("/areas/22700/?day=2021-08-06")

    page.get_by_role("link", name="Thành phố Phan Rang – Tháp Chàm").click()
    expect(page.locator(".verdict")).to_contain_text("Nguy cơ rất cao")
    expect(page.locator(".facts")).to_contain_text("60.000")
    page.get_by_role("navigation", name="Vị trí trang").get_by_role("link", name="Bản đồ").click()

    expect(wait_for_map(page).locator("[data-day-shown]")).to_have_text("06/08/2021")


def test_missing_report_is_told_with_its_day(open_page):
    page = open_page("/areas/22703/")

    expect(page.locator(".verdict")).to_contain_text("có 1 ngày thiếu báo cáo: 20/08.")
    expect(page.locator("rect.case--missing").first).to_be_visible()


def test_day_is_taken_as_people_write_it(open_page):
    page = open_page("/areas/22700/")

    page.fill("#day", "5/8/2021")
    page.get_by_role("main").get_by_role("button", name="Xem").click()

    expect(page.locator(".verdict")).to_contain_text("Nguy cơ rất cao")
    page.get_by_role("link", name=re.compile("ngày trước")).click()
    expect(page.locator("#day")).to_have_value("04/08/2021")
    expect(page.locator(".verdict")).to_contain_text("Bình thường mới")
