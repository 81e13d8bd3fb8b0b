"""Assess: the level of every area on every day, by one rule set, from facts alone.

The rule, for each tier from the communes up: an area is at or above a level on a day when a criterion of the
level, or of a higher one, is met; or was met within the holding time; or a report of the window is missing
and the area was at or above the level the day before. On a day for which its level is decided, the level is
the decided one, for its neighbours, for the tiers above and for the day after. All areas and days are taken
at once, level by level from the top down; the only order the days need is in holding, and ``days.carried``
knows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from riskmap.rules import days
from riskmap.rules.conditions import CasesInWindow
from riskmap.rules.decided import DecidedDays, take_decisions
from riskmap.rules.facts import NEVER, Facts
from riskmap.rules.ruleset import Criterion, RuleSet
from riskmap.rules.scale import CASCADE, COMMUNE, DECIDED_BIT, DISTRICT, HAMLET, LEVEL_KEYS, PROVINCE
from riskmap.rules.sight import Sight, in_place, levels_before, rows_of_tier


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """What the rule says of the days assessed: arrays (areas, days - lead), rows as in the facts.

    Bit ``i`` of a mask is criterion ``i`` of the rule set (``rule_set.ids_of(mask)`` names them).
    """

    first_day: date
    #: int8: riskmap.rules.scale.NO_DATA … VERY_HIGH; NO_DATA also where the area is not valid.
    level: np.ndarray
    #: bool: a report of the window is missing, so the level did not improve. An area that exists but has
    #: not reported yet is provisional too, from the province's first report on.
    provisional: np.ndarray
    #: uint32: the criteria of the day's level that are met on that day; 0 where the level is merely held, and
    #: ``DECIDED_BIT`` alone where it is decided.
    met: np.ndarray
    #: uint32: all criteria met, whatever their level, and those that cannot be computed; on request only.
    met_any: np.ndarray | None = None
    unknown: np.ndarray | None = None


def assess(rule_set: RuleSet, facts: Facts, *, all_criteria: bool = False) -> Assessment:
    """Level, provisional mark and criteria met of every area on the days after ``facts.lead``.

    Fewer look-back days than ``rule_set.look_back`` mean that the series begins with the axis.
    """
    return _assess(rule_set, facts, all_criteria=all_criteria)[0]


def assess_with_bits(rule_set: RuleSet, facts: Facts) -> tuple[Assessment, dict[int, np.ndarray]]:
    """The assessment with all criteria, and the bits of the levels found, for an explanation."""
    return _assess(rule_set, facts, all_criteria=True)


def _assess(
    rule_set: RuleSet, facts: Facts, *, all_criteria: bool
) -> tuple[Assessment, dict[int, np.ndarray]]:
    shape = (facts.areas, facts.days - facts.lead)
    masks = [np.zeros(shape, np.uint32) for _ in range(3 if all_criteria else 1)]
    result = Assessment(
        facts.first_day + timedelta(facts.lead), np.zeros(shape, np.int8), np.zeros(shape, bool), *masks
    )
    facts, decided = take_decisions(facts)
    found = levels_before(facts)
    provisional = np.zeros((facts.areas, days.words_for(facts.days)), np.uint64)
    for tier in (COMMUNE, HAMLET, DISTRICT, PROVINCE):
        rows = rows_of_tier(facts, tier)
        if len(rows) and (tier != HAMLET or rule_set["hamlets_as_communes"]):
            _assess_tier(rule_set, facts, rows, decided, found, provisional, result)
    return result, found


def _assess_tier(
    rule_set: RuleSet,
    facts: Facts,
    rows: np.ndarray,
    decided: DecidedDays | None,
    found: dict[int, np.ndarray],
    all_provisional: np.ndarray,
    result: Assessment,
) -> None:
    """Assess ``rows``; write to ``found`` and ``all_provisional`` as bits and to ``result`` as numbers."""
    criteria = rule_set.criteria_of(int(facts.tier[rows[0]]))
    sight = Sight(rule_set, facts, rows, found, _enough(criterion for _, criterion in criteria))
    assessed = sight.assessed()
    provisional = all_provisional[rows] = sight.provisional(all_provisional)
    ahead = days.spans(np.array([facts.lead]), np.array([NEVER]), facts.days)
    now, open_ = assessed & ahead, provisional & ahead
    if decided:
        now, open_ = now & ~decided.all[rows], open_ & ~decided.all[rows]

    met: dict[int, np.ndarray] = {}
    above = np.zeros_like(assessed)
    for level in CASCADE:
        holds = np.zeros_like(assessed)
        for bit, criterion in criteria:
            if criterion.level == level:
                met[bit] = criterion.condition.days_met(sight) & assessed
                holds |= met[bit]
        holds = days.any_of_last(holds, rule_set.hold_days + 1)
        start = found[level][rows] | ((holds | above) & now)
        if decided:
            start |= decided.at_or_above[level][rows]
        above = days.carried(start, open_)
        found[level][rows] = above

    span = (facts.lead, facts.days)
    level_now = days.unpack(assessed, *span)
    for level in CASCADE:
        level_now += days.unpack(found[level][rows], *span)
    result.level[in_place(rows)] = level_now
    result.provisional[in_place(rows)] = days.unpack(provisional, *span)
    _write_masks(result.met, rows, met, span, criteria, level_now)
    if decided:
        result.met[rows] = np.where(
            days.unpack(decided.all[rows], *span), np.uint32(1 << DECIDED_BIT), result.met[rows]
        )
    if result.met_any is not None:
        _write_masks(result.met_any, rows, met, span)
        unknown = {
            bit: criterion.condition.days_unknown(sight) & assessed
            for bit, criterion in criteria
            if hasattr(criterion.condition, "days_unknown")
        }
        _write_masks(result.unknown, rows, unknown, span)


def _enough(criteria: Iterable[Criterion]) -> dict[str, int]:
    """How many cases of each kind decide every criterion that counts them."""
    enough: dict[str, int] = {}
    for criterion in criteria:
        if isinstance(condition := criterion.condition, CasesInWindow):
            enough[condition.of] = max(condition.at_least, enough.get(condition.of, 0))
    return enough


def _write_masks(
    mask: np.ndarray,
    rows: np.ndarray,
    met: dict[int, np.ndarray],
    span: tuple[int, int],
    criteria: list[tuple[int, Criterion]] | None = None,
    level: np.ndarray | None = None,
) -> None:
    """Set in ``mask[rows]`` the bits of ``met``; with ``level``, only criteria of the day's own level.

    Eight criteria at a time, so that the work is on bytes.
    """
    bits = sorted(met)
    for eight in (bits[i : i + 8] for i in range(0, len(bits), 8)):
        flags = np.zeros((len(rows), span[1] - span[0]), np.uint8)
        for place, bit in enumerate(eight):
            flags |= days.unpack(met[bit], *span) << np.uint8(place)
        if level is not None:
            of_level = np.zeros(len(LEVEL_KEYS), np.uint8)
            for bit, criterion in criteria:
                if bit in eight:
                    of_level[criterion.level] |= 1 << eight.index(bit)
            flags &= of_level[level]
        spread = np.zeros(256, np.uint32)
        for place, bit in enumerate(eight):
            spread[np.arange(256) >> place & 1 == 1] |= np.uint32(1 << bit)
        mask[in_place(rows)] |= spread[flags]
