"""The map page in a browser: slider, play, keyboard, table, links, and not one request elsewhere."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE, colour_at, commune_point, wait_for_map

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("province")]

RED, ORANGE, YELLOW, GREEN = "#be0d00", "#d27a2c", "#ebbd00", "#3b846e"


def totals(page) -> list[int]:
    return [int(page.inner_text(f'[data-total="{level}"]')) for level in (1, 2, 3, 4)]


def test_map_opens_on_the_last_reported_day(open_page):
    page = wait_for_map(open_page())

    expect(page.locator(".map-head [data-day-shown]")).to_have_text("20/08/2021")
    expect(page.get_by_text("Số liệu mô phỏng.", exact=True)).to_be_visible()
    expect(page.get_by_text("không phải ranh giới thật")).to_be_visible()
    assert colour_at(page, commune_point(page, 0, 0)) == GREEN
    assert colour_at(page, commune_point(page, 2, 3)) == ORANGE


def test_slider_step_changes_map_totals_and_address_without_network(open_page):
    page = wait_for_map(open_page("/?day=2021-08-04"))
    assert totals(page) == [12, 0, 0, 0]
    page.wait_for_load_state("networkidle")
    requests = []
    page.on("request", lambda request: requests.append(request.url))

    page.focus("[data-timeline] [data-slider]")
    page.keyboard.press("ArrowRight")

    # Red spreads orange to its neighbours, and orange yellow to theirs.
    expect(page.locator('[data-total="4"]')).to_have_text("1")
    assert totals(page) == [6, 3, 2, 1]
    assert [page.inner_text(f'[data-change="{level}"]') for level in (1, 4)] == ["(−6)", "(+1)"]
    expect(page.locator(".map-head [data-day-shown]")).to_have_text("05/08/2021")
    assert colour_at(page, commune_point(page, 0, 0)) == RED
    assert colour_at(page, commune_point(page, 0, 1)) == ORANGE
    assert colour_at(page, commune_point(page, 1, 1)) == YELLOW
    expect(page).to_have_url(re.compile("day=2021-08-05"))
    expect(page.locator('tr[data-code="22700"] [data-cell="level"]')).to_contain_text("Nguy cơ rất cao")
    # The browser asks for its own icon again when the address changes.
    assert [each for each in requests if not each.endswith("icon.svg")] == []


def test_play_runs_to_the_last_day_and_stops(open_page):
    page = wait_for_map(open_page("/?day=2021-08-17"))

    page.click("[data-play]")

    expect(page.locator("[data-play]")).to_have_accessible_name("Dừng")
    expect(page.locator(".map-head [data-day-shown]")).to_have_text("20/08/2021")
    expect(page.locator("[data-play]")).to_have_accessible_name("Chạy theo ngày")
    expect(page.locator("[data-timeline] [data-next]")).to_be_disabled()


def test_date_field_takes_dates_as_people_write_them(open_page):
    page = wait_for_map(open_page())

    page.fill("[data-date]", "5/8/2021")
    page.keyboard.press("Enter")

    expect(page.locator(".map-head [data-day-shown]")).to_have_text("05/08/2021")
    expect(page.locator("[data-timeline] [data-date]")).to_have_value("05/08/2021")


def test_date_field_refuses_a_day_without_levels(open_page):
    page = wait_for_map(open_page())

    page.fill("[data-date]", "05/09/2021")
    page.keyboard.press("Tab")

    expect(page.locator(".map-head [data-day-shown]")).to_have_text("20/08/2021")
    message = page.eval_on_selector("[data-date]", "field => field.validationMessage")
    assert "từ 01/08/2021 đến 20/08/2021" in message


def test_arrow_keys_go_to_the_geographic_neighbour(open_page):
    page = wait_for_map(open_page("/?day=2021-08-09&area=22700"))
    spoken = page.locator("[data-spoken]")

    page.focus("[data-date]")
    page.focus("[data-map]")
    page.keyboard.press("ArrowLeft")
    expect(spoken).to_have_text("Không còn đơn vị nào về hướng này")
    page.keyboard.press("ArrowRight")
    expect(spoken).to_have_text("Phường Bảo An, vùng cam, 5 ngày")
    page.keyboard.press("ArrowDown")
    expect(spoken).to_have_text("Phường Mỹ Hương, vùng vàng, 5 ngày")
    page.keyboard.press("Enter")

    expect(page.locator("[data-card-name]")).to_have_text("Phường Mỹ Hương")
    expect(page.locator("[data-card-since]")).to_have_text("Từ ngày 05/08/2021: 5 ngày")
    expect(page.locator('tr[data-code="22711"]')).to_have_attribute("aria-current", "true")
    page.keyboard.press("Escape")
    expect(page.locator("[data-card]")).to_be_hidden()


def test_map_is_one_tab_stop(open_page):
    page = wait_for_map(open_page())

    inside = page.eval_on_selector_all(
        "[data-map] a, [data-map] button, [data-map] [tabindex]", "found => found.length"
    )

    assert inside == 0


def test_names_that_occur_twice_are_said_with_their_district(open_page):
    page = wait_for_map(open_page())

    page.locator("[data-map]").click(position=commune_point(page, 0, 2))

    expect(page.locator("[data-spoken]")).to_have_text("Phường 01, Huyện Thuận Bắc, vùng xanh, 2 ngày")


def test_click_on_the_map_opens_the_card_and_marks_the_row(open_page):
    page = wait_for_map(open_page())

    page.locator("[data-map]").click(position=commune_point(page, 2, 3))

    expect(page.locator("[data-card-name]")).to_have_text("Xã Công Hải")
    expect(page.locator("[data-card-level]")).to_contain_text("Nguy cơ cao")
    expect(page.locator('tr[data-code="22723"]')).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile("area=22723"))


def test_missing_report_is_hatched_and_said(open_page):
    page = wait_for_map(open_page())

    page.locator("[data-map]").click(position=commune_point(page, 0, 3))

    expect(page.locator("[data-card-provisional]")).to_be_visible()
    expect(page.locator("[data-spoken]")).to_contain_text("tạm tính")
    expect(page.locator('[data-total="5"]')).to_have_text("1")


def test_row_of_the_table_chooses_on_the_map(open_page):
    page = wait_for_map(open_page())

    page.fill("[data-filter]", "do vinh")
    expect(page.locator("[data-found]")).to_have_text("Hiện 1 trên 12 đơn vị")
    page.get_by_role("link", name="Phường Đô Vinh", exact=True).click()

    expect(page.locator("[data-card-name]")).to_have_text("Phường Đô Vinh")
    expect(page).to_have_url(re.compile("area=22700"))


def test_table_shows_only_what_changed_since_the_day_before(open_page):
    page = wait_for_map(open_page("/?day=2021-08-05"))
    rows = page.locator('tbody[data-layer="commune"] tr:visible')

    page.get_by_label("Chỉ nơi đổi màu so với hôm trước").check()
    expect(rows).to_have_count(6)
    page.click("[data-next]")
    expect(page.locator("[data-found]")).to_have_text("Hiện 0 trên 12 đơn vị")
    page.fill("[data-date]", "01/08/2021")
    page.keyboard.press("Enter")

    expect(page.locator(".map-head [data-day-shown]")).to_have_text("01/08/2021")
    expect(rows).to_have_count(0)


def test_table_sorts_by_level_highest_first(open_page):
    page = wait_for_map(open_page("/?day=2021-08-05"))

    page.get_by_role("button", name="Mức độ nguy cơ").click()

    rows = page.locator('tbody[data-layer="commune"] tr')
    expect(rows.first).to_contain_text("Phường Đô Vinh")
    expect(rows.last).to_contain_text("Bình thường mới")
    expect(page.locator('th[data-sort="level"]')).to_have_attribute("aria-sort", "descending")


def test_level_of_detail_switches_to_districts(open_page):
    page = wait_for_map(open_page("/?day=2021-08-05"))

    page.get_by_role("link", name="Quận, huyện").click()

    expect(page.locator('[data-total="4"]')).to_have_text("1")
    expect(page.locator("tbody tr:visible")).to_have_count(2)
    expect(page).to_have_url(re.compile("layer=district"))
    assert colour_at(page, commune_point(page, 2, 0)) == RED


def test_link_shows_the_same_to_someone_else(open_page):
    mine = wait_for_map(open_page("/?day=2021-08-05"))
    mine.get_by_role("link", name="Quận, huyện").click()
    mine.get_by_role("link", name="Huyện Thuận Bắc", exact=True).click()
    expect(mine).to_have_url(re.compile("area=588"))

    theirs = wait_for_map(open_page(mine.url, **PHONE))

    for selector in ("[data-card-name]", "[data-card-since]", '[data-total="2"]'):
        expect(theirs.locator(selector)).to_have_text(mine.inner_text(selector))
    assert theirs.url == mine.url


def test_page_without_script_shows_the_day_and_can_change_it(open_page):
    page = open_page("/?layer=commune", java_script_enabled=False, **DESKTOP)

    page.fill("#day", "05/08/2021")
    page.locator("form[data-timeline]").get_by_role("button", name="Xem").click()

    expect(page.locator(".map-head [data-day-shown]")).to_have_text("05/08/2021")
    expect(page.locator('tr[data-code="22700"]')).to_contain_text("Nguy cơ rất cao")
    expect(page.locator("[data-timeline] [data-slider]")).to_be_hidden()
    page.get_by_role("link", name="Phường Đô Vinh", exact=True).click()
    expect(page.locator("[data-card-name]")).to_have_text("Phường Đô Vinh")


def test_zoom_paints_anew(open_page):
    page = wait_for_map(open_page())
    before = page.evaluate("document.querySelector('.area-sheets canvas').width")

    page.click("[data-zoom-in]")
    page.wait_for_timeout(600)

    assert page.evaluate("document.querySelector('.area-sheets canvas').width") == before
    centre = {"x": 300, "y": 200}
    assert colour_at(page, centre) in (GREEN, ORANGE, "#000000")
    page.click("[data-fit]")


def test_tap_on_a_phone_opens_the_card_below_the_map(open_page):
    page = wait_for_map(open_page("/", **PHONE))

    page.locator("[data-map]").tap(position=commune_point(page, 2, 3))

    expect(page.locator("[data-card-name]")).to_have_text("Xã Công Hải")
    assert page.locator("[data-card]").bounding_box()["y"] > page.locator("[data-map]").bounding_box()["y"]


def test_long_drag_shows_no_blank(open_page):
    page = wait_for_map(open_page())
    for _ in range(2):
        page.click("[data-zoom-in]")
        page.wait_for_timeout(500)
    box = page.locator("[data-map]").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    page.mouse.move(x - 300, y)
    page.mouse.down()
    page.mouse.move(x + 300, y, steps=20)

    assert colour_at(page, {"x": 400, "y": 200}) != "#000000"
    page.mouse.up()


def test_phone_shows_no_sideways_scroll(open_page):
    page = wait_for_map(open_page("/?area=22723", **PHONE))

    assert page.evaluate("document.documentElement.scrollWidth") == 360
