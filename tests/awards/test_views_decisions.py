"""The pages from the opinion to the register, each by the right role."""

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from awards.models import Decision, OpinionRequest, Proposal
from core.enums import Role
from tests.awards.dossiers import PERSON, make_dossier, make_nominee
from tests.factories import GrantFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    dossier = make_dossier(status="reviewed")
    unit = make_nominee(dossier, status="passed").unit
    make_nominee(
        dossier, unit, kind=PERSON, person="Đặng Thị Bảy", person_post="Trạm trưởng Trạm Y tế",
        deeds="Trực chốt.", search_text="dang thi bay", status="passed",
    )  # fmt: skip
    return dossier


def client_of(role, dossier):
    user = UserFactory()
    GrantFactory(user=user, role=role, area=dossier.area.parent)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def decided(dossier):
    """The whole way through the pages; the office's client and the decision."""
    clerk, chief, office = (
        client_of(role, dossier) for role in (Role.HOME_AFFAIRS, Role.HOME_AFFAIRS, Role.CHAIRMAN_OFFICE)
    )
    nominees = [each.pk for each in dossier.nominees.order_by("place")]
    said = {"nominees": nominees, "note": ""}
    made = clerk.post(reverse("awards:proposal_new", args=[dossier.phase_id]), said)
    proposal = Proposal.objects.get()
    steps = reverse("awards:proposal_step", args=[proposal.pk])
    assert made.url == proposal.get_absolute_url()
    clerk.post(steps, {"act": "approve", "version": 1})
    proposal.refresh_from_db()
    assert proposal.status == "draft"  # not by who prepared it
    chief.post(steps, {"act": "approve", "version": 1})
    clerk.post(steps, {"act": "send", "version": 2, "number": "88/TTr-SNV"})
    page = office.get(reverse("awards:proposal_received", args=[proposal.pk]))
    assert "Đặng Thị Bảy" in page.text
    signed = {"number": "512/QĐ-UBND", "signed_on": "20/09/2021", "signer": "Lê Văn Mười", "version": 3}
    signed |= {"signer_post": "Chủ tịch", f"awarded-{nominees[1]}": "on"}
    refused = office.post(reverse("awards:proposal_received", args=[proposal.pk]), signed)
    assert "không khen phải ghi lý do" in refused.text
    signed[f"why-{nominees[0]}"] = "Đã khen đợt trước."
    office.post(reverse("awards:proposal_received", args=[proposal.pk]), signed)
    return office, Decision.objects.get()


def test_opinion_is_asked_and_answered_on_pages_and_nothing_typed_is_lost(dossier):
    asker, doctor, other = (
        client_of(role, dossier) for role in (Role.HOME_AFFAIRS, Role.HEALTH, Role.HEALTH)
    )
    due = timezone.localtime(timezone.now() + timedelta(days=3))
    nominees = [each.pk for each in dossier.nominees.all()]
    said = {"nominees": nominees, "due_0": f"{due:%d/%m/%Y}", "due_1": "17:00", "note": ""}
    asker.post(reverse("awards:opinion_ask", args=[dossier.phase_id]), said)
    asked = OpinionRequest.objects.get()
    grid = reverse("awards:opinion_request", args=[asked.pk])
    first, second = asked.opinions.order_by("nominee__place")

    def posted(verdict, note):
        lines = {f"line-{row.pk}-{name}": value for row in (first, second)
                 for name, value in (("verdict", verdict), ("note", note), ("version", 1))}  # fmt: skip
        return lines

    other.post(grid, posted("agree", "Của đồng nghiệp"))
    answer = doctor.post(grid, posted("disagree", "Của tôi"))

    assert "Của tôi" in answer.text
    assert "Của đồng nghiệp" in answer.text
    first.refresh_from_db()
    assert first.note == "Của đồng nghiệp"
    doctor.post(reverse("awards:opinion_answer", args=[asked.pk]), {"document_number": "12/SYT-NVY"})
    asked.refresh_from_db()
    assert asked.document_number == "12/SYT-NVY"
    assert "Của đồng nghiệp" in asker.get(reverse("awards:opinion_asked", args=[asked.pk])).text


