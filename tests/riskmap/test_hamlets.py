"""Hamlets: each with its level, its strip and its own counts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.people import system_user
from riskmap.counts import CountRow, post_counts
from riskmap.enums import RiskLevel
from riskmap.hamlets import hamlets_of
from riskmap.history import DayNotKnown
from riskmap.levels import reassess
from riskmap.policies import set_policy
from tests.factories import HamletFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    """90101 has three hamlets: 10 reports nothing, 2 has a case on day 3, 1 is quiet until day 3."""
    made = make_province(valid_from=day(0))
    made.post({}, complete=(0, 19))
    hamlets = {
        number: HamletFactory(
            code=f"90101-{number}",
            name=f"Thôn {number}",
            parent=made.communes["90101"],
            valid_from=day(0),
        )
        for number in (10, 2, 1)
    }
    report(made, hamlets[2], {0: 0, 3: 1})
    report(made, hamlets[1], dict.fromkeys(range(4), 0))
    return made


def report(province, hamlet, cases):
    post_counts(
        source=province.source(),
        rows=[CountRow(hamlet.pk, day(number), unknown_source=count) for number, count in cases.items()],
        coverages=[],
        reason="thôn báo cáo",
        by=system_user(),
        at=AT,
    )


def page_of(province, number=19, code="90101"):
    reassess(on=day(40), at=AT, provinces=[province.area])
    return hamlets_of(commune=province.communes[code], day=day(number), on=day(40))


def test_hamlets_are_in_vietnamese_order(province):
    assert [line.area.name for line in page_of(province).lines] == ["Thôn 1", "Thôn 2", "Thôn 10"]


def test_each_has_the_level_of_the_day(province):
    lines = page_of(province, 4).lines

    assert [(line.level, line.provisional) for line in lines] == [
        (RiskLevel.NEW_NORMAL, True),
        (RiskLevel.HIGH, True),
        (RiskLevel.NO_DATA, False),
    ]


def test_counts_are_those_up_to_the_day(province):
    before, after = page_of(province, 2).lines[1], page_of(province, 17).lines[1]

    assert (before.window_cases, before.all_cases, before.last_report) == (0, 0, day(0))
    assert (after.window_cases, after.all_cases, after.last_report) == (0, 1, day(3))


def test_case_counts_for_the_window_to_its_last_day(province):
    assert page_of(province, 16).lines[1].window_cases == 1


def test_hamlet_without_reports_has_no_counts_and_no_pieces(province):
    silent = page_of(province).lines[2]

    assert (silent.all_cases, silent.last_report, silent.pieces) == (0, None, [])


def test_strip_covers_the_period_from_the_first_report_on(province):
    pieces = page_of(province).lines[1].pieces

    assert pieces[0].x == "0.000%"
    widths = [float(piece.width.rstrip("%")) for piece in pieces]
    assert sum(widths) == pytest.approx(100, abs=0.01)
    assert [piece.look.level for piece in pieces][-1] == RiskLevel.HIGH


def test_province_that_gives_hamlets_no_levels_still_shows_their_counts(province):
    set_policy(province=province.area, parameters={"hamlets_as_communes": False}, by=system_user())

    page = page_of(province, 5)

    assert not page.assessed
    assert [line.all_cases for line in page.lines] == [0, 1, 0]


def test_day_outside_the_period_is_refused(province):
    with pytest.raises(DayNotKnown):
        page_of(province, 30)


def test_number_of_queries_does_not_grow_with_the_hamlets(client, province):
    page_of(province)

    few = queries(client, "/areas/90101/hamlets/")
    for number in range(20, 60):
        HamletFactory(
            code=f"90101-{number}",
            name=f"Thôn {number}",
            parent=province.communes["90101"],
            valid_from=day(0),
        )
    many = queries(client, "/areas/90101/hamlets/")

    assert few == many <= 14


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# --- the page -------------------------------------------------------------------------------------------


def test_page_draws_a_strip_for_each_hamlet(client, province):
    page_of(province)

    text = client.get("/areas/90101/hamlets/?day=2021-08-05").content.decode()

    assert text.count("<svg class=") >= 3
    assert 'href="/areas/90101-2/?day=2021-08-05"' in text
    assert 'href="/areas/90101/?day=2021-08-05"' in text


def test_commune_without_hamlets_says_so(client, province):
    page_of(province)

    assert "Chưa nạp danh sách thôn" in client.get("/areas/90102/hamlets/").content.decode()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/areas/901/hamlets/", 404),
        ("/areas/90/hamlets/", 404),
        ("/areas/90101-2/hamlets/", 404),
        ("/areas/00000/hamlets/", 404),
        ("/areas/%00/hamlets/", 404),
        ("/areas/%00/", 404),
        ("/areas/90101/hamlets/?day=2020-01-01", 404),
        ("/areas/90101/hamlets/?day=x", 400),
        ("/areas/90101/hamlets/?day=2021-08-05&day=2021-08-06", 400),
    ],
)
def test_bad_address_is_refused(client, province, address, status):
    page_of(province)

    assert client.get(address).status_code == status
