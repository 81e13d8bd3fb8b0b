"""One owner of both servers: look, take over, replace or start."""

import os
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qs, unquote, urlsplit

from config.embedded import postgres, valkey
from config.embedded.account import server_account
from config.embedded.places import Places, check_private, listens, socket_directory_is_private

SERVERS = (postgres, valkey)


@dataclass(frozen=True)
class Servers:
    """Addresses of the private servers, and the names of those that this call had to start."""

    database_url: str
    redis_url: str
    started: tuple[str, ...] = ()


def ensure(var: Path | str) -> Servers:
    """The private servers of ``var``, running; safe to be called by many processes at once.

    Takes about a millisecond when they run. Raises ``ServersNotStarted``.
    """
    places = Places.under(var)
    started = () if _both_ready(places) else _take_over_or_start(places)
    return Servers(database_url=postgres.url(places), redis_url=valkey.url(places), started=started)


def stop(var: Path | str) -> tuple[str, ...]:
    """End the private servers of ``var`` in good order; returns the names of those that ran."""
    places = Places.under(var)
    with places.locked() if places.var.exists() else nullcontext():  # they may outlive their directory
        ran = tuple(server.NAME for server in SERVERS if server.found(places))
        for server in SERVERS:
            places.ready_mark(server.NAME).unlink(missing_ok=True)
            server.stop(places)
        with suppress(OSError):  # not empty, or not there
            places.sockets.rmdir()
    return ran


def alive(var: Path | str) -> tuple[str, ...]:
    """The names of the servers of ``var`` that run."""
    places = Places.under(var)
    return tuple(server.NAME for server in SERVERS if server.found(places))


def is_private(url: str) -> bool:
    """Whether an address given from outside is that of a private server, of this checkout or of another."""
    address = urlsplit(url)
    hosts = [
        address.netloc.rpartition("@")[2],
        os.path.dirname(address.path),
        *parse_qs(address.query).get("host", []),
    ]
    return any(socket_directory_is_private(Path(unquote(host))) for host in hosts if host)


def _both_ready(places: Places) -> bool:
    return all(
        places.ready_mark(server.NAME).exists() and listens(server.socket_path(places)) for server in SERVERS
    )


def _take_over_or_start(places: Places) -> tuple[str, ...]:
    with places.locked():
        if _both_ready(places):  # somebody else did it while we waited
            return ()
        return tuple(server.NAME for server in SERVERS if _start_unless_running(server, places))


def _start_unless_running(server: ModuleType, places: Places) -> bool:
    mark = places.ready_mark(server.NAME)
    if mark.exists() and listens(server.socket_path(places)):
        return False
    mark.unlink(missing_ok=True)
    takes_over = bool(server.found(places)) and server.answers(places)
    if not takes_over:
        server.stop(places)
        data = places.data(server.NAME)
        data.mkdir(mode=0o700, exist_ok=True)
        account = server_account(data=data, programs=[server.program()])
        account.make_directory(places.sockets)
        check_private(places.sockets, uid=account.uid)
        server.start(places, account)
    mark.touch()
    return not takes_over
