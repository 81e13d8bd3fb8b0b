"""Standings in a browser: on a phone and at a desk, by keyboard, day by day, as published and as known."""

import re

import pytest

from tests.campaign.contest import Contest, noon
from tests.campaign.units import make_group, make_unit
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.riskmap.province import day

pytestmark = [pytest.mark.browser]

PHONE = {"viewport": {"width": 360, "height": 740}}
BOARD = "/campaigns/thi-dua-90/standings/dot-1/"


@pytest.fixture
def contest(transactional_db):
    """Two published days; then a correction that only the known view shows."""
    contest = Contest()
    make_group(contest.campaign, "enterprise", name="Doanh nghiệp")
    make_unit(contest.province.communes["90201"], "enterprise", name="Công ty Muối Đầm Vua")
    contest.register("90101", 0, target_day=day(9))
    contest.live(0, 1, {"90101": 5})
    contest.province.post({("90102", 1): 5}, reason="đính chính", document="1/CV", at=noon(2))
    contest.assess(1)
    contest.compute(2)
    return contest


def test_visitor_walks_from_the_plan_to_the_rank_of_a_unit(contest, open_page):
    page = open_page("/campaigns/thi-dua-90/", **PHONE)
    page.get_by_role("link", name="Xem bảng xếp hạng").click()
    page.get_by_role("heading", name="Xếp hạng đợt 1").wait_for()

    tab = page.get_by_role("navigation", name="Các trang của phong trào").get_by_role("link", name="Xếp hạng")
    assert tab.get_attribute("aria-current") == "page"
    box, row = tab.bounding_box(), page.locator("nav.tabs").bounding_box()
    assert row["x"] <= box["x"]
    assert box["x"] + box["width"] <= row["x"] + row["width"]
    board = page.get_by_role("region", name="Giữ vững vùng xanh")
    assert board.get_by_role("row").count() == 3
    board.get_by_text("Vì sao hạng này").first.click()

    board.get_by_text("Cùng hạng 1 với 1 đơn vị khác, bằng nhau ở mọi tiêu chí.").first.wait_for()
    assert_fits_everybody(page)


def test_days_and_views_are_changed_by_keyboard(contest, open_page):
    page = open_page(f"{BOARD}?view=published")
    known = page.get_by_role("link", name="Như biết hiện nay")
    for _step in range(60):
        page.keyboard.press("Tab")
        if known.evaluate("link => link === document.activeElement"):
            break
    else:
        pytest.fail("the other view is not reached by the keyboard")

    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("view=known"))
    assert page.get_by_role("img", name="Xã 90102: xanh 01/08; đỏ 02/08").is_visible()
    page.get_by_label("Ngày (ngày/tháng/năm)").fill("1/8/2021")
    page.keyboard.press("Enter")

    page.get_by_text("Tính đến hết ngày 01/08/2021").wait_for()
    assert "view=known" in page.url


def test_groups_classes_league_and_progress_fit_everybody(contest, open_page):
    page = open_page(BOARD, may_fail=True)  # the last page is of a day that has none
    page.get_by_role("link", name="Doanh nghiệp thuộc các thành phần kinh tế").click()
    page.get_by_role("link", name="Xã 90201").or_(page.get_by_text("Công ty Muối Đầm Vua")).first.wait_for()
    assert_fits_everybody(page)

    page.get_by_role("link", name="Các huyện").click()
    page.get_by_role("region", name="Các huyện").wait_for()
    assert_fits_everybody(page)

    page.get_by_role("link", name="Xanh hóa bản đồ").click()
    page.get_by_text("Xem dưới dạng bảng").click()
    page.get_by_role("cell", name="2").first.wait_for()
    assert_fits_everybody(page)

    page.goto(f"{BOARD}?day=2021-08-19")
    page.get_by_text("Chưa có bảng xếp hạng của ngày 19/08/2021").wait_for()
    assert_fits_everybody(page)


def test_board_prints_upright_with_its_colours_and_without_what_is_only_for_screens(contest, open_page):
    page = open_page(BOARD)
    page.emulate_media(media="print")

    assert not page.locator(".tabs").is_visible()
    assert page.locator("svg.strip").first.is_visible()
    assert not page.get_by_role("button", name="In", exact=True).is_visible()
    band = page.locator(".band--very_high").first
    assert band.evaluate("band => getComputedStyle(band).printColorAdjust") == "exact"
    head = page.locator(".standings thead").first
    assert head.evaluate("head => getComputedStyle(head).display") == "table-header-group"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
