"""Registered by file and by form, confirmed from above, pledges counted to the province; in a browser."""

import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from campaign.models import Registration
from core.models import AuditEvent
from riskmap.enums import RiskLevel
from tests.core.handed_in import pdf
from tests.journeys.competing import CITY, SLUG, TOWN, Competition, Desk, as_bytes
from tests.journeys.test_accessibility import assert_fits_everybody

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SOLUTIONS = "Chốt kiểm soát ở từng khu phố.\nTổ COVID cộng đồng đi từng nhà."
HEAD = "Đàng Thị Mỹ Hương"
CAMPAIGN = f"/campaigns/{SLUG}/"


@pytest.fixture
def competition(transactional_db, tmp_path):
    return Competition(tmp_path)


def fill_registration(desk: Desk, competition: Competition, unit: str, number: str) -> None:
    desk.goes("/registrations/").follows("Đăng ký một đơn vị")
    desk.page.check("[name=target_level][value='1']")
    desk.types(unit=unit, target_day=competition.in_days(8), solutions=SOLUTIONS)
    desk.types(document_number=number, document_date=competition.in_days(-1), head=HEAD)
    desk.hands_in("document", "ban-ky.pdf", pdf())
    desk.presses("Ghi và gửi cấp trên").reads("Đã gửi, chờ cấp trên xác nhận.", HEAD, "ban-ky.pdf")


def fill_file(content: bytes, competition: Competition, *, skip: str) -> bytes:
    """Every commune of the file, without ``skip``, whose own staff registers it."""
    book = load_workbook(io.BytesIO(content))
    page = book["Đăng ký"]
    heads = {cell.value: cell.column for cell in page[1]}
    for row in range(2, page.max_row + 1):
        code = page.cell(row, heads["Mã đơn vị"]).value
        if code in (None, CITY, skip):
            continue
        said = {
            "Mục tiêu": "xanh",
            "Đạt vào ngày": competition.in_days(7),
            "Giải pháp chính": SOLUTIONS,
            "Số văn bản": f"{row}/ĐK",
            "Ngày văn bản": competition.in_days(0),
            "Người đứng đầu": f"Người đứng đầu {code}",
        }
        for head, value in said.items():
            page.cell(row, heads[head], value)
    return as_bytes(book)


def statuses() -> dict[str, str]:
    return dict(Registration.objects.values_list("unit__code", "status"))


