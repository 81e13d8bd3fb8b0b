"""Papers over the web: who gets the slip of a unit and the list of an area, and in which form."""

import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from campaign.enums import RegistrationStatus
from core.enums import Role
from tests.campaign.paper.registered import make_ground, register
from tests.core.letters.samples import text_of
from tests.factories import GrantFactory

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def ground(db):
    return make_ground(districts=2)


@pytest.fixture
def registration(ground):
    province, campaign = ground
    return register(campaign, province.communes["90101"])


def logged_in(client, area, role=Role.VIEWER):
    client.force_login(GrantFactory(area=area, role=role).user)
    return client


def slip(registration, fmt="pdf"):
    return reverse("campaign:registration_slip", args=[registration.pk, fmt])


def listed(campaign, fmt="pdf", district=None):
    address = reverse("campaign:registration_list_file", args=[campaign.slug, fmt])
    return f"{address}?district={district}" if district is not None else address


def named(answer) -> tuple[str, ...]:
    """How it is shown, and the parts of its file's name around the code."""
    said = re.fullmatch(
        r'(\w+); filename="([a-z0-9-]+)-[2-9A-Y]{5}-[2-9A-Y]{5}\.(\w+)"', answer["Content-Disposition"]
    )
    return said.groups()


def test_slip_comes_as_pdf_to_look_at_and_as_docx_to_edit(client, ground, registration):
    province, _campaign = ground
    logged_in(client, province.communes["90101"])

    pdf, docx = client.get(slip(registration)), client.get(slip(registration, "docx"))

    assert pdf["Content-Type"] == "application/pdf"
    assert named(pdf) == ("inline", "phieu-dang-ky-thi-dua-90101", "pdf")
    assert pdf["Cache-Control"] == docx["Cache-Control"] == "no-store"
    assert "Nguyễn Thị Sáu" in text_of(PdfReader(io.BytesIO(pdf.content)))
    assert docx["Content-Type"] == DOCX
    assert named(docx) == ("attachment", "phieu-dang-ky-thi-dua-90101", "docx")
    assert any(
        "giám sát của Nhân dân./." in line.text for line in Document(io.BytesIO(docx.content)).paragraphs
    )


def test_slip_carries_a_code_that_tells_of_the_unit_and_of_nobody(client, ground, registration):
    province, _campaign = ground
    logged_in(client, province.communes["90101"])
    answer, again = client.get(slip(registration)), client.get(slip(registration))

    [code] = re.findall(r"-(\w{5}-\w{5})\.pdf", answer["Content-Disposition"])
    page = Client().get(reverse("riskmap:verify"), {"code": code}).text

    assert answer.content == again.content
    assert f"Mã xác minh: {code}" in text_of(PdfReader(io.BytesIO(answer.content)))
    assert "Phiếu đăng ký thi đua" in page
    assert registration.unit.name in page
    assert "Nguyễn Thị Sáu" not in page


def test_slip_is_not_found_by_those_of_elsewhere(client, ground, registration):
    province, _campaign = ground

    assert client.get(slip(registration)).status_code == 302
    for area in (province.communes["90102"], province.districts["902"]):
        answer = logged_in(client, area).get(slip(registration))
        assert answer.status_code == 404
        assert "Nguyễn Thị Sáu" not in answer.content.decode()
    for area in (province.districts["901"], province.area):
        assert logged_in(client, area).get(slip(registration)).status_code == 200


@pytest.mark.parametrize("fmt", ["xlsx", "exe", "PDF", "pdf.docx"])
def test_paper_of_another_form_is_not_found(client, ground, registration, fmt):
    province, campaign = ground
    logged_in(client, province.area)

    assert client.get(slip(registration, fmt)).status_code == 404
    assert client.get(listed(campaign, fmt)).status_code == 404


def test_list_of_the_province_and_of_a_district_hold_what_was_handed_in_there(client, ground, registration):
    province, campaign = ground
    register(campaign, province.communes["90201"], name="Xã Của Huyện Kia")
    register(campaign, province.communes["90102"], name="Xã Đang Soạn", status=RegistrationStatus.DRAFT)
    logged_in(client, province.area)

    whole, part = client.get(listed(campaign)), client.get(listed(campaign, district="901"))

    assert named(whole) == ("inline", "danh-sach-dang-ky-thi-dua-90", "pdf")
    assert named(part) == ("inline", "danh-sach-dang-ky-thi-dua-901", "pdf")
    whole, part = (text_of(PdfReader(io.BytesIO(answer.content))) for answer in (whole, part))
    assert "Xã Phước Hải" in whole
    assert "Xã Của Huyện Kia" in whole
    assert "Xã Phước Hải" in part
    assert "Xã Của Huyện Kia" not in part
    assert "Xã Đang Soạn" not in whole + part
    assert "Nguyễn Thị Sáu" not in whole + part


def test_list_is_of_ones_own_area(client, ground, registration):
    province, campaign = ground
    logged_in(client, province.districts["901"])

    assert client.get(listed(campaign, district="901")).status_code == 200
    assert client.get(listed(campaign, district="902")).status_code == 404
    assert client.get(listed(campaign)).status_code == 404


@pytest.mark.parametrize("district", ["90101", "khong-co", "%00", "9" * 500])
def test_list_of_what_is_no_district_is_not_found(client, ground, district):
    province, campaign = ground

    assert logged_in(client, province.area).get(listed(campaign, district=district)).status_code == 404


def test_list_asked_for_twice_is_refused(client, ground):
    province, campaign = ground
    logged_in(client, province.area)

    assert client.get(listed(campaign, district="901&district=902")).status_code == 400
    assert client.get("/campaigns/khong-co/registrations/list.pdf").status_code == 404


def test_list_takes_as_many_queries_for_three_as_for_one(client, ground, django_assert_max_num_queries):
    province, campaign = ground
    for code in ("90101", "90102", "90201"):
        register(campaign, province.communes[code])
    logged_in(client, province.area)

    with django_assert_max_num_queries(17):  # nine for the list, the others to give it its code
        client.get(listed(campaign, "docx"))


def test_page_offers_the_list_of_the_widest_area_one_may_see(client, ground, registration):
    province, campaign = ground
    page = reverse("campaign:registrations", args=[campaign.slug])

    assert "list.pdf" not in client.get(page).content.decode()
    assert "list.pdf" not in logged_in(client, province.communes["90101"]).get(page).content.decode()
    own = logged_in(client, province.districts["901"]).get(page).content.decode()
    assert own.count("list.pdf") == own.count("list.pdf?district=901") == 1
    whole = logged_in(client, province.area).get(page).content.decode()
    assert whole.count("list.pdf") == 1
    assert "?district=" not in whole