def test_whole_way_from_list_to_register_by_the_right_roles(dossier):
    _office, decision = decided(dossier)
    public = Client()

    page = public.get(reverse("awards:register"), {"q": "dang thi BAY", "year": "2021"})
    nothing = public.get(reverse("awards:register"), {"q": "khong co ai"})
    book = load_workbook(io.BytesIO(public.get(reverse("awards:register_file")).content)).active
    own = public.get(decision.get_absolute_url())

    collective = dossier.nominees.get(person="").unit.name
    assert "Đặng Thị Bảy" in page.text
    assert "Không có tập thể, cá nhân nào khớp" in nothing.text
    assert [row[1].value for row in book.iter_rows(min_row=2)] == ["Đặng Thị Bảy"]
    assert "Đặng Thị Bảy" in own.text
    assert "1 tập thể, cá nhân được khen" in page.text
    assert f'<th scope="row">{collective}</th>' not in own.text
    for text in (page.text, own.text):
        assert "Trạm trưởng" not in text
        assert "Đã khen đợt trước" not in text


def test_office_reads_who_was_not_commended_and_why(dossier):
    office, decision = decided(dossier)

    page = office.get(reverse("awards:proposal_received", args=[decision.proposal_id])).text

    assert page.count("<strong>không được khen</strong>: Đã khen đợt trước") == 1


def test_certificate_is_known_by_its_code_however_it_is_written(dossier):
    _office, decision = decided(dossier)
    code = decision.lines.get(awarded=True).code
    public, address = Client(), reverse("awards:certificate")

    known = public.get(address, {"code": f" {code[:5].lower()}-{code[5:]}"})
    unknown = public.get(address, {"code": "2222222222"})
    not_awarded = public.get(address, {"code": decision.lines.get(awarded=False).code})

    assert "Bằng khen thật" in known.text
    assert "Đặng Thị Bảy" in known.text
    assert (unknown.status_code, not_awarded.status_code) == (404, 404)


def correct(office, decision, dossier):
    """A further decision that spells a name otherwise."""
    nominees = [each.pk for each in dossier.nominees.order_by("place")]
    signed = {
        "number": "530/QĐ-UBND",
        "signed_on": "25/09/2021",
        "signer": "Lê Văn Mười",
        "reason": "Sai tên.",
    }
    signed |= {"signer_post": "Chủ tịch", f"awarded-{nominees[1]}": "on", f"why-{nominees[0]}": "Như trước."}
    signed |= {f"name-{nominees[1]}": "Đặng Thị Bẩy"}
    office.post(reverse("awards:decision_correct", args=[decision.pk]), signed)


def test_correction_takes_the_place_of_what_it_corrects(dossier):
    office, decision = decided(dossier)
    code = decision.lines.get(awarded=True).code
    correct(office, decision, dossier)

    register = Client().get(reverse("awards:register")).text
    old = Client().get(reverse("awards:certificate"), {"code": code}).text
    assert ("Đặng Thị Bẩy" in register, "Đặng Thị Bảy" in register) == (True, False)
    assert "530/QĐ-UBND" in old


def test_papers_of_a_list_and_a_decision_say_what_is_frozen_in_the_same_bytes(dossier):
    office, decision = decided(dossier)
    clerk = client_of(Role.HOME_AFFAIRS, dossier)
    addresses = [
        (clerk, reverse("awards:proposal_paper", args=[decision.proposal_id, fmt])) for fmt in ("pdf", "docx")
    ]
    addresses += [(office, reverse("awards:decision_draft", args=[decision.proposal_id, "pdf"]))]
    papers = ("decision", "docx"), ("decision", "pdf"), ("notice", "docx"), ("certificates", "pdf")
    addresses += [(office, reverse("awards:decision_paper", args=[decision.pk, *each])) for each in papers]

    for client, address in addresses:
        once, again = client.get(address), client.get(address)

        assert once.status_code == 200, address
        assert once.content == again.content
        assert re.match(rb"%PDF|PK", once.content)
