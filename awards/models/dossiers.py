"""Dossiers: what a district or department proposes for a phase, every version of it, and late permits."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from awards.enums import DossierAct, DossierStatus, ItemKind, NomineeStatus, SummaryForm
from campaign.models import Phase, Unit
from campaign.models.acts import acted, when, who
from core.models import Area, StoredFile
from core.models.scoping import ScopedQuerySet


class DossierQuerySet(ScopedQuerySet):
    area_lookup = "area"


class OfDossierQuerySet(ScopedQuerySet):
    area_lookup = "dossier__area"


class Dossier(models.Model):
    """What ``area`` (a district; the province for its own departments) proposes in a phase.

    What people type is in ``DossierItem`` and ``Nominee``; what was handed in, in ``DossierVersion``.
    """

    phase = models.ForeignKey(Phase, models.RESTRICT, related_name="dossiers")
    area = models.ForeignKey(Area, models.RESTRICT, related_name="dossiers", verbose_name=_("địa bàn"))
    status = models.CharField(
        _("trạng thái"), max_length=10, choices=DossierStatus, default=DossierStatus.DRAFT
    )
    version = models.PositiveIntegerField(default=1, editable=False)  # of status and nominees
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    reviewer = models.ForeignKey(  # who took it up at Sở Nội vụ
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+"
    )
    touched_at = models.DateTimeField(
        null=True, blank=True
    )  # a correction since it was handed in bears on it

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("hồ sơ đề nghị khen thưởng")
        verbose_name_plural = _("hồ sơ đề nghị khen thưởng")
        constraints = [
            models.UniqueConstraint(
                name="dossier_once_per_phase_and_area",
                fields=["phase", "area"],
                violation_error_message=_("Địa bàn này đã có hồ sơ của đợt."),
            ),
            models.CheckConstraint(
                name="dossier_status_is_known",
                condition=Q(status__in=DossierStatus.values),
                violation_error_message=_("Trạng thái hồ sơ không hợp lệ."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} · {self.phase}"

    def get_absolute_url(self) -> str:
        return reverse("awards:dossier", args=[self.pk])


class Nominee(models.Model):
    """A collective (a unit) or a person proposed for an award. A person is nominated by a unit."""

    dossier = models.ForeignKey(Dossier, models.RESTRICT, related_name="nominees")
    place = models.PositiveSmallIntegerField(_("thứ tự"))
    kind = models.CharField(_("hình thức khen"), max_length=40)  # code in the plan's law
    unit = models.ForeignKey(Unit, models.RESTRICT, related_name="nominees", verbose_name=_("đơn vị"))
    person = models.CharField(_("họ và tên"), max_length=120, blank=True)  # empty for a collective
    person_post = models.CharField(_("chức vụ, nơi công tác"), max_length=200, blank=True)
    deeds = models.TextField(_("đã làm gì, ở đâu"), max_length=2000, blank=True)
    search_text = models.CharField(max_length=400, editable=False)
    status = models.CharField(max_length=12, choices=NomineeStatus, default=NomineeStatus.PROPOSED)
    reason = models.CharField(_("lý do"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("đối tượng đề nghị khen")
        verbose_name_plural = _("đối tượng đề nghị khen")
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(
                name="nominee_once_per_dossier_and_kind",
                fields=["dossier", "kind", "unit", "search_text"],
                condition=~Q(status=NomineeStatus.WITHDRAWN),
                violation_error_message=_("Hồ sơ đã có đề nghị này."),
            ),
            models.CheckConstraint(
                name="nominee_status_is_known",
                condition=Q(status__in=NomineeStatus.values),
                violation_error_message=_("Trạng thái đề nghị không hợp lệ."),
            ),
            models.CheckConstraint(
                name="nominee_person_has_post_and_deeds",
                condition=Q(person="", person_post="") | (~Q(person="") & ~Q(person_post="") & ~Q(deeds="")),
                violation_error_message=_("Cá nhân phải có chức vụ, nơi công tác và việc đã làm."),
            ),
            models.CheckConstraint(
                name="nominee_out_for_a_reason",
                condition=~Q(status__in=[NomineeStatus.WITHDRAWN, NomineeStatus.FAILED]) | ~Q(reason=""),
                violation_error_message=_("Rút hoặc không đủ điều kiện phải ghi lý do."),
            ),
        ]

    def __str__(self) -> str:
        return self.person or self.unit.name


class DossierItem(models.Model):
    """A paper being written. ``words`` are what people type, by field; autosaved, one version at a time."""

    dossier = models.ForeignKey(Dossier, models.RESTRICT, related_name="items")
    nominee = models.ForeignKey(
        Nominee, models.RESTRICT, null=True, blank=True, related_name="items"
    )  # of a summary
    kind = models.CharField(_("loại giấy tờ"), max_length=12, choices=ItemKind)
    form = models.CharField(_("mẫu"), max_length=2, choices=SummaryForm, blank=True)
    words = models.JSONField(default=dict)
    file = models.ForeignKey(StoredFile, models.RESTRICT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)
    saved_at = when(_("lưu lúc"))
    saved_by = who()

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("giấy tờ của hồ sơ")
        verbose_name_plural = _("giấy tờ của hồ sơ")
        constraints = [
            models.UniqueConstraint(
                name="item_once_per_dossier",
                fields=["dossier", "kind", "nominee"],
                nulls_distinct=False,
                condition=~Q(kind=ItemKind.ATTACHMENT),
                violation_error_message=_("Hồ sơ đã có giấy tờ này."),
            ),
            models.CheckConstraint(
                name="item_kind_is_known",
                condition=Q(kind__in=ItemKind.values),
                violation_error_message=_("Loại giấy tờ không hợp lệ."),
            ),
            models.CheckConstraint(
                name="item_summary_names_its_nominee",
                condition=Q(kind=ItemKind.SUMMARY, nominee__isnull=False, form__in=SummaryForm.values)
                | (~Q(kind=ItemKind.SUMMARY) & Q(form="")),
                violation_error_message=_("Báo cáo tóm tắt phải của một đối tượng và theo một mẫu."),
            ),
            acted("item", "saved"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.dossier}"


class LatePermit(models.Model):
    """Leave to hand in after the deadline: for one area and phase, once, until an instant (exclusive)."""

    phase = models.ForeignKey(Phase, models.RESTRICT, related_name="late_permits")
    area = models.ForeignKey(Area, models.RESTRICT, related_name="late_permits", verbose_name=_("địa bàn"))
    reason = models.CharField(_("lý do"), max_length=500)
    expires_at = models.DateTimeField(_("nhận trước lúc"))
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    used_at = when(_("dùng lúc"))
    used_by = who()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("giấy cho nộp muộn")
        verbose_name_plural = _("giấy cho nộp muộn")
        constraints = [
            models.UniqueConstraint(
                name="permit_waiting_once",
                fields=["phase", "area"],
                condition=Q(used_at__isnull=True),
                violation_error_message=_("Địa bàn này đang có giấy cho nộp muộn chưa dùng."),
            ),
            models.CheckConstraint(
                name="permit_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Cho nộp muộn phải ghi lý do."),
            ),
            models.CheckConstraint(
                name="permit_expires_after_it_was_issued",
                condition=Q(expires_at__gt=F("issued_at")),
                violation_error_message=_("Giấy cho nộp muộn phải còn hạn khi cấp."),
            ),
            acted("permit", "used"),
            models.CheckConstraint(
                name="permit_used_before_it_expired",
                condition=Q(used_at__isnull=True) | Q(used_at__lt=F("expires_at")),
                violation_error_message=_("Giấy cho nộp muộn đã hết hạn."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} · {self.expires_at:%d/%m/%Y %H:%M}"


class DossierVersion(models.Model):
    """A dossier as it was handed in, with its evidence: frozen, numbered, appended.

    ``received_at`` is the clock of the database; ``permit`` is named where the deadline had passed.
    """

    dossier = models.ForeignKey(Dossier, models.RESTRICT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("lần nộp"))
    received_at = models.DateTimeField(_("nhận lúc"))
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    deadline = models.DateTimeField(_("hạn lúc nộp"))  # of the phase, or of the return that asked for it
    permit = models.OneToOneField(LatePermit, models.RESTRICT, null=True, blank=True, related_name="version")
    content = models.JSONField()
    sha256 = models.CharField(_("mã băm nội dung"), max_length=64)
    receipt = models.CharField(_("mã biên nhận"), max_length=12, unique=True)

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần nộp hồ sơ")
        verbose_name_plural = _("lần nộp hồ sơ")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="dossier_version_number_once",
                fields=["dossier", "number"],
                violation_error_message=_("Lần nộp này đã có."),
            ),
            models.CheckConstraint(
                name="dossier_version_in_time_or_permitted",
                condition=Q(received_at__lt=F("deadline")) | Q(permit__isnull=False),
                violation_error_message=_("Đã quá hạn gửi hồ sơ và không có giấy cho nộp muộn."),
            ),
            models.CheckConstraint(
                name="dossier_version_hash_is_sha256",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("Mã băm phải là 64 chữ số."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier} · {self.number}"

    @property
    def is_late(self) -> bool:
        return self.permit_id is not None


class DossierStep(models.Model):
    """One step of a dossier: appended. ``asked`` lists what a return asks for, each with its words."""

    dossier = models.ForeignKey(Dossier, models.RESTRICT, related_name="steps")
    act = models.CharField(_("bước"), max_length=10, choices=DossierAct)
    before = models.CharField(max_length=10, choices=DossierStatus, blank=True)
    after = models.CharField(max_length=10, choices=DossierStatus)
    reason = models.CharField(_("lý do"), max_length=500, blank=True)
    asked = models.JSONField(default=list)
    due = models.DateTimeField(_("bổ sung trước lúc"), null=True, blank=True)
    taken_at = models.DateTimeField(_("lúc"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("bước của hồ sơ")
        verbose_name_plural = _("bước của hồ sơ")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="dossier_act_is_known",
                condition=Q(act__in=DossierAct.values, after__in=DossierStatus.values),
                violation_error_message=_("Bước của hồ sơ không hợp lệ."),
            ),
            models.CheckConstraint(
                name="dossier_return_asks_for_something_by_an_instant",
                condition=~Q(act=DossierAct.RETURN) | (Q(due__isnull=False) & ~Q(asked=[])),
                violation_error_message=_("Trả lại phải ghi cần bổ sung gì và hạn bổ sung."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier} · {self.get_act_display()}"
