"""Inspections for tests, laid down as the tables want them."""

from datetime import date

from campaign.enums import InspectionStatus
from campaign.models import FollowUp, Inspection
from core.people import system_user
from tests.campaign.plans import make_campaign
from tests.campaign.units import AT, make_unit
from tests.factories import UserFactory


def make_inspection(unit=None, campaign=None, **said) -> Inspection:
    """Planned for 01/09/2021 by Sở Y tế; with ``status`` visited or cancelled it holds what that needs."""
    if campaign is None:
        campaign = make_campaign(**({} if unit is None else {"province": unit.province}))
    if unit is None:
        unit = make_unit(campaign.province, "agency")
    usual = {"department": "health", "purpose": "Kiểm tra chốt.", "planned_on": date(2021, 9, 1)}
    usual |= {"created_at": AT, "created_by": system_user()}
    if said.get("status") == InspectionStatus.VISITED:
        usual |= {"visited_on": date(2021, 9, 1), "findings": "Chốt thiếu người.", "recorded_at": AT}
        usual |= {"recorded_by": UserFactory()}
    if said.get("status") == InspectionStatus.CANCELLED:
        usual |= {"reason": "Trùng lịch.", "cancelled_at": AT, "cancelled_by": UserFactory()}
    return Inspection.objects.create(campaign=campaign, unit=unit, **usual | said)


def make_follow_up(inspection: Inspection | None = None, **said) -> FollowUp:
    """Due on 10/09/2021."""
    inspection = inspection or make_inspection(status=InspectionStatus.VISITED)
    usual = {"wording": "Bố trí đủ người trực chốt.", "due_on": date(2021, 9, 10)}
    usual |= {"created_at": AT, "created_by": system_user()}
    return FollowUp.objects.create(inspection=inspection, **usual | said)
