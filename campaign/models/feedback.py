"""What people report or praise, and what they were answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.enums import FeedbackKind, FeedbackStatus
from campaign.models.acts import acted, when, who
from core.models import Area
from core.models.scoping import ScopedQuerySet


class Feedback(models.Model):
    """Written by anybody, about a commune. The text is not public; ``public_text`` and ``answer`` may be.

    ``code`` is the receipt with which its writer finds the answer. Nothing is kept of who wrote, save the
    ``contact`` they gave, and that only until the matter is closed.
    """

    area = models.ForeignKey(Area, models.RESTRICT, related_name="feedback", verbose_name=_("địa bàn"))
    kind = models.CharField(_("loại"), max_length=10, choices=FeedbackKind)
    text = models.TextField(_("nội dung"), max_length=2000)
    happened_on = models.DateField(_("xảy ra ngày"), null=True, blank=True)
    contact = models.CharField(_("cách liên lạc"), max_length=100, blank=True)
    code = models.CharField(_("mã biên nhận"), max_length=12)
    status = models.CharField(
        _("trạng thái"), max_length=10, choices=FeedbackStatus, default=FeedbackStatus.RECEIVED
    )
    received_at = models.DateTimeField(_("nhận lúc"))
    answer = models.TextField(_("trả lời"), max_length=2000, blank=True)
    answered_at = when(_("trả lời lúc"))
    answered_by = who()
    set_aside_reason = models.CharField(_("lý do không xử lý"), max_length=300, blank=True)
    set_aside_at = when()
    set_aside_by = who()
    public_text = models.TextField(_("nội dung công khai"), max_length=2000, blank=True)
    published_at = when(_("công khai lúc"))
    published_by = who()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("phản ánh")
        verbose_name_plural = _("phản ánh")
        indexes = [models.Index(fields=["area", "status", "-received_at"], name="feedback_of_area")]
        constraints = [
            models.UniqueConstraint(
                name="feedback_code_once",
                fields=["code"],
                violation_error_message=_("Mã biên nhận này đã có."),
            ),
            models.CheckConstraint(
                name="feedback_words_are_known",
                condition=Q(kind__in=FeedbackKind.values, status__in=FeedbackStatus.values),
                violation_error_message=_("Loại hoặc trạng thái phản ánh không hợp lệ."),
            ),
            models.CheckConstraint(
                name="feedback_has_a_text",
                condition=~Q(text=""),
                violation_error_message=_("Xin viết nội dung phản ánh."),
            ),
            acted("feedback", "answered"),
            acted("feedback", "set_aside"),
            acted("feedback", "published"),
            models.CheckConstraint(
                name="feedback_status_says_what_was_done",
                condition=Q(
                    status=FeedbackStatus.RECEIVED, answered_at__isnull=True, set_aside_at__isnull=True
                )
                | (Q(status=FeedbackStatus.ANSWERED, answered_at__isnull=False, contact="") & ~Q(answer=""))
                | (
                    Q(status=FeedbackStatus.SET_ASIDE, set_aside_at__isnull=False, contact="")
                    & ~Q(set_aside_reason="")
                ),
                violation_error_message=_(
                    "Phản ánh đã xử lý phải có câu trả lời hoặc lý do, và không giữ cách liên lạc nữa."
                ),
            ),
            models.CheckConstraint(
                name="feedback_published_once_answered",
                condition=Q(published_at__isnull=True)
                | (Q(status=FeedbackStatus.ANSWERED) & ~Q(public_text="")),
                violation_error_message=_("Chỉ công khai phản ánh đã trả lời, với nội dung đã biên tập."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.area}"
