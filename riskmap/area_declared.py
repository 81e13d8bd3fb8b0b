"""What people said of an area beside its counts: facts and decided levels. No persons; reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser

from core.access import Permission, can
from core.enums import AreaKind
from core.models import Area, User
from riskmap.lifetimes import with_decision_state, with_fact_state
from riskmap.models import DeclaredFact, LevelOverride

MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class AreaDeclared:
    """The newest of each, with their state. Who sees the working has links to them, and those that wait."""

    facts: Sequence[DeclaredFact]
    decisions: Sequence[LevelOverride]
    sees_working: bool
    may_declare: bool
    may_decide: bool

    def __bool__(self) -> bool:
        return bool(self.facts or self.decisions or self.may_declare or self.may_decide)


def declared_of_area(*, area: Area, user: User | AnonymousUser, on: date) -> AreaDeclared:
    """What ``user`` may see of it on the day ``on``: everybody what acts or acted."""
    sees_working = can(user, Permission.VIEW_WORKING, area, on=on)
    facts = with_fact_state(DeclaredFact.objects.filter(area=area), on=on)
    decisions = with_decision_state(LevelOverride.objects.filter(area=area), on=on)
    if not sees_working:
        decisions = decisions.filter(confirmed_at__isnull=False)
    return AreaDeclared(
        facts=list(facts.order_by("-since", "-pk")[:MOST_SHOWN]),
        decisions=list(decisions.order_by("-since", "-pk")[:MOST_SHOWN]),
        sees_working=sees_working,
        may_declare=area.kind != AreaKind.HAMLET and can(user, Permission.DECLARE_FACT, area, on=on),
        may_decide=can(user, Permission.DECIDE_LEVEL, area, on=on),
    )
