"""Files of registrations: what goes out comes back as nothing, all errors at once, drafts or handed in."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from campaign.enums import RegistrationStatus
from campaign.models import Registration
from core.enums import Role
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group, make_registration, make_unit
from tests.factories import GrantFactory
from tests.riskmap.province import make_province

pytestmark = pytest.mark.django_db
STATUSES = RegistrationStatus
FILE, PREVIEW = "/campaigns/giu-xanh/registrations/template.xlsx", "/campaigns/giu-xanh/registrations/import/"
COLUMN = {
    "target_level": 3,
    "target_day": 4,
    "solutions": 5,
    "document_number": 6,
    "document_date": 7,
    "head": 8,
}


@pytest.fixture
def province():
    return make_province(districts={"901": ["90101", "90102", "90103"], "902": ["90201"]})


@pytest.fixture
def campaign(province):
    today = timezone.localdate()
    campaign = make_campaign(province=province.area, slug="giu-xanh")
    make_phase(campaign, first_day=today - timedelta(days=1), last_day=today + timedelta(days=30))
    make_group(campaign, "commune")
    for area in province.communes.values():
        make_unit(area)
    return campaign


@pytest.fixture
def district(client, province, campaign):
    user = GrantFactory(area=province.districts["901"], role=Role.DISTRICT_STAFF).user
    client.force_login(user)
    return user


def book(client):
    return load_workbook(io.BytesIO(client.get(FILE).content))


def said(**other):
    today = timezone.localdate()
    usual = {
        "target_level": "xanh", "target_day": today + timedelta(days=9),
        "solutions": "Chốt chặn.\nXét nghiệm.",
        "document_number": "12/ĐK", "document_date": today, "head": "Lê Thị Tám",
    }  # fmt: skip
    return usual | other


def fill(workbook, row, **values):
    for name, value in values.items():
        workbook["Đăng ký"].cell(row, COLUMN[name], value)


def preview(client, workbook, then="keep"):
    out = io.BytesIO()
    workbook.save(out)
    file = SimpleUploadedFile("dang-ky.xlsx", out.getvalue())
    return client.post(PREVIEW, {"file": file, "then": then})


def commit(client, shown, **more):
    initial = {name: shown.context["form"].initial[name] for name in ("content", "shown", "then")}
    return client.post(f"{PREVIEW}commit/", initial | more, follow=True)


def test_file_has_ones_own_units_and_comes_back_as_no_change(client, district, campaign):
    today = timezone.localdate()
    unit = campaign.province.children.get(code="901").children.get(code="90101").units.get()
    make_registration(campaign, unit, target_day=today, solutions="Một\nHai", document_number="007")
    workbook = book(client)
    codes = [row[0] for row in workbook["Đăng ký"].iter_rows(min_row=2, values_only=True)]
    assert codes == ["90101", "90102", "90103"]

    file = preview(client, workbook).context["file"]

    assert (file.new, file.changed, file.same, file.refusals) == ([], [], 1, [])
    assert file.passed_over == 2


def test_filled_lines_become_drafts(client, district):
    workbook = book(client)
    fill(workbook, 2, **said())
    fill(workbook, 3, **said(solutions="", document_number=None))

    commit(client, preview(client, workbook))

    rows = Registration.objects.order_by("unit__code")
    assert [(row.unit.code, row.status) for row in rows] == [("90101", "draft"), ("90102", "draft")]
    assert rows[0].solutions == "Chốt chặn.\nXét nghiệm."
    assert [step.act for step in rows[0].steps.all()] == ["opened"]


def test_filled_lines_are_handed_in_at_once_by_choice(client, district):
    workbook = book(client)
    fill(workbook, 2, **said())
    fill(workbook, 3, **said())

    commit(client, preview(client, workbook, then="submit"))

    assert set(Registration.objects.values_list("status", "submitted_by")) == {("submitted", district.pk)}
    assert Registration.objects.count() == 2


def test_all_errors_are_told_at_once_and_nothing_is_written(client, district):
    workbook = book(client)
    fill(workbook, 2, **said())
    fill(workbook, 3, **said(target_level="tím", target_day="31/02/2021"))
    fill(workbook, 4, **said(target_day=date(2030, 1, 1), solutions="=1+1"))
    workbook["Đăng ký"].cell(5, 1, "90201")
    fill(workbook, 5, **said())

    shown = preview(client, workbook)
    answer = commit(client, shown)

    faults = {(refusal.row, refusal.column) for refusal in shown.context["file"].refusals}
    assert faults == {(3, "Mục tiêu"), (3, "Đạt vào ngày"), (4, "Giải pháp chính"), (5, "Mã đơn vị")}
    assert "không ghi gì" in answer.content.decode()
    assert not Registration.objects.exists()


def test_right_lines_alone_are_written_by_choice(client, district):
    workbook = book(client)
    fill(workbook, 2, **said())
    fill(workbook, 3, **said(target_level="tím"))

    commit(client, preview(client, workbook), right_rows_only="on")

    assert [row.unit.code for row in Registration.objects.all()] == ["90101"]


def test_line_that_is_not_whole_is_refused_when_handed_in(client, district):
    workbook = book(client)
    fill(workbook, 2, **said(document_number=None))

    refusals = preview(client, workbook, then="submit").context["file"].refusals

    assert [(refusal.row, refusal.column) for refusal in refusals] == [(2, "Số văn bản")]


def test_what_is_handed_in_is_not_changed_by_a_file(client, district, campaign):
    unit = campaign.province.children.get(code="901").children.get(code="90101").units.get()
    make_registration(campaign, unit, status=STATUSES.CONFIRMED, target_day=timezone.localdate())
    workbook = book(client)
    fill(workbook, 2, head="Người khác")

    refusals = preview(client, workbook).context["file"].refusals

    assert [refusal.code for refusal in refusals] == ["not_now"]


def test_unit_twice_is_told(client, district):
    workbook = book(client)
    workbook["Đăng ký"].cell(3, 1, "90101")
    fill(workbook, 2, **said())
    fill(workbook, 3, **said())

    refusals = preview(client, workbook).context["file"].refusals

    assert [(refusal.row, refusal.code) for refusal in refusals] == [(3, "twice")]


def test_file_shown_before_somebody_else_wrote_is_shown_again(client, district, campaign):
    workbook = book(client)
    fill(workbook, 2, **said())
    shown = preview(client, workbook)
    unit = campaign.province.children.get(code="901").children.get(code="90101").units.get()
    make_registration(campaign, unit, target_day=timezone.localdate())

    answer = commit(client, shown)

    assert "đã đổi từ lúc xem trước" in answer.content.decode()
    assert Registration.objects.get().head == ""


def test_file_that_is_none_says_so(client, district):
    for name, content, words in (
        ("x.xlsx", b"", "Tệp trống"),
        ("x.pdf", b"%PDF-1.4", "Tệp là PDF"),
        ("x.csv", "Mã,Tên\n1,2\n".encode(), "thiếu cột Mã đơn vị"),
    ):
        answer = client.post(PREVIEW, {"file": SimpleUploadedFile(name, content), "then": "keep"})
        assert words in answer.content.decode(), name


def test_tampered_file_is_asked_for_again(client, district):
    answer = client.post(f"{PREVIEW}commit/", {"content": "không", "shown": "x", "then": "keep"}, follow=True)

    assert "xin chọn lại tệp" in answer.content.decode()
