"""``/areas/<code>/counts/``: new cases by day and by how they were found."""

from __future__ import annotations

from datetime import date

from rest_framework import serializers

from core.api.areas import AreaRef
from core.api.questions import Period, area_of_address
from riskmap.api.answers import RiskMapView, is_simulated, shown_period
from riskmap.area_series import cases_by_day
from riskmap.why import province_of


class DayOfCounts(serializers.Serializer):
    day = serializers.DateField()
    reported = serializers.BooleanField(help_text="False where no report came at all: not a zero.")
    total = serializers.IntegerField()
    unknown_source = serializers.IntegerField()
    unclassified = serializers.IntegerField()
    known_source = serializers.IntegerField()
    isolated = serializers.IntegerField()


class CountsAnswer(serializers.Serializer):
    area = AreaRef()
    since = serializers.DateField()
    until = serializers.DateField()
    simulated = serializers.BooleanField()
    days = DayOfCounts(many=True)


class CountsView(RiskMapView):
    """New cases of a unit by day.

    The counts in force; of a district or province those of all its communes.
    """

    room = "areas"
    operation = "area_counts"
    question_class = Period
    answer_class = CountsAnswer

    def answer(self, asked: dict, *, on: date, code: str) -> dict:
        area = area_of_address(code, on=asked.get("until"))
        province = province_of(area)
        since, until = shown_period(province, asked, on=on)
        return {
            "area": area,
            "since": since,
            "until": until,
            "simulated": is_simulated(province),
            "days": cases_by_day(area=area, first=since, last=until),
        }
