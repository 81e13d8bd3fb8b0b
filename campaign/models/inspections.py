"""Inspections by Sở Nội vụ and Sở Y tế, and what was to be put right."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.enums import FollowUpAct, InspectionStatus
from campaign.models.acts import acted, when, who
from campaign.models.campaigns import Campaign
from campaign.models.units import Unit
from core.enums import Role
from core.models import StoredFile
from core.models.scoping import ScopedQuerySet

#: Who inspects, by role.
INSPECTORS = [(role.value, role.label) for role in (Role.HOME_AFFAIRS, Role.HEALTH)]


class InspectionQuerySet(ScopedQuerySet):
    area_lookup = "unit__seat"


class FollowUpQuerySet(ScopedQuerySet):
    area_lookup = "inspection__unit__seat"


class Inspection(models.Model):
    """A visit to a unit: planned, then held with findings, or cancelled with a reason."""

    campaign = models.ForeignKey(Campaign, models.RESTRICT, related_name="inspections")
    unit = models.ForeignKey(Unit, models.RESTRICT, related_name="inspections", verbose_name=_("đơn vị"))
    department = models.CharField(_("cơ quan kiểm tra"), max_length=20, choices=INSPECTORS)
    purpose = models.CharField(_("nội dung kiểm tra"), max_length=500)
    planned_on = models.DateField(_("dự kiến ngày"))
    status = models.CharField(
        _("trạng thái"), max_length=10, choices=InspectionStatus, default=InspectionStatus.PLANNED
    )
    visited_on = models.DateField(_("kiểm tra ngày"), null=True, blank=True)
    findings = models.TextField(_("kết quả"), max_length=3000, blank=True)
    report = models.ForeignKey(
        StoredFile, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("biên bản")
    )
    reason = models.CharField(_("lý do hủy"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    recorded_at = when(_("ghi kết quả lúc"))
    recorded_by = who()
    cancelled_at = when()
    cancelled_by = who()

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("cuộc kiểm tra")
        verbose_name_plural = _("cuộc kiểm tra")
        indexes = [models.Index(fields=["campaign", "planned_on"], name="inspection_planned")]
        constraints = [
            models.CheckConstraint(
                name="inspection_words_are_known",
                condition=Q(
                    status__in=InspectionStatus.values, department__in=[role for role, _label in INSPECTORS]
                ),
                violation_error_message=_("Cơ quan hoặc trạng thái kiểm tra không hợp lệ."),
            ),
            models.CheckConstraint(
                name="inspection_has_a_purpose",
                condition=~Q(purpose=""),
                violation_error_message=_("Phải ghi nội dung kiểm tra."),
            ),
            acted("inspection", "recorded"),
            acted("inspection", "cancelled"),
            models.CheckConstraint(
                name="inspection_status_says_what_was_done",
                condition=Q(
                    status=InspectionStatus.PLANNED, recorded_at__isnull=True, cancelled_at__isnull=True
                )
                | (
                    Q(
                        status=InspectionStatus.VISITED,
                        recorded_at__isnull=False,
                        visited_on__isnull=False,
                        cancelled_at__isnull=True,
                    )
                    & ~Q(findings="")
                )
                | (
                    Q(status=InspectionStatus.CANCELLED, cancelled_at__isnull=False, recorded_at__isnull=True)
                    & ~Q(reason="")
                ),
                violation_error_message=_("Đã kiểm tra phải có ngày và kết quả; đã hủy phải có lý do."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.planned_on:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("campaign:inspection", args=[self.pk])


class FollowUp(models.Model):
    """Something a unit is to put right by a day: answered by the unit, closed by those who inspect.

    Opened again it holds no answer; what was answered before stands in its steps.
    """

    inspection = models.ForeignKey(Inspection, models.RESTRICT, related_name="follow_ups")
    wording = models.CharField(_("kiến nghị"), max_length=500)
    due_on = models.DateField(_("hạn khắc phục"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    answer = models.CharField(_("kết quả khắc phục"), max_length=1000, blank=True)
    file = models.ForeignKey(
        StoredFile, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("minh chứng")
    )
    answered_at = when(_("báo cáo lúc"))
    answered_by = who()
    closed_at = when(_("xác nhận xong lúc"))
    closed_by = who()

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("kiến nghị sau kiểm tra")
        verbose_name_plural = _("kiến nghị sau kiểm tra")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="follow_up_has_a_wording",
                condition=~Q(wording=""),
                violation_error_message=_("Phải ghi kiến nghị."),
            ),
            acted("follow_up", "answered"),
            acted("follow_up", "closed"),
            models.CheckConstraint(
                name="follow_up_answered_in_words",
                condition=Q(answered_at__isnull=True, answer="")
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                violation_error_message=_("Báo cáo khắc phục phải ghi đã làm gì."),
            ),
            models.CheckConstraint(
                name="follow_up_closed_once_answered",
                condition=Q(closed_at__isnull=True) | Q(answered_at__isnull=False),
                violation_error_message=_("Chỉ xác nhận xong khi đơn vị đã báo cáo khắc phục."),
            ),
        ]

    def __str__(self) -> str:
        return self.wording


class FollowUpStep(models.Model):
    """One step of a follow-up: appended, never changed."""

    follow_up = models.ForeignKey(FollowUp, models.RESTRICT, related_name="steps")
    act = models.CharField(_("bước"), max_length=10, choices=FollowUpAct)
    text = models.CharField(_("nội dung"), max_length=1000, blank=True)
    file = models.ForeignKey(StoredFile, models.RESTRICT, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("hạn khắc phục"))  # as it was from this step on
    taken_at = models.DateTimeField(_("lúc"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("bước khắc phục")
        verbose_name_plural = _("bước khắc phục")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="follow_up_act_is_known",
                condition=Q(act__in=FollowUpAct.values),
                violation_error_message=_("Bước khắc phục không hợp lệ."),
            ),
            models.CheckConstraint(
                name="follow_up_step_says_why",
                condition=Q(act=FollowUpAct.CLOSED) | ~Q(text=""),
                violation_error_message=_("Báo cáo khắc phục phải ghi đã làm gì, mở lại phải ghi lý do."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up} · {self.get_act_display()}"
