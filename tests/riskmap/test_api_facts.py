"""Declared facts and decided levels over the API: everybody's, by province, area and day, nobody named."""

from datetime import timedelta

import pytest

from core.people import system_user
from riskmap.decisions import confirm_decision, decide_level, end_decision, refuse_decision
from riskmap.declarations import confirm_fact, declare_fact, end_fact, refuse_fact
from riskmap.enums import FactKind, RiskLevel
from riskmap.models import LevelOverride
from riskmap.policies import set_policy
from tests.factories import UserFactory
from tests.riskmap.province import AT, day, make_province
from tests.riskmap.test_api import get, refused

pytestmark = pytest.mark.django_db

SOURCE = FactKind.CROWDED_PLACE_SOURCE


@pytest.fixture
def province():
    return make_province(districts={"901": ["90101", "90102"], "902": ["90201"]})


@pytest.fixture
def second():
    return UserFactory(username="nguoi-thu-hai", full_name="Tên Không Được Lộ")


def declared(area, *, since=3, until=None, kind=SOURCE, minutes=0):
    return declare_fact(
        area=area, kind=kind, since=day(since), until=until and day(until), document="12/BC-SYT",
        by=UserFactory(full_name="Tên Không Được Lộ"), at=AT + timedelta(minutes=minutes),
    )  # fmt: skip


def decided(area, *, since=3, until=60, second=None, minutes=0, level=RiskLevel.HIGH) -> LevelOverride:
    at = AT - timedelta(days=120) + timedelta(minutes=minutes)
    decision = decide_level(
        area=area, level=level, since=day(since), until=day(until), reason="đã khoanh vùng",
        document="45/QĐ-SYT", by=system_user(), at=at,
    )  # fmt: skip
    if second:
        decision = confirm_decision(decision=decision, by=second, at=at)
    return decision


def codes(client, path) -> list[str]:
    return [row["area"]["code"] for row in get(client, path).json()["results"]]


def test_fact_is_told_whole_and_nobody_is_named(client, province, second):
    set_policy(province=province.area, simulated=True, by=system_user())
    fact = declared(province.communes["90101"], until=20)
    confirm_fact(fact=fact, by=second, at=AT)
    end_fact(fact=fact, on=day(9), by=second, at=AT)

    answer = get(client, "facts/?province=90")

    said = answer.json()
    assert (said["count"], said["page"], said["pages"], said["simulated"]) == (1, 1, 1, True)
    instant = "2021-12-31T08:00:00+07:00"
    assert said["results"] == [
        {
            "area": {"code": "90101", "name": "Xã 90101", "kind": "commune"},
            "kind": "crowded_place_source", "since": str(day(3)), "until": str(day(20)),
            "holds_to": str(day(9)), "document": "12/BC-SYT", "state": "over", "declared_at": instant,
            "confirmed_at": instant, "refused_at": None, "ended_at": instant,
        }
    ]  # fmt: skip
    assert "Tên Không Được Lộ" not in answer.content.decode()
    assert "nguoi-thu-hai" not in answer.content.decode()


def test_facts_that_wait_or_were_refused_say_so_and_not_why(client, province, second):
    declared(province.communes["90101"], minutes=1)
    refuse_fact(fact=declared(province.communes["90102"]), refusal="chuyện nội bộ", by=second, at=AT)

    answer = get(client, "facts/?province=90")

    assert [(row["area"]["code"], row["state"]) for row in answer.json()["results"]] == [
        ("90101", "waiting"), ("90102", "refused"),
    ]  # fmt: skip
    assert "chuyện nội bộ" not in answer.content.decode()


def test_facts_of_a_day_are_those_that_act_on_it(client, province, second):
    declared(province.communes["90101"], since=3, until=5)
    declared(province.communes["90102"], since=5, minutes=-1)
    refuse_fact(fact=declared(province.communes["90201"]), refusal="nhầm", by=second, at=AT)

    by_day = {number: codes(client, f"facts/?province=90&day={day(number)}") for number in (2, 3, 5, 6)}

    assert by_day == {2: [], 3: ["90101"], 5: ["90101", "90102"], 6: ["90102"]}


