"""Reading settings from environment variables; an empty variable counts as unset."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    given = text(name).lower()
    if given in ("1", "true", "yes", "on"):
        return True
    if given in ("0", "false", "no", "off"):
        return False
    if given:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {given!r}.")
    return default


def number(name: str, *, default: int) -> int:
    try:
        return int(text(name, str(default)))
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text(name)!r}.") from None


def words(name: str, default: str = "") -> list[str]:
    """Words separated by commas or spaces."""
    return text(name, default).replace(",", " ").split()


class MailServer(NamedTuple):
    host: str
    port: int
    user: str
    password: str
    starttls: bool
    tls: bool


def mail_server(name: str) -> MailServer:
    """``smtps://`` speaks TLS from the first byte, ``smtp+tls://`` begins it, ``smtp://`` stays open."""
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465, "": 25}
    given = urlsplit(text(name))
    try:
        port = given.port or ports[given.scheme]
    except (KeyError, ValueError):
        port = None
    if port is None or (text(name) and not given.hostname):
        raise ImproperlyConfigured(f"{name} must be smtp+tls://user:password@host:port, smtps:// or smtp://.")
    return MailServer(
        host=given.hostname or "",
        port=port,
        user=unquote(given.username or ""),
        password=unquote(given.password or ""),
        starttls=given.scheme == "smtp+tls",
        tls=given.scheme == "smtps",
    )


def kept_secret(path: Path) -> str:
    """The random secret in ``path``, made on first use, so that logins outlive a restart."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):  # another process was first: its secret counts
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
