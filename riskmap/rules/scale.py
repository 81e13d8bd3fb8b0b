"""The two scales the rule speaks of: levels of risk and tiers of areas, as plain numbers.

The numbers of the levels are those of ``riskmap.enums.RiskLevel`` (a test holds them together); this room
imports nothing of Django.
"""

from __future__ import annotations

NO_DATA, NEW_NORMAL, ELEVATED, HIGH, VERY_HIGH = range(5)
LEVEL_KEYS = ("no_data", "new_normal", "elevated", "high", "very_high")
#: The levels that have criteria, from the top down, as the rule tests them.
CASCADE = (VERY_HIGH, HIGH, ELEVATED)

#: What a day's level rests on when people decided it: in a mask of criteria, and by name.
DECIDED_BIT = 31
DECIDED = "decided"

PROVINCE, DISTRICT, COMMUNE, HAMLET = range(4)
TIER_KEYS = ("province", "district", "commune", "hamlet")

#: Columns of counts the rule reads. A source that does not say how a case was found posts ``unclassified``.
COUNT_KINDS = ("unclassified", "unknown_source", "known_source", "close_contacts")

#: Declared facts and the tier they are declared of.
DECLARED_KINDS = {
    "crowded_place_source": COMMUNE,
    "entry_or_quarantine_pressure": COMMUNE,
    "uncontrolled_spread_over_half": DISTRICT,
    "uncontrolled_spread_over_fifth": DISTRICT,
    "critical_industry_near_uncontrolled": DISTRICT,
    "large_outbreak_beyond": PROVINCE,
}
