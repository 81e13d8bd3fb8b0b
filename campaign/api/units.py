"""``/units/``: who competes in a province, as far as everybody may know: no person, no contact."""

from __future__ import annotations

from datetime import date

from rest_framework import serializers

from campaign.api.plans import GROUP_KINDS
from campaign.models import Unit
from core.api.answers import PublicView
from core.api.areas import AreaRef
from core.api.pages import PageAnswer, PagedQuestion, page_of
from core.api.questions import CodeField
from core.enums import AreaKind
from core.finding import find_area, find_province
from core.models import Area
from core.vietnamese import fold


class UnitRow(serializers.Serializer):
    """An area that competes as itself (``seat``), or an organisation seated there."""

    code = serializers.CharField(help_text="The area's own, or the organisation's within its province.")
    name = serializers.CharField()
    kind = serializers.ChoiceField(GROUP_KINDS)
    seat = AreaRef()
    district = AreaRef(allow_null=True, help_text="Null for a seat that lies in none.")


class UnitPage(PageAnswer):
    """One page of a list in Vietnamese order; ``pages`` says how many there are."""

    results = UnitRow(many=True)


class UnitsQuestion(PagedQuestion):
    province = CodeField(help_text="Codes of organisations are given within a province.")
    kind = serializers.ChoiceField(GROUP_KINDS, required=False, help_text="Only this kind.")
    parent = CodeField(required=False, help_text="Only units seated in this area or below it.")
    q = serializers.CharField(
        required=False, max_length=100, help_text="Part of a name; diacritics and case do not matter."
    )


class UnitsView(PublicView):
    """Competing units.

    Areas and organisations that were not closed, in Vietnamese order, page by page.
    """

    room = "campaigns"
    operation = "units"
    question_class = UnitsQuestion
    answer_class = UnitPage

    def answer(self, asked: dict, *, on: date) -> dict:
        units = Unit.objects.open().filter(province=find_province(asked["province"])).in_vietnamese_order()
        if "kind" in asked:
            units = units.filter(kind=asked["kind"])
        if "parent" in asked:
            units = units.filter(seat__in=Area.objects.under(find_area(asked["parent"])))
        if "q" in asked:
            words = fold(asked["q"])
            units = units.filter(search_text__contains=words) if words else units.none()
        return page_of(units.select_related("seat__parent__parent"), asked, _told)


def _told(unit: Unit) -> dict:
    area = unit.seat
    while area is not None and area.kind != AreaKind.DISTRICT:
        area = area.parent
    return {"code": unit.code, "name": unit.name, "kind": unit.kind, "seat": unit.seat, "district": area}
