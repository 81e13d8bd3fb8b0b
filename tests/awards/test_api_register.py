"""The API of awards: what the public register tells, and nobody who was not awarded."""

from datetime import date

import pytest

from tests.awards.decisions import make_decision, make_decision_line

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/awards/"


def test_awards_in_force_are_told_with_their_decision(client):
    decision = make_decision(number="12/QĐ-UBND", signed_on=date(2021, 9, 20))
    make_decision_line(decision, name="Xã Phước Thái", unit_name="")
    make_decision_line(decision, name="Xã Lợi Hải", awarded=False, reason="Không đủ điều kiện.")

    said = client.get(ADDRESS).json()

    phase = decision.proposal.phase
    assert said == {
        "count": 1,
        "page": 1,
        "pages": 1,
        "results": [
            {
                "name": "Xã Phước Thái",
                "unit": "",
                "award": "Bằng khen của Chủ tịch UBND tỉnh",
                "campaign": phase.campaign.slug,
                "phase": phase.code,
                "decision": {"id": decision.pk, "number": "12/QĐ-UBND", "signed_on": "2021-09-20"},
            }
        ],
    }


@pytest.mark.parametrize(
    ("asked", "count"),
    [("?q=phuoc+thai", 1), ("?q=loi+hai", 0), ("?year=2021", 1), ("?year=2022", 0), ("?phase=khac", 0)],
)
def test_awards_are_narrowed_as_asked(client, asked, count):
    decision = make_decision()
    make_decision_line(decision, name="Xã Phước Thái", search_text="xa phuoc thai")

    assert client.get(f"{ADDRESS}{asked}").json()["count"] == count


def test_decision_names_who_was_awarded_and_what_corrects_it(client):
    first = make_decision(number="12/QĐ-UBND")
    make_decision_line(first, name="Xã Phước Thái")
    make_decision_line(first, name="Xã Lợi Hải", awarded=False, reason="Không đủ điều kiện.")
    later = make_decision(first.proposal, number="15/QĐ-UBND", corrects=first, reason="Sai tên.")

    listed = client.get(f"{ADDRESS}decisions/").json()["results"]
    answer = client.get(f"{ADDRESS}decisions/{first.pk}/")

    assert [(row["number"], row["awards"]) for row in listed] == [("15/QĐ-UBND", 0), ("12/QĐ-UBND", 1)]
    assert listed[0]["corrects"]["id"] == first.pk
    assert answer.json()["corrected_by"]["id"] == later.pk
    assert [row["name"] for row in answer.json()["lines"]] == ["Xã Phước Thái"]
    assert "Lợi Hải" not in answer.content.decode()


def test_a_decision_there_is_not_is_refused_by_its_code(client):
    for number in ("1", "x", "9" * 30):
        answer = client.get(f"{ADDRESS}decisions/{number}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "decision_not_found")


def test_decisions_ask_as_often_for_many_as_for_one(client, django_assert_max_num_queries):
    for _number in range(8):
        make_decision_line(make_decision())

    with django_assert_max_num_queries(6):
        assert client.get(f"{ADDRESS}decisions/").json()["count"] == 8
