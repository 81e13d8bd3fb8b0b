"""Competing day by day, each role by its own pages: green zones, residents, inspections, diary, standings."""

import io
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from campaign.enums import RecognitionEnd, RegistrationStatus
from campaign.models import DiaryEntry, Feedback, FollowUp, RecognisedZone
from campaign.standing_proof import verify_standings
from campaign.tasks import compute_standings, recognise_zones
from riskmap.enums import RiskLevel
from riskmap.published import edition_in_force
from tests.campaign.units import make_registration
from tests.core.handed_in import pdf, photo_with_place
from tests.journeys.competing import CITY, SLUG, TOWN, Competition, Desk
from tests.journeys.conftest import PHONE, wait_for_map
from tests.journeys.test_accessibility import assert_fits_everybody
from tests.journeys.test_zones import outlined_pixels

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
CAMPAIGN = f"/campaigns/{SLUG}/"
BOARD = f"{CAMPAIGN}standings/dot-1/"
PLACE = "Phường Đô Vinh"


@pytest.fixture
def competition(transactional_db, tmp_path):
    """All communes of the city but Phường Bảo An are registered and confirmed."""
    made = Competition(tmp_path)
    edition = edition_in_force(made.province.area)
    for code, unit in made.units.items():
        if unit.kind == "commune" and unit.seat.parent.code == CITY and code != "22701":
            make_registration(
                made.campaign, unit, status=RegistrationStatus.CONFIRMED, target_day=made.today,
                starting_level=RiskLevel.NEW_NORMAL, starting_day=edition.day, starting_edition=edition,
            )  # fmt: skip
    return made


def test_zone_is_recognised_once_green_and_found_to_meet_the_conditions(competition, open_page):
    unit = Desk(open_page, "can-bo-phuong").works_in("Điều kiện vùng xanh").follows(PLACE)
    for wording in ("Có chốt kiểm soát ra vào", "Có tổ COVID cộng đồng"):
        unit.page.get_by_role("link", name=f"Tự đánh giá {wording}").click()
        unit.page.check("[name=met][value=yes]")
        unit.types(note="Đã có từ đầu tháng.").hands_in("photo_1", "chot.jpg", photo_with_place())
        unit.presses("Ghi").reads("Đã ghi. Điều kiện chờ cấp trên kiểm tra.")
    assert_fits_everybody(unit.page)
    recognise_zones()
    assert not RecognisedZone.objects.exists()

    district = Desk(open_page, "can-bo-tp").works_in("Điều kiện vùng xanh").follows(PLACE)
    for wording in ("Có chốt kiểm soát ra vào", "Có tổ COVID cộng đồng"):
        district.page.get_by_role("link", name=f"Kiểm tra {wording}").click()
        district.page.check("[name=met][value=yes]")
        district.presses("Ghi").reads("Đã ghi kết quả kiểm tra.")
    recognise_zones()
    district.goes(f"{CAMPAIGN}conditions/{competition.units[TOWN].pk}/")
    district.reads(f"Được công nhận là vùng xanh từ ngày {competition.in_days(0)}.")
    assert_fits_everybody(district.page)

    everybody = open_page(f"/?area={TOWN}")
    wait_for_map(everybody).wait_for_selector("[data-zones-shown]")
    expect(everybody.locator('[data-total="zones"]')).to_have_text("1")
    expect(everybody.locator("[data-card-other]")).to_contain_text("Vùng xanh được công nhận")
    outlined = outlined_pixels(everybody)

    # Found lacking at the next visit, it is one no more, and the outline goes.
    district.follows("Kiểm tra lại")
    district.page.check("[name=met][value=no]")
    district.types(note="Chốt không có người trực").presses("Ghi").reads("Chưa được công nhận")
    everybody.goto(f"/?area={TOWN}")
    wait_for_map(everybody).wait_for_selector("[data-both-views]")
    expect(everybody.locator("[data-total-zones]")).to_be_hidden()
    assert outlined_pixels(everybody) < outlined
    assert RecognisedZone.objects.get().ended_because == RecognitionEnd.CONDITION
    everybody.goto(f"{CAMPAIGN}zones/")
    expect(everybody.get_by_role("main")).to_contain_text("Đang được công nhận: 0 nơi")
    assert_fits_everybody(everybody)


