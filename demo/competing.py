"""The sample province competes again: each deed by the stage that the pages call, at its own instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone

from campaign.conditions import assess, check, latest_answer
from campaign.enums import PledgeKind, RegistrationAct
from campaign.models import Campaign, Registration, TargetGroup, Unit
from campaign.pledges import PledgeRow, enter_pledges
from campaign.registrations import keep_registrations, take_step
from campaign.units import save_units
from campaign.zones import recognise
from core.enums import AreaKind
from core.errors import DomainError
from core.models import Area, User
from demo.ninh_thuan.competition import (
    Assessing,
    Checking,
    Deciding,
    Deed,
    Organising,
    Pledging,
    Registering,
    organisation_rows,
)
from riskmap.enums import RiskLevel

TARGET_DAY = date(2021, 9, 10)
SOLUTIONS = (
    "Giữ chốt kiểm soát ra vào ở từng thôn, khu phố; tổ COVID cộng đồng đi từng nhà; "
    "xét nghiệm ngay người có triệu chứng.",
    "Mỗi hộ ký cam kết; quản lý người về từ vùng dịch; phát phiếu đi chợ theo ngày chẵn, lẻ.",
    "Lập đường dây nóng ở xã; bảo đảm hậu cần tại chỗ cho khu cách ly; "
    "loa truyền thanh nhắc hai lần một ngày.",
)
#: Of the people and things of a commune: what there is of each kind for so many people.
PEOPLE_PER = {
    PledgeKind.HOUSEHOLD: 4,
    PledgeKind.AGENCY: 900,
    PledgeKind.ENTERPRISE: 650,
    PledgeKind.PRODUCTION_SITE: 210,
}


class Competition:
    """The campaign, its units and the people of the sample province."""

    def __init__(self, campaign: Campaign, *, areas: dict[str, Area], people: dict[str, User], system: User):
        self.campaign = campaign
        self.areas = areas
        self._people = people
        self._system = system

    @cached_property
    def groups(self) -> dict[str, TargetGroup]:
        return {group.kind: group for group in self.campaign.target_groups.all()}

    def let_happen(self, deed: Deed) -> None:
        match deed:
            case Organising():
                self._organise(deed)
            case Registering():
                self._register(deed)
            case Deciding(at, by, units, returned):
                act = RegistrationAct.RETURNED if returned else RegistrationAct.CONFIRMED
                self._step(units, act, by=by, at=at, reason=returned)
            case Pledging():
                self._pledge(deed)
            case Assessing(at, by, commune, all_met):
                self._answer(assess, commune, None if all_met else "Đang chuẩn bị.", by=by, at=at)
            case Checking(at, by, commune, lacking):
                self._answer(check, commune, lacking or None, by=by, at=at)

    def follow_edition(self, *, at: datetime) -> None:
        """What a new map does to the recognised zones."""
        recognise(campaign=self.campaign, at=at)

    def _who(self, username: str) -> User:
        return self._people[username] if username else self._system

    def _units(self, named: Iterable[str]) -> list[Unit]:
        """Areas by their codes, organisations by their names; in the order of their codes."""
        named = list(named)
        units = Unit.objects.filter(province=self.campaign.province).select_related("seat__parent")
        found = [*units.areas().filter(code__in=named), *units.organisations().filter(name__in=named)]
        return sorted(found, key=lambda unit: unit.code)

    def _organise(self, deed: Organising) -> None:
        save_units(
            units=[
                Unit(
                    province=self.campaign.province,
                    seat=self.areas[row["seat"]],
                    kind=row["kind"],
                    name=row["name"],
                    head=row["head"],
                    head_post=row["head_post"],
                    size=int(row["size"]),
                )
                for row in organisation_rows()
            ],
            by=self._who(deed.by),
            at=deed.at,
        )

    def _register(self, deed: Registering) -> None:
        by = self._who(deed.by)
        units = self._units(deed.units)
        there = {
            each.unit_id: each for each in Registration.objects.filter(campaign=self.campaign, unit__in=units)
        }
        versions = {each.pk: each.version for each in there.values()}
        registrations = [
            self._said(there.get(unit.pk) or Registration(campaign=self.campaign, unit=unit), deed, number)
            for number, unit in enumerate(units)
        ]
        keep_registrations(registrations=registrations, versions=versions, by=by, at=deed.at)
        if deed.submits:
            self._step(deed.units, RegistrationAct.SUBMITTED, by=deed.by, at=deed.at + timedelta(seconds=5))

    def _said(self, registration: Registration, deed: Registering, number: int) -> Registration:
        unit = registration.unit
        once_more = " Chợ trung tâm chia ca, mỗi ca không quá 50 người." if registration.pk else ""
        registration.group = self.groups[unit.kind]
        registration.target_level = RiskLevel.NEW_NORMAL
        registration.target_day = TARGET_DAY
        registration.solutions = SOLUTIONS[number % len(SOLUTIONS)] + once_more
        registration.document_number = f"{number + 1:02d}/ĐK-TĐ"
        registration.document_date = timezone.localdate(deed.at)
        registration.head = unit.head or "Người đứng đầu (mẫu)"
        registration.head_post = unit.head_post or {
            AreaKind.DISTRICT: "Chủ tịch UBND",
            AreaKind.COMMUNE: "Chủ tịch UBND",
            AreaKind.HAMLET: "Trưởng khu phố",
        }.get(unit.kind, "")
        return registration

    def _step(
        self, named: Iterable[str], act: RegistrationAct, *, by: str, at: datetime, reason: str = ""
    ) -> None:
        of_units = Registration.objects.filter(campaign=self.campaign, unit__in=self._units(named))
        taken = take_step(
            registrations=of_units.values_list("pk", flat=True),
            act=act,
            by=self._who(by),
            at=at,
            reason=reason,
        )
        for refusal in taken.refused:
            raise DomainError(f"{refusal.registration.unit}: {refusal.sentence}")

    def _pledge(self, deed: Pledging) -> None:
        communes = [self.areas[code] for code in sorted(deed.communes)]
        latest = {
            (count.area_id, count.kind): count.pk
            for count in self.campaign.pledges.filter(area__in=communes).order_by("pk")
        }
        enter_pledges(
            campaign=self.campaign,
            rows=[
                PledgeRow(area, kind, *_signed(area, kind, deed.share), latest.get((area.pk, kind)))
                for area in communes
                for kind in PledgeKind
            ],
            counted_on=timezone.localdate(deed.at),
            document=None,
            by=self._who(deed.by),
            at=deed.at,
        )

    def _answer(self, verb, commune: str, lacking: str | None, *, by: str, at: datetime) -> None:
        """Say of each condition that it is met; of the last, ``lacking`` where there is something."""
        (unit,) = self._units([commune])
        conditions = list(self.campaign.green_conditions.all())
        for number, condition in enumerate(conditions):
            note = lacking if condition == conditions[-1] and lacking else ""
            seen = latest_answer(unit, condition)
            verb(
                unit=unit,
                condition=condition,
                met=not note,
                note=note,
                seen=seen.pk if seen else 0,
                by=self._who(by),
                at=at + timedelta(seconds=number),
            )


def _signed(area: Area, kind: PledgeKind, share: int) -> tuple[int, int]:
    """How many signed, and of how many: some communes are quicker than others."""
    total = max(area.population // PEOPLE_PER[kind], 1)
    quicker = int(area.code) % 13 - 6
    return min(total, total * min(100, share + quicker) // 100), total
