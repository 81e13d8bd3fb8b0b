"""Registrations: what a unit takes upon itself in a campaign, and how that was confirmed."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.enums import RegistrationAct, RegistrationStatus
from campaign.models.acts import acted, when, who
from campaign.models.campaigns import Campaign
from campaign.models.parts import TargetGroup
from campaign.models.units import Unit
from core.models import StoredFile
from core.models.scoping import ScopedQuerySet
from riskmap.enums import RiskLevel
from riskmap.models import MapEdition

#: The levels that a unit can aim at: it competes for getting out of the highest.
TARGET_LEVELS = [
    (level.value, level.label) for level in (RiskLevel.NEW_NORMAL, RiskLevel.ELEVATED, RiskLevel.HIGH)
]
_ONCE_CONFIRMED = (RegistrationStatus.CONFIRMED, RegistrationStatus.SUSPENDED)
_HANDED_IN = (RegistrationStatus.SUBMITTED, RegistrationStatus.RETURNED, *_ONCE_CONFIRMED)


class RegistrationQuerySet(ScopedQuerySet):
    area_lookup = "unit__seat"

    def competing(self) -> RegistrationQuerySet:
        """Those that are confirmed, and neither suspended nor withdrawn."""
        return self.filter(status=RegistrationStatus.CONFIRMED)


class Registration(models.Model):
    """One unit in one campaign. How it came to stand here: ``RegistrationStep``.

    Confirmed, it holds the starting level: that of the seat on the day ``starting_day``, as the edition
    ``starting_edition`` shows it, or as known at the confirmation where no edition had shown it.
    """

    campaign = models.ForeignKey(Campaign, models.RESTRICT, related_name="registrations")
    unit = models.ForeignKey(Unit, models.RESTRICT, related_name="registrations", verbose_name=_("đơn vị"))
    group = models.ForeignKey(
        TargetGroup, models.RESTRICT, related_name="registrations", verbose_name=_("đối tượng thi đua")
    )
    status = models.CharField(
        _("trạng thái"), max_length=10, choices=RegistrationStatus, default=RegistrationStatus.DRAFT
    )
    target_level = models.PositiveSmallIntegerField(
        _("mục tiêu"), choices=TARGET_LEVELS, default=RiskLevel.NEW_NORMAL
    )
    target_day = models.DateField(_("đạt vào ngày"))
    solutions = models.TextField(_("giải pháp chính"), max_length=3000, blank=True)
    document_number = models.CharField(_("số văn bản đăng ký"), max_length=100, blank=True)
    document_date = models.DateField(_("ngày văn bản"), null=True, blank=True)
    document = models.ForeignKey(
        StoredFile, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("bản ký")
    )
    head = models.CharField(_("người đứng đầu"), max_length=120, blank=True)
    head_post = models.CharField(_("chức vụ"), max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    starting_level = models.PositiveSmallIntegerField(
        _("mức lúc đăng ký"), choices=RiskLevel, null=True, blank=True, editable=False
    )
    starting_provisional = models.BooleanField(default=False, editable=False)
    starting_day = models.DateField(null=True, blank=True, editable=False)
    starting_edition = models.ForeignKey(
        MapEdition, models.RESTRICT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    submitted_at = when(_("gửi lúc"))
    submitted_by = who()
    decided_at = when(_("xác nhận hoặc trả lại lúc"))
    decided_by = who()
    reason = models.CharField(_("lý do"), max_length=300, blank=True)  # of a return, suspension, withdrawal

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("đăng ký thi đua")
        verbose_name_plural = _("đăng ký thi đua")
        indexes = [models.Index(fields=["campaign", "status"], name="registration_status")]
        constraints = [
            models.UniqueConstraint(
                name="registration_once_per_campaign_and_unit",
                fields=["campaign", "unit"],
                violation_error_message=_(
                    "Đơn vị này đã có đăng ký trong phong trào; xin sửa đăng ký đã có."
                ),
            ),
            models.CheckConstraint(
                name="registration_status_is_known",
                condition=Q(status__in=RegistrationStatus.values),
                violation_error_message=_("Trạng thái đăng ký không hợp lệ."),
            ),
            models.CheckConstraint(
                name="registration_target_is_known",
                condition=Q(target_level__in=[level for level, _label in TARGET_LEVELS]),
                violation_error_message=_("Mục tiêu phải là xanh, vàng hoặc cam."),
            ),
            acted("registration", "submitted"),
            acted("registration", "decided"),
            models.CheckConstraint(
                name="registration_handed_in_is_whole",
                condition=~Q(status__in=_HANDED_IN)
                | (
                    Q(submitted_at__isnull=False, document_date__isnull=False)
                    & ~Q(document_number="")
                    & ~Q(head="")
                    & ~Q(solutions="")
                ),
                violation_error_message=_(
                    "Gửi đăng ký phải có giải pháp, số và ngày văn bản, người đứng đầu."
                ),
            ),
            models.CheckConstraint(
                name="registration_decided_by_a_second_person",
                condition=Q(decided_by__isnull=True)
                | ~Q(status__in=_ONCE_CONFIRMED)
                | ~Q(decided_by=models.F("submitted_by")),
                violation_error_message=_("Người gửi đăng ký không tự xác nhận được."),
            ),
            models.CheckConstraint(
                name="registration_confirmed_with_its_starting_level",
                condition=Q(
                    status__in=_ONCE_CONFIRMED, starting_level__isnull=False, starting_day__isnull=False
                )
                | (
                    ~Q(status__in=_ONCE_CONFIRMED)
                    & (Q(starting_level__isnull=True) | Q(starting_day__isnull=False))
                ),
                violation_error_message=_("Đăng ký đã xác nhận phải ghi mức xuất phát và ngày của mức đó."),
            ),
            models.CheckConstraint(
                name="registration_stopped_for_a_reason",
                condition=~Q(
                    status__in=[
                        RegistrationStatus.RETURNED,
                        RegistrationStatus.SUSPENDED,
                        RegistrationStatus.WITHDRAWN,
                    ]
                )
                | ~Q(reason=""),
                violation_error_message=_("Trả lại, tạm dừng hoặc rút đăng ký phải ghi lý do."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.campaign}"

    def get_absolute_url(self) -> str:
        return reverse("campaign:registration", args=[self.pk])

    @property
    def submitted_on(self) -> date | None:
        """The day in Vietnam on which it was handed in, for the last time."""
        return self.submitted_at and timezone.localdate(self.submitted_at)


class RegistrationStep(models.Model):
    """One step of a registration: appended, never changed. ``said`` is what it held then, by field."""

    registration = models.ForeignKey(Registration, models.RESTRICT, related_name="steps")
    act = models.CharField(_("bước"), max_length=10, choices=RegistrationAct)
    reason = models.CharField(_("lý do"), max_length=300, blank=True)
    said = models.JSONField(default=dict)
    taken_at = models.DateTimeField(_("lúc"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("bước đăng ký")
        verbose_name_plural = _("bước đăng ký")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="registration_act_is_known",
                condition=Q(act__in=RegistrationAct.values),
                violation_error_message=_("Bước đăng ký không hợp lệ."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration} · {self.get_act_display()}"
