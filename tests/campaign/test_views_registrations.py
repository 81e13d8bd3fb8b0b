"""Registrations by HTTP: what everybody reads, the queue, the form, two editors, reminders."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaign.enums import RegistrationStatus
from campaign.models import Registration
from campaign.registrations import change_registration
from core.enums import Role
from core.models import Notice
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group, make_registration, make_unit
from tests.core.handed_in import pdf
from tests.factories import GrantFactory, UserFactory
from tests.riskmap.province import make_province

pytestmark = pytest.mark.django_db
STATUSES = RegistrationStatus


@pytest.fixture
def province():
    return make_province(districts={"901": ["90101", "90102"], "902": ["90201"]})


@pytest.fixture
def campaign(province):
    """From yesterday on for 30 days, with groups of communes and enterprises."""
    today = timezone.localdate()
    campaign = make_campaign(province=province.area, slug="giu-xanh", register_by=today + timedelta(days=5))
    make_phase(campaign, first_day=today - timedelta(days=1), last_day=today + timedelta(days=30))
    make_group(campaign, "commune")
    make_group(campaign, "enterprise")
    return campaign


@pytest.fixture
def units(province, campaign):
    return {code: make_unit(area) for code, area in province.communes.items()}


def log_in(client, area, role=Role.DISTRICT_STAFF):
    user = GrantFactory(area=area, role=role).user
    client.force_login(user)
    return user


def page(client, address, *, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return " ".join(answer.content.decode().split())


def post(client, address, *, status=302, **said):
    answer = client.post(address, said)
    assert answer.status_code == status, " ".join(answer.content.decode().split())[:3000]
    return " ".join(answer.content.decode().split())


def typed(**said):
    today = timezone.localdate()
    usual = {
        "unit": "xa 90101", "target_level": "1", "target_day": f"{today + timedelta(days=20):%d/%m/%Y}",
        "solutions": "Kiểm soát ra vào.", "document_number": "12/ĐK", "document_date": f"{today:%d/%m/%Y}",
        "head": "Nguyễn Thị Sáu", "head_post": "Chủ tịch", "then": "submit",
    }  # fmt: skip
    return usual | said


# --- the form -------------------------------------------------------------------------------------------


def test_unit_is_found_without_diacritics_and_handed_in_at_once(client, province, campaign, units):
    log_in(client, province.communes["90101"], Role.COMMUNE_STAFF)

    post(client, "/campaigns/giu-xanh/registrations/new/", **typed())

    row = Registration.objects.get()
    assert (row.unit, row.status, row.group.kind) == (units["90101"], STATUSES.SUBMITTED, "commune")
    assert [step.act for step in row.steps.all()] == ["opened", "submitted"]


def test_form_is_not_offered_once_the_campaign_is_over(client, province, campaign, units):
    campaign.phases.update(
        first_day=timezone.localdate() - timedelta(days=9), last_day=timezone.localdate() - timedelta(days=1)
    )
    log_in(client, province.communes["90101"], Role.COMMUNE_STAFF)

    shown = page(client, "/campaigns/giu-xanh/registrations/new/")
    sent = post(client, "/campaigns/giu-xanh/registrations/new/", status=200, **typed())

    assert "Phong trào đã kết thúc, không nhận đăng ký nữa." in shown
    assert 'name="unit"' not in shown
    assert 'value="xa 90101"' in sent  # what was typed before the end is not lost


def test_form_keeps_a_draft_that_is_not_whole(client, province, campaign, units):
    log_in(client, province.communes["90101"], Role.COMMUNE_STAFF)

    post(client, "/campaigns/giu-xanh/registrations/new/", **typed(solutions="", head="", then="keep"))

    assert Registration.objects.get().status == STATUSES.DRAFT


def test_form_says_what_is_missing_and_keeps_what_was_typed(client, province, campaign, units):
    log_in(client, province.communes["90101"], Role.COMMUNE_STAFF)

    shown = post(
        client, "/campaigns/giu-xanh/registrations/new/", status=200,
        **typed(solutions="", document_date="31/12/2090", head_post="Chủ tịch UBND"),
    )  # fmt: skip

    assert "Xin ghi các giải pháp chính." in shown
    assert "Ngày văn bản không được sau hôm nay." in shown
    assert 'value="Chủ tịch UBND"' in shown
    assert not Registration.objects.exists()


def test_form_keeps_the_file_while_the_rest_is_corrected(client, province, campaign, units):
    log_in(client, province.communes["90101"], Role.COMMUNE_STAFF)
    paper = SimpleUploadedFile("dang ky.pdf", pdf())

    shown = post(
        client, "/campaigns/giu-xanh/registrations/new/", status=200, **typed(head="", document=paper)
    )
    kept = shown.split('name="document-kept" value="')[1].split('"')[0]
    post(client, "/campaigns/giu-xanh/registrations/new/", **typed(**{"document-kept": kept}))

    assert Registration.objects.get().document.name == "dang ky.pdf"


def test_neighbours_unit_is_not_found(client, province, campaign, units):
    log_in(client, province.communes["90101"], Role.COMMUNE_STAFF)

    shown = post(client, "/campaigns/giu-xanh/registrations/new/", status=200, **typed(unit="xa 90102"))

    assert "Không có đơn vị nào như vậy" in shown


def test_two_editors_are_shown_each_others_words(client, province, campaign, units):
    row = make_registration(campaign, units["90101"], head="Một")
    address = f"/registrations/{row.pk}/edit/"
    log_in(client, province.communes["90101"], Role.COMMUNE_STAFF)
    page(client, address)
    theirs = Registration.objects.get(pk=row.pk)
    theirs.head = "Người kia"
    change_registration(registration=theirs, version=1, by=UserFactory(), at=timezone.now())

    shown = post(client, address, status=200, **typed(version="1", head="Tôi", then="keep"))

    assert "Người kia" in shown
    assert 'value="Tôi"' in shown
    post(client, address, **typed(version="2", head="Tôi", then="keep"))
    assert Registration.objects.get().head == "Tôi"


def test_what_is_handed_in_is_not_edited(client, province, campaign, units):
    row = make_registration(campaign, units["90101"], status=STATUSES.SUBMITTED)
    log_in(client, province.communes["90101"], Role.COMMUNE_STAFF)

    page(client, f"/registrations/{row.pk}/edit/", status=404)


def test_form_begins_with_the_unit_that_was_chosen(client, province, campaign, units):
    log_in(client, province.communes["90101"], Role.COMMUNE_STAFF)

    shown = page(client, f"/campaigns/giu-xanh/registrations/new/?unit={units['90101'].pk}")

    assert 'value="90101 – Xã 90101"' in shown


# --- one of them ----------------------------------------------------------------------------------------


def test_registration_is_confirmed_by_the_district_on_its_page(client, province, campaign, units):
    row = make_registration(campaign, units["90101"], status=STATUSES.SUBMITTED)
    log_in(client, province.districts["901"])
    assert "Nguyễn Thị Sáu" in page(client, f"/registrations/{row.pk}/")

    post(client, f"/registrations/{row.pk}/steps/", act="confirmed")

    row.refresh_from_db()
    assert row.status == STATUSES.CONFIRMED


def test_return_without_a_reason_asks_for_it(client, province, campaign, units):
    row = make_registration(campaign, units["90101"], status=STATUSES.SUBMITTED)
    log_in(client, province.districts["901"])

    shown = post(client, f"/registrations/{row.pk}/steps/", status=400, act="returned", reason=" ")

    assert "Xin ghi lý do, để người đăng ký biết cần làm gì." in shown


def test_neighbouring_district_neither_reads_nor_decides(client, province, campaign, units):
    row = make_registration(campaign, units["90101"], status=STATUSES.SUBMITTED)
    log_in(client, province.districts["902"])

    page(client, f"/registrations/{row.pk}/", status=404)
    post(client, f"/registrations/{row.pk}/steps/", status=404, act="confirmed")
    post(client, "/registrations/steps/", status=404, act="confirmed", item=str(row.pk))


def test_commune_does_not_confirm_its_own(client, province, campaign, units):
    row = make_registration(campaign, units["90101"], status=STATUSES.SUBMITTED)
    log_in(client, province.communes["90101"], Role.COMMUNE_STAFF)

    assert "Xác nhận</button>" not in page(client, f"/registrations/{row.pk}/")
    post(client, f"/registrations/{row.pk}/steps/", status=404, act="confirmed")
    post(client, f"/registrations/{row.pk}/steps/", status=404, act="nonsense")


# --- the queue ------------------------------------------------------------------------------------------


def test_queue_confirms_what_is_ticked_and_names_what_is_refused(client, province, campaign, units):
    me = log_in(client, province.districts["901"])
    right = make_registration(campaign, units["90101"], status=STATUSES.SUBMITTED)
    mine = make_registration(campaign, units["90102"], status=STATUSES.SUBMITTED, submitted_by=me)
    shown = page(client, "/registrations/")
    assert "Chờ tôi xác nhận (2)" in shown
    assert "Xác nhận các đăng ký đã chọn" in shown

    answer = client.post(
        "/registrations/steps/", {"act": "confirmed", "item": [right.pk, mine.pk]}, follow=True
    )

    told = [str(message) for message in answer.context["messages"]]
    assert told[0] == "Đã xác nhận 1 đăng ký."
    assert told[1].startswith("Xã 90102: Bạn đã soạn hoặc gửi")


def test_queue_asks_why_and_keeps_what_was_ticked(client, province, campaign, units):
    log_in(client, province.districts["901"])
    row = make_registration(campaign, units["90101"], status=STATUSES.SUBMITTED)

    shown = post(client, "/registrations/steps/", status=400, act="returned", item=str(row.pk), reason="")

    assert "Xin ghi lý do" in shown
    assert "checked" in shown


def test_queue_is_narrowed_by_the_address(client, province, campaign, units):
    log_in(client, province.area, Role.HOME_AFFAIRS)
    make_registration(campaign, units["90101"], status=STATUSES.CONFIRMED)
    make_registration(campaign, units["90201"], status=STATUSES.WITHDRAWN)

    assert "Xã 90201" not in page(client, "/registrations/?campaign=giu-xanh&state=confirmed")
    assert "Xã 90101" not in page(client, "/registrations/?state=all&q=90201")
    page(client, "/registrations/?state=planet", status=404)
    page(client, "/registrations/?campaign=planet", status=404)


def test_queue_needs_as_many_queries_for_two_as_for_one(client, province, campaign, units):

    log_in(client, province.area, Role.HOME_AFFAIRS)
    make_registration(campaign, units["90101"], status=STATUSES.SUBMITTED)
    with CaptureQueriesContext(connection) as of_one:
        page(client, "/registrations/")
    make_registration(campaign, units["90201"], status=STATUSES.SUBMITTED)
    with CaptureQueriesContext(connection) as of_two:
        page(client, "/registrations/")

    assert len(of_two) == len(of_one)


# --- what everybody reads -------------------------------------------------------------------------------


def test_public_list_has_what_was_confirmed_and_no_person(client, campaign, units):
    make_registration(campaign, units["90101"], status=STATUSES.CONFIRMED)
    make_registration(campaign, units["90102"], status=STATUSES.SUBMITTED)

    shown = page(client, "/campaigns/giu-xanh/registrations/")

    assert "Xã 90101" in shown
    assert "Xã 90102" not in shown
    assert "Nguyễn Thị Sáu" not in shown
    assert "1/3 xã, phường, thị trấn đã đăng ký" in shown
    assert "50%" in shown
    assert f'href="/units/{units["90101"].pk}/">Xã 90101</a>' in shown


def test_public_list_is_searched_without_diacritics(client, campaign, units):
    for code in ("90101", "90201"):
        make_registration(campaign, units[code], status=STATUSES.CONFIRMED)

    shown = page(client, "/campaigns/giu-xanh/registrations/?q=huyen+902")

    assert "Xã 90201" in shown
    assert "Xã 90101" not in shown
    page(client, "/campaigns/giu-xanh/registrations/?group=planet", status=404)


# --- who has not ----------------------------------------------------------------------------------------


def test_due_list_has_ones_own_that_did_not_hand_in(client, province, campaign, units):
    log_in(client, province.districts["901"])
    make_registration(campaign, units["90101"], status=STATUSES.RETURNED)

    shown = page(client, "/campaigns/giu-xanh/registrations/due/")

    assert "còn 2/2 đơn vị chưa gửi đăng ký" in shown
    assert "trả lại để bổ sung" in shown
    assert "Xã 90201" not in shown


def test_due_list_reminds_the_people_of_a_district_once_a_day(client, province, campaign, units):
    commune = GrantFactory(area=province.communes["90101"], role=Role.COMMUNE_STAFF).user
    log_in(client, province.districts["901"])

    post(client, "/campaigns/giu-xanh/registrations/due/901/ask/")
    post(client, "/campaigns/giu-xanh/registrations/due/901/ask/")

    notice = Notice.objects.get()
    assert (notice.recipient, notice.subject) == (commune, "Xã 90101 chưa đăng ký thi đua")
    post(client, "/campaigns/giu-xanh/registrations/due/902/ask/", status=404)


def test_due_list_is_not_for_another_province(client, campaign, units):
    log_in(client, make_province("80", districts={"801": ["80101"]}).area, Role.HOME_AFFAIRS)

    page(client, "/campaigns/giu-xanh/registrations/due/", status=404)


@pytest.mark.parametrize("back", ["90", "//elsewhere.example/", "javascript:alert(1)", "campaign:campaigns"])
def test_step_leads_back_to_an_address_of_this_site_alone(client, campaign, units, province, back):
    log_in(client, province.districts["901"])
    make_registration(campaign, units["90101"], status=STATUSES.SUBMITTED)
    said = {"act": "confirmed", "item": Registration.objects.get().pk, "next": back}

    assert client.post("/registrations/steps/", said).url == "/registrations/"
