"""The API of pledges: coverage by area, to everybody."""

from datetime import date

import pytest

from campaign.pledges import PledgeRow, enter_pledges
from core.people import system_user
from tests.campaign.plans import make_campaign
from tests.campaign.units import AT
from tests.riskmap.province import make_province
from tests.riskmap.test_views import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    made = make_province("90", districts={"901": ["90101", "90102"]})
    campaign = make_campaign(province=made.area, slug="xanh")
    enter_pledges(
        campaign=campaign, rows=[PledgeRow(made.communes["90101"], "household", 3, 4)],
        counted_on=date(2021, 8, 20), document=None, by=system_user(), at=AT,
    )  # fmt: skip
    return made


def get(client, address: str = ""):
    return client.get(f"/api/v1/campaigns/xanh/pledges/{address}")


def test_coverage_of_the_province_and_what_lies_below(client, place):
    answer = get(client).json()

    assert answer["campaign"] == "xanh"
    assert answer["area"] == {"code": "90", "name": "Tỉnh 90", "kind": "province"}
    assert answer["pledges"][0] == {
        "kind": "household",
        "signed": 3,
        "total": 4,
        "share": 0.75,
        "basis": "communes",
        "oldest": "2021-08-20",
        "newest": "2021-08-20",
        "gaps": 1,
        "hamlets": None,
    }
    assert [each["area"]["code"] for each in answer["below"]] == ["901"]
    assert [(gap["area"]["code"], len(gap["kinds"])) for gap in answer["gaps"]] == [
        ("90101", 3),
        ("90102", 4),
    ]


def test_nothing_known_is_null_and_not_nought(client, place):
    row = get(client, "?area=90102").json()["pledges"][0]

    assert (row["signed"], row["total"], row["share"], row["basis"]) == (None, None, None, "nothing")


def test_who_entered_is_not_told(client, place):
    body = get(client, "?area=90101").content.decode()

    assert "entered" not in body
    assert system_user().full_name not in body


@pytest.mark.parametrize("address", ["?area=91", "?area=x/y", "?unknown=1"])
def test_bad_question_is_refused(client, place, address):
    assert get(client, address).status_code in (400, 404)


def test_campaign_that_is_not_there(client, place):
    assert client.get("/api/v1/campaigns/khac/pledges/").status_code == 404


def test_district_takes_as_many_queries_as_a_commune(client, place):
    ask = "/api/v1/campaigns/xanh/pledges/"
    assert queries(client, f"{ask}?area=901") == queries(client, f"{ask}?area=90101")
