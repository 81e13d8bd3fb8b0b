"""The receipt of a dossier: the instant to the microsecond, in time or late, and every paper that came in."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from awards import handing_in
from awards.handing_in import submit
from awards.models import DossierVersion
from core.enums import Role
from core.models import IssuedPaper
from core.people import system_user
from tests.awards.dossiers import make_permit
from tests.awards.prints import DEADLINE, LONG_NAME, make_printed
from tests.core.letters.samples import places_of, text_of, words_of
from tests.factories import DistrictFactory, GrantFactory

pytestmark = pytest.mark.django_db
LAST = DEADLINE - timedelta(microseconds=1)


@pytest.fixture
def in_time(monkeypatch) -> DossierVersion:
    monkeypatch.setattr(handing_in, "received_now", lambda: LAST)
    return submit(dossier=make_printed(), by=system_user())


@pytest.fixture
def late(monkeypatch) -> DossierVersion:
    monkeypatch.setattr(handing_in, "received_now", lambda: DEADLINE)
    dossier = make_printed()
    make_permit(dossier, expires_at=DEADLINE + timedelta(hours=5), reason="Mất điện toàn huyện.")
    return submit(dossier=dossier, by=system_user())


def taken(version: DossierVersion, fmt: str = "pdf"):
    client = Client()
    client.force_login(GrantFactory(area=version.dossier.area, role=Role.DISTRICT_STAFF).user)
    return client.get(reverse("awards:receipt", args=[version.dossier_id, version.number, fmt]))


def test_receipt_says_when_it_was_received_to_the_microsecond_and_what(in_time):
    text = text_of(PdfReader(io.BytesIO(taken(in_time).content)))

    assert f"Số: {in_time.receipt}/BN" in text
    assert "23:59:59,999999 ngày 07/9/2021" in text
    assert "trước 00:00:00,000000 ngày 08/9/2021" in text
    assert "đúng hạn" in text
    assert in_time.sha256 in text.replace(" ", "")
    submission = in_time.content["submission"]["file"]
    assert submission["name"] in text
    assert submission["sha256"] in text.replace(" ", "")
    assert text.count("Báo cáo tóm tắt thành tích: ") == 3
    assert f"Báo cáo tóm tắt thành tích: {LONG_NAME}" in text


def test_late_receipt_says_by_whose_leave(late):
    text = text_of(PdfReader(io.BytesIO(taken(late).content)))

    assert "nộp muộn, theo phép của Sở Nội vụ (nhận trước 05:00:00,000000 ngày 08/9/2021)" in text
    assert "Mất điện toàn huyện." in text
    assert "đúng hạn" not in text


def test_both_forms_say_the_same_and_each_is_the_same_bytes_again(in_time):
    pdf, docx = taken(in_time), taken(in_time, "docx")
    said = " ".join(words_of(Document(io.BytesIO(docx.content))))

    assert (taken(in_time).content, taken(in_time, "docx").content) == (pdf.content, docx.content)
    for words in (in_time.receipt, in_time.sha256, "23:59:59,999999 ngày 07/9/2021", LONG_NAME):
        assert words in said


def test_every_line_stands_within_the_margins(in_time):
    reader = PdfReader(io.BytesIO(taken(in_time).content))

    for page in range(len(reader.pages)):
        lines = [line for line in places_of(reader, page) if line[3] != 9 and line[2] > 20]
        assert all(30 <= x < 195 and y <= 277 for _words, x, y, _points in lines)


def test_code_of_a_receipt_tells_when_and_nobodys_name(late):
    taken(late)
    paper = IssuedPaper.objects.get()

    page = Client().get(reverse("riskmap:verify"), {"code": paper.code}).text

    for words in (late.receipt, late.sha256, "00:00:00,000000 ngày 08/9/2021", "nộp muộn", "Giữ vùng xanh"):
        assert words in page
    for person in (LONG_NAME, late.content["received_by"], "Mất điện"):
        assert person not in page


def test_receipt_is_for_its_own_area_and_its_versions_alone(in_time):
    client = Client()
    neighbour = DistrictFactory(parent=in_time.dossier.area.parent)
    client.force_login(GrantFactory(area=neighbour, role=Role.DISTRICT_STAFF).user)
    address = reverse("awards:receipt", args=[in_time.dossier_id, 1, "pdf"])

    assert client.get(address).status_code == 404
    assert Client().get(address).status_code in (302, 403)
    in_time.number = 2
    assert taken(in_time).status_code == 404
