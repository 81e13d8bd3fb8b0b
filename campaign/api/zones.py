"""``/zones/``: the places of a province that are, or were, recognised as green zones."""

from __future__ import annotations

from datetime import date

from rest_framework import serializers

from campaign.zones import spans_of
from core.api.answers import PublicView
from core.api.boundaries import ProvinceQuestion
from core.enums import AreaKind
from core.finding import find_province

KINDS = [(kind.value, kind.value) for kind in (AreaKind.HAMLET, AreaKind.COMMUNE, AreaKind.DISTRICT)]


class ZoneRow(serializers.Serializer):
    """Both ends are days of published maps on which the place was recognised."""

    code = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)
    first_day = serializers.DateField()
    last_day = serializers.DateField(allow_null=True, help_text="Null while it is recognised.")


class ZonesAnswer(serializers.Serializer):
    province = serializers.CharField()
    zones = ZoneRow(many=True)


class ZonesView(PublicView):
    """Recognised green zones.

    Green on the published map, and every condition of the campaign's plan was checked as met. A place may
    have been recognised several times.
    """

    room = "campaigns"
    operation = "zones"
    question_class = ProvinceQuestion
    answer_class = ZonesAnswer

    def answer(self, asked: dict, *, on: date) -> dict:
        province = find_province(asked["province"])
        names = ("code", "kind", "first_day", "last_day")
        zones = [dict(zip(names, span, strict=True)) for span in spans_of(province)]
        return {"province": province.code, "zones": zones}
