"""Approval and corrections in a browser: by the keyboard alone, at both widths, with a second person."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.enums import Role
from riskmap.counts import CountRow
from riskmap.entry_source import entry_source
from riskmap.enums import ReportStatus
from riskmap.levels import reassess
from riskmap.lock_exceptions import grant_exception
from riskmap.models import CorrectionRequest, DayReport, GuardedPeriod
from riskmap.submissions import submit_counts
from tests.factories import PASSWORD, GrantFactory
from tests.journeys.test_accessibility import assert_fits_everybody

pytestmark = [pytest.mark.browser]


@pytest.fixture
def people(province):
    """Two of Sở Y tế, and the clerk of the first district, who has sent two days."""
    district = province.communes["22700"].parent
    made = {
        "clerk": GrantFactory(area=district, role=Role.DISTRICT_STAFF, user__username="can-bo").user,
        "judge": GrantFactory(area=province.area, role=Role.HEALTH, user__username="so-y-te").user,
        "second": GrantFactory(area=province.area, role=Role.HEALTH, user__username="so-y-te-2").user,
    }
    today = timezone.localdate()
    rows = [
        CountRow(area.pk, today - timedelta(days=ago), unknown_source=0, known_source=0, isolated=ago)
        for ago in (0, 1)
        for area in province.communes.values()
        if area.parent_id == district.pk
    ]
    source = entry_source(province=province.area, by=made["clerk"])
    submit_counts(source=source, rows=rows, by=made["clerk"], at=timezone.now())
    reassess(on=today, at=timezone.now())
    return made


def log_in(page, username):
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_label("Mật khẩu", exact=True).press("Enter")


def test_many_days_are_accepted_by_the_keyboard_alone(people, open_page):
    page = open_page("/approvals/")
    log_in(page, "so-y-te")
    expect(page.get_by_role("heading", level=1)).to_have_text("Duyệt số liệu")
    assert_fits_everybody(page)

    page.get_by_label("Chọn tất cả").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-ticked]")).to_have_text("2/2")
    page.keyboard.press("Tab")  # the table that scrolls
    page.keyboard.press("Tab")  # its first row
    page.keyboard.press("Space")
    expect(page.locator("[data-ticked]")).to_have_text("1/2")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # in a form: its first button, which accepts

    expect(page.locator(".messages")).to_contain_text("Đã duyệt 2 báo cáo ngày.")
    assert set(DayReport.objects.values_list("status", flat=True)) == {ReportStatus.ACCEPTED}
    page.get_by_role("link", name="Đã duyệt").click()
    assert_fits_everybody(page)
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_text("Số liệu ngày này đã duyệt và khóa.")).to_be_visible()
    assert_fits_everybody(page)


def test_return_without_a_reason_says_so_and_keeps_the_ticks(people, open_page):
    page = open_page("/approvals/")
    log_in(page, "so-y-te")
    page.get_by_label("Chọn tất cả").check()

    page.get_by_role("button", name="Trả lại các dòng đã chọn").click()
    expect(page.get_by_text("Xin ghi lý do trả lại, để người gửi biết cần sửa gì.")).to_be_visible()
    expect(page.locator("[data-ticked]")).to_have_text("2/2")
    assert_fits_everybody(page)
    page.get_by_label("Lý do trả lại").fill("Xin kiểm tra số F0 cách ly")
    page.get_by_role("button", name="Trả lại các dòng đã chọn").click()

    expect(page.locator(".messages")).to_contain_text("Đã trả lại 2 báo cáo ngày.")


def test_wrong_number_of_a_locked_day_is_put_right_with_a_second_person(people, province, open_page):
    commune, yesterday = province.communes["22700"], timezone.localdate() - timedelta(days=1)
    GuardedPeriod.objects.create(
        province=province.area, name="Đợt 1", first_day=yesterday, last_day=yesterday + timedelta(days=30)
    )
    address = f"/counts/22700/{yesterday}"
    page = open_page(f"/approvals/{commune.parent.code}/{yesterday}/")
    log_in(page, "so-y-te")
    page.get_by_role("button", name="Duyệt").first.click()
    page.goto(f"{address}/correct/")
    page.get_by_role("link", name="Cho phép sửa").click()
    assert_fits_everybody(page)
    page.get_by_label("Lý do").fill("Trung tâm Y tế báo sót 2 ca")
    page.get_by_role("button", name="Cho phép").click()
    expect(page.locator(".messages")).to_contain_text("được sửa số liệu")
    assert_fits_everybody(page)

    clerk = open_page(f"{address}/correct/")
    log_in(clerk, "can-bo")
    clerk.get_by_label("F0 chưa rõ nguồn lây").fill("3")
    clerk.get_by_label("Lý do").fill("Trung tâm Y tế báo sót")
    clerk.get_by_label("Số văn bản").fill("45/TTYT")
    clerk.get_by_role("button", name="Xem ảnh hưởng").click()
    expect(clerk.get_by_text("Cần người thứ hai xác nhận.")).to_be_visible()
    assert_fits_everybody(clerk)
    clerk.get_by_role("button", name="Gửi đề nghị đính chính").click()
    expect(clerk.locator(".messages")).to_contain_text("chờ người thứ hai xác nhận")
    assert_fits_everybody(clerk)

    second = open_page("/corrections/?state=for_me")
    log_in(second, "so-y-te-2")
    assert_fits_everybody(second)
    second.get_by_role("main").get_by_role("link", name="Số ").first.click()
    second.get_by_role("button", name="Xác nhận, ghi sổ").click()
    expect(second.locator(".messages")).to_contain_text("Đã xác nhận và ghi sổ.")

    assert CorrectionRequest.objects.get().decided_by == people["second"]
    clerk.goto(f"{address}/history/")
    expect(clerk.get_by_text("F0 chưa rõ nguồn lây: 0 → 3")).to_be_visible()
    assert_fits_everybody(clerk)


def test_wrong_input_of_a_correction_is_said_at_its_field(people, province, open_page):
    page = open_page(f"/counts/22700/{timezone.localdate()}/correct/")
    log_in(page, "can-bo")
    page.get_by_label("F0 chưa rõ nguồn lây").fill("hai")
    page.get_by_label("Lý do").fill("sót")

    page.get_by_role("button", name="Xem ảnh hưởng").click()

    field = page.get_by_label("F0 chưa rõ nguồn lây")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Lỗi: Xin ghi một số nguyên, không có dấu chấm, dấu phẩy.")
    assert_fits_everybody(page)


def test_exceptions_in_force_are_ended_on_their_page(people, province, open_page):
    commune, today = province.communes["22700"], timezone.localdate()
    page = open_page(f"/approvals/{commune.parent.code}/{today}/")
    log_in(page, "so-y-te")
    page.get_by_role("button", name="Duyệt").first.click()
    expect(page.locator(".messages")).to_be_visible()
    now = timezone.now()
    grant_exception(
        area=commune, day=today, reason="sót", expires_at=now + timedelta(days=2), by=people["judge"], at=now
    )
    page.goto("/exceptions/")
    assert_fits_everybody(page)

    page.get_by_role("button", name="Kết thúc").click()

    expect(page.locator(".messages")).to_contain_text("Đã kết thúc phép sửa")
    page.get_by_role("link", name="Đã hết hạn hoặc kết thúc").click()
    assert_fits_everybody(page)


def test_table_of_the_map_says_what_was_not_accepted_where_it_was_published(published, open_page):
    page = open_page("/?view=published&layer=commune")
    page.wait_for_selector("[data-both-views]")
    words = page.locator("tbody[data-layer=commune] td[data-cell=level] .level__words")
    expect(words.first).to_contain_text("chưa duyệt")
    count = words.count()
    expect(words.filter(has_text="chưa duyệt")).to_have_count(count)
    total = page.locator('[data-total="unapproved"]')
    expect(total).to_have_text(str(count))

    page.get_by_role("link", name="Như biết hôm nay").click()

    expect(words.filter(has_text="chưa duyệt")).to_have_count(0)
    expect(total).to_be_hidden()
    page.get_by_role("link", name="Như đã công bố").click()
    expect(words.filter(has_text="chưa duyệt")).to_have_count(count)
    expect(total).to_have_text(str(count))
    page.locator("tbody[data-layer=commune] tr[data-code='22700'] a").first.click()
    expect(page.locator("[data-card-other]")).to_contain_text("Dựa trên số chưa được duyệt")
    expect(page.locator("[data-spoken]")).to_contain_text("dựa trên số chưa được duyệt")
