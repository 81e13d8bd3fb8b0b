"""A dossier from its first word to its receipt, in a browser: autosave, a conflict, a late permit."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from awards.models import Dossier, DossierItem, DossierVersion
from campaign.models import Phase
from core.enums import Role
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group, make_unit
from tests.core.handed_in import pdf
from tests.factories import PASSWORD, GrantFactory
from tests.journeys.conftest import PHONE
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.riskmap.province import day

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture
def phase(province) -> Phase:
    campaign = make_campaign(province=province.area, registration_required=False)
    make_group(campaign, "commune")
    for area in (*province.communes.values(), *province.districts.values()):
        make_unit(area)
    now = timezone.now()
    said = {"first_day": day(0), "last_day": (now + timedelta(days=20)).date(), "deadline_set_by": "plan"}
    return make_phase(
        campaign, **said, dossier_deadline=now + timedelta(days=2), deadline_wording="theo kế hoạch"
    )


def person(role: Role, area, username: str) -> str:
    return GrantFactory(role=role, area=area, user__username=username).user.username


def log_in(open_page, username: str, address: str, **context) -> Page:
    page = open_page(f"/login/?next={address}", **context)
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    return page


def test_dossier_goes_from_its_first_word_to_its_receipt(province, phase, open_page):
    person(Role.DISTRICT_STAFF, province.districts["582"], "huyen")
    page = log_in(open_page, "huyen", "/dossiers/")
    assert_fits_everybody(page)
    page.get_by_role("button", name="Lập hồ sơ").click()
    expect(page.locator("[data-countdown]")).to_have_text(re.compile(r"Còn 1 ngày \d\d:\d\d:\d\d"))
    assert_fits_everybody(page)

    # A collective and a person, whom a unit nominates.
    page.get_by_role("link", name="Thêm đối tượng").click()
    page.get_by_label("cho tập thể").check()
    page.get_by_label("Đơn vị được đề nghị").fill("do vinh")
    assert_fits_everybody(page)
    page.get_by_role("button", name="Ghi", exact=True).click()
    page.get_by_role("link", name="Thêm đối tượng").click()
    page.get_by_label("cho cá nhân").check()
    page.get_by_label("Đơn vị được đề nghị").fill("do vinh")
    page.get_by_label("Họ và tên cá nhân").fill("Trần Thị Bảy")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.get_by_text("Khen cá nhân thì mục này phải ghi.")).to_have_count(2)
    page.get_by_label("Chức vụ, nơi công tác").fill("Y tá, Trạm Y tế")
    page.get_by_label("Đã làm gì, ở đâu").fill("Trực chốt số 2 suốt đợt.")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.get_by_text("Giấy tờ: đủ 1 trên 4")).to_be_visible()

    # What is typed saves itself, and is seen as begun by who opens it next.
    page.get_by_role("link", name="Tờ trình", exact=True).click()
    page.get_by_label("Số, ký hiệu tờ trình").fill("25/TTr-UBND")
    expect(page.locator("[data-status]")).to_have_text(re.compile("Đã tự lưu lúc"))
    assert DossierItem.objects.get().words == {"number": "25/TTr-UBND"}
    assert_fits_everybody(page)
    said = {"Ngày tờ trình": "05/9/2021", "Nội dung đề nghị": "Đề nghị khen thưởng."}
    said |= {"Người ký": "Lê Văn Chín", "Chức vụ của người ký": "Chủ tịch"}
    for label, text in said.items():
        page.get_by_label(label, exact=False).first.fill(text)
    page.set_input_files(
        "input[name=file]", {"name": "to-trinh.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    page.get_by_role("button", name="Lưu").click()
    for number in (1, 2):
        page.locator(".task--unopened").first.wait_for()
        page.get_by_role("link", name=re.compile("^Báo cáo tóm tắt thành tích")).nth(number - 1).click()
        expect(page.get_by_role("heading", name="Số liệu thành tích")).to_be_visible()
        assert_fits_everybody(page)
        page.get_by_label("Đặc điểm, tình hình").fill("Địa bàn trung tâm.")
        page.get_by_label("Thành tích đạt được").fill("Giữ vững vùng xanh.")
        page.get_by_label("Thủ trưởng đơn vị xác nhận").fill("Lê Văn Chín")
        page.get_by_label("Chức vụ của người xác nhận").fill("Chủ tịch")
        page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Giấy tờ: đủ 4 trên 4")).to_be_visible()
    assert_fits_everybody(page)

    page.get_by_role("link", name="Kiểm tra trước khi nộp").click()
    assert_fits_everybody(page)
    page.get_by_label("Tôi đã kiểm tra").check()
    page.get_by_role("button", name="Nộp hồ sơ").click()
    version = DossierVersion.objects.get()
    expect(page.get_by_text(version.receipt)).to_be_visible()
    expect(page.get_by_text(version.sha256)).to_be_visible()
    expect(page.get_by_text(f"{timezone.localtime(version.received_at):%H:%M:%S}").first).to_be_visible()
    assert_fits_everybody(page)
    assert version.permit is None


def test_two_people_on_one_paper_see_both_and_lose_nothing(province, phase, open_page):
    district = province.districts["582"]
    for name in ("huyen-1", "huyen-2"):
        person(Role.DISTRICT_STAFF, district, name)
    one = log_in(open_page, "huyen-1", "/dossiers/")
    one.get_by_role("button", name="Lập hồ sơ").click()
    address = f"{Dossier.objects.get().get_absolute_url()}papers/submission/"
    other = log_in(open_page, "huyen-2", address, may_fail=True)
    one.goto(address)
    one.get_by_label("Nội dung đề nghị").fill("Bản của người thứ nhất.")
    expect(one.locator("[data-status]")).to_have_text(re.compile("Đã tự lưu lúc"))

    other.get_by_label("Nội dung đề nghị").fill("Bản của người thứ hai.")
    expect(other.locator("[data-status]")).to_have_text(re.compile("Người khác đã lưu"))
    other.get_by_role("button", name="Lưu").click()

    expect(other.locator(".theirs")).to_contain_text("Bản của người thứ nhất.")
    expect(other.get_by_label("Nội dung đề nghị")).to_have_value("Bản của người thứ hai.")
    assert_fits_everybody(other)
    other.get_by_role("button", name="Lưu").click()
    expect(other.get_by_text("Đã lưu.")).to_be_visible()
    assert DossierItem.objects.get().words["body"] == "Bản của người thứ hai."


def test_what_was_typed_outlives_the_session(province, phase, open_page):
    person(Role.DISTRICT_STAFF, province.districts["582"], "huyen")
    page = log_in(open_page, "huyen", "/dossiers/", **PHONE, may_fail=True)
    page.get_by_role("button", name="Lập hồ sơ").click()
    page.get_by_role("link", name="Tờ trình", exact=True).click()
    address = page.url
    session = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_label("Nội dung đề nghị").fill("Chữ gõ khi phiên đã hết.")
    expect(page.locator("[data-status]")).to_have_text(re.compile("Phiên làm việc đã hết"))

    page.context.add_cookies(session)
    page.goto(address)

    expect(page.get_by_label("Nội dung đề nghị")).to_have_value("Chữ gõ khi phiên đã hết.")
    expect(page.locator("[data-status]")).to_have_text(re.compile("Đã tự lưu lúc"))
    assert DossierItem.objects.get().words == {"body": "Chữ gõ khi phiên đã hết."}


def test_office_lets_a_district_hand_in_late(province, phase, open_page):
    person(Role.HOME_AFFAIRS, province.area, "noi-vu")
    page = log_in(open_page, "noi-vu", "/permits/")
    assert_fits_everybody(page)
    page.get_by_label("Đợt").select_option(index=1)
    page.get_by_label("Địa bàn").select_option(label="Thành phố Phan Rang – Tháp Chàm")
    page.get_by_label("Lý do").fill("Đường sạt lở.")
    until = timezone.localtime() + timedelta(days=5)
    page.get_by_label("Ngày hết hạn").fill(f"{until:%d/%m/%Y}")
    page.get_by_label("Giờ hết hạn").fill("17:00")
    page.get_by_role("button", name="Cho nộp muộn").click()

    expect(page.get_by_text("chưa dùng")).to_be_visible()
    assert_fits_everybody(page)
