"""Shortlists of a phase as they were made, and what Sở Nội vụ decided of their candidates."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from awards.enums import CandidateDecision, ShortlistStage
from campaign.models import Phase, Standing, Unit
from campaign.models.acts import acted, when, who
from core.models.scoping import ScopedQuerySet


class ShortlistQuerySet(ScopedQuerySet):
    area_lookup = "phase__campaign__province"


class CandidateQuerySet(ScopedQuerySet):
    area_lookup = "unit__seat"


class Shortlist(models.Model):
    """Every eligible unit of a phase by class and order, with reasons, ranges and flags: appended.

    ``body`` is what ``awards.shortlist_bodies`` packs; ``through`` the last day it looked at. The hash covers
    the standings it was made from.
    """

    phase = models.ForeignKey(Phase, models.RESTRICT, related_name="shortlists")
    stage = models.CharField(_("lúc lập"), max_length=10, choices=ShortlistStage)
    through = models.DateField(_("tính đến hết ngày"))
    made_at = models.DateTimeField(_("lập lúc"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    published = models.ForeignKey(Standing, models.RESTRICT, null=True, blank=True, related_name="+")
    known = models.ForeignKey(Standing, models.RESTRICT, null=True, blank=True, related_name="+")
    body = models.BinaryField()
    hash = models.CharField(_("mã băm"), max_length=64)

    objects = ShortlistQuerySet.as_manager()

    class Meta:
        verbose_name = _("danh sách xét khen")
        verbose_name_plural = _("danh sách xét khen")
        indexes = [models.Index(fields=["phase", "-id"], name="shortlist_latest")]
        constraints = [
            models.CheckConstraint(
                name="shortlist_stage_is_known",
                condition=Q(stage__in=ShortlistStage.values),
                violation_error_message=_("Lúc lập danh sách không hợp lệ."),
            ),
            models.UniqueConstraint(
                name="shortlist_of_a_stage_once",
                fields=["phase", "stage"],
                condition=~Q(stage=ShortlistStage.BY_HAND),
                violation_error_message=_("Danh sách của lúc này đã được lập."),
            ),
            models.CheckConstraint(
                name="shortlist_stands_on_a_standing",
                condition=Q(published__isnull=False) | Q(known__isnull=False),
                violation_error_message=_("Danh sách phải dựa trên một bảng xếp hạng."),
            ),
            models.CheckConstraint(
                name="shortlist_hash_is_sha256",
                condition=Q(hash__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("Mã băm phải là 64 chữ số."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phase} · {self.get_stage_display()}"


class Candidate(models.Model):
    """What was decided of a unit at the re-check. In force once a second person has confirmed it."""

    shortlist = models.ForeignKey(Shortlist, models.RESTRICT, related_name="candidates")
    unit = models.ForeignKey(Unit, models.RESTRICT, related_name="candidacies")
    decision = models.CharField(_("quyết định"), max_length=10, choices=CandidateDecision)
    reason = models.CharField(_("lý do"), max_length=500, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    confirmed_at = when(_("xác nhận lúc"))
    confirmed_by = who()

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("ứng viên xét khen")
        verbose_name_plural = _("ứng viên xét khen")
        constraints = [
            models.UniqueConstraint(
                name="candidate_decided_once_per_shortlist",
                fields=["shortlist", "unit"],
                violation_error_message=_("Đơn vị này đã có quyết định trong danh sách."),
            ),
            models.CheckConstraint(
                name="candidate_decision_is_known",
                condition=Q(decision__in=CandidateDecision.values),
                violation_error_message=_("Phải chọn giữ hoặc rút."),
            ),
            models.CheckConstraint(
                name="candidate_withdrawn_for_a_reason",
                condition=Q(decision=CandidateDecision.KEPT) | ~Q(reason=""),
                violation_error_message=_("Rút khỏi danh sách phải ghi lý do."),
            ),
            acted("candidate", "confirmed"),
            models.CheckConstraint(
                name="candidate_confirmed_by_a_second_person",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("decided_by")),
                violation_error_message=_("Người quyết định không tự xác nhận được."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_decision_display()}"
