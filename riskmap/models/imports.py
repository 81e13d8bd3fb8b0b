"""Files of counts: what came in, what was refused and why."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.models import Area, User
from core.models.scoping import granted_paths
from core.permissions import Permission
from riskmap.enums import BatchStatus


class ImportBatchQuerySet(models.QuerySet):
    """A batch lies in its scope, or else in its whole province."""

    def for_user(self, user: User | AnonymousUser, permission: Permission, *, on: date) -> Self:
        """The batches of the areas over which ``user`` holds ``permission`` on the day ``on``."""
        batches = self.annotate(lies_in=Coalesce("scope__path", "province__path"))
        allowed = Q(pk__in=[])
        for granted in granted_paths(user, permission, on=on):
            allowed |= Q(lies_in=granted) | Q(lies_in__startswith=granted + "/")
        return batches.filter(allowed)


class ImportBatch(models.Model):
    """One file of counts, kept as it came. Previewed first; committed whole in one transaction."""

    province = models.ForeignKey(Area, models.RESTRICT, related_name="import_batches", verbose_name=_("tỉnh"))
    scope = models.ForeignKey(  # null: the whole province
        Area, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name=_("địa bàn được nhập")
    )
    source_name = models.CharField(_("nguồn số liệu"), max_length=60)
    file_name = models.CharField(_("tên tệp"), max_length=255)
    file_sha256 = models.CharField(max_length=64)
    content = models.BinaryField()  # the file itself, gzip: evidence, and what commit reads again
    zero_fill_from = models.DateField(null=True, blank=True)
    zero_fill_to = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=BatchStatus, default=BatchStatus.PREVIEWED)
    rows_read = models.PositiveIntegerField(default=0)
    rows_accepted = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    # What committing came to; null before. The other accepted rows wait in ``held``.
    rows_new = models.PositiveIntegerField(null=True, blank=True)
    rows_corrected = models.PositiveIntegerField(null=True, blank=True)
    cells_zeroed = models.PositiveIntegerField(null=True, blank=True)  # no rows of the file
    held = models.OneToOneField(
        "CorrectionRequest", models.RESTRICT, null=True, blank=True, related_name="batch"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    committed_at = models.DateTimeField(null=True, blank=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+"
    )

    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+"
    )
    undo_post = models.OneToOneField(  # null: there was nothing to take back
        "CountPost", models.RESTRICT, null=True, blank=True, related_name="undone_batch"
    )

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần nhập số liệu")
        verbose_name_plural = _("lần nhập số liệu")
        constraints = [
            models.UniqueConstraint(
                name="batch_file_committed_once",
                fields=["province", "scope", "source_name", "file_sha256", "zero_fill_from", "zero_fill_to"],
                nulls_distinct=False,
                condition=Q(status=BatchStatus.COMMITTED),
                violation_error_message=_("Tệp này đã được nhập từ trước; không ghi lần nữa."),
            ),
            models.CheckConstraint(
                name="batch_zero_fill_has_both_ends_in_order",
                condition=Q(zero_fill_from__isnull=True, zero_fill_to__isnull=True)
                | Q(zero_fill_from__isnull=False, zero_fill_to__gte=F("zero_fill_from")),
                violation_error_message=_("Khoảng ngày bù số 0 phải có ngày đầu và ngày cuối, theo thứ tự."),
            ),
            models.CheckConstraint(
                name="batch_committed_with_when_and_who",
                condition=Q(
                    status=BatchStatus.PREVIEWED, committed_at__isnull=True, committed_by__isnull=True
                )
                | Q(
                    status__in=[BatchStatus.COMMITTED, BatchStatus.UNDONE],
                    committed_at__isnull=False,
                    committed_by__isnull=False,
                ),
                violation_error_message=_("Lần nhập đã ghi phải có người ghi và thời điểm."),
            ),
            models.CheckConstraint(
                name="batch_undone_with_when_and_who",
                condition=Q(status=BatchStatus.UNDONE, undone_at__isnull=False, undone_by__isnull=False)
                | (~Q(status=BatchStatus.UNDONE) & Q(undone_at__isnull=True, undone_by__isnull=True)),
                violation_error_message=_("Lần nhập đã hoàn tác phải có người hoàn tác và thời điểm."),
            ),
            models.CheckConstraint(
                name="batch_rows_add_up",
                condition=Q(rows_read=F("rows_accepted") + F("rows_refused")),
                violation_error_message=_("Số dòng nhận và từ chối phải bằng số dòng đã đọc."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_status_display()})"

    @property
    def place(self) -> Area:
        """The area the file may speak of."""
        return self.scope or self.province

    @property
    def rows_held(self) -> int:
        """Rows of a committed file that wait for a second person."""
        return self.rows_accepted - self.rows_unchanged - (self.rows_new or 0) - (self.rows_corrected or 0)


class RejectedRow(models.Model):
    """A row that was refused: where it stands, what is wrong and what to do."""

    batch = models.ForeignKey(ImportBatch, models.RESTRICT, related_name="rejected_rows")
    row_number = models.PositiveIntegerField(_("dòng"))  # as the person sees it in the sheet, header = 1
    column = models.CharField(_("cột"), max_length=60, blank=True)
    value = models.CharField(_("giá trị"), max_length=200, blank=True)
    code = models.CharField(max_length=40)
    message = models.CharField(_("lỗi"), max_length=500)
    hint = models.CharField(_("cách sửa"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("dòng bị từ chối")
        verbose_name_plural = _("dòng bị từ chối")
        ordering = ["batch", "row_number", "id"]

    def __str__(self) -> str:
        return f"{self.row_number}: {self.message}"

    @property
    def row(self) -> int:
        """As a refusal that is not kept names it."""
        return self.row_number
