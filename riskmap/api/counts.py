"""``/areas/<code>/counts/``: new cases by day, by how they were found, and by who said so."""

from __future__ import annotations

from datetime import date

from rest_framework import serializers

from core.api.areas import AreaRef
from core.api.questions import Period, area_of_address
from core.enums import AreaKind
from core.finding import province_of
from core.models import Area
from riskmap.api.answers import RiskMapView, is_simulated, shown_period
from riskmap.area_series import CasesOfDay, cases_by_day
from riskmap.count_days import Counted, DayCounts, counts_of
from riskmap.in_force import COUNT_COLUMNS


class Numbers(serializers.Serializer):
    """Null: not said, or not known. ``cases`` are all F0 of the day, ``close_contacts`` are F1."""

    cases = serializers.IntegerField(allow_null=True)
    unclassified = serializers.IntegerField(allow_null=True)
    unknown_source = serializers.IntegerField(allow_null=True)
    known_source = serializers.IntegerField(allow_null=True)
    isolated = serializers.IntegerField(allow_null=True)
    close_contacts = serializers.IntegerField(allow_null=True)


class SourceRow(Numbers):
    """What one source says of the day now."""

    source = serializers.CharField()
    rank = serializers.IntegerField(help_text="1 is asked first.")
    in_force = serializers.BooleanField()
    silent = serializers.BooleanField(help_text="Said to be complete and gave no number: zero.")
    corrections = serializers.IntegerField(help_text="How often it changed its word before.")
    said_at = serializers.DateTimeField(allow_null=True)


class DayOfCounts(Numbers):
    day = serializers.DateField()
    reported = serializers.BooleanField(help_text="False where no report came at all: that is not zero.")
    sources = SourceRow(
        many=True, allow_null=True, help_text="All that reported the day; null of districts and provinces."
    )


class CountsAnswer(serializers.Serializer):
    area = AreaRef()
    since = serializers.DateField()
    until = serializers.DateField()
    simulated = serializers.BooleanField()
    days = DayOfCounts(many=True)


class CountsView(RiskMapView):
    """New cases of a unit by day.

    The counts in force, and beside them what every source said. Of a district or province: the counts in
    force of all its communes together; a day is reported there as soon as one commune has reported.
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
            "days": _days(area, since, until),
        }


def _days(area: Area, first: date, last: date) -> list[dict]:
    if area.kind in (AreaKind.DISTRICT, AreaKind.PROVINCE):
        return [_sum_of_day(each) for each in cases_by_day(area=area, first=first, last=last)]
    return [_day(each) for each in counts_of(area=area, first=first, last=last)]


def _sum_of_day(sums: CasesOfDay) -> dict:
    said = {name: getattr(sums, name, None) if sums.reported else None for name in COUNT_COLUMNS}
    cases = sums.total if sums.reported else None
    return {"day": sums.day, "reported": sums.reported, "cases": cases, **said, "sources": None}


def _day(counts: DayCounts) -> dict:
    return {
        "day": counts.day,
        "reported": counts.in_force is not None,
        **_numbers(counts.in_force),
        "sources": [
            {
                "source": word.source,
                "rank": word.rank,
                "in_force": word.in_force,
                "silent": word.silent,
                "corrections": word.corrections,
                "said_at": word.said_at,
                **_numbers(word.counted),
            }
            for word in counts.words
        ],
    }


def _numbers(counted: Counted | None) -> dict:
    said = {name: getattr(counted, name, None) for name in COUNT_COLUMNS}
    return {"cases": counted.cases if counted else None, **said}
