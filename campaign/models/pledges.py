"""Pledges: how many signed, of how many. Numbers, never names."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.enums import PledgeKind
from campaign.models.campaigns import Campaign
from core.models import Area, StoredFile
from core.models.scoping import ScopedQuerySet


class PledgeCount(models.Model):
    """What a commune or hamlet said of its pledges of one kind: appended, the latest is in force.

    ``withdrawn``: it says nothing of the kind any more, as where a number was written into the wrong row.
    """

    campaign = models.ForeignKey(Campaign, models.RESTRICT, related_name="pledges")
    area = models.ForeignKey(Area, models.RESTRICT, related_name="pledges", verbose_name=_("địa bàn"))
    kind = models.CharField(_("loại"), max_length=20, choices=PledgeKind)
    signed = models.PositiveIntegerField(_("đã ký cam kết"))
    total = models.PositiveIntegerField(_("tổng số"))
    withdrawn = models.BooleanField(_("bỏ số đã ghi"), default=False)
    counted_on = models.DateField(_("tính đến ngày"))
    document = models.ForeignKey(
        StoredFile, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("bản ký")
    )
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("số cam kết")
        verbose_name_plural = _("số cam kết")
        indexes = [models.Index(fields=["campaign", "area", "kind", "-id"], name="pledge_latest")]
        constraints = [
            models.CheckConstraint(
                name="pledge_kind_is_known",
                condition=Q(kind__in=PledgeKind.values),
                violation_error_message=_("Loại cam kết không hợp lệ."),
            ),
            models.CheckConstraint(
                name="pledge_signed_not_over_total",
                condition=Q(signed__lte=F("total")),
                violation_error_message=_("Số đã ký không được lớn hơn tổng số."),
            ),
            models.CheckConstraint(
                name="pledge_total_is_of_this_world",
                condition=Q(total__lte=10_000_000),
                violation_error_message=_("Tổng số lớn quá mức; xin xem lại."),
            ),
            models.CheckConstraint(
                name="pledge_withdrawn_has_no_number",
                condition=Q(withdrawn=False) | Q(signed=0, total=0),
                violation_error_message=_("Bỏ số đã ghi thì không kèm số mới."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} · {self.get_kind_display()}: {self.signed}/{self.total}"
