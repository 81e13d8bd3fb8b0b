"""A small contest for tests of standings: three communes in two districts, reported day by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from campaign.enums import RegistrationAct, RegistrationStatus
from campaign.models import Registration, RegistrationStep, ScoringRule, Standing
from campaign.standing import GroupTable, Line, compute_standings, standing_of
from core.people import system_user
from riskmap.editions import publish
from riskmap.enums import MapView
from riskmap.levels import reassess
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group, make_registration, make_unit
from tests.riskmap.province import day, make_province

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
KNOWN, PUBLISHED = MapView.KNOWN, MapView.PUBLISHED


def noon(number: int) -> datetime:
    return datetime.combine(day(number), time(12), HERE)


class Contest:
    """A campaign of the days 0 … 19 that ranks everybody, unless told; communes 90101, 90102 and 90201.

    A commune with five cases of unknown source a day is very high; without any it is green.
    """

    def __init__(self, code: str = "90", **said) -> None:
        self.province = make_province(
            code, districts={f"{code}1": [f"{code}101", f"{code}102"], f"{code}2": [f"{code}201"]}
        )
        self.campaign = make_campaign(
            province=self.province.area, **{"registration_required": False, "slug": f"thi-dua-{code}"} | said
        )
        self.phase = make_phase(self.campaign, first_day=day(0), last_day=day(19))
        for place, fact in enumerate(("steps_lowered", "days_green", "cases_per_100k"), 1):
            ScoringRule.objects.create(
                campaign=self.campaign,
                code=f"r{place}",
                place=place,
                fact=fact,
                role="order",
                wording=fact,
                set_by="office",
            )
        make_group(self.campaign, "commune")
        self.units = {commune: make_unit(area) for commune, area in self.province.communes.items()}

    def report(self, number: int, cases: Mapping[str, int] = {}, *, at: datetime | None = None) -> None:
        """The whole province's report of the day: the cases, and that the rest is zero."""
        counts = {(code, number): count for code, count in cases.items()}
        self.province.post(counts, complete=(number, number), at=at or noon(number))

    def report_days(self, first: int, last: int, cases: Mapping[str, int] = {}) -> None:
        for number in range(first, last + 1):
            self.report(number, cases)

    def assess(self, number: int) -> None:
        reassess(provinces=[self.province.area], on=day(number), at=noon(number))

    def publish(self, number: int, hour: int = 17) -> None:
        at = datetime.combine(day(number), time(hour), HERE)
        publish(province=self.province.area, cut_off=at, at=at, by=system_user())

    def live(self, first: int, last: int, cases: Mapping[str, int] = {}) -> None:
        """Each day is reported, assessed and published."""
        for number in range(first, last + 1):
            self.report(number, cases)
            self.assess(number)
            self.publish(number)

    def compute(self, number: int, **said) -> list[Standing]:
        return compute_standings(campaign=self.campaign, at=noon(number), **said)

    def group(
        self, view: MapView = KNOWN, number: int | None = None, group: str = "commune"
    ) -> GroupTable | None:
        at = None if number is None else day(number)
        table = standing_of(phase=self.phase, view=view, day=at)
        return None if table is None else table.group(group)

    def line(
        self, code: str, view: MapView = KNOWN, number: int | None = None, group: str = "commune"
    ) -> Line:
        return next(line for line in self.group(view, number, group).lines() if line.code == code)

    def register(self, code: str, number: int, **said) -> Registration:
        """The commune's confirmed registration, handed in on the day."""
        usual = {"status": RegistrationStatus.CONFIRMED, "submitted_at": noon(number), "target_day": day(9)}
        return make_registration(self.campaign, self.units[code], **usual | said)

    def step(self, registration: Registration, act: RegistrationAct, number: int) -> None:
        """A step as it is appended, and where it leads."""
        RegistrationStep.objects.create(
            registration=registration, act=act, reason="Lý do.", taken_at=noon(number), taken_by=system_user()
        )
        registration.status = {
            RegistrationAct.SUSPENDED: RegistrationStatus.SUSPENDED,
            RegistrationAct.WITHDRAWN: RegistrationStatus.WITHDRAWN,
        }.get(act, RegistrationStatus.CONFIRMED)
        registration.reason = "Lý do."
        registration.save()


def written(made: list[Standing]) -> list[tuple[str, int]]:
    """What was written: views and numbers of days."""
    return [(str(each.view), (each.day - day(0)).days) for each in made]
