"""The units that compete: areas, and organisations seated in an area."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.enums import GroupKind
from campaign.models.acts import acted, when, who
from core.enums import AreaKind
from core.models import Area
from core.models.scoping import ScopedQuerySet
from core.vietnamese import fold, sort_key

AREA_KINDS = [kind.value for kind in GroupKind if kind.area_kind]


class UnitQuerySet(ScopedQuerySet):
    area_lookup = "seat"

    def open(self) -> UnitQuerySet:
        """Those that were not closed."""
        return self.filter(closed_at__isnull=True)

    def areas(self) -> UnitQuerySet:
        return self.filter(kind__in=AREA_KINDS)

    def organisations(self) -> UnitQuerySet:
        return self.exclude(kind__in=AREA_KINDS)

    def in_vietnamese_order(self) -> UnitQuerySet:
        return self.order_by("sort_key", "code")


class Unit(models.Model):
    """A hamlet, commune or district that competes as itself (``seat``), or an organisation seated there.

    ``code`` is the area's own, or the organisation's number within the province. Closed, never deleted.
    """

    province = models.ForeignKey(Area, models.RESTRICT, related_name="+", verbose_name=_("tỉnh"))
    seat = models.ForeignKey(Area, models.RESTRICT, related_name="units", verbose_name=_("địa bàn"))
    kind = models.CharField(_("loại"), max_length=20, choices=GroupKind)
    code = models.CharField(_("mã đơn vị"), max_length=20)
    name = models.CharField(_("tên đơn vị"), max_length=200)
    head = models.CharField(_("người đứng đầu"), max_length=120, blank=True)
    head_post = models.CharField(_("chức vụ"), max_length=120, blank=True)
    phone = models.CharField(_("điện thoại cơ quan"), max_length=40, blank=True)
    email = models.EmailField(_("thư điện tử cơ quan"), blank=True)
    size = models.PositiveIntegerField(_("số người"), null=True, blank=True)
    sort_key = models.CharField(max_length=600, editable=False, db_collation="C")
    search_text = models.CharField(max_length=400, editable=False)
    version = models.PositiveIntegerField(
        default=1, editable=False
    )  # of what people typed; bumped by a change
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    closed_at = when(_("ngừng hoạt động lúc"))
    closed_by = who()
    closing_reason = models.CharField(_("lý do ngừng hoạt động"), max_length=300, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("đơn vị thi đua")
        verbose_name_plural = _("đơn vị thi đua")
        indexes = [models.Index(fields=["province", "kind", "sort_key"], name="unit_of_kind")]
        constraints = [
            models.UniqueConstraint(
                name="unit_code_once_per_province",
                fields=["province", "code"],
                violation_error_message=_("Tỉnh đã có đơn vị mang mã này."),
            ),
            models.UniqueConstraint(
                name="unit_area_once",
                fields=["seat"],
                condition=Q(kind__in=AREA_KINDS),
                violation_error_message=_("Địa bàn này đã có trong danh sách đơn vị thi đua."),
            ),
            models.UniqueConstraint(
                name="unit_name_once_per_seat",
                fields=["seat", "kind", "search_text"],
                condition=Q(closed_at__isnull=True),
                violation_error_message=_("Địa bàn này đã có đơn vị cùng loại mang tên đó."),
            ),
            models.CheckConstraint(
                name="unit_kind_is_known",
                condition=Q(kind__in=GroupKind.values),
                violation_error_message=_("Phải chọn một loại đơn vị trong danh sách."),
            ),
            models.CheckConstraint(
                name="unit_has_its_name_and_code",
                condition=~Q(name="") & ~Q(code=""),
                violation_error_message=_("Đơn vị phải có tên và mã."),
            ),
            models.CheckConstraint(
                name="unit_size_is_of_people",
                condition=Q(size__isnull=True) | Q(size__range=(1, 10_000_000)),
                violation_error_message=_("Số người của đơn vị phải từ 1 trở lên; chưa biết thì để trống."),
            ),
            acted("unit", "closed"),
            models.CheckConstraint(
                name="unit_closed_for_a_reason",
                condition=Q(closed_at__isnull=True, closing_reason="")
                | (Q(closed_at__isnull=False) & ~Q(closing_reason="")),
                violation_error_message=_("Đơn vị ngừng hoạt động phải ghi lý do."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.write_search()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("campaign:unit", args=[self.pk])

    def write_search(self) -> None:
        """Derive what lists are put in order and searched by; for ``bulk_create`` as well."""
        self.sort_key, self.search_text = sort_key(self.name), fold(self.name)

    @property
    def is_area(self) -> bool:
        return self.area_kind is not None

    @property
    def area_kind(self) -> AreaKind | None:
        """The tier of the area that competes; ``None`` for an organisation."""
        return GroupKind(self.kind).area_kind
