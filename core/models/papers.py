"""Issued papers: letters that left the portal under a code that anybody can check."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models.areas import Area


class IssuedPaper(models.Model):
    """One paper as it was handed out. Append-only.

    ``code`` stands for the evidence (``evidence`` is its SHA-256): the same evidence has the same code for
    ever. A newer program may set the same evidence in other bytes: another row under the same code.
    ``title`` and ``facts`` (label and value, in turns) are what anybody who holds the code is told: nothing
    of a person.
    """

    code = models.CharField(_("mã xác minh"), max_length=10)
    evidence = models.CharField(max_length=64, db_index=True)
    content_sha256 = models.CharField(_("mã băm của tệp"), max_length=64, db_index=True)
    area = models.ForeignKey(Area, models.RESTRICT, related_name="+", verbose_name=_("địa bàn"))
    title = models.CharField(_("văn bản"), max_length=300)
    facts = ArrayField(models.CharField(max_length=300), default=list)
    file_format = models.CharField(_("dạng tệp"), max_length=4)
    issued_at = models.DateTimeField(_("cấp lúc"))

    class Meta:
        verbose_name = _("văn bản đã cấp")
        verbose_name_plural = _("văn bản đã cấp")
        constraints = [
            models.UniqueConstraint(
                name="paper_code_and_content_once",
                fields=["code", "content_sha256"],
                violation_error_message=_("Văn bản này đã được cấp mã xác minh."),
            ),
            models.CheckConstraint(
                name="paper_hashes_are_sha256",
                condition=Q(evidence__regex=r"^[0-9a-f]{64}$", content_sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("Mã băm phải là 64 chữ số."),
            ),
            models.CheckConstraint(
                name="paper_facts_are_labels_and_values",
                condition=Q(facts__len__in=[0, 2, 4, 6, 8, 10, 12]),
                violation_error_message=_("Thông tin của văn bản phải gồm tên và giá trị."),
            ),
        ]

    def __str__(self) -> str:
        return self.written_code

    @property
    def written_code(self) -> str:
        """The code as it is printed: ``XXXXX-XXXXX``."""
        return f"{self.code[:5]}-{self.code[5:]}"
