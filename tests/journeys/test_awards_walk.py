"""From counts to a printed decision through the pages, each act by the right role, and by no other."""

import io
import re

import pytest
from django.utils import timezone
from docx import Document
from playwright.sync_api import expect
from pypdf import PdfReader

from awards.models import Candidate, Decision, DecisionLine, Dossier, DossierVersion, Nominee, Proposal
from tests.journeys.awarding import (
    AwardsDay,
    begins_dossier,
    checks_and_hands_in,
    judges,
    proposes,
    writes_papers,
)
from tests.journeys.competing import Desk
from tests.journeys.conftest import PHONE
from tests.journeys.test_accessibility import assert_fits_everybody

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
RED, KEPT, ORANGE = "Phường Đô Vinh", "Xã Lợi Hải", "Xã Công Hải"
NURSE = "Trần Thị Bảy"


@pytest.fixture
def day(transactional_db, tmp_path):
    return AwardsDay(tmp_path)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def words_of(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(each.text for each in document.paragraphs), *cells]).split())


def test_phase_is_awarded_from_counts_to_a_printed_decision(day, open_page):
    day.portal_works()
    city, dossier = _city_hands_in(day, open_page)
    country, late = _country_comes_late(day, open_page)
    office, second = (
        Desk(open_page, name, "/review/", may_fail=True) for name in ("so-noi-vu", "so-noi-vu-2")
    )

    _office_asks_for_more(day, office, dossier)
    _city_writes_again(city, dossier)
    _commune_turns_orange_and_is_withdrawn(day, country, office, second, open_page)
    _two_people_review(office, second, dossier, late)
    health = _health_department_answers(office, open_page)
    proposal = _list_goes_to_the_chairman(office, second)
    decision = _decision_is_entered_in_part(open_page, proposal, office, health)
    _public_reads_and_checks(open_page, decision)
    city.goes(dossier.get_absolute_url()).reads("đã có quyết định", "được khen")
    country.goes(late.get_absolute_url()).reads("không được khen", "Đã rút khi kiểm tra lại.")
    assert dict(Dossier.objects.values_list("area__code", "status")) == {"582": "decided", "588": "decided"}


def _city_hands_in(day, open_page) -> tuple[Desk, Dossier]:
    """In time: a collective that came from red to green, and a person of it."""
    board = open_page("/campaigns/giu-vung-xanh/standings/dot-1/")
    expect(board.get_by_role("region", name="Từ vùng đỏ").get_by_role("row", name=RED)).to_contain_text("1")
    city = Desk(open_page, "can-bo-tp", may_fail=True).works_in("Hồ sơ")
    begins_dossier(city)
    proposes(city, "do vinh")
    proposes(city, "do vinh", NURSE, person_post="Y tá, Trạm Y tế phường", deeds="Trực chốt số 2 suốt đợt.")
    writes_papers(city, number="25/TTr-UBND", deeds={RED: "Giữ chốt.", NURSE: "Trực chốt số 2."})
    checks_and_hands_in(city)
    version = DossierVersion.objects.get()
    city.reads("Biên nhận hồ sơ", version.receipt, version.sha256)
    dossier = version.dossier
    city.is_refused(f"/review/{dossier.pk}/", "/review/", "/permits/", "/proposals/", "/opinions/asked/")
    return city, dossier


def _country_comes_late(day, open_page) -> tuple[Desk, Dossier]:
    """Its papers are ready, the deadline passes; by leave of Sở Nội vụ it hands in, once."""
    country = Desk(open_page, "can-bo-huyen", may_fail=True).works_in("Hồ sơ")
    begins_dossier(country)
    late = Dossier.objects.get(area__code="588")
    country.is_refused(Dossier.objects.get(area__code="582").get_absolute_url())
    for name in (KEPT, ORANGE):
        proposes(country, name)
    writes_papers(country, number="8/TTr-UBND", deeds={KEPT: "Giữ ba chốt.", ORANGE: "Đi từng nhà."})
    day.deadline_passes()
    checks_address = f"{late.get_absolute_url()}check/"
    country.goes(checks_address).reads("Đã quá hạn")
    country.page.get_by_label("Tôi đã kiểm tra").check()
    country.presses("Nộp hồ sơ").reads("Đã quá hạn gửi hồ sơ")
    assert not late.versions.exists()

    office = Desk(open_page, "so-noi-vu", "/permits/")
    office.page.get_by_label("Đợt").select_option(index=1)
    office.page.get_by_label("Địa bàn").select_option(label=late.area.name)
    office.types(
        reason="Đường truyền của huyện hỏng từ chiều.", expires_at_0=day.in_days(2), expires_at_1="17:00"
    )
    office.presses("Cho nộp muộn").reads("chưa dùng")
    office.page.context.close()

    country.goes(checks_address).reads("dùng phép của Sở Nội vụ")
    country.page.get_by_label("Tôi đã kiểm tra").check()
    country.presses("Nộp hồ sơ").reads("Biên nhận hồ sơ", "nộp muộn, theo phép")
    assert late.versions.get().is_late
    assert_fits_everybody(country.page)
    return country, late


