"""Reminders to register: at their stages, each person once, those nearest to the unit."""

from datetime import date, datetime, timedelta

import pytest
from celery import current_app

from campaign.enums import RegistrationStatus
from campaign.registration_reminders import remind_to_register, stage_of
from campaign.reminders import send_reminders
from core.enums import Role
from core.models import Notice
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import AT, make_group, make_registration, make_unit
from tests.factories import GrantFactory
from tests.riskmap.province import make_province

pytestmark = pytest.mark.django_db
BY = date(2021, 9, 5)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=AT.tzinfo)


@pytest.fixture
def province():
    return make_province(districts={"901": ["90101", "90102"], "902": ["90201"]})


@pytest.fixture
def campaign(province):
    campaign = make_campaign(province=province.area, register_by=BY)
    make_phase(campaign, first_day=date(2021, 8, 24), last_day=date(2021, 9, 10))
    make_group(campaign)
    return campaign


@pytest.fixture
def units(province, campaign):
    return {code: make_unit(area) for code, area in province.communes.items()}


@pytest.mark.parametrize(
    ("left", "stage"),
    [(8, None), (7, "7"), (4, "7"), (3, "3"), (2, "3"), (1, "1"), (0, "1"), (-1, "after"), (-5, "after")],
)
def test_stage_is_the_last_one_reached(left, stage):
    assert stage_of(BY, on=BY - timedelta(days=left)) == stage


def test_each_person_is_reminded_once_a_stage(campaign, units, province):
    commune = GrantFactory(area=province.communes["90101"], role=Role.COMMUNE_STAFF).user

    sent = [remind_to_register(at=at(BY - timedelta(days=left))) for left in (8, 7, 6, 3, 1, 0, -1, -2)]

    assert sent == [0, 1, 0, 1, 1, 0, 1, 0]
    assert {notice.recipient for notice in Notice.objects.all()} == {commune}
    assert Notice.objects.first().link.endswith("/registrations/due/")


def test_district_is_reminded_of_what_has_nobody_nearer_in_one_notice(campaign, units, province):
    district = GrantFactory(area=province.districts["901"], role=Role.DISTRICT_STAFF).user

    remind_to_register(at=at(BY))

    notice = Notice.objects.get()
    assert (notice.recipient, notice.subject) == (district, "2 đơn vị chưa đăng ký thi đua")
    assert "Xã 90101, Xã 90102." in notice.body


def test_what_is_handed_in_or_given_up_is_not_reminded_of(campaign, units, province):
    GrantFactory(area=province.area, role=Role.HOME_AFFAIRS)
    for code, status in (("90101", "submitted"), ("90102", "withdrawn"), ("90201", "confirmed")):
        make_registration(campaign, units[code], status=RegistrationStatus(status))

    assert remind_to_register(at=at(BY)) == 0


@pytest.mark.parametrize(
    "said", [{"registration_required": False}, {"register_by": None}], ids=["not required", "no limit"]
)
def test_campaign_that_asks_for_no_registration_reminds_nobody(campaign, units, province, said):
    GrantFactory(area=province.area, role=Role.HOME_AFFAIRS)
    type(campaign).objects.update(**said)

    assert remind_to_register(at=at(BY)) == 0


def test_campaign_that_is_over_reminds_nobody(campaign, units, province):
    GrantFactory(area=province.area, role=Role.HOME_AFFAIRS)

    assert remind_to_register(at=at(date(2021, 9, 11))) == 0


def test_reminders_of_all_rooms_are_rung_by_beat(campaign, units, province):
    GrantFactory(area=province.area, role=Role.HOME_AFFAIRS)

    night = at(BY).replace(hour=3)
    assert send_reminders(at=night) == 0
    assert send_reminders(at=at(BY)) == 1
    assert send_reminders(at=at(BY)) == 0, "a worker that was started again"
    beat = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    assert "campaign.remind_due" in beat
