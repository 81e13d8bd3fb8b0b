"""The list for the chairman, the decisions that were signed, and the papers that carry a code."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from awards.enums import ProposalStatus
from awards.models.dossiers import Nominee
from awards.models.opinions import OfPhaseQuerySet
from campaign.models import Phase
from campaign.models.acts import acted, when, who
from core.models import StoredFile


class Proposal(models.Model):
    """What Sở Nội vụ submits to the chairman: prepared by one, approved by another, then sent."""

    phase = models.ForeignKey(Phase, models.RESTRICT, related_name="proposals")
    number = models.CharField(_("số tờ trình"), max_length=60, blank=True)
    status = models.CharField(max_length=10, choices=ProposalStatus, default=ProposalStatus.DRAFT)
    note = models.CharField(_("ghi chú"), max_length=1000, blank=True)
    reason = models.CharField(_("lý do trả lại"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    content = models.JSONField(default=dict)  # what its papers say, frozen when it is approved
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    approved_at = when(_("duyệt lúc"))
    approved_by = who()
    sent_at = when(_("trình lúc"))
    sent_by = who()

    objects = OfPhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("tờ trình Chủ tịch")
        verbose_name_plural = _("tờ trình Chủ tịch")
        constraints = [
            models.CheckConstraint(
                name="proposal_status_is_known",
                condition=Q(status__in=ProposalStatus.values),
                violation_error_message=_("Trạng thái tờ trình không hợp lệ."),
            ),
            acted("proposal", "approved"),
            acted("proposal", "sent"),
            models.CheckConstraint(
                name="proposal_approved_by_a_second_person",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("prepared_by")),
                violation_error_message=_("Người lập tờ trình không tự duyệt được."),
            ),
            models.CheckConstraint(
                name="proposal_sent_once_approved_and_numbered",
                condition=~Q(status__in=[ProposalStatus.SENT, ProposalStatus.DECIDED])
                | (Q(approved_at__isnull=False, sent_at__isnull=False) & ~Q(number="")),
                violation_error_message=_("Chỉ trình khi đã duyệt và có số tờ trình."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.phase)

    def get_absolute_url(self) -> str:
        return reverse("awards:proposal", args=[self.pk])


class ProposalLine(models.Model):
    proposal = models.ForeignKey(Proposal, models.RESTRICT, related_name="lines")
    nominee = models.ForeignKey(Nominee, models.RESTRICT, related_name="lines")
    place = models.PositiveSmallIntegerField()
    reason = models.CharField(_("vì sao vẫn trình"), max_length=500, blank=True)  # against an opinion, a vote

    class Meta:
        verbose_name = _("dòng của tờ trình")
        verbose_name_plural = _("dòng của tờ trình")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                name="proposal_line_once",
                fields=["proposal", "nominee"],
                violation_error_message=_("Tờ trình đã có đối tượng này."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.nominee)


class Decision(models.Model):
    """A decision as it was signed, entered afterwards. Never changed: a further one corrects it."""

    proposal = models.ForeignKey(Proposal, models.RESTRICT, related_name="decisions")
    number = models.CharField(_("số quyết định"), max_length=60)
    signed_on = models.DateField(_("ngày ký"))
    signer = models.CharField(_("người ký"), max_length=120)
    signer_post = models.CharField(_("chức vụ người ký"), max_length=120)
    scan = models.ForeignKey(StoredFile, models.RESTRICT, null=True, blank=True, related_name="+")
    corrects = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, related_name="corrections")
    reason = models.CharField(_("lý do đính chính"), max_length=500, blank=True)
    content = models.JSONField()
    sha256 = models.CharField(_("mã băm"), max_length=64)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("quyết định khen thưởng")
        verbose_name_plural = _("quyết định khen thưởng")
        constraints = [
            models.UniqueConstraint(
                name="decision_number_once_per_year",
                fields=["number", "signed_on"],
                violation_error_message=_("Đã có quyết định mang số và ngày này."),
            ),
            models.UniqueConstraint(
                name="decision_first_once_per_proposal",
                fields=["proposal"],
                condition=Q(corrects__isnull=True),
                violation_error_message=_(
                    "Tờ trình này đã có quyết định; chỉ đính chính bằng quyết định khác."
                ),
            ),
            models.CheckConstraint(
                name="decision_is_numbered_and_signed",
                condition=~Q(number="") & ~Q(signer="") & ~Q(signer_post=""),
                violation_error_message=_("Quyết định phải có số, người ký và chức vụ."),
            ),
            models.CheckConstraint(
                name="decision_corrects_for_a_reason",
                condition=Q(corrects__isnull=True, reason="") | (Q(corrects__isnull=False) & ~Q(reason="")),
                violation_error_message=_("Quyết định đính chính phải ghi lý do."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("awards:decision", args=[self.pk])


class DecisionLine(models.Model):
    """What one nominee was given, or that nothing was. Name, unit and award stand as on the paper."""

    decision = models.ForeignKey(Decision, models.RESTRICT, related_name="lines")
    nominee = models.ForeignKey(Nominee, models.RESTRICT, related_name="decision_lines")
    place = models.PositiveSmallIntegerField()
    awarded = models.BooleanField(_("được khen"))
    reason = models.CharField(_("lý do không khen"), max_length=500, blank=True)
    name = models.CharField(_("tên"), max_length=200)
    unit_name = models.CharField(_("đơn vị"), max_length=300, blank=True)
    award = models.CharField(_("hình thức khen"), max_length=200)
    money = models.PositiveIntegerField(_("tiền thưởng"), null=True, blank=True)  # đồng
    code = models.CharField(_("mã bằng"), max_length=12, unique=True)
    search_text = models.CharField(max_length=600, editable=False)

    class Meta:
        verbose_name = _("dòng của quyết định")
        verbose_name_plural = _("dòng của quyết định")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                name="decision_line_once",
                fields=["decision", "nominee"],
                violation_error_message=_("Quyết định đã có đối tượng này."),
            ),
            models.CheckConstraint(
                name="decision_line_not_awarded_says_why",
                condition=Q(awarded=True, reason="") | (Q(awarded=False) & ~Q(reason="")),
                violation_error_message=_("Không khen phải ghi lý do."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.award}"
