"""The pages from the opinion to the register and the review of a phase: axe, both widths, the keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from awards.decisions import Signed, Verdict, enter_decision
from awards.opinions import ask_opinion
from awards.proposals import approve_proposal, prepare_proposal, send_proposal
from campaign.standing import compute_standings
from core.enums import Role
from tests.awards.dossiers import PERSON, make_dossier, make_nominee, make_version
from tests.factories import GrantFactory, UserFactory
from tests.journeys.competing import CITY, PROVINCE, SLUG, TOWN, Competition, Desk
from tests.journeys.test_accessibility import assert_fits_everybody

pytestmark = [pytest.mark.browser]
LONG = "Trưởng ban Chỉ đạo phòng, chống dịch COVID-19 kiêm Tổ trưởng Tổ giám sát cộng đồng khu phố 3"


class Commended:
    """A dossier of the city, reviewed: six nominees, of whom two are decided, two sent, two in a draft."""

    def __init__(self, competition: Competition) -> None:
        at = competition.now
        compute_standings(campaign=competition.campaign, at=at)
        self.phase = competition.campaign.phases.get()
        GrantFactory(user__username="van-phong", role=Role.CHAIRMAN_OFFICE, area=competition.area(PROVINCE))
        dossier = make_dossier(competition.area(CITY), self.phase, status="reviewed")
        make_version(dossier)
        unit = competition.units[TOWN]
        nominees = [make_nominee(dossier, unit, status="passed").pk] + [
            make_nominee(dossier, unit, kind=PERSON, person=f"Nguyễn Thị Kim Thoa {number}", person_post=LONG,
                         deeds="Trực chốt 40 đêm.", search_text=f"thoa {number}", status="passed").pk
            for number in range(1, 6)
        ]  # fmt: skip
        clerk, chief, office = UserFactory(), UserFactory(), UserFactory()
        self.request = ask_opinion(
            phase=self.phase, nominees=nominees[2:5], due=at + timedelta(days=3), by=clerk, at=at
        )
        self.decided, self.sent = (
            self._sent(nominees[first : first + 2], clerk, chief, at) for first in (0, 2)
        )
        verdicts = {nominees[0]: Verdict(True), nominees[1]: Verdict(False, "Đã khen đợt trước.")}
        signed = Signed("512/QĐ-UBND", competition.today, "Lê Văn Mười", "Chủ tịch")
        self.decision = enter_decision(
            proposal=self.decided, signed=signed, verdicts=verdicts, version=3, by=office, at=at
        )
        self.draft = prepare_proposal(
            phase=self.phase, nominees=nominees[4:], reasons={}, note="", by=clerk, at=at
        )

    def _sent(self, nominees, clerk, chief, at):
        made = prepare_proposal(phase=self.phase, nominees=nominees, reasons={}, note="", by=clerk, at=at)
        approve_proposal(proposal=made, version=1, by=chief, at=at)
        return send_proposal(proposal=made, number=f"{made.pk}/TTr-SNV", version=2, by=clerk, at=at)


@pytest.fixture
def commended(transactional_db, tmp_path):
    return Commended(Competition(tmp_path))


def _visit(page, *addresses: str) -> None:
    for address in addresses:
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        assert_fits_everybody(page)


def test_public_pages_of_awards(commended, open_page):
    code = commended.decision.lines.get(awarded=True).code
    _visit(
        open_page("/awards/", may_fail=True),
        "/awards/",
        f"/awards/?campaign={SLUG}",
        "/awards/?q=khong+co",
        commended.decision.get_absolute_url(),
        "/awards/certificate/",
        f"/awards/certificate/?code={code}",
        "/awards/certificate/?code=2222222222",
    )


def test_rooms_of_home_affairs(commended, open_page):
    desk = Desk(open_page, "so-noi-vu")
    _visit(
        desk.page,
        "/opinions/asked/",
        f"/opinions/asked/{commended.request.pk}/",
        f"/opinions/ask/{commended.phase.pk}/",
        "/proposals/",
        f"/proposals/new/{commended.phase.pk}/",
        f"/proposals/{commended.draft.pk}/",
        f"/proposals/{commended.draft.pk}/edit/",
        f"/proposals/{commended.decided.pk}/",
        "/phase-reports/",
        f"/phase-reports/{commended.phase.pk}/",
    )
    desk.goes(f"/opinions/ask/{commended.phase.pk}/").presses("Gửi Sở Y tế")
    desk.page.wait_for_selector("[role=alert]")
    assert_fits_everybody(desk.page)


def test_rooms_of_the_health_office_and_the_chairman_s(commended, open_page):
    health, office = Desk(open_page, "so-y-te"), Desk(open_page, "van-phong")
    _visit(health.page, "/opinions/", f"/opinions/{commended.request.pk}/")
    line = commended.request.opinions.order_by("pk").first()
    health.page.select_option(f"[name=line-{line.pk}-verdict]", "disagree")
    health.presses("Lưu ý kiến")
    assert_fits_everybody(health.page)  # with what is wrong beside the field

    received = f"/proposals/received/{commended.sent.pk}/"
    _visit(
        office.page,
        "/proposals/received/",
        received,
        f"/proposals/received/{commended.decided.pk}/",
        f"/proposals/decisions/{commended.decision.pk}/correct/",
    )
    office.goes(received).presses("Ghi quyết định")
    office.page.wait_for_selector("[role=alert]")
    assert_fits_everybody(office.page)


def test_opinion_is_given_by_the_keyboard_alone(commended, open_page):
    desk = Desk(open_page, "so-y-te", f"/opinions/{commended.request.pk}/")
    keys = desk.page.keyboard
    desk.page.locator("main select").first.focus()

    keys.press("ArrowDown")  # agree
    keys.press("Tab")
    keys.type("Đã điều tra xong.")
    for _place in range(2 * commended.request.opinions.count() - 1):
        keys.press("Tab")
    expect(desk.page.get_by_role("button", name="Lưu ý kiến")).to_be_focused()
    keys.press("Enter")

    expect(desk.page.get_by_role("status").or_(desk.page.locator(".notice--success")).first).to_be_visible()
    said = commended.request.opinions.exclude(verdict="").get()
    assert (said.verdict, said.note) == ("agree", "Đã điều tra xong.")
