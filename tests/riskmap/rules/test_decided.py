"""Decided levels in the cascade: what is decided is found, by neighbours, by those above, by the next day."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.rules.assess import assess
from riskmap.rules.explain import HeldBy, State, explain
from riskmap.rules.facts import NEVER, Decided
from riskmap.rules.outlook import way_to_green, with_one_more_case
from riskmap.rules.ruleset import RuleSetRefused, parse_rule_set
from riskmap.rules.scale import HIGH, NEW_NORMAL, NO_DATA, VERY_HIGH
from tests.riskmap.rules.random_worlds import random_decisions, random_facts
from tests.riskmap.rules.world import DECREE, World, lone_commune, seen_from, shuffled

NOTHING = Decided(*(np.empty(0, np.int32) for _ in range(3)), np.empty(0, np.int8))


def test_decided_level_stands_on_its_days_whatever_the_rule_says():
    world = lone_commune(days=20)
    world.count("xã", "unknown_source", 0, 2)
    world.decide("xã", "elevated", since=3, until=5)
    world.decide("xã", "very_high", since=16, until=17)

    seen = world.assess()

    assert seen.levels("xã") == "rrr" + "yyy" + "r" * 8 + "gg" + "rr" + "gg"
    assert [seen.met("xã", day) for day in (2, 3, 5, 6)] == [
        ("xa.do.1",),
        ("decided",),
        ("decided",),
        ("xa.do.1",),
    ]
    assert seen.met_any("xã", 4) == ("xa.do.1", "xa.cam.1")
    assert seen.provisional("xã") == "." * 20


def test_neighbours_districts_and_the_province_see_what_is_decided():
    world = lone_commune(days=5)
    world.commune("xã bên")
    world.commune("xã xa")
    world.touch("xã", "xã bên")
    world.touch("xã bên", "xã xa")
    world.decide("xã", "very_high", since=1, until=2)

    seen = world.assess()

    assert seen.levels("xã") == "grrgg"
    assert seen.levels("xã bên") == "googg"
    assert seen.levels("xã xa") == "gyygg"
    assert seen.met("huyện", 1) == ("huyen.do.1", "huyen.do.2")
    assert seen.levels("tỉnh") == "grrgg"


def test_district_decided_lower_lends_the_province_no_more():
    world = lone_commune(days=5)
    world.count("xã", "unknown_source", 0, 2)
    world.decide("huyện", "new_normal", since=1, until=2)

    seen = world.assess()

    assert seen.levels("xã") == "rrrrr"
    assert seen.levels("huyện") == "rggrr"
    assert seen.levels("tỉnh") == "rggrr"


def test_area_without_a_report_keeps_the_decided_level():
    world = lone_commune(days=20)
    world.count("xã", "unknown_source", 0, 2)
    world.silence("xã", 4)
    world.decide("xã", "elevated", since=15, until=16)

    seen = world.assess()

    assert seen.levels("xã") == "r" * 15 + "yyy" + "gg"
    assert seen.provisional("xã") == "...." + "?" * 14 + ".."


def test_criterion_met_on_a_decided_day_is_held_afterwards():
    world = lone_commune(days=20)
    world.count("xã", "unknown_source", 0, 2)
    world.decide("xã", "new_normal", since=12, until=14)

    seen = world.assess(DECREE.with_parameters({"hold_days": 4}))

    assert seen.levels("xã") == "r" * 12 + "ggg" + "rrr" + "gg"


def test_area_that_never_reported_is_known_from_its_decision_on():
    world = lone_commune(days=6)
    world.district("huyện im lặng")
    world.commune("im lặng", parent="huyện im lặng")
    world.silence("im lặng", *range(6))
    world.decide("im lặng", "high", since=2, until=3)

    seen = world.assess()

    assert seen.levels("im lặng") == "nnoooo"
    assert seen.met("im lặng", 4) == ()
    assert seen.levels("huyện im lặng") == "nnrrrr"


def test_nobody_decides_for_an_area_that_does_not_exist():
    world = lone_commune(days=6)
    world.commune("mới", valid=(3, NEVER))
    world.decide("mới", "very_high", since=0, until=2)
    world.decide("xã", "very_high", since=-9, until=-1)
    world.silence("mới", *range(6))

    seen = world.assess()

    assert seen.levels("mới") == "nnnnnn"
    assert seen.levels("xã") == "gggggg"


def test_decisions_about_nobody_change_nothing():
    facts = random_facts(3, provinces=2, districts=3, communes=5, days=30)

    with_none, without = assess(DECREE, replace(facts, decided=NOTHING)), assess(DECREE, facts)

    for name in ("level", "provisional", "met"):
        np.testing.assert_array_equal(getattr(with_none, name), getattr(without, name))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), split=st.integers(0, 70), hold_days=st.sampled_from([0, 1, 4, 20]))
def test_run_begun_on_any_day_equals_the_whole_run(seed, split, hold_days):
    rule_set = DECREE.with_parameters({"hold_days": hold_days})
    facts = random_facts(seed, provinces=2, districts=3, communes=5, hamlets=10, days=71)
    facts = random_decisions(facts, seed)
    whole = assess(rule_set, facts, all_criteria=True)

    later = assess(rule_set, seen_from(facts, split, rule_set.look_back, whole.level), all_criteria=True)

    for name in ("level", "provisional", "met", "met_any", "unknown"):
        np.testing.assert_array_equal(getattr(later, name), getattr(whole, name)[:, split:], err_msg=name)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_order_of_areas_does_not_matter(seed):
    facts = random_decisions(random_facts(seed, provinces=2, districts=3, communes=5, days=30), seed)
    order = np.random.default_rng(seed).permutation(facts.areas)
    whole = assess(DECREE, facts)

    mixed = assess(DECREE, shuffled(facts, order))

    for name in ("level", "provisional", "met"):
        np.testing.assert_array_equal(getattr(mixed, name), getattr(whole, name)[order], err_msg=name)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_decided_level_is_the_level_and_deciding_what_is_found_changes_no_other(seed):
    facts = random_facts(seed, provinces=2, districts=3, communes=5, days=30)
    found = assess(DECREE, facts)
    rows, on = np.nonzero(found.level)
    chosen = np.random.default_rng(seed).random(len(rows)) < 0.2
    rows, on = rows[chosen].astype(np.int32), on[chosen].astype(np.int32)

    again = assess(DECREE, replace(facts, decided=Decided(rows, on, on, found.level[rows, on])))

    np.testing.assert_array_equal(again.level, found.level)
    assert (again.met[rows, on] == DECREE.mask_of(["decided"])).all()


# --- why, and what comes ---------------------------------------------------------------------------------


def why(world: World, name: str, day: int, rule_set=DECREE):
    return explain(rule_set, world.facts(), world.names.index(name), day)


def test_decided_square_tells_what_the_rule_alone_would_give():
    world = lone_commune(days=5)
    world.commune("xã bên")
    world.touch("xã", "xã bên")
    world.count("xã", "unknown_source", 2, 1)
    world.decide("xã", "very_high", since=2, until=4)

    explained = why(world, "xã", 3)

    assert (explained.level, explained.decided, explained.computed) == (VERY_HIGH, True, HIGH)
    states = {each.criterion.id: each.state for each in explained.findings}
    assert (states["xa.do.1"], states["xa.cam.1"]) == (State.NOT_MET, State.MET)
    beside = why(world, "xã bên", 3)
    assert (beside.level, beside.decided, beside.computed) == (HIGH, False, HIGH)


def test_decided_square_that_never_reported_has_nothing_else_to_rest_on():
    world = lone_commune(days=5)
    world.commune("im lặng")
    world.silence("im lặng", *range(5))
    world.decide("im lặng", "high", since=2, until=4)

    explained = why(world, "im lặng", 3)

    assert (explained.level, explained.computed, explained.findings) == (HIGH, NO_DATA, ())


def test_level_kept_from_a_decision_is_held_by_missing_reports_since_its_last_day():
    world = lone_commune(days=20)
    world.silence("xã", 12)
    world.decide("xã", "high", since=10, until=13)

    explained = why(world, "xã", 16)

    assert (explained.level, explained.held_by) == (HIGH, HeldBy.MISSING_REPORTS)
    assert explained.held_since == world.facts().first_day.replace(day=14)
    assert State.HELD not in {each.state for each in explained.findings}


def test_decision_keeps_its_end_when_the_rule_is_run_forward():
    world = lone_commune(days=10)
    world.decide("xã", "high", since=8, until=12)
    world.decide("xã", "very_high", since=20, until=21)

    outlook = way_to_green(DECREE, world.facts())

    row, day = world.names.index("xã"), world.facts().first_day.replace
    assert outlook.changes(row) == [
        (day(day=14), NEW_NORMAL), (day(day=21), VERY_HIGH), (day(day=23), NEW_NORMAL)
    ]  # fmt: skip
    assert outlook.green_on(row) == day(day=23)
    assert with_one_more_case(DECREE, world.facts(), row) == HIGH


def test_name_of_a_decision_is_no_name_for_a_criterion():
    with pytest.raises(RuleSetRefused, match="decided"):
        parse_rule_set("thử", DECREE.source.replace('"xa.do.1"', '"decided"'))
    assert DECREE.ids_of(DECREE.mask_of(["xa.do.1", "decided"])) == ("xa.do.1", "decided")
