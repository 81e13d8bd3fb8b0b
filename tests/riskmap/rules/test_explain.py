"""Explaining a square: the numbers behind each criterion, and that they agree with what was decided."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.rules.assess import assess
from riskmap.rules.conditions import IncidenceInWindow, Reading, ShareOfChildren
from riskmap.rules.explain import Explanation, HeldBy, State, explain
from riskmap.rules.scale import DISTRICT, HIGH, NEW_NORMAL, NO_DATA, PROVINCE, VERY_HIGH
from tests.riskmap.rules.random_worlds import random_facts
from tests.riskmap.rules.world import DECREE, FIRST_DAY, World, seen_from


@pytest.fixture
def world() -> World:
    world = World(days=20)
    world.province(people=300_000)
    world.district()
    for name in ("xã", "đỏ", "cam", "xanh"):
        world.commune(name)
    world.touch("xã", "đỏ")
    world.touch("xã", "xanh")
    world.count("xã", "known_source", 8, 3)
    world.count("xã", "known_source", 19, 1)
    world.count("đỏ", "unclassified", 19, 70)
    world.count("cam", "unknown_source", 19, 1)
    return world


def read(world: World, name: str, day: int = 19, rule_set=DECREE) -> tuple[Explanation, dict]:
    row = world.names.index(name)
    explanation = explain(rule_set, world.facts(), row, day)
    return explanation, {each.criterion.id: (each.state, each.reading) for each in explanation.findings}


def test_commune_is_explained_by_exact_numbers_and_by_the_neighbours_that_count(world):
    explanation, findings = read(world, "xã")

    assert (explanation.level, explanation.provisional, explanation.held_by) == (HIGH, False, None)
    assert list(findings) == [each.id for each in DECREE.criteria[:8]]
    red = world.names.index("đỏ")
    assert findings == {
        "xa.do.1": (State.NOT_MET, Reading(0, 2)),
        "xa.do.2": (State.NOT_MET, Reading(0, 1)),
        "xa.cam.1": (State.NOT_MET, Reading(0, 1)),
        "xa.cam.2": (State.MET, Reading(1, 1, rows=(red,))),
        "xa.vang.1": (State.MET, Reading(4, 1)),
        "xa.vang.2": (State.NOT_MET, Reading(0, 1)),
        "xa.vang.3": (State.MET, Reading(1, 1, rows=(red,))),
        "xa.vang.4": (State.NOT_MET, Reading(0, 1)),
    }


def test_cases_beyond_what_decides_are_told_in_full(world):
    assert read(world, "đỏ")[1]["xa.do.1"] == (State.MET, Reading(70, 2))


def test_district_is_explained_by_counts_of_communes_and_what_is_unknown(world):
    explanation, findings = read(world, "huyện")

    red, orange, own = (world.names.index(name) for name in ("đỏ", "cam", "xã"))
    assert explanation.level == VERY_HIGH
    assert findings["huyen.do.1"] == (State.NOT_MET, Reading(1, 30, of=4, rows=(red,)))
    assert findings["huyen.do.2"] == (State.MET, Reading(3, 50, of=4, rows=(own, red, orange)))
    assert findings["huyen.cam.3"] == (State.MET, Reading(1, 1, of=4, rows=(red,)))
    assert findings["huyen.vang.1"] == (State.UNKNOWN, Reading(4, 1, of=None))


def test_province_is_explained_by_its_population(world):
    assert read(world, "tỉnh")[1]["tinh.vang.1"] == (State.MET, Reading(4, 1, of=300_000))


def test_missing_reports_are_listed_and_the_held_criteria_named():
    world = World(days=20)
    world.province()
    world.district()
    world.commune("xã")
    world.count("xã", "unknown_source", 2, 2)
    world.silence("xã", 4, 18)

    explanation, findings = read(world, "xã")

    assert (explanation.level, explanation.provisional) == (VERY_HIGH, True)
    assert explanation.held_by == HeldBy.MISSING_REPORTS
    assert explanation.held_since == FIRST_DAY + timedelta(15)
    assert explanation.missing_days == (FIRST_DAY + timedelta(18),)
    assert findings["xa.do.1"] == (State.HELD, Reading(0, 2))
    assert findings["xa.cam.1"] == (State.NOT_MET, Reading(0, 1))
    assert read(world, "huyện")[0].missing_days == ()


def test_holding_time_is_told_from_missing_reports():
    world = World(days=20)
    world.province()
    world.district()
    world.commune("xã")
    world.count("xã", "unknown_source", 2, 2)

    explanation, findings = read(world, "xã", day=18, rule_set=DECREE.with_parameters({"hold_days": 3}))

    assert (explanation.held_by, explanation.held_since) == (HeldBy.HOLDING_TIME, FIRST_DAY + timedelta(15))
    assert findings["xa.do.1"][0] == State.HELD


@pytest.mark.parametrize(
    ("silent", "hold_days", "held_by"), [((10,), 0, HeldBy.MISSING_REPORTS), ((), 5, HeldBy.HOLDING_TIME)]
)
def test_level_held_since_before_the_facts_says_so(silent, hold_days, held_by):
    rule_set = DECREE.with_parameters({"hold_days": hold_days})
    world = World(days=40)
    world.province()
    world.district()
    world.commune("xã")
    world.count("xã", "unknown_source", 2, 2)
    world.silence("xã", *silent)
    facts = world.facts()
    levels = assess(rule_set, facts).level
    late = seen_from(facts, 18, rule_set.look_back, levels)

    explanation = explain(rule_set, late, 2, late.lead)

    assert (explanation.level, explanation.held_by, explanation.held_since) == (VERY_HIGH, held_by, None)


def test_area_without_a_level_has_nothing_to_explain(world):
    world.commune("im lặng")
    world.silence("im lặng", *range(20))

    explanation, findings = read(world, "im lặng")

    assert (explanation.level, findings, explanation.held_by) == (NO_DATA, {}, None)
    assert len(explanation.missing_days) == 14


def test_days_before_the_series_are_not_listed_as_missing():
    world = World(days=20, series_start=9)
    world.province()
    world.district()
    world.commune("xã")
    world.silence("xã", 12)

    assert read(world, "xã")[0].missing_days == (FIRST_DAY + timedelta(12),)


def test_green_has_findings_and_nothing_held(world):
    world.commune("yên")

    explanation, findings = read(world, "yên")

    assert (explanation.level, explanation.held_by) == (NEW_NORMAL, None)
    assert {state for state, _ in findings.values()} == {State.NOT_MET}


def test_day_that_is_only_looked_back_at_is_not_explained(world):
    facts = replace(world.facts(), lead=5, previous=np.full((6, 5), -1, np.int8))

    for day in (4, 20):
        with pytest.raises(ValueError, match="not among those assessed, 5 to 19"):
            explain(DECREE, facts, 0, day)


def reached(finding) -> bool:
    """What the numbers themselves say, in the plainest words."""
    value, threshold, of = finding.reading.value, finding.reading.threshold, finding.reading.of
    match finding.criterion.condition:
        case IncidenceInWindow(per=per):
            return of is not None and value * per > threshold * of
        case ShareOfChildren():
            return of > 0 and value * 100 >= threshold * of
        case _:
            return value >= threshold


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_numbers_told_and_what_was_decided_agree(seed):
    facts = random_facts(seed, provinces=2, districts=3, communes=4, hamlets=6, days=25)
    assessment = assess(DECREE, facts, all_criteria=True)
    rng = np.random.default_rng(seed)

    for row in rng.permutation(facts.areas)[:20]:
        day = int(rng.integers(facts.days))
        explanation = explain(DECREE, facts, int(row), day)

        assert explanation.level == assessment.level[row, day]
        met = [each.criterion.id for each in explanation.findings if each.state == State.MET]
        assert met == [each.criterion.id for each in explanation.findings if reached(each)]
        assert tuple(met) == DECREE.ids_of(assessment.met_any[row, day])
        held = explanation.level > NEW_NORMAL and not assessment.met[row, day]
        assert (explanation.held_by == HeldBy.MISSING_REPORTS) == held
        assert any(each.state == State.HELD for each in explanation.findings) == held


def test_explanation_says_how_many_cases_of_the_window_are_unclassified(world):
    world.count("cam", "unclassified", 5, 9)  # before the window of day 19
    world.count("cam", "unclassified", 6, 2)

    assert [read(world, name)[0].unclassified for name in ("xã", "đỏ", "cam")] == [0, 70, 2]
    assert [
        explain(DECREE, world.facts(), world.facts().tier.tolist().index(tier), 19).unclassified
        for tier in (DISTRICT, PROVINCE)
    ] == [72, 72]
