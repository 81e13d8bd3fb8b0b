"""Shapes, who touches whom, and the bytes the public reads."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models.areas import Area


class PublicAsset(models.Model):
    """Immutable bytes under the hash of their content: a map's shapes, a period's levels."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    media_type = models.CharField(max_length=100)
    body = models.BinaryField()
    gzip = models.BinaryField()
    brotli = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tệp công khai")
        verbose_name_plural = _("tệp công khai")

    def __str__(self) -> str:
        return self.sha256[:12]


class BoundarySet(models.Model):
    """One import of shapes for a province: where they come from and the map bytes made of them.

    ``topology`` is a TopoJSON of three layers (communes, districts and the province dissolved from
    them) whose shared borders are shared arcs.
    """

    province = models.ForeignKey(Area, models.RESTRICT, related_name="boundary_sets", verbose_name=_("tỉnh"))
    source = models.CharField(_("nguồn"), max_length=200)
    licence = models.CharField(_("giấy phép"), max_length=100)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    schematic = models.BooleanField(_("sơ đồ, không phải ranh giới thật"), default=False)
    topology = models.ForeignKey(PublicAsset, models.RESTRICT, related_name="+")
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("bộ ranh giới")
        verbose_name_plural = _("bộ ranh giới")
        get_latest_by = "id"

    def __str__(self) -> str:
        return f"{self.province} · {self.source}"


class AreaBoundary(models.Model):
    """The shape of one area, apart from the area itself."""

    area = models.OneToOneField(Area, models.RESTRICT, related_name="boundary", verbose_name=_("đơn vị"))
    boundary_set = models.ForeignKey(BoundarySet, models.RESTRICT, related_name="boundaries")
    shape = models.BinaryField()  # WKB, EPSG:4326, as imported, not simplified
    label_lon = models.FloatField()
    label_lat = models.FloatField()

    class Meta:
        verbose_name = _("ranh giới")
        verbose_name_plural = _("ranh giới")
        constraints = [
            models.CheckConstraint(
                name="boundary_label_on_earth",
                condition=Q(label_lon__range=(-180, 180), label_lat__range=(-90, 90)),
                violation_error_message=_("Tọa độ phải là kinh độ, vĩ độ (WGS 84)."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.area)


class AreaNeighbour(models.Model):
    """Two areas of one kind that share a border of some length. Stored in both directions."""

    pk = models.CompositePrimaryKey("area_id", "neighbour_id")
    area = models.ForeignKey(Area, models.RESTRICT, related_name="neighbour_links")
    neighbour = models.ForeignKey(Area, models.RESTRICT, related_name="+")
    border_m = models.FloatField(_("chiều dài đường ranh giới chung, mét"))

    class Meta:
        verbose_name = _("đơn vị giáp ranh")
        verbose_name_plural = _("đơn vị giáp ranh")
        constraints = [
            models.CheckConstraint(
                name="neighbour_is_another_area",
                condition=~Q(area=F("neighbour")),
                violation_error_message=_("Một đơn vị không giáp ranh với chính nó."),
            ),
            models.CheckConstraint(
                name="neighbour_border_has_length",
                condition=Q(border_m__gt=0),
                violation_error_message=_("Chạm một điểm không phải là giáp ranh."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} – {self.neighbour_id}"
