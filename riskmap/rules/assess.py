"""Assess: the level of every area on every day, by one rule set, from facts alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from riskmap.rules.facts import Facts
from riskmap.rules.ruleset import RuleSet


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """What the rule says of the days assessed: arrays (areas, days - lead), rows as in the facts.

    Bit ``i`` of a mask is criterion ``i`` of the rule set (``rule_set.ids_of(mask)`` names them).
    """

    first_day: date
    #: int8: riskmap.rules.scale.NO_DATA … VERY_HIGH; NO_DATA also where the area is not valid.
    level: np.ndarray
    #: bool: a report of the window is missing, so the level did not improve.
    provisional: np.ndarray
    #: uint32: the criteria of the day's level that are met on that day; 0 where the level is merely held.
    met: np.ndarray
    #: uint32: all criteria met, whatever their level, and those that cannot be computed; on request only.
    met_any: np.ndarray | None = None
    unknown: np.ndarray | None = None


def assess(rule_set: RuleSet, facts: Facts, *, all_criteria: bool = False) -> Assessment:
    """Level, provisional mark and criteria met of every area on the days after ``facts.lead``."""
    raise NotImplementedError
