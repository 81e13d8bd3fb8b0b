"""Decided days: where people say the level, and the rule takes it as found."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from riskmap.rules import days
from riskmap.rules.facts import Decided, Facts
from riskmap.rules.scale import CASCADE, NO_DATA


@dataclass(frozen=True, slots=True, eq=False)
class DecidedDays:
    """Bits (areas, words) of the days assessed on which an area's level is decided.

    ``at_or_above[level]`` are those on which it is decided so.
    """

    all: np.ndarray
    at_or_above: dict[int, np.ndarray]


def take_decisions(facts: Facts) -> tuple[Facts, DecidedDays | None]:
    """The days decided, and the facts with every decided area known from its first such day on.

    A decision begins an area's levels as a first report does: afterwards it keeps its level while reports are
    missing. Days on which the area does not exist are nobody's to decide, and those before the days
    assessed are in ``facts.previous`` already.
    """
    said = facts.decided
    if said is None or not len(said.rows):
        return facts, None
    first = np.maximum(np.maximum(said.since, facts.valid_from[said.rows]), facts.lead)
    last = np.minimum(said.until, facts.valid_to[said.rows])
    there = (first <= last) & (first < facts.days) & (said.level > NO_DATA)
    rows, first, last, level = said.rows[there], first[there], last[there], said.level[there]
    known_from = facts.first_report.copy()
    np.minimum.at(known_from, rows, first)
    spans = days.spans(first, last, facts.days)

    def bits(chosen: np.ndarray) -> np.ndarray:
        found = np.zeros((facts.areas, days.words_for(facts.days)), np.uint64)
        np.bitwise_or.at(found, rows[chosen], spans[chosen])
        return found

    decided = DecidedDays(bits(level > NO_DATA), {each: bits(level >= each) for each in CASCADE})
    return replace(facts, first_report=known_from), decided


def without_decision(facts: Facts, row: int, day: int) -> Facts:
    """The facts without what is decided of area ``row`` for ``day``: neither on that day nor on others."""
    said = facts.decided
    if said is None:
        return facts
    others = ~((said.rows == row) & (said.since <= day) & (said.until >= day))
    return replace(
        facts,
        decided=Decided(said.rows[others], said.since[others], said.until[others], said.level[others]),
    )
