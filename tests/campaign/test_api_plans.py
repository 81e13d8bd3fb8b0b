"""The API of campaigns: both plans to machines, with instants as exact as they are."""

import pytest

from campaign.models import Campaign
from campaign.plans import load_plan, read_plan
from core.people import system_user
from tests.campaign.plans import AT, HO_CHI_MINH, NINH_THUAN, make_campaign
from tests.factories import ProvinceFactory
from tests.riskmap.test_views import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def plans():
    for code, path in (("58", NINH_THUAN), ("79", HO_CHI_MINH)):
        ProvinceFactory(code=code)
        load_plan(plan=read_plan(path), by=system_user(), at=AT)


def get(client, address: str, **headers):
    return client.get(f"/api/v1/campaigns/{address}", headers=headers)


def test_list_has_every_campaign_with_its_phases(client, plans):
    answer = get(client, "").json()

    assert [(each["slug"], each["province"]["code"], each["standing"]) for each in answer["results"]] == [
        ("ninh-thuan-2021", "58", "over"),
        ("ho-chi-minh-2021", "79", "over"),
    ]
    assert answer["results"][1]["phases"] == [
        {
            "code": "dot-1",
            "number": 1,
            "name": "Đợt 15 ngày",
            "first_day": "2021-07-09",
            "first_day_set_by": "plan",
            "first_day_note": "",
            "last_day": "2021-07-23",
            "review_date": None,
            "dossier_deadline": None,
            "deadline_wording": "",
            "deadline_set_by": "office",
        }
    ]


def test_list_is_narrowed_to_a_province(client, plans):
    assert [each["slug"] for each in get(client, "?province=79").json()["results"]] == ["ho-chi-minh-2021"]
    assert get(client, "?province=00").status_code == 404


def test_plan_is_told_whole(client, plans):
    answer = get(client, "ninh-thuan-2021/?day=2021-09-10").json()

    assert [phase["dossier_deadline"] for phase in answer["phases"]] == [
        "2021-09-08T00:00:00+07:00",
        "2021-12-20T00:00:00+07:00",
    ]
    assert (answer["day"], answer["day_counts_for"]) == ("2021-09-10", ["dot-1", "dot-2"])
    assert (answer["issued_on"], answer["number"]) == (None, "")
    assert [group["area_kind"] for group in answer["target_groups"]] == [
        "district", "commune", "hamlet", *[None] * 7
    ]  # fmt: skip
    assert [(rule["fact"], rule["set_by"]) for rule in answer["scoring_rules"]][:3] == [
        ("steps_lowered", "plan"),
        ("days_to_green", "plan"),
        ("days_green", "office"),
    ]
    assert len(answer["green_conditions"]) == 7
    assert len(answer["duties"]) == 8
    assert answer["rule_set"] == "qd_2686_2021"


def test_plan_without_a_day_says_nothing_of_days(client, plans):
    answer = get(client, "ninh-thuan-2021/").json()

    assert (answer["day"], answer["day_counts_for"]) == (None, None)


@pytest.mark.parametrize("slug", ["nothing", "Ninh%20Thuận", "x" * 200])
def test_campaign_that_is_not_there_is_told_so(client, plans, slug):
    response = get(client, f"{slug}/")

    assert response.status_code == 404
    assert response.json()["code"] == "campaign_not_found"


def test_unknown_question_is_refused(client, plans):
    assert get(client, "ninh-thuan-2021/?date=2021-09-10").status_code == 400


@pytest.mark.django_db(transaction=True)  # the journal is sealed at commit
def test_answer_is_told_apart_once_a_plan_changes(client, plans):
    before = get(client, "")
    assert get(client, "", if_none_match=before["ETag"]).status_code == 304

    Campaign.objects.filter(slug="ninh-thuan-2021").update(number="1/KH-UBND")

    assert get(client, "", if_none_match=before["ETag"]).status_code == 200


def test_list_asks_no_more_for_more_campaigns(client):
    make_campaign()
    few = queries(client, "/api/v1/campaigns/")
    for _time in range(3):
        make_campaign()

    assert queries(client, "/api/v1/campaigns/") == few
    assert len(get(client, "").json()["results"]) == 4
