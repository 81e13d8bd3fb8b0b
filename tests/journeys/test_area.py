"""From a square on the map to why it has its colour, and back."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import HamletFactory
from tests.journeys.conftest import wait_for_map
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.riskmap.province import Province, day
from tests.riskmap.test_views_area import corrected_province

pytestmark = [pytest.mark.browser]


@pytest.fixture
def corrected(transactional_db) -> Province:
    """Published as red and orange on 04 and 05/08, known now to have been green; with two hamlets."""
    made = corrected_province()
    for number in (1, 2):
        HamletFactory(
            code=f"90101-{number}", name=f"Thôn {number}", parent=made.communes["90101"], valid_from=day(0)
        )
    return made


def test_card_leads_to_the_reasons_of_the_same_day(province, open_page):
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


def test_neighbour_keeps_the_day(province, open_page):
    page = open_page("/areas/22700/?day=2021-08-06")

    page.get_by_role("region", name="Giáp ranh").get_by_role("link", name="Phường Bảo An").click()

    expect(page).to_have_url(re.compile(r"/areas/22701/\?day=2021-08-06"))
    expect(page.locator(".verdict")).to_contain_text("Nguy cơ cao")
    expect(page.locator(".criterion--met").first).to_contain_text("Phường Đô Vinh")


def test_breadcrumbs_lead_up_to_the_district_and_the_map(province, open_page):
    page = open_page("/areas/22700/?day=2021-08-06")

    page.get_by_role("link", name="Thành phố Phan Rang – Tháp Chàm").click()
    expect(page.locator(".verdict")).to_contain_text("Nguy cơ rất cao")
    expect(page.locator(".facts")).to_contain_text("60.000")
    page.get_by_role("navigation", name="Vị trí trang").get_by_role("link", name="Bản đồ").click()

    expect(wait_for_map(page).locator("[data-day-shown]").first).to_have_text("06/08/2021")


def test_missing_report_is_told_with_its_day(province, open_page):
    page = open_page("/areas/22703/")

    expect(page.locator(".verdict")).to_contain_text("có 1 ngày thiếu báo cáo: 20/08.")
    expect(page.locator("rect.case--missing").first).to_be_visible()


def test_day_is_taken_as_people_write_it(province, open_page):
    page = open_page("/areas/22700/")

    page.fill("#day", "5/8/2021")
    page.get_by_role("main").get_by_role("button", name="Xem").click()

    expect(page.locator(".verdict")).to_contain_text("Nguy cơ rất cao")
    page.get_by_role("link", name=re.compile("ngày trước")).click()
    expect(page.locator("#day")).to_have_value("04/08/2021")
    expect(page.locator(".verdict")).to_contain_text("Bình thường mới")


def test_published_and_known_are_one_switch_apart(corrected, open_page):
    page = open_page("/areas/90101/?day=2021-08-04")
    verdict = page.locator(".verdict")
    expect(verdict).to_contain_text("Bình thường mới")
    expect(verdict).to_contain_text("Ngày này đã công bố: Nguy cơ rất cao; nay biết: Bình thường mới.")

    page.get_by_role("navigation", name="Cách xem").get_by_role("link", name="Như đã công bố").click()

    expect(verdict).to_contain_text("Nguy cơ rất cao")
    expect(verdict).to_contain_text("Từ ngày 04/08/2021, đến hết ngày 04/08/2021 là 1 ngày.")
    labels = ["Như đã công bố (đang xem)", "Như biết hiện nay"]
    expect(page.locator(".chart__label")).to_have_text(labels, ignore_case=True)
    expect(page.locator(".chart__strip")).to_have_count(2)
    row = page.get_by_role("region", name="Bảng các ngày khác nhau").get_by_role("row").last
    expect(row).to_contain_text("04/08/2021 đến 05/08/2021, 2 ngày")
    expect(row).to_contain_text("trùng mã ca")

    page.get_by_role("region", name="Giáp ranh").get_by_role("link", name="Xã 90102").click()

    expect(page).to_have_url(re.compile(r"/areas/90102/\?day=2021-08-04&as_of=published"))
    expect(verdict).to_contain_text("Nguy cơ cao")


def test_instant_is_asked_for_without_scripts(corrected, open_page):
    page = open_page("/areas/90101/?day=2021-08-04", java_script_enabled=False)

    page.get_by_text("Như đã biết lúc…").click()
    page.get_by_label("Ngày và giờ, giờ Việt Nam").fill("2021-08-04T20:00")
    page.locator(".viewpoint__instant").get_by_role("button", name="Xem").click()

    expect(page.locator(".verdict")).to_contain_text("Nguy cơ rất cao")
    expect(page.locator(".verdict")).to_contain_text("như đã biết lúc 20:00 ngày 04/08/2021")
    expect(page.locator(".chart__strip")).to_have_count(3)


def test_correction_is_marked_and_told_with_its_reason(corrected, open_page):
    page = open_page("/areas/90101/?day=2021-08-04")

    expect(page.locator("circle.chart__corrected title").first).to_have_text("04/08/2021: số đã đính chính")
    history = page.get_by_role("region", name="Lịch sử số liệu")
    expect(history.get_by_role("listitem").first).to_contain_text("F0 chưa rõ nguồn lây: 2 → 0")
    expect(history.get_by_role("listitem").first).to_contain_text("“trùng mã ca”")


def test_way_down_leads_from_the_province_to_a_hamlet_and_up_again(corrected, open_page):
    page = open_page("/areas/90/?day=2021-08-04")

    page.get_by_role("region", name="Đơn vị trực thuộc").get_by_role("link", name="Huyện 901").click()
    page.get_by_role("region", name="Đơn vị trực thuộc").get_by_role("link", name="Xã 90101").click()
    page.get_by_role("link", name="Xem 2 thôn, khu phố").click()
    page.get_by_role("main").get_by_role("link", name="Thôn 1").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thôn 1")
    trail = page.get_by_role("navigation", name="Vị trí trang").get_by_role("listitem")
    expect(trail).to_have_text(["Bản đồ", "Tỉnh 90", "Huyện 901", "Xã 90101", "Thôn 1"])


@pytest.mark.parametrize(
    "address",
    [
        "/areas/90101/?day=2021-08-04&as_of=published",
        "/areas/90101/?day=2021-08-04&as_of=2021-08-04T20:00",
        "/areas/901/?day=2021-08-04",
        "/areas/90101-1/?day=2021-08-04",
    ],
)
def test_every_view_of_an_area_fits_everybody(corrected, open_page, address):
    page = open_page(address)

    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")

    assert_fits_everybody(page)
