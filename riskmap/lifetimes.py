"""Lifetimes: where declared facts and decided levels stand on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from riskmap.enums import DecisionState, FactState
from riskmap.models import DeclaredFact, LevelOverride

_REFUSED = Q(refused_at__isnull=False)
_UNCONFIRMED = Q(confirmed_at__isnull=True)
_NEVER_HELD = Q(holds_to__lt=F("since"))


def with_fact_state(facts: QuerySet[DeclaredFact], *, on: date) -> QuerySet[DeclaredFact]:
    """``facts`` with ``state`` (a ``FactState``) on the day ``on`` and ``holds_to``, the last day or none.

    One that nobody confirmed waits, however long it is over: it acted all the same.
    """
    return facts.annotate(holds_to=Coalesce("ended_on", "until")).annotate(
        state=Case(
            When(_REFUSED, then=Value(FactState.REFUSED)),
            When(_UNCONFIRMED, then=Value(FactState.WAITING)),
            When(_NEVER_HELD | Q(holds_to__lt=on), then=Value(FactState.OVER)),
            When(since__gt=on, then=Value(FactState.TO_COME)),
            default=Value(FactState.IN_FORCE),
            output_field=CharField(),
        )
    )


def with_decision_state(decisions: QuerySet[LevelOverride], *, on: date) -> QuerySet[LevelOverride]:
    """``decisions`` with ``state`` (a ``DecisionState``) on the day ``on`` and ``holds_to``, the last day.

    One that nobody confirmed before its last day was over has expired, and never acted.
    """
    return decisions.annotate(holds_to=Coalesce("ended_on", "until")).annotate(
        state=Case(
            When(_REFUSED, then=Value(DecisionState.REFUSED)),
            When(_UNCONFIRMED & Q(until__gte=on), then=Value(DecisionState.WAITING)),
            When(_NEVER_HELD | Q(ended_on__lt=on), then=Value(DecisionState.STOPPED)),
            When(until__lt=on, then=Value(DecisionState.EXPIRED)),
            When(since__gt=on, then=Value(DecisionState.TO_COME)),
            default=Value(DecisionState.IN_FORCE),
            output_field=CharField(),
        )
    )


def lasting_over(first: date, last: date) -> Q:
    """Facts or decisions with ``holds_to`` that hold on any of the days ``first`` to ``last``."""
    held = Q(holds_to__gte=first) & Q(holds_to__gte=F("since"))
    return Q(since__lte=last) & (Q(holds_to__isnull=True) | held)
