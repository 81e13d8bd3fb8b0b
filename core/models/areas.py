"""Administrative units: the squares on the map and the competitors of a campaign."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q, Value
from django.utils.translation import gettext_lazy as _

from core.enums import AreaKind
from core.models.scoping import ScopedQuerySet


class DateRange(Func):
    """``daterange(first, last, '[]')``; a missing last day is open."""

    function = "daterange"
    output_field = DateRangeField()


class AreaQuerySet(ScopedQuerySet):
    area_lookup = ""  # the rows are areas themselves

    def valid_on(self, day: date) -> AreaQuerySet:
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def under(self, area: Area) -> AreaQuerySet:
        """``area`` itself and all that lies below it."""
        return self.filter(Q(path=area.path) | Q(path__startswith=area.path + "/"))

    def hanging_from(self, province: Area) -> AreaQuerySet:
        """The districts and communes of this very province: ``under`` also finds those of other times."""
        return self.filter(Q(parent=province) | Q(parent__parent=province)).exclude(kind=AreaKind.HAMLET)

    def of_kind(self, kind: AreaKind) -> AreaQuerySet:
        return self.filter(kind=kind)

    def in_vietnamese_order(self) -> AreaQuerySet:
        return self.order_by("sort_key", "code")


class Area(models.Model):
    """A province, district, commune or hamlet as it was between two dates.

    ``code`` is the code of the General Statistics Office, text, leading zeros kept. ``path`` holds the
    codes from the province down, joined by slashes, and is how "below" is asked.
    """

    code = models.CharField(_("mã đơn vị"), max_length=20)
    name = models.CharField(_("tên"), max_length=120)
    kind = models.CharField(_("cấp"), max_length=10, choices=AreaKind)
    type_word = models.CharField(_("loại"), max_length=40)
    parent = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="children", verbose_name=_("trực thuộc")
    )
    path = models.CharField(max_length=100)
    valid_from = models.DateField(_("có hiệu lực từ"))
    valid_to = models.DateField(_("có hiệu lực đến"), null=True, blank=True)
    legal_basis = models.CharField(_("căn cứ pháp lý"), max_length=300, blank=True)
    population = models.PositiveIntegerField(_("dân số"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("năm của số dân"), null=True, blank=True)
    sort_key = models.CharField(max_length=600, editable=False, db_collation="C")
    search_text = models.CharField(max_length=300, editable=False)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn vị hành chính")
        verbose_name_plural = _("đơn vị hành chính")
        indexes = [
            models.Index(fields=["path"], name="area_path_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["kind", "code"], name="area_kind_code"),
        ]
        constraints = [
            ExclusionConstraint(
                name="area_code_valid_once_at_a_time",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to", Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Mã đơn vị này đã có hiệu lực trong khoảng thời gian đó."),
            ),
            models.CheckConstraint(
                name="area_valid_from_not_after_valid_to",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                violation_error_message=_("Ngày hết hiệu lực phải từ ngày có hiệu lực trở đi."),
            ),
            models.CheckConstraint(
                name="area_only_a_province_has_no_parent",
                condition=Q(kind=AreaKind.PROVINCE, parent__isnull=True)
                | (~Q(kind=AreaKind.PROVINCE) & Q(parent__isnull=False)),
                violation_error_message=_("Chỉ cấp tỉnh không trực thuộc đơn vị nào."),
            ),
            models.CheckConstraint(
                name="area_kind_is_known",
                condition=Q(kind__in=AreaKind.values),
                violation_error_message=_("Cấp hành chính không hợp lệ."),
            ),
            models.CheckConstraint(
                name="area_code_is_plain",
                condition=Q(code__regex=r"^[0-9A-Za-z][0-9A-Za-z._-]*$"),
                violation_error_message=_("Mã đơn vị chỉ gồm chữ số, chữ cái không dấu, dấu chấm, gạch."),
            ),
            models.CheckConstraint(
                name="area_population_has_its_year",
                condition=Q(population__isnull=True) | Q(population_year__isnull=False),
                violation_error_message=_("Số dân phải ghi kèm năm."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
