"""Explain: why one square of the map has its colour, from the same readings the rule decided by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from riskmap.rules.assess import Assessment, assess_with_bits
from riskmap.rules.conditions import Reading
from riskmap.rules.decided import without_decision
from riskmap.rules.facts import Facts
from riskmap.rules.ruleset import Criterion, RuleSet
from riskmap.rules.scale import COMMUNE, DECIDED_BIT, HAMLET, NEW_NORMAL
from riskmap.rules.sight import Sight


class State(StrEnum):
    """What a criterion has to do with the day's level."""

    MET = "met"
    HELD = "held"  # not met that day, but it was when the level was last found, and the level is held
    NOT_MET = "not_met"
    UNKNOWN = "unknown"  # something it needs is not known


class HeldBy(StrEnum):
    """Why a level stands although none of its criteria is met that day."""

    HOLDING_TIME = "holding_time"
    MISSING_REPORTS = "missing_reports"


@dataclass(frozen=True, slots=True)
class Finding:
    """One criterion on one day: the numbers it looked at and what came of it."""

    criterion: Criterion
    state: State
    reading: Reading


@dataclass(frozen=True, slots=True)
class Explanation:
    """One area on one day. ``findings`` are in the order of the rule set; none where there is no level.

    Where the level is ``decided``, ``computed`` is what it would be without that decision (others stand), and
    the findings and why it is held are told of that.
    """

    level: int
    decided: bool
    computed: int
    provisional: bool
    findings: tuple[Finding, ...]
    #: Why the level is held, and the last day it was met, or decided; None when it lies before the facts.
    held_by: HeldBy | None
    held_since: date | None
    #: Of a commune or hamlet: days of its window without a report.
    missing_days: tuple[date, ...]
    #: Cases of the window that do not say how they were found, read as the rule set's parameter says.
    unclassified: int


def explain(rule_set: RuleSet, facts: Facts, row: int, day: int) -> Explanation:
    """Why area ``row`` has its level on day index ``day`` of the axis (``facts.lead`` or later).

    The facts must hold every area the rule looks at from there: neighbours (and theirs), areas below.
    """
    if not facts.lead <= day < facts.days:
        raise ValueError(f"day {day} is not among those assessed, {facts.lead} to {facts.days - 1}")
    assessment, found = assess_with_bits(rule_set, facts)
    at = (row, day - facts.lead)
    level, provisional = int(assessment.level[at]), bool(assessment.provisional[at])
    decided = bool(_decided(assessment, row)[at[1]])
    if decided:
        facts = without_decision(facts, row, day)
        assessment, found = assess_with_bits(rule_set, facts)
    computed = int(assessment.level[at])
    held_by, held_on, held = _held(rule_set, assessment, *at)
    findings = []
    sight = Sight(rule_set, facts, np.array([row]), found)
    if computed:
        for bit, criterion in rule_set.criteria_of(int(facts.tier[row])):
            if int(assessment.met_any[at]) >> bit & 1:
                state = State.MET
            elif int(assessment.unknown[at]) >> bit & 1:
                state = State.UNKNOWN
            else:
                state = State.HELD if held >> bit & 1 else State.NOT_MET
            findings.append(Finding(criterion, state, criterion.condition.reading(sight, day)))
    return Explanation(
        level=level,
        decided=decided,
        computed=computed,
        provisional=provisional,
        findings=tuple(findings),
        held_by=held_by,
        held_since=None if held_on is None else assessment.first_day + timedelta(held_on),
        missing_days=_missing_days(rule_set, facts, row, day),
        unclassified=int(sight.unclassified()[0, day]),
    )


def _held(
    rule_set: RuleSet, assessment: Assessment, row: int, day: int
) -> tuple[HeldBy | None, int | None, int]:
    """Why the level is held, the last assessed day it was met or decided, and the criteria met then."""
    level = int(assessment.level[row, day])
    if level <= NEW_NORMAL or assessment.met[row, day]:
        return None, None, 0
    of_level = sum(1 << bit for bit, each in enumerate(rule_set.criteria) if each.level == level)
    met_before = assessment.met_any[row, :day] & np.uint32(of_level)
    decided_before = _decided(assessment, row)[:day] & (assessment.level[row, :day] == level)
    if (begun := np.flatnonzero(met_before)).size and day - begun[-1] <= rule_set.hold_days:
        return HeldBy.HOLDING_TIME, int(begun[-1]), int(met_before[begun[-1]])
    if (begun := np.flatnonzero(met_before.astype(bool) | decided_before)).size:
        return HeldBy.MISSING_REPORTS, int(begun[-1]), int(met_before[begun[-1]])
    return HeldBy.MISSING_REPORTS if assessment.provisional[row, day] else HeldBy.HOLDING_TIME, None, 0


def _decided(assessment: Assessment, row: int) -> np.ndarray:
    """bool (days,): the area's level is decided."""
    return (assessment.met[row] >> np.uint32(DECIDED_BIT)).astype(bool)


def _missing_days(rule_set: RuleSet, facts: Facts, row: int, day: int) -> tuple[date, ...]:
    if facts.tier[row] not in (COMMUNE, HAMLET):
        return ()
    due = range(max(day - rule_set.window_days + 1, int(facts.series_start[row]), 0), day + 1)
    return tuple(facts.first_day + timedelta(each) for each in due if not facts.reported[row, each])
