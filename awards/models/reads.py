"""Reads of dossiers that name persons: who opened what, and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from awards.models.dossiers import Dossier, OfDossierQuerySet


class DossierRead(models.Model):
    """Somebody read what a dossier says of persons. Append-only."""

    dossier = models.ForeignKey(Dossier, models.RESTRICT, related_name="reads")
    what = models.CharField(_("đã xem gì"), max_length=120)
    read_at = models.DateTimeField(_("lúc"))
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    objects = OfDossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("lượt xem hồ sơ có tên cá nhân")
        verbose_name_plural = _("lượt xem hồ sơ có tên cá nhân")
        indexes = [models.Index(fields=["dossier", "-read_at"], name="dossier_read_latest")]

    def __str__(self) -> str:
        return f"{self.dossier} · {self.what}"
