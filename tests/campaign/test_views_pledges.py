"""Pledges by HTTP: what everybody reads, and the grid."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image

from campaign.enums import PledgeKind
from campaign.models import PledgeCount
from campaign.pledges import PledgeRow, enter_pledges
from core.enums import Role
from core.people import system_user
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import AT
from tests.factories import GrantFactory, HamletFactory
from tests.riskmap.province import make_province
from tests.riskmap.test_views import queries

pytestmark = pytest.mark.django_db
PAGE, GRID = "/campaigns/xanh/pledges/", "/campaigns/xanh/pledges/90101/"
DAY = "01/09/2021"


@pytest.fixture
def place():
    made = make_province("90", districts={"901": ["90101", "90102"], "902": ["90201"]})
    made.campaign = make_campaign(province=made.area, slug="xanh")
    make_phase(made.campaign, first_day=date(2021, 8, 15), last_day=date(2021, 9, 30))
    made.hamlet = HamletFactory(
        parent=made.communes["90101"], code="90101H1", name="Thôn <Một>", valid_from=date(2021, 8, 1)
    )
    return made


@pytest.fixture
def clerk(client, place):
    grant = GrantFactory(area=place.communes["90101"], role=Role.COMMUNE_STAFF)
    client.force_login(grant.user)
    return grant.user


def said(place, area, signed, total, *, by=None, kind="household", seen=None):
    row = PledgeRow(area, kind, signed, total, seen)
    return enter_pledges(
        campaign=place.campaign, rows=[row], counted_on=date(2021, 8, 20), document=None,
        by=by or system_user(), at=AT,
    )  # fmt: skip


def page(client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def post(client, numbers: dict, address: str = GRID, **more):
    """``{(code, kind): (signed, total)}``, with ``seen`` as the page has it."""
    rows = {row.row.area.code: row for row in client.get(address).context["rows"]}
    data = {f"{code}-seen": row["seen"].value() for code, row in rows.items()} | {"counted_on": DAY}
    for (code, kind), (signed, total) in numbers.items():
        data |= {f"{code}-{kind}_signed": signed, f"{code}-{kind}_total": total}
    return client.post(address, data | more)


def test_everybody_reads_coverage_gaps_and_the_rule(client, place):
    said(place, place.communes["90101"], 1234, 2345)

    shown = page(client, PAGE)

    assert "52,6%" in shown
    assert "1.234/2.345" in shown
    assert "Xã 90102</a>: chưa có số nào" in shown
    assert "Cách tính" in shown
    assert "tính đến ngày 20/08/2021" in shown
    assert "Nhập số cam kết" not in shown


def test_area_shows_its_history_without_names_to_the_public(client, place):
    colleague = GrantFactory(area=place.communes["90101"], role=Role.COMMUNE_STAFF).user
    said(place, place.communes["90101"], 3, 4, by=colleague)

    assert "Các lần ghi số" in page(client, f"{PAGE}?area=90101")
    assert colleague.full_name not in page(client, f"{PAGE}?area=90101")

    client.force_login(colleague)
    assert page(client, f"{PAGE}?area=90101").count(colleague.full_name) > 1


def test_difference_between_a_commune_and_its_hamlets_is_named(client, place):
    said(place, place.communes["90101"], 3, 4)
    said(place, place.hamlet, 2, 4)

    assert "số của xã là 3/4, khác với tổng các thôn, khu phố là 2/4" in page(client, f"{PAGE}?area=90101")
    assert 'khu phố của xã ở: <a href="?area=901">' in page(client, PAGE)


def test_names_are_text_on_the_page(client, place):
    shown = page(client, f"{PAGE}?area=90101")

    assert "Thôn &lt;Một&gt;" in shown
    assert "<Một>" not in shown


@pytest.mark.parametrize("address", ["?area=91", "?area=x%00"])
def test_area_of_elsewhere_is_not_found(client, place, address):
    assert client.get(PAGE + address).status_code == 404


def test_province_page_takes_as_many_queries_with_more_communes(client, place):
    said(place, place.communes["90101"], 3, 4)
    before = queries(client, PAGE)
    said(place, place.communes["90102"], 3, 4)
    said(place, place.hamlet, 3, 4)

    assert queries(client, PAGE) == before


def test_workbook_has_a_line_for_each_area_and_kind_and_runs_nothing(client, place):
    place.communes["90101"].name = "=1+1"
    place.communes["90101"].save()
    said(place, place.communes["90101"], 3, 4)

    answer = client.get("/campaigns/xanh/pledges.xlsx")

    book = load_workbook(io.BytesIO(answer.content))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 1 + 7 * len(PledgeKind)
    commune = next(row for row in rows if row[0] == "90101")
    assert commune[1] == "=1+1"
    cell = next(row[1] for row in book.active.iter_rows() if row[0].value == "90101")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert commune[5:9] == (3, 4, 0.75, "số của địa bàn")


def test_clerk_enters_a_commune_and_its_hamlets(client, place, clerk):
    answer = post(
        client,
        {
            ("90101", "agency"): ("4", "5"),
            ("90101H1", "household"): ("1234", "2345"),
            ("90101", "enterprise"): ("0", "0"),
        },
    )

    assert (answer.status_code, answer["Location"]) == (302, GRID)
    words = PledgeCount.objects.order_by("area__code", "kind").values_list(
        "area__code", "kind", "signed", "total"
    )
    assert list(words) == [
        ("90101", "agency", 4, 5),
        ("90101", "enterprise", 0, 0),
        ("90101H1", "household", 1234, 2345),
    ]
    assert set(PledgeCount.objects.values_list("entered_by", "counted_on")) == {(clerk.pk, date(2021, 9, 1))}
    shown = page(client, GRID)
    assert "Đã ghi 3 số." in shown
    assert 'value="1234"' in shown, "as it is typed: not grouped"
    assert "thôn: 1.234/2.345" in shown


def test_page_sent_as_it_is_writes_nothing(client, place, clerk):
    said(place, place.communes["90101"], 1500, 2000)

    answer = post(client, {("90101", "household"): ("1500", "2000")})

    assert answer.status_code == 302
    assert "Không có số nào thay đổi" in page(client, GRID)
    assert PledgeCount.objects.count() == 1


@pytest.mark.parametrize(
    ("signed", "total", "told"),
    [
        ("5", "4", "Hộ gia đình: số đã ký không được lớn hơn tổng số."),
        ("5", "", "Hộ gia đình: ghi cả tổng số"),
        ("", "5", "Hộ gia đình: ghi cả số đã ký"),
        ("1.234", "2000", "Hộ gia đình: ghi số nguyên, không có dấu chấm"),
        ("-1", "5", "Hộ gia đình: số không được âm."),
        ("1", "10000001", "Hộ gia đình: số quá lớn"),
        ("năm", "5", "Hộ gia đình: ghi số nguyên"),
    ],
)
def test_fault_is_told_at_its_row_and_all_that_was_typed_stays(client, place, clerk, signed, total, told):
    answer = post(client, {("90101", "household"): (signed, total), ("90101H1", "agency"): ("7", "77")})

    shown = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert told in shown
    assert "Chưa ghi số nào." in shown
    for typed in (signed, total, "77"):
        assert not typed or f'value="{typed}"' in shown
    assert not PledgeCount.objects.exists()


def test_all_that_is_wrong_is_told_at_once(client, place, clerk):
    answer = post(client, {("90101", "household"): ("3000", "1447"), ("90101H1", "agency"): ("1.200", "5")})

    faults = [row.faults() for row in answer.context["rows"]]
    assert [[head for head, _error in row] for row in faults] == [["Hộ gia đình"], ["Cơ quan, đơn vị"]]


@pytest.mark.parametrize("seen", ["x", "1;2", "9" * 30, ",,,,,,,,,,", "\u0664"])
def test_forged_sight_of_a_row_writes_nothing_and_breaks_nothing(client, place, clerk, seen):
    said(place, place.communes["90101"], 3, 4)

    answer = post(client, {("90101", "household"): ("2", "4")}, **{"90101-seen": seen})

    assert answer.status_code == 200
    assert PledgeCount.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("14/08/2021", "Phong trào bắt đầu ngày 15/08/2021"),
        ("01/01/2100", "chưa đến"),
        ("32/13/2021", "Ngày không đúng"),
        ("", "Xin điền mục này."),
    ],
)
def test_day_that_is_none_is_told_at_its_field(client, place, clerk, day, told):
    answer = post(client, {("90101", "household"): ("1", "2")}, counted_on=day)

    assert told in " ".join(answer.context["form"].errors["counted_on"])
    assert 'value="2"' in answer.content.decode()
    assert not PledgeCount.objects.exists()


def test_what_a_colleague_wrote_meanwhile_stands_beside_mine(client, place, clerk):
    colleague = GrantFactory(area=place.communes["90101"], role=Role.COMMUNE_STAFF).user
    commune = place.communes["90101"]
    said(place, commune, 10, 20)
    rows = {row.row.area.code: row for row in client.get(GRID).context["rows"]}
    said(place, commune, 11, 20, by=colleague, seen=PledgeCount.objects.get().pk)
    data = {f"{code}-seen": row["seen"].value() for code, row in rows.items()} | {"counted_on": DAY}
    data |= {"90101-household_signed": "15", "90101-household_total": "20"}
    data |= {"90101H1-agency_signed": "1", "90101H1-agency_total": "1"}

    answer = client.post(GRID, data)

    shown = " ".join(answer.content.decode().split())
    assert f"{colleague.full_name} vừa ghi 11/20" in shown
    assert 'value="15"' in shown
    assert PledgeCount.objects.filter(area=place.hamlet).count() == 1, "the other cell is written"
    # The page now knows theirs: sent again, mine holds.
    again = {row.row.area.code: row for row in answer.context["rows"]}
    data |= {f"{code}-seen": row["seen"].value() for code, row in again.items()}
    assert client.post(GRID, data).status_code == 302
    assert PledgeCount.objects.filter(area=commune).latest("pk").signed == 15


def test_blank_cells_take_back_what_was_said(client, place, clerk):
    said(place, place.communes["90101"], 10, 20)

    post(client, {("90101", "household"): ("", "")})

    assert PledgeCount.objects.latest("pk").withdrawn
    assert "bỏ 1 số" in page(client, GRID)


def test_signed_paper_is_kept_with_the_numbers(client, place, clerk):
    scan = io.BytesIO()
    Image.new("RGB", (8, 8)).save(scan, "PNG")
    paper = SimpleUploadedFile("bien-ban.png", scan.getvalue(), "image/png")

    post(client, {("90101", "household"): ("1", "2")}, document=paper)

    assert PledgeCount.objects.get().document.name == "bien-ban.jpg"
    assert "bien-ban.jpg" in page(client, f"{PAGE}?area=90101")
    client.logout()
    assert "bien-ban.jpg" not in page(client, f"{PAGE}?area=90101")


def test_district_enters_its_communes_in_one_table(client, place):
    client.force_login(GrantFactory(area=place.districts["901"], role=Role.DISTRICT_STAFF).user)
    grid = "/campaigns/xanh/pledges/901/"

    post(client, {("90101", "household"): ("1", "2"), ("90102", "household"): ("3", "4")}, grid)

    assert sorted(PledgeCount.objects.values_list("area__code", "total")) == [("90101", 2), ("90102", 4)]


@pytest.mark.parametrize("code", ["90102", "901", "90", "902", "90101H1", "khong-co"])
def test_grid_of_what_is_not_mine_is_not_found(client, place, clerk, code):
    for answer in (client.get(f"{PAGE}{code}/"), client.post(f"{PAGE}{code}/", {"counted_on": DAY})):
        assert answer.status_code == 404
    assert not PledgeCount.objects.exists()


def test_rows_of_elsewhere_that_are_sent_along_are_not_read(client, place, clerk):
    post(client, {("90102", "household"): ("1", "2")})

    assert not PledgeCount.objects.exists()


def test_own_pledges_lists_the_communes_of_the_person_with_what_is_missing(client, place, clerk):
    said(place, place.communes["90101"], 1, 2)

    shown = page(client, "/pledges/")

    assert 'href="/campaigns/xanh/pledges/90101/"' in shown
    assert "90102" not in shown
    assert "50,0%" in shown
    assert shown.count("chưa có số") == 3


def test_own_pledges_without_a_campaign_says_so(client, place, clerk):
    place.campaign.phases.all().delete()
    place.campaign.delete()

    assert "chưa có phong trào thi đua nào" in page(client, "/pledges/")


def test_today_is_offered_as_the_day(client, place, clerk):
    assert f"{timezone.localdate():%d/%m/%Y}" in page(client, GRID)
