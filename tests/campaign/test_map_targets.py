"""What areas registered, on the card of the map."""

from datetime import date

import pytest

from campaign.enums import RegistrationStatus
from campaign.map_targets import targets_of
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_registration, make_unit
from tests.riskmap.province import day, make_province

SAID = "Đăng ký thi đua: vùng xanh, hạn 10/09/2021"


@pytest.fixture
def made(db):
    return make_province("90", districts={"901": ["90101", "90102"]})


@pytest.fixture
def campaign(made):
    campaign = make_campaign(province=made.area)
    make_phase(campaign, first_day=day(0), last_day=day(20))
    return campaign


def test_confirmed_targets_of_areas_are_told_and_no_others(made, campaign):
    for code, status in (("90101", RegistrationStatus.CONFIRMED), ("90102", RegistrationStatus.SUBMITTED)):
        make_registration(campaign, make_unit(made.communes[code]), status=status)
    organisation = make_unit(made.communes["90102"], "agency")
    make_registration(campaign, organisation, status=RegistrationStatus.CONFIRMED)

    assert targets_of(made.area, on=day(5)) == {"90101": SAID}


def test_nothing_is_told_before_a_campaign_begins(made, campaign, django_assert_num_queries):
    make_registration(campaign, make_unit(made.communes["90101"]), status=RegistrationStatus.CONFIRMED)

    with django_assert_num_queries(1):
        assert targets_of(made.area, on=date(2021, 1, 1)) == {}


def test_two_queries_tell_every_target(made, campaign, django_assert_num_queries):
    for commune in made.communes.values():
        make_registration(campaign, make_unit(commune), status=RegistrationStatus.CONFIRMED)

    with django_assert_num_queries(2):
        assert len(targets_of(made.area, on=day(5))) == 2
