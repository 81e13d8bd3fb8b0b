"""How the constraints of standings are broken; see ``test_constraints``."""

from campaign.models import Standing
from riskmap.enums import MapView
from tests.campaign.plans import AT, make_campaign, make_phase
from tests.house.breaking import breaks
from tests.riskmap.province import day


def make_standing(**said) -> Standing:
    """A standing of what is known, of no content."""
    usual = {"day": day(0), "view": MapView.KNOWN, "computed_at": AT, "body": b"", "hash": "0" * 64}
    usual |= {"inputs": "0" * 64}
    phase = said.pop("phase", None) or make_phase(make_campaign())
    return Standing.objects.create(phase=phase, **usual | said)


@breaks("standing_view_is_known")
def _():
    make_standing(view="guessed")


@breaks("standing_published_names_its_edition")
def _():
    make_standing(view=MapView.PUBLISHED)


@breaks("standing_hash_is_sha256")
def _():
    make_standing(inputs="0" * 63)
