"""The map as published and as known, two days side by side, districts and the projector, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from core.enums import Role
from tests.factories import PASSWORD, GrantFactory, UserFactory
from tests.journeys.conftest import DESKTOP, PHONE, colour_at, commune_point, wait_for_map

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("published")]

RED, ORANGE, YELLOW, GREEN, GREY = "#be0d00", "#d27a2c", "#ebbd00", "#3b846e", "#e6e6e6"


def open_both(open_page, address="/", **context):
    """The page with both views loaded."""
    page = wait_for_map(open_page(address, **context))
    page.wait_for_selector("[data-both-views]")
    return page


def test_map_opens_on_the_edition_in_force(open_page):
    page = open_both(open_page)

    expect(page.locator(".map-head__day")).to_contain_text("Tính đến 17:00 ngày 08/08/2021")
    expect(page.get_by_role("link", name="bản số 3")).to_have_attribute("href", "/editions/58/3/")
    assert colour_at(page, commune_point(page, 0, 0)) == ORANGE
    expect(page).to_have_url(re.compile("view=published"))


def test_switch_shows_what_is_known_today_on_map_and_table(open_page):
    page = open_both(open_page)

    page.get_by_role("link", name="Như biết hôm nay").click()

    expect(page.locator('[data-total="4"]')).to_have_text("1")
    assert colour_at(page, commune_point(page, 0, 0)) == RED
    expect(page.locator('tr[data-code="22700"] [data-cell="level"]')).to_contain_text("Nguy cơ rất cao")
    expect(page.locator('tr[data-code="22700"] [data-cell="other"]')).to_have_text("Đã công bố: Nguy cơ cao")
    expect(page).to_have_url(re.compile("view=known"))
    expect(page.locator(".map-head__day")).to_contain_text("theo số liệu biết đến")


def test_map_of_an_instant_is_drawn_and_keeps_its_address(open_page):
    page = open_both(open_page, "/?day=2021-08-08&as_of=2021-08-08T17:00")

    assert colour_at(page, commune_point(page, 0, 0)) == ORANGE
    expect(page.locator(".map-head__day")).to_contain_text("theo số liệu biết đến 17:00 ngày 08/08/2021")
    expect(page).to_have_url(re.compile(r"view=known&as_of=2021-08-08T17%3A00%3A00%2B07%3A00"))
    expect(page.get_by_text("Tải về", exact=True)).to_be_hidden()

    page.get_by_role("link", name="Xem như biết hôm nay").click()

    wait_for_map(page)
    assert colour_at(page, commune_point(page, 0, 0)) == RED
    expect(page).not_to_have_url(re.compile("as_of"))


def test_differences_are_counted_marked_and_lead_to_their_causes(open_page):
    page = open_both(open_page)

    expect(page.locator("[data-differences]")).to_contain_text("6 đơn vị nay biết có màu khác")
    assert page.evaluate(
        """() => {
            const dots = document.querySelectorAll("[data-map] .area-sheets canvas")[2];
            return dots.getContext("2d").getImageData(0, 0, dots.width, dots.height).data.some(Boolean);
        }"""
    )
    page.get_by_label("Chỉ nơi nay biết khác với bản đã công bố").check()
    expect(page.locator('tbody[data-layer="commune"] tr')).to_have_count(6)

    page.get_by_role("link", name="Vì sao khác?").click()

    expect(page).to_have_url(re.compile(r"/changes/\?province=58&last=2021-08-08&as_of=known"))
    expect(page.get_by_text("bổ sung ca của ngày 05/8").first).to_be_visible()


def test_difference_is_spoken(open_page):
    page = open_both(open_page, "/?area=22700")

    page.focus("[data-timeline] [data-date]")
    page.focus("[data-map]")

    expect(page.locator("[data-spoken]")).to_have_text(
        "Phường Đô Vinh, vùng cam, 1 ngày; dựa trên số chưa được duyệt; nay biết: vùng đỏ"
    )


def test_unpublished_day_has_no_colours_and_says_so(open_page):
    page = open_both(open_page, "/?day=2021-08-07&view=published")

    expect(page.locator("[data-no-day]")).to_have_text("Ngày 07/08/2021 không có bản đồ công bố.")
    assert colour_at(page, commune_point(page, 0, 0)) == GREY
    expect(page.locator("[data-files]")).to_be_hidden()
    page.click("[data-timeline] [data-previous]")

    expect(page.locator("[data-no-day]")).to_be_hidden()
    expect(page.get_by_role("link", name="bản số 2")).to_be_visible()
    expect(page.locator('[data-change="3"]')).to_have_text("(0)")


def test_totals_are_held_against_the_edition_before(open_page):
    page = open_both(open_page, "/?day=2021-08-06")

    expect(page.locator("[data-has-change]")).to_have_text("(tăng, giảm so với bản công bố trước)")
    page.click("[data-timeline] [data-previous]")

    expect(page.locator("[data-has-change]")).to_be_hidden()


def test_two_days_stand_side_by_side_and_in_the_address(open_page):
    page = open_both(open_page, "/?view=known&day=2021-08-05")

    page.get_by_role("link", name="So sánh hai ngày").click()
    page.fill("[data-compared-timeline] [data-date]", "4/8/2021")
    page.keyboard.press("Tab")

    expect(page).to_have_url(re.compile("compare=2021-08-04"))
    left, right = (
        page.locator(f"{name} .map").bounding_box() for name in ("[data-compared-map]", "[data-main-map]")
    )
    assert left["x"] + left["width"] <= right["x"]
    assert abs(left["width"] - right["width"]) <= 3
    expect(page.get_by_role("img", name="Bản đồ ngày 04/08/2021")).to_be_visible()
    expect(page.locator('tr[data-code="22700"] [data-cell="compared"]')).to_contain_text("Bình thường mới")
    page.get_by_label("Chỉ nơi khác màu giữa hai ngày").check()
    expect(page.locator('tbody[data-layer="commune"] tr')).to_have_count(6)

    theirs = open_both(open_page, page.url, **PHONE)
    upper, lower = (
        theirs.locator(f"{name} .map").bounding_box() for name in ("[data-compared-map]", "[data-main-map]")
    )
    assert upper["y"] + upper["height"] <= lower["y"]
    assert theirs.url == page.url


def test_comparison_ends_where_it_began(open_page):
    page = open_both(open_page, "/?view=known&day=2021-08-05&compare=2021-08-01")

    page.get_by_role("link", name="Thôi so sánh").click()

    expect(page.locator("[data-compared-map]")).to_be_hidden()
    expect(page.locator("th[data-compared-cell]")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("compare="))


def test_district_is_zoomed_to_listed_and_left_again(open_page):
    page = open_both(open_page)
    zoomed_out = commune_point(page, 0, 0)

    page.get_by_label("Quận, huyện muốn xem").select_option("588")

    expect(page).to_have_url(re.compile("district=588"))
    expect(page.locator('tbody[data-layer="commune"] tr')).to_have_count(6)
    path = page.get_by_role("navigation", name="Vị trí trên bản đồ")
    expect(path.get_by_role("link", name="Huyện Thuận Bắc")).to_be_visible()
    page.get_by_role("link", name="Xã Lợi Hải", exact=True).click()
    expect(path).to_contain_text("Xã Lợi Hải")
    path.get_by_role("link", name="Tỉnh Ninh Thuận").click()

    expect(page).not_to_have_url(re.compile("district="))
    expect(page.locator('tbody[data-layer="commune"] tr')).to_have_count(12)
    page.wait_for_timeout(300)
    assert commune_point(page, 0, 0) == pytest.approx(zoomed_out, abs=2)


def test_district_opens_from_its_card(open_page):
    page = open_both(open_page, "/?layer=district&area=582")

    page.get_by_role("link", name="Xem các xã, phường").click()

    expect(page).to_have_url(re.compile("layer=commune.*district=582"))
    expect(page.locator('tbody[data-layer="commune"] tr')).to_have_count(6)


def test_link_to_a_commune_in_a_district_shows_the_same(open_page):
    page = open_both(open_page, "/?day=2021-08-06&view=known&district=582&area=22700")

    expect(page.locator("[data-card-name]")).to_have_text("Phường Đô Vinh")
    expect(page.locator("[data-found]")).to_have_text("Hiện 6 trên 12 đơn vị")
    expect(page).to_have_url(re.compile("day=2021-08-06.*view=known.*district=582.*area=22700"))


def test_map_opens_on_the_persons_own_commune(open_page, published):
    clerk = UserFactory(username="can-bo-xa")
    GrantFactory(user=clerk, area=published.communes["22703"], role=Role.COMMUNE_STAFF)
    page = open_page("/login/")
    page.fill("[name=username]", "can-bo-xa")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()
    page.goto("/")
    page.wait_for_selector("[data-both-views]")

    expect(page.locator("[data-card-name]")).to_have_text("Xã Lợi Hải")
    expect(page).to_have_url(re.compile("district=588&area=22703"))
    page.goto("/?layer=district")
    wait_for_map(page)

    expect(page.locator("[data-card]")).to_be_hidden()


def test_projector_shows_only_the_map_and_ends_by_escape_or_button(open_page):
    page = open_both(open_page)

    page.get_by_role("link", name="Trình chiếu").click()

    expect(page).to_have_url(re.compile("mode=projector"))
    for hidden in (".site-header", ".level-table", "[data-card-empty]", ".map-bar >> nth=0"):
        expect(page.locator(hidden)).to_be_hidden()
    for shown in ("[data-map]", ".totals", "[data-timeline] [data-slider]", ".map-head__day"):
        expect(page.locator(shown)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".level-table")).to_be_visible()
    page.goto("/?mode=projector")
    page.wait_for_selector("[data-both-views]")
    page.get_by_role("link", name="Thoát trình chiếu").click()

    expect(page).not_to_have_url(re.compile("mode="))


def test_files_are_those_of_what_is_shown(open_page):
    page = open_both(open_page, "/?day=2021-08-08")
    page.get_by_role("link", name="Như biết hôm nay").click()
    page.click("[data-timeline] [data-previous]")
    expect(page).to_have_url(re.compile("day=2021-08-07"))

    page.locator("[data-files] summary").click()

    link = page.get_by_role("link", name="Bản đồ, PDF khổ A3")
    expect(link).to_have_attribute("href", "/maps/58/2021-08-07/map.pdf?size=a3&layer=commune&view=known")
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()


def test_views_districts_and_comparison_work_without_script(open_page):
    page = open_page("/", java_script_enabled=False, **DESKTOP)

    page.get_by_role("link", name="Như biết hôm nay").click()
    row = page.locator('tr[data-code="22700"]')
    expect(row).to_contain_text("Nguy cơ rất cao")
    expect(row).to_contain_text("Đã công bố: Nguy cơ cao")
    page.get_by_role("link", name="So sánh hai ngày").click()
    expect(row.locator('[data-cell="compared"]')).to_contain_text("Bình thường mới")
    page.get_by_label("Quận, huyện muốn xem").select_option("582")
    page.locator("form.map-bar__district").get_by_role("button").click()

    expect(page.locator('tbody[data-layer="commune"] tr')).to_have_count(6)


def test_everything_to_touch_is_large_enough_for_a_thumb(open_page):
    page = open_both(open_page, "/?compare=2021-08-05&area=22700", **PHONE)

    small = page.evaluate(
        """() => [...document.querySelectorAll("main a, main button, main select, main summary, main input")]
            .filter((each) => each.offsetParent && !each.closest("p:not(.button-row), thead"))
            .map((each) => (each.type === "checkbox" ? each.closest(".choice") : each))
            .map((each) => [each.textContent.trim() || each.id, each.getBoundingClientRect()])
            .filter(([, { width, height }]) => Math.min(width, height) < 44)
            .map(([name]) => name)"""
    )

    assert small == []
