"""``/levels/``, ``/totals/``, ``/frames/`` and ``/areas/<code>/levels/``: what colour was where, and when."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.areas import AreaRef
from core.api.assets import asset_url
from core.api.boundaries import ProvinceQuestion
from core.api.questions import Period, area_of_address
from core.enums import AreaKind
from core.errors import DomainError
from core.finding import find_province, province_of
from core.models import Area, PublicAsset
from riskmap.api.answers import (
    AS_OF,
    AsOf,
    DayQuestion,
    LevelField,
    RiskMapView,
    ViewpointField,
    is_simulated,
)
from riskmap.api.seen import Seen, nothing_published, see
from riskmap.enums import MapView, RiskLevel
from riskmap.history import DayLevel, assessment_of
from riskmap.models import PublishedMap
from riskmap.viewpoint import PUBLISHED


class OfDay(AsOf):
    """Which province, day and tier an answer is about, and which computation it comes from."""

    province = serializers.CharField()
    day = serializers.DateField()
    kind = serializers.CharField()
    rule_set = serializers.CharField()
    version = serializers.IntegerField(
        allow_null=True,
        help_text="Grows whenever a level of the province changes; of what is published, the number of its "
        "newest edition; null of an instant.",
    )
    simulated = serializers.BooleanField(help_text="The counts are invented, to show the portal.")


class LevelRow(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    parent_code = serializers.CharField()
    parent_name = serializers.CharField()
    level = LevelField()
    provisional = serializers.BooleanField(help_text="A report of the window is missing.")
    criteria = serializers.ListField(
        child=serializers.CharField(),
        help_text="Ids of the criteria met; `decided` alone where the level was decided.",
    )
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
        seen = see(find_province(asked["province"]), asked["as_of"], on=on)
        day = seen.day(asked.get("day"))
        rows = seen.levels(day, [AreaKind(asked["kind"])])
        return {**of_day(seen, day, asked["kind"]), "results": [level_row(row, day) for row in rows]}


class TotalRow(serializers.Serializer):
    level = LevelField()
    count = serializers.IntegerField()
    change = serializers.IntegerField(
        allow_null=True, help_text="Against the day compared with; null on the first day."
    )


class TotalsAnswer(OfDay):
    compared_with = serializers.DateField(
        allow_null=True, help_text="The day before; of what is published, the day published before."
    )
    totals = TotalRow(many=True)
    provisional = serializers.IntegerField(help_text="How many of the units are provisional.")


class TotalsView(RiskMapView):
    """How many units have each level on a day, and the change against the day before."""

    room = "map"
    operation = "totals"
    question_class = DayQuestion
    answer_class = TotalsAnswer

    def answer(self, asked: dict, *, on: date) -> dict:
        seen = see(find_province(asked["province"]), asked["as_of"], on=on)
        day, kinds = seen.day(asked.get("day")), [AreaKind(asked["kind"])]
        rows = seen.levels(day, kinds)
        now = Counter(row.level for row in rows)
        day_before = seen.day_before(day)
        before = Counter(row.level for row in seen.levels(day_before, kinds)) if day_before else None
        return {
            **of_day(seen, day, asked["kind"]),
            "compared_with": day_before,
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


class FramesQuestion(ProvinceQuestion):
    as_of = serializers.ChoiceField(
        [(view.value, view.value) for view in MapView],
        required=False,
        default=MapView.KNOWN.value,
        help_text="The frames as published, or as known now. There are none of an instant.",
    )


class FramesAnswer(AsOf):
    """``url`` never changes its content: keep it as long as you like, and ask here for the newest."""

    province = serializers.CharField()
    url = serializers.CharField(help_text="JSON; its form is described in docs/api.md.")
    sha256 = serializers.CharField()
    media_type = serializers.CharField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    rule_set = serializers.CharField()
    version = serializers.IntegerField(help_text="Of the levels; of what is published, the newest edition.")
    simulated = serializers.BooleanField()


class FramesView(RiskMapView):
    """Where the levels of all days lie.

    One small file holds every unit's level on every day, so that a slider needs no further request.
    """

    room = "map"
    operation = "frames"
    question_class = FramesQuestion
    answer_class = FramesAnswer

    def answer(self, asked: dict, *, on: date) -> dict:
        province = find_province(asked["province"])
        frames = _published_frames(province) if asked["as_of"] == PUBLISHED else _known_frames(province)
        return {
            "as_of": asked["as_of"],
            "url": asset_url(frames),
            "sha256": frames.pk,
            "media_type": frames.media_type,
            "simulated": is_simulated(province),
            **_said_by(frames.pk),
        }


def _known_frames(province: Area) -> PublicAsset:
    assessment = assessment_of(province)
    if assessment.frames is None:
        raise FramesNotDrawn(
            _("Bản đồ %(province)s đang được vẽ, xin thử lại sau ít phút.") % {"province": province.name}
        )
    return assessment.frames


def _published_frames(province: Area) -> PublicAsset:
    pointer = PublishedMap.objects.filter(province=province).values_list("frames", flat=True).first()
    if pointer is None:
        raise nothing_published(province)
    return PublicAsset.objects.only("media_type").get(pk=pointer)


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


class HistoryQuestion(Period):
    as_of = ViewpointField(**AS_OF)


class HistoryAnswer(AsOf):
    area = AreaRef()
    since = serializers.DateField()
    until = serializers.DateField()
    simulated = serializers.BooleanField()
    spans = SpanRow(
        many=True,
        help_text="Oldest first, cut to the period; days without a span have no level, or "
        "none that was published.",
    )


class HistoryView(RiskMapView):
    """Levels of one unit over a period."""

    room = "areas"
    operation = "area_levels"
    question_class = HistoryQuestion
    answer_class = HistoryAnswer

    def answer(self, asked: dict, *, on: date, code: str) -> dict:
        area = area_of_address(code, on=asked.get("until"))
        province = province_of(area)
        seen = see(province, asked["as_of"], on=on)
        since, until = seen.period(asked.get("since"), asked.get("until"))
        return {
            "area": area,
            "as_of": seen.viewpoint,
            "since": since,
            "until": until,
            "simulated": is_simulated(province),
            "spans": seen.spans(area, since, until),
        }


def of_day(seen: Seen, day: date, kind: str) -> dict:
    """What every answer about a day says of itself."""
    return {
        "as_of": seen.viewpoint,
        "province": seen.province.code,
        "day": day,
        "kind": kind,
        "rule_set": seen.rule_set,
        "version": seen.version,
        "simulated": is_simulated(seen.province),
    }


def level_row(row: DayLevel, day: date) -> dict:
    """A unit's level as ``LevelRow`` tells it."""
    return {
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
