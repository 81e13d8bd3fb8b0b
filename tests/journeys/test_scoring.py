"""Scoring in a browser: criteria, a sheet with its running total, on to the next by keyboard; axe."""

import re

import pytest
from playwright.sync_api import expect

from awards.models import Dossier, Score
from core.vietnamese import fold
from tests.awards.dossiers import PERSON, make_dossier, make_nominee, make_version
from tests.awards.reviewers import handed_in, taken_up
from tests.campaign.units import make_unit
from tests.factories import DistrictFactory
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.journeys.test_dossiers import log_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture
def dossier(transactional_db) -> Dossier:
    """In review, of a district and a person; handed in twice. The next district proposes a namesake."""
    dossier = handed_in(make_dossier(DistrictFactory(parent__name="Tỉnh Ninh Thuận", name="Huyện Bác Ái")))
    said = {"kind": PERSON, "person": "Trần Thị Bảy", "person_post": "Y tá, Trạm Y tế", "deeds": "Trực chốt."}
    said["search_text"] = fold(said["person"])
    make_nominee(dossier, make_unit(dossier.area, "agency"), **said)
    other = make_dossier(DistrictFactory(parent=dossier.area.parent), dossier.phase, status="submitted")
    make_nominee(other, make_unit(other.area, "agency"), **said)
    content = dossier.versions.get().content
    content["submission"]["words"]["body"] = "Căn cứ kế hoạch, đề nghị khen thưởng đột xuất."
    make_version(dossier, number=2, content=content)
    return taken_up(dossier)


def test_sheets_are_filled_by_keyboard_one_after_the_other(dossier, open_page):
    page = log_in(open_page, dossier.reviewer.username, f"/review/phases/{dossier.phase_id}/scores/")
    expect(page.get_by_text("Đợt chưa có tiêu chí chấm")).to_be_visible()
    assert_fits_everybody(page)
    page.get_by_role("link", name="Đặt tiêu chí chấm").click()
    assert_fits_everybody(page)
    for row, said in enumerate((("Việc làm", "10", "3"), ("Kết quả", "20", "1")), start=1):
        for label, value in zip(("Tiêu chí", "Điểm tối đa", "Trọng số"), said, strict=True):
            page.get_by_label(f"{label}, dòng {row}", exact=True).fill(value)
    page.get_by_role("button", name="Ghi tiêu chí").click()
    expect(page.get_by_text("Bạn đã chấm 0/2")).to_be_visible()
    assert_fits_everybody(page)

    page.get_by_role("link", name="Chấm đối tượng tiếp theo").click()
    first = page.get_by_role("heading", level=1).inner_text()
    work, result = page.get_by_role("spinbutton").all()
    work.fill("8")
    expect(page.locator("[data-total]")).to_have_text("80,0")
    result.fill("10")
    expect(page.locator("[data-total]")).to_have_text("72,5")  # (3 × 0.8 + 1 × 0.5) of 4
    assert_fits_everybody(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    expect(page.get_by_text("bạn đã chấm 1/2")).to_be_visible()

    work, result = page.get_by_role("spinbutton").all()
    work.fill("11")
    result.fill("20")
    page.get_by_role("button", name="Lưu và sang đối tượng tiếp").click()
    expect(page.get_by_role("alert")).to_contain_text("Xin sửa những chỗ được đánh dấu")
    expect(page.get_by_text("Xin ghi điểm từ 0 đến 10.")).to_be_visible()
    assert_fits_everybody(page)
    page.get_by_role("spinbutton").first.fill("10")
    page.get_by_role("button", name="Lưu và sang đối tượng tiếp").click()
    expect(page.get_by_text("Bạn đã chấm hết")).to_be_visible()
    expect(page.get_by_text("Bạn đã chấm 2/2")).to_be_visible()
    assert Score.objects.count() == 4
    assert_fits_everybody(page)
    page.get_by_role("link", name="Xem tiêu chí chấm").click()
    expect(page.get_by_text("không đổi được nữa")).to_be_visible()
    assert_fits_everybody(page)


def test_sheet_works_without_a_script(dossier, open_page):
    page = log_in(
        open_page, dossier.reviewer.username, f"/review/phases/{dossier.phase_id}/criteria/",
        java_script_enabled=False,
    )  # fmt: skip
    for label, value in (("Tiêu chí", "Việc làm"), ("Điểm tối đa", "10"), ("Trọng số", "1")):
        page.get_by_label(f"{label}, dòng 1", exact=True).fill(value)
    page.get_by_role("button", name="Ghi tiêu chí").click()
    page.get_by_role("link", name="Chấm đối tượng tiếp theo").click()
    page.get_by_role("spinbutton").fill("7")
    page.get_by_role("button", name="Lưu và sang đối tượng tiếp").click()

    expect(page.get_by_text("bạn đã chấm 1/2")).to_be_visible()
    assert Score.objects.get().points == 7


def test_rooms_of_those_who_review(dossier, open_page):
    nominee = dossier.nominees.last()
    page = log_in(open_page, dossier.reviewer.username, "/review/")
    for address in (
        "/review/",
        "/review/?show=flagged",
        f"/review/{dossier.pk}/",
        f"/review/{dossier.pk}/?nominee={nominee.pk}",
        "/review/near/",
        f"/dossiers/{dossier.pk}/versions/2/changes/",
        f"/dossiers/{dossier.pk}/versions/1/changes/",
    ):
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        assert_fits_everybody(page)
    page.goto("/review/near/")
    expect(page.get_by_text("trùng họ tên, hai đơn vị nêu").last).to_be_visible()
    page.goto(f"/dossiers/{dossier.pk}/versions/2/changes/")
    expect(page.locator("ins", has_text=re.compile("đột xuất"))).to_be_visible()
