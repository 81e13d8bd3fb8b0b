"""``/changes/`` and ``/differences/``: what moved between two days, and what is known better now."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.boundaries import ProvinceQuestion
from core.api.questions import DayField, Period
from core.enums import AreaKind
from core.finding import find_province
from riskmap.api.answers import AS_OF, KINDS, AsOf, LevelField, RiskMapView, ViewpointField, is_simulated
from riskmap.api.seen import see
from riskmap.changes import changes_between, differences_on
from riskmap.history import DayLevel
from riskmap.published import edition_of
from riskmap.viewpoint import PUBLISHED, Viewpoint


class Side(serializers.Serializer):
    """A unit's level on one side of a comparison."""

    level = LevelField()
    provisional = serializers.BooleanField()
    criteria = serializers.ListField(
        child=serializers.CharField(),
        help_text="Ids of the criteria met; `decided` alone where the level was decided.",
    )


class UnitRow(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    parent_code = serializers.CharField()
    parent_name = serializers.CharField()


class ChangeRow(UnitRow):
    worse = serializers.BooleanField()
    before = Side()
    after = Side(help_text="Its criteria are those that moved the unit there.")


class ChangesQuestion(Period, ProvinceQuestion):
    since = DayField(required=False, help_text="By default the day before `until`.")
    until = DayField(required=False, help_text="By default the last day the map shows.")
    kind = serializers.ChoiceField(KINDS, required=False, default=AreaKind.COMMUNE.value)
    as_of = ViewpointField(**AS_OF)


class ChangesAnswer(AsOf):
    province = serializers.CharField()
    kind = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField()
    simulated = serializers.BooleanField()
    results = ChangeRow(many=True)


class ChangesView(RiskMapView):
    """Units whose level differs between two days.

    Those that got worse first, the highest level first. Only the two days are compared, not what lay
    between; a unit that has no level on one of them is left out.
    """

    room = "map"
    operation = "changes"
    question_class = ChangesQuestion
    answer_class = ChangesAnswer

    def answer(self, asked: dict, *, on: date) -> dict:
        seen = see(find_province(asked["province"]), asked["as_of"], on=on)
        until = seen.day(asked.get("until"))
        since = seen.day(asked["since"]) if "since" in asked else seen.day_before(until) or until
        if since > until:
            raise serializers.ValidationError({"since": [_("Ngày cuối phải từ ngày đầu trở đi.")]})
        changes = changes_between(
            province=seen.province,
            first=since,
            last=until,
            viewpoint=seen.viewpoint,
            on=on,
            kinds=[AreaKind(asked["kind"])],
        )
        return {
            "as_of": seen.viewpoint,
            "province": seen.province.code,
            "kind": asked["kind"],
            "since": since,
            "until": until,
            "simulated": is_simulated(seen.province),
            "results": [
                {
                    **_unit(change.after),
                    "worse": change.worse,
                    "before": _side(change.before),
                    "after": _side(change.after),
                }
                for change in changes
            ],
        }


class CorrectionRow(serializers.Serializer):
    """What was recorded after the cut-off. ``before`` is null where the source had said nothing yet."""

    code = serializers.CharField(help_text="The unit whose count was corrected: often a neighbour.")
    name = serializers.CharField()
    day = serializers.DateField()
    recorded_at = serializers.DateTimeField()
    source = serializers.CharField()
    reason = serializers.CharField()
    before = serializers.IntegerField(
        allow_null=True, help_text="F0 of the day by the source, at the cut-off."
    )
    after = serializers.IntegerField()


class DifferenceRow(UnitRow):
    published = Side()
    known = Side()
    corrections = CorrectionRow(
        many=True, help_text="Of the unit, of those below it, or else of the nearest ones; oldest first."
    )


class DifferencesQuestion(ProvinceQuestion):
    day = DayField(required=False, help_text="By default the day of the newest edition.")
    kind = serializers.ChoiceField(KINDS, required=False, default=AreaKind.COMMUNE.value)


class DifferencesAnswer(serializers.Serializer):
    province = serializers.CharField()
    kind = serializers.CharField()
    day = serializers.DateField()
    edition = serializers.IntegerField(help_text="Number of the day's last edition.")
    cut_off = serializers.DateTimeField()
    simulated = serializers.BooleanField()
    results = DifferenceRow(many=True)


class DifferencesView(RiskMapView):
    """Units shown with one level and known today to have had another.

    Each with the corrections recorded after the cut-off that bear on it.
    """

    room = "map"
    operation = "differences"
    question_class = DifferencesQuestion
    answer_class = DifferencesAnswer

    def answer(self, asked: dict, *, on: date) -> dict:
        seen = see(find_province(asked["province"]), Viewpoint(PUBLISHED), on=on)
        edition = edition_of(province=seen.province, day=asked.get("day") or seen.last_day)
        differences = differences_on(
            province=seen.province, day=edition.day, on=on, kinds=[AreaKind(asked["kind"])]
        )
        return {
            "province": seen.province.code,
            "kind": asked["kind"],
            "day": edition.day,
            "edition": edition.number,
            "cut_off": edition.cut_off,
            "simulated": is_simulated(seen.province),
            "results": [
                {
                    **_unit(difference.published),
                    "published": _side(difference.published),
                    "known": _side(difference.known),
                    "corrections": [
                        {
                            "code": each.area_code,
                            "name": each.area_name,
                            "day": each.day,
                            "recorded_at": each.recorded_at,
                            "source": each.source,
                            "reason": each.reason,
                            "before": each.before,
                            "after": each.after,
                        }
                        for each in difference.corrections
                    ],
                }
                for difference in differences
            ],
        }


def _unit(row: DayLevel) -> dict:
    return {name: getattr(row, name) for name in UnitRow().fields}


def _side(row: DayLevel) -> dict:
    return {"level": row.level, "provisional": row.provisional, "criteria": row.criteria}
