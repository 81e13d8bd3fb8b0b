"""Levels over time: missing reports, provisional days and holding."""

import numpy as np

from riskmap.rules.assess import assess
from riskmap.rules.scale import NEW_NORMAL, VERY_HIGH
from tests.riskmap.rules.world import DECREE, lone_commune, seen_from


def test_level_falls_when_the_window_has_passed():
    world = lone_commune(days=20)
    world.count("xã", "unknown_source", 2, 2)

    seen = world.assess()

    assert seen.levels("xã") == "gg" + "r" * 14 + "gggg"
    assert seen.provisional("xã") == "." * 20


def test_missing_report_makes_the_days_that_look_at_it_provisional():
    world = lone_commune(days=20)
    world.silence("xã", 3)

    seen = world.assess()

    assert seen.provisional("xã") == "..." + "?" * 14 + "..."
    assert seen.levels("xã") == "g" * 20


def test_provisional_area_never_improves_but_may_worsen():
    world = lone_commune(days=34)
    world.count("xã", "unknown_source", 0, 1)
    world.silence("xã", 10)
    world.count("xã", "unknown_source", 18, 2)
    world.silence("xã", 32)

    seen = world.assess()

    # Orange of day 0 would end on day 14; the report of day 10 is missing in the windows up to day 23. The
    # red of day 18 would end on day 32, when a report is missing again.
    assert seen.levels("xã") == "o" * 18 + "r" * 16
    assert seen.met("xã", 13) == ("xa.cam.1",)
    assert seen.met("xã", 14) == ()
    assert seen.met("xã", 18) == ("xa.do.1",)
    assert seen.met("xã", 33) == ()


def test_held_level_falls_to_what_is_met_once_reports_are_whole():
    world = lone_commune(days=30)
    world.count("xã", "unknown_source", 0, 2)
    world.count("xã", "known_source", 12, 1)
    world.silence("xã", 5)

    seen = world.assess()

    assert seen.levels("xã") == "r" * 19 + "y" * 7 + "g" * 4


def test_days_before_the_provinces_first_report_are_not_missing():
    world = lone_commune(days=20, series_start=4)

    seen = world.assess()

    assert seen.levels("xã") == "nnnn" + "g" * 16
    assert seen.provisional("xã") == "." * 20


def test_held_red_spreads_orange_and_orange_spreads_yellow_the_same_day():
    world = lone_commune(days=20)
    world.commune("kề")
    world.commune("kề của kề")
    world.touch("xã", "kề")
    world.touch("kề", "kề của kề")
    world.count("xã", "unknown_source", 0, 2)
    world.silence("xã", 3)

    seen = world.assess()

    assert seen.levels("xã") == "r" * 17 + "ggg"
    assert seen.levels("kề") == "o" * 17 + "ggg"
    assert seen.levels("kề của kề") == "y" * 17 + "ggg"
    assert seen.met("kề của kề", 16) == ("xa.vang.3",)


def test_holding_time_keeps_each_level_for_its_days():
    world = lone_commune(days=30)
    world.count("xã", "unknown_source", 0, 2)
    world.count("xã", "known_source", 3, 1)

    seen = world.assess(DECREE.with_parameters({"hold_days": 5}))

    # Red met to day 13, orange (one case is enough) likewise, yellow met to day 16: each five days more.
    assert seen.levels("xã") == "r" * 19 + "yyy" + "g" * 8
    assert seen.met("xã", 14) == ()
    assert seen.met("xã", 19) == ()


def test_holding_time_of_a_district_begins_when_its_communes_fall():
    world = lone_commune(days=30)
    world.count("xã", "unknown_source", 0, 2)

    seen = world.assess(DECREE.with_parameters({"hold_days": 2}))

    assert seen.levels("xã") == "r" * 16 + "g" * 14
    assert seen.levels("huyện") == "r" * 18 + "g" * 12
    assert seen.levels("tỉnh") == "r" * 20 + "g" * 10


def test_district_is_held_while_any_commune_of_it_is_provisional():
    world = lone_commune(days=20)
    world.commune("xã khác")
    world.count("xã", "unknown_source", 0, 2)
    world.silence("xã khác", 6)

    seen = world.assess()

    assert seen.levels("xã") == "r" * 14 + "g" * 6
    assert seen.provisional("xã") == "." * 20
    assert seen.provisional("huyện") == "......" + "?" * 14
    assert seen.levels("huyện") == "r" * 20
    assert seen.levels("tỉnh") == "r" * 20


def test_levels_not_known_before_the_run_are_not_made_up():
    world = lone_commune(days=20)
    world.count("xã", "unknown_source", 0, 2)
    world.silence("xã", 3)
    facts = world.facts()
    rule_set = DECREE.with_parameters({"hold_days": 1})
    later = seen_from(facts, 15, rule_set.look_back, np.full((facts.areas, 15), -1, np.int8))

    # Red was met to day 13 and would be held by the missing report, had anybody known it on day 14.
    assert assess(rule_set, later).level[2].tolist() == [NEW_NORMAL] * 5
    known = seen_from(facts, 15, rule_set.look_back, assess(rule_set, facts).level)
    assert assess(rule_set, known).level[2].tolist() == [VERY_HIGH] * 2 + [NEW_NORMAL] * 3
