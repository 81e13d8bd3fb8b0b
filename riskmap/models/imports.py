"""Files of counts: what came in, what was refused and why."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Area
from riskmap.enums import BatchStatus


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

    class Meta:
        verbose_name = _("lần nhập số liệu")
        verbose_name_plural = _("lần nhập số liệu")
        constraints = [
            models.UniqueConstraint(
                name="batch_file_committed_once",
                fields=["province", "source_name", "file_sha256", "zero_fill_from", "zero_fill_to"],
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
