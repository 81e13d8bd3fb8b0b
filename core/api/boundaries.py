"""``/boundaries/``: where the shapes of a province lie, where they come from and on what terms."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.answers import PublicView
from core.api.assets import asset_url
from core.api.questions import CodeField, Question
from core.errors import DomainError
from core.finding import find_province
from core.models import Area, BoundarySet


class BoundariesNotFound(DomainError):
    """No shapes were imported for the province."""

    code = "boundaries_not_found"


class ProvinceQuestion(Question):
    province = CodeField(help_text="Code of the province.")


class BoundariesAnswer(serializers.Serializer):
    """``url`` never changes its content: keep it as long as you like."""

    province = serializers.CharField()
    url = serializers.CharField(help_text="TopoJSON with the layers commune, district and province.")
    sha256 = serializers.CharField()
    media_type = serializers.CharField()
    source = serializers.CharField()
    licence = serializers.CharField()
    schematic = serializers.BooleanField(help_text="A drawing, not the true borders.")
    imported_at = serializers.DateTimeField()


class BoundariesView(PublicView):
    """Shapes of a province's units."""

    room = "map"
    operation = "boundaries"
    question_class = ProvinceQuestion
    answer_class = BoundariesAnswer

    def answer(self, asked: dict, *, on: date) -> dict:
        province = find_province(asked["province"])
        newest = boundaries_of(province)
        return {
            "province": province.code,
            "url": asset_url(newest.topology),
            "sha256": newest.topology_id,
            "media_type": newest.topology.media_type,
            "source": newest.source,
            "licence": newest.licence,
            "schematic": newest.schematic,
            "imported_at": newest.imported_at,
        }


def boundaries_of(province: Area, *, with_body: bool = False) -> BoundarySet:
    """The newest shapes of the province. Raises ``BoundariesNotFound``."""
    unread = ["topology__gzip", "topology__brotli", *([] if with_body else ["topology__body"])]
    newest = (
        BoundarySet.objects.filter(province=province)
        .select_related("topology")
        .defer(*unread)
        .order_by("-id")
        .first()
    )
    if newest is None:
        raise BoundariesNotFound(
            _("%(province)s chưa có ranh giới trên bản đồ.") % {"province": province.name}
        )
    return newest
