"""Moves: which words of the rule explain a change of colour."""

from datetime import date

from riskmap.changes import Change
from riskmap.enums import RiskLevel
from riskmap.history import DayLevel
from riskmap.moves import moves_of
from riskmap.rules.ruleset import load_rule_set

RULES = load_rule_set("qd_2686_2021")


def row(level: RiskLevel, *criteria: str) -> DayLevel:
    return DayLevel(1, "1", "Xã", "commune", "", "", level, False, criteria, date(2021, 8, 1))


def ids(criteria) -> list[str]:
    return [each.id for each in criteria]


def move(before, after):
    (found,) = moves_of([Change(before, after)], rule_set=RULES)
    return found


def test_area_that_got_worse_is_explained_by_what_it_meets_now():
    found = move(row(RiskLevel.ELEVATED, "xa.vang.1"), row(RiskLevel.VERY_HIGH, "xa.do.1"))

    assert (ids(found.met), ids(found.gone)) == (["xa.do.1"], [])


def test_area_that_got_better_is_explained_by_what_holds_no_longer():
    found = move(row(RiskLevel.HIGH, "xa.cam.1", "xa.cam.2"), row(RiskLevel.ELEVATED, "xa.vang.3"))

    assert (ids(found.met), ids(found.gone)) == (["xa.vang.3"], ["xa.cam.1", "xa.cam.2"])


def test_decision_is_what_moved_an_area_and_so_is_its_end():
    computed, decided = row(RiskLevel.ELEVATED, "xa.vang.1"), row(RiskLevel.VERY_HIGH, "decided")

    up, down = move(computed, decided), move(decided, computed)

    assert (up.decided, up.released, up.met) == (True, False, ())
    assert (down.decided, down.released, ids(down.met), down.gone) == (False, True, ["xa.vang.1"], ())


def test_criterion_of_another_rule_set_is_left_out():
    assert ids(move(row(RiskLevel.ELEVATED), row(RiskLevel.HIGH, "xa.cu.9", "xa.cam.1")).met) == ["xa.cam.1"]
