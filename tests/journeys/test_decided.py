"""A level that people decided, from the map to its document, in a browser."""

import pytest
from playwright.sync_api import expect

from riskmap.levels import reassess
from riskmap.maps import draw_frames
from tests.journeys.conftest import PHONE, wait_for_map
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.riskmap.decided import decide
from tests.riskmap.province import AT, day

pytestmark = [pytest.mark.browser]


@pytest.fixture
def decided(province):
    """Phường Đô Vinh, red by its cases, is decided yellow from the 10th to the 12th."""
    decide(province.communes["22700"], 2, since=9, until=11, at=AT.replace(month=8, day=10))
    reassess(on=day(40), at=AT, provinces=[province.area])
    draw_frames(province=province.area, on=day(40), at=AT)
    return province


def dark_rows(page) -> int:
    """How many rows of pixels of the map are a bar: dark from side to side, as wide as a letter."""
    return page.evaluate(
        """() => {
            const canvas = document.querySelector("[data-map] .area-sheets canvas");
            const { width, height } = canvas;
            const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
            copy.drawImage(canvas, 0, 0);
            const pixels = copy.getImageData(0, 0, width, height).data;
            let rows = 0;
            for (let y = 0; y < height; y++) {
                let run = 0, longest = 0;
                for (let x = 0; x < width; x++) {
                    const at = 4 * (y * width + x);
                    const dark = pixels[at + 3] > 200 && pixels[at] + pixels[at + 1] + pixels[at + 2] < 60;
                    run = dark ? run + 1 : 0;
                    longest = Math.max(longest, run);
                }
                if (longest >= 14) rows++;
            }
            return rows;
        }"""
    )


def test_decided_square_is_barred_counted_and_spoken_on_its_days_alone(decided, open_page):
    page = wait_for_map(open_page("/?day=2021-08-12&area=22700"))
    row = page.locator('tr[data-code="22700"] [data-cell="level"] .level')

    expect(row).to_have_class("level level--elevated level--decided")
    expect(row).to_contain_text("Nguy cơ, theo quyết định")
    expect(page.locator('[data-total="decided"]')).to_have_text("1")
    expect(page.get_by_text("mức do Sở Y tế quyết định", exact=False).first).to_be_visible()
    expect(page.locator("[data-card-other]")).to_have_text("Mức do Sở Y tế quyết định")
    expect(page.locator("[data-spoken]")).to_have_text(
        "Phường Đô Vinh, vùng vàng, 3 ngày; mức do Sở Y tế quyết định"
    )
    assert 1 < dark_rows(page) < 8

    page.click("[data-timeline] [data-next]")

    expect(row).to_have_class("level level--very_high")
    expect(page.locator("[data-total-decided]")).to_be_hidden()
    assert dark_rows(page) == 0
    page.click("[data-timeline] [data-previous]")
    assert_fits_everybody(page)


def test_page_without_script_says_so_too(decided, open_page):
    page = open_page("/?day=2021-08-12&area=22700", java_script_enabled=False)

    expect(page.locator('tr[data-code="22700"] [data-cell="level"]')).to_contain_text("theo quyết định")
    expect(page.locator("[data-card-other]")).to_have_text("Mức do Sở Y tế quyết định")
    expect(page.locator('[data-total="decided"]')).to_have_text("1")


def test_embedded_map_counts_and_says_it(decided, open_page):
    page = open_page("/embed/58/?day=2021-08-12&view=known")
    page.wait_for_selector("[data-embed][data-ready]")

    expect(page.locator("[data-total-decided]")).to_contain_text("1 mức do Sở Y tế quyết định")


@pytest.mark.parametrize("window", [{}, PHONE], ids=["desktop", "phone"])
def test_card_leads_to_the_decision(decided, open_page, window):
    page = wait_for_map(open_page("/?day=2021-08-12&area=22700", **window))

    page.get_by_role("link", name="Vì sao có màu này?").click()

    verdict = page.locator(".verdict")
    expect(verdict).to_contain_text("Mức này do Sở Y tế quyết định từ 10/08/2021 đến hết 12/08/2021.")
    expect(verdict).to_contain_text("Văn bản: 12/QĐ-SYT. Lý do: ổ dịch ở chợ")
    expect(verdict).to_contain_text("Theo tiêu chí thì là: Đ Nguy cơ rất cao")
    assert_fits_everybody(page)
