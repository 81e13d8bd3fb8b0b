"""Recognised green zones on the map, in a browser: outlined, counted, listed and spoken on their days."""

import pytest
from playwright.sync_api import Page, expect

from campaign.enums import RegistrationStatus
from campaign.models import RecognisedZone
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_registration, make_unit
from tests.journeys.conftest import PHONE, wait_for_map
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.riskmap.province import AT, day

pytestmark = [pytest.mark.browser]


@pytest.fixture
def recognised(published):
    """Xã Công Hải is a recognised green zone on the 5th and 6th of August, and no more on the 8th."""
    campaign = make_campaign(province=published.area)
    RecognisedZone.objects.create(
        campaign=campaign, unit=make_unit(published.communes["22723"]), recognised_on=day(4),
        recognised_at=AT, ended_on=day(7), ended_at=AT, ended_because="condition",
    )  # fmt: skip
    return campaign


def outlined_pixels(page: Page) -> int:
    """How many pixels are painted on the sheet of outlines and dots."""
    return page.evaluate(
        """() => {
            const canvas = document.querySelectorAll("[data-main-map] .area-sheets canvas")[2];
            const { width, height } = canvas;
            const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
            copy.drawImage(canvas, 0, 0);
            const pixels = copy.getImageData(0, 0, width, height).data;
            let painted = 0;
            for (let at = 3; at < pixels.length; at += 4) if (pixels[at] > 200) painted++;
            return painted;
        }"""
    )


def with_zones(page: Page) -> Page:
    wait_for_map(page).wait_for_selector("[data-zones-shown]")
    return page


def test_zone_is_outlined_counted_listed_and_spoken_on_its_days_alone(recognised, open_page):
    page = with_zones(open_page("/?view=published&day=2021-08-05&area=22723"))
    row = page.locator('tr[data-code="22723"] [data-cell="level"] .level')
    legend = page.locator("[data-total-zones]")

    expect(legend).to_contain_text("Vùng xanh được công nhận")
    expect(page.locator('[data-total="zones"]')).to_have_text("1")
    expect(row).to_contain_text("vùng xanh được công nhận")
    expect(page.locator("[data-card-other]")).to_contain_text("Vùng xanh được công nhận")
    outlined = outlined_pixels(page)

    page.locator("[data-map]").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-spoken]")).to_contain_text("vùng xanh được công nhận")

    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("[data-timeline] input[type=range]").focus()
    page.keyboard.press("End")
    expect(legend).to_be_hidden()
    expect(row).not_to_contain_text("được công nhận")
    assert outlined_pixels(page) < outlined - 1000  # dots of what is known by now stay
    assert not [address for address in asked if "/api/" in address]


def test_card_tells_the_target_of_who_registered_alone(recognised, published, open_page):
    make_phase(recognised, first_day=day(0), last_day=day(20))
    unit = make_unit(published.communes["22721"])
    make_registration(recognised, unit, status=RegistrationStatus.CONFIRMED)
    page = wait_for_map(open_page("/?day=2021-08-05&area=22721"))
    target = page.locator("[data-card-target]")

    expect(target).to_have_text("Đăng ký thi đua: vùng xanh, hạn 10/09/2021")
    page.locator("[data-map]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("[data-card-name]")).not_to_have_text(unit.name)
    expect(target).to_be_hidden()


def test_map_without_zones_asks_for_none(published, open_page):
    asked = []
    page = open_page("/?view=published&day=2021-08-05")
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    wait_for_map(page)
    page.wait_for_selector("[data-both-views]")

    assert not [address for address in asked if "zones" in address]
    expect(page.locator("[data-total-zones]")).to_be_hidden()


def test_list_of_zones_is_reached_from_the_map_without_script(recognised, open_page):
    page = open_page("/?view=published&day=2021-08-05", java_script_enabled=False)

    page.get_by_role("link", name="Danh sách vùng xanh được công nhận").click()

    expect(page.get_by_role("heading", name="Đã thôi được công nhận")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Xã Công Hải")).to_contain_text("không còn đủ điều kiện")


@pytest.mark.parametrize("screen", [{}, PHONE])
def test_map_with_zones_and_their_page_fit_everybody(recognised, open_page, screen):
    page = with_zones(open_page("/?view=published&day=2021-08-05", **screen))
    assert_fits_everybody(page)

    assert_fits_everybody(open_page(f"/campaigns/{recognised.slug}/zones/", **screen))
