"""How the constraints of registrations are broken; see ``test_constraints``."""

from campaign.models import Registration, RegistrationStep
from core.people import system_user
from tests.campaign.plans import make_campaign
from tests.campaign.units import make_registration, make_unit
from tests.factories import CommuneFactory
from tests.house.breaking import AT, breaks


def _registration(**said) -> Registration:
    commune = CommuneFactory()
    return make_registration(make_campaign(province=commune.parent.parent), make_unit(commune), **said)


def _spoilt(was: str, **said) -> None:
    """One that was right, of which this is said then."""
    Registration.objects.filter(pk=_registration(status=was).pk).update(**said)


@breaks("registration_once_per_campaign_and_unit")
def _():
    one = _registration()
    make_registration(one.campaign, one.unit)


@breaks("registration_status_is_known")
def _():
    _spoilt("draft", status="forgotten")


@breaks("registration_target_is_known")
def _():
    _spoilt("draft", target_level=4)


@breaks("registration_submitted_with_when_and_who")
def _():
    _spoilt("draft", submitted_at=AT)


@breaks("registration_decided_with_when_and_who")
def _():
    _spoilt("submitted", decided_at=AT)


@breaks("registration_handed_in_is_whole")
def _():
    _spoilt("submitted", head="")


@breaks("registration_decided_by_a_second_person")
def _():
    one = _registration(status="confirmed")
    Registration.objects.filter(pk=one.pk).update(decided_by=one.submitted_by)


@breaks("registration_confirmed_with_its_starting_level")
def _():
    _spoilt("confirmed", starting_day=None)


@breaks("registration_stopped_for_a_reason")
def _():
    _spoilt("returned", reason="")


@breaks("registration_act_is_known")
def _():
    RegistrationStep.objects.create(
        registration=_registration(), act="forgotten", taken_at=AT, taken_by=system_user()
    )
