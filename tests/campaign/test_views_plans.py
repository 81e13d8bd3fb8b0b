"""Campaigns by HTTP: what everybody reads, and how Sở Nội vụ makes a plan without a file."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from campaign.models import Campaign, Phase
from campaign.plans import load_plan, read_plan
from core.enums import Role
from core.models import AuditEvent
from core.people import system_user
from riskmap.models import GuardedPeriod
from tests.campaign.plans import AT, HO_CHI_MINH, NINH_THUAN, make_campaign, make_phase
from tests.factories import GrantFactory, ProvinceFactory
from tests.riskmap.test_views import queries

pytestmark = pytest.mark.django_db
NEW = {
    "title": "Thi đua xây dựng vùng xanh tỉnh Cà Mau",
    "short_title": "Vùng xanh Cà Mau",
    "issuer": "UBND tỉnh Cà Mau",
    "purpose": "Giữ xanh.",
    "legal_basis": "Công văn 1/CV\r\n\r\n  Công văn   2/CV ",
    "rule_set": "qd_2686_2021",
    "award_law": "nd_91_2017",
    "registration_required": "False",
    "register_by": "05/08/2030",
}
PHASE = {
    "number": "1", "name": "Đợt 1", "first_day": "01/08/2030", "first_day_set_by": "plan",
    "last_day": "31/08/2030", "deadline_set_by": "office",
}  # fmt: skip


@pytest.fixture
def plans():
    for code, name, path in (
        ("58", "Tỉnh Ninh Thuận", NINH_THUAN),
        ("79", "Thành phố Hồ Chí Minh", HO_CHI_MINH),
    ):
        ProvinceFactory(code=code, name=name)
        load_plan(plan=read_plan(path), by=system_user(), at=AT)


@pytest.fixture
def office(client):
    """Somebody of Sở Nội vụ, logged in, and the province."""
    grant = GrantFactory(role=Role.HOME_AFFAIRS)
    client.force_login(grant.user)
    return grant


def page(client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def test_list_has_campaigns_by_province_with_how_they_stand(client, plans):
    shown = page(client, "/campaigns/")

    assert shown.index("Thành phố Hồ Chí Minh") < shown.index("Tỉnh Ninh Thuận")
    assert "Đã kết thúc ngày 31/12/2021" in shown
    assert "Lập phong trào" not in shown


def test_list_says_what_will_be_there(client):
    assert "Chưa có phong trào nào" in page(client, "/campaigns/")


def test_running_phase_is_told_with_the_days_left(client):
    today = timezone.localdate()
    make_phase(make_campaign(), first_day=today, last_day=today + timedelta(days=12))

    assert "Đang diễn ra đợt 1, còn 12 ngày" in page(client, "/campaigns/")


def test_list_asks_no_more_for_more_campaigns(client):
    make_phase(make_campaign())
    few = queries(client, "/campaigns/")
    for _time in range(3):
        make_phase(make_campaign())

    assert queries(client, "/campaigns/") == few


def test_plan_tells_its_deadlines_to_the_minute_and_whose_they_are(client, plans):
    shown = page(client, "/campaigns/ninh-thuan-2021/")

    assert (
        "Trước 00:00 ngày 08/09/2021</strong> (không nhận hồ sơ vào đúng thời điểm này). "
        "Ngày cuối nhận hồ sơ là 07/09/2021." in shown
    )
    assert "Kế hoạch ghi: “trước ngày 20/12/2021”." in shown
    assert "Kế hoạch không ghi ngày bắt đầu." in shown
    assert "ngày cuối của đợt 1 và ngày đầu của đợt 2: ngày này tính cho cả hai đợt" in shown
    assert "Kế hoạch không ghi; Sở Nội vụ đặt." in shown
    assert "phong-trao" not in shown
    assert "/edit/" not in shown


def test_city_plan_says_that_the_office_sets_the_deadline(client, plans):
    shown = page(client, "/campaigns/ho-chi-minh-2021/")

    assert "Kế hoạch không ghi hạn gửi hồ sơ; Sở Nội vụ đặt hạn này và chưa đặt." in shown
    assert "Kế hoạch không đặt thêm điều kiện nào ngoài màu xanh." in shown

    Phase.objects.filter(campaign__slug="ho-chi-minh-2021").update(
        dossier_deadline=datetime(2021, 7, 31, 10, tzinfo=UTC), deadline_wording="trước 17 giờ ngày 31/7"
    )
    shown = page(client, "/campaigns/ho-chi-minh-2021/")

    assert "Trước 17:00 ngày 31/07/2021" in shown
    assert "Kế hoạch không ghi hạn; Sở Nội vụ đặt: “trước 17 giờ ngày 31/7”." in shown


def test_plan_answers_which_phase_a_day_counts_for(client, plans):
    assert "Ngày 10/09/2021 tính cho cả đợt 1 và đợt 2." in page(
        client, "/campaigns/ninh-thuan-2021/?day=10/09/2021"
    )
    assert "xin ghi theo dạng ngày/tháng/năm" in page(
        client, "/campaigns/ninh-thuan-2021/?day=31/02/2021", status=400
    )
    assert client.get("/campaigns/ninh-thuan-2021/?day=1&day=2").status_code == 400
    for slug in ("khong-co", "a%00", "Vùng xanh"):
        assert client.get(f"/campaigns/{slug}/").status_code == 404


def test_office_makes_a_campaign_without_a_file(client, office):
    answer = client.post("/campaigns/new/", NEW | {"province": office.area.pk})

    campaign = Campaign.objects.get()
    assert answer.url == "/campaigns/vung-xanh-ca-mau/"
    assert campaign.legal_basis == ["Công văn 1/CV", "Công văn 2/CV"]
    assert (campaign.province, campaign.created_by) == (office.area, office.user)
    assert (campaign.registration_required, campaign.register_by) == (False, date(2030, 8, 5))
    assert AuditEvent.objects.filter(table_name="campaign_campaign", actor=office.user.username).exists()

    client.post(f"{answer.url}plan/phases/new/", PHASE)
    client.post(f"{answer.url}plan/groups/new/", {"kind": "commune", "name": "Các xã"})
    client.post(f"{answer.url}plan/conditions/new/", {"wording": "Bốn tại chỗ", "citation": "KH 4458"})
    client.post(f"{answer.url}plan/grounds/new/", {"recipient": "person", "wording": "Tích cực"})
    said = {"fact": "days_green", "role": "order", "wording": "Xanh lâu", "set_by": "plan"}
    client.post(f"{answer.url}plan/scoring/new/", said)
    client.post(f"{answer.url}plan/duties/new/", {"department": "Sở Y tế", "wording": "Đánh giá"})

    shown = page(client, answer.url)
    for words in (
        "Các xã",
        "Bốn tại chỗ",
        "KH 4458",
        "Tích cực",
        "Xanh lâu",
        "Sở Y tế",
        "01/08/2030",
        "05/08/2030",
    ):
        assert words in shown
    assert GuardedPeriod.objects.get().name == "Vùng xanh Cà Mau, Đợt 1"


def test_slip_is_told_at_its_field_and_keeps_what_was_typed(client, office):
    answer = client.post(
        "/campaigns/new/", NEW | {"title": "", "purpose": "Cùng giữ xanh", "target_day": "9/9"}
    )

    form = answer.context["form"]
    assert set(form.errors) == {"province", "title", "target_day"}
    shown = answer.content.decode()
    assert "Cùng giữ xanh" in shown
    assert "Công văn   2/CV" in shown
    assert 'value="9/9"' in shown
    assert not Campaign.objects.exists()


def test_long_line_of_the_basis_is_told(client, office):
    said = NEW | {"province": office.area.pk, "legal_basis": "x" * 301}

    assert "dài quá 300 ký tự" in client.post("/campaigns/new/", said).content.decode()


@pytest.mark.parametrize(
    ("slip", "field", "said"),
    [
        ({"last_day": "01/08/2030"}, "last_day", "kết thúc sau ngày bắt đầu"),
        ({"last_day": "31/07/2030"}, "last_day", "kết thúc sau ngày bắt đầu"),
        ({"number": "7"}, "number", "số khác"),
        ({"first_day": "08/07/2030", "last_day": "20/07/2030"}, "first_day", "chung nhau một ngày"),
        ({"review_date": "31/07/2030"}, "review_date", "từ ngày bắt đầu"),
        ({"deadline_wording": "trước ngày 8/8"}, "deadline_wording", "cả thời điểm và câu chữ"),
        ({"deadline_set_by": "plan"}, "dossier_deadline", "phải nhập hạn"),
        ({"dossier_deadline": "8/8"}, "dossier_deadline", "giờ:phút ngày/tháng/năm"),
        (
            {"dossier_deadline": "00:00 01/08/2030", "deadline_wording": "x"},
            "dossier_deadline",
            "sau khi đợt bắt đầu",
        ),
        (
            {"dossier_deadline": "00:01 11/08/2030", "deadline_wording": "x", "review_date": "10/08/2030"},
            "dossier_deadline",
            "không được sau ngày sơ kết",
        ),
    ],
)
def test_wrong_phase_is_told_at_its_field(client, office, slip, field, said):
    campaign = make_campaign(province=office.area)
    make_phase(campaign, number=7, code="bay", first_day=date(2030, 7, 1), last_day=date(2030, 7, 9))

    answer = client.post(f"/campaigns/{campaign.slug}/plan/phases/new/", PHASE | slip)

    assert said in " ".join(answer.context["form"].errors[field])
    assert list(answer.context["form"].errors) == [field]
    assert campaign.phases.count() == 1


def test_deadline_of_a_day_alone_is_its_first_instant(client, office):
    campaign = make_campaign(province=office.area)
    said = {"dossier_deadline": "08/08/2030", "deadline_wording": "trước ngày 08/8/2030"}

    client.post(f"/campaigns/{campaign.slug}/plan/phases/new/", PHASE | said)

    assert campaign.phases.get().dossier_deadline == datetime(2030, 8, 7, 17, tzinfo=UTC)
    assert 'value="00:00 08/08/2030"' in page(client, f"/campaigns/{campaign.slug}/plan/phases/dot-1/")


def test_begun_plan_asks_for_a_reason_and_keeps_what_was_typed(client, office):
    campaign = make_campaign(province=office.area)
    make_phase(campaign)
    address = f"/campaigns/{campaign.slug}/edit/"
    said = {**NEW, "short_title": "Tên mới"}

    answer = client.post(address, said)
    assert list(answer.context["form"].errors) == ["reason"]
    assert 'value="Tên mới"' in answer.content.decode()
    assert "Sửa phong trào Giữ vùng xanh" in answer.content.decode()

    client.post(address, said | {"reason": "Công văn 7"})
    assert Campaign.objects.get().short_title == "Tên mới"
    assert AuditEvent.objects.filter(table_name="campaign_campaign", reason="Công văn 7").exists()


def test_begun_phase_is_not_dropped_and_the_page_says_why(client, office):
    campaign = make_campaign(province=office.area)
    make_phase(campaign)
    address = f"/campaigns/{campaign.slug}/plan/phases/dot-1/drop/"

    assert "ghi lý do bỏ" in client.post(address).content.decode()
    answer = client.post(address, {"reason": "nhập nhầm đợt"})

    assert "đã bắt đầu thì không bỏ được" in answer.content.decode()
    assert "nhập nhầm đợt" in answer.content.decode()
    assert campaign.phases.count() == 1


def test_line_is_changed_and_dropped(client, office):
    campaign = make_campaign(province=office.area)
    lists = f"/campaigns/{campaign.slug}/plan"
    client.post(f"{lists}/conditions/new/", {"wording": "một"})
    client.post(f"{lists}/conditions/new/", {"wording": "hai"})

    client.post(f"{lists}/conditions/hai/", {"wording": "hai mới", "at_place": "1"})
    assert [each.wording for each in campaign.green_conditions.all()] == ["hai mới", "một"]

    client.post(f"{lists}/conditions/mot/drop/")
    assert [each.code for each in campaign.green_conditions.all()] == ["hai"]


def test_list_or_line_that_is_not_there_is_not_found(client, office):
    campaign = make_campaign(province=office.area)

    for address in ("places/new/", "groups/nothing/", "places/nothing/"):
        assert client.get(f"/campaigns/{campaign.slug}/plan/{address}").status_code == 404
    assert client.post(f"/campaigns/{campaign.slug}/plan/groups/nothing/drop/").status_code == 404


def test_office_of_a_district_changes_no_plan_of_the_province(client):
    grant = GrantFactory(role=Role.HOME_AFFAIRS, area__parent=None)
    campaign = make_campaign()
    client.force_login(grant.user)

    assert client.get(f"/campaigns/{campaign.slug}/edit/").status_code == 404
    assert "/edit/" not in page(client, f"/campaigns/{campaign.slug}/")
