"""The edition in force in words, its totals, and the banner of a late one."""

from datetime import time

import pytest

from core.enums import AreaKind
from riskmap.edition_state import edition_state
from riskmap.edition_totals import provisional_in
from riskmap.levels import reassess
from riskmap.models import ProvincePolicy
from tests.riskmap.province import day, make_province
from tests.riskmap.test_editions import at, put_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    made = make_province(borders=[("90101", "90102")])
    made.post({}, complete=(0, 2), at=at(2, 16))
    return made


def counts(state):
    return {total.look.key: (total.count, total.change) for total in state.totals}


def test_before_the_first_edition_there_is_nothing_to_say(province):
    state = edition_state(province=province.area, at=at(2, 16))

    assert (state.edition, state.headline, list(state.totals)) == (None, "", [])


def test_headline_tells_the_cut_off_in_local_time(province):
    put_out(province, 2)

    assert (
        edition_state(province=province.area, at=at(2, 17, 10)).headline == "Tính đến 17:00 ngày 03/08/2021"
    )


def test_totals_of_the_first_edition_have_no_change(province):
    put_out(province, 2)

    state = edition_state(province=province.area, at=at(2, 17, 10))

    assert counts(state)["new_normal"] == (3, None)


def test_totals_tell_the_change_since_the_edition_before(province):
    put_out(province, 2)
    province.post({("90101", 3): 2, ("90102", 3): 0, ("90103", 3): 0}, at=at(3, 16))
    put_out(province, 3)

    state = edition_state(province=province.area, at=at(3, 17, 10))

    assert counts(state) == {
        "no_data": (0, 0),
        "new_normal": (1, -2),
        "elevated": (0, 0),
        "high": (1, 1),
        "very_high": (1, 1),
    }


def test_totals_of_another_tier_are_its_own(province):
    province.post({("90101", 2): 2}, reason="thêm", at=at(2, 16, 30))
    put_out(province, 2)

    state = edition_state(province=province.area, at=at(2, 17, 10), layer=AreaKind.DISTRICT)

    assert sum(total.count for total in state.totals) == 1


def test_hatched_units_of_an_edition_are_counted(province):
    province.post({("90101", 3): 0}, at=at(3, 16))

    assert provisional_in(put_out(province, 3)) == 2


def test_edition_is_late_an_hour_after_its_cut_off_and_not_before(province):
    put_out(province, 2)
    reassess(on=day(3), at=at(3, 8), provinces=[province.area])

    assert edition_state(province=province.area, at=at(3, 18)).late_since is None
    assert edition_state(province=province.area, at=at(3, 18, 1)).late_since == at(3, 17)


def test_province_without_a_daily_hour_is_never_late(province):
    ProvincePolicy.objects.create(province=province.area, publish_at=None)

    assert edition_state(province=province.area, at=at(9)).late_since is None


def test_hour_of_the_province_counts(province):
    ProvincePolicy.objects.create(province=province.area, publish_at=time(6))
    reassess(on=day(3), at=at(3, 8), provinces=[province.area])

    assert edition_state(province=province.area, at=at(3, 8)).late_since == at(3, 6)
