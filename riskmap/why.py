"""Why this colour: one square of the map explained by the rule itself, and the way to green."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import AreaKind
from core.finding import province_of
from core.models import Area
from riskmap.as_of import known_at
from riskmap.enums import RiskLevel
from riskmap.facts import Areas, load_areas, load_facts
from riskmap.history import DayNotKnown, assessment_of, check_day
from riskmap.levels import levels_before
from riskmap.models import Assessment, DeclaredFact, LevelOverride, LevelSpan
from riskmap.policies import rule_set_of
from riskmap.rules import explain as rules
from riskmap.rules.conditions import Declared
from riskmap.rules.explain import HeldBy, State
from riskmap.rules.facts import Facts
from riskmap.rules.outlook import way_to_green as run_forward
from riskmap.rules.outlook import with_one_more_case
from riskmap.rules.ruleset import Criterion, RuleSet
from riskmap.rules.scale import COMMUNE, DECIDED, HAMLET

Said = TypeVar("Said", DeclaredFact, LevelOverride)


@dataclass(frozen=True, slots=True)
class Finding:
    """One criterion of the area's tier: what it looked at that day, and what came of it.

    ``value`` is compared with ``threshold``; ``of`` is what a share (children) or a rate (people) is taken
    of, ``None`` where there is no such thing or it is not known. ``areas`` are the neighbours or children
    that count, ``declared`` the declared facts that hold.
    """

    criterion: Criterion
    state: State
    value: int
    threshold: int
    of: int | None
    areas: tuple[Area, ...]
    declared: tuple[DeclaredFact, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A day on which the colour would change."""

    day: date
    level: RiskLevel


@dataclass(frozen=True, slots=True)
class WayToGreen:
    """What would happen if every area reported and no new case came.

    ``green_on`` is the first day of staying green, ``None`` while a declared fact stands without an end.
    """

    steps: tuple[Step, ...]
    green_on: date | None


@dataclass(frozen=True, slots=True)
class Why:
    """An area on a day: its level, what it rests on, and where it would go from there.

    ``decided`` is the decision the level rests on, if it does; ``computed_level`` is what the rule alone
    would give, and the findings are of that. ``unclassified`` are the cases of the window that do not say how
    they were found. ``if_one_more`` is the level the day would have had with one more case of unknown source;
    ``None`` above communes.
    """

    area: Area
    day: date
    assessment: Assessment
    rule_set: RuleSet
    level: RiskLevel
    decided: LevelOverride | None
    computed_level: RiskLevel
    provisional: bool
    held_by: HeldBy | None
    held_since: date | None
    missing_days: tuple[date, ...]
    unclassified: int
    findings: tuple[Finding, ...]
    way_to_green: WayToGreen
    if_one_more: RiskLevel | None


