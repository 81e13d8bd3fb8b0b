"""The map of a day: its view, what it is held against, and whose place it opens on."""

from datetime import datetime, time, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from core.enums import AreaKind, Role
from core.people import system_user
from riskmap.editions import publish
from riskmap.enums import MapView
from riskmap.history import DayNotKnown
from riskmap.levels import reassess
from riskmap.map_page import ALL_ROWS_UP_TO, FIRST_ROWS, assessed_provinces, map_of_day, own_place
from tests.factories import GrantFactory, UserFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db


def evening(number: int) -> datetime:
    return datetime.combine(day(number), time(17), AT.tzinfo)


@pytest.fixture
def province():
    """90101 has one case on 05/08, and, as came out afterwards, two; 05 and 07/08 are published."""
    made = make_province()
    for last in (4, 6):
        made.post({("90101", 4): 1}, complete=(0, last), at=evening(last) - timedelta(hours=1))
        publish(province=made.area, cut_off=evening(last), at=evening(last), by=system_user())
    made.post({("90101", 4): 2}, reason="bổ sung")
    reassess(on=day(40), at=AT, provinces=[made.area])
    return made


def page_of(number: int | None = None, **asked):
    [assessment] = assessed_provinces()
    chosen = None if number is None else day(number)
    return map_of_day(assessment=assessment, day=chosen, layer="commune", on=day(40), **asked)


def level_of(page, code: str) -> int:
    return page.row_of(code).level


def test_map_opens_on_what_was_published_last(province):
    page = page_of()

    assert (page.view, page.day, page.edition.number) == (MapView.PUBLISHED, day(6), 2)
    assert level_of(page, "90101") == 3
    assert page.difference_count == 1


def test_map_as_known_names_what_was_published(province):
    page = page_of(6, view="known")

    rows = {each.level.code: each for each in dict(page.layers)[AreaKind.COMMUNE]}
    assert level_of(page, "90101") == 4
    assert rows["90101"].other.level == 3
    assert rows["90102"].other is None


def test_map_of_an_unpublished_day_has_no_levels(province):
    page = page_of(5, view="published")

    assert not page.has_day
    assert page.edition is None
    assert {total.change for total in page.totals} == {None}
    assert page.difference_count == 0


def test_totals_are_held_against_the_day_published_before(province):
    page = page_of(6)

    assert [(total.count, total.change) for total in page.totals] == [(0, 0), (2, 0), (0, 0), (1, 0), (0, 0)]
    assert {total.change for total in page_of(4).totals} == {None}


def test_totals_as_known_are_held_against_the_day_before(province):
    page = page_of(4, view="known")

    assert [(total.count, total.change) for total in page.totals] == [(0, 0), (2, -1), (0, 0), (0, 0), (1, 1)]


@pytest.mark.parametrize(("view", "level"), [("published", 3), ("known", 4)])
def test_second_day_is_seen_in_the_same_view(province, view, level):
    page = page_of(6, view=view, compare=day(4))

    rows = {each.level.code: each for each in dict(page.layers)[AreaKind.COMMUNE]}
    assert rows["90101"].compared.level == level


def test_second_day_outside_the_period_is_refused(province):
    with pytest.raises(DayNotKnown):
        page_of(6, compare=day(30))


def test_long_table_begins_with_its_first_rows():
    count = ALL_ROWS_UP_TO + 1
    made = make_province(districts={"901": [f"9{number:04d}" for number in range(count)]})
    made.post(complete=(0, 3))
    reassess(on=day(40), at=AT, provinces=[made.area])

    page = page_of()

    assert len(dict(page.layers)[AreaKind.COMMUNE]) == FIRST_ROWS
    assert page.rows_left_out == count - FIRST_ROWS
    assert len(page.units["commune"]) == count


def test_own_place_is_where_all_grants_lie(province):
    clerk, inspector, viewer = UserFactory(), UserFactory(), UserFactory()
    GrantFactory(user=clerk, area=province.communes["90101"], role=Role.COMMUNE_STAFF)
    for code in ("90101", "90102"):
        GrantFactory(user=inspector, area=province.communes[code], role=Role.COMMUNE_STAFF)
    GrantFactory(user=viewer, area=province.area, role=Role.VIEWER)

    own = [own_place("90", user=each, on=day(40)) for each in (clerk, inspector, viewer, AnonymousUser())]

    assert own == [("901", "90101"), ("901", ""), ("", ""), ("", "")]
