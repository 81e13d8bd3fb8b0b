"""What the pages of decided levels show: one decision, and the computed level it sets aside. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from core.access import Permission
from core.finding import province_of
from core.models import Area
from riskmap.area_series import Stretch, stretches
from riskmap.history import DayNotKnown, assessment_of, period_of
from riskmap.lifetimes import with_decision_state
from riskmap.models import LevelOverride
from riskmap.reading_words import Words, in_words
from riskmap.rules.explain import State
from riskmap.second_person import others_who_may
from riskmap.why import Why, why


@dataclass(frozen=True, slots=True)
class SetAside:
    """The computed level on ``day`` and why: the last of the days asked for that is known, or known at all.

    ``stretches`` are the levels of those of the days that are known; none where they are decided already.
    """

    why: Why
    day: date
    is_asked_for: bool
    stretches: Sequence[Stretch]
    reasons: Sequence[Words]


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """One decision. ``others`` are how many people could be its second person."""

    decision: LevelOverride
    province: Area
    aside: SetAside | None
    others: int


def decisions_with_people(decisions: QuerySet[LevelOverride], *, on: date) -> QuerySet[LevelOverride]:
    """With their state on the day, and all that a page names."""
    return with_decision_state(decisions, on=on).select_related(
        "area__parent__parent__parent", "decided_by", "confirmed_by", "refused_by", "ended_by"
    )


def page_of_decision(*, decision: LevelOverride, on: date) -> DecisionPage:
    """The page of a decision of ``decisions_with_people``; ``on`` is today."""
    others = others_who_may(Permission.DECIDE_LEVEL, area=decision.area, than=decision.decided_by_id, on=on)
    return DecisionPage(
        decision=decision,
        province=province_of(decision.area),
        aside=set_aside(area=decision.area, since=decision.since, until=decision.last_day, on=on),
        others=len(others),
    )


def set_aside(*, area: Area, since: date, until: date, on: date) -> SetAside | None:
    """What the rule computes for the days; ``None`` while nothing is computed for the area's province."""
    try:
        first, last = period_of(assessment_of(province_of(area)), on=on)
        asked_for = max(since, first) <= min(until, last)
        day = min(until, last) if asked_for else last
        explained = why(area=area, day=day, on=on)
    except DayNotKnown:
        return None
    known = ()
    if asked_for and not explained.decided:
        known = stretches(area=area, first=max(since, first), last=day)
    reasons = [
        in_words(each, window_days=explained.rule_set.window_days)
        for each in explained.findings
        if each.criterion.level == explained.computed_level and each.state in (State.MET, State.HELD)
    ]
    return SetAside(explained, day, asked_for, known, reasons)
