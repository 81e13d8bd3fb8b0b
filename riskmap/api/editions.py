"""``/editions/``: every published map of a province, its place in the chain, and its levels as files."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

from core.api.answers import FileView
from core.api.assets import FOREVER, json_url
from core.api.boundaries import ProvinceQuestion, boundaries_of
from core.api.geometries import geometries_of
from core.api.pages import PageAnswer, PagedQuestion, page_of
from core.api.questions import DayField, Question, area_of_address
from core.enums import AreaKind
from core.errors import DomainError
from core.finding import AreaNotFound, find_province
from core.models import Area
from riskmap.api.answers import KINDS, RiskMapView, is_simulated
from riskmap.edition_totals import unapproved_in
from riskmap.editions import hashed_facts
from riskmap.enums import RiskLevel
from riskmap.maps import LAYERS
from riskmap.models import MapEdition

NUMBER_WORDS = "Number of the edition, from 1 in each province."
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
COLOURS = {
    RiskLevel.NO_DATA: "không có số liệu",
    RiskLevel.NEW_NORMAL: "xanh",
    RiskLevel.ELEVATED: "vàng",
    RiskLevel.HIGH: "cam",
    RiskLevel.VERY_HIGH: "đỏ",
}


class EditionNotFound(DomainError):
    """The province has no edition of that number."""

    code = "edition_not_found"


class EditionLinks(serializers.Serializer):
    """Where the levels of the edition lie; the first never changes its content."""

    json = serializers.CharField(help_text="The edition itself: canonical JSON under its SHA-256.")
    csv = serializers.CharField()
    geojson = serializers.CharField()
    previous = serializers.CharField(allow_null=True, help_text="The edition before; null of the first.")


class EditionRow(serializers.Serializer):
    province = serializers.CharField()
    number = serializers.IntegerField()
    day = serializers.DateField(help_text="The day the levels are of.")
    cut_off = serializers.DateTimeField(help_text="What was known then is in the edition, and nothing else.")
    published_at = serializers.DateTimeField()
    rule_set = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the edition's JSON.")
    hash = serializers.CharField(
        help_text="SHA-256 over the hash before and the facts of this edition; docs/api.md says how."
    )
    previous_hash = serializers.CharField(help_text="64 zeros for the first edition.")
    simulated = serializers.BooleanField()
    links = EditionLinks()


class EditionPage(PageAnswer):
    results = EditionRow(many=True)


class EditionQuestion(ProvinceQuestion, PagedQuestion):
    day = DayField(required=False, help_text="Only editions of this day.")


class EditionList(RiskMapView):
    """Published maps of a province.

    Newest first, page by page.
    """

    room = "editions"
    operation = "editions"
    question_class = EditionQuestion
    answer_class = EditionPage

    def answer(self, asked: dict, *, on: date) -> dict:
        province = find_province(asked["province"])
        editions = MapEdition.objects.filter(province=province).defer("codes", "cells").order_by("-number")
        if "day" in asked:
            editions = editions.filter(day=asked["day"])
        simulated = is_simulated(province)
        return page_of(editions, asked, lambda edition: _told(edition, province, simulated))


class FactsOfHash(serializers.Serializer):
    """What is hashed besides the hash before, in this order, line by line."""

    previous_hash = serializers.CharField()
    province = serializers.CharField()
    number = serializers.CharField()
    day = serializers.CharField()
    cut_off_microseconds = serializers.CharField(help_text="Since 1970-01-01T00:00:00Z.")
    published_at_microseconds = serializers.CharField()
    published_by = serializers.CharField(help_text="A number that stands for the account.")
    rule_set = serializers.CharField()
    sha256 = serializers.CharField()
    codes = serializers.CharField()
    cells = serializers.CharField(
        help_text="`level | provisional << 3 | decided << 4 | unapproved << 5` of each code, hexadecimal."
    )


class EditionDetail(EditionRow):
    unapproved = serializers.IntegerField(
        allow_null=True,
        help_text="Communes whose level rested on a number nobody had accepted at the cut-off; null where "
        "the edition does not speak of approval.",
    )
    hashed = FactsOfHash(help_text="SHA-256 of these texts joined by line feeds is the hash.")


class EditionView(RiskMapView):
    """One published map, and what proves it."""

    room = "editions"
    operation = "edition"
    number_words = NUMBER_WORDS
    answer_class = EditionDetail

    def answer(self, asked: dict, *, on: date, code: str, number: str) -> dict:
        province, edition = edition_of_address(code, number, with_payload=True)
        speaks = json.loads(bytes(edition.payload.body)).get("approval", False)
        names = FactsOfHash().fields
        return {
            **_told(edition, province, is_simulated(province)),
            "unapproved": unapproved_in(edition) if speaks else None,
            "hashed": dict(zip(names, hashed_facts(edition), strict=True)),
        }


class KindQuestion(Question):
    kind = serializers.ChoiceField(KINDS, required=False, default=AreaKind.COMMUNE.value)


CSV_COLUMNS = (
    "province",
    "edition",
    "day",
    "cut_off",
    "kind",
    "code",
    "name",
    "level",
    "colour",
    "provisional",
    "criteria",
    "simulated",
    "unapproved",
)
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class EditionCsv(FileView):
    """The levels of an edition as CSV.

    Communes, districts and the province. UTF-8 with a byte order mark, texts in quotes; a text that a
    spreadsheet would take for a formula has an apostrophe before it.
    """

    room = "editions"
    operation = "edition_csv"
    number_words = NUMBER_WORDS
    media_type = "text/csv; charset=utf-8"
    cache_control = FOREVER

    def answer(self, asked: dict, *, on: date, code: str, number: str) -> tuple[str, bytes]:
        province, edition = edition_of_address(code, number, with_payload=True)
        payload = json.loads(bytes(edition.payload.body))
        simulated = is_simulated(province)
        out = io.StringIO()
        rows = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        rows.writerow(CSV_COLUMNS)
        told_of = [AreaKind.COMMUNE] if payload.get("approval") else []
        for kind in LAYERS:
            for row in payload["layers"][str(kind)]:
                texts = (
                    *(province.code, edition.number, payload["day"], payload["cut_off"], str(kind)),
                    *(row["code"], row["name"], row["level"], COLOURS[RiskLevel[row["level"].upper()]]),
                    *(_yes(row["provisional"]), " ".join(row["criteria"]), _yes(simulated)),
                    _yes(row.get("unapproved", False)) if kind in told_of else "",
                )
                rows.writerow([_not_a_formula(text) if isinstance(text, str) else text for text in texts])
        return f"{province.code}-{edition.number}.csv", ("\ufeff" + out.getvalue()).encode()


def _yes(answer: bool) -> str:
    return "true" if answer else "false"


def _not_a_formula(text: str) -> str:
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


class EditionGeoJson(RiskMapView, FileView):
    """The levels of an edition as GeoJSON.

    One feature a unit, on the newest boundaries, at the detail of the map; without a geometry where a unit
    has no shape.
    """

    room = "editions"
    operation = "edition_geojson"
    number_words = NUMBER_WORDS
    media_type = "application/geo+json"
    file_schema = OpenApiTypes.OBJECT
    question_class = KindQuestion

    def answer(self, asked: dict, *, on: date, code: str, number: str) -> tuple[str, bytes]:
        province, edition = edition_of_address(code, number, with_payload=True)
        boundaries = boundaries_of(province, with_body=True)
        shapes = geometries_of(json.loads(bytes(boundaries.topology.body)), asked["kind"])
        payload = json.loads(bytes(edition.payload.body))
        collection = {
            "type": "FeatureCollection",
            "province": province.code,
            "edition": edition.number,
            "day": payload["day"],
            "cut_off": payload["cut_off"],
            "rule_set": payload["rule_set"],
            "hash": edition.hash,
            "simulated": is_simulated(province),
            "source": boundaries.source,
            "licence": boundaries.licence,
            "schematic": boundaries.schematic,
            "features": [
                {
                    "type": "Feature",
                    "id": row["code"],
                    "geometry": shapes.get(row["code"]),
                    "properties": {**row, "colour": COLOURS[RiskLevel[row["level"].upper()]]},
                }
                for row in payload["layers"][asked["kind"]]
            ],
        }
        body = json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
        return f"{province.code}-{edition.number}-{asked['kind']}.geojson", body


def edition_of_address(code: str, number: str, *, with_payload: bool = False) -> tuple[Area, MapEdition]:
    """The province and the edition an address names. Raises ``AreaNotFound``, ``EditionNotFound``."""
    area = area_of_address(code)
    if area.kind != AreaKind.PROVINCE:
        raise AreaNotFound(_("Mã “%(code)s” không phải là mã tỉnh.") % {"code": code})
    editions = MapEdition.objects.filter(province=area).select_related("province")
    if with_payload:
        editions = editions.select_related("payload").defer("payload__gzip", "payload__brotli")
    edition = editions.filter(number=int(number)).first() if _NUMBER.fullmatch(number) else None
    if edition is None:
        raise EditionNotFound(
            _("%(province)s không có bản đồ công bố số %(number)s.")
            % {"province": area.name, "number": number[:20]}
        )
    return area, edition


def _told(edition: MapEdition, province: Area, simulated: bool) -> dict:
    here = f"/api/v1/editions/{province.code}/{edition.number}"
    before = f"/api/v1/editions/{province.code}/{edition.number - 1}/" if edition.number > 1 else None
    return {
        "province": province.code,
        "number": edition.number,
        "day": edition.day,
        "cut_off": edition.cut_off,
        "published_at": edition.published_at,
        "rule_set": edition.rule_set,
        "sha256": edition.payload_id,
        "hash": edition.hash,
        "previous_hash": edition.previous_hash,
        "simulated": simulated,
        "links": {
            "json": json_url(edition.payload_id),
            "csv": f"{here}/levels.csv",
            "geojson": f"{here}/levels.geojson",
            "previous": before,
        },
    }