def why(*, area: Area, day: date, on: date, instant: datetime | None = None) -> Why:
    """Explain the level of ``area`` on ``day`` by the same rule and numbers that gave it.

    The level is found again from the ledger, not read from the spans. ``on`` is today. With ``instant``
    only what was recorded by then counts; units, borders and parameters are today's, as in
    ``riskmap.as_of``. Raises ``DayNotKnown`` for a day without levels.
    """
    province = province_of(area)
    assessment = assessment_of(province)
    decided = _decided(area, day, instant)
    basis = _basis_then(area, day, instant) if instant else _basis_now(area, day, assessment, on, decided)
    outlook = run_forward(basis.rule_set, basis.facts)
    row, explained = basis.row, basis.explained
    counted = basis.facts.tier[row] in (COMMUNE, HAMLET)
    one_more = with_one_more_case(basis.rule_set, basis.facts, row) if counted else None
    return Why(
        area=area,
        day=day,
        assessment=assessment,
        rule_set=basis.rule_set,
        level=RiskLevel(explained.level),
        decided=decided if explained.decided else None,
        computed_level=RiskLevel(explained.computed),
        provisional=explained.provisional,
        held_by=explained.held_by,
        held_since=explained.held_since,
        missing_days=explained.missing_days,
        unclassified=explained.unclassified,
        findings=named_findings(explained.findings, basis.areas, _declared(area, day, instant)),
        way_to_green=WayToGreen(
            tuple(Step(changed, RiskLevel(level)) for changed, level in outlook.changes(row)),
            outlook.green_on(row),
        ),
        if_one_more=None if one_more is None else RiskLevel(one_more),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Basis:
    """What an explanation is made of: the rule, the facts of some days, and the area's row in them."""

    rule_set: RuleSet
    areas: Areas
    facts: Facts
    row: int
    explained: rules.Explanation


def _basis_now(
    area: Area, day: date, assessment: Assessment, on: date, decided: LevelOverride | None
) -> _Basis:
    check_day(assessment, day, on=on)
    province = assessment.province_id
    rule_set = rule_set_of([province])[province]
    areas = load_areas([province])
    row = areas.ids.tolist().index(area.pk)
    # What the rule alone would give a decided day, it would have given those before it as well.
    first = max(decided.since, assessment.first_day) if decided else day
    facts = _facts_of_days(areas, first, day, rule_set)
    explained = rules.explain(rule_set, facts, row, facts.days - 1)
    if explained.held_by and not explained.held_since:
        # Once more, from the day that tells which criteria the level is held for.
        for begin in _days_it_may_rest_on(area, RiskLevel(explained.computed), first, rule_set):
            facts = _facts_of_days(areas, begin, day, rule_set)
            explained = rules.explain(rule_set, facts, row, facts.days - 1)
            if explained.held_since:
                break
    return _Basis(rule_set, areas, facts, row, explained)


def _basis_then(area: Area, day: date, instant: datetime) -> _Basis:
    """All days from the first on are assessed, so that what a level is held by is found among them."""
    known = known_at(province=province_of(area), instant=instant, through=day)
    if known is None or not known.first_reported_day <= day <= timezone.localdate(instant):
        raise DayNotKnown(
            _("Lúc %(instant)s chưa biết gì về ngày %(day)s.")
            % {"instant": f"{timezone.localtime(instant):%H:%M %d/%m/%Y}", "day": f"{day:%d/%m/%Y}"}
        )
    row = known.areas.ids.tolist().index(area.pk)
    explained = rules.explain(known.rule_set, known.facts, row, known.facts.days - 1)
    return _Basis(known.rule_set, known.areas, known.facts, row, explained)


def _facts_of_days(areas: Areas, first: date, last: date, rule_set: RuleSet) -> Facts:
    """The facts of some days, the window before them and the levels of its days."""
    provinces = set(areas.province.tolist())
    begun = Assessment.objects.filter(province__in=provinces).values_list("province_id", "first_day")
    return load_facts(
        areas,
        start=first,
        through=last,
        look_back=rule_set.look_back,
        series_start=dict(begun),
        previous=levels_before(areas, first, rule_set.look_back),
    )


def _days_it_may_rest_on(area: Area, level: RiskLevel, day: date, rule_set: RuleSet) -> list[date]:
    """Days before ``day`` from which the held level was found by its criteria or decided, the likelier first.

    Spans do not tell of criteria met while the level was decided: within the holding time they may count.
    """
    spans = LevelSpan.objects.filter(area=area, last_day__lt=day).order_by("-last_day")
    held_from = day - timedelta(days=rule_set.hold_days)
    decided = spans.filter(last_day__gte=held_from, grounds__criteria__contains=[DECIDED]).exists()
    found = spans.filter(level=level, grounds__criteria__len__gt=0)
    return [held_from] * decided + list(found.values_list("last_day", flat=True)[:1])


def _declared(area: Area, day: date, instant: datetime | None) -> list[DeclaredFact]:
    """The declared facts of the area that act on the day: now, or as they stood at ``instant``."""
    facts = DeclaredFact.objects.filter(area=area, since__lte=day).exclude(until__lt=day)
    if instant:
        facts = facts.filter(declared_at__lte=instant)
    standing = (_as_it_stood(fact, instant) for fact in facts.select_related("declared_by", "confirmed_by"))
    return [fact for fact in standing if not fact.refused_at and (fact.last_day or day) >= day]


def _decided(area: Area, day: date, instant: datetime | None) -> LevelOverride | None:
    """The decision about the area that acts on the day: now, or as it stood at ``instant``."""
    decisions = LevelOverride.objects.filter(area=area, since__lte=day, until__gte=day)
    decisions = decisions.filter(confirmed_at__isnull=False).select_related("decided_by", "confirmed_by")
    standing = (_as_it_stood(decision, instant) for decision in decisions)
    return next((each for each in standing if each.confirmed_at and each.last_day >= day), None)


def _as_it_stood(said: Said, instant: datetime | None) -> Said:
    """The row without what was done with it after ``instant``; never to be saved."""
    for act, more in (("confirmed", ()), ("refused", ("refusal",)), ("ended", ("ended_on",))):
        done_at = getattr(said, f"{act}_at")
        if instant and done_at and done_at > instant:
            for name in (f"{act}_at", f"{act}_by", *more):
                setattr(said, name, None)
    return said


def named_findings(
    explained: tuple[rules.Finding, ...], areas: Areas, declared: list[DeclaredFact]
) -> tuple[Finding, ...]:
    """The rule's findings with the areas and declared facts they speak of. One query."""
    rows = sorted({row for finding in explained for row in finding.reading.rows})
    named = Area.objects.in_bulk(areas.ids[rows].tolist())
    return tuple(
        Finding(
            criterion=finding.criterion,
            state=finding.state,
            value=finding.reading.value,
            threshold=finding.reading.threshold,
            of=finding.reading.of,
            areas=_in_order(named[areas.ids[row]] for row in finding.reading.rows),
            declared=tuple(
                fact
                for fact in declared
                if isinstance(finding.criterion.condition, Declared)
                and fact.kind == finding.criterion.condition.fact
            ),
        )
        for finding in explained
    )


def _in_order(areas) -> tuple[Area, ...]:
    return tuple(sorted(areas, key=lambda each: (each.sort_key, each.code)))


def neighbours_of(area: Area) -> list[Area]:
    """Communes that share a border with the area, in Vietnamese order; none for other tiers."""
    if area.kind != AreaKind.COMMUNE:
        return []
    return list(
        Area.objects.filter(pk__in=area.neighbour_links.values("neighbour"))
        .select_related("parent")
        .in_vietnamese_order()
    )