def test_resident_is_answered_and_reads_it_by_the_code_of_the_receipt(competition, open_page):
    resident = open_page(f"/areas/{TOWN}/", **PHONE)
    resident.get_by_role("link", name="Gửi phản ánh, lời khen").click()
    resident.get_by_label("Khen cách làm hay").check()
    resident.get_by_label("Nội dung").fill("Tổ đi chợ hộ giúp mẹ con tôi suốt hai tuần.")
    resident.get_by_role("button", name="Gửi", exact=True).click()
    code = resident.locator(".feedback-code").inner_text()
    assert_fits_everybody(resident)

    office = Desk(open_page, "can-bo-tp").works_in("Phản ánh").follows("Khen cách làm hay")
    office.types(answer="Cảm ơn bà con; phường sẽ giữ tổ đến hết đợt.").presses("Trả lời")
    item = Feedback.objects.get()
    commune = Desk(open_page, "can-bo-phuong")
    commune.is_refused("/feedback/", f"/feedback/{item.pk}/")  # the district's, who may be what it is about

    resident.goto("/feedback/receipt/")
    resident.get_by_label("Mã biên nhận").fill(code)
    resident.get_by_role("button", name="Xem", exact=True).click()
    expect(resident.get_by_text("phường sẽ giữ tổ đến hết đợt")).to_be_visible()
    assert_fits_everybody(resident)


def test_inspection_is_planned_recorded_followed_up_and_closed(competition, open_page):
    office = Desk(open_page, "so-noi-vu").works_in("Kiểm tra").follows("Lập kế hoạch kiểm tra")
    office.types(unit="do vinh", purpose="Việc trực chốt", planned_on=competition.in_days(0))
    office.presses("Lập kế hoạch").reads("Đã lập kế hoạch kiểm tra")
    office.follows("Ghi kết quả").types(
        visited_on=competition.in_days(0), findings="Chốt số 2 không có sổ ghi người ra vào."
    )
    office.hands_in("report", "bien-ban.pdf", pdf()).presses("Ghi kết quả").reads("bien-ban.pdf")
    office.types(wording="Lập sổ ở chốt số 2", due_on=competition.in_days(3)).presses("Thêm")
    office.reads("Đã ghi kiến nghị")
    assert_fits_everybody(office.page)

    unit = Desk(open_page, "can-bo-phuong").works_in("Kiểm tra").follows(PLACE).follows("Lập sổ ở chốt số 2")
    unit.types(answer="Đã lập sổ từ sáng nay.").hands_in("file", "so.pdf", pdf())
    unit.presses("Gửi báo cáo").reads("Đã ghi báo cáo khắc phục", "so.pdf")
    expect(unit.page.get_by_role("button", name="Xác nhận xong")).to_have_count(0)
    assert_fits_everybody(unit.page)

    office.goes("/inspections/").follows(PLACE).follows("Lập sổ ở chốt số 2")
    office.presses("Xác nhận xong").reads("Đã xác nhận đơn vị khắc phục xong.")
    assert FollowUp.objects.get().closed_by == competition.people["so-noi-vu"]
    health = Desk(open_page, "so-y-te").works_in("Kiểm tra").reads("xong 1/1")
    assert_fits_everybody(health.page)


def test_diary_with_a_photo_is_approved_and_seen_among_the_good_ways(competition, open_page):
    unit = Desk(open_page, "can-bo-phuong").works_in("Nhật ký").follows("Viết nhật ký")
    unit.types(unit="do vinh", happened_on=competition.in_days(0), title="Mỗi khu phố một tổ đi chợ hộ")
    unit.types(text="Mười hai tổ, mỗi tổ ba người.", caption_1="Tổ đi chợ hộ ở khu phố 3")
    unit.hands_in("photo_1", "cho.jpg", photo_with_place()).presses("Ghi và gửi cấp trên")
    unit.reads("Đã gửi, chờ cấp trên duyệt.")
    entry = DiaryEntry.objects.get()
    anybody = open_page(f"{CAMPAIGN}practices/", may_fail=True, **PHONE)
    expect(anybody.get_by_role("main")).to_contain_text("Chưa có cách làm hay nào")
    photo = entry.photos.get().file.get_absolute_url()
    assert anybody.request.get(photo).status == 404

    district = Desk(open_page, "can-bo-tp").works_in("Nhật ký").follows("Mỗi khu phố một tổ đi chợ hộ")
    district.page.get_by_label("Giới thiệu là cách làm hay").check()
    assert_fits_everybody(district.page)
    district.presses("Duyệt và công khai").reads("Cách làm hay")

    anybody.reload()
    anybody.get_by_role("link", name="Mỗi khu phố một tổ đi chợ hộ").first.click()
    expect(anybody.get_by_role("img", name="Tổ đi chợ hộ ở khu phố 3")).to_be_visible()
    assert_fits_everybody(anybody)
    kept = anybody.request.get(photo)
    assert kept.status == 200
    assert b"Lan" not in kept.body()  # drawn anew: neither where it was taken nor by whose telephone
    assert "attachment" in kept.headers["content-disposition"]


