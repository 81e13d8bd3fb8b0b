"""Units and registrations for tests, laid down as the tables want them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from campaign.enums import RegistrationStatus
from campaign.models import Campaign, Registration, TargetGroup, Unit
from core.finding import province_of
from core.models import Area
from core.people import system_user
from tests.factories import UserFactory

AT = datetime(2021, 8, 25, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def make_group(campaign: Campaign, kind: str = "commune", **said) -> TargetGroup:
    """A group of the kind in the plan, after those that are there."""
    there = campaign.target_groups.filter(kind=kind).first()
    usual = {"code": kind.replace("_", "-"), "place": campaign.target_groups.count() + 1, "name": kind}
    return there or TargetGroup.objects.create(campaign=campaign, kind=kind, **usual | said)


def make_unit(seat: Area, kind: str | None = None, **said) -> Unit:
    """The area as a unit, or an organisation of ``kind`` seated there."""
    usual = {"code": seat.code if kind is None else f"TC{Unit.objects.count() + 1:04d}"}
    usual |= {"name": seat.name if kind is None else f"Đơn vị {usual['code']}"}
    usual |= {"created_at": AT, "created_by": system_user()}
    return Unit.objects.create(province=province_of(seat), seat=seat, kind=kind or seat.kind, **usual | said)


def make_registration(campaign: Campaign, unit: Unit, **said) -> Registration:
    """A draft; with ``status`` it holds what that needs, sent and decided by two people."""
    usual = {
        "group": make_group(campaign, unit.kind),
        "target_day": date(2021, 9, 10),
        "created_at": AT,
        "created_by": system_user(),
    }
    status = said.get("status", RegistrationStatus.DRAFT)
    if status != RegistrationStatus.DRAFT:
        usual |= {
            "solutions": "Kiểm soát ra vào.",
            "document_number": "12/ĐK",
            "document_date": date(2021, 8, 24),
            "head": "Nguyễn Thị Sáu",
            "submitted_at": AT,
            "submitted_by": said.get("submitted_by") or UserFactory(),
        }
    if status in (RegistrationStatus.CONFIRMED, RegistrationStatus.SUSPENDED):
        usual |= {"starting_level": 3, "starting_day": date(2021, 8, 24)}
        usual |= {"decided_at": AT, "decided_by": UserFactory()}
    if status in (RegistrationStatus.RETURNED, RegistrationStatus.SUSPENDED, RegistrationStatus.WITHDRAWN):
        usual |= {"reason": "Cần bổ sung."}
    return Registration.objects.create(campaign=campaign, unit=unit, **usual | said)
