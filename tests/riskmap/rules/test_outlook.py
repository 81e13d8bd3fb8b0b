"""The way to green: the rule run forward on zeros."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.rules.assess import assess
from riskmap.rules.facts import NEVER
from riskmap.rules.outlook import way_to_green, with_one_more_case
from riskmap.rules.scale import ELEVATED, HIGH, NEW_NORMAL, VERY_HIGH
from tests.riskmap.rules.random_worlds import random_facts
from tests.riskmap.rules.world import DECREE, FIRST_DAY, World, seen_from


def day(number: int):
    return FIRST_DAY + timedelta(number)


@pytest.fixture
def world() -> World:
    """Twenty days; the outlook begins on day 20."""
    world = World(days=20)
    world.province()
    world.district()
    world.commune("xã")
    world.commune("xanh")
    return world


def ahead(world: World, name: str, rule_set=DECREE, **kwargs):
    outlook = way_to_green(rule_set, world.facts(), **kwargs)
    row = world.names.index(name)
    return outlook.changes(row), outlook.green_on(row)


def test_levels_fall_as_the_cases_leave_the_window(world):
    world.count("xã", "unknown_source", 10, 1)
    world.count("xã", "unknown_source", 12, 1)
    world.count("xã", "known_source", 19, 1)

    # Two cases to day 23, one to day 25, the known source to day 32.
    assert ahead(world, "xã") == ([(day(24), HIGH), (day(26), ELEVATED), (day(33), NEW_NORMAL)], day(33))


def test_green_area_stays_green_from_the_first_day(world):
    assert ahead(world, "xanh") == ([], day(20))


def test_missing_report_delays_the_fall_until_it_has_left_the_window(world):
    world.count("xã", "unknown_source", 8, 2)
    world.silence("xã", 19)

    assert ahead(world, "xã") == ([(day(33), NEW_NORMAL)], day(33))


def test_declared_fact_holds_the_level_to_its_end_or_for_ever(world):
    world.declare("xã", "crowded_place_source", since=5, until=44)
    world.declare("xanh", "entry_or_quarantine_pressure", since=5)

    assert ahead(world, "xã") == ([(day(45), NEW_NORMAL)], day(45))
    assert ahead(world, "xanh") == ([], None)
    assert ahead(world, "xã", at_most=20) == ([], None)


def test_declared_fact_that_begins_later_is_foreseen(world):
    world.declare("xã", "entry_or_quarantine_pressure", since=30, until=31)

    assert ahead(world, "xã") == ([(day(30), ELEVATED), (day(32), NEW_NORMAL)], day(32))


def test_area_that_never_reported_is_green_with_its_first_zero(world):
    world.commune("im lặng")
    world.silence("im lặng", *range(20))

    assert ahead(world, "im lặng") == ([(day(20), NEW_NORMAL)], day(20))


def test_holding_time_passes_along_the_longest_chain(world):
    for one, other in (("xã", "xanh"), ("xanh", "kề")):
        if other == "kề":
            world.commune("kề")
        world.touch(one, other)
    world.count("xã", "unknown_source", 19, 2)

    rule_set = DECREE.with_parameters({"hold_days": 10})

    # The window is empty on day 33; each step of the chain holds ten days more than the one before it:
    # red, orange by touch, yellow by touch (the once red commune too), district, province.
    assert ahead(world, "xã", rule_set)[0] == [(day(43), ELEVATED), (day(63), NEW_NORMAL)]
    assert ahead(world, "xanh", rule_set)[0] == [(day(53), NEW_NORMAL)]
    assert ahead(world, "kề", rule_set)[0] == [(day(63), NEW_NORMAL)]
    assert ahead(world, "huyện", rule_set)[1] == day(73)
    assert ahead(world, "tỉnh", rule_set)[1] == day(83)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    days=st.sampled_from([1, 5, 20, 40]),
    hold_days=st.sampled_from([0, 3]),
    began=st.booleans(),
)
def test_outlook_is_what_the_rule_will_say_when_zeros_come(seed, days, hold_days, began):
    rule_set = DECREE.with_parameters({"hold_days": hold_days})
    facts = random_facts(seed, provinces=2, districts=3, communes=4, hamlets=6, days=120)
    reporting = facts.tier >= 2
    reported, counts = facts.reported.copy(), {kind: each.copy() for kind, each in facts.counts.items()}
    reported[reporting, days:] = True
    for each in counts.values():
        each[:, days:] = 0
    future = replace(
        facts,
        reported=reported,
        counts=counts,
        first_report=np.where(reporting, np.minimum(facts.first_report, days), NEVER).astype(np.int32),
        series_start=np.minimum(facts.series_start, days),
    )
    come = assess(rule_set, future).level
    known = replace(
        future,
        days=days,
        reported=reported[:, :days],
        counts={kind: each[:, :days] for kind, each in counts.items()},
        first_report=np.where(facts.first_report < days, facts.first_report, NEVER).astype(np.int32),
        series_start=np.where(facts.series_start < days, facts.series_start, NEVER).astype(np.int32),
    )
    if began:  # from an incremental run of the last day only
        known = seen_from(known, days - 1, rule_set.look_back, come)

    outlook = way_to_green(rule_set, known)

    seen = min(outlook.level.shape[1], 120 - days)
    np.testing.assert_array_equal(outlook.start, come[:, days - 1])
    np.testing.assert_array_equal(outlook.level[:, :seen], come[:, days : days + seen])
    # Nothing changes after what it looks at: the last level stands.
    np.testing.assert_array_equal(
        np.broadcast_to(outlook.level[:, -1:], come[:, days + seen :].shape), come[:, days + seen :]
    )
    red = np.flatnonzero(outlook.level[:, -1] == VERY_HIGH)
    assert all(outlook.green_on(int(row)) is None for row in red)


def one_more(world: World, name: str) -> int:
    return with_one_more_case(DECREE, world.facts(), world.names.index(name))


def test_one_more_case_makes_a_green_commune_high_and_the_second_very_high(world):
    world.count("xã", "unknown_source", 12, 1)

    assert (one_more(world, "xanh"), one_more(world, "xã")) == (HIGH, VERY_HIGH)


def test_one_more_case_is_a_report_of_the_day(world):
    world.count("xã", "unknown_source", 3, 2)
    world.silence("xã", 19)

    assert one_more(world, "xã") == HIGH


def test_one_more_case_leaves_the_facts_as_they_are(world):
    facts = world.facts()

    with_one_more_case(DECREE, facts, world.names.index("xanh"))

    assert assess(DECREE, facts).level[world.names.index("xanh"), -1] == NEW_NORMAL
