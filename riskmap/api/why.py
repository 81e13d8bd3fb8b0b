"""``/areas/<code>/why/``, ``/areas/<code>/way-to-green/``: what a colour rests on, and how it would fall."""

from __future__ import annotations

from datetime import date

from rest_framework import serializers
from rest_framework.request import Request

from core.api.areas import AreaRef
from core.api.questions import DayField, Question, area_of_address
from core.finding import province_of
from riskmap.api.answers import (
    AS_OF,
    COST_OF_AN_INSTANT,
    AsOf,
    LevelField,
    RiskMapView,
    ViewpointField,
    is_simulated,
)
from riskmap.api.seen import Seen, see
from riskmap.enums import RiskLevel
from riskmap.published import edition_of
from riskmap.rules.explain import HeldBy, State
from riskmap.rules.ruleset import EVIDENCE
from riskmap.viewpoint import KNOWN, PUBLISHED
from riskmap.why import Finding, Why, why


class AreaDay(Question):
    day = DayField(required=False, help_text="By default the last day the map shows.")
    as_of = ViewpointField(**AS_OF)


class DeclaredRow(serializers.Serializer):
    kind = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True, help_text="The last day it holds, where an end is known.")
    document = serializers.CharField()
    confirmed = serializers.BooleanField(help_text="A second person has confirmed it.")


class FindingRow(serializers.Serializer):
    """``value`` is compared with ``threshold``; ``of`` is what a share or a rate is taken of."""

    id = serializers.CharField()
    level = LevelField()
    state = serializers.ChoiceField([(state.value, state.value) for state in State])
    value = serializers.IntegerField()
    threshold = serializers.IntegerField()
    of = serializers.IntegerField(allow_null=True)
    text = serializers.CharField(help_text="The words of the rule, in Vietnamese.")
    citation = serializers.CharField()
    evidence = serializers.ChoiceField(
        [(each, each) for each in EVIDENCE], help_text="How far the words could be verified."
    )
    areas = AreaRef(many=True, help_text="Neighbours or units below that count.")
    declared = DeclaredRow(many=True, help_text="Declared facts that hold on the day.")


class RuleSetRef(serializers.Serializer):
    name = serializers.CharField()
    number = serializers.CharField()
    title = serializers.CharField()
    citation = serializers.CharField()


class StepRow(serializers.Serializer):
    day = serializers.DateField()
    level = LevelField()


class OfAreaDay(AsOf):
    area = AreaRef()
    day = serializers.DateField()
    level = LevelField()
    provisional = serializers.BooleanField()
    simulated = serializers.BooleanField()


class WayAnswer(OfAreaDay):
    steps = StepRow(many=True, help_text="The days on which the level would change.")
    green_on = serializers.DateField(
        allow_null=True, help_text="First day of staying green; null while a declared fact has no end."
    )


class PublishedLevel(serializers.Serializer):
    """What an edition itself says of the unit."""

    number = serializers.IntegerField(help_text="Of the edition.")
    cut_off = serializers.DateTimeField()
    level = LevelField()
    provisional = serializers.BooleanField()
    criteria = serializers.ListField(child=serializers.CharField())


class LevelDecision(serializers.Serializer):
    """A level decided for some days, confirmed by a second person: it stands in for the computed one."""

    level = LevelField()
    since = serializers.DateField()
    until = serializers.DateField(source="last_day", help_text="The last day it holds.")
    document = serializers.CharField()
    reason = serializers.CharField()


class WhyAnswer(OfAreaDay):
    edition = PublishedLevel(
        allow_null=True,
        help_text="With `as_of=published`: what was published, and the rest is the rule run again on what "
        "was known at the cut-off. The two agree unless units, borders or parameters were changed since.",
    )
    rule_set = RuleSetRef()
    decided = LevelDecision(allow_null=True, help_text="The decision the level rests on, if it does.")
    computed_level = LevelField(
        help_text="What the rule alone gives the day: `level` itself where nothing is decided. The criteria "
        "and `held_by` are told of this level."
    )
    held_by = serializers.ChoiceField(
        [(each.value, each.value) for each in HeldBy], allow_null=True,
        help_text="Why the level stands although none of its criteria is met that day.",
    )  # fmt: skip
    held_since = serializers.DateField(
        allow_null=True, help_text="The last day its criteria were met, or it was decided."
    )
    missing_days = serializers.ListField(child=serializers.DateField(), help_text="Days without a report.")
    criteria = FindingRow(many=True)


