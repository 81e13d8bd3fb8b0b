"""Sở Nội vụ sets a paper by a Word file of its own: faults by their places, a trial, in use, out again."""

from __future__ import annotations

import io

import pytest
from docx import Document
from playwright.sync_api import expect

from tests.journeys.competing import PROVINCE, Competition, Desk
from tests.journeys.test_accessibility import assert_fits_everybody

pytestmark = [pytest.mark.browser]


@pytest.fixture
def competition(transactional_db, tmp_path):
    return Competition(tmp_path)


def test_template_of_the_office_is_checked_tried_used_and_taken_out(competition, open_page):
    desk = Desk(open_page, "so-noi-vu", "/paper-templates/")
    assert_fits_everybody(desk.page)
    desk.page.get_by_role("link", name="Quyết định khen thưởng").click()
    assert_fits_everybody(desk.page)

    sample, wrong = desk.downloads("Tải mẫu để sửa"), io.BytesIO()
    document = Document(io.BytesIO(sample))
    document.add_paragraph("Kết: {{ doi_tuong }} {{ ''.__class__ }}")
    document.save(wrong)
    desk.hands_in("file", "sai.docx", wrong.getvalue()).presses("Kiểm tra")
    faults = desk.page.get_by_role("region", name="Lỗi trong mẫu")
    expect(faults).to_contain_text("Có phải {{ đối_tượng }}?")
    expect(faults.get_by_role("row")).to_have_count(3)  # with the head
    assert_fits_everybody(desk.page)

    desk.hands_in("file", "mẫu của Sở.docx", sample).presses("Kiểm tra").reads("không có lỗi")
    trial = Document(io.BytesIO(desk.downloads("Xem thử với số liệu ví dụ")))
    assert any("03 tập thể và 02 cá nhân" in paragraph.text for paragraph in trial.paragraphs)
    desk.presses("Đưa vào dùng")
    expect(desk.page.get_by_role("heading", name="Mẫu riêng đang dùng")).to_be_visible()
    assert_fits_everybody(desk.page)

    desk.presses("Thôi dùng mẫu này")
    desk.reads("đang theo bố cục của cổng", competition.area(PROVINCE).name, "mẫu của Sở.docx")
