"""Issued files: what left the portal under a code that anybody can check."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.enums import AreaKind
from core.models import Area
from riskmap.enums import FileFormat, MapView
from riskmap.models.editions import MapEdition


class IssuedFile(models.Model):
    """One printed map or table as it was handed out. Append-only.

    ``code`` stands for the evidence (``evidence`` is its SHA-256): the same evidence has the same code for
    ever. A newer program may draw the same evidence in other bytes: another row under the same code.
    ``totals`` counts the areas of the layer by level, no data first.
    """

    code = models.CharField(_("mã xác minh"), max_length=10)
    evidence = models.CharField(max_length=64, db_index=True)
    content_sha256 = models.CharField(_("mã băm của tệp"), max_length=64, db_index=True)
    province = models.ForeignKey(Area, models.RESTRICT, related_name="+", verbose_name=_("tỉnh"))
    day = models.DateField(_("ngày của số liệu"))
    layer = models.CharField(_("mức chi tiết"), max_length=10, choices=AreaKind)
    view = models.CharField(_("cách xem"), max_length=10, choices=MapView)
    edition = models.ForeignKey(MapEdition, models.RESTRICT, null=True, related_name="+")
    known_at = models.DateTimeField(_("theo số liệu biết đến"), null=True)
    file_format = models.CharField(_("dạng tệp"), max_length=4, choices=FileFormat)
    page_size = models.CharField(_("khổ giấy"), max_length=2, blank=True)
    totals = ArrayField(models.PositiveIntegerField(), size=5)
    simulated = models.BooleanField(_("số liệu mô phỏng"))
    issued_at = models.DateTimeField(_("cấp lúc"))

    class Meta:
        verbose_name = _("tệp đã cấp")
        verbose_name_plural = _("tệp đã cấp")
        constraints = [
            models.UniqueConstraint(
                name="issued_code_and_content_once",
                fields=["code", "content_sha256"],
                violation_error_message=_("Tệp này đã được cấp mã xác minh."),
            ),
            models.CheckConstraint(
                name="issued_file_names_its_edition_or_its_instant",
                condition=Q(view=MapView.PUBLISHED, edition__isnull=False, known_at__isnull=True)
                | Q(view=MapView.KNOWN, edition__isnull=True, known_at__isnull=False),
                violation_error_message=_(
                    "Tệp phải ghi rõ là của bản công bố nào, hoặc theo số liệu biết đến lúc nào."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.written_code

    @property
    def written_code(self) -> str:
        """The code as it is printed: ``XXXXX-XXXXX``."""
        return f"{self.code[:5]}-{self.code[5:]}"
