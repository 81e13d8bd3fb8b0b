"""The register: what is counted of the awards in force, on the page and in the workbook."""

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from awards.register import awarded_lines, register_book, statistics
from tests.awards.decisions import make_decision, make_decision_line, make_proposal
from tests.awards.dossiers import PERSON, make_dossier, make_nominee
from tests.campaign.units import make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision():
    """Two collectives and a person awarded in one district, a collective not."""
    dossier = make_dossier(status="reviewed")
    decision = make_decision(make_proposal(dossier.phase), number="512/QĐ-UBND")
    nominees = [make_nominee(dossier)]
    nominees += [make_nominee(dossier, make_unit(dossier.area, "agency")) for _each in range(2)]
    person = make_nominee(
        dossier, nominees[1].unit, kind=PERSON, person="Lê Thị Hai", person_post="Y tá", deeds="Trực chốt."
    )
    for nominee in (nominees[0], nominees[1], person):
        make_decision_line(decision, nominee)
    make_decision_line(decision, nominees[2], awarded=False, reason="Đã khen đợt trước.")
    return decision


def test_awards_are_counted_by_kind_group_and_district_persons_apart(decision):
    [told] = statistics(awarded_lines())

    assert (told.collectives, told.people, told.total) == (2, 1, 3)
    assert [(each.name, each.total) for each in told.kinds] == [("Bằng khen của Chủ tịch UBND tỉnh", 3)]
    assert {each.name: (each.collectives, each.people) for each in told.groups} == {
        "huyện, quận, thị xã, thành phố": (1, 0),
        "cơ quan, đơn vị": (1, 1),
    }
    [district] = told.districts
    assert (district.name, district.total) == (decision.lines.first().nominee.dossier.area.name, 3)


def test_page_tells_the_counts_of_what_was_asked_for(decision):
    page = Client().get("/awards/").text
    nothing = Client().get("/awards/?q=khong+co+ai").text

    assert "Thống kê theo đợt" in page
    assert "theo hình thức, đối tượng, địa bàn" in page
    assert "Thống kê theo đợt" not in nothing


def test_workbook_has_the_counts_on_a_sheet_of_their_own_and_the_same_bytes(decision):
    body = register_book(awarded_lines())
    rows = list(load_workbook(io.BytesIO(body))["Thống kê"].iter_rows(min_row=2, values_only=True))

    assert register_book(awarded_lines()) == body
    assert rows[0][2:] == ("Cả đợt", None, 2, 1, 3)
    assert {row[2] for row in rows[1:]} == {"Hình thức khen", "Đối tượng", "Địa bàn lập hồ sơ"}
    assert all(row[4] + row[5] == row[6] for row in rows)
    for by in ("Hình thức khen", "Đối tượng", "Địa bàn lập hồ sơ"):
        assert sum(row[6] for row in rows if row[2] == by) == 3
