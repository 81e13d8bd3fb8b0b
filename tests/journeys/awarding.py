"""The last day of a phase: nearly everybody is registered, dossiers are due in two hours."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from awards.tasks import make_shortlists
from campaign.enums import RegistrationStatus
from campaign.models import Phase
from campaign.tasks import compute_standings
from core.enums import Role
from riskmap.enums import RiskLevel
from riskmap.published import edition_in_force
from riskmap.tasks import reassess_stale
from tests.campaign.units import make_registration
from tests.core.handed_in import pdf
from tests.factories import GrantFactory
from tests.journeys.competing import PROVINCE, Competition, Desk

COUNTRY = "588"
OTHERS = (
    ("can-bo-huyen", Role.DISTRICT_STAFF, COUNTRY),
    ("so-noi-vu-2", Role.HOME_AFFAIRS, PROVINCE),
    ("van-phong", Role.CHAIRMAN_OFFICE, PROVINCE),
)
SUBMISSION = {
    "dated": "05/9/2021",
    "body": "Đề nghị tặng Bằng khen cho các tập thể, cá nhân có tên trong danh sách.",
    "signer": "Lê Văn Chín",
    "signer_post": "Chủ tịch",
}
SUMMARY = {
    "situation": "Địa bàn giữa hai con đường lớn.",
    "confirmer": "Võ Thị Hai",
    "confirmer_post": "Chủ tịch",
}


class AwardsDay(Competition):
    """Phường Đô Vinh came from red to green within the phase; the country has been green throughout."""

    def __init__(self, tmp_path) -> None:
        super().__init__(tmp_path)
        for name, role, code in OTHERS:
            grant = GrantFactory(user__username=name, role=role, area=self.area(code))
            self.people[name] = grant.user
        edition = edition_in_force(self.province.area)
        for unit in self.units.values():
            make_registration(
                self.campaign, unit, status=RegistrationStatus.CONFIRMED, target_day=self.today,
                starting_level=RiskLevel.NEW_NORMAL, starting_day=edition.day, starting_edition=edition,
            )  # fmt: skip
        self._change_phase(last_day=self.today, dossier_deadline=timezone.now() + timedelta(hours=2))

    @property
    def phase(self) -> Phase:
        return self.campaign.phases.get()

    def deadline_passes(self) -> None:
        """It is now; what the portal does at a deadline it does."""
        self._change_phase(dossier_deadline=timezone.now())
        self.portal_works()

    def phase_ends(self) -> None:
        """The plan is changed: its last day was yesterday."""
        self._change_phase(last_day=self.ago(1))
        self.portal_works()

    def portal_works(self) -> None:
        """What worker and beat do all day."""
        reassess_stale()
        compute_standings()
        make_shortlists()

    def _change_phase(self, **said) -> None:
        Phase.objects.filter(campaign=self.campaign).update(deadline_wording="theo kế hoạch", **said)


def begins_dossier(desk: Desk) -> None:
    desk.page.get_by_role("button", name=re.compile("^Lập hồ sơ: Đợt 1")).click()
    desk.page.locator("h2#nominees").wait_for()


def proposes(desk: Desk, unit: str, person: str = "", **said: str) -> None:
    """Add a nominee to the dossier that the desk shows."""
    desk.follows("Thêm đối tượng")
    desk.page.get_by_label("cho cá nhân" if person else "cho tập thể").check()
    desk.types(unit=unit, **({"person": person} | said if person else {})).presses("Ghi")
    desk.page.locator("h2#nominees").wait_for()


def writes_papers(desk: Desk, *, number: str, deeds: dict[str, str]) -> None:
    """Write the submission and the summary of each nominee (by name), as the task list asks."""
    desk.page.get_by_role("link", name="Tờ trình", exact=True).click()
    desk.types(number=number, **SUBMISSION).hands_in("file", "to-trinh.pdf", pdf()).presses("Lưu")
    for name, text in deeds.items():
        desk.page.locator("h2#nominees").wait_for()
        desk.page.get_by_role("link", name=f"Báo cáo tóm tắt thành tích: {name}").click()
        desk.types(deeds=text, **SUMMARY).presses("Lưu")
    expect(desk.page.get_by_text(re.compile(r"Giấy tờ: đủ (\d+) trên \1$"))).to_be_visible()


def checks_and_hands_in(desk: Desk) -> None:
    desk.follows("Kiểm tra trước khi nộp")
    desk.page.get_by_label("Tôi đã kiểm tra").check()
    desk.presses("Nộp hồ sơ")


def judges(desk: Desk, name: str, *, passed: bool = True, reason: str = "") -> None:
    """Look at all that a person must look at, then conclude."""
    desk.page.get_by_role("navigation", name="Đối tượng của hồ sơ").get_by_role("link", name=name).click()
    while (flags := desk.page.get_by_role("button", name="Đã xem", exact=True)).count():
        desk.page.locator("textarea[name=note]").first.fill("Đã xem các dòng số liệu.")
        flags.first.click()
    while (open_checks := desk.page.locator("li:has(.review-check--open)")).count():
        check = open_checks.first
        check.locator("summary").click()
        check.get_by_label("đạt", exact=True).check()
        check.get_by_label("Lý do").fill("Đã đối chiếu.")
        check.get_by_role("button", name="Ghi kết luận").click()
    verdict = desk.page.locator("section[aria-labelledby=verdict-head]")
    verdict.get_by_label("không đủ điều kiện" if not passed else "đủ điều kiện", exact=True).check()
    if reason:
        verdict.get_by_label("Lý do").fill(reason)
    verdict.get_by_role("button").click()
    desk.reads(f"Đã ghi: {name}.")
