"""Outlook: the way to green, found by running the rule forward on zeros."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from riskmap.rules.assess import assess
from riskmap.rules.facts import NEVER, Decided, Declarations, Facts
from riskmap.rules.ruleset import RuleSet
from riskmap.rules.scale import COMMUNE, HAMLET, NEW_NORMAL

#: A holding time can pass from level to level and tier to tier this many times:
#: commune very high → high by touch → elevated by touch → district → province.
LONGEST_CHAIN = 5


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """Levels to come if every area reports and no new case comes. Rows as in the facts.

    ``start`` int8 (areas,) is the level on the day before ``first_day``; ``level`` int8 (areas, days).
    """

    first_day: date
    start: np.ndarray
    level: np.ndarray

    def changes(self, row: int) -> list[tuple[date, int]]:
        """The days on which the area's level would change, each with its new level."""
        line = np.concatenate((self.start[row : row + 1], self.level[row])).tolist()
        steps = enumerate(pairwise(line))
        return [(self.first_day + timedelta(day), new) for day, (old, new) in steps if new != old]

    def green_on(self, row: int) -> date | None:
        """The day from which the area would stay green; None while a declared fact stands without an end.

        An area that is green already, and would stay so, answers ``first_day``.
        """
        above = np.flatnonzero(self.level[row] > NEW_NORMAL)
        if not len(above):
            return self.first_day
        day = int(above[-1]) + 1
        return None if day == self.level.shape[1] else self.first_day + timedelta(day)


def way_to_green(rule_set: RuleSet, facts: Facts, *, at_most: int = 400) -> Outlook:
    """Run the rule on from the end of ``facts``: all areas report zero, facts and decisions keep their ends.

    It looks as far ahead as anything can still change, but never further than ``at_most`` days.
    """
    so_far = assess(rule_set, facts)
    ahead = min(at_most, _days_until_all_is_still(rule_set, facts))
    lead = min(rule_set.look_back, facts.days)
    shift = facts.days - lead
    reporting = np.isin(facts.tier, (COMMUNE, HAMLET))
    begins = np.where(reporting, lead, NEVER)
    known = np.concatenate((facts.previous, so_far.level), axis=1)

    def from_there(day: np.ndarray) -> np.ndarray:
        return np.where(day == NEVER, NEVER, day.astype(np.int64) - shift).astype(np.int32)

    def onward(array: np.ndarray, value: np.ndarray) -> np.ndarray:
        rest = np.broadcast_to(value, (facts.areas, ahead)).astype(array.dtype)
        return np.concatenate((array[:, shift:], rest), axis=1)

    said = facts.decided
    forward = replace(
        facts,
        first_day=facts.first_day + timedelta(shift),
        days=lead + ahead,
        lead=lead,
        valid_from=from_there(facts.valid_from),
        valid_to=from_there(facts.valid_to),
        series_start=np.minimum(from_there(facts.series_start), begins),
        first_report=np.minimum(from_there(facts.first_report), begins),
        reported=onward(facts.reported, reporting[:, None]),
        counts={kind: onward(counts, np.zeros(1)) for kind, counts in facts.counts.items()},
        declared={
            kind: Declarations(each.rows, from_there(each.since), from_there(each.until))
            for kind, each in facts.declared.items()
        },
        decided=said and Decided(said.rows, from_there(said.since), from_there(said.until), said.level),
        previous=known[:, shift:],
    )
    return Outlook(forward.first_day + timedelta(lead), known[:, -1], assess(rule_set, forward).level)


def with_one_more_case(rule_set: RuleSet, facts: Facts, row: int) -> int:
    """The level of a commune or hamlet on the last day, had it reported one more case of unknown source."""
    found = facts.counts.get("unknown_source", np.zeros((facts.areas, facts.days))).astype(np.int32)
    found[row, -1] += 1
    reported = facts.reported.copy()
    reported[row, -1] = True
    first_report = facts.first_report.copy()
    first_report[row] = min(first_report[row], facts.days - 1)
    counts = {**facts.counts, "unknown_source": found}
    then = replace(facts, counts=counts, reported=reported, first_report=first_report)
    return int(assess(rule_set, then).level[row, -1])


def _days_until_all_is_still(rule_set: RuleSet, facts: Facts) -> int:
    """Days after the last one by which windows are empty, known dates have come and holding has run out."""
    dates = [facts.valid_from, facts.valid_to]
    for each in (*facts.declared.values(), *filter(None, [facts.decided])):
        dates += [each.since, each.until]
    coming = np.concatenate(dates).astype(np.int64)
    last_date = max(coming[coming < NEVER], default=0) - (facts.days - 1)
    return int(max(rule_set.window_days, last_date + 1)) + LONGEST_CHAIN * rule_set.hold_days
