"""What if: the map as it would be is the map that comes when the numbers are posted."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.people import system_user
from riskmap.counts import CountRow, choose_source, post_counts
from riskmap.enums import RiskLevel
from riskmap.impact import as_json, from_json, guarded_changes, impact_of
from riskmap.levels import reassess
from riskmap.models import CountEntry, GuardedPeriod, LevelSpan, StaleMark
from riskmap.rules.explain import State
from riskmap.what_if import what_if
from tests.riskmap.province import AT, day, make_province
from tests.riskmap.test_editions import at, put_out


@pytest.fixture
def province():
    made = make_province(borders=[("90101", "90102")])
    made.post({("90101", 3): 2}, complete=(0, 5))
    reassess(on=day(5), at=AT, provinces=[made.area])
    return made


def row(province, code, number, cases):
    return CountRow(province.communes[code].pk, day(number), unknown_source=cases)


@pytest.mark.django_db
def test_rows_that_say_nothing_new_change_nothing(province):
    assert what_if(source=province.source(), rows=[row(province, "90101", 3, 2)], on=day(5)) is None


@pytest.mark.django_db
def test_case_less_would_turn_the_commune_and_its_neighbour_green(province):
    supposed = what_if(source=province.source(), rows=[row(province, "90101", 3, 0)], on=day(5))

    changes = [
        (each.code, each.first_day, each.last_day, each.before, each.after) for each in supposed.changes
    ]
    assert changes[0] == ("90", day(3), day(5), *changes[0][3:])
    assert ("90101", day(3), day(5), RiskLevel.VERY_HIGH, RiskLevel.NEW_NORMAL) in changes
    assert ("90102", day(3), day(5), RiskLevel.HIGH, RiskLevel.NEW_NORMAL) in changes
    commune = province.communes["90101"].pk
    assert supposed.level_of(commune, day(3)) == (RiskLevel.NEW_NORMAL, False)
    assert supposed.level_now(commune, day(3)) == (RiskLevel.VERY_HIGH, False)
    with pytest.raises(KeyError):
        supposed.level_of(commune, day(6))


@pytest.mark.django_db
def test_grounds_say_which_criteria_would_be_met(province):
    supposed = what_if(source=province.source(), rows=[row(province, "90103", 5, 2)], on=day(5))

    met = [
        finding.criterion.id
        for finding in supposed.grounds_of(province.communes["90103"].pk, day(5))
        if finding.state == State.MET
    ]
    assert met[0] == "xa.do.1"


@pytest.mark.django_db
def test_number_of_a_losing_source_would_change_nothing(province):
    supposed = what_if(source=province.source("CDC"), rows=[row(province, "90101", 3, 1)], on=day(5))

    assert supposed.changes == ()


@pytest.mark.django_db
def test_source_chosen_by_a_person_is_the_one_that_would_count(province):
    province.post({("90101", 3): 0}, source="CDC")
    choose_source(
        area=province.communes["90101"],
        day=day(3),
        source=province.source("CDC"),
        reason="CDC đã xác minh",
        by=system_user(),
        at=AT,
    )
    reassess(on=day(5), at=AT, provinces=[province.area])

    own = what_if(source=province.source(), rows=[row(province, "90101", 3, 9)], on=day(5))
    chosen = what_if(source=province.source("CDC"), rows=[row(province, "90101", 3, 9)], on=day(5))

    assert own.changes == ()
    assert "90101" in {each.code for each in chosen.changes}


@pytest.mark.django_db
def test_first_counts_of_a_province_can_be_asked_about():
    province = make_province()

    supposed = what_if(source=province.source(), rows=[row(province, "90101", 3, 2)], on=day(5))

    commune = province.communes["90101"].pk
    assert supposed.level_of(commune, day(3)) == (RiskLevel.VERY_HIGH, False)
    assert supposed.level_now(commune, day(3)) == (RiskLevel.NO_DATA, False)


@pytest.mark.django_db
def test_asking_writes_nothing(province, django_assert_max_num_queries):
    before = (CountEntry.objects.count(), list(LevelSpan.objects.values_list()), StaleMark.objects.count())

    with django_assert_max_num_queries(16):
        what_if(source=province.source(), rows=[row(province, "90101", 3, 0)], on=day(5))

    assert before == (
        CountEntry.objects.count(),
        list(LevelSpan.objects.values_list()),
        StaleMark.objects.count(),
    )


class SameAsPostingTests(TestCase):
    """What is said beforehand is what comes."""

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.dictionaries(
            st.tuples(st.sampled_from(["90101", "90102", "90103"]), st.integers(0, 8)),
            st.integers(0, 3),
            max_size=8,
        ),
        st.dictionaries(
            st.tuples(st.sampled_from(["90101", "90102", "90103"]), st.integers(-3, 8)),
            st.integers(0, 3),
            min_size=1,
            max_size=4,
        ),
        st.booleans(),
    )
    def test_supposed_levels_are_those_after_posting(self, reported, supposed_rows, by_another):
        province = make_province(borders=[("90101", "90102"), ("90102", "90103")], valid_from=day(-9))
        province.post(reported | {("90101", 0): 1}, complete=(0, 2))
        reassess(on=day(8), at=AT, provinces=[province.area])
        source = province.source("CDC" if by_another else "huyện")
        rows = [row(province, code, number, cases) for (code, number), cases in supposed_rows.items()]

        supposed = what_if(source=source, rows=rows, on=day(8))
        post_counts(source=source, rows=rows, reason="thử", by=system_user(), at=AT)
        reassess(on=day(8), at=AT)

        if supposed is None:
            return
        first = supposed.then.first_day
        days = supposed.then.level.shape[1]
        stored = np.zeros(supposed.then.level.shape, np.int8)
        place = {pk: n for n, pk in enumerate(supposed.areas.ids.tolist())}
        for span in LevelSpan.objects.all():
            begin = max((span.first_day - first).days, 0)
            stored[place[span.area_id], begin : max((span.last_day - first).days + 1, 0)] = span.level
        assert (stored[:, :days] == supposed.then.level).all()


@pytest.mark.django_db
def test_impact_names_the_editions_that_would_differ_and_survives_being_kept():
    province = make_province(borders=[("90101", "90102")])
    for number in range(3, 6):
        said = {("90101", 3): 2} if number == 3 else {}
        province.post(said, complete=(0 if number == 3 else number, number), at=at(number, 16))
        put_out(province, number)
    reassess(on=day(5), at=AT, provinces=[province.area])
    supposed = what_if(source=province.source(), rows=[row(province, "90101", 3, 0)], on=day(5))

    impact = impact_of(province=province.area, what_if=supposed)

    assert [(each.number, each.day) for each in impact.editions] == [(1, day(3)), (2, day(4)), (3, day(5))]
    assert impact.editions[0].squares >= 2  # both communes, and what they do to the district
    assert from_json(as_json(impact)) == impact


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "guarded"), [(0, 2, False), (0, 3, True), (5, 9, True), (6, 9, False)]
)
def test_change_is_guarded_when_it_falls_into_the_competition(province, first, last, guarded):
    GuardedPeriod.objects.create(
        province=province.area, name="Đợt 1", first_day=day(first), last_day=day(last)
    )
    supposed = what_if(source=province.source(), rows=[row(province, "90101", 3, 0)], on=day(5))
    impact = impact_of(province=province.area, what_if=supposed)

    names = {name for _, name in guarded_changes(province=province.area, impact=impact)}

    assert names == ({"Đợt 1"} if guarded else set())


@pytest.mark.django_db
def test_looking_ends_where_nothing_can_be_felt_any_more(province):
    supposed = what_if(
        source=province.source(), rows=[row(province, "90101", 3, 0)], on=day(5) + timedelta(days=2000)
    )

    assert supposed.then.level.shape[1] < 60
