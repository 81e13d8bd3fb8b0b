"""How often one address may do what needs no account: counted by all processes together, remembered a day.

Nothing of the address is kept but a number under a keyed hash, whose salt is drawn anew each day and
forgotten with it: afterwards nobody can tell, not even with the portal's secret, which address it was of.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import secrets
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from core.errors import DomainError

logger = logging.getLogger(__name__)

HOUR = 3600
_DAY = 24 * HOUR
_HOUSEHOLD = 64  # bits of an IPv6 address that name a line; the rest is the visitor's own choice


class TooOften(DomainError):
    """The address did it as often as it may in this hour."""

    code = "too_often"


def count_once_more(*, act: str, address: str | None, limit: int, at: datetime) -> None:
    """Count one more ``act`` of the address in this hour of the clock. Raises ``TooOften`` above ``limit``.

    While the cache does not answer nothing is counted: better a few too many than nobody heard.
    """
    try:
        key = f"limit:{act}:{at:%Y%m%d%H}:{_hidden(address, at)}"
        cache.add(key, 0, timeout=HOUR + 60)
        done = cache.incr(key)
    except (RedisError, ValueError):  # away, or emptied between the two steps
        logger.warning("Not counted, the cache does not answer: %s", act)
        return
    if done > limit:
        raise TooOften(
            _("Địa chỉ mạng này đã gửi nhiều lần trong giờ qua. Xin thử lại sau %(minutes)s phút.")
            % {"minutes": 60 - at.minute}
        )


def _hidden(address: str | None, at: datetime) -> str:
    salt = cache.get_or_set(f"limit:salt:{timezone.localtime(at):%Y%m%d}", _new_salt, timeout=_DAY)
    key = settings.SECRET_KEY.encode() + salt
    return hmac.new(key, _line(address).encode(), hashlib.sha256).hexdigest()


def _new_salt() -> bytes:
    return secrets.token_bytes(32)


def _line(address: str | None) -> str:
    """The address, of IPv6 the part that names a line."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if parsed.version == 4:
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, _HOUSEHOLD), strict=False))
