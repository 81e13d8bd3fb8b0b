"""Files that people hand in: papers as they came, pictures as they were drawn anew."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.enums import FileKind
from core.models.areas import Area
from core.models.scoping import ScopedQuerySet


class StoredFile(models.Model):
    """One file, found by a random ``token`` alone; ``area`` is whose business it is.

    ``content_type`` is what the content is, whatever its name says. A file is read by those who see the
    working data of its area, a public one by everybody.
    """

    token = models.CharField(max_length=32)
    area = models.ForeignKey(Area, models.RESTRICT, related_name="+", verbose_name=_("địa bàn"))
    kind = models.CharField(_("loại tệp"), max_length=10, choices=FileKind)
    name = models.CharField(_("tên tệp"), max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("dung lượng"))  # bytes
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    width = models.PositiveSmallIntegerField(null=True, blank=True)  # of a photo, pixels
    height = models.PositiveSmallIntegerField(null=True, blank=True)
    is_public = models.BooleanField(_("ai cũng xem được"), default=False)
    uploaded_at = models.DateTimeField(_("gửi lúc"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("tệp")
        verbose_name_plural = _("tệp")
        constraints = [
            models.UniqueConstraint(
                name="file_token_once",
                fields=["token"],
                violation_error_message=_("Địa chỉ của tệp đã có."),
            ),
            models.CheckConstraint(
                name="file_token_is_long",
                condition=Q(token__regex=r"^[0-9a-f]{32}$"),
                violation_error_message=_("Địa chỉ của tệp phải là 32 chữ số ngẫu nhiên."),
            ),
            models.CheckConstraint(
                name="file_kind_is_known",
                condition=Q(kind__in=FileKind.values),
                violation_error_message=_("Loại tệp không hợp lệ."),
            ),
            models.CheckConstraint(
                name="file_is_not_empty",
                condition=Q(size__gt=0) & ~Q(name="") & ~Q(content_type=""),
                violation_error_message=_("Tệp rỗng hoặc không có tên."),
            ),
            models.CheckConstraint(
                name="file_photo_has_its_size",
                condition=Q(
                    kind=FileKind.PHOTO,
                    width__isnull=False,
                    height__isnull=False,
                    width__gt=0,
                    height__gt=0,
                )
                | Q(kind=FileKind.DOCUMENT, width__isnull=True, height__isnull=True),
                violation_error_message=_("Ảnh phải có chiều rộng, chiều cao; văn bản thì không."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("core:file", args=[self.token])

    @property
    def ending(self) -> str:
        """What people call its type: PDF, DOCX, JPG."""
        return self.name.rpartition(".")[2].upper()
