"""``/levels/``, ``/totals/``, ``/frames/`` and ``/areas/<code>/levels/``: what colour was where, and when."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from django.db import connection
from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.areas import AreaRef
from core.api.assets import asset_url
from core.api.boundaries import ProvinceQuestion
from core.api.questions import Period, area_of_address
from core.enums import AreaKind
from core.errors import DomainError
from core.finding import find_province
from riskmap.api.answers import (
    DayQuestion,
    LevelField,
    RiskMapView,
    is_simulated,
    shown_day,
    shown_period,
)
from riskmap.enums import RiskLevel
from riskmap.history import assessment_of, levels_on, spans_of
from riskmap.why import province_of

ONE_DAY = timedelta(days=1)


class OfDay(serializers.Serializer):
    """Which province, day and tier an answer is about, and which computation it comes from."""

    province = serializers.CharField()
    day = serializers.DateField()
    kind = serializers.CharField()
    rule_set = serializers.CharField()
    version = serializers.IntegerField(help_text="Grows whenever a level of the province changes.")
    simulated = serializers.BooleanField(help_text="The counts are invented, to show the portal.")


class LevelRow(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    parent_code = serializers.CharField()
    parent_name = serializers.CharField()
    level = LevelField()
    provisional = serializers.BooleanField(help_text="A report of the window is missing.")
    criteria = serializers.ListField(child=serializers.CharField(), help_text="Ids of the criteria met.")
    since = serializers.DateField(allow_null=True, help_text="First day of the level.")
    days_in_level = serializers.IntegerField(allow_null=True)


class LevelsAnswer(OfDay):
    results = LevelRow(many=True)


class LevelsView(RiskMapView):
    """Levels of a day.

    Every unit of the tier that existed on the day, in Vietnamese order; `no_data` where nothing was ever
    reported.
    """

    room = "map"
    operation = "levels"
    question_class = DayQuestion
    answer_class = LevelsAnswer

    def answer(self, asked: dict, *, on: date) -> dict:
        assessment = assessment_of(find_province(asked["province"]))
        day = shown_day(assessment, asked.get("day"), on=on)
        rows = levels_on(province=assessment.province, day=day, kinds=[AreaKind(asked["kind"])])
        return {
            **_of_day(assessment, day, asked["kind"]),
            "results": [
                {
                    "code": row.code,
                    "name": row.name,
                    "parent_code": row.parent_code,
                    "parent_name": row.parent_name,
                    "level": row.level,
                    "provisional": row.provisional,
                    "criteria": row.criteria,
                    "since": row.since,
                    "days_in_level": row.days_in_level(day),
                }
                for row in rows
            ],
        }


class TotalRow(serializers.Serializer):
    level = LevelField()
    count = serializers.IntegerField()
    change = serializers.IntegerField(
        allow_null=True, help_text="Against the day before; null on the first day."
    )


class TotalsAnswer(OfDay):
    totals = TotalRow(many=True)
    provisional = serializers.IntegerField(help_text="How many of the units are provisional.")


class TotalsView(RiskMapView):
    """How many units have each level on a day, and the change against the day before."""

    room = "map"
    operation = "totals"
    question_class = DayQuestion
    answer_class = TotalsAnswer

    def answer(self, asked: dict, *, on: date) -> dict:
        assessment = assessment_of(find_province(asked["province"]))
        day = shown_day(assessment, asked.get("day"), on=on)
        of = {"province": assessment.province, "kinds": [AreaKind(asked["kind"])]}
        rows = levels_on(day=day, **of)
        now = Counter(row.level for row in rows)
        before = None
        if day > assessment.first_day:
            before = Counter(row.level for row in levels_on(day=day - ONE_DAY, **of))
        return {
            **_of_day(assessment, day, asked["kind"]),
            "totals": [
                {
                    "level": level,
                    "count": now[level],
                    "change": None if before is None else now[level] - before[level],
                }
                for level in RiskLevel
            ],
            "provisional": sum(row.provisional for row in rows),
        }


class FramesNotDrawn(DomainError):
    """The levels are known, their frames are being drawn."""

    code = "frames_not_drawn"


class FramesAnswer(serializers.Serializer):
    """``url`` never changes its content: keep it as long as you like, and ask here for the newest."""

    province = serializers.CharField()
    url = serializers.CharField(help_text="JSON; its form is described in docs/api.md.")
    sha256 = serializers.CharField()
    media_type = serializers.CharField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    rule_set = serializers.CharField()
    version = serializers.IntegerField()
    simulated = serializers.BooleanField()


class FramesView(RiskMapView):
    """Where the levels of all days lie.

    One small file holds every unit's level on every day, so that a slider needs no further request.
    """

    room = "map"
    operation = "frames"
    question_class = ProvinceQuestion
    answer_class = FramesAnswer

    def answer(self, asked: dict, *, on: date) -> dict:
        province = find_province(asked["province"])
        assessment = assessment_of(province)
        if assessment.frames is None:
            raise FramesNotDrawn(
                _("Bản đồ %(province)s đang được vẽ, xin thử lại sau ít phút.") % {"province": province.name}
            )
        return {
            "url": asset_url(assessment.frames),
            "sha256": assessment.frames_id,
            "media_type": assessment.frames.media_type,
            "simulated": is_simulated(province),
            **_said_by(assessment.frames_id),
        }


def _said_by(frames: str) -> dict:
    """What the frames say of themselves: they may be older than the assessment that points to them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select f ->> 'province', f ->> 'first_day', f ->> 'last_day', f ->> 'rule_set', f -> 'version'
            from (select convert_from(body, 'UTF8')::json as f from core_publicasset where sha256 = %s) frames
            """,
            [frames],
        )
        province, first, last, rule_set, version = cursor.fetchone()
    return {
        "province": province,
        "first_day": date.fromisoformat(first),
        "last_day": date.fromisoformat(last),
        "rule_set": rule_set,
        "version": version,
    }


class SpanRow(serializers.Serializer):
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    level = LevelField()
    provisional = serializers.BooleanField()
    criteria = serializers.ListField(child=serializers.CharField())
    rule_set = serializers.CharField()


class HistoryAnswer(serializers.Serializer):
    area = AreaRef()
    since = serializers.DateField()
    until = serializers.DateField()
    simulated = serializers.BooleanField()
    spans = SpanRow(
        many=True, help_text="Oldest first, cut to the period; days without a span have no level."
    )


class HistoryView(RiskMapView):
    """Levels of one unit over a period."""

    room = "areas"
    operation = "area_levels"
    question_class = Period
    answer_class = HistoryAnswer

    def answer(self, asked: dict, *, on: date, code: str) -> dict:
        area = area_of_address(code, on=asked.get("until"))
        province = province_of(area)
        since, until = shown_period(province, asked, on=on)
        return {
            "area": area,
            "since": since,
            "until": until,
            "simulated": is_simulated(province),
            "spans": [
                {
                    "first_day": span.first_day,
                    "last_day": span.last_day,
                    "level": span.level,
                    "provisional": span.provisional,
                    "criteria": span.grounds.criteria,
                    "rule_set": span.grounds.rule_set,
                }
                for span in spans_of(area=area, first=since, last=until)
            ],
        }


def _of_day(assessment, day: date, kind: str) -> dict:
    return {
        "province": assessment.province.code,
        "day": day,
        "kind": kind,
        "rule_set": assessment.rule_set,
        "version": assessment.version,
        "simulated": is_simulated(assessment.province),
    }
