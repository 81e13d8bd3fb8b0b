"""Editions: what the public was shown, frozen."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Area, PublicAsset


class MapEdition(models.Model):
    """All levels of a province as they were known at a cut-off. Immutable; each holds the hash of the last.

    ``payload`` is the edition itself (canonical JSON); ``codes`` and ``cells`` are its levels once more, as
    the map reads them: the codes of each layer (layers parted by ``|``), and a byte
    ``level | provisional << 3 | decided << 4 | unapproved << 5`` for each code. ``hash`` is SHA-256 over the
    previous hash and the edition's own facts; the database works it out again and refuses any other.
    """

    province = models.ForeignKey(Area, models.RESTRICT, related_name="editions", verbose_name=_("tỉnh"))
    number = models.PositiveIntegerField(_("số"))
    day = models.DateField(_("ngày của số liệu"))
    cut_off = models.DateTimeField(_("chốt số liệu lúc"))
    published_at = models.DateTimeField(_("công bố lúc"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    rule_set = models.CharField(_("bộ tiêu chí"), max_length=40)
    payload = models.ForeignKey(PublicAsset, models.RESTRICT, related_name="+")
    codes = models.TextField()
    cells = models.BinaryField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(_("mã băm"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("bản đồ công bố")
        verbose_name_plural = _("bản đồ công bố")
        indexes = [models.Index(fields=["province", "day", "number"], name="edition_of_day")]
        constraints = [
            models.UniqueConstraint(
                name="edition_number_once_per_province",
                fields=["province", "number"],
                violation_error_message=_("Số công bố này đã có."),
            ),
            models.UniqueConstraint(
                name="edition_cut_off_once_per_province",
                fields=["province", "cut_off"],
                violation_error_message=_("Thời điểm chốt số liệu này đã được công bố."),
            ),
            models.CheckConstraint(
                name="edition_published_after_its_cut_off",
                condition=Q(published_at__gte=F("cut_off")),
                violation_error_message=_("Không công bố trước thời điểm chốt số liệu."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.number}"


class PublishedMap(models.Model):
    """The pointer to the edition in force, and to the frames of all published days. One row a province."""

    province = models.OneToOneField(Area, models.RESTRICT, primary_key=True, related_name="published_map")
    edition = models.ForeignKey(MapEdition, models.RESTRICT, related_name="+")
    frames = models.ForeignKey(PublicAsset, models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = _("bản đồ đang công bố")
        verbose_name_plural = _("bản đồ đang công bố")

    def __str__(self) -> str:
        return str(self.edition)
