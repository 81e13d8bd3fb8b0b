"""What the pages of declared facts show: the kinds and what each does, one and its effect. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from core.access import Permission, areas_where
from core.enums import AreaKind
from core.finding import province_of
from core.models import Area, User
from riskmap.declarations import TIER_OF_KIND
from riskmap.enums import FactKind, RiskLevel
from riskmap.history import DayNotKnown, assessment_of, period_of
from riskmap.lifetimes import with_fact_state
from riskmap.models import DeclaredFact
from riskmap.policies import rule_set_of
from riskmap.rules.conditions import Declared
from riskmap.rules.explain import State
from riskmap.rules.ruleset import Criterion, RuleSet
from riskmap.second_person import others_who_may
from riskmap.why import why


@dataclass(frozen=True, slots=True)
class KindOfFact:
    """A kind of fact, the tier it speaks of, and the criteria that read it."""

    kind: FactKind
    tier: AreaKind
    criteria: Sequence[Criterion]

    @property
    def level(self) -> RiskLevel | None:
        """The level the kind alone is enough for."""
        return RiskLevel(self.criteria[0].level) if self.criteria else None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a fact does on a day: the level it is enough for, and the one the other criteria met give."""

    day: date
    level: RiskLevel
    provisional: bool
    of_fact: RiskLevel
    of_others: RiskLevel

    @property
    def raises(self) -> bool:
        return self.of_fact > self.of_others


@dataclass(frozen=True, slots=True)
class FactPage:
    """One fact with what reads it. ``others`` are how many people could be its second person."""

    fact: DeclaredFact
    province: Area
    about: KindOfFact
    rule_set: RuleSet
    effect: Effect | None
    others: int


def kinds_for(*, user: User, on: date) -> list[KindOfFact]:
    """The kinds of fact ``user`` may declare of some area, by the rule set of their first province."""
    areas = areas_where(user, Permission.DECLARE_FACT, on=on)
    tiers = set(areas.values_list("kind", flat=True).distinct())
    one = areas.select_related("parent__parent__parent").order_by("path").first()
    if one is None:
        return []
    province = province_of(one)
    rule_set = rule_set_of([province.pk])[province.pk]
    return [kind_of_fact(kind, rule_set) for kind, tier in TIER_OF_KIND.items() if tier in tiers]


def kind_of_fact(kind: FactKind, rule_set: RuleSet) -> KindOfFact:
    """``kind`` with the criteria of the rule set that read it, the highest level first."""
    criteria = [
        each
        for each in rule_set.criteria
        if isinstance(each.condition, Declared) and each.condition.fact == kind
    ]
    return KindOfFact(FactKind(kind), TIER_OF_KIND[FactKind(kind)], sorted(criteria, key=lambda c: -c.level))


def facts_with_people(facts: QuerySet[DeclaredFact], *, on: date) -> QuerySet[DeclaredFact]:
    """With their state on the day, and all that a page names."""
    return with_fact_state(facts, on=on).select_related(
        "area__parent__parent__parent", "declared_by", "confirmed_by", "refused_by", "ended_by"
    )


def page_of_fact(*, fact: DeclaredFact, on: date) -> FactPage:
    """The page of a fact of ``facts_with_people``; ``on`` is today."""
    province = province_of(fact.area)
    rule_set = rule_set_of([province.pk])[province.pk]
    return FactPage(
        fact=fact,
        province=province,
        about=kind_of_fact(fact.kind, rule_set),
        rule_set=rule_set,
        effect=effect_of(fact=fact, on=on),
        others=len(others_who_may(Permission.DECLARE_FACT, area=fact.area, than=fact.declared_by_id, on=on)),
    )


def effect_of(*, fact: DeclaredFact, on: date) -> Effect | None:
    """On the last of its days whose levels are known; ``None`` where there is no such day, or no level."""
    try:
        first, last = period_of(assessment_of(province_of(fact.area)), on=on)
        day = min(last, fact.last_day or last)
        if day < max(first, fact.since):
            return None
        explained = why(area=fact.area, day=day, on=on)
    except DayNotKnown:
        return None
    met = [each for each in explained.findings if each.state in (State.MET, State.HELD)]
    of_fact = [each.criterion.level for each in met if fact in each.declared]
    if not of_fact:
        return None
    of_others = [each.criterion.level for each in met if fact not in each.declared]
    return Effect(
        day=day,
        level=explained.level,
        provisional=explained.provisional,
        of_fact=RiskLevel(max(of_fact)),
        of_others=RiskLevel(max(of_others, default=RiskLevel.NEW_NORMAL)),
    )