def test_decision_is_told_whole_and_nobody_is_named(client, province, second):
    decision = decided(province.districts["901"], second=second)
    end_decision(decision=decision, on=day(9), by=second, at=AT)

    answer = get(client, "decisions/?province=90")

    (row,) = answer.json()["results"]
    at = "2021-09-02T08:00:00+07:00"
    assert row == {
        "area": {"code": "901", "name": "Huyện 901", "kind": "district"},
        "level": "high", "reason": "đã khoanh vùng", "since": str(day(3)), "until": str(day(60)),
        "holds_to": str(day(9)), "document": "45/QĐ-SYT", "state": "stopped", "decided_at": at,
        "confirmed_at": at, "ended_at": "2021-12-31T08:00:00+07:00",
    }  # fmt: skip
    assert "Tên Không Được Lộ" not in answer.content.decode()


def test_decision_that_nobody_confirmed_is_nobody_elses_business(client, province, second):
    decided(province.communes["90101"])
    refuse_decision(decision=decided(province.communes["90102"]), refusal="không", by=second, at=AT)

    assert get(client, "decisions/?province=90").json()["count"] == 0


def test_decisions_of_a_day_are_those_that_hold_on_it(client, province, second):
    decided(province.communes["90101"], since=35, until=40, second=second)
    never = decided(province.communes["90102"], since=36, until=40, second=second, minutes=-1)
    end_decision(decision=never, on=day(35), by=second, at=AT)

    by_day = {
        number: codes(client, f"decisions/?province=90&day={day(number)}") for number in (34, 35, 40, 41)
    }

    assert by_day == {34: [], 35: ["90101"], 40: ["90101"], 41: []}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("room", ["facts", "decisions"])
def test_answer_is_unchanged_until_something_is_said(client, province, second, room):
    etag = get(client, f"{room}/?province=90")["ETag"]
    assert get(client, f"{room}/?province=90", **{"If-None-Match": etag}).status_code == 304

    declared(province.communes["90101"])
    decided(province.area, second=second)

    answer = get(client, f"{room}/?province=90", **{"If-None-Match": etag})
    assert (answer.status_code, answer.json()["count"]) == (200, 1)


@pytest.mark.parametrize("room", ["facts", "decisions"])
class TestAsking:
    @pytest.fixture(autouse=True)
    def said(self, province, second):
        elsewhere = make_province("91", districts={"911": ["91101"]})
        for minutes, area in enumerate([*province.communes.values(), *elsewhere.communes.values()]):
            declared(area, minutes=-minutes)
            decided(area, second=second, minutes=-minutes)

    def test_rows_are_of_the_province_and_the_area_with_all_below(self, client, room):
        assert codes(client, f"{room}/?province=90") == ["90101", "90102", "90201"]
        assert codes(client, f"{room}/?province=91") == ["91101"]
        assert codes(client, f"{room}/?province=90&area=901") == ["90101", "90102"]
        assert codes(client, f"{room}/?province=90&area=90201") == ["90201"]

    def test_area_of_another_province_is_not_found(self, client, room):
        said = refused(get(client, f"{room}/?province=90&area=91101"), 404, "area_not_found")
        assert said == "Xã 91101 không thuộc Tỉnh 90."

    def test_list_comes_page_by_page(self, client, room):
        said = get(client, f"{room}/?province=90&page_size=2&page=2").json()

        assert (said["count"], said["pages"], len(said["results"])) == (3, 2, 1)
        refused(get(client, f"{room}/?province=90&page_size=2&page=3"), 404, "page_not_found")

    def test_list_takes_as_many_queries_for_many_as_for_one(
        self, client, room, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(6):
            get(client, f"{room}/?province=90")
