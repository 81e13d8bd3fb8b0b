"""How the constraints of pledges are broken; see ``test_constraints``."""

from campaign.models import PledgeCount
from core.people import system_user
from tests.campaign.plans import make_campaign
from tests.factories import CommuneFactory
from tests.house.breaking import AT, LAST, breaks


def _say(**said) -> None:
    area = CommuneFactory()
    campaign = make_campaign(province=area.parent.parent)
    usual = {"kind": "household", "signed": 1, "total": 2, "counted_on": LAST, "entered_at": AT}
    PledgeCount.objects.create(campaign=campaign, area=area, entered_by=system_user(), **usual | said)


@breaks("pledge_kind_is_known")
def _():
    _say(kind="planet")


@breaks("pledge_signed_not_over_total")
def _():
    _say(signed=3)


@breaks("pledge_total_is_of_this_world")
def _():
    _say(total=10_000_001)


@breaks("pledge_withdrawn_has_no_number")
def _():
    _say(withdrawn=True)
