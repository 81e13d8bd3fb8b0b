"""Files of units: what came in, kept as it came, and who committed it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.models.acts import acted, when, who
from core.models import Area
from core.models.scoping import ScopedQuerySet


class UnitBatch(models.Model):
    """One file of units of an area. Previewed first; what is committed is what was shown."""

    area = models.ForeignKey(Area, models.RESTRICT, related_name="+", verbose_name=_("địa bàn"))
    file_name = models.CharField(_("tên tệp"), max_length=255)
    file_sha256 = models.CharField(max_length=64)
    content = models.BinaryField()  # the file itself, gzip
    created_at = models.DateTimeField(_("đưa lên lúc"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    committed_at = when(_("ghi lúc"))
    committed_by = who()
    rows_new = models.PositiveIntegerField(_("đơn vị mới"), null=True, blank=True)
    rows_changed = models.PositiveIntegerField(_("đơn vị sửa"), null=True, blank=True)
    rows_refused = models.PositiveIntegerField(_("dòng bị từ chối"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("tệp đơn vị thi đua")
        verbose_name_plural = _("tệp đơn vị thi đua")
        ordering = ["-created_at", "-id"]
        constraints = [
            acted("unit_batch", "committed"),
            models.CheckConstraint(
                name="unit_batch_committed_with_its_rows",
                condition=Q(committed_at__isnull=True, rows_new__isnull=True, rows_changed__isnull=True)
                | Q(committed_at__isnull=False, rows_new__isnull=False, rows_changed__isnull=False),
                violation_error_message=_("Tệp đã ghi phải có số đơn vị mới và số đơn vị sửa."),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("campaign:unit_batch", args=[self.pk])