def test_units_register_by_file_and_by_form_and_are_confirmed_from_above(competition, open_page):
    clerk = Desk(open_page, "can-bo-tp").works_in("Đăng ký thi đua").follows("Đăng ký theo tệp")
    blank = clerk.downloads("Tải tệp để ghi (.xlsx)")

    # By file: what it would do is read before it is done, and the file says the same a second time.
    clerk.hands_in("file", "dang-ky.xlsx", fill_file(blank, competition, skip=TOWN))
    clerk.page.check("[name=then][value=submit]")
    clerk.presses("Xem trước").reads("Chưa ghi gì.", "Người đứng đầu 22701")
    assert statuses() == {}
    assert_fits_everybody(clerk.page)
    clerk.presses("Ghi và gửi cấp trên").reads("Đã ghi 5 đăng ký.", "Đã gửi 5 đăng ký.")

    # By form, with the signed paper: the district itself, and the commune by its own staff.
    fill_registration(clerk, competition, CITY, "7/ĐK-TP")
    commune = Desk(open_page, "can-bo-phuong")
    fill_registration(commune, competition, "do vinh", "3/ĐK")
    assert_fits_everybody(commune.page)
    assert set(statuses().values()) == {"submitted"}
    assert len(statuses()) == 7

    # The level above confirms all but one in bulk; who sent them may not.
    chief = Desk(open_page, "truong-phong-tp").works_in("Đăng ký thi đua")
    chief.page.get_by_label("Chọn tất cả").check()
    chief.page.get_by_label("Chọn Phường Đô Vinh").uncheck()
    assert_fits_everybody(chief.page)
    chief.presses("Xác nhận các đăng ký đã chọn").reads("Đã xác nhận 5 đăng ký.")
    chief.page.get_by_label("Chọn Phường Đô Vinh").check()
    chief.types(reason="Bổ sung hậu cần tại chỗ").presses("Trả lại các đăng ký đã chọn")
    chief.reads("Đã trả lại 1 đăng ký.")
    assert {code: status for code, status in statuses().items() if status != "confirmed"} == {
        TOWN: "returned",
        CITY: "submitted",
    }

    # Returned with a reason, it comes back and is confirmed; its starting level is that of the map.
    commune.goes("/registrations/?state=all").follows("Phường Đô Vinh").reads("Bổ sung hậu cần tại chỗ")
    commune.follows("Sửa").types(solutions=f"{SOLUTIONS}\nHậu cần tại chỗ.").presses("Ghi và gửi cấp trên")
    chief.goes("/registrations/").follows("Phường Đô Vinh").reads("Hậu cần tại chỗ.").presses("Xác nhận")
    chief.reads("theo bản đồ công bố số 11", "không đổi khi")
    row = Registration.objects.get(unit__code=TOWN)
    assert (row.starting_level, row.starting_edition.number) == (RiskLevel.NEW_NORMAL, 11)
    assert_fits_everybody(chief.page)

    # The district's own is for the province.
    chief.goes("/registrations/")
    expect(chief.page.get_by_label("Chọn Thành phố Phan Rang")).to_have_count(0)
    office = Desk(open_page, "so-noi-vu").works_in("Đăng ký thi đua")
    office.page.get_by_label("Chọn Thành phố Phan Rang").check()
    office.presses("Xác nhận các đăng ký đã chọn").reads("Đã xác nhận 1 đăng ký.")
    assert set(statuses().values()) == {"confirmed"}

    # Slip and list on paper; who registered is everybody's to read, without the heads' names.
    commune.goes(row.get_absolute_url())
    assert commune.fetches("Phiếu đăng ký (.pdf)").startswith(b"%PDF")
    assert commune.fetches("Phiếu đăng ký (.docx)").startswith(b"PK")
    anybody = open_page(f"{CAMPAIGN}registrations/")
    expect(anybody.get_by_role("main")).to_contain_text("6/12 xã, phường, thị trấn đã đăng ký")
    expect(anybody.get_by_role("row").filter(has_text="Phường Đô Vinh")).to_have_count(1)
    assert HEAD not in anybody.content()
    assert_fits_everybody(anybody)
    journal = AuditEvent.objects.filter(table_name="campaign_registration")
    by = set(journal.values_list("actor", flat=True))
    assert {"can-bo-tp", "can-bo-phuong", "truong-phong-tp", "so-noi-vu"} <= by


def test_pledges_are_typed_by_keyboard_and_read_at_the_province(competition, open_page):
    desk = Desk(open_page, "can-bo-phuong").works_in("Nhập cam kết").follows("Phường Đô Vinh")
    page = desk.page
    page.locator(f"[name='{TOWN}-household_signed']").focus()
    for number in ("900", "1000", "5", "5", "0", "0", "30", "40"):
        page.keyboard.type(number)
        page.keyboard.press("Tab")
    page.keyboard.press("Control+Enter")
    desk.reads("Đã ghi 4 số.")
    assert_fits_everybody(page)

    # More than there are is refused beside the field, and what was typed stays.
    page.locator(f"[name='{TOWN}-household_signed']").fill("1001")
    page.keyboard.press("Control+Enter")
    desk.reads("Chưa ghi số nào.")
    expect(page.locator(f"[name='{TOWN}-household_signed']")).to_have_value("1001")
    assert_fits_everybody(page)

    province = open_page(f"{CAMPAIGN}pledges/")
    main = province.get_by_role("main")
    expect(main).to_contain_text("900")
    row = province.get_by_role("region", name="Từng địa bàn").get_by_role("row", name="Phan Rang")
    expect(row).to_contain_text("90")
    expect(main).to_contain_text("Nơi chưa có số")
    assert_fits_everybody(province)
    province.get_by_role("region", name="Từng địa bàn").get_by_role("link", name="Phan Rang").click()
    expect(province.get_by_role("row", name="Phường Đô Vinh")).to_contain_text("90")
