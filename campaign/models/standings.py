"""Standings as they were computed: who stood where on a day of a phase, and why."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.models.phases import Phase
from core.models.scoping import ScopedQuerySet
from riskmap.enums import MapView
from riskmap.models import MapEdition


class StandingQuerySet(ScopedQuerySet):
    area_lookup = "phase__campaign__province"


class Standing(models.Model):
    """All groups of a campaign on one day of a phase, on published or on known data. Written by the machine.

    ``body`` is what ``campaign.standing_bodies`` packs; the same inputs give the same bytes and ``hash``.
    ``inputs`` is a fingerprint of what it was computed from, by which a day is known to be due again.
    Appended when a computation gives something else; the latest of a phase, day and view is in force.
    """

    phase = models.ForeignKey(Phase, models.RESTRICT, related_name="standings")
    day = models.DateField(_("ngày"))  # through which days count, both ends included
    view = models.CharField(max_length=10, choices=MapView)
    computed_at = models.DateTimeField(_("tính lúc"))
    edition = models.ForeignKey(MapEdition, models.RESTRICT, null=True, blank=True, related_name="+")
    body = models.BinaryField()
    hash = models.CharField(_("mã băm"), max_length=64)
    inputs = models.CharField(_("mã băm của số liệu gốc"), max_length=64)

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("bảng xếp hạng")
        verbose_name_plural = _("bảng xếp hạng")
        indexes = [models.Index(fields=["phase", "view", "day", "-id"], name="standing_latest")]
        constraints = [
            models.CheckConstraint(
                name="standing_view_is_known",
                condition=Q(view__in=MapView.values),
                violation_error_message=_("Bảng xếp hạng phải theo số đã công bố hoặc số biết hiện nay."),
            ),
            models.CheckConstraint(
                name="standing_published_names_its_edition",
                condition=Q(view=MapView.PUBLISHED, edition__isnull=False)
                | (~Q(view=MapView.PUBLISHED) & Q(edition__isnull=True)),
                violation_error_message=_("Xếp hạng theo số đã công bố phải ghi bản đồ công bố."),
            ),
            models.CheckConstraint(
                name="standing_hash_is_sha256",
                condition=Q(hash__regex=r"^[0-9a-f]{64}$", inputs__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("Mã băm phải là 64 chữ số."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phase} · {self.day:%d/%m/%Y}"
