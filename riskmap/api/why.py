"""``/areas/<code>/why/``, ``/areas/<code>/way-to-green/``: what a colour rests on, and how it would fall."""

from __future__ import annotations

from datetime import date

from rest_framework import serializers

from core.api.areas import AreaRef
from core.api.questions import DayField, Question, area_of_address
from riskmap.api.answers import LevelField, RiskMapView, is_simulated, shown_day
from riskmap.history import assessment_of
from riskmap.rules.explain import HeldBy, State
from riskmap.rules.ruleset import EVIDENCE
from riskmap.why import Finding, Why, province_of, why


class AreaDay(Question):
    day = DayField(required=False, help_text="By default the last day the map shows.")


class DeclaredRow(serializers.Serializer):
    kind = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True)
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


class OfAreaDay(serializers.Serializer):
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


class WhyAnswer(OfAreaDay):
    rule_set = RuleSetRef()
    held_by = serializers.ChoiceField(
        [(each.value, each.value) for each in HeldBy], allow_null=True,
        help_text="Why the level stands although none of its criteria is met that day.",
    )  # fmt: skip
    held_since = serializers.DateField(allow_null=True, help_text="The last day its criteria were met.")
    missing_days = serializers.ListField(child=serializers.DateField(), help_text="Days without a report.")
    criteria = FindingRow(many=True)


class WhyView(RiskMapView):
    """Why a unit has its level on a day.

    Every criterion of its tier: what it looked at, its threshold, whether it is met, the words and the
    strength of its evidence.
    """

    room = "areas"
    operation = "area_why"
    question_class = AreaDay
    answer_class = WhyAnswer

    def answer(self, asked: dict, *, on: date, code: str) -> dict:
        found = explained(asked, on=on, code=code)
        return {
            **_of_area_day(found),
            "rule_set": found.rule_set,
            "held_by": found.held_by,
            "held_since": found.held_since,
            "missing_days": found.missing_days,
            "criteria": [_finding(each) for each in found.findings],
        }


class WayToGreenView(RiskMapView):
    """The days on which a unit's level would fall if every unit reported and no new case came."""

    room = "areas"
    operation = "area_way_to_green"
    question_class = AreaDay
    answer_class = WayAnswer

    def answer(self, asked: dict, *, on: date, code: str) -> dict:
        found = explained(asked, on=on, code=code)
        return {
            **_of_area_day(found),
            "steps": found.way_to_green.steps,
            "green_on": found.way_to_green.green_on,
        }


def explained(asked: dict, *, on: date, code: str) -> Why:
    """The explanation of the day asked for, of the unit that had the code on it."""
    area = area_of_address(code, on=asked.get("day"))
    day = shown_day(assessment_of(province_of(area)), asked.get("day"), on=on)
    return why(area=area, day=day, on=on)


def _of_area_day(found: Why) -> dict:
    return {
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
                "until": fact.until,
                "document": fact.document,
                "confirmed": fact.confirmed_at is not None,
            }
            for fact in found.declared
        ],
    }
