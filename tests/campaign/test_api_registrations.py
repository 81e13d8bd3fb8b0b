"""The API of registrations: what was confirmed to everybody, the rest to those who work on it."""

from datetime import date

import pytest

from campaign.enums import RegistrationStatus
from core.enums import Role
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_registration, make_unit
from tests.factories import GrantFactory, UserFactory
from tests.riskmap.province import make_province

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/campaigns/giu-xanh/registrations/"


@pytest.fixture
def province():
    return make_province(districts={"901": ["90101", "90102"], "902": ["90201"]})


@pytest.fixture
def campaign(province):
    campaign = make_campaign(province=province.area, slug="giu-xanh", register_by=date(2021, 8, 24))
    make_phase(campaign)
    for code, status in (("90101", "confirmed"), ("90102", "draft"), ("90201", "suspended")):
        make_registration(campaign, make_unit(province.communes[code]), status=RegistrationStatus(status))
    return campaign


def test_everybody_reads_what_was_confirmed_without_persons(client, campaign):
    answer = client.get(ADDRESS)

    rows = answer.json()["results"]
    assert [(row["unit"]["code"], row["status"]) for row in rows] == [
        ("90101", "confirmed"), ("90201", "suspended")
    ]  # fmt: skip
    assert rows[0] == {
        "unit": {
            "code": "90101",
            "name": "Xã 90101",
            "kind": "commune",
            "seat": {"code": "90101", "name": "Xã 90101", "kind": "commune"},
        },
        "group": "commune",
        "status": "confirmed",
        "target_level": "new_normal",
        "target_day": "2021-09-10",
        "starting_level": "high",
        "starting_provisional": False,
        "starting_day": "2021-08-24",
        "starting_edition": None,
        "submitted_on": "2021-08-25",
        "late": True,
    }
    assert "Nguyễn Thị Sáu" not in answer.content.decode()
    assert answer["Cache-Control"].startswith("public")


def test_ones_own_area_is_told_in_every_status_and_kept_nowhere(client, campaign, province):
    client.force_login(GrantFactory(area=province.districts["901"], role=Role.DISTRICT_STAFF).user)

    answer = client.get(f"{ADDRESS}own/")

    assert [row["status"] for row in answer.json()["results"]] == ["confirmed", "draft"]
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer
    assert "Access-Control-Allow-Origin" not in answer
    assert [row["status"] for row in client.get(ADDRESS).json()["results"]] == ["confirmed", "suspended"]


def test_own_is_not_for_everybody(client, campaign):
    answer = client.get(f"{ADDRESS}own/")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_authenticated")
    assert "đăng nhập" in answer.json()["message"]
    client.force_login(UserFactory())
    assert client.get(f"{ADDRESS}own/").status_code == 403
    client.force_login(GrantFactory(role=Role.HOME_AFFAIRS).user)
    assert client.get(f"{ADDRESS}own/").json()["results"] == []


def test_unknown_campaign_and_parameter_are_told(client, campaign):
    assert client.get("/api/v1/campaigns/planet/registrations/").status_code == 404
    assert client.get(f"{ADDRESS}?scope=own").status_code == 400
