"""Handing out: papers under a code that anybody can check, and what is told of them."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from awards.models import Proposal
from awards.paper.hand_out import hand_out
from core.enums import Role
from core.models import IssuedPaper
from tests.awards.test_views_decisions import client_of, correct, decided, dossier  # noqa: F401  (a fixture)
from tests.core.letters.samples import make_letter
from tests.factories import ProvinceFactory

pytestmark = pytest.mark.django_db


def give(fmt="pdf", *, evidence=None, **said):
    usual = {
        "name": "quyet-dinh-1", "kind": "decision", "title": "Quyết định khen thưởng",
        "facts": ("Số, ký hiệu", "05/QĐ-UBND"),
    } | said  # fmt: skip
    return hand_out(make_letter(), fmt, evidence=evidence, **({"area": ProvinceFactory()} | usual))


def code_of(answer) -> str:
    return re.search(r"-(\w{5}-\w{5})\.\w+", answer["Content-Disposition"])[1]


def check(content, name):
    return Client().post(reverse("riskmap:verify"), {"file": SimpleUploadedFile(name, content)})


def test_paper_carries_its_code_in_name_and_at_its_foot():
    answer = give(evidence={"number": 5})
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="quyet-dinh-1-{code_of(answer)}.pdf"'
    assert answer["Content-Language"] == "vi"
    assert f"Mã xác minh: {code_of(answer)}" in text


def test_paper_is_known_by_its_code_and_by_its_bytes_and_altered_it_is_not():
    answer = give("docx", evidence={"number": 5})
    code = code_of(answer)

    by_code = Client().get(reverse("riskmap:verify"), {"code": code.lower()})
    by_bytes = check(answer.content, "any.docx")
    altered = check(answer.content + b" ", f"quyet-dinh-1-{code}.docx")
    nameless = check(answer.content + b" ", "any.docx")

    assert answer["Content-Disposition"].startswith("attachment")
    for page in (by_code, by_bytes, altered):
        assert "Quyết định khen thưởng" in page.text
        assert "05/QĐ-UBND" in page.text
    assert "Mã thật" in by_code.text
    assert "còn nguyên vẹn" in by_bytes.text
    assert "đã bị thay đổi" in altered.text
    assert ("Không nhận ra tệp này" in nameless.text, code in nameless.text) == (True, False)


def test_draft_says_that_it_is_one_and_is_written_down_nowhere():
    answer = give()
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()

    assert "DỰ THẢO" in text
    assert answer["Content-Disposition"] == 'inline; filename="quyet-dinh-1.pdf"'
    assert not IssuedPaper.objects.exists()


def test_form_that_is_none_is_not_found():
    for fmt in ("xlsx", "exe", ""):
        with pytest.raises(Http404):
            give(fmt, evidence={"number": 5})


def test_forms_of_a_paper_are_told_together():
    area = ProvinceFactory()
    for fmt in ("pdf", "docx"):
        answer = give(fmt, evidence={"number": 5}, area=area)

    page = Client().get(reverse("riskmap:verify"), {"code": code_of(answer)})

    assert "DOCX, PDF" in page.text
    assert area.name in page.text


def test_papers_of_a_corrected_decision_are_told_as_replaced(dossier):  # noqa: F811
    office, decision = decided(dossier)
    address = reverse("awards:decision_paper", args=[decision.pk, "notice", "pdf"])
    code = code_of(office.get(address))
    before = Client().get(reverse("riskmap:verify"), {"code": code})

    correct(office, decision, dossier)
    after = Client().get(reverse("riskmap:verify"), {"code": code})
    other = give(evidence={"number": 5}, area=dossier.phase.campaign.province)

    assert "512/QĐ-UBND" in before.text
    assert "không còn hiệu lực" not in before.text
    assert "Quyết định số 530/QĐ-UBND ngày 25/09/2021" in after.text
    assert decision.corrections.get().get_absolute_url() in after.text
    assert "Đặng Thị" not in before.text + after.text
    told = Client().get(reverse("riskmap:verify"), {"code": code_of(other)})
    assert "không còn hiệu lực" not in told.text


@pytest.mark.parametrize("paper", ["list.xlsx", "certificates.pdf?size=a3", "certificates.docx"])
def test_files_of_a_decision_are_known_by_their_bytes(dossier, paper):  # noqa: F811
    office, decision = decided(dossier)
    address = f"/proposals/decisions/{decision.pk}/{paper}"

    answer, again = office.get(address), office.get(address)
    page = check(answer.content, "any")

    assert answer.content == again.content
    assert "còn nguyên vẹn" in page.text
    assert "512/QĐ-UBND" in page.text
    assert "Đặng Thị" not in page.text
    assert office.get(f"/proposals/decisions/{decision.pk}/certificates.pdf?size=a5").status_code == 400
    assert office.get(f"/proposals/decisions/{decision.pk}/list.pdf").status_code == 404


def test_list_of_a_proposal_is_a_draft_until_it_is_approved(dossier):  # noqa: F811
    clerk, chief = (client_of(Role.HOME_AFFAIRS, dossier) for _person in range(2))
    nominees = [each.pk for each in dossier.nominees.order_by("place")]
    clerk.post(reverse("awards:proposal_new", args=[dossier.phase_id]), {"nominees": nominees, "note": ""})
    proposal = Proposal.objects.get()
    address = reverse("awards:proposal_list", args=[proposal.pk])

    draft = clerk.get(address)
    chief.post(reverse("awards:proposal_step", args=[proposal.pk]), {"act": "approve", "version": 1})
    frozen = clerk.get(address)

    assert "DỰ THẢO" in str(list(load_workbook(io.BytesIO(draft.content))["Thông tin"].values))
    assert draft["Content-Disposition"] == f'attachment; filename="danh-sach-de-nghi-{proposal.pk}.xlsx"'
    assert code_of(frozen) in str(list(load_workbook(io.BytesIO(frozen.content))["Thông tin"].values))
    assert IssuedPaper.objects.count() == 1


def test_code_of_a_certificate_leads_to_its_own_page(dossier):  # noqa: F811
    _office, decision = decided(dossier)
    awarded, other = decision.lines.get(awarded=True), decision.lines.get(awarded=False)

    page = Client().get(reverse("riskmap:verify"), {"code": awarded.code.lower()}, follow=True)

    assert page.redirect_chain == [(f"{reverse('awards:certificate')}?code={awarded.code}", 302)]
    assert "Bằng khen thật" in page.text
    assert Client().get(reverse("riskmap:verify"), {"code": other.code}).status_code == 404
