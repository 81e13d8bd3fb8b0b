"""What Sở Nội vụ finds of nominees: ticks by machine and by hand, scores, flags that were looked at."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from awards.models.dossiers import Nominee
from campaign.enums import Recipient
from campaign.models import Phase
from core.models.scoping import ScopedQuerySet


class OfNomineeQuerySet(ScopedQuerySet):
    area_lookup = "nominee__dossier__area"


class Criterion(models.Model):
    """What reviewers score nominees of a phase by, in points up to ``maximum``, weighed.

    Of collectives, of persons, or of both (``recipient`` empty). Fixed once a score of the phase exists:
    the database itself refuses to change them then (``criteria_fixed_once_scored``).
    """

    phase = models.ForeignKey(Phase, models.RESTRICT, related_name="criteria")
    code = models.CharField(_("mã"), max_length=30)
    place = models.PositiveSmallIntegerField(_("thứ tự"))
    label = models.CharField(_("tiêu chí chấm"), max_length=200)
    recipient = models.CharField(_("chấm cho"), max_length=12, choices=Recipient, blank=True)
    maximum = models.PositiveSmallIntegerField(_("điểm tối đa"))
    weight = models.PositiveSmallIntegerField(_("trọng số"))

    class Meta:
        verbose_name = _("tiêu chí chấm")
        verbose_name_plural = _("tiêu chí chấm")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                name="criterion_code_once_per_phase",
                fields=["phase", "code"],
                violation_error_message=_("Đợt đã có tiêu chí mang mã này."),
            ),
            models.CheckConstraint(
                name="criterion_has_points_and_weight",
                condition=Q(maximum__range=(1, 100), weight__range=(1, 100)) & ~Q(label=""),
                violation_error_message=_("Tiêu chí phải có tên, điểm tối đa và trọng số từ 1 đến 100."),
            ),
            models.CheckConstraint(
                name="criterion_recipient_is_known",
                condition=Q(recipient__in=["", *Recipient.values]),
                violation_error_message=_("Tiêu chí phải chấm cho tập thể, cá nhân, hoặc cả hai."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Tick(models.Model):
    """A check of a nominee that a person decided otherwise than the machine, or where it could not say."""

    nominee = models.ForeignKey(Nominee, models.RESTRICT, related_name="ticks")
    check_code = models.CharField(_("điều kiện"), max_length=40)
    passed = models.BooleanField(_("đạt"))
    reason = models.CharField(_("lý do"), max_length=500)
    ticked_at = models.DateTimeField()
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    objects = OfNomineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("kết luận của người thẩm định")
        verbose_name_plural = _("kết luận của người thẩm định")
        indexes = [models.Index(fields=["nominee", "check_code", "-id"], name="tick_latest")]
        constraints = [
            models.CheckConstraint(
                name="tick_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Kết luận khác máy phải ghi lý do."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nominee} · {self.check_code}"


class FlagSeen(models.Model):
    """A reviewer looked at an integrity flag of a nominee and says what is to be made of it."""

    nominee = models.ForeignKey(Nominee, models.RESTRICT, related_name="flags_seen")
    flag = models.CharField(max_length=60)
    note = models.CharField(_("nhận xét"), max_length=500)
    seen_at = models.DateTimeField()
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    objects = OfNomineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dấu hiệu đã xem")
        verbose_name_plural = _("dấu hiệu đã xem")
        constraints = [
            models.UniqueConstraint(
                name="flag_seen_once_per_person",
                fields=["nominee", "flag", "seen_by"],
                violation_error_message=_("Bạn đã xem dấu hiệu này."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nominee} · {self.flag}"


class Score(models.Model):
    """The points one reviewer gives a nominee by one criterion."""

    nominee = models.ForeignKey(Nominee, models.RESTRICT, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.RESTRICT, related_name="scores")
    points = models.PositiveSmallIntegerField(_("điểm"))
    note = models.CharField(_("nhận xét"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    scored_at = models.DateTimeField()
    scored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    objects = OfNomineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("điểm chấm")
        verbose_name_plural = _("điểm chấm")
        constraints = [
            models.UniqueConstraint(
                name="score_once_per_reviewer",
                fields=["nominee", "criterion", "scored_by"],
                violation_error_message=_("Bạn đã chấm tiêu chí này; xin sửa điểm đã chấm."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nominee} · {self.criterion}: {self.points}"
