"""Notices: what the portal tells one person, kept in that person's inbox."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """Something one person should know, with the page where it is dealt with. Never deleted.

    ``key`` says what it is about, so that the same thing is told once to each person, however often
    and by however many workers it is sent. The texts are Vietnamese: they go into mail as well.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.RESTRICT,
        related_name="notices",
        verbose_name=_("người nhận"),
        db_index=False,  # the two indexes below, and that of the key, begin with it
    )
    key = models.CharField(max_length=120)
    subject = models.CharField(_("tiêu đề"), max_length=200)
    body = models.TextField(_("nội dung"), blank=True)
    link = models.CharField(_("trang cần mở"), max_length=300)
    created_at = models.DateTimeField(_("gửi lúc"))
    read_at = models.DateTimeField(_("đọc lúc"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("gửi thư lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = _("thông báo")
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notice_newest_of_recipient"),
            models.Index(
                fields=["recipient", "-created_at", "-id"],
                name="notice_unread_of_recipient",
                condition=Q(read_at__isnull=True),
            ),
            models.Index(
                fields=["created_at"],
                name="notice_to_be_mailed",
                condition=Q(mailed_at__isnull=True, read_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="notice_sent_once",
                fields=["recipient", "key"],
                violation_error_message=_("Người này đã nhận thông báo đó."),
            ),
            models.CheckConstraint(
                name="notice_has_a_subject",
                condition=~Q(subject=""),
                violation_error_message=_("Thông báo phải có tiêu đề."),
            ),
            # A browser reads "//", "/\" and a slash before a tab as the beginning of another site's address.
            models.CheckConstraint(
                name="notice_link_is_a_page_of_this_site",
                condition=Q(link__regex=r"^/([^/\\[:space:]][^\\[:space:]]*)?$"),
                violation_error_message=_(
                    "Liên kết phải là một trang của cổng này, bắt đầu bằng một dấu “/”."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.subject
