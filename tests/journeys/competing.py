"""A small province in the middle of a phase, and people of every role at screens of their own."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from campaign.models import Campaign, GreenCondition, ScoringRule, Unit
from core.enums import Role
from core.models import Area, User
from core.people import system_user
from riskmap.counts import CountRow, Coverage, post_counts
from riskmap.editions import publish
from riskmap.levels import reassess
from riskmap.maps import draw_frames
from riskmap.policies import set_policy
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group, make_unit
from tests.factories import PASSWORD, GrantFactory
from tests.journeys.conftest import DESKTOP, lay_ground
from tests.journeys.test_people import log_in
from tests.riskmap.province import Province

SLUG = "giu-vung-xanh"
TOWN, CITY, PROVINCE = "22700", "582", "58"
#: Who takes part: username, role, where.
PEOPLE = (
    ("can-bo-phuong", Role.COMMUNE_STAFF, TOWN),
    ("can-bo-tp", Role.DISTRICT_STAFF, CITY),
    ("truong-phong-tp", Role.DISTRICT_STAFF, CITY),
    ("so-noi-vu", Role.HOME_AFFAIRS, PROVINCE),
    ("so-y-te", Role.HEALTH, PROVINCE),
    ("lanh-dao", Role.VIEWER, PROVINCE),
)


class Competition:
    """Ten days into a phase of twenty. Phường Đô Vinh had a case 15 days ago: it was red until the day
    before yesterday, and green since; every evening was published, and this day's map too."""

    def __init__(self, tmp_path) -> None:
        self.province: Province = lay_ground(tmp_path)
        self.today: date = timezone.localdate()
        self.now: datetime = timezone.localtime()
        self.campaign = self._plan()
        self.people: dict[str, User] = {
            name: GrantFactory(user__username=name, role=role, area=self.area(code)).user
            for name, role, code in PEOPLE
        }
        areas = [*self.province.communes.values(), *self.province.districts.values()]
        self.units: dict[str, Unit] = {area.code: make_unit(area) for area in areas}
        self._days()

    def area(self, code: str) -> Area:
        return {PROVINCE: self.province.area, **self.province.districts, **self.province.communes}[code]

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def in_days(self, days: int) -> str:
        return f"{self.today + timedelta(days=days):%d/%m/%Y}"

    def _plan(self) -> Campaign:
        campaign = make_campaign(
            province=self.province.area, slug=SLUG, register_by=self.today + timedelta(days=5)
        )
        make_phase(campaign, first_day=self.ago(10), last_day=self.today + timedelta(days=9))
        for kind, name in (("commune", "Xã, phường, thị trấn"), ("district", "Huyện, thành phố")):
            make_group(campaign, kind, name=name)
        for place, fact in enumerate(("steps_lowered", "days_green", "cases_per_100k"), start=1):
            ScoringRule.objects.create(
                campaign=campaign, code=f"r{place}", place=place, fact=fact, role="order", wording=fact,
                set_by="office",
            )  # fmt: skip
        for place, wording in enumerate(("Có chốt kiểm soát ra vào", "Có tổ COVID cộng đồng"), start=1):
            GreenCondition.objects.create(campaign=campaign, code=f"dk-{place}", place=place, wording=wording)
        return campaign

    def _days(self) -> None:
        source, by = self.province.source(), system_user()
        for ago in range(20, -1, -1):
            day, at = self.ago(ago), self._evening(ago)
            cases = [CountRow(self.area(TOWN).pk, day, unknown_source=2)] if ago == 15 else []
            coverage = Coverage(self.province.area, day, day, contacts=True)
            post_counts(
                source=source, rows=cases, coverages=[coverage], reason="báo cáo ngày", by=by,
                at=at - timedelta(seconds=2),
            )  # fmt: skip
        set_policy(province=self.province.area, simulated=True, by=by)
        reassess(on=self.today, at=self.now, provinces=[self.province.area])
        draw_frames(province=self.province.area, on=self.today, at=self.now)
        for ago in range(10, -1, -1):
            at = self._evening(ago)
            publish(province=self.province.area, cut_off=at, at=at, by=by)

    def _evening(self, ago: int) -> datetime:
        """17:00 of that day; of today, the present moment."""
        return datetime.combine(self.ago(ago), time(17), self.now.tzinfo) if ago else self.now


class Desk:
    """A person at a screen of their own, by the pages alone."""

    def __init__(
        self, open_page, username: str, address: str = "/inbox/", *, may_fail: bool = False, **context
    ) -> None:
        self.page: Page = open_page(f"/login/?next={address}", may_fail=may_fail, **(context or DESKTOP))
        log_in(self.page, username, PASSWORD)
        self.page.get_by_role("navigation", name="Điều hướng chính").wait_for()

    def goes(self, address: str) -> Desk:
        self.page.goto(address)
        return self

    def follows(self, name: str) -> Desk:
        self.page.get_by_role("link", name=name).first.click()
        return self

    def works_in(self, room: str) -> Desk:
        """A link of the line of daily work."""
        self.page.get_by_role("navigation", name="Công việc").get_by_role("link", name=room).click()
        return self

    def types(self, **said: str) -> Desk:
        for name, value in said.items():
            self.page.fill(f"main [name={name}]", value)
        return self

    def hands_in(self, field: str, name: str, content: bytes) -> Desk:
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        self.page.set_input_files(f"main [name={field}]", file)
        return self

    def presses(self, name: str) -> Desk:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()
        return self

    def reads(self, *texts: str) -> Desk:
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)
        return self

    def downloads(self, name: str) -> bytes:
        with self.page.expect_download() as coming:
            self.page.get_by_role("link", name=name).first.click()
        return coming.value.path().read_bytes()

    def fetches(self, name: str) -> bytes:
        """A paper that the browser would show instead of keeping it."""
        link = self.page.get_by_role("link", name=name).first
        answer = self.page.request.get(link.evaluate("link => link.href"))
        assert answer.status == 200
        return answer.body()

    def is_refused(self, *addresses: str) -> None:
        got = {address: self.page.request.get(address).status for address in addresses}
        assert set(got.values()) <= {403, 404}, got


def as_bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
