"""Green zones: what a unit says of the conditions, what was checked, and which zones are recognised."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.enums import AnswerStage, RecognitionEnd
from campaign.models.campaigns import Campaign
from campaign.models.parts import GreenCondition
from campaign.models.units import Unit
from core.models import StoredFile
from core.models.scoping import ScopedQuerySet
from riskmap.models import MapEdition


class ZoneQuerySet(ScopedQuerySet):
    area_lookup = "unit__seat"


class ConditionAnswer(models.Model):
    """What was said of one condition for one area: appended, the latest of each stage counts.

    A check speaks of the self-assessment before it: it counts until the unit answers anew.
    """

    unit = models.ForeignKey(Unit, models.RESTRICT, related_name="condition_answers")
    condition = models.ForeignKey(GreenCondition, models.RESTRICT, related_name="answers")
    stage = models.CharField(_("của ai"), max_length=5, choices=AnswerStage)
    met = models.BooleanField(_("đạt"))
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    files = models.ManyToManyField(StoredFile, through="ConditionEvidence", related_name="+")
    answered_at = models.DateTimeField(_("lúc"))
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    objects = ZoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("đánh giá điều kiện vùng xanh")
        verbose_name_plural = _("đánh giá điều kiện vùng xanh")
        indexes = [models.Index(fields=["unit", "condition", "stage", "-id"], name="answer_latest")]
        constraints = [
            models.CheckConstraint(
                name="answer_stage_is_known",
                condition=Q(stage__in=AnswerStage.values),
                violation_error_message=_("Phải là tự đánh giá hoặc kiểm tra."),
            ),
            models.CheckConstraint(
                name="answer_of_a_check_says_why_not",
                condition=Q(stage=AnswerStage.SELF) | Q(met=True) | ~Q(note=""),
                violation_error_message=_("Kiểm tra thấy chưa đạt thì phải ghi vì sao."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.condition}"


class ConditionEvidence(models.Model):
    """A file that shows how a condition is met."""

    answer = models.ForeignKey(ConditionAnswer, models.RESTRICT, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("minh chứng")
        verbose_name_plural = _("minh chứng")
        constraints = [
            models.UniqueConstraint(
                name="evidence_once_per_answer",
                fields=["answer", "file"],
                violation_error_message=_("Minh chứng này đã có."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.file)


class RecognisedZone(models.Model):
    """A green zone as recognised: computed green and all conditions met, from one day to another.

    Written by the machine alone. ``edition`` shows the green it began with, ``ended_edition`` the colour that
    ended it, where one did.
    """

    campaign = models.ForeignKey(Campaign, models.RESTRICT, related_name="zones")
    unit = models.ForeignKey(Unit, models.RESTRICT, related_name="zones")
    recognised_on = models.DateField(_("công nhận từ ngày"))
    recognised_at = models.DateTimeField()
    edition = models.ForeignKey(MapEdition, models.RESTRICT, null=True, blank=True, related_name="+")
    ended_on = models.DateField(_("thôi công nhận từ ngày"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(_("vì"), max_length=10, choices=RecognitionEnd, blank=True)
    ended_edition = models.ForeignKey(MapEdition, models.RESTRICT, null=True, blank=True, related_name="+")

    objects = ZoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("vùng xanh được công nhận")
        verbose_name_plural = _("vùng xanh được công nhận")
        constraints = [
            models.UniqueConstraint(
                name="zone_recognised_once_at_a_time",
                fields=["campaign", "unit"],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("Nơi này đang được công nhận là vùng xanh."),
            ),
            models.CheckConstraint(
                name="zone_ended_with_day_and_cause",
                condition=Q(ended_at__isnull=True, ended_on__isnull=True, ended_because="")
                | Q(
                    ended_at__isnull=False,
                    ended_on__gte=F("recognised_on"),
                    ended_because__in=RecognitionEnd.values,
                ),
                violation_error_message=_("Thôi công nhận phải ghi ngày và lý do."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.recognised_on:%d/%m/%Y}"
