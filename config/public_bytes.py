"""Public bytes: answers that are the same for everyone, sent from memory before Django is asked.

Django's own answers are kept, headers and all, so that nothing is said in two places. An answer is kept when
it is a 200 to a GET below ``PLACES`` whose ``Cache-Control`` says ``public``, that has an ``ETag``, sets no
cookie and does not vary by cookie. Bytes under their hash (``immutable``) are good for ever; the others as
long as the data are what they were when Django was asked, which each process looks up at most once a
second. While the database does not answer, what is known goes on being told for some minutes.
"""

from __future__ import annotations

import gzip
import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import brotli
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from django.utils.http import parse_etags

from config.request_ids import ACCEPTED, HEADER
from core.api.languages import preferred_language
from core.encodings import IDENTITY, preferred_encoding
from riskmap.api.answers import data_state

PLACES = ("/assets/", "/api/v1/")
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_WITHOUT_DATABASE = 300.0
WORTH_COMPRESSING = 256  # bytes
OVERHEAD = 3000  # bytes of an entry besides its body: key, headers, bookkeeping (2,740 measured)
LARGEST_SHARE = 4  # nothing larger than a quarter of the memory is kept

Headers = list[tuple[str, str]]
Environ = dict[str, object]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """A ready answer. ``state`` is that of the data it was made from; ``None``: it can never change."""

    state: str | None
    etag: str
    headers: Headers
    headers_304: Headers
    body: bytes

    @property
    def size(self) -> int:
        return len(self.body) + OVERHEAD

    def is_known_by(self, condition: str) -> bool:
        """Whether ``If-None-Match`` names this answer; weak comparison."""
        if condition == self.etag:
            return True
        wanted = self.etag.removeprefix("W/")
        return any(each == "*" or each.removeprefix("W/") == wanted for each in parse_etags(condition))


class PublicBytes:
    """WSGI in front of Django's. ``memory`` bounds the kept bytes of this process."""

    def __init__(
        self, application: Callable, *, memory: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.application = application
        self.memory = memory
        self.clock = clock
        self.used = 0
        self._kept: OrderedDict[tuple, Kept] = OrderedDict()
        self._keeping = threading.Lock()
        self._looking = threading.Lock()
        self._state: str | None = None
        self._looked_at = float("-inf")
        self._answered_at = float("-inf")
        header = settings.SECURE_PROXY_SSL_HEADER
        self._scheme_header = header[0] if header else "wsgi.url_scheme"

    def __call__(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        method = environ["REQUEST_METHOD"]
        if not path.startswith(PLACES) or method not in ("GET", "HEAD"):
            return self.application(environ, start_response)
        key = self._key(environ, path)
        kept = self._kept.get(key)
        if kept is None or (kept.state is not None and kept.state != self.state()):
            if method == "HEAD":
                return self.application(environ, start_response)
            return self._ask(key, environ, start_response)
        with self._keeping:
            if key in self._kept:
                self._kept.move_to_end(key)
        return self._send(kept, environ, start_response)

    def state(self) -> str | None:
        """What the data are, at most a second ago; ``None`` when that is not known."""
        now = self.clock()
        if now - self._looked_at < SECONDS_BETWEEN_LOOKS or not self._looking.acquire(blocking=False):
            return self._state
        try:
            connection.close_if_unusable_or_obsolete()
            self._state = f"{timezone.localdate()} {data_state()}"
            self._answered_at = now
        except (DatabaseError, InterfaceError) as trouble:
            connection.close()
            log.warning("The state of the data could not be looked up: %s", trouble)
            if now - self._answered_at > SECONDS_WITHOUT_DATABASE:
                self._state = None
        finally:
            self._looked_at = self.clock()  # after a look that took long, the next is not due at once
            self._looking.release()
        return self._state

    def _key(self, environ: Environ, path: str) -> tuple:
        """Everything a public answer may differ by; for how it came in (host, scheme) Django decides."""
        wordless = path.startswith("/assets/")
        return (
            path,
            environ.get("QUERY_STRING", ""),
            preferred_encoding(environ.get("HTTP_ACCEPT_ENCODING", "")),
            "" if wordless else preferred_language(environ.get("HTTP_ACCEPT_LANGUAGE", "")),
            environ.get("HTTP_HOST", ""),
            environ.get(self._scheme_header),
        )

    def _ask(self, key: tuple, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        """Let Django answer, whole; keep the answer if it may be kept, and send it or a 304."""
        state = self.state()  # before Django reads: what is kept may be newer than its state, never older
        asked = {name: value for name, value in environ.items() if not name.startswith("HTTP_IF_")}
        begun: list = []
        answer = self.application(asked, lambda *status_and_headers: begun.append(status_and_headers))
        status, headers = begun[-1][:2]
        said = {name.lower(): value for name, value in headers}
        if not _is_for_everyone(status, said):
            start_response(status, headers)
            return answer
        try:
            body = b"".join(answer)
        finally:
            answer.close()
        forever = "immutable" in said["cache-control"]
        kept = _ready(None if forever else state, headers, said, body, encoding=key[2])
        if forever or state is not None:
            self._keep(key, kept)
        return self._send(kept, environ, start_response)

    def _keep(self, key: tuple, kept: Kept) -> None:
        with self._keeping:
            before = self._kept.pop(key, None)
            self.used -= before.size if before else 0
            if kept.size > self.memory // LARGEST_SHARE:
                return
            self._kept[key] = kept
            self.used += kept.size
            while self.used > self.memory:
                self.used -= self._kept.popitem(last=False)[1].size

    def _send(self, kept: Kept, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        offered = environ.get(_REQUEST_ID, "")
        this = (HEADER, offered if offered and ACCEPTED.fullmatch(offered) else os.urandom(16).hex())
        condition = environ.get("HTTP_IF_NONE_MATCH")
        if condition is not None and kept.is_known_by(condition):
            start_response("304 Not Modified", [*kept.headers_304, this])
            return []
        start_response("200 OK", [*kept.headers, this])
        return [kept.body] if environ["REQUEST_METHOD"] == "GET" else []


_REQUEST_ID = "HTTP_" + HEADER.upper().replace("-", "_")
_OF_THE_BODY = ("content-length", "content-type", "content-encoding")


def _is_for_everyone(status: str, said: dict[str, str]) -> bool:
    varies = said.get("vary", "").lower()
    return (
        status.startswith("200")
        and "public" in said.get("cache-control", "")
        and "etag" in said
        and "set-cookie" not in said
        and "cookie" not in varies
        and "*" not in varies
    )


def _ready(state: str | None, headers: Headers, said: dict[str, str], body: bytes, *, encoding: str) -> Kept:
    """The answer as it will be sent: without the id of its first request, compressed where Django did not."""
    changed = {HEADER.lower(): None, "content-length": None}
    if "content-encoding" not in said and said["etag"].startswith("W/"):
        changed["vary"] = ", ".join(filter(None, (said.get("vary"), "Accept-Encoding")))
        if encoding != IDENTITY and len(body) >= WORTH_COMPRESSING:
            body = brotli.compress(body, quality=6) if encoding == "br" else gzip.compress(body, mtime=0)
            changed["content-encoding"] = encoding
    changed["content-length"] = str(len(body))
    whole = [(name, value) for name, value in headers if name.lower() not in changed]
    whole += [(name.title(), value) for name, value in changed.items() if value]
    return Kept(
        state=state,
        etag=said["etag"],
        headers=whole,
        headers_304=[(name, value) for name, value in whole if name.lower() not in _OF_THE_BODY],
        body=body,
    )
