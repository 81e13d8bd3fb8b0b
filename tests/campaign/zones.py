"""Ground for tests of green zones: a published province, a plan with conditions, people who answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from campaign.conditions import assess, check, latest_answer
from campaign.enums import AnswerStage
from campaign.models import Campaign, GreenCondition, Unit
from core.enums import Role
from core.models import User
from core.people import system_user
from riskmap.editions import publish
from tests.campaign.plans import make_campaign
from tests.campaign.units import make_group, make_unit
from tests.factories import GrantFactory
from tests.riskmap.province import AT, Province, day, make_province


def evening(number: int) -> datetime:
    """17:00 of day ``number`` of the tests' calendar."""
    return datetime.combine(day(number), time(17), AT.tzinfo)


@dataclass
class Ground:
    """Three communes; the plan asks for two conditions and, unless told, no registration."""

    made: Province
    campaign: Campaign
    conditions: list[GreenCondition]
    units: dict[str, Unit]
    clerk: User  # of the first commune
    district: User
    published: list = field(default_factory=list)

    def publish(self, number: int, cases: dict | None = None) -> None:
        """The reports of the days up to ``number``, and its edition."""
        since = self.published[-1] + 1 if self.published else 0
        self.made.post(cases or {}, complete=(since, number), at=evening(number) - timedelta(hours=1))
        publish(province=self.made.area, cut_off=evening(number), at=evening(number), by=system_user())
        self.published.append(number)

    def say(self, unit: Unit, met: bool = True, condition: int = 0, *, by: User | None = None, **said):
        return assess(
            unit=unit,
            condition=self.conditions[condition],
            met=met,
            **self._usual(unit, condition, by or self.clerk) | said,
        )

    def check(self, unit: Unit, met: bool = True, condition: int = 0, *, by: User | None = None, **said):
        said.setdefault("note", "" if met else "chưa thấy")
        return check(
            unit=unit,
            condition=self.conditions[condition],
            met=met,
            **self._usual(unit, condition, by or self.district) | said,
        )

    def fulfil(self, unit: Unit, **said) -> None:
        """Every condition said to be met, and found so."""
        for place in range(len(self.conditions)):
            self.say(unit, condition=place, **said)
            self.check(unit, condition=place, **said)

    def _usual(self, unit: Unit, condition: int, by: User) -> dict:
        latest = latest_answer(unit, self.conditions[condition])
        return {"seen": latest.pk if latest else 0, "by": by, "at": evening(5) + timedelta(hours=1)}


def make_ground(code: str = "90", **said) -> Ground:
    district = f"{code}1"
    made = make_province(code, districts={district: [f"{district}0{number}" for number in (1, 2, 3)]})
    campaign = make_campaign(province=made.area, **{"registration_required": False} | said)
    make_group(campaign, "commune")
    conditions = [
        GreenCondition.objects.create(
            campaign=campaign, code=f"dk-{place}", place=place, wording=f"Điều kiện {place}"
        )
        for place in (1, 2)
    ]
    return Ground(
        made,
        campaign,
        conditions,
        {area_code: make_unit(area) for area_code, area in made.communes.items()},
        GrantFactory(role=Role.COMMUNE_STAFF, area=made.communes[f"{district}01"]).user,
        GrantFactory(role=Role.DISTRICT_STAFF, area=made.districts[district]).user,
    )


def own_words(unit: Unit) -> int:
    """How often the unit said something."""
    return unit.condition_answers.filter(stage=AnswerStage.SELF).count()