class ExplainingView(RiskMapView):
    def cost(self, request: Request) -> int:
        """What was published is explained from the ledger of its cut-off: as much work as an instant."""
        return 1 if request.query_params.get("as_of", KNOWN) == KNOWN else COST_OF_AN_INSTANT


class WhyView(ExplainingView):
    """Why a unit has its level on a day.

    Every criterion of its tier: what it looked at, its threshold, whether it is met, the words and the
    strength of its evidence.
    """

    room = "areas"
    operation = "area_why"
    question_class = AreaDay
    answer_class = WhyAnswer

    def answer(self, asked: dict, *, on: date, code: str) -> dict:
        seen, found = explained(asked, on=on, code=code)
        return {
            **_of_area_day(seen, found),
            "edition": _published(seen, found),
            "rule_set": found.rule_set,
            "decided": found.decided,
            "computed_level": found.computed_level,
            "held_by": found.held_by,
            "held_since": found.held_since,
            "missing_days": found.missing_days,
            "criteria": [_finding(each) for each in found.findings],
        }


class WayToGreenView(ExplainingView):
    """The days on which a unit's level would fall if every unit reported and no new case came."""

    room = "areas"
    operation = "area_way_to_green"
    question_class = AreaDay
    answer_class = WayAnswer

    def answer(self, asked: dict, *, on: date, code: str) -> dict:
        seen, found = explained(asked, on=on, code=code)
        return {
            **_of_area_day(seen, found),
            "steps": found.way_to_green.steps,
            "green_on": found.way_to_green.green_on,
        }


def explained(asked: dict, *, on: date, code: str) -> tuple[Seen, Why]:
    """The explanation of the day asked for, of the unit that had the code on it.

    What is published is what was known at the edition's cut-off, and is explained so.
    """
    area = area_of_address(code, on=asked.get("day"))
    viewpoint = asked["as_of"]
    seen = see(province_of(area), viewpoint, on=on)
    day = seen.day(asked.get("day"))
    instant = viewpoint.instant
    if viewpoint.word == PUBLISHED:
        instant = edition_of(province=seen.province, day=day).cut_off
    return seen, why(area=area, day=day, on=on, instant=instant)


def _published(seen: Seen, found: Why) -> dict | None:
    if seen.viewpoint.word != PUBLISHED:
        return None
    edition = edition_of(province=seen.province, day=found.day)
    said = seen.spans(found.area, found.day, found.day)
    return {
        "number": edition.number,
        "cut_off": edition.cut_off,
        "level": said[0].level if said else RiskLevel.NO_DATA,
        "provisional": said[0].provisional if said else False,
        "criteria": said[0].criteria if said else [],
    }


def _of_area_day(seen: Seen, found: Why) -> dict:
    return {
        "as_of": seen.viewpoint,
        "area": found.area,
        "day": found.day,
        "level": found.level,
        "provisional": found.provisional,
        "simulated": is_simulated(found.assessment.province),
    }


def _finding(found: Finding) -> dict:
    return {
        "id": found.criterion.id,
        "level": found.criterion.level,
        "state": found.state,
        "value": found.value,
        "threshold": found.threshold,
        "of": found.of,
        "text": found.criterion.text,
        "citation": found.criterion.citation,
        "evidence": found.criterion.evidence,
        "areas": found.areas,
        "declared": [
            {
                "kind": fact.kind,
                "since": fact.since,
                "until": fact.last_day,
                "document": fact.document,
                "confirmed": fact.confirmed_at is not None,
            }
            for fact in found.declared
        ],
    }
