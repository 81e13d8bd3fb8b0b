"""The API of standings: public, strict in what is asked, never another day than the one asked about."""

from datetime import date

import pytest

from campaign.models import Standing
from campaign.standing import compute_standings
from core.api.answers import journal_head
from tests.campaign.contest import PUBLISHED, Contest, noon
from tests.campaign.units import make_group, make_unit
from tests.riskmap.province import day
from tests.riskmap.test_views import queries


@pytest.fixture
def contest(db):
    made = Contest()
    make_group(made.campaign, "hamlet")
    made.live(0, 3, {"90101": 5})
    made.compute(3)
    return made


def get(client, question: str = "", **headers):
    return client.get(f"/api/v1/campaigns/thi-dua-90/standings/{question}", headers=headers)


def test_anybody_reads_the_last_published_standing(client, contest):
    answer = get(client).json()

    stored = Standing.objects.filter(view=PUBLISHED).latest("day")
    assert (answer["campaign"], answer["phase"], answer["view"]) == ("thi-dua-90", "dot-1", "published")
    assert (answer["day"], answer["hash"]) == (day(3).isoformat(), stored.hash)
    assert answer["days"] == [day(number).isoformat() for number in range(4)]
    assert answer["edition"] == {"number": 4, "hash": stored.edition.hash}
    assert answer["scoring"] == {"order": ["steps_lowered", "days_green", "cases_per_100k"], "ties": []}
    communes, hamlets = answer["groups"]
    assert (hamlets["units"], communes["note"]) == ([], "")
    assert hamlets["note"].startswith("Bản đồ công bố không có thôn")
    red = communes["units"][0]
    assert (red["code"], red["unit_class"], red["rank"], red["registered"]) == (
        "90101",
        "from_very_high",
        1,
        None,
    )
    assert (red["seat_code"], red["parent_name"], red["district_code"]) == ("90101", "Huyện 901", "901")
    assert (red["facts"]["cases"], red["facts"]["level_at_end"]) == (20, "very_high")
    assert (red["facts"]["green_since"], red["facts"]["target_state"]) == (None, "no_target")
    assert red["words"] == "đỏ lúc đầu, nay đỏ; 20 F0 (200,0 trên 100.000 dân)"


def test_phase_day_view_and_group_are_chosen(client, contest):
    answer = get(client, f"?phase=dot-1&day={day(1)}&view=known&group=commune").json()

    assert (answer["day"], answer["view"], answer["edition"]) == (day(1).isoformat(), "known", None)
    assert [group["code"] for group in answer["groups"]] == ["commune"]
    assert answer["groups"][0]["units"][0]["facts"]["cases"] == 10


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("?phase=dot-9", "dot-1"),
        (f"?day={date(2021, 8, 30)}", "30/08/2021"),
        ("?group=khong-co", "commune"),
    ],
)
def test_what_is_not_there_is_told(client, contest, question, said):
    response = get(client, question)

    assert (response.status_code, response.json()["code"]) == (404, "standing_not_found")
    assert said in response.json()["message"]


@pytest.mark.parametrize(
    "question", ["?view=mine", "?phase=", "?day=03/08/2021", "?date=2021-08-03", "?view=known&view=known"]
)
def test_unclear_question_is_refused(client, contest, question):
    assert get(client, question).status_code == 400


def test_campaign_without_standings_says_so(client, db):
    contest = Contest()

    response = get(client)

    assert (response.status_code, response.json()["code"]) == (404, "standing_not_found")
    assert contest.compute(0) == []


def test_where_nothing_was_published_it_says_how_to_ask_for_what_is_known(client, db):
    contest = Contest()
    contest.report_days(0, 3)
    contest.assess(3)
    contest.compute(3)

    response = get(client)

    assert response.status_code == 404
    assert "view=known" in response.json()["message"]
    assert get(client, "?view=known").json()["day"] == day(3).isoformat()


def test_campaign_that_is_not_there_is_told_so(client, db):
    assert get(client).json()["code"] == "campaign_not_found"


@pytest.mark.django_db(transaction=True)  # the journal is sealed at commit
def test_answer_is_told_apart_once_a_standing_changes(client):
    contest = Contest()
    contest.live(0, 1)
    contest.compute(1)
    before, head = get(client), journal_head()
    assert get(client, if_none_match=before["ETag"]).status_code == 304

    contest.live(2, 2)
    compute_standings(campaign=contest.campaign, at=noon(2))

    assert journal_head() != head
    assert get(client, if_none_match=before["ETag"]).status_code == 200


def test_answer_asks_no_more_for_more_units(client, contest):
    few = queries(client, "/api/v1/campaigns/thi-dua-90/standings/?view=known")
    other = Contest("91")
    other.live(0, 3)
    make_group(other.campaign, "enterprise")
    for area in other.province.communes.values():
        make_unit(area, "enterprise")
    other.compute(3)

    assert queries(client, "/api/v1/campaigns/thi-dua-91/standings/?view=known") == few
