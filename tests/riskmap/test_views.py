"""The pages of the map by HTTP: their answers to good and bad addresses, and the queries they take."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.enums import Role
from core.people import system_user
from riskmap.enums import RiskLevel
from riskmap.levels import reassess
from riskmap.policies import set_policy
from tests.factories import GrantFactory, UserFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db


def assessed(code="90", **units):
    """A province of three communes with counts of 01–20/08/2021; 90101 is red from the 5th to the 18th."""
    province = make_province(code, **units)
    red = next(iter(province.communes))
    province.post({(red, 4): 2}, complete=(0, 19))
    reassess(on=day(40), at=AT, provinces=[province.area])
    return province


def queries(client, address: str) -> int:
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_map_without_any_levels_says_what_to_load(client):
    answer = client.get("/")

    assert answer.status_code == 200
    assert "import_counts" in answer.content.decode()


def test_map_opens_on_the_last_reported_day(client):
    assessed()

    page = client.get("/").context["page"]

    assert (page.first_day, page.day, page.last_day) == (day(0), day(19), day(19))


def test_map_of_a_day_counts_levels_and_their_change(client):
    assessed()

    page = client.get("/?day=2021-08-05").context["page"]

    assert [(total.look.letter, total.count, total.change) for total in page.totals] == [
        ("–", 0, 0),
        ("X", 2, -1),
        ("V", 0, 0),
        ("C", 0, 0),
        ("Đ", 1, 1),
    ]


def test_map_of_the_first_day_tells_no_change(client):
    assessed()

    page = client.get("/?day=2021-08-01").context["page"]

    assert {total.change for total in page.totals} == {None}


def test_map_of_districts_counts_districts(client):
    assessed()

    page = client.get("/?day=2021-08-05&layer=district").context["page"]

    assert sum(total.count for total in page.totals) == 1


@pytest.mark.parametrize(
    "query",
    [
        "day=hom-nay",
        "day=2021-02-30",
        "day=20210805",
        "day=2021-8-5",
        "day=32/08/2021",
        "layer=hamlet",
        "layer=",
        "view=true",
        "compare=2021-02-30",
        "mode=cinema",
    ],
)
def test_map_refuses_a_malformed_address(client, query):
    assessed()

    assert client.get(f"/?{query}").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "day=2021-07-31",
        "day=2021-08-21",
        "day=9999-12-31",
        "province=00",
        "area=00000",
        "area=901",
        "district=90101",
        "compare=2021-08-21",
        "view=published",
    ],
)
def test_map_does_not_find_what_is_not_there(client, query):
    assessed()

    assert client.get(f"/?{query}").status_code == 404


def test_map_takes_a_day_as_people_write_it(client):
    assessed()

    assert client.get("/?day=5/8/2021").context["page"].day == day(4)


def test_map_outside_the_period_says_which_days_there_are(client):
    assessed()

    text = client.get("/?day=2021-08-21").content.decode()

    assert "từ 01/08/2021 đến 20/08/2021" in text


def test_map_opens_on_the_province_of_the_persons_grants(client):
    assessed("90")
    theirs = assessed("91", districts={"911": ["91101"]})
    user = UserFactory()
    GrantFactory(user=user, area=theirs.communes["91101"], role=Role.COMMUNE_STAFF)
    client.force_login(user)

    assert client.get("/").context["page"].province == theirs.area
    assert client.get("/?province=90").context["page"].province.code == "90"


def test_map_opens_on_the_first_province_for_everybody_else(client):
    assessed("90")
    assessed("91", districts={"911": ["91101"]})

    answer = client.get("/")

    assert answer.context["page"].province.code == "90"
    assert [province.code for province in answer.context["provinces"]] == ["90", "91"]


def test_map_takes_as_many_queries_for_many_communes_as_for_few(client):
    assessed("90")
    assessed("91", districts={"911": [f"911{number:02d}" for number in range(1, 40)]})

    few, many = (queries(client, f"/?province={code}&area={code}101") for code in ("90", "91"))

    assert few == many <= 15


@pytest.mark.parametrize("address", ["/", "/login/", "/areas/90101/", "/areas/khong-co/"])
def test_every_page_says_which_province_is_simulated(client, address):
    province = assessed()
    sentence = "Số liệu của Tỉnh 90 trên cổng này là số liệu mô phỏng."
    assert sentence not in client.get(address).content.decode()

    set_policy(province=province.area, simulated=True, by=system_user())

    assert sentence in client.get(address).content.decode()


def test_pages_come_in_english(client):
    assessed()

    client.cookies["django_language"] = "en"

    assert client.get("/areas/90101/").headers["content-language"] == "en"


def test_map_of_an_instant_shows_what_was_known_then(client):
    province = make_province()
    province.post({("90101", 3): 2}, complete=(0, 8), at=AT)
    province.post({("90101", 3): 0}, reason="đính chính", at=AT + timedelta(hours=2))
    reassess(on=day(8), at=AT)

    then = client.get(f"/?day={day(4)}&as_of={AT + timedelta(hours=1):%Y-%m-%dT%H:%M}").context["page"]
    now = client.get(f"/?day={day(4)}&as_of=known").context["page"]

    assert then.row_of("90101").level == RiskLevel.VERY_HIGH
    assert now.row_of("90101").level == RiskLevel.NEW_NORMAL
    assert then.frames["layers"]["commune"]["codes"].split() == ["90101", "90102", "90103"]
    assert then.known_at == AT + timedelta(hours=1)


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("x", 400),
        ("2021-09-07", 400),
        ("9999-12-31T00:00", 400),
        (f"{AT - timedelta(days=1):%Y-%m-%dT%H:%M}", 404),
    ],
)
def test_map_of_an_instant_that_cannot_be_told_is_refused(client, as_of, status):
    province = make_province()
    province.post({}, complete=(0, 8), at=AT)
    reassess(on=day(8), at=AT)

    assert client.get("/", {"as_of": as_of}).status_code == status
