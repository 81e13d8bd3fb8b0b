"""The approval of counts: what a district sent for a day, what Sở Y tế said of it, and who may reopen it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Area
from core.models.scoping import ScopedQuerySet
from riskmap.enums import ReportAct, ReportStatus
from riskmap.models.counts import CountPost


class DayReportQuerySet(ScopedQuerySet):
    area_lookup = "scope"


class DayReport(models.Model):
    """The report of all communes of one parent (``scope``: a district) for one day, as it stands now.

    ``accepted_post`` is the last posting of the province that the acceptance saw: numbers of the day posted
    after it are not approved. Once accepted, the day stays locked. How it came here: ``DayReportStep``.
    """

    scope = models.ForeignKey(Area, models.RESTRICT, related_name="day_reports", verbose_name=_("địa bàn"))
    day = models.DateField(_("ngày"))
    status = models.CharField(_("trạng thái"), max_length=10, choices=ReportStatus)
    complete = models.BooleanField(_("đã đủ mọi đơn vị"), default=False)
    reason = models.CharField(_("lý do trả lại"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("gửi lúc"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    decided_at = models.DateTimeField(_("duyệt hoặc trả lại lúc"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+"
    )
    accepted_post = models.ForeignKey(CountPost, models.RESTRICT, null=True, blank=True, related_name="+")

    objects = DayReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("báo cáo ngày")
        verbose_name_plural = _("báo cáo ngày")
        indexes = [models.Index(fields=["status", "day"], name="day_report_status")]
        constraints = [
            models.UniqueConstraint(
                name="day_report_once_per_scope",
                fields=["scope", "day"],
                violation_error_message=_("Địa bàn này đã có báo cáo của ngày đó."),
            ),
            models.CheckConstraint(
                name="day_report_status_is_known",
                condition=Q(status__in=ReportStatus.values),
                violation_error_message=_("Trạng thái báo cáo không hợp lệ."),
            ),
            models.CheckConstraint(
                name="day_report_decided_with_when_and_who",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                violation_error_message=_("Duyệt hoặc trả lại phải ghi người và thời điểm."),
            ),
            models.CheckConstraint(
                name="day_report_returned_with_a_reason",
                condition=~Q(status=ReportStatus.RETURNED) | ~Q(reason=""),
                violation_error_message=_("Trả lại báo cáo phải nêu lý do."),
            ),
            models.CheckConstraint(
                name="day_report_accepted_names_its_last_post",
                condition=~Q(status=ReportStatus.ACCEPTED) | Q(accepted_post__isnull=False),
                violation_error_message=_("Duyệt báo cáo phải ghi số liệu đã duyệt đến lần ghi nào."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.day:%d/%m/%Y}"


class DayReportStep(models.Model):
    """One step of a day's report: sent, returned or accepted, by whom and when. Append-only.

    A trigger refuses an acceptance by somebody who posted numbers it covers.
    """

    scope = models.ForeignKey(
        Area, models.RESTRICT, related_name="day_report_steps", verbose_name=_("địa bàn")
    )
    day = models.DateField(_("ngày"))
    act = models.CharField(_("bước"), max_length=10, choices=ReportAct)
    reason = models.CharField(_("lý do"), max_length=300, blank=True)
    last_post = models.ForeignKey(CountPost, models.RESTRICT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(_("lúc"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("bước của báo cáo ngày")
        verbose_name_plural = _("bước của báo cáo ngày")
        indexes = [models.Index(fields=["scope", "day", "taken_at"], name="step_of_report")]
        constraints = [
            models.CheckConstraint(
                name="step_act_is_known",
                condition=Q(act__in=ReportAct.values),
                violation_error_message=_("Bước của báo cáo không hợp lệ."),
            ),
            models.CheckConstraint(
                name="step_returned_with_a_reason",
                condition=~Q(act=ReportAct.RETURNED) | ~Q(reason=""),
                violation_error_message=_("Trả lại báo cáo phải nêu lý do."),
            ),
            models.CheckConstraint(
                name="step_accepted_names_its_last_post",
                condition=~Q(act=ReportAct.ACCEPTED) | Q(last_post__isnull=False),
                violation_error_message=_("Duyệt báo cáo phải ghi số liệu đã duyệt đến lần ghi nào."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope_id} {self.day:%d/%m/%Y} {self.act}"


class LockException(models.Model):
    """Leave to change the accepted numbers of a unit (commune, or a district with all its communes) and day.

    Given by Sở Y tế for a time; it ends by itself at ``expires_at``, or before when somebody ends it.
    """

    area = models.ForeignKey(Area, models.RESTRICT, related_name="lock_exceptions", verbose_name=_("đơn vị"))
    day = models.DateField(_("ngày"))
    reason = models.CharField(_("lý do"), max_length=300)
    granted_at = models.DateTimeField(_("cho phép lúc"))
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    expires_at = models.DateTimeField(_("hết hạn lúc"))
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("phép sửa ngày đã khóa")
        verbose_name_plural = _("phép sửa ngày đã khóa")
        indexes = [models.Index(fields=["area", "day"], name="exception_of_cell")]
        constraints = [
            models.CheckConstraint(
                name="exception_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Cho phép sửa ngày đã khóa phải nêu lý do."),
            ),
            models.CheckConstraint(
                name="exception_granted_before_it_expires",
                condition=Q(expires_at__gt=F("granted_at")),
                violation_error_message=_("Thời điểm hết hạn phải sau lúc cho phép."),
            ),
            models.CheckConstraint(
                name="exception_ended_at_with_ended_by",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                violation_error_message=_("Kết thúc phép sửa phải ghi người và thời điểm."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.day:%d/%m/%Y}"
