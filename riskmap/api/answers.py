"""What every answer of the risk map has in common: what it depends on, and which day is meant."""

from __future__ import annotations

from datetime import date

from django.db import connection
from rest_framework import serializers

from core.api.answers import PublicView
from core.api.boundaries import ProvinceQuestion
from core.api.questions import DayField
from core.enums import AreaKind
from core.models import Area
from riskmap.enums import RiskLevel
from riskmap.history import assessment_of, check_day, period_of
from riskmap.models import Assessment, ProvincePolicy

LEVELS = [(level.key, level.key) for level in RiskLevel]
KINDS = [(kind.value, kind.value) for kind in (AreaKind.COMMUNE, AreaKind.DISTRICT, AreaKind.PROVINCE)]


class LevelField(serializers.ChoiceField):
    """A ``RiskLevel`` by its key."""

    def __init__(self, **kwargs) -> None:
        super().__init__(LEVELS, **kwargs)

    def to_representation(self, value: RiskLevel) -> str:
        return RiskLevel(value).key


class DayQuestion(ProvinceQuestion):
    day = DayField(required=False, help_text="By default the last day the map shows.")
    kind = serializers.ChoiceField(KINDS, required=False, default=AreaKind.COMMUNE.value)


class RiskMapView(PublicView):
    def state(self) -> str:
        return data_state()


def data_state() -> str:
    """Everything that can change what the public API says, in one small query.

    The journal's head (areas, shapes, counts, facts, policies) and the versions of levels and frames.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select (select coalesce(max(position), 0) from core_auditevent) || '/' || coalesce((
                select string_agg(versions, ',' order by versions) from (
                    select concat_ws(':', province_id, version, frames_version) as versions
                    from riskmap_assessment
                ) each
            ), '')
            """
        )
        return cursor.fetchone()[0]


def shown_day(assessment: Assessment, day: date | None, *, on: date) -> date:
    """``day``, or the last one the map shows. Raises ``DayNotKnown`` for a day the map does not show."""
    last = period_of(assessment, on=on)[1]
    if day is None:
        return last
    check_day(assessment, day, on=last)
    return day


def shown_period(province: Area, asked: dict, *, on: date) -> tuple[date, date]:
    """First and last day asked for, or that the map shows. Raises ``DayNotKnown`` for days it does not."""
    assessment = assessment_of(province)
    first, last = period_of(assessment, on=on)
    since, until = asked.get("since", first), asked.get("until", last)
    for day in (since, until):
        check_day(assessment, day, on=last)
    return since, until


def is_simulated(province: Area) -> bool:
    """Whether the counts of the province are invented, which every answer made of them says."""
    return ProvincePolicy.objects.filter(province=province, simulated=True).exists()
