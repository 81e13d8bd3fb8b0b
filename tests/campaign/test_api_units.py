"""The API of units: who competes, and nothing of persons."""

import pytest

from campaign.models import Unit
from campaign.units import close_unit, save_unit
from tests.campaign.units import AT, make_unit
from tests.factories import UserFactory
from tests.riskmap.province import make_province
from tests.riskmap.test_views import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    place = make_province("90", districts={"901": ["90101", "90102"], "902": ["90201"]})
    make_unit(place.districts["901"])
    make_unit(place.communes["90101"], head="Bà Bí Mật", phone="0259", email="bi@mat.vn")
    make_unit(place.area, "agency", name="Sở Y tế", head="Ông Bí Mật", size=77)
    make_unit(place.communes["90201"], "enterprise", name="Đồng muối")
    return place


def get(client, question: str = "", **headers):
    return client.get(f"/api/v1/units/?province=90{question}", headers=headers)


def test_units_are_told_in_vietnamese_order_with_seat_and_district(client, place):
    answer = get(client).json()

    assert (answer["count"], answer["page"], answer["pages"]) == (4, 1, 1)
    assert [each["name"] for each in answer["results"]] == ["Đồng muối", "Huyện 901", "Sở Y tế", "Xã 90101"]
    assert answer["results"][0] == {
        "code": "TC0004",
        "name": "Đồng muối",
        "kind": "enterprise",
        "seat": {"code": "90201", "name": "Xã 90201", "kind": "commune"},
        "district": {"code": "902", "name": "Huyện 902", "kind": "district"},
    }
    assert [each["district"] and each["district"]["code"] for each in answer["results"]] == [
        "902", "901", None, "901",
    ]  # fmt: skip


def test_nothing_of_persons_is_told(client, place):
    shown = get(client).content.decode()

    assert not [secret for secret in ("Bí Mật", "0259", "bi@mat", "77") if secret in shown]


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("&kind=commune", ["90101"]),
        ("&parent=901", ["901", "90101"]),
        ("&parent=902", ["TC0004"]),
        ("&q=dong", ["TC0004"]),
        ("&q=!", []),
        ("&page_size=2&page=2", ["TC0003", "90101"]),
    ],
)
def test_list_is_narrowed(client, place, question, codes):
    assert [each["code"] for each in get(client, question).json()["results"]] == codes


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("&kind=planet", 400),
        ("&page=9", 404),
        ("&parent=99", 404),
        ("&head=a", 400),
        ("&kind=agency&kind=agency", 400),
    ],
)
def test_what_cannot_be_asked_is_refused(client, place, question, status):
    assert get(client, question).status_code == status


def test_province_must_be_said(client, place):
    assert client.get("/api/v1/units/").status_code == 400


def test_closed_units_are_left_out(client, place):
    assert get(client, **{"If-None-Match": get(client)["ETag"]}).status_code == 304

    close_unit(unit=Unit.objects.get(code="TC0004"), reason="giải thể", by=UserFactory(), at=AT)

    assert get(client).json()["count"] == 3


def test_number_of_queries_does_not_grow(client, place):
    before = queries(client, "/api/v1/units/?province=90")
    for number in range(3):
        save_unit(
            unit=Unit(seat=place.communes["90102"], kind="agency", name=f"Trạm {number}"),
            by=UserFactory(),
            at=AT,
        )

    assert queries(client, "/api/v1/units/?province=90") == before
