"""The whole river by the pages: numbers are entered, accepted, published, put right and published again."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.models import Area, User
from core.people import system_user
from demo.accounts import PASSWORD
from demo.loading import load_demo
from riskmap.counts import CountRow
from riskmap.day_numbers import DayOf, numbers_of
from riskmap.day_reports import Seen, accept_days
from riskmap.edition_proof import verify_editions
from riskmap.entry_source import entry_source
from riskmap.guarded import guard_period
from riskmap.models import CountEntry
from riskmap.submissions import submit_counts
from riskmap.tasks import reassess_stale
from tests.journeys.conftest import DESKTOP, PHONE, wait_for_map
from tests.journeys.test_people import log_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

DISTRICT, TOWN = "587", "22870"
ROW = "Thị trấn Phước Dân Huyện Ninh Phước"
DAYS = 21
REASON = "Trùng mã ca bệnh, đã rà soát với Trung tâm Y tế"
DOCUMENT = "214/BC-TTYT"


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def wrong_day(today) -> date:
    """The day of last week on which Thị trấn Phước Dân said one case too many."""
    return today - timedelta(days=6)


@pytest.fixture
def ground(transactional_db, today, wrong_day) -> Area:
    """The demo's units and accounts, and three quiet weeks that were accepted, in a competition.

    Of today all districts but Huyện Ninh Phước have reported, and are accepted.
    """
    now = timezone.localtime() - timedelta(hours=1)
    for _line in load_demo(by=system_user(), at=now, through=date(2021, 7, 31)):
        pass
    province = Area.objects.get(code="58")
    districts = list(Area.objects.under(province).of_kind("district"))
    communes = list(Area.objects.under(province).of_kind("commune").select_related("parent"))
    days = [today - timedelta(days=n) for n in range(DAYS)]
    submit_counts(
        source=entry_source(province=province, by=system_user()),
        rows=[
            CountRow(commune.pk, day, None, int((commune.code, day) == (TOWN, wrong_day)), 0, 0, 0)
            for commune in communes
            for day in days
            if (commune.parent.code, day) != (DISTRICT, today)
        ],
        reason="Báo cáo ba tuần",
        by=system_user(),
        at=now,
    )
    items = [
        DayOf(scope.pk, day) for scope in districts for day in days if (scope.code, day) != (DISTRICT, today)
    ]
    seen = [Seen(*item, numbers.last_post_id) for item, numbers in numbers_of(items).items()]
    assert not accept_days(items=seen, by=User.objects.get(username="so-y-te-2"), at=now).refused
    guard_period(
        province=province,
        name="Đợt này",
        first_day=days[-1],
        last_day=today + timedelta(days=30),
        by=system_user(),
    )
    reassess_stale()
    return province


class Desk:
    """A person of the demo at a screen of their own."""

    def __init__(self, open_page, username: str, **context):
        self.page: Page = open_page("/login/?next=/inbox/", **(context or DESKTOP))
        log_in(self.page, username, PASSWORD)
        expect(self.page.get_by_role("heading", name="Hộp thư", level=1)).to_be_visible()

    def reads(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def opens_notice(self, subject: str) -> None:
        self.page.goto("/inbox/")
        self.page.get_by_role("link", name=subject).first.click()

    def presses(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def enter_day_by_keyboard(clerk: Desk, day: date) -> None:
    page = clerk.page
    page.goto(f"/counts/{DISTRICT}/{day.isoformat()}/")
    page.wait_for_selector("[data-entry][data-ready]")
    keys = page.keyboard
    page.locator(f"[name='{TOWN}-unknown_source']").focus()
    for number in ("0", "0", "2", "0", "40", "1"):
        keys.type(number)
        keys.press("Tab")
    page.get_by_role("button", name="Các ô còn trống: không có ca (0)").focus()
    keys.press("Enter")
    expect(page.locator("[data-status]", has_text="Đã lưu")).to_have_count(9)
    keys.press("Control+Enter")
    expect(page.get_by_role("dialog").get_by_text("Gửi số của 9 xã")).to_be_visible()
    keys.press("Enter")
    expect(page.get_by_text("Đã gửi 9/9 xã lúc")).to_be_visible()


def accept(officer: Desk, day: date, *, said: str) -> None:
    """The one day of the district that waits in the queue; ``said`` is what the queue says of it."""
    officer.page.goto("/approvals/")
    row = officer.page.get_by_role("row", name=f"{day:%d/%m/%Y} Huyện Ninh Phước")
    expect(row).to_contain_text("9/9")
    expect(row).to_contain_text(said)
    row.get_by_role("checkbox").check()
    officer.presses("Duyệt các dòng đã chọn")
    officer.reads("Không có báo cáo nào chờ duyệt trong địa bàn của bạn.")


def publish_now(officer: Desk, number: int) -> None:
    officer.page.goto("/editions/")
    officer.page.get_by_role("link", name="Công bố ngay").click()
    officer.presses("Công bố bản này")
    officer.reads(f"Bản công bố số {number} của Tỉnh Ninh Thuận")


def level_in_edition(page: Page, number: int) -> str:
    page.goto(f"/editions/58/{number}/")
    table = page.get_by_role("region", name="Mọi nơi trong bản này")
    return table.get_by_role("row", name=ROW).locator("td").first.inner_text()


def test_day_from_entry_to_the_edition_after_a_correction(ground, open_page, today, wrong_day):
    clerk, officer = Desk(open_page, "ninh-phuoc"), Desk(open_page, "so-y-te")

    # The day's numbers: entered, accepted, published.
    enter_day_by_keyboard(clerk, today)
    reassess_stale()
    accept(officer, today, said="Bá Trung Dũng")
    clerk.opens_notice(f"Huyện Ninh Phước: số liệu ngày {today:%d/%m/%Y} đã được duyệt")
    clerk.reads("Số liệu ngày này đã duyệt và khóa.")
    publish_now(officer, 1)

    everybody = open_page("/", **PHONE)
    wait_for_map(everybody)
    expect(everybody.locator("[data-edition-link]")).to_have_text("bản số 1")
    shown = level_in_edition(everybody, 1)
    assert "Nguy cơ cao" in shown

    # A number of last week is wrong; the day is locked, and Sở Y tế gives leave.
    cell = f"/counts/{TOWN}/{wrong_day.isoformat()}"
    clerk.page.goto(f"{cell}/correct/")
    clerk.reads("Ngày này đã duyệt và khóa.", "xin đề nghị Sở Y tế cho phép sửa", "Nguyễn Thị Hạnh")
    officer.page.goto(f"{cell}/correct/")
    officer.page.get_by_role("link", name="Cho phép sửa", exact=True).click()
    officer.page.get_by_label("Lý do").fill("Trung tâm Y tế báo trùng một ca")
    officer.presses("Cho phép")
    officer.reads("Đang có hiệu lực", "Trung tâm Y tế báo trùng một ca")

    # What the correction would touch is read before it is asked for.
    clerk.opens_notice(f"được sửa số liệu ngày {wrong_day:%d/%m/%Y}")
    clerk.page.get_by_label("F0 chưa rõ nguồn lây").fill("0")
    clerk.page.get_by_label("Lý do").fill(REASON)
    clerk.page.get_by_label("Số văn bản").fill(DOCUMENT)
    clerk.presses("Xem ảnh hưởng")
    clerk.reads("Tổng F0 có hiệu lực: 1 → 0.", "Cần người thứ hai xác nhận.", "“Đợt này”")
    touched = clerk.page.get_by_role("region", name="Những màu sẽ đổi")
    expect(touched.get_by_role("row", name="Thị trấn Phước Dân").first).to_contain_text("Bình thường mới")
    expect(clerk.page.get_by_role("link", name=f"số 1 ({today:%d/%m/%Y})")).to_be_visible()
    clerk.presses("Gửi đề nghị đính chính")
    clerk.reads("Bạn đề nghị đính chính này; người khác của Sở Y tế sẽ xác nhận.")
    assert CountEntry.objects.filter(area__code=TOWN, day=wrong_day).count() == 1

    # A second person confirms; those it touches are told.
    second = Desk(open_page, "so-y-te-2")
    second.opens_notice("Đính chính chờ người thứ hai xác nhận: Thị trấn Phước Dân")
    second.reads("Bá Trung Dũng", REASON, DOCUMENT)
    second.presses("Xác nhận, ghi sổ")
    second.reads("đã xác nhận, đã ghi sổ")
    reassess_stale()
    town = Desk(open_page, "phuoc-dan", **PHONE)
    town.reads("Đã đính chính số ca: Thị trấn Phước Dân", "từ Nguy cơ cao thành Bình thường mới")
    clerk.opens_notice("Đính chính Thị trấn Phước Dân: đã xác nhận, đã ghi sổ")
    clerk.reads("Trương Công Định")

    # The old edition stays what it was; beside it stands what is known now, and why.
    assert level_in_edition(everybody, 1) == shown
    everybody.goto("/changes/")
    differences = everybody.get_by_role("region", name="Khác với bản đã công bố")
    differing = differences.get_by_role("row", name=ROW)
    expect(differing).to_contain_text("Nguy cơ cao")
    expect(differing).to_contain_text("Bình thường mới")
    expect(differing).to_contain_text("1 → 0 ca Báo cáo của cấp huyện, cấp xã, ghi lúc")
    expect(differing).to_contain_text(REASON)

    # The next edition carries it.
    accept(officer, wrong_day, said="có sửa sau khi duyệt")
    publish_now(officer, 2)
    assert "Bình thường mới" in level_in_edition(everybody, 2)
    assert level_in_edition(everybody, 1) == shown
    everybody.goto("/")
    wait_for_map(everybody)
    expect(everybody.locator("[data-edition-link]")).to_have_text("bản số 2")
    proof = verify_editions(province="58", replay=True)
    assert (proof.editions, proof.faults, proof.differing) == (2, [], [])

    # The history of the number tells all of it, the oldest and the newest.
    town.page.goto(f"{cell}/history/")
    town.reads(
        "Số có hiệu lực: 0 F0.", "“Báo cáo ba tuần”", "Trung tâm Y tế báo trùng một ca", f"“{REASON}”",
        f"văn bản {DOCUMENT}", "Bá Trung Dũng", "Trương Công Định", "Nguyễn Thị Hạnh",
    )  # fmt: skip
    everybody.goto(f"/areas/{TOWN}/?day={wrong_day.isoformat()}&view=known")
    expect(everybody.get_by_role("main")).to_contain_text(REASON)
