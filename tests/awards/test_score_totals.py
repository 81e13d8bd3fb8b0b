"""What scores come to: the people's by weight, the machine's by rank, never one for the other."""

import random
import statistics
from datetime import date
from fractions import Fraction
from types import SimpleNamespace

import pytest

from awards.models import Criterion, Nominee
from awards.score_totals import Machine, Sheet, human_score, share_of


def _criteria(*said) -> list[Criterion]:
    return [Criterion(pk=pk, maximum=most, weight=weight) for pk, (most, weight) in enumerate(said, start=1)]


def test_share_is_of_the_points_that_could_be_had_by_weight():
    criteria = _criteria((10, 3), (20, 1))

    assert share_of({1: 10, 2: 20}, criteria) == 100
    assert share_of({1: 0, 2: 0}, criteria) == 0
    assert share_of({1: 5, 2: 20}, criteria) == Fraction(100 * (3 * 5 * 2 + 20), 80)  # (3×0.5 + 1×1) of 4
    assert share_of({2: 10}, criteria) == 50  # of what was scored so far
    assert share_of({}, criteria) is None


def test_share_stays_between_its_ends_and_grows_with_each_point():
    seeded = random.Random(7)
    for _time in range(200):
        criteria = _criteria(*((seeded.randint(1, 100), seeded.randint(1, 100)) for _each in range(4)))
        points = {each.pk: seeded.randint(0, each.maximum) for each in criteria}
        share = share_of(points, criteria)
        assert 0 <= share <= 100
        for each in criteria:
            if points[each.pk] < each.maximum:
                assert share_of(points | {each.pk: points[each.pk] + 1}, criteria) > share


def _sheet(share, *, complete=True, outdated=False) -> Sheet:
    return Sheet(1, (), Fraction(share), complete, outdated)


def test_only_whole_sheets_count():
    human = human_score([_sheet(50), _sheet(80), _sheet(95, outdated=True), _sheet(0, complete=False)])

    assert (human.count, human.begun, human.outdated) == (3, 1, 1)
    assert (human.mean, human.median) == (75, 80)
    assert human.deviation == pytest.approx(statistics.stdev([50, 80, 95]))


def test_one_sheet_has_no_deviation_and_none_has_nothing():
    assert human_score([_sheet(70)]).deviation is None
    nobody = human_score([])
    assert (nobody.count, nobody.mean, nobody.median, nobody.deviation) == (0, None, None, None)


def _table(*ranks):
    """A shortlist of one class, with a unit for each triple of rank, best and worst."""
    lines = [
        SimpleNamespace(
            unit_id=unit, group_code="commune", unit_class=4, rank=rank, rank_low=low, rank_high=high,
            class_label="Từ vùng đỏ", words="xanh từ ngày 10/08/2021",
        )
        for unit, (rank, low, high) in enumerate(ranks, start=1)
    ]  # fmt: skip
    return SimpleNamespace(lines=lines, through=date(2021, 8, 10))


def test_machine_gives_hundred_to_the_first_and_nothing_to_the_last():
    machine = Machine(_table((1, 1, 2), (2, 1, 3), (3, 3, 3), (None, None, None)))

    scores = [machine.score(Nominee(unit_id=unit)) for unit in (1, 2, 3)]

    assert [score.value for score in scores] == [100, 50, 0]
    assert (scores[1].low, scores[1].high) == (0, 100)
    assert "hạng 2 trên 3" in scores[1].words
    assert "10/08/2021" in scores[1].words
    assert machine.score(Nominee(unit_id=4)).value is None
    assert machine.score(Nominee(unit_id=9)).value is None


def test_machine_scores_no_person_no_lone_unit_and_nothing_without_a_list():
    alone = Machine(_table((1, 1, 1)))

    assert alone.score(Nominee(unit_id=1)).value is None
    assert "không có ai để so" in alone.score(Nominee(unit_id=1)).words
    both = Machine(_table((1, 1, 1), (2, 2, 2)))
    person = both.score(Nominee(unit_id=1, person="Lê Ba"))
    assert (person.value, "không chấm cá nhân" in person.words) == (None, True)
    assert Machine(None).score(Nominee(unit_id=1)).value is None
