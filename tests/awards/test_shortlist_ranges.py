"""Ranges of ranks: all at once says what moving one unit after another says."""

import dataclasses

import numpy as np
import pytest

from awards.shortlist_ranges import LESS, MORE, measures_of, moved_by, moved_values, ranks_if_moved
from campaign.scoring.facts import facts_of
from campaign.scoring.order import Scoring, rank_units
from campaign.scoring.spans import Spans, spans_of_days

SCORING = Scoring(("steps_lowered", "days_green", "relapses"), ("cases_per_100k", "cases"))


def a_field(units: int = 40, days: int = 20, *, seed: int = 7):
    """Levels and cases by chance, with many equals among them."""
    chance = np.random.default_rng(seed)
    level = chance.integers(1, 5, (units, days)).astype(np.int8)
    level[: units // 2] = np.sort(level[: units // 2], axis=1)[:, ::-1]
    row, first = np.divmod(np.arange(units * days), days)
    spans = Spans(
        row.astype(np.int32),
        first.astype(np.int32),
        first.astype(np.int32),
        level.ravel(),
        np.zeros(units * days, bool),
    )
    facts = facts_of(
        spans,
        areas=units,
        through=days - 1,
        cases=chance.integers(0, 6, units),
        population=chance.integers(0, 3, units) * 1000,
    )
    return facts, chance.random(units) < 0.9


def moved_alone(facts, row: int, fact: str, tenths: int):
    """The facts with one number of one unit moved."""
    part = facts.levels if hasattr(facts.levels, fact) else facts
    values = np.array(getattr(part, fact), np.float64)
    values[row] = moved_values(facts, fact, tenths)[row]
    if part is facts:
        return dataclasses.replace(facts, **{fact: values})
    return dataclasses.replace(facts, levels=dataclasses.replace(facts.levels, **{fact: values}))


@pytest.mark.parametrize("tenths", [LESS, MORE])
@pytest.mark.parametrize("fact", measures_of(SCORING))
def test_all_at_once_is_what_one_after_another_is(fact, tenths):
    facts, competing = a_field()

    ranks = ranks_if_moved(facts, SCORING, competing=competing, fact=fact, tenths=tenths)

    for row in range(facts.units):
        alone = rank_units(moved_alone(facts, row, fact, tenths), SCORING, competing=competing)
        assert ranks[row] == alone.rank[row], row


def test_levels_and_targets_are_no_measures():
    assert measures_of(SCORING) == ("days_green", "relapses", "cases_per_100k", "cases")
    assert measures_of(Scoring(("level_at_end", "lowest_level"), ("target_met",))) == ()


def test_whole_numbers_move_by_whole_numbers_and_rates_by_tenths():
    days = np.array([0, 1, 2, 3, 9, np.nan])

    assert moved_by(days, "days_green", LESS).tolist()[:5] == [0, 1, 2, 2, 7]
    assert moved_by(days, "days_green", MORE).tolist()[:5] == [0, 1, 2, 4, 11]
    assert np.isnan(moved_by(days, "days_green", MORE)[5])
    assert moved_by(np.array([10.3]), "cases_per_100k", LESS).tolist() == [8.2]
    assert moved_by(np.array([10.3]), "cases_per_100k", MORE).tolist() == [12.4]


def test_days_stay_within_the_phase_and_those_that_make_a_class_stay():
    green = np.array([[1] * 10, [4] + [1] * 9], np.int8)
    spans = spans_of_days(green, np.zeros(green.shape, bool))
    cases, people = np.array([10, 10]), np.array([1000, 1000])
    facts = facts_of(spans, areas=2, through=9, cases=cases, population=people)

    assert moved_values(facts, "days_green", LESS).tolist() == [10, 7]
    assert moved_values(facts, "days_green", MORE).tolist() == [10, 10]
    assert moved_values(facts, "cases", MORE).tolist() == [12, 12]


def test_who_does_not_compete_has_no_rank():
    facts, _competing = a_field(5)

    nobody = np.zeros(5, bool)
    ranks = ranks_if_moved(facts, SCORING, competing=nobody, fact="cases", tenths=MORE)

    assert ranks.tolist() == [0] * 5
