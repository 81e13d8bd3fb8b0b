"""Inspections by HTTP: who sees and does what; a fault stands at its field, and nothing typed is lost."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from campaign.models import FollowUp, Inspection
from core.enums import Role
from core.models import Notice
from tests.campaign.inspections import make_follow_up, make_inspection
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_unit
from tests.factories import GrantFactory
from tests.riskmap.province import make_province
from tests.riskmap.test_views import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    made = make_province("90", districts={"901": ["90101"], "902": ["90201"]})
    made.campaign = make_campaign(province=made.area, slug="xanh")
    make_phase(made.campaign)
    made.unit = make_unit(made.communes["90101"])
    made.other = make_unit(made.communes["90201"])
    return made


@pytest.fixture
def health(client, place):
    return enter(client, place.area, Role.HEALTH)


def enter(client, area, role):
    user = GrantFactory(area=area, role=role).user
    client.force_login(user)
    return user


def page(client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return words(answer)


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def scan() -> SimpleUploadedFile:
    image = io.BytesIO()
    Image.new("RGB", (8, 8)).save(image, "PNG")
    return SimpleUploadedFile("bien-ban.png", image.getvalue(), "image/png")


def plan(client, place, **said):
    usual = {"campaign": place.campaign.pk, "unit": "xa 90101", "department": "health"}
    usual |= {"purpose": "Kiểm tra chốt.", "planned_on": "01/09/2021"}
    return client.post("/inspections/new/", usual | said)


def test_inspector_plans_with_the_unit_named_without_diacritics(client, place, health):
    answer = plan(client, place)

    inspection = Inspection.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/inspections/{inspection.pk}/")
    assert (inspection.unit, inspection.department) == (place.unit, "health")
    assert "Đã lập kế hoạch" in page(client, answer["Location"])


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"unit": "xã không có"}, "unit"),
        ({"unit": "xa"}, "unit"),
        ({"unit": ""}, "unit"),
        ({"department": "home_affairs"}, "department"),
        ({"purpose": ""}, "purpose"),
        ({"planned_on": "31/02/2021"}, "planned_on"),
        ({"planned_on": "01/01/2020"}, "planned_on"),
        ({"campaign": "0"}, "campaign"),
    ],
)
def test_fault_of_a_plan_is_told_at_its_field_and_the_rest_stays(client, place, health, said, field):
    answer = plan(client, place, **said)

    assert list(answer.context["form"].errors) == [field]
    assert field == "purpose" or "Kiểm tra chốt." in words(answer)
    assert not Inspection.objects.exists()


def test_department_is_that_of_the_persons_role(client, place):
    enter(client, place.area, Role.HOME_AFFAIRS)

    shown = page(client, "/inspections/new/")

    assert "Sở Nội vụ" in shown
    assert '<option value="health"' not in shown


def test_list_holds_the_inspections_of_ones_own_area(client, place):
    make_inspection(place.unit, place.campaign)
    make_inspection(place.other, place.campaign)
    enter(client, place.districts["901"], Role.DISTRICT_STAFF)

    shown = page(client, "/inspections/")

    assert "Xã 90101" in shown
    assert "90201" not in shown
    assert "Lập kế hoạch" not in shown


def test_list_is_narrowed_by_state_and_name(client, place, health):
    late = make_inspection(place.unit, place.campaign, status="visited", recorded_by=health)
    make_follow_up(late)
    make_inspection(place.other, place.campaign)

    def found(asked: str) -> list[str]:
        answer = client.get(f"/inspections/?{asked}")
        return [row.unit.name for row in answer.context["page"]]

    assert found("") == ["Xã 90201", "Xã 90101"]
    assert found("state=planned") == ["Xã 90201"]
    assert found("state=visited") == found("state=overdue") == found("state=mine") == ["Xã 90101"]
    assert found("state=cancelled") == []
    assert found("q=XA+90201") == ["Xã 90201"]
    assert found("q=không+có") == []
    assert "1 quá hạn" in page(client, "/inspections/")
    assert page(client, "/inspections/").count("đã qua ngày dự kiến") == 1
    assert client.get("/inspections/?state=khác").status_code == 400


def test_list_takes_as_many_queries_with_more_rows(client, place, health):
    make_follow_up(make_inspection(place.unit, place.campaign, status="visited"))
    before = queries(client, "/inspections/")
    for _each in range(3):
        make_inspection(place.other, place.campaign)

    assert queries(client, "/inspections/") == before


def record(client, inspection, **said):
    usual = {"visited_on": "02/09/2021", "findings": "Chốt thiếu người.", "version": inspection.version}
    return client.post(f"/inspections/{inspection.pk}/record/", usual | said)


def test_inspector_records_with_the_signed_report(client, place, health):
    inspection = make_inspection(place.unit, place.campaign)

    answer = record(client, inspection, report=scan())

    assert answer["Location"] == f"/inspections/{inspection.pk}/"
    inspection.refresh_from_db()
    assert (inspection.status, inspection.report.area) == ("visited", place.communes["90101"])
    shown = page(client, answer["Location"])
    assert "Chốt thiếu người." in shown
    assert inspection.report.name in shown


def test_correcting_the_findings_keeps_the_report(client, place, health):
    inspection = make_inspection(place.unit, place.campaign)
    record(client, inspection, report=scan())
    inspection.refresh_from_db()

    record(client, inspection, findings="Đã đủ người.")

    inspection.refresh_from_db()
    assert inspection.findings == "Đã đủ người."
    assert inspection.report is not None


def test_second_who_records_sees_theirs_beside_what_was_typed_and_sends_it_again(client, place, health):
    inspection = make_inspection(place.unit, place.campaign)
    record(client, inspection, findings="Của người thứ nhất.")

    answer = record(client, inspection, findings="Của người thứ hai.")

    shown = words(answer)
    assert "Người khác vừa ghi" in shown
    assert "Của người thứ nhất." in shown
    assert "Của người thứ hai." in shown
    assert Inspection.objects.get().findings == "Của người thứ nhất."
    version = answer.context["form"]["version"].value()
    assert record(client, inspection, findings="Của cả hai.", version=version).status_code == 302
    assert Inspection.objects.get().findings == "Của cả hai."


@pytest.mark.parametrize(
    ("said", "field"), [({"visited_on": "01/01/2100"}, "visited_on"), ({"findings": " "}, "findings")]
)
def test_fault_of_a_record_keeps_what_was_typed_and_the_file(client, place, health, said, field):
    inspection = make_inspection(place.unit, place.campaign)

    answer = record(client, inspection, report=scan(), **said)

    assert list(answer.context["form"].errors) == [field]
    assert "bien-ban" in words(answer)
    kept = answer.context["form"]["report"].value()
    token = answer.context["form"].fields["report"].widget.token_of(kept)
    assert record(client, inspection, **{"report-kept": token}).status_code == 302
    assert Inspection.objects.get().report == kept


def test_cancelling_asks_why(client, place, health):
    inspection = make_inspection(place.unit, place.campaign)
    address = f"/inspections/{inspection.pk}/cancel/"

    assert client.post(address, {"version": 1}).context["cancel_form"].errors
    assert client.post(address, {"version": 1, "reason": "Trùng lịch."}).status_code == 302

    assert "Trùng lịch." in page(client, f"/inspections/{inspection.pk}/")


def test_follow_up_is_asked_answered_and_closed(client, place, health):
    inspection = make_inspection(place.unit, place.campaign, status="visited")
    due = timezone.localdate() + timedelta(days=9)
    ask = {"wording": "Bố trí đủ người.", "due_on": f"{due:%d/%m/%Y}"}

    assert client.post(f"/inspections/{inspection.pk}/follow-ups/", ask).status_code == 302
    follow_up = FollowUp.objects.get()
    address = f"/inspections/follow-ups/{follow_up.pk}/"
    assert "Báo cáo khắc phục</h2>" not in page(client, address), "Sở Y tế answers for nobody"

    clerk = enter(client, place.communes["90101"], Role.COMMUNE_STAFF)
    answer = {"answer": "Đã bố trí.", "seen": seen(client, address), "file": scan()}
    assert client.post(f"{address}answer/", answer).status_code == 302
    assert "Đã bố trí." in page(client, address)
    assert client.post(f"{address}close/", {"seen": seen(client, address)}).status_code == 403

    client.force_login(health)
    assert Notice.objects.filter(recipient=health, link=address).count() == 1
    assert client.post(f"{address}close/", {"seen": seen(client, address)}).status_code == 302
    follow_up.refresh_from_db()
    assert (follow_up.answered_by, follow_up.closed_by) == (clerk, health)
    assert "Đã xong" in page(client, address)


def seen(client, address: str) -> int:
    return client.get(address).context["page"].last_step


def answered(place) -> FollowUp:
    user = GrantFactory(area=place.communes["90101"], role=Role.COMMUNE_STAFF).user
    follow_up = make_follow_up(
        make_inspection(place.unit, place.campaign, status="visited"),
        answer="Đã bố trí.", answered_at=timezone.now(), answered_by=user,
    )  # fmt: skip
    follow_up.steps.create(
        act="answered", text="Đã bố trí.", due_on=follow_up.due_on, taken_at=timezone.now(), taken_by=user
    )
    return follow_up


def test_opening_again_asks_why_and_until_when(client, place, health):
    follow_up = answered(place)
    address = f"/inspections/follow-ups/{follow_up.pk}/"

    refused = client.post(f"{address}reopen/", {"seen": seen(client, address), "reason": "Vẫn thiếu."})
    assert list(refused.context["reopen_form"].errors) == ["due_on"]
    assert "Vẫn thiếu." in words(refused)

    due = timezone.localdate() + timedelta(days=9)
    said = {"seen": seen(client, address), "reason": "Vẫn thiếu.", "due_on": f"{due:%d/%m/%Y}"}
    assert client.post(f"{address}reopen/", said).status_code == 302
    shown = page(client, address)
    assert "Vẫn thiếu." in shown
    assert "Đã bố trí." in shown, "what was answered before is kept"


def test_answer_that_somebody_overtook_stays_in_the_field(client, place):
    follow_up = answered(place)
    enter(client, place.communes["90101"], Role.COMMUNE_STAFF)

    refused = client.post(
        f"/inspections/follow-ups/{follow_up.pk}/answer/", {"seen": 0, "answer": "Bài của tôi."}
    )

    shown = words(refused)
    assert "Người khác vừa ghi" in shown
    assert "Bài của tôi." in shown
    again = {"seen": refused.context["page"].last_step, "answer": "Bài của tôi."}
    assert client.post(f"/inspections/follow-ups/{follow_up.pk}/answer/", again).status_code == 302


def test_what_lies_elsewhere_is_not_found(client, place):
    inspection = make_inspection(place.other, place.campaign, status="visited")
    follow_up = make_follow_up(inspection)
    enter(client, place.districts["901"], Role.DISTRICT_STAFF)

    assert client.get(f"/inspections/{inspection.pk}/").status_code == 404
    assert client.get(f"/inspections/follow-ups/{follow_up.pk}/").status_code == 404
    assert client.post(f"/inspections/follow-ups/{follow_up.pk}/answer/", {}).status_code == 404


def test_findings_are_text_on_the_page(client, place, health):
    inspection = make_inspection(place.unit, place.campaign, status="visited", findings="<script>x</script>")

    assert "<script>x" not in page(client, f"/inspections/{inspection.pk}/")
