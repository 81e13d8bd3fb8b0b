"""The opinion of Sở Y tế on nominees."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from awards.enums import Verdict
from awards.models.dossiers import Nominee
from campaign.models import Phase
from campaign.models.acts import acted, when, who
from core.models.scoping import ScopedQuerySet


class OfPhaseQuerySet(ScopedQuerySet):
    area_lookup = "phase__campaign__province"


class OpinionRequest(models.Model):
    """Sở Nội vụ asks Sở Y tế about nominees of a phase, to be answered before an instant."""

    phase = models.ForeignKey(Phase, models.RESTRICT, related_name="opinion_requests")
    due = models.DateTimeField(_("trả lời trước lúc"))
    note = models.CharField(_("nội dung đề nghị"), max_length=500, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    answered_at = when(_("trả lời lúc"))
    answered_by = who()
    document_number = models.CharField(_("số văn bản trả lời"), max_length=100, blank=True)

    objects = OfPhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề nghị cho ý kiến")
        verbose_name_plural = _("đề nghị cho ý kiến")
        constraints = [acted("opinion_request", "answered")]

    def __str__(self) -> str:
        return f"{self.phase} · {self.asked_at:%d/%m/%Y}"


class Opinion(models.Model):
    """What Sở Y tế says of one nominee; empty until answered."""

    request = models.ForeignKey(OpinionRequest, models.RESTRICT, related_name="opinions")
    nominee = models.ForeignKey(Nominee, models.RESTRICT, related_name="opinions")
    verdict = models.CharField(_("ý kiến"), max_length=10, choices=Verdict, blank=True)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("ý kiến của Sở Y tế")
        verbose_name_plural = _("ý kiến của Sở Y tế")
        constraints = [
            models.UniqueConstraint(
                name="opinion_once_per_request",
                fields=["request", "nominee"],
                violation_error_message=_("Đối tượng này đã có trong đề nghị."),
            ),
            models.CheckConstraint(
                name="opinion_verdict_is_known",
                condition=Q(verdict="") | Q(verdict__in=Verdict.values),
                violation_error_message=_("Ý kiến không hợp lệ."),
            ),
            models.CheckConstraint(
                name="opinion_other_than_agreement_says_why",
                condition=Q(verdict__in=["", Verdict.AGREE]) | ~Q(note=""),
                violation_error_message=_("Không đồng ý hoặc có ý kiến thì phải ghi rõ."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nominee} · {self.get_verdict_display()}"
