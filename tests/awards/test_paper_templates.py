"""Templates of the office: put in after a check, tried, used for papers, taken out; never a PDF of them."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from docx import Document

from awards.enums import PaperKind
from awards.models import PaperTemplate
from awards.paper.samples import sample_of
from awards.paper_templates import TemplateRefused, put_in_template, take_out_template
from core.enums import Role
from core.files import keep_document
from core.models import AuditEvent, IssuedPaper, StoredFile
from core.people import system_user
from tests.awards.decisions import make_proposal
from tests.awards.dossiers import AT, make_dossier
from tests.awards.test_views_decisions import client_of, decided, dossier  # noqa: F401
from tests.factories import ProvinceFactory

pytestmark = pytest.mark.django_db


def handed_in(province, body=None, name="mau.docx"):
    upload = SimpleUploadedFile(name, body or sample_of(PaperKind.DECISION))
    return keep_document(upload=upload, area=province, by=system_user(), at=AT)


def put_in(province, kind=PaperKind.DECISION, body=None):
    file = handed_in(province, body or sample_of(kind))
    return put_in_template(province=province, kind=kind, file=file, by=system_user(), at=AT)


def changed(kind, **words):
    """The sample with words of it written otherwise, as an office would."""
    document = Document(io.BytesIO(sample_of(kind)))
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            for before, after in words.values():
                run.text = run.text.replace(before, after) if before in run.text else run.text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def words_of(answer):
    document = Document(io.BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_second_template_takes_the_place_of_the_first():
    province = ProvinceFactory()
    first = put_in(province)

    second = put_in(province)

    first.refresh_from_db()
    assert (first.taken_out_at, first.taken_out_by) == (AT, system_user())
    assert PaperTemplate.objects.get(taken_out_at=None) == second
    reasons = AuditEvent.objects.filter(table_name="awards_papertemplate").values_list("reason", flat=True)
    assert set(reasons) == {"Dùng mẫu riêng: quyết định khen thưởng"}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_put_in_at_once_one_template_is_in_use():
    province, told = ProvinceFactory(), []
    files, both = [handed_in(province), handed_in(province)], Barrier(2)

    def put(file):
        both.wait(20)
        try:
            put_in_template(province=province, kind=PaperKind.DECISION, file=file, by=system_user(), at=AT)
            told.append("put in")
        except TemplateRefused as refusal:
            told.append(refusal.message)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        list(people.map(put, files))

    assert "put in" in told
    assert all(words == "put in" or "Người khác vừa đưa" in words for words in told)
    assert PaperTemplate.objects.filter(taken_out_at=None).count() == 1


def test_template_of_another_kind_is_refused_with_its_faults_and_nothing_is_written():
    province = ProvinceFactory()
    file = handed_in(province, sample_of(PaperKind.OPINION_SLIP))

    with pytest.raises(TemplateRefused) as refusal:
        put_in_template(province=province, kind=PaperKind.NOTICE, file=file, by=system_user(), at=AT)

    assert "{{ hạn_trả_lời }}" in " ".join(fault.quote for fault in refusal.value.faults)
    assert not PaperTemplate.objects.exists()


def test_file_of_another_province_or_no_word_file_is_refused():
    province = ProvinceFactory()
    scan = StoredFile(area=province, content_type="application/pdf", name="mau.pdf", content=b"%PDF-")

    for file in (handed_in(ProvinceFactory()), scan):
        with pytest.raises(TemplateRefused):
            put_in_template(province=province, kind=PaperKind.DECISION, file=file, by=system_user(), at=AT)


def test_kind_without_placeholders_stays_the_portals():
    province = ProvinceFactory()

    with pytest.raises(TemplateRefused):
        put_in_template(
            province=province, kind=PaperKind.REPORT, file=handed_in(province), by=system_user(), at=AT
        )


def test_template_is_taken_out_once():
    template = put_in(ProvinceFactory())
    take_out_template(template=template, by=system_user(), at=AT)

    with pytest.raises(TemplateRefused):
        take_out_template(template=template, by=system_user(), at=AT)


def test_papers_are_set_by_the_template_in_the_same_bytes_and_have_no_pdf(dossier):  # noqa: F811
    office, decision = decided(dossier)
    province = dossier.area.parent
    said = changed(PaperKind.DECISION, act=("QUYẾT ĐỊNH:", "NAY QUYẾT ĐỊNH:"))
    put_in(province, PaperKind.DECISION, said)
    address = reverse("awards:decision_paper", args=[decision.pk, "decision", "docx"])

    once, again = office.get(address), office.get(address)
    pdf = office.get(reverse("awards:decision_paper", args=[decision.pk, "decision", "pdf"]))
    page = office.get(reverse("awards:proposal_received", args=[decision.proposal_id])).text

    assert once.content == again.content
    words = words_of(once)
    assert "NAY QUYẾT ĐỊNH:" in words
    assert "Đặng Thị Bảy, Trạm trưởng Trạm Y tế" in words
    assert "Số: 512/QĐ-UBND" in words
    paper = IssuedPaper.objects.get(file_format="docx", title="Quyết định khen thưởng")
    assert paper.written_code in once["Content-Disposition"]
    assert paper.written_code in Document(io.BytesIO(once.content)).sections[0].footer.paragraphs[0].text
    assert pdf.status_code == 404
    assert "mẫu Word riêng" in page
    assert "Quyết định (PDF)" not in page
    assert (
        office.get(reverse("awards:decision_paper", args=[decision.pk, "notice", "pdf"])).status_code == 200
    )


def test_draft_by_a_template_says_so_and_leaves_no_code(dossier):  # noqa: F811
    put_in(dossier.area.parent, PaperKind.PROPOSAL)
    proposal = make_proposal(dossier.phase)
    clerk = client_of(Role.HOME_AFFAIRS, dossier)

    answer = clerk.get(reverse("awards:proposal_paper", args=[proposal.pk, "docx"]))
    page = clerk.get(proposal.get_absolute_url()).text

    assert "DỰ THẢO" in Document(io.BytesIO(answer.content)).sections[0].footer.paragraphs[0].text
    assert not IssuedPaper.objects.exists()
    assert "mẫu Word riêng" in page
    assert "Tờ trình (PDF)" not in page


def test_file_is_checked_tried_put_in_and_taken_out_on_the_pages(django_assert_num_queries):
    dossier = make_dossier()  # noqa: F811
    province, clerk = dossier.area.parent, client_of(Role.HOME_AFFAIRS, dossier)
    page = reverse("awards:paper_template", args=[province.code, "decision"])
    sample = clerk.get(reverse("awards:template_sample", args=["decision"]))
    faulty = changed(PaperKind.DECISION, name=("{{ đối_tượng }}", "{{ doi_tuong }}"))

    def post(body, act, name="mau của Sở.docx"):
        return clerk.post(page, {"file": SimpleUploadedFile(name, body), "note": "Theo QĐ 12", "act": act})

    refused = post(faulty, "put_in")
    checked = post(sample.content, "check")
    kept = re.search(r'name="file-kept" value="([^"]+)"', checked.text)[1]
    trial = clerk.get(re.search(r'href="(/paper-templates/[^"]+/trial/[^"]+)"', checked.text)[1])
    done = clerk.post(page, {"file-kept": kept, "note": "Theo QĐ 12", "act": "put_in"})

    assert "Có phải {{ đối_tượng }}?" in refused.text
    assert "Đoạn" in refused.text
    assert "không có lỗi" in checked.text
    assert "03 tập thể và 02 cá nhân" in words_of(trial)
    assert done.status_code == 302
    template = PaperTemplate.objects.get()
    assert (template.note, template.file.name) == ("Theo QĐ 12", "mau của Sở.docx")
    with django_assert_num_queries(10):
        shown = clerk.get(page).text
    with django_assert_num_queries(10):
        listed = clerk.get(reverse("awards:paper_templates")).text
    assert "Mẫu riêng đang dùng" in shown
    assert "Theo QĐ 12" in listed
    clerk.post(reverse("awards:template_take_out", args=[template.pk]))
    assert "đang theo bố cục của cổng" in clerk.get(page).text
    assert "Theo QĐ 12" in clerk.get(page).text  # the history stays


def test_what_is_no_word_file_or_tries_to_run_something_is_told_and_not_put_in():
    dossier = make_dossier()  # noqa: F811
    page = reverse("awards:paper_template", args=[dossier.area.parent.code, "decision"])
    clerk, hostile = client_of(Role.HOME_AFFAIRS, dossier), Document()
    hostile.add_paragraph("{{ ''.__class__.__mro__[1].__subclasses__() }}{% include '/etc/passwd' %}")
    out = io.BytesIO()
    hostile.save(out)

    answers = [
        clerk.post(page, {"file": SimpleUploadedFile("mau.docx", body), "act": "put_in"})
        for body in (b"MZ\x90", b"%PDF-1.7 %%EOF", out.getvalue())
    ]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert "không phải PDF, Word" in answers[0].text
    assert "PDF không mở được" in answers[1].text
    assert "chỉ được ghi một tên trong danh sách" in answers[2].text
    assert "Không nhận lệnh này" in answers[2].text
    assert not PaperTemplate.objects.exists()


def test_other_kinds_provinces_and_files_are_not_found():
    dossier = make_dossier()  # noqa: F811
    clerk, province, other = client_of(Role.HOME_AFFAIRS, dossier), dossier.area.parent, ProvinceFactory()
    mine, theirs = (
        handed_in(province, changed(PaperKind.DECISION, x=("{{ đợt }}", "{{ x }}"))),
        handed_in(other),
    )

    addresses = [
        reverse("awards:paper_template", args=[other.code, "decision"]),
        reverse("awards:paper_template", args=[province.code, "report"]),
        reverse("awards:template_sample", args=["report"]),
        reverse("awards:template_trial", args=[province.code, "decision", mine.token]),  # has a fault
        reverse("awards:template_trial", args=[province.code, "decision", theirs.token]),
    ]
    taken_out = clerk.post(reverse("awards:template_take_out", args=[put_in(other).pk]))

    assert [clerk.get(address).status_code for address in addresses] == [404] * 5
    assert taken_out.status_code == 404
