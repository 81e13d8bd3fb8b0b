"""Why: the explanation is found by the same rule and agrees with the stored level on every square."""

import pytest

from core.people import system_user
from riskmap.declarations import declare_fact
from riskmap.enums import FactKind, RiskLevel
from riskmap.history import levels_on
from riskmap.levels import reassess
from riskmap.rules.explain import HeldBy, State
from riskmap.why import neighbours_of, why
from tests.riskmap.province import AT, day, join, make_province

pytestmark = pytest.mark.django_db
TODAY = day(40)


@pytest.fixture
def province():
    made = make_province(
        districts={"901": ["90101", "90102"], "902": ["90201", "90202"]},
        borders=[("90101", "90102"), ("90102", "90201"), ("90201", "90202")],
    )
    made.post({("90101", 3): 2, ("90202", 9): {"known_source": 1}}, complete=(0, 20))
    made.post({("90101", 22): 0})
    reassess(on=TODAY, at=AT)
    return made


def explain(province, code, number):
    units = {province.area.code: province.area} | province.districts | province.communes
    return why(area=units[code], day=day(number), on=TODAY)


def test_explanation_agrees_with_the_stored_level_everywhere(province):
    for number in range(0, 40, 3):
        for row in levels_on(
            province=province.area, day=day(number), kinds=("commune", "district", "province")
        ):
            explained = explain(province, row.code, number)

            assert explained.level == row.level
            assert explained.provisional == row.provisional
            met = [f.criterion.id for f in explained.findings if f.state == State.MET]
            assert set(row.criteria) <= set(met)


def test_findings_carry_the_numbers_and_the_neighbours(province):
    explained = explain(province, "90102", 5)
    touching = next(f for f in explained.findings if f.criterion.id == "xa.cam.2")
    cases = next(f for f in explained.findings if f.criterion.id == "xa.do.1")

    assert touching.state == State.MET
    assert [area.code for area in touching.areas] == ["90101"]
    assert (cases.state, cases.value, cases.threshold) == (State.NOT_MET, 0, 2)


def test_declared_facts_are_named_with_their_document(province):
    declare_fact(
        area=province.communes["90201"],
        kind=FactKind.CROWDED_PLACE_SOURCE,
        since=day(10),
        until=None,
        document="12/CV-SYT",
        by=system_user(),
        at=AT,
    )
    reassess(on=TODAY, at=AT)

    explained = explain(province, "90201", 12)
    declared = next(f for f in explained.findings if f.criterion.id == "xa.do.2")

    assert explained.level == RiskLevel.VERY_HIGH
    assert [fact.document for fact in declared.declared] == ["12/CV-SYT"]
    assert explained.way_to_green.green_on is None


def test_way_to_green_gives_the_days_the_colour_falls(province):
    explained = explain(province, "90101", 10)

    assert [(step.day, step.level) for step in explained.way_to_green.steps] == [
        (day(17), RiskLevel.NEW_NORMAL)
    ]
    assert explained.way_to_green.green_on == day(17)


def test_way_to_green_comes_true_when_no_case_comes(province):
    promised = explain(province, "90202", 12).way_to_green.steps

    for step in promised:
        if step.day > day(20):
            continue
        row = next(r for r in levels_on(province=province.area, day=step.day) if r.code == "90202")
        assert row.level == step.level


def test_held_level_says_since_when_and_which_days_are_missing():
    province = make_province()
    province.post({("90101", 0): 2}, complete=(0, 12))
    reassess(on=TODAY, at=AT)

    explained = explain(province, "90101", 15)

    assert explained.level == RiskLevel.VERY_HIGH
    assert explained.provisional
    assert explained.held_by == HeldBy.MISSING_REPORTS
    assert explained.held_since == day(13)
    assert explained.missing_days == (day(13), day(14), day(15))
    assert {f.criterion.id for f in explained.findings if f.state == State.HELD} == {"xa.do.1"}


def test_way_to_green_foresees_a_declared_fact_that_is_yet_to_begin(province):
    declare_fact(
        area=province.communes["90201"],
        kind=FactKind.CROWDED_PLACE_SOURCE,
        since=day(18),
        until=day(19),
        document="13/CV-SYT",
        by=system_user(),
        at=AT,
    )
    reassess(on=TODAY, at=AT)

    steps = explain(province, "90201", 12).way_to_green.steps

    assert (day(18), RiskLevel.VERY_HIGH) in [(step.day, step.level) for step in steps]


def test_explanation_sees_neighbours_in_another_province():
    here, there = make_province("90"), make_province("91", districts={"911": ["91101"]})
    join(here, there, [("90101", "91101")])
    here.post({}, complete=(0, 10))
    there.post({("91101", 5): 2}, complete=(0, 10))
    reassess(on=TODAY, at=AT)

    explained = explain(here, "90101", 6)

    assert explained.level == RiskLevel.HIGH
    touching = next(f for f in explained.findings if f.criterion.id == "xa.cam.2")
    assert [area.code for area in touching.areas] == ["91101"]
    assert [area.code for area in neighbours_of(here.communes["90101"])] == ["91101"]