def _office_asks_for_more(day, office: Desk, dossier: Dossier) -> None:
    office.works_in("Thẩm định").follows(dossier.area.name).presses("Nhận thẩm định")
    asks = office.page.locator("details.review-act")
    asks.locator("summary").click()
    collective = Nominee.objects.get(dossier=dossier, person="")
    asked = {"reason": "Báo cáo còn sơ sài", "due": f"17:00 {day.in_days(2)}"}
    asked |= {f"summary-{collective.pk}": "Xin ghi kết quả bằng số."}
    for name, text in asked.items():
        asks.locator(f"[name={name}]").fill(text)
    asks.get_by_role("button").click()
    office.reads("Đã ghi: trả lại để bổ sung.")
    dossier.refresh_from_db()
    assert dossier.status == "returned"


def _city_writes_again(city: Desk, dossier: Dossier) -> None:
    """Past the phase's deadline, within that of the return."""
    city.goes(dossier.get_absolute_url()).reads("Xin ghi kết quả bằng số.")
    city.page.get_by_role("link", name=f"Báo cáo tóm tắt thành tích: {RED}").click()
    city.types(deeds="Năm chốt, 30 người thay ca; lấy 900 mẫu.").presses("Lưu")
    checks_and_hands_in(city)
    city.reads("Biên nhận hồ sơ")
    assert [each.is_late for each in dossier.versions.all()] == [False, False]


def _commune_turns_orange_and_is_withdrawn(day, country, office, second, open_page) -> None:
    """A case of yesterday comes in, the phase ends: the re-check sees it, two people withdraw the commune."""
    country.goes(f"/counts/588/{day.ago(1)}/").page.wait_for_selector("[data-entry][data-ready]")
    for column, number in (
        ("unknown_source", 1),
        ("known_source", 0),
        ("isolated", 0),
        ("close_contacts", 0),
    ):
        country.page.fill(f"[name='22723-{column}']", str(number))
    country.page.keyboard.press("Control+Enter")
    country.page.get_by_role("dialog").get_by_role("button", name="Gửi", exact=False).click()
    country.reads("Đã gửi 1 xã")
    day.phase_ends()

    office.works_in("Danh sách xét khen").follows("Kiểm tra lại khi đợt kết thúc")
    office.reads("Thay đổi từ hạn gửi hồ sơ", "từ xanh thành cam")
    office.presses("Giữ mọi ứng viên không thay đổi").reads("chờ người thứ hai xác nhận")
    office.page.get_by_role("link", name=re.compile(f"Giữ hay rút.*{ORANGE}")).first.click()
    office.page.get_by_label("Rút khỏi danh sách").check()
    office.types(reason="Chuyển cam trước khi đợt kết thúc").presses("Ghi quyết định")
    expect(office.page.get_by_role("button", name="Xác nhận", exact=False)).to_have_count(0)  # not by oneself
    assert_fits_everybody(office.page)
    second.goes(office.page.url)
    second.page.get_by_role("button", name=re.compile(r"Xác nhận \d+ quyết định của người khác")).click()
    second.reads("Đã xác nhận")
    withdrawn = Candidate.objects.get(unit=day.units["22723"])
    assert (withdrawn.decision, withdrawn.confirmed_by.username) == ("withdrawn", "so-noi-vu-2")


def _two_people_review(office: Desk, second: Desk, dossier: Dossier, late: Dossier) -> None:
    for each, names in ((dossier, (RED, NURSE)), (late, (KEPT, ORANGE))):
        office.goes(f"/review/{each.pk}/").presses("Nhận thẩm định")
        for name in names:
            out = name == ORANGE
            judges(office, name, passed=not out, reason="Đã rút khi kiểm tra lại." if out else "")
        expect(office.page.get_by_role("button", name="Thẩm định xong")).to_have_count(
            0
        )  # a second person does
        second.goes(f"/review/{each.pk}/").presses("Thẩm định xong")
        each.refresh_from_db()
        assert each.status == "reviewed"
    assert_fits_everybody(second.page)


