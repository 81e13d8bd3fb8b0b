"""Every page at both widths: no violation that axe-core can find, nothing wider than the screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from core.enums import Role
from tests.factories import PASSWORD, GrantFactory, UserFactory

pytestmark = [pytest.mark.browser]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": TAGS}}
SCREENS = [{"width": 360, "height": 740}, {"width": 1366, "height": 850}]


def assert_fits_everybody(page):
    """axe finds nothing at either width, and the page does not scroll sideways."""
    page.wait_for_load_state()  # a page without its style sheets fits nobody
    for screen in SCREENS:
        page.set_viewport_size(screen)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") == screen["width"]


@pytest.mark.parametrize("address", ["/?area=22703", "/?layer=district&area=582&day=2021-08-06"])
def test_map(province, open_page, address):
    page = open_page(address)
    page.wait_for_selector("[data-ready]")

    assert_fits_everybody(page)


@pytest.mark.parametrize(
    "address",
    [
        "/?area=22700",
        "/?day=2021-08-07",
        "/?view=known&compare=2021-08-04&area=22701",
        "/?layer=district&area=582&compare=2021-08-05",
        "/?district=588",
        "/?mode=projector&compare=2021-08-05",
    ],
)
def test_map_in_its_states(published, open_page, address):
    page = open_page(address)
    page.wait_for_selector("[data-both-views]")
    if "mode" not in address and "2021-08-07" not in address:
        page.locator("[data-files] summary").click()

    assert_fits_everybody(page)


@pytest.mark.parametrize(
    "address", ["/areas/22703/", "/areas/22700/?day=2021-08-06", "/areas/582/", "/areas/58/"]
)
def test_area(province, open_page, address):
    page = open_page(address)

    page.get_by_text("Xem hai biểu đồ dưới dạng bảng").click()

    assert_fits_everybody(page)


def test_map_before_anything_is_loaded(transactional_db, open_page):
    page = open_page("/")

    assert page.get_by_role("heading", name="Chưa có số liệu").is_visible()
    assert_fits_everybody(page)


def test_login_and_its_refusal(transactional_db, open_page):
    page = open_page("/login/")
    assert_fits_everybody(page)

    page.fill("[name=username]", "khong-co")
    page.fill("[name=password]", "sai-mat-khau")
    page.get_by_role("main").get_by_role("button").first.click()

    page.wait_for_selector("[role=alert]")
    assert_fits_everybody(page)


def test_pages_of_an_administrator(province, open_page):
    administrator = UserFactory(username="quan-tri", full_name="Nguyễn Thị Thanh Thủy")
    GrantFactory(user=administrator, area=province.area)
    GrantFactory(area=province.communes["22700"], role=Role.COMMUNE_STAFF)
    page = open_page("/login/")
    page.fill("[name=username]", "quan-tri")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()

    for address in ["/grants/", "/grants/new/", "/people/new/", "/password/"]:
        page.goto(address)
        navigation = page.get_by_role("navigation", name="Điều hướng chính")
        assert navigation.get_by_role("link", name="Phân quyền").is_visible()
        page.locator(".account-menu summary").click()
        assert_fits_everybody(page)


def test_english(province, open_page):
    page = open_page("/")

    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en]")

    assert_fits_everybody(page)
