"""The rule's plain numbers and names are those of the rest of the house."""

from core.enums import AreaKind
from riskmap.enums import FactKind, RiskLevel
from riskmap.models.counts import Counts
from riskmap.rules import scale


def test_levels_tiers_kinds_of_counts_and_of_declared_facts_are_those_of_the_house():
    assert [(level.value, level.key) for level in RiskLevel] == list(enumerate(scale.LEVEL_KEYS))
    assert AreaKind.values == list(scale.TIER_KEYS)
    assert FactKind.values == list(scale.DECLARED_KINDS)
    never_read = {"isolated", "tests", "suspected"}
    assert {each.name for each in Counts._meta.get_fields()} == {*scale.COUNT_KINDS, *never_read}