def _health_department_answers(office: Desk, open_page) -> Desk:
    office.works_in("Ý kiến Sở Y tế").follows("Đề nghị cho ý kiến: Đợt 1")
    for box in office.page.locator("[name=nominees]").all():
        box.check()
    office.types(due_0="31/12/2099", due_1="17:00").presses("Gửi Sở Y tế")
    slip = text_of(office.fetches("Phiếu lấy ý kiến (PDF)"))
    assert "PHIẾU LẤY Ý KIẾN" in slip
    assert NURSE in slip

    health = Desk(open_page, "so-y-te", may_fail=True).works_in("Ý kiến Sở Y tế").follows("Đợt 1")
    for name in (RED, KEPT, NURSE):
        against = name == KEPT
        health.page.get_by_label(f"Ý kiến: {name}").select_option("disagree" if against else "agree")
        if against:
            health.page.get_by_label(f"Ghi chú: {name}").fill("Mẫu lấy chưa đủ.")
    health.presses("Lưu ý kiến")
    health.types(document_number="120/SYT-NVY").presses("Trả lời").reads("120/SYT-NVY")
    assert_fits_everybody(health.page)
    health.is_refused("/review/", "/proposals/", "/proposals/received/")
    return health


def _list_goes_to_the_chairman(office: Desk, second: Desk) -> Proposal:
    office.works_in("Tờ trình Chủ tịch").follows("Lập tờ trình: Đợt 1")
    assert ORANGE not in office.page.get_by_role("main").inner_text()
    office.page.get_by_label(f"Vì sao vẫn trình {KEPT}").fill("Xã giữ xanh suốt đợt.")
    office.presses("Lập tờ trình").reads("Bạn đã lập tờ trình này; xin để người thứ hai duyệt.")
    proposal = Proposal.objects.get()
    second.goes(proposal.get_absolute_url()).presses("Duyệt")
    second.types(number="88/TTr-SNV").presses("Trình Văn phòng").reads("Tờ trình 88/TTr-SNV")
    paper = text_of(second.fetches("Tờ trình (PDF)"))
    assert "88/TTr-SNV" in paper
    assert "Xã giữ xanh suốt đợt." in paper
    second.is_refused(f"/proposals/received/{proposal.pk}/")
    return proposal


def _decision_is_entered_in_part(open_page, proposal: Proposal, office: Desk, health: Desk) -> Decision:
    chairman = Desk(open_page, "van-phong", may_fail=True).works_in("Trình Chủ tịch").follows("88/TTr-SNV")
    chairman.is_refused("/review/", proposal.get_absolute_url(), "/opinions/")
    assert "Số: /QĐ-UBND" in text_of(chairman.fetches("Dự thảo quyết định (PDF)"))  # no number yet
    refused = Nominee.objects.get(unit__name=KEPT)
    chairman.page.get_by_label(f"Khen: {KEPT}", exact=True).uncheck()
    chairman.types(number="512/QĐ-UBND", signed_on=_today(), signer="Nguyễn Hữu Mẫu", signer_post="Chủ tịch")
    chairman.types(**{f"why-{refused.pk}": "Xét cùng đợt sau."}).presses("Ghi quyết định").reads(
        "512/QĐ-UBND"
    )
    decision = Decision.objects.get()
    chairman.reads("Đã có quyết định")  # with its papers
    assert_fits_everybody(chairman.page)

    printed = text_of(chairman.fetches("Quyết định (PDF)"))
    for words in ("512/QĐ-UBND", "QUYẾT ĐỊNH", RED, NURSE, "Nguyễn Hữu Mẫu", "./."):
        assert words in printed, words
    assert KEPT not in printed
    typed = words_of(chairman.downloads("Quyết định (Word)"))
    assert RED in typed
    assert NURSE in typed
    assert "512/QĐ-UBND" in typed
    certificates = PdfReader(io.BytesIO(chairman.fetches("Bằng khen A4 (PDF)")))
    assert len(certificates.pages) == 2
    assert NURSE in words_of(chairman.downloads("Thông báo kết quả (Word)"))
    for other in (office, health):
        other.is_refused(
            f"/proposals/decisions/{decision.pk}/decision.pdf", f"/proposals/received/{proposal.pk}/"
        )
    return decision


def _today() -> str:
    return f"{timezone.localdate():%d/%m/%Y}"


def _public_reads_and_checks(open_page, decision: Decision) -> None:
    anybody = open_page("/awards/", **PHONE)
    register = anybody.get_by_role("main")
    expect(register).to_contain_text(RED)
    expect(register).to_contain_text(NURSE)
    expect(register).not_to_contain_text(KEPT)
    expect(register).not_to_contain_text(ORANGE)
    assert_fits_everybody(anybody)
    anybody.get_by_role("link", name="Kiểm tra bằng khen").click()
    anybody.get_by_label("Mã trên bằng khen").fill(DecisionLine.objects.get(name=NURSE).code)
    anybody.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(register).to_contain_text("Bằng khen thật.")
    expect(register).to_contain_text(NURSE)
    assert_fits_everybody(anybody)
