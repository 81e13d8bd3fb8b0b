"""The areas of a province become units by themselves, with the plan and with the list of areas."""

from datetime import date, timedelta

import pytest

from campaign.area_units import add_area_units, refresh_area_units
from campaign.models import TargetGroup, Unit
from campaign.plans import load_plan, read_plan, save_part
from campaign.tasks import compute_standings
from core.people import system_user
from tests.campaign.plans import NINH_THUAN, make_campaign, make_phase
from tests.campaign.units import AT, make_group
from tests.factories import CommuneFactory, UserFactory
from tests.riskmap.province import make_province

TODAY = AT.date()


@pytest.fixture
def place(db):
    return make_province("58", districts={"582": ["22741", "22744"]})


def codes() -> list[str]:
    return sorted(Unit.objects.values_list("code", flat=True))


def test_a_plan_that_is_loaded_brings_the_areas_of_its_tiers(place):
    load_plan(plan=read_plan(NINH_THUAN), by=system_user(), at=AT)
    load_plan(plan=read_plan(NINH_THUAN), by=system_user(), at=AT)

    assert codes() == ["22741", "22744", "582"]
    assert Unit.objects.get(code="22741").seat == place.communes["22741"]


def test_a_group_of_organisations_brings_none_and_one_of_areas_its_tier(place):
    campaign, by = make_campaign(province=place.area), UserFactory()

    save_part(part=TargetGroup(campaign=campaign, kind="enterprise", name="Doanh nghiệp"), by=by, at=AT)
    assert codes() == []

    save_part(part=TargetGroup(campaign=campaign, kind="district", name="Huyện"), by=by, at=AT)
    assert codes() == ["582"]
    assert Unit.objects.get().created_by == by


def test_areas_that_ended_before_the_campaign_are_left_out_and_those_of_its_days_are_not(place):
    campaign = make_campaign(province=place.area)
    make_group(campaign)
    make_phase(campaign, first_day=date(2021, 8, 1), last_day=date(2021, 8, 31))
    ended, merged = place.communes.values()
    ended.valid_from, ended.valid_to = date(2021, 1, 1), date(2021, 7, 31)
    ended.save()
    merged.valid_to = date(2021, 8, 20)
    merged.save()

    assert add_area_units(campaign=campaign, on=date(2026, 11, 1), by=system_user(), at=AT) == 1
    assert codes() == [merged.code]


def test_areas_that_came_since_are_added_while_the_campaign_lasts(place):
    campaign = make_campaign(province=place.area)
    make_group(campaign)
    phase = make_phase(campaign, last_day=TODAY)
    assert refresh_area_units(by=system_user(), at=AT) == 2
    CommuneFactory(code="22999", parent=place.districts["582"], valid_from=TODAY)

    assert refresh_area_units(by=system_user(), at=AT) == 1
    assert refresh_area_units(by=system_user(), at=AT) == 0

    CommuneFactory(code="23000", parent=place.districts["582"], valid_from=TODAY)
    phase.last_day = TODAY - timedelta(days=1)
    phase.save()
    assert refresh_area_units(by=system_user(), at=AT) == 0


def test_the_worker_adds_them_before_it_computes_standings(place):
    campaign = make_campaign(province=place.area)
    make_group(campaign)

    compute_standings()

    assert codes() == ["22741", "22744"]
