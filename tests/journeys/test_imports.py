"""A district's week as a workbook: out as the template, in with two slips, put right, and taken back."""

import io

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from core.enums import Role
from tests.factories import PASSWORD, GrantFactory
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.journeys.test_people import log_in

pytestmark = [pytest.mark.browser]

LONG = "Báo-cáo-số-ca-mắc-mới-của-thành-phố-Phan-Rang–Tháp-Chàm-ngày-21-tháng-8-bản-sửa-lần-hai.xlsx"


@pytest.fixture
def clerk(province):
    district = province.districts["582"]
    return GrantFactory(area=district, role=Role.DISTRICT_STAFF, user__username="can-bo").user


def template_of(page: Page) -> openpyxl.Workbook:
    page.get_by_label("Tệp mẫu cho ngày").fill("21/08/2021")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải tệp mẫu").click()
    return openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))


def choose(page: Page, book: openpyxl.Workbook, name: str) -> None:
    out = io.BytesIO()
    book.save(out)
    page.goto("/imports/new/")
    page.get_by_label("Tệp số ca").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": out.getvalue()}
    )
    page.get_by_role("button", name="Xem trước").click()


@pytest.mark.parametrize(
    "context", [PHONE, DESKTOP | {"java_script_enabled": False}], ids=["phone", "no scripts"]
)
def test_week_goes_out_comes_in_and_is_taken_back(clerk, open_page, context):
    page = open_page("/imports/", **context)
    log_in(page, "can-bo", PASSWORD)
    book = template_of(page)
    sheet = book["Số ca"]
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 4, 0)
    code = sheet["A3"].value
    sheet["D2"], sheet["A3"] = -3, f"{code}.0"

    choose(page, book, LONG)
    expect(page.get_by_text("từ chối 2.")).to_be_visible()
    refused = page.get_by_role("row").filter(has_text=f"{code}.0")
    expect(refused).to_contain_text("Mã đơn vị")
    expect(refused.get_by_role("rowheader")).to_contain_text("3")
    page.get_by_role("button", name="Ghi vào sổ").click()
    expect(page.get_by_text("ghi mới 4, đính chính 0, không đổi 0, từ chối 2.")).to_be_visible()

    sheet["D2"], sheet["D4"], sheet["A3"] = 3, 2, code
    choose(page, book, "lần hai.xlsx")
    expect(page.get_by_text("F0 cộng đồng chưa rõ nguồn lây: 0 → 2").first).to_be_visible()
    page.get_by_role("button", name="Ghi vào sổ").click()
    expect(page.get_by_text("phải nêu lý do đính chính")).to_be_visible()
    page.get_by_label("Lý do đính chính").fill("Trạm đếm lại")
    page.get_by_role("button", name="Ghi vào sổ").click()
    expect(page.get_by_text("đính chính 1, không đổi")).to_be_visible()

    page.get_by_text("Hoàn tác lần nhập này").click()
    page.get_by_label("Lý do hoàn tác").fill("Nhầm tệp của tuần trước")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Tất cả đã được hoàn tác")).to_be_visible()
    page.goto("/imports/")
    expect(page.get_by_text("đã hoàn tác")).to_be_visible()


def test_pages_of_files_fit_everybody(clerk, province, open_page):
    page = open_page("/imports/")
    log_in(page, "can-bo", PASSWORD)
    assert_fits_everybody(page)
    book = template_of(page)
    sheet = book["Số ca"]
    for row in range(2, sheet.max_row):
        sheet.cell(row, 4, row)
    sheet.cell(2, 2, "Một tên đơn vị rất dài không phải của mã này và không có trong danh mục nào cả")

    page.goto("/imports/new/")
    page.get_by_role("button", name="Xem trước").click()
    assert_fits_everybody(page)  # nothing chosen
    choose(page, book, LONG)
    assert_fits_everybody(page)
    page.get_by_role("button", name="Ghi vào sổ").click()
    sheet["D3"] = 40
    choose(page, book, "lần hai.xlsx")
    page.get_by_role("button", name="Ghi vào sổ").click()
    assert_fits_everybody(page)  # the reason is missing
    page.get_by_label("Lý do đính chính").fill("Trạm đếm lại")
    page.get_by_role("button", name="Ghi vào sổ").click()
    page.get_by_text("Hoàn tác lần nhập này").click()
    assert_fits_everybody(page)
    page.goto("/imports/")
    assert_fits_everybody(page)
