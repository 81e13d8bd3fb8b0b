"""Persons whom a unit nominates, for its district to take into the dossier or not."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from awards.enums import NominationStatus
from awards.models.dossiers import Nominee
from campaign.models import Phase, Unit
from campaign.models.acts import acted, when, who
from core.models.scoping import ScopedQuerySet


class NominationQuerySet(ScopedQuerySet):
    area_lookup = "unit__seat"


class Nomination(models.Model):
    """A person with post and deeds, proposed by a unit in a phase; ``nominee`` once it was taken."""

    phase = models.ForeignKey(Phase, models.RESTRICT, related_name="nominations")
    unit = models.ForeignKey(Unit, models.RESTRICT, related_name="nominations", verbose_name=_("đơn vị"))
    kind = models.CharField(_("hình thức khen"), max_length=40)  # code in the plan's law
    person = models.CharField(_("họ và tên"), max_length=120)
    person_post = models.CharField(_("chức vụ, nơi công tác"), max_length=200)
    deeds = models.TextField(_("đã làm gì, ở đâu"), max_length=2000)
    search_text = models.CharField(max_length=400, editable=False)
    status = models.CharField(max_length=10, choices=NominationStatus, default=NominationStatus.WAITING)
    reason = models.CharField(_("lý do"), max_length=500, blank=True)
    nominee = models.OneToOneField(Nominee, models.RESTRICT, null=True, blank=True, related_name="nomination")
    version = models.PositiveIntegerField(default=1, editable=False)
    nominated_at = models.DateTimeField()
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    answered_at = when(_("trả lời lúc"))
    answered_by = who()

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề cử cá nhân")
        verbose_name_plural = _("đề cử cá nhân")
        constraints = [
            models.UniqueConstraint(
                name="nomination_once_per_phase_and_unit",
                fields=["phase", "unit", "kind", "search_text"],
                condition=Q(status__in=[NominationStatus.WAITING, NominationStatus.TAKEN]),
                violation_error_message=_("Đơn vị đã đề cử người này trong đợt."),
            ),
            models.CheckConstraint(
                name="nomination_status_is_known",
                condition=Q(status__in=NominationStatus.values),
                violation_error_message=_("Trạng thái đề cử không hợp lệ."),
            ),
            models.CheckConstraint(
                name="nomination_has_person_post_and_deeds",
                condition=~Q(person="") & ~Q(person_post="") & ~Q(deeds=""),
                violation_error_message=_("Đề cử phải có họ tên, chức vụ, nơi công tác và việc đã làm."),
            ),
            models.CheckConstraint(
                name="nomination_taken_is_in_a_dossier",
                condition=Q(status=NominationStatus.TAKEN, nominee__isnull=False)
                | (~Q(status=NominationStatus.TAKEN) & Q(nominee__isnull=True)),
                violation_error_message=_("Đề cử được nhận thì phải nằm trong hồ sơ."),
            ),
            models.CheckConstraint(
                name="nomination_declined_for_a_reason",
                condition=~Q(status__in=[NominationStatus.DECLINED, NominationStatus.WITHDRAWN])
                | ~Q(reason=""),
                violation_error_message=_("Không đưa vào hồ sơ hoặc rút đề cử phải ghi lý do."),
            ),
            acted("nomination", "answered"),
        ]

    def __str__(self) -> str:
        return self.person
