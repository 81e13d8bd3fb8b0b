"""Scoring on arrays against the same reading day by day, and what it refuses."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.scoring.facts import KEPT_GREEN, facts_of
from campaign.scoring.order import VOCABULARY, Scoring, ScoringRefused, rank_units, read_scoring
from campaign.scoring.spans import NONE, Spans, spans_of_days
from campaign.scoring.targets import TARGET_KEYS, Registrations
from campaign.scoring.unit import unit_facts
from tests.campaign.letters import spans_from
from tests.campaign.slow_scoring import rank_slowly, read_slowly, read_target_slowly

FIRST_DAY = date(2021, 8, 20)


@st.composite
def areas_and_days(draw, most_areas=6, most_days=25):
    shape = draw(st.integers(1, most_areas)), draw(st.integers(1, most_days))
    cells = st.lists(st.integers(0, 4), min_size=shape[1], max_size=shape[1])
    marks = st.lists(st.booleans(), min_size=shape[1], max_size=shape[1])
    level = draw(st.lists(cells, min_size=shape[0], max_size=shape[0]))
    provisional = draw(st.lists(marks, min_size=shape[0], max_size=shape[0]))
    return level, provisional


def facts_on(spans: Spans, *, areas: int, through: int, **said):
    said = {"cases": np.zeros(areas, int), "population": np.full(areas, 1000)} | said
    return facts_of(spans, areas=areas, through=through, **said)


def value(array: np.ndarray, row: int):
    found = array[row].item()
    return None if found == NONE else found


@given(areas_and_days(), st.data())
def test_facts_are_those_read_day_by_day(world, data):
    level, provisional = world
    through = data.draw(st.integers(0, len(level[0]) - 1))

    spans = spans_of_days(np.array(level, np.int8), np.array(provisional))
    facts = facts_on(spans, areas=len(level), through=through)

    for row, days in enumerate(level):
        expected = read_slowly(days[: through + 1], provisional[row][: through + 1])
        assert {name: value(getattr(facts.levels, name), row) for name in expected} == expected
        throughout = set(days[: through + 1]) == {1}
        assert facts.unit_class[row] == (KEPT_GREEN if throughout else days[0])


@given(areas_and_days(), st.data())
def test_targets_are_those_read_day_by_day(world, data):
    level, provisional = world
    days = len(level[0])
    target = data.draw(st.lists(st.integers(1, 3), min_size=len(level), max_size=len(level)))
    due = data.draw(st.lists(st.integers(0, days + 3), min_size=len(level), max_size=len(level)))
    registrations = Registrations(
        np.full(len(level), -1, np.int32), np.array(target, np.int8), np.array(due, np.int32)
    )

    facts = facts_on(
        spans_of_days(np.array(level, np.int8), np.array(provisional)),
        areas=len(level),
        through=days - 1,
        registrations=registrations,
    )

    found = facts.registered
    assert [
        (TARGET_KEYS[found.target_state[row]], value(found.target_since, row)) for row in range(len(level))
    ] == [read_target_slowly(*each) for each in zip(level, target, due, strict=True)]


@given(areas_and_days(most_areas=12, most_days=6), st.data())
def test_ranks_are_one_more_than_the_better_ones(world, data):
    level, provisional = world
    facts = facts_on(
        spans_of_days(np.array(level, np.int8), np.array(provisional)),
        areas=len(level),
        through=len(level[0]) - 1,
        cases=np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(level), max_size=len(level)))),
        population=np.array([1000, 2000, 0] * len(level))[: len(level)],
    )
    chosen = data.draw(st.lists(st.sampled_from(sorted(VOCABULARY)), min_size=1, max_size=4, unique=True))
    group = np.array(data.draw(st.lists(st.integers(0, 1), min_size=len(level), max_size=len(level))))

    ranking = rank_units(facts, Scoring(tuple(chosen)), group=group)

    keys = [VOCABULARY[fact].key(facts) for fact in chosen]
    key = list(zip(*(each.tolist() for each in keys), strict=True))
    league = list(zip(group.tolist(), facts.unit_class.tolist(), strict=True))
    assert ranking.rank.tolist() == rank_slowly(league, key)
    for row, rank in enumerate(ranking.rank):
        assert ranking.sharing[row] == sum(
            (league[other], key[other]) == (league[row], key[row]) for other in range(len(level))
        )
        after, by = ranking.after[row], ranking.decided_by[row]
        assert (after == -1) == (by == -1) == (rank == 1)
        if after >= 0:
            assert league[after] == league[row]
            assert ranking.rank[after] + ranking.sharing[after] == rank
            assert key[after][:by] == key[row][:by]
            assert key[after][by] < key[row][by]


@given(areas_and_days(), st.randoms(use_true_random=False))
def test_spans_may_come_in_any_order_cut_anywhere_and_reach_beyond_the_phase(world, random):
    level, provisional = world
    days = len(level[0])
    spans = spans_of_days(np.array(level, np.int8), np.array(provisional))
    pieces = []
    for row, first, last, of, mark in zip(
        *(getattr(spans, name).tolist() for name in Spans.__slots__), strict=True
    ):
        cut = random.randint(first, last)
        pieces += [(row, first, cut, of, mark), (row, cut + 1, last, of, mark)][: 1 + (cut < last)]
    pieces += [(row, -9, -1, 4, True) for row in range(len(level))]
    pieces += [(row, days, 400, 4, True) for row in range(len(level))]
    random.shuffle(pieces)
    columns = zip(*pieces, strict=True)
    types = (np.int32, np.int32, np.int32, np.int8, bool)
    shuffled = Spans(*(np.array(column, kind) for column, kind in zip(columns, types, strict=True)))

    facts, again = (facts_on(each, areas=len(level), through=days - 1) for each in (spans, shuffled))

    assert all(
        np.array_equal(getattr(facts.levels, name), getattr(again.levels, name))
        for name in facts.levels.__slots__
    )


def test_units_have_the_levels_of_the_area_where_they_sit():
    spans, days = spans_from("Đ Đ X", "V V V")

    facts = facts_of(
        spans,
        areas=2,
        through=days - 1,
        seat=np.array([1, 0, 1]),
        cases=np.array([1, 2, 3]),
        population=np.array([50_000, 30_000, 0]),
        registrations=Registrations(
            np.array([0, 0, NONE], np.int32),
            np.array([2, 1, 0], np.int8),
            np.array([2, 2, NONE], np.int32),
        ),
    )

    assert facts.units == 3
    assert facts.levels.level_at_end.tolist() == [2, 1, 2]
    assert [TARGET_KEYS[state] for state in facts.registered.target_state] == ["met", "met", "no_target"]
    assert facts.cases_per_100k.tolist()[:2] == [2.0, 6.7]
    assert np.isnan(facts.cases_per_100k[2])


def test_rate_is_rounded_half_up_to_what_is_shown():
    spans, _ = spans_from("X", "X", "X")

    facts = facts_on(
        spans, areas=3, through=0, cases=np.array([1, 1, 1]), population=np.array([8_000_000, 2_000_000, 3])
    )

    assert facts.cases_per_100k.tolist() == [0.0, 0.1, 33333.3]


def test_area_without_any_span_has_no_level():
    nothing = Spans(*(np.zeros(0, kind) for kind in (np.int32, np.int32, np.int32, np.int8, bool)))

    facts = facts_on(nothing, areas=2, through=9)

    unit = unit_facts(facts, 1, first_day=FIRST_DAY)
    assert (unit.level_at_start, unit.green_since, unit.days_without_level) == (0, None, 10)
    assert unit.through == date(2021, 8, 29)
    assert rank_units(facts, Scoring(("days_to_green",))).rank.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"through": -1}, "before the phase"),
        ({"cases": np.zeros(3, int)}, "3 elements are given for 2 units"),
        ({"areas": 1, "cases": np.zeros(1, int), "population": np.ones(1, int)}, "areas 0 to 1 of 1"),
        ({"seat": np.array([0])}, "2 elements are given for 1 units"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change, said):
    spans, _ = spans_from("X V", "V X")

    with pytest.raises(ValueError, match=said):
        facts_on(spans, **({"areas": 2, "through": 1} | change))


def test_spans_of_an_area_that_share_a_day_are_refused():
    spans = Spans(
        np.array([0, 0], np.int32),
        np.array([0, 3], np.int32),
        np.array([3, 5], np.int32),
        np.array([1, 2], np.int8),
        np.array([False, False]),
    )

    with pytest.raises(ValueError, match="share a day"):
        facts_on(spans, areas=1, through=9)


def test_order_is_read_with_its_ties():
    scoring = read_scoring([("days_to_green", "order"), ("cases", "tie"), ("relapses", "order")])

    assert scoring == Scoring(("days_to_green", "relapses"), ("cases",))
    assert scoring.facts == ("days_to_green", "relapses", "cases")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([("ngay_xanh", "order")], "Không có tiêu chí xếp hạng “ngay_xanh”: hãy chọn trong level_at_end, "),
        ([("cases", "ties")], "Tiêu chí “cases”: cách dùng “ties” không có; hãy ghi “order”"),
        ([("cases", "order"), ("cases", "tie")], "Tiêu chí “cases” được nêu hai lần"),
        ([("cases", "tie")], "Thứ tự xếp hạng còn trống"),
        ([], "Thứ tự xếp hạng còn trống"),
    ],
)
def test_order_that_cannot_be_used_is_refused_with_a_sentence(rules, said):
    with pytest.raises(ScoringRefused) as refusal:
        read_scoring(rules)

    assert refusal.value.message.startswith(said)
