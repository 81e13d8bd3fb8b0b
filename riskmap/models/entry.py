"""The day's grid: numbers being typed, not yet said, and what was noted beside them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Area
from riskmap.models.counts import Counts, CountSource


class DraftCell(Counts):
    """Numbers of one area and day that somebody has typed and nobody has sent. Sending takes it away.

    ``version`` grows with each save and ``base_entry_id`` is the row of the ledger it was typed over (none:
    the source had not spoken), so that nobody writes over what they have not seen.
    """

    area = models.ForeignKey(Area, models.RESTRICT, related_name="draft_cells", verbose_name=_("đơn vị"))
    source = models.ForeignKey(CountSource, models.RESTRICT, related_name="+", verbose_name=_("nguồn"))
    day = models.DateField(_("ngày"))
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    base_entry_id = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(_("lưu lúc"))
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("ô đang nhập")
        verbose_name_plural = _("ô đang nhập")
        indexes = [models.Index(fields=["day", "area"], name="draft_of_day")]
        constraints = [
            models.UniqueConstraint(
                name="draft_area_and_day_once_per_source",
                fields=["area", "day", "source"],
                violation_error_message=_("Ô này đang có người nhập; hãy tải lại trang."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.day:%d/%m/%Y}"


class CellNote(models.Model):
    """What a person noted beside the numbers of an area and day when sending them. Append-only."""

    area = models.ForeignKey(Area, models.RESTRICT, related_name="cell_notes", verbose_name=_("đơn vị"))
    day = models.DateField(_("ngày"))
    text = models.CharField(_("ghi chú"), max_length=300)
    written_at = models.DateTimeField(_("ghi lúc"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("ghi chú của ô")
        verbose_name_plural = _("ghi chú của ô")
        indexes = [models.Index(fields=["area", "day"], name="note_of_cell")]
        constraints = [
            models.CheckConstraint(
                name="note_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Ghi chú không được để trống."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
