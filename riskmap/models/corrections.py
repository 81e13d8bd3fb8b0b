"""Corrections that wait for a second person, and the days on which a colour is competed for."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Area
from core.models.scoping import ScopedQuerySet
from riskmap.enums import CorrectionStatus
from riskmap.models.counts import CountPost, CountSource


class GuardedPeriod(models.Model):
    """Days on whose colours a competition rests: a correction that changes one needs a second person."""

    province = models.ForeignKey(
        Area, models.RESTRICT, related_name="guarded_periods", verbose_name=_("tỉnh")
    )
    name = models.CharField(_("tên"), max_length=120)
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến hết ngày"))

    class Meta:
        verbose_name = _("thời gian thi đua")
        verbose_name_plural = _("thời gian thi đua")
        constraints = [
            models.UniqueConstraint(
                name="guarded_period_name_once_per_province",
                fields=["province", "name"],
                violation_error_message=_("Tỉnh đã có thời gian thi đua mang tên này."),
            ),
            models.CheckConstraint(
                name="guarded_period_days_in_order",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("Ngày cuối phải từ ngày đầu trở đi."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.first_day:%d/%m/%Y}–{self.last_day:%d/%m/%Y})"


class CorrectionRequest(models.Model):
    """A correction that would change a colour of a guarded period; it says nothing until confirmed.

    ``rows`` are what it would say: objects with ``area`` (id), ``day`` (ISO), the counts, and ``before``, the
    source's word when it was asked for. ``impact`` is what the person was shown then: see
    ``riskmap.impact.as_json``.
    """

    province = models.ForeignKey(
        Area, models.RESTRICT, related_name="correction_requests", verbose_name=_("tỉnh")
    )
    area = models.ForeignKey(  # the smallest unit that holds all its rows: who may see it
        Area, models.RESTRICT, related_name="+", verbose_name=_("đơn vị")
    )
    source = models.ForeignKey(CountSource, models.RESTRICT, related_name="+", verbose_name=_("nguồn"))
    rows = models.JSONField()
    impact = models.JSONField()
    reason = models.CharField(_("lý do"), max_length=300)
    document = models.CharField(_("số văn bản"), max_length=200, blank=True)
    status = models.CharField(_("trạng thái"), max_length=10, choices=CorrectionStatus)
    requested_at = models.DateTimeField(_("đề nghị lúc"))
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+"
    )
    refusal = models.CharField(_("lý do không đồng ý"), max_length=300, blank=True)
    post = models.OneToOneField(CountPost, models.RESTRICT, null=True, blank=True, related_name="correction")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề nghị đính chính")
        verbose_name_plural = _("đề nghị đính chính")
        indexes = [models.Index(fields=["province", "status", "-requested_at"], name="correction_waiting")]
        constraints = [
            models.CheckConstraint(
                name="correction_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Đính chính phải nêu lý do."),
            ),
            models.CheckConstraint(
                name="correction_status_is_known",
                condition=Q(status__in=CorrectionStatus.values),
                violation_error_message=_("Trạng thái đính chính không hợp lệ."),
            ),
            models.CheckConstraint(
                name="correction_decided_with_when_and_who",
                condition=Q(status=CorrectionStatus.WAITING, decided_at__isnull=True, decided_by__isnull=True)
                | (
                    ~Q(status=CorrectionStatus.WAITING)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                violation_error_message=_("Xử lý đính chính phải ghi người và thời điểm."),
            ),
            models.CheckConstraint(
                name="correction_decided_by_a_second_person",
                condition=Q(status=CorrectionStatus.WITHDRAWN, decided_by=F("requested_by"))
                | Q(decided_by__isnull=True)
                | (~Q(status=CorrectionStatus.WITHDRAWN) & ~Q(decided_by=F("requested_by"))),
                violation_error_message=_("Người xác nhận đính chính phải khác người đề nghị."),
            ),
            models.CheckConstraint(
                name="correction_posted_when_confirmed",
                condition=Q(status=CorrectionStatus.CONFIRMED, post__isnull=False)
                | (~Q(status=CorrectionStatus.CONFIRMED) & Q(post__isnull=True)),
                violation_error_message=_("Đính chính được xác nhận phải có lần ghi vào sổ."),
            ),
            models.CheckConstraint(
                name="correction_refused_with_why",
                condition=~Q(status=CorrectionStatus.REFUSED) | ~Q(refusal=""),
                violation_error_message=_("Không đồng ý đính chính phải nêu lý do."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.requested_at:%d/%m/%Y}"
