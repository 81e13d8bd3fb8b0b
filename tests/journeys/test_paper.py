"""Is this paper genuine: the page that answers, in a real browser, with what was just taken away."""

import pytest

from core.people import system_user
from riskmap.editions import publish
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.riskmap.province import AT

pytestmark = [pytest.mark.browser]


def test_file_taken_from_the_portal_is_recognised_there(province, open_page, tmp_path):
    edition = publish(province=province.area, cut_off=AT, at=AT, by=system_user())
    page = open_page("/xac-minh")
    assert_fits_everybody(page)
    taken = page.request.get(f"{page.url.removesuffix('/xac-minh')}/maps/58/{edition.day}/map.pdf")
    name = taken.headers["content-disposition"].split('"')[1]
    code = name.removesuffix(".pdf")[-11:]
    path = tmp_path / name
    path.write_bytes(taken.body())

    page.fill("[name=code]", code.lower().replace("-", " "))
    page.get_by_role("button", name="Kiểm tra mã").click()

    assert page.get_by_role("heading", name="Mã thật").is_visible()
    assert page.get_by_text(f"số {edition.number}, chốt số liệu lúc 08:00 ngày 31/12/2021").is_visible()
    assert_fits_everybody(page)

    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name="Kiểm tra tệp").click()

    assert page.get_by_role("heading", name="Tệp thật, còn nguyên vẹn").is_visible()
    page.get_by_role("link", name="Xem bản đồ ngày này").click()
    page.wait_for_selector("[data-ready]")
    assert page.url.endswith(f"?province=58&day={edition.day}&layer=commune&view=published")


def test_file_from_elsewhere_is_not_recognised(province, open_page, tmp_path):
    page = open_page("/xac-minh")
    path = tmp_path / "ban-do.pdf"
    path.write_bytes(b"%PDF-1.7")

    page.set_input_files("[name=file]", path)
    page.get_by_role("button", name="Kiểm tra tệp").click()

    assert page.get_by_role("heading", name="Không nhận ra tệp này").is_visible()
    assert_fits_everybody(page)
