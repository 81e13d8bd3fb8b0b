"""A district's day by keyboard alone; a lost connection; two people on one commune; a phone."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.enums import Role
from core.people import system_user
from riskmap.counts import CountRow, Coverage, post_counts
from riskmap.levels import reassess
from riskmap.models import CountEntry, DayReport, DraftCell
from tests.factories import PASSWORD, GrantFactory
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.journeys.test_people import log_in
from tests.riskmap.province import Province, make_province

pytestmark = [pytest.mark.browser]

CODES = [f"901{number:02d}" for number in range(1, 17)]
SECONDS_A_KEY = 0.2
#: Of unknown source, of known source, isolated, contacts, tests, suspected.
DAY_OF_DISTRICT = {code: (n % 3, n % 2, 0, 3 * n, 20 + n, n % 4) for n, code in enumerate(CODES)}


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def district(transactional_db, today) -> Province:
    """A district of 16 communes, quiet for the last ten days but for some cases yesterday."""
    made = make_province(districts={"901": CODES, "902": ["90201"]}, valid_from=today - timedelta(days=400))
    now = timezone.now()
    quiet = Coverage(made.area, today - timedelta(days=10), today - timedelta(days=1), contacts=True)
    cases = [CountRow(made.communes[CODES[0]].pk, today - timedelta(days=1), None, 2, 1, 0, 9)]
    post_counts(source=made.source(), rows=cases, coverages=[quiet], reason="trước", by=system_user(), at=now)
    reassess(on=today, at=now, provinces=[made.area])
    GrantFactory(
        user__username="huyen", user__full_name="Bá Trung Dũng", role=Role.DISTRICT_STAFF,
        area=made.districts["901"], valid_from=today,
    )  # fmt: skip
    GrantFactory(
        user__username="xa", user__full_name="Thị Kim Lan", role=Role.COMMUNE_STAFF,
        area=made.communes[CODES[0]], valid_from=today,
    )  # fmt: skip
    return made


class Keys:
    """The keyboard, and how many keys a person pressed on it."""

    def __init__(self, page: Page):
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self.pressed += key.count("+") + 1 if len(key) > 1 else 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        for character in text:
            self.press(character)


def open_grid(open_page, username="huyen", area="901", context=DESKTOP, **options) -> Page:
    page = open_page(f"/login/?next=/counts/%3Farea={area}", **context, **options)
    log_in(page, username, PASSWORD)
    page.wait_for_selector("[data-entry]")
    return page


def ready(page: Page) -> Page:
    page.wait_for_selector("[data-entry][data-ready]")
    return page


def cell(page: Page, code: str, column: str = "unknown_source"):
    return page.locator(f"[name='{code}-{column}']")


def row(page: Page, code: str):
    return page.locator(f"[data-row='{code}']")


def status(page: Page, code: str):
    return row(page, code).locator("[data-status]")


def drafts() -> dict[str, int]:
    return dict(DraftCell.objects.values_list("area__code", "unknown_source"))


def test_day_of_sixteen_communes_by_keyboard_alone_in_two_minutes(district, open_page, today):
    page = ready(open_grid(open_page))
    cell(page, CODES[0]).focus()
    keys, begun = Keys(page), time.monotonic()
    waited = 0.0

    for code in CODES:
        for number in DAY_OF_DISTRICT[code]:
            keys.type(str(number))
            keys.press("Tab")
        keys.press("Tab")  # past the note
    typed = time.monotonic()
    keys.press("Control+Enter")
    box = page.get_by_role("dialog")
    expect(box.get_by_text("Gửi số của 16 xã")).to_be_visible()
    expect(box.get_by_label("Số liệu ngày này đã đủ")).to_be_checked()
    keys.press("Enter")
    expect(page.get_by_text("Đã gửi 16/16 xã lúc")).to_be_visible()
    waited += time.monotonic() - typed

    assert keys.pressed * SECONDS_A_KEY + waited < 120, (keys.pressed, waited, typed - begun)
    said = {
        entry.area.code: tuple(
            getattr(entry, name)
            for name in (
                "unknown_source", "known_source", "isolated", "close_contacts", "tests", "suspected"
            )
        )
        for entry in CountEntry.objects.filter(day=today).select_related("area")
    }  # fmt: skip
    assert said == DAY_OF_DISTRICT
    report = DayReport.objects.get()
    assert (report.scope.code, report.complete, report.status) == ("901", True, "sent")
    assert not DraftCell.objects.exists()


def test_enter_and_arrows_go_from_commune_to_commune_and_alt_0_says_no_cases(district, open_page):
    page = ready(open_grid(open_page))
    cell(page, CODES[1]).focus()
    press = page.keyboard.press

    press("Enter")
    expect(cell(page, CODES[2])).to_be_focused()
    press("ArrowUp")
    expect(cell(page, CODES[1])).to_be_focused()
    press("Shift+Enter")
    expect(cell(page, CODES[0])).to_be_focused()
    press("ArrowRight")
    expect(cell(page, CODES[0], "known_source")).to_be_focused()
    page.keyboard.type("12")
    press("ArrowLeft")  # within the text
    expect(cell(page, CODES[0], "known_source")).to_be_focused()
    press("Home")
    press("ArrowLeft")
    expect(cell(page, CODES[0])).to_be_focused()
    press("ArrowDown")
    press("Alt+0")
    expect(cell(page, CODES[2])).to_be_focused()
    assert [cell(page, CODES[1], name).input_value() for name in ("unknown_source", "isolated", "tests")] == [
        "0",
        "0",
        "",
    ]
    expect(status(page, CODES[1])).to_contain_text("Đã lưu")

    page.get_by_role("button", name="Các ô còn trống: không có ca (0)").click()
    expect(status(page, CODES[15])).to_contain_text("Đã lưu")
    assert len(drafts()) == 16


def test_draft_survives_a_lost_connection_and_a_reload(district, open_page):
    page = open_grid(open_page, may_fail=True)
    ready(page)
    cell(page, CODES[3]).fill("4")
    page.keyboard.press("Tab")
    expect(status(page, CODES[3])).to_contain_text("Đã lưu")

    page.route("**/cells/", lambda route: route.abort("internetdisconnected"))
    cell(page, CODES[4]).fill("7")
    page.keyboard.press("Tab")
    expect(status(page, CODES[4])).to_contain_text("Chưa lưu được")
    expect(page.locator("[data-summary]")).to_contain_text("vì mất kết nối")
    assert drafts() == {CODES[3]: 4}

    page.reload()
    ready(page)
    assert cell(page, CODES[4]).input_value() == "7"
    expect(status(page, CODES[4])).to_contain_text("Chưa lưu được")

    page.unroute("**/cells/")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(status(page, CODES[4])).to_contain_text("Đã lưu")
    assert drafts() == {CODES[3]: 4, CODES[4]: 7}
    assert page.evaluate("localStorage.length") == 0


def test_what_is_typed_is_saved_after_ten_seconds_of_rest(district, open_page):
    page = open_grid(open_page)
    page.clock.install()
    ready(page).reload()
    ready(page)

    cell(page, CODES[3]).press_sequentially("4")
    expect(status(page, CODES[3])).to_have_text("Chưa lưu")
    page.clock.fast_forward(9_000)
    assert drafts() == {}
    page.clock.fast_forward(2_000)

    expect(status(page, CODES[3])).to_contain_text("Đã lưu")
    assert drafts() == {CODES[3]: 4}


def test_answer_lost_on_its_way_is_no_conflict_with_oneself(district, open_page):
    page = open_grid(open_page, may_fail=True)
    ready(page)

    def lose_the_answer(route):
        route.fetch()
        route.abort("connectionreset")

    page.route("**/cells/", lose_the_answer, times=1)
    cell(page, CODES[0]).fill("4")
    page.keyboard.press("Tab")
    expect(status(page, CODES[0])).to_contain_text("Chưa lưu được")
    assert drafts() == {CODES[0]: 4}

    cell(page, CODES[0]).fill("5")
    page.keyboard.press("Tab")

    expect(status(page, CODES[0])).to_contain_text("Đã lưu")
    assert drafts() == {CODES[0]: 5}
    expect(row(page, CODES[0]).locator("[data-conflict]")).to_be_hidden()


def test_expired_login_keeps_what_is_typed_and_saves_it_after_logging_in_again(district, open_page):
    page = open_grid(open_page, may_fail=True)
    ready(page)
    page.context.clear_cookies()

    cell(page, CODES[0]).fill("4")
    page.keyboard.press("Tab")
    link = page.locator("[data-summary]").get_by_role("link", name="đăng nhập lại ở thẻ mới")
    expect(link).to_be_visible()
    assert drafts() == {}
    with page.expect_popup() as opened:
        link.click()
    log_in(opened.value, "huyen", PASSWORD)
    opened.value.wait_for_selector("[data-entry]")
    opened.value.close()
    page.evaluate("dispatchEvent(new Event('focus'))")

    expect(status(page, CODES[0])).to_contain_text("Đã lưu")
    assert drafts() == {CODES[0]: 4}


def test_expired_login_is_said_where_nothing_waits_to_be_saved(district, open_page):
    page = open_grid(open_page, may_fail=True)
    ready(page)
    page.context.clear_cookies()

    for button in ("Gửi…", "Màu bản đồ nếu gửi"):
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("link", name="đăng nhập lại ở thẻ mới")).to_be_visible()
        page.evaluate("document.querySelector('[data-summary]').replaceChildren()")


@pytest.mark.parametrize(("choice", "expected"), [("Giữ số của tôi", 9), ("Lấy số của Thị Kim Lan", 3)])
def test_second_person_on_a_commune_sees_the_first_ones_number_and_chooses(
    district, open_page, choice, expected
):
    of_district = ready(open_grid(open_page))
    of_commune = ready(open_grid(open_page, "xa", area=""))
    cell(of_commune, CODES[0]).fill("3")
    of_commune.keyboard.press("Tab")
    expect(status(of_commune, CODES[0])).to_contain_text("Đã lưu")

    cell(of_district, CODES[0]).fill("9")
    of_district.keyboard.press("Enter")
    theirs = row(of_district, CODES[0]).get_by_role("group", name="Hai người ghi")
    expect(theirs).to_contain_text("Thị Kim Lan ghi lúc")
    expect(theirs).to_contain_text("Chưa rõ nguồn lây 3.")
    assert drafts() == {CODES[0]: 3}
    assert cell(of_district, CODES[0]).input_value() == "9"
    assert_fits_everybody(of_district)
    of_district.set_viewport_size(DESKTOP["viewport"])

    theirs.get_by_role("button", name=choice).click()
    expect(status(of_district, CODES[0])).to_contain_text("Đã lưu")
    assert drafts() == {CODES[0]: expected}
    assert cell(of_district, CODES[0]).input_value() == str(expected)
    of_district.reload()
    ready(of_district)
    assert cell(of_district, CODES[0]).input_value() == str(expected)


def test_hints_and_faults_stand_in_their_row(district, open_page):
    page = ready(open_grid(open_page))

    cell(page, CODES[0], "known_source").fill("40")
    page.keyboard.press("Tab")
    expect(row(page, CODES[0])).to_contain_text("40 F0 là tăng vọt: 7 ngày trước nhiều nhất 3.")
    cell(page, CODES[1]).fill("hai")
    page.keyboard.press("Tab")
    expect(row(page, CODES[1])).to_contain_text("Xã 90102, F0 cộng đồng chưa rõ nguồn lây: ghi số nguyên")
    expect(cell(page, CODES[1])).to_have_attribute("aria-invalid", "true")
    assert drafts() == {CODES[0]: None}
    assert_fits_everybody(page)
    page.set_viewport_size(DESKTOP["viewport"])

    cell(page, CODES[1]).fill("2")
    page.keyboard.press("Tab")
    expect(status(page, CODES[1])).to_contain_text("Đã lưu")


def test_slip_that_is_taken_back_leaves_no_fault_behind(district, open_page):
    page = open_grid(open_page)
    ready(page)
    cell(page, CODES[0]).fill("4")
    page.keyboard.press("Tab")
    expect(status(page, CODES[0])).to_contain_text("Đã lưu")

    cell(page, CODES[0], "tests").fill("1,5")
    page.keyboard.press("Tab")
    expect(status(page, CODES[0])).to_have_text("Chưa lưu: có số sai")
    cell(page, CODES[0], "tests").fill("")

    expect(status(page, CODES[0])).to_contain_text("Đã lưu")
    expect(row(page, CODES[0]).locator("[data-errors]")).to_be_hidden()
    assert cell(page, CODES[0], "tests").get_attribute("aria-invalid") is None


def test_colours_are_tried_before_sending_and_a_correction_asks_for_its_reason(district, open_page):
    page = ready(open_grid(open_page))
    cell(page, CODES[5]).fill("6")
    page.get_by_role("button", name="Các ô còn trống: không có ca (0)").click()
    page.get_by_role("button", name="Màu bản đồ nếu gửi").click()

    changed = page.get_by_role("table", name="Màu từng xã").get_by_role("row", name="Xã 90106")
    expect(changed).to_contain_text("Nguy cơ rất cao")
    expect(changed).to_contain_text("6 F0 chưa rõ nguồn lây trong 14 ngày")
    assert not CountEntry.objects.filter(area__code=CODES[5]).exists()
    assert_fits_everybody(page)
    page.set_viewport_size(DESKTOP["viewport"])

    page.get_by_role("button", name="Gửi…").click()
    page.get_by_role("dialog").get_by_role("button", name="Gửi").click()
    expect(page.get_by_text("Đã gửi 16/16 xã lúc")).to_be_visible()
    ready(page)
    cell(page, CODES[5]).fill("5")
    page.keyboard.press("Control+Enter")
    box = page.get_by_role("dialog")
    expect(box.get_by_text("sửa số đã gửi", exact=True)).to_be_visible()
    expect(box.get_by_label("Lý do sửa")).to_be_focused()
    assert_fits_everybody(page)
    page.keyboard.type("trùng một ca")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã gửi 1 xã lúc")).to_be_visible()
    assert CountEntry.objects.filter(area__code=CODES[5]).latest("id").unknown_source == 5


def test_commune_on_a_phone(district, open_page):
    page = ready(open_grid(open_page, "xa", area="", context=PHONE))
    assert_fits_everybody(page)
    page.set_viewport_size(PHONE["viewport"])

    page.get_by_label("F0 cộng đồng chưa rõ nguồn lây").fill("1")
    page.keyboard.press("Enter")
    expect(page.get_by_label("F0 cộng đồng rõ nguồn lây")).to_be_focused()
    page.get_by_role("button", name="Không có ca (0)").tap()
    page.get_by_role("button", name="Gửi…").tap()
    page.get_by_role("dialog").get_by_role("button", name="Gửi").tap()

    expect(page.get_by_text("Đã gửi 1 xã lúc")).to_be_visible()
    assert CountEntry.objects.get(day=timezone.localdate()).unknown_source == 1


def test_district_on_a_phone_is_a_list_of_communes(district, open_page):
    page = open_grid(open_page, context=PHONE)
    expect(cell(page, CODES[0])).to_be_hidden()

    page.get_by_role("link", name="Xã 90103").tap()

    expect(page.get_by_label("F0 cộng đồng chưa rõ nguồn lây")).to_be_visible()


def test_whole_day_without_scripts(district, open_page):
    page = open_grid(open_page, context=DESKTOP | {"java_script_enabled": False})
    cell(page, CODES[0]).fill("2")
    cell(page, CODES[1]).fill("-1")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("alert")).to_contain_text("Xã 90102, F0 cộng đồng chưa rõ nguồn lây: số không")
    assert drafts() == {CODES[0]: 2}

    cell(page, CODES[1]).fill("1")
    page.get_by_role("button", name="Các ô còn trống: không có ca (0)").click()
    expect(page.get_by_text("Đã lưu 16 xã lúc")).to_be_visible()
    page.get_by_role("button", name="Màu bản đồ nếu gửi").click()
    expect(page.get_by_role("table", name="Màu từng xã")).to_be_visible()
    page.get_by_role("link", name="Về bảng nhập").click()
    page.get_by_role("button", name="Gửi…").click()
    page.get_by_role("main").get_by_role("button", name="Gửi").click()

    expect(page.get_by_text("Đã gửi 16/16 xã lúc")).to_be_visible()
    assert CountEntry.objects.filter(day=timezone.localdate()).count() == 16
