"""What every answer of the risk map has in common: what it depends on, and which day is meant."""

from __future__ import annotations

import re
from datetime import date

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from core.api.answers import PublicView
from core.api.boundaries import ProvinceQuestion
from core.api.questions import DayField
from core.enums import AreaKind
from core.models import Area
from riskmap.enums import RiskLevel
from riskmap.history import assessment_of, check_day, period_of
from riskmap.models import ProvincePolicy
from riskmap.viewpoint import UnclearViewpoint, Viewpoint, read_viewpoint

COST_OF_AN_INSTANT = 20  # ordinary questions that take as long
LEVELS = [(level.key, level.key) for level in RiskLevel]
KINDS = [(kind.value, kind.value) for kind in (AreaKind.COMMUNE, AreaKind.DISTRICT, AreaKind.PROVINCE)]


class LevelField(serializers.ChoiceField):
    """A ``RiskLevel`` by its key."""

    def __init__(self, **kwargs) -> None:
        super().__init__(LEVELS, **kwargs)

    def to_representation(self, value: RiskLevel) -> str:
        return RiskLevel(value).key


_VIEWPOINT = (
    r"^(published|known|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?"
    r"(Z|[+ -][0-9]{2}:[0-9]{2})?)$"
)


@extend_schema_field({"type": "string", "pattern": _VIEWPOINT})
class ViewpointField(serializers.CharField):
    """``published``, ``known`` or an instant that has come, as a ``Viewpoint``."""

    default_error_messages = {
        "invalid": _("as_of phải là published, known hoặc thời điểm có thật như 2021-09-07T17:00.")
    }

    def to_internal_value(self, value: str) -> Viewpoint:
        if not (isinstance(value, str) and re.fullmatch(_VIEWPOINT.rstrip("$"), value)):
            self.fail("invalid")
        try:
            return read_viewpoint(value, at=timezone.now())
        except UnclearViewpoint as refusal:
            raise serializers.ValidationError(refusal.message) from refusal


AS_OF = {
    "required": False,
    "default": Viewpoint(),
    "help_text": (
        "`published`: as the editions showed it; `known` (default): as known now; or an instant like "
        "`2021-09-07T17:00`: as known then (local time where it has no offset)."
    ),
}


class AsOf(serializers.Serializer):
    """What an answer says of the viewpoint it was asked from."""

    as_of = serializers.CharField(help_text="`published`, `known` or the instant.")


class DayQuestion(ProvinceQuestion):
    day = DayField(required=False, help_text="By default the last day the map shows.")
    kind = serializers.ChoiceField(KINDS, required=False, default=AreaKind.COMMUNE.value)
    as_of = ViewpointField(**AS_OF)


class RiskMapView(PublicView):
    def state(self) -> str:
        return data_state()

    def cost(self, request: Request) -> int:
        """An instant is found again from the ledger: it counts as many questions."""
        return COST_OF_AN_INSTANT if request.query_params.get("as_of", "")[:1].isdecimal() else 1


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
