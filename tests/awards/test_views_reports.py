"""The pages of the review of a phase, by who may, and the paper with a code that anybody can check."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from core.enums import Role
from core.models import IssuedPaper
from tests.awards.contests import make_contest
from tests.awards.phase_reports import LAST, lived_phase
from tests.factories import CommuneFactory, GrantFactory, UserFactory
from tests.riskmap.province import day

pytestmark = pytest.mark.django_db


def client_of(role: Role, area) -> Client:
    user = UserFactory()
    GrantFactory(user=user, role=role, area=area)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def contest():
    return lived_phase()


def test_page_shows_the_figures_and_leads_to_the_paper(contest):
    clerk = client_of(Role.HOME_AFFAIRS, contest.province.area)

    listed = clerk.get(reverse("awards:phase_reports")).text
    page = clerk.get(reverse("awards:phase_report", args=[contest.phase.pk])).text

    assert reverse("awards:phase_report", args=[contest.phase.pk]) in listed
    assert "<strong>3/3</strong>" in page
    assert "đầu đợt 2" in page
    assert "512/QĐ-UBND" in page
    assert 'aria-label="vùng xanh 2"' in page
    assert reverse("awards:phase_report_paper", args=[contest.phase.pk, "docx"]) in page
    assert "Đặng Thị Bảy" not in page


def test_phase_without_a_standing_says_so(contest):
    empty = make_contest(code="91")
    clerk = client_of(Role.HOME_AFFAIRS, empty.province.area)

    page = clerk.get(reverse("awards:phase_report", args=[empty.phase.pk]))
    paper = clerk.get(reverse("awards:phase_report_paper", args=[empty.phase.pk, "pdf"]))

    assert "chưa có bảng xếp hạng" in page.text
    assert paper.status_code == 404


def test_neighbours_and_those_who_do_not_review_see_nothing_of_it(contest):
    address = reverse("awards:phase_report", args=[contest.phase.pk])
    paper = reverse("awards:phase_report_paper", args=[contest.phase.pk, "docx"])
    elsewhere = client_of(Role.HOME_AFFAIRS, CommuneFactory().parent.parent)
    district = client_of(Role.DISTRICT_STAFF, contest.province.districts["901"])

    for wanted in (address, paper):
        assert elsewhere.get(wanted).status_code == 404
        assert contest.campaign.short_title not in elsewhere.get(wanted).text
        assert district.get(wanted).status_code == 403
    assert contest.campaign.short_title not in elsewhere.get(reverse("awards:phase_reports")).text


def test_paper_carries_a_code_and_everybody_is_given_the_same_bytes(contest):
    first, second = (client_of(Role.HOME_AFFAIRS, contest.province.area) for _person in range(2))
    address = reverse("awards:phase_report_paper", args=[contest.phase.pk, "pdf"])

    once, again = first.get(address), second.get(address)
    word = first.get(reverse("awards:phase_report_paper", args=[contest.phase.pk, "docx"]))

    assert once.content == again.content
    code = IssuedPaper.objects.filter(file_format="pdf").get().written_code
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(once.content)).pages)
    assert f"Mã xác minh: {code}" in " ".join(text.split())
    assert Document(io.BytesIO(word.content)).core_properties.title.startswith("Báo cáo Sơ kết đợt 1")
    assert {paper.written_code for paper in IssuedPaper.objects.all()} == {code}
    checked = Client().get(reverse("riskmap:verify"), {"code": code}).text
    assert "Báo cáo sơ kết đợt 1" in checked
    assert "1 tập thể, 1 cá nhân" in checked
    assert "Đặng Thị Bảy" not in checked


def test_unknown_form_is_not_found(contest):
    clerk = client_of(Role.HOME_AFFAIRS, contest.province.area)

    assert clerk.get(f"/phase-reports/{contest.phase.pk}/report.odt").status_code == 404


def test_page_takes_as_many_queries_for_many_phases_and_places(contest, django_assert_max_num_queries):
    clerk = client_of(Role.HOME_AFFAIRS, contest.province.area)
    clerk.get(reverse("awards:phase_reports"))
    with django_assert_max_num_queries(14):
        clerk.get(reverse("awards:phase_reports"))
    with django_assert_max_num_queries(46):
        clerk.get(reverse("awards:phase_report", args=[contest.phase.pk]))


def test_phase_whose_last_day_is_not_published_is_marked_as_interim():
    contest = make_contest()
    contest.live(0, LAST - 1)
    contest.compute(LAST + 1)
    clerk = client_of(Role.HOME_AFFAIRS, contest.province.area)

    page = clerk.get(reverse("awards:phase_report", args=[contest.phase.pk])).text

    assert "tạm tính, chưa có số liệu ngày cuối của đợt" in page
    assert f"{day(LAST - 1):%d/%m/%Y}" in page
