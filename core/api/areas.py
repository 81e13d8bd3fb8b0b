"""``/areas/``: the units of a day, found by name or code, and one unit with all that is known of it."""

from __future__ import annotations

from datetime import date

from django.db.models import F
from rest_framework import serializers

from core.api.answers import PublicView
from core.api.pages import PageAnswer, PagedQuestion, page_of
from core.api.questions import CodeField, DayField, Question, area_of_address
from core.enums import AreaKind
from core.finding import find_province
from core.models import Area, AreaBoundary, AreaNeighbour
from core.vietnamese import fold


class AreaRef(serializers.Serializer):
    """Enough to name a unit and to ask for it."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(AreaKind.choices)


class AreaRow(AreaRef):
    """A unit as it was between two dates; ``valid_to`` is null while it lasts."""

    type_word = serializers.CharField()
    parent_code = serializers.CharField(allow_null=True)
    parent_name = serializers.CharField(allow_null=True)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    population = serializers.IntegerField(allow_null=True)
    population_year = serializers.IntegerField(allow_null=True)


class AreaPage(PageAnswer):
    """One page of a list in Vietnamese order; ``pages`` says how many there are."""

    results = AreaRow(many=True)


class AreaQuestion(PagedQuestion):
    province = CodeField(required=False, help_text="Only units of this province.")
    kind = serializers.ChoiceField(AreaKind.choices, required=False, help_text="Only this tier.")
    day = DayField(required=False, help_text="Units as they were on this day; by default today.")
    q = serializers.CharField(
        required=False, max_length=100, help_text="Part of a name; diacritics and case do not matter."
    )


class AreaList(PublicView):
    """Administrative units.

    In Vietnamese order, page by page. Units are those valid on the day asked for.
    """

    room = "areas"
    operation = "areas"
    question_class = AreaQuestion
    answer_class = AreaPage

    def answer(self, asked: dict, *, on: date) -> dict:
        areas = Area.objects.valid_on(asked.get("day") or on).in_vietnamese_order()
        if "province" in asked:
            areas = areas.under(find_province(asked["province"]))
        if "kind" in asked:
            areas = areas.of_kind(asked["kind"])
        if "q" in asked:
            words = fold(asked["q"])
            areas = areas.filter(search_text__contains=words) if words else areas.none()
        rows = areas.annotate(parent_code=F("parent__code"), parent_name=F("parent__name")).defer("parent")
        return page_of(rows, asked)


class NeighbourRow(AreaRef):
    border_m = serializers.FloatField(help_text="Length of the shared border in metres.")


class AreaDetail(AreaRow):
    """A unit with what lies above it, whom it touches and where its name stands on the map."""

    legal_basis = serializers.CharField()
    ancestors = AreaRef(many=True, help_text="From the province down.")
    label = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True,
        help_text="Longitude and latitude of a point inside; null without a shape.",
    )  # fmt: skip
    neighbours = NeighbourRow(many=True)


class AreaDayQuestion(Question):
    day = DayField(required=False, help_text="The unit that had the code on this day; by default the latest.")


class AreaView(PublicView):
    """One unit."""

    room = "areas"
    operation = "area"
    question_class = AreaDayQuestion
    answer_class = AreaDetail

    def answer(self, asked: dict, *, on: date, code: str) -> dict:
        area = area_of_address(code, on=asked.get("day"))
        boundary = AreaBoundary.objects.filter(area=area).defer("shape").first()
        ancestors = _ancestors(area)
        return {
            **{name: getattr(area, name) for name in AreaRow().fields if not name.startswith("parent_")},
            "parent_code": ancestors[-1].code if ancestors else None,
            "parent_name": ancestors[-1].name if ancestors else None,
            "legal_basis": area.legal_basis,
            "ancestors": ancestors,
            "label": [boundary.label_lon, boundary.label_lat] if boundary else None,
            "neighbours": _neighbours(area),
        }


def _ancestors(area: Area) -> list[Area]:
    """From the province down, of the area's own time: at most three steps up."""
    found: list[Area] = []
    while area.parent is not None:
        area = area.parent
        found.append(area)
    return found[::-1]


def _neighbours(area: Area) -> list[dict]:
    links = (
        AreaNeighbour.objects.filter(area=area)
        .select_related("neighbour")
        .order_by("neighbour__sort_key", "neighbour__code")
    )
    return [
        {
            "code": link.neighbour.code,
            "name": link.neighbour.name,
            "kind": link.neighbour.kind,
            "border_m": round(link.border_m, 1),
        }
        for link in links
    ]
