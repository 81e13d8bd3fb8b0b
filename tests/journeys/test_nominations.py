"""A person nominated by a commune, taken in by the district, in a browser; nothing typed is ever lost."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from awards.models import Dossier, Nomination
from campaign.models import Phase
from core.enums import Role
from tests.awards.dossiers import make_dossier
from tests.awards.nominations import make_nomination
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group, make_unit
from tests.journeys.conftest import PHONE
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.journeys.test_dossiers import log_in, person
from tests.riskmap.province import day

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture
def phase(province) -> Phase:
    campaign = make_campaign(province=province.area, registration_required=False)
    make_group(campaign, "commune")
    for area in province.communes.values():
        make_unit(area)
    now = timezone.now()
    said = {"first_day": day(0), "last_day": (now + timedelta(days=20)).date(), "deadline_set_by": "plan"}
    return make_phase(
        campaign, **said, dossier_deadline=now + timedelta(days=2), deadline_wording="theo kế hoạch"
    )


@pytest.fixture
def commune(province):
    return next(area for area in province.communes.values() if area.name == "Phường Đô Vinh")


def test_person_goes_from_the_commune_into_the_dossier(province, phase, commune, open_page):
    person(Role.COMMUNE_STAFF, commune, "phuong")
    person(Role.DISTRICT_STAFF, commune.parent, "huyen")
    page = log_in(open_page, "phuong", "/nominations/", **PHONE)
    assert_fits_everybody(page)
    page.get_by_role("link", name=re.compile("^Đề cử: ")).click()
    expect(page.get_by_label("Đơn vị đề cử")).to_have_value(re.compile("Phường Đô Vinh"))
    expect(page.locator("[data-countdown]")).to_have_text(re.compile(r"Còn 1 ngày \d\d:\d\d:\d\d"))
    page.get_by_label("Họ và tên").fill("Trần Thị Bảy")
    page.get_by_role("button", name="Gửi đề cử").click()
    expect(page.get_by_label("Họ và tên")).to_have_value("Trần Thị Bảy")
    assert_fits_everybody(page)
    page.get_by_label("Chức vụ, nơi công tác").fill("Y tá, Trạm Y tế")
    page.get_by_label("Đã làm gì, ở đâu").fill("Trực chốt số 2 ở khu phố 3 suốt đợt.")
    page.get_by_role("button", name="Gửi đề cử").click()
    expect(page.get_by_text("Đã ghi đề cử")).to_be_visible()
    assert_fits_everybody(page)

    # What was sent is not offered again as unsent.
    page.goto(f"/nominations/new/{phase.pk}/")
    expect(page.get_by_label("Họ và tên")).to_have_value("")

    dossier = make_dossier(commune.parent, phase)
    district = log_in(open_page, "huyen", dossier.get_absolute_url())
    assert_fits_everybody(district)
    district.get_by_role("link", name="1 đề cử cá nhân đang chờ xem").click()
    assert_fits_everybody(district)
    district.get_by_label("Trần Thị Bảy").check()
    district.get_by_role("button", name="Không đưa vào hồ sơ").click()
    expect(district.get_by_text("Xin ghi lý do không đưa vào hồ sơ.")).to_be_visible()
    expect(district.get_by_label("Trần Thị Bảy")).to_be_checked()
    assert_fits_everybody(district)
    district.get_by_role("button", name="Đưa vào hồ sơ", exact=True).click()
    expect(district.get_by_text("Đã đưa 1 người vào hồ sơ.")).to_be_visible()
    assert_fits_everybody(district)
    assert dossier.nominees.get().person == "Trần Thị Bảy"

    page.goto("/nominations/")
    expect(page.get_by_text("đã đưa vào hồ sơ")).to_be_visible()
    assert_fits_everybody(page)


def test_what_was_typed_outlives_the_session_and_is_dropped_when_asked(province, phase, commune, open_page):
    person(Role.COMMUNE_STAFF, commune, "phuong")
    page = log_in(open_page, "phuong", f"/nominations/new/{phase.pk}/", may_fail=True)
    page.get_by_label("Đã làm gì, ở đâu").fill("Chữ gõ khi phiên sắp hết.")
    session = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_role("button", name="Gửi đề cử").click()
    page.wait_for_load_state()

    page.context.add_cookies(session)
    page.goto(f"/nominations/new/{phase.pk}/")

    expect(page.get_by_label("Đã làm gì, ở đâu")).to_have_value("Chữ gõ khi phiên sắp hết.")
    expect(page.get_by_text("Đã đặt lại chữ bạn gõ")).to_be_visible()
    assert_fits_everybody(page)
    page.get_by_role("button", name="Bỏ chữ đó").click()
    expect(page.get_by_label("Đã làm gì, ở đâu")).to_have_value("")
    expect(page.get_by_text("Đã đặt lại chữ bạn gõ")).to_be_hidden()


def test_two_editors_of_a_nomination_see_both(province, phase, commune, open_page):
    for name in ("phuong-1", "phuong-2"):
        person(Role.COMMUNE_STAFF, commune, name)
    made = make_nomination(phase, commune.units.get())
    one = log_in(open_page, "phuong-1", f"/nominations/{made.pk}/edit/")
    other = log_in(open_page, "phuong-2", f"/nominations/{made.pk}/edit/")
    one.get_by_label("Đã làm gì, ở đâu").fill("Bản của người thứ nhất.")
    one.get_by_role("button", name="Ghi", exact=True).click()
    expect(one.get_by_text("Đã ghi đề cử")).to_be_visible()

    other.get_by_label("Đã làm gì, ở đâu").fill("Bản của người thứ hai.")
    other.get_by_role("button", name="Ghi", exact=True).click()

    expect(other.locator(".theirs")).to_contain_text("Bản của người thứ nhất.")
    expect(other.get_by_label("Đã làm gì, ở đâu")).to_have_value("Bản của người thứ hai.")
    assert_fits_everybody(other)
    other.get_by_role("button", name="Ghi", exact=True).click()
    expect(other.get_by_text("Đã ghi đề cử")).to_be_visible()
    assert Nomination.objects.get().deeds == "Bản của người thứ hai."


def test_district_picks_from_the_standing(province, phase, commune, open_page):
    person(Role.DISTRICT_STAFF, commune.parent, "huyen")
    dossier = make_dossier(commune.parent, phase)
    page = log_in(open_page, "huyen", dossier.get_absolute_url())

    page.get_by_role("link", name="Chọn từ danh sách xét khen").click()
    expect(page.get_by_text("chưa có bảng xếp hạng")).to_be_visible()
    assert_fits_everybody(page)
    assert Dossier.objects.get().status == "draft"
