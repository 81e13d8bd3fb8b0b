"""Machines that push counts: the token of a source, and what was answered to each request."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Area
from riskmap.models.counts import CountPost, CountSource


class SourceToken(models.Model):
    """The key by which another system speaks for a source, over an area. Only its SHA-256 is kept.

    ``hint`` are its last four characters, so that a person can tell two apart. Its
    postings are made under the person who opened it, who answers for it.
    """

    source = models.ForeignKey(CountSource, models.RESTRICT, related_name="tokens", verbose_name=_("nguồn"))
    area = models.ForeignKey(Area, models.RESTRICT, related_name="+", verbose_name=_("địa bàn"))
    name = models.CharField(_("hệ thống"), max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    opened_at = models.DateTimeField(_("cấp lúc"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+")
    expires_at = models.DateTimeField(_("hết hạn lúc"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("khóa của hệ thống gửi số liệu")
        verbose_name_plural = _("khóa của hệ thống gửi số liệu")
        constraints = [
            models.CheckConstraint(
                name="token_opened_before_it_expires",
                condition=Q(expires_at__gt=F("opened_at")),
                violation_error_message=_("Thời điểm hết hạn phải sau lúc cấp."),
            ),
            models.CheckConstraint(
                name="token_revoked_at_with_revoked_by",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                violation_error_message=_("Thu hồi khóa phải ghi người và thời điểm."),
            ),
            models.CheckConstraint(
                name="token_digest_is_sha256",
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("Mã băm của khóa không hợp lệ."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"


class PushReceipt(models.Model):
    """What was answered to one pushed request, so that the same request again gets the same answer."""

    token = models.ForeignKey(SourceToken, models.RESTRICT, related_name="receipts")
    key = models.CharField(max_length=200)  # the Idempotency-Key the machine chose
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    post = models.ForeignKey(CountPost, models.RESTRICT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(_("nhận lúc"))

    class Meta:
        verbose_name = _("biên nhận số liệu gửi tự động")
        verbose_name_plural = _("biên nhận số liệu gửi tự động")
        constraints = [
            models.UniqueConstraint(
                name="push_answered_once",
                fields=["token", "key"],
                violation_error_message=_("Yêu cầu mang khóa này đã được trả lời."),
            ),
            models.CheckConstraint(
                name="push_key_not_empty",
                condition=~Q(key=""),
                violation_error_message=_("Idempotency-Key không được để trống."),
            ),
        ]

    def __str__(self) -> str:
        return self.key
