"""A dossier's papers through the pages: for its own people and reviewers; drafts before, frozen after."""

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from awards import handing_in
from awards.handing_in import submit
from awards.models import Dossier, DossierVersion
from core.enums import Role
from core.models import IssuedPaper
from core.people import system_user
from tests.awards.dossiers import make_dossier, make_item, make_nominee
from tests.awards.prints import NOW, make_printed
from tests.awards.reviewers import handed_in, reviewer_of
from tests.campaign.units import make_unit
from tests.core.letters.samples import text_of, words_of
from tests.factories import DistrictFactory, GrantFactory

pytestmark = pytest.mark.django_db


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def clerk_of(dossier: Dossier) -> Client:
    return client_of(GrantFactory(area=dossier.area, role=Role.DISTRICT_STAFF).user)


def words(answer) -> list[str]:
    return words_of(Document(io.BytesIO(answer.content)))


@pytest.fixture
def version(monkeypatch) -> DossierVersion:
    monkeypatch.setattr(handing_in, "received_now", lambda: NOW)
    return submit(dossier=make_printed(), by=system_user())


def test_paper_of_a_version_carries_a_code_that_is_checked_and_names_nobody(version):
    page = f"{version.dossier.get_absolute_url()}versions/1/"
    client = clerk_of(version.dossier)
    person = version.dossier.nominees.exclude(person="").get()

    pdf, again = (client.get(f"{page}summary-{person.pk}.pdf") for _time in range(2))

    assert pdf.headers["Content-Disposition"].startswith('inline; filename="bao-cao-03-cong-tang-ton-nu-')
    assert (pdf.content, pdf["Content-Language"]) == (again.content, "vi")
    paper = IssuedPaper.objects.get()
    assert f"Mã xác minh: {paper.written_code}" in text_of(PdfReader(io.BytesIO(pdf.content)))
    told = " ".join([paper.title, *paper.facts])
    assert "Báo cáo tóm tắt thành tích" in told
    assert person.person not in told
    client.get(f"{page}summary-{person.pk}.docx")
    assert set(IssuedPaper.objects.values_list("code", flat=True)) == {paper.code}


def test_list_is_a_workbook_with_its_code(version):
    answer = clerk_of(version.dossier).get(f"{version.dossier.get_absolute_url()}versions/1/list.xlsx")

    rows = [
        [cell.value for cell in row] for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows()
    ]
    assert IssuedPaper.objects.get().written_code in str(rows)
    assert "danh-sach-huyen-901-lan-1-" in answer.headers["Content-Disposition"]


def test_draft_is_marked_and_leaves_nothing_behind():
    dossier = make_printed()
    client, page = clerk_of(dossier), dossier.get_absolute_url()

    submission = client.get(f"{page}draft/submission.docx")
    pdf = client.get(f"{page}draft/submission.pdf")
    listed = client.get(f"{page}draft/list.xlsx")

    assert "DỰ THẢO" in words(submission)
    assert text_of(PdfReader(io.BytesIO(pdf.content))).count("DỰ THẢO") >= 2  # in the text, at each foot
    assert "DỰ THẢO" in str(
        [cell.value for row in load_workbook(io.BytesIO(listed.content)).active for cell in row]
    )
    assert "du-thao" in submission.headers["Content-Disposition"]
    assert not IssuedPaper.objects.exists()


def test_draft_of_a_dossier_that_was_only_opened_says_what_is_not_written():
    dossier = make_dossier()

    said = words(clerk_of(dossier).get(f"{dossier.get_absolute_url()}draft/submission.docx"))

    assert "(chưa ghi)" in said
    assert "Chưa có đối tượng nào." in said


def test_draft_is_what_stands_now():
    dossier = make_printed()
    client = clerk_of(dossier)
    dossier.items.filter(kind="submission").update(words={"number": "26/TTr-UBND", "body": "Bản khác."})

    said = words(client.get(f"{dossier.get_absolute_url()}draft/submission.docx"))

    assert {"Số: 26/TTr-UBND", "Bản khác."} <= set(said)


def test_draft_is_gone_once_it_is_handed_in(version):
    client, page = clerk_of(version.dossier), version.dossier.get_absolute_url()

    assert client.get(f"{page}draft/submission.pdf").status_code == 404
    assert "draft/" not in client.get(page).content.decode()


@pytest.mark.parametrize(
    "rest",
    [
        "versions/1/submission.doc",
        "versions/1/submission.xlsx",
        "versions/1/list.pdf",
        "versions/1/summary-0.pdf",
        "versions/1/attachment-1.pdf",
        "versions/2/submission.pdf",
        "draft/submission.pdf",
    ],
)
def test_paper_that_is_none_is_not_found(version, rest):
    assert clerk_of(version.dossier).get(f"{version.dossier.get_absolute_url()}{rest}").status_code == 404


def test_papers_are_for_the_districts_people_and_reviewers_alone():
    dossier = handed_in()
    address = f"{dossier.get_absolute_url()}versions/1/submission.docx"
    neighbour = GrantFactory(area=DistrictFactory(parent=dossier.area.parent), role=Role.DISTRICT_STAFF).user
    official = GrantFactory(area=dossier.area, role=Role.VIEWER).user

    assert clerk_of(dossier).get(address).status_code == 200
    assert client_of(reviewer_of(dossier)).get(address).status_code == 200
    assert client_of(neighbour).get(address).status_code == 404
    assert client_of(official).get(address).status_code == 403
    assert "/login" in Client().get(address).url


def test_pages_lead_to_the_papers(version):
    dossier = version.dossier
    reviewer = client_of(reviewer_of(dossier))
    first = dossier.nominees.first()
    page = f"{dossier.get_absolute_url()}versions/1/"

    receipt = clerk_of(dossier).get(page).content.decode()
    review = reviewer.get(f"/review/{dossier.pk}/").content.decode()

    for form in ("pdf", "docx"):
        assert f'href="{page}submission.{form}"' in receipt
        assert f'href="{page}summary-{first.pk}.{form}"' in receipt
    assert f'href="{page}list.xlsx"' in receipt
    assert f'href="{page}submission.pdf"' in review
    assert f'href="{page}summary-{first.pk}.pdf"' in review


def test_writing_pages_lead_to_drafts():
    dossier = make_printed()
    client, page = clerk_of(dossier), dossier.get_absolute_url()
    first = dossier.nominees.first()

    tasks = client.get(page).content.decode()
    paper = client.get(f"{page}papers/summary-{first.pk}/").content.decode()
    make_item(dossier, kind="attachment", words={"title": "Bản đồ"})
    attachment = dossier.items.get(kind="attachment")

    assert f'href="{page}draft/summary-{first.pk}.pdf"' in tasks
    assert f'href="{page}draft/submission.docx"' in tasks
    assert f'href="{page}draft/list.xlsx"' in tasks
    assert f'href="{page}draft/summary-{first.pk}.docx"' in paper
    assert "draft/" not in client.get(f"{page}papers/attachment-{attachment.pk}/").content.decode()


def test_paper_of_many_nominees_takes_as_many_questions_as_of_three():
    dossier = make_printed()
    client = clerk_of(dossier)
    address = f"{dossier.get_absolute_url()}draft/submission.docx"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _number in range(30):
        make_nominee(dossier, make_unit(dossier.area, "agency"))

    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) == len(few)