def test_standings_are_computed_read_taken_along_and_printed(competition, open_page):
    compute_standings()
    reader = open_page(f"{CAMPAIGN}", **PHONE)
    reader.get_by_role("link", name="Xem bảng xếp hạng").click()
    board = reader.get_by_role("main")
    expect(board).to_contain_text(f"Tính đến hết ngày {competition.in_days(0)}")
    red = reader.get_by_role("region", name="Từ vùng đỏ").get_by_role("row", name=PLACE)
    expect(red).to_contain_text("1")
    expect(red.get_by_role("img")).to_have_accessible_name(re.compile(f"{PLACE}: đỏ .*xanh"))
    expect(
        reader.get_by_role("region", name="Không xếp hạng").get_by_role("row", name="Phường Bảo An")
    ).to_have_count(1)
    assert_fits_everybody(reader)

    file = reader.request.get(
        reader.get_by_role("link", name="Tải bảng (XLSX)").evaluate("link => link.href")
    ).body()
    cells = [
        cell for row in load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True) for cell in row
    ]
    assert PLACE in cells

    for room, title in (("Các huyện", "Các huyện trong đợt 1"), ("Xanh hóa bản đồ", "Xanh hóa toàn bản đồ")):
        reader.get_by_role("link", name=room).click()
        expect(reader.get_by_role("heading", level=1)).to_contain_text(title)
        assert_fits_everybody(reader)
    reader.goto(f"/areas/{TOWN}/")
    expect(reader.get_by_role("main")).to_contain_text("Hạng 1")

    # Asked again nothing changes, and what is kept is what the ledger answers.
    compute_standings()
    proof = verify_standings(campaign=competition.campaign, on=competition.today)
    assert (proof.standings, proof.faults, proof.differing) == (22, [], [])


def test_official_and_public_look_at_everything_and_write_nothing(competition, open_page):
    compute_standings()
    registration = competition.units[TOWN].registrations.get()
    own = f"/registrations/{registration.pk}/"
    writing = (
        f"{own}edit/", f"{CAMPAIGN}registrations/new/", f"{CAMPAIGN}registrations/import/", "/units/new/",
        "/units/import/", f"{CAMPAIGN}pledges/{TOWN}/", "/inspections/new/", f"{CAMPAIGN}diary/new/",
        f"{CAMPAIGN}edit/", f"{CAMPAIGN}conditions/{competition.units[TOWN].pk}/dk-1/answer/",
        f"{CAMPAIGN}conditions/{competition.units[TOWN].pk}/dk-1/check/", "/feedback/",
    )  # fmt: skip
    reading = (
        "", "standings/dot-1/", "registrations/", "pledges/", "zones/", "practices/",
    )  # fmt: skip

    official = Desk(open_page, "lanh-dao", own, may_fail=True)
    official.reads(PLACE, "Nguyễn Thị Sáu")  # what is being worked on is the official's to read
    expect(official.page.get_by_role("main").get_by_role("button")).to_have_count(0)
    official.is_refused(*writing)
    neighbour = Desk(open_page, "can-bo-phuong", may_fail=True)
    elsewhere = competition.units["22710"].registrations.get()
    neighbour.is_refused(f"/registrations/{elsewhere.pk}/", f"{CAMPAIGN}pledges/22710/")

    anybody = open_page("/", may_fail=True)
    for address in (own, *writing):
        assert "/login/" in anybody.request.get(address).url, address
    for address in reading:
        for page in (anybody, official.page):
            page.goto(f"{CAMPAIGN}{address}")
            assert "Nguyễn Thị Sáu" not in page.content()
            assert page.get_by_role("main").locator("form[method=post]").count() == 0
        assert_fits_everybody(anybody)
