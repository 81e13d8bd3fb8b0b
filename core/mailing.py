"""Notices by mail, to those who gave an address and have not read them here.

Nothing is lost and nothing is sent by two workers: a mail is marked in the transaction that sent it. Only
when the worker dies between the mail server's yes and the commit, the next round sends that one mail again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import Min, QuerySet
from django.urls import reverse

from core.models import Notice, User

WORTH_MAILING = timedelta(days=3)
PEOPLE_A_ROUND = 200
SECONDS_AFTER_A_REFUSAL = 3600

logger = logging.getLogger(__name__)


def mail_notices(*, at: datetime) -> int:
    """Mail each person the unread notices of the last days that were not mailed: how many mails were sent.

    One mail a person, however many notices. A refused address is left alone for an hour; when the
    mail server itself fails, the round ends and the next one goes on.
    """
    people = _people_to_mail(at=at)
    if not people:
        return 0
    server, sent = get_connection(), 0
    try:
        server.open()
        for user in people:
            sent += _mail_person(user, server=server, at=at)
    except (SMTPException, OSError) as trouble:
        logger.warning("The mail server failed, the next round goes on: %s", trouble)
    finally:
        server.close()
    return sent


def _waiting(*, at: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(
        read_at__isnull=True, mailed_at__isnull=True, created_at__gt=at - WORTH_MAILING
    )


def _people_to_mail(*, at: datetime) -> list[User]:
    """Those who wait for a mail, who has waited longest first."""
    waiting = _waiting(at=at).filter(recipient__is_active=True).exclude(recipient__email="")
    ids = list(
        waiting.values("recipient")
        .annotate(since=Min("created_at"))
        .order_by("since")
        .values_list("recipient", flat=True)
    )
    refused = cache.get_many([_refusal(pk) for pk in ids])
    ids = [pk for pk in ids if _refusal(pk) not in refused][:PEOPLE_A_ROUND]
    found = User.objects.in_bulk(ids)
    return [found[pk] for pk in ids]


def _mail_person(user: User, *, server: BaseEmailBackend, at: datetime) -> int:
    with transaction.atomic():
        # A lock on the person's mail and not on the notices: opening one never waits for a mail server.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('core.mail_notices'), %s)", [user.pk])
            if not cursor.fetchone()[0]:
                return 0  # another worker is at it
        notices = list(_waiting(at=at).filter(recipient=user).order_by("created_at", "id"))
        if not notices:
            return 0
        try:
            _mail(user, notices, server=server).send()
        except SMTPRecipientsRefused as refusal:
            logger.warning("The mail server refuses the address of %s: %s", user.username, refusal)
            cache.set(_refusal(user.pk), True, SECONDS_AFTER_A_REFUSAL)
            return 0
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=at)
    return 1


def _mail(user: User, notices: list[Notice], *, server: BaseEmailBackend) -> EmailMessage:
    subject = notices[0].subject if len(notices) == 1 else f"{len(notices)} thông báo trong hộp thư"
    return EmailMessage(
        subject=f"[Vùng xanh] {subject}",
        body="\n\n".join([f"Kính gửi {user},", *_paragraphs(notices), _farewell()]) + "\n",
        to=[user.email],
        connection=server,
        headers={"Auto-Submitted": "auto-generated"},
    )


def _paragraphs(notices: Iterable[Notice]) -> Iterable[str]:
    for notice in notices:
        address = settings.PORTAL_URL + reverse("core:notice", args=[notice.pk])
        yield "\n".join(filter(None, [notice.subject, notice.body, address]))


def _farewell() -> str:
    own_account = settings.PORTAL_URL + reverse("core:own_account")
    return f"Thư này do cổng Vùng xanh tự động gửi. Đổi hoặc bỏ địa chỉ nhận thư: {own_account}"


def _refusal(user_id: int) -> str:
    return f"mail-refused:{user_id}"
