"""Files that were handed in with a version: kept for as long as the version is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from awards.models.dossiers import DossierVersion
from core.models import StoredFile
from core.models.scoping import ScopedQuerySet


class VersionFileQuerySet(ScopedQuerySet):
    area_lookup = "version__dossier__area"


class DossierVersionFile(models.Model):
    """A file of a version: appended. What a dossier no longer holds stays in what was handed in."""

    version = models.ForeignKey(DossierVersion, models.RESTRICT, related_name="files")
    file = models.ForeignKey(StoredFile, models.RESTRICT, related_name="+")

    objects = VersionFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("tệp của lần nộp")
        verbose_name_plural = _("tệp của lần nộp")
        constraints = [
            models.UniqueConstraint(
                name="version_file_once",
                fields=["version", "file"],
                violation_error_message=_("Lần nộp đã có tệp này."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.file}"
