"""Papers: the templates an office sets them by, and those that were printed in one go."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from awards.enums import PaperKind
from awards.models.dossiers import DossierVersion, Nominee
from awards.models.opinions import OfPhaseQuerySet
from campaign.models import Phase
from campaign.models.acts import acted, when, who
from core.models import Area, StoredFile
from core.models.scoping import ScopedQuerySet


class TemplateQuerySet(ScopedQuerySet):
    area_lookup = "province"


class PaperTemplate(models.Model):
    """A Word file by which a province sets one kind of paper; the last one put in that is not out."""

    province = models.ForeignKey(Area, models.RESTRICT, related_name="+", verbose_name=_("tỉnh"))
    kind = models.CharField(_("loại văn bản"), max_length=12, choices=PaperKind)
    file = models.ForeignKey(StoredFile, models.RESTRICT, related_name="+")
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    put_in_at = models.DateTimeField(_("dùng từ lúc"))
    put_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    taken_out_at = when(_("thôi dùng lúc"))
    taken_out_by = who()

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mẫu văn bản")
        verbose_name_plural = _("mẫu văn bản")
        constraints = [
            models.UniqueConstraint(
                name="template_in_use_once",
                fields=["province", "kind"],
                condition=Q(taken_out_at__isnull=True),
                violation_error_message=_("Loại văn bản này đang có mẫu khác; xin thôi dùng mẫu ấy trước."),
            ),
            models.CheckConstraint(
                name="template_kind_is_known",
                condition=Q(kind__in=PaperKind.values),
                violation_error_message=_("Loại văn bản không hợp lệ."),
            ),
            acted("template", "taken_out"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.put_in_at:%d/%m/%Y}"


class PaperBatch(models.Model):
    """The papers of many dossiers of a phase, printed in the background; goes on where it was stopped."""

    phase = models.ForeignKey(Phase, models.RESTRICT, related_name="paper_batches")
    total = models.PositiveIntegerField(_("số văn bản"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    finished_at = when(_("xong lúc"))

    objects = OfPhaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("lượt in hồ sơ")
        verbose_name_plural = _("lượt in hồ sơ")

    def __str__(self) -> str:
        return f"{self.phase} · {self.asked_at:%d/%m/%Y %H:%M}"


class BatchedPaper(models.Model):
    """One paper of a batch: what is to be printed, and its bytes once it was."""

    batch = models.ForeignKey(PaperBatch, models.CASCADE, related_name="papers")
    version = models.ForeignKey(DossierVersion, models.RESTRICT, related_name="+")
    nominee = models.ForeignKey(Nominee, models.RESTRICT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=12, choices=PaperKind)
    name = models.CharField(max_length=120)  # of the file in the archive, in ASCII
    content = models.BinaryField(null=True, blank=True)
    printed_at = when()

    class Meta:
        verbose_name = _("văn bản của lượt in")
        verbose_name_plural = _("văn bản của lượt in")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="batched_paper_name_once",
                fields=["batch", "name"],
                violation_error_message=_("Lượt in đã có tệp mang tên này."),
            ),
            models.CheckConstraint(
                name="batched_paper_printed_with_its_content",
                condition=Q(content__isnull=True, printed_at__isnull=True)
                | Q(content__isnull=False, printed_at__isnull=False),
                violation_error_message=_("Văn bản đã in phải có nội dung."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
