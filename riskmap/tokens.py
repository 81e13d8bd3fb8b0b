"""Tokens: the keys by which other systems speak for a source. A secret is shown once and kept nowhere."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import Permission, can
from core.audit import acting
from core.errors import DomainError
from core.models import Area, User
from riskmap.models import CountSource, SourceToken

LONGEST_LIFE = timedelta(days=366)
LONGEST_NAME = SourceToken._meta.get_field("name").max_length
_SECRET = re.compile(r"vx_[A-Za-z0-9_-]{43}", re.ASCII)
_HINT = 4  # characters


class TokenRefused(DomainError):
    """The token cannot be opened or revoked so; nothing was written."""

    code = "token_refused"


def open_token(
    *, source: CountSource, area: Area, name: str, expires_at: datetime, by: User, at: datetime
) -> tuple[SourceToken, str]:
    """A new token of ``source`` over ``area`` and all below it, and its secret, which is nowhere else.

    What it posts is posted under ``by``, who answers for it; it stops when ``by`` no longer manages sources
    there. Raises ``TokenRefused``.
    """
    name = " ".join(name.split())
    province = source.province.path
    if area.path != province and not area.path.startswith(province + "/"):
        raise TokenRefused(
            _("%(area)s không thuộc tỉnh của nguồn “%(source)s”; xin chọn đơn vị trong tỉnh.")
            % {"area": area.name, "source": source.name}
        )
    _require_managing(by, area, at)
    if not name or len(name) > LONGEST_NAME:
        raise TokenRefused(_("Tên hệ thống phải có từ 1 đến %(longest)d ký tự.") % {"longest": LONGEST_NAME})
    if not at < expires_at <= at + LONGEST_LIFE:
        raise TokenRefused(_("Khóa có hạn dài nhất một năm, tính từ lúc này; xin chọn ngày khác."))
    secret = f"vx_{secrets.token_urlsafe(32)}"
    with acting(by=by, reason=f"Cấp khóa cho hệ thống {name}"):
        token = SourceToken.objects.create(
            source=source,
            area=area,
            name=name,
            digest=_digest(secret),
            hint=secret[-_HINT:],
            opened_at=at,
            opened_by=by,
            expires_at=expires_at,
        )
    return token, secret


def revoke_token(*, token: SourceToken, by: User, at: datetime) -> None:
    """Let a token open nothing from now on; it stays on record. Raises ``TokenRefused``."""
    _require_managing(by, token.area, at)
    with acting(by=by, reason=f"Thu hồi khóa của hệ thống {token.name}"):
        still_open = SourceToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
        if still_open.update(revoked_at=at, revoked_by=by) != 1:
            raise TokenRefused(_("Khóa này đã được thu hồi từ trước."))


def token_of(secret: str, at: datetime) -> SourceToken | None:
    """The token that ``secret`` opens at the instant, or ``None``: unknown, expired, revoked, or without a
    person who still manages sources over its area.

    Found by its digest, so that the time it takes says nothing about how near a guess was.
    """
    if not _SECRET.fullmatch(secret):
        return None
    token = (
        SourceToken.objects.select_related("source__province", "area", "opened_by")
        .filter(digest=_digest(secret), revoked_at__isnull=True, expires_at__gt=at)
        .first()
    )
    if token is None or not _manages(token.opened_by, token.area, at):
        return None
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _manages(person: User, area: Area, at: datetime) -> bool:
    return can(person, Permission.MANAGE_SOURCES, area, on=timezone.localdate(at))


def _require_managing(by: User, area: Area, at: datetime) -> None:
    if not _manages(by, area, at):
        raise TokenRefused(_("Bạn chỉ cấp và thu hồi khóa được trong địa bàn mình quản lý nguồn số liệu."))
