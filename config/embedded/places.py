"""Where the private servers keep their files, and how two processes do not start them twice."""

import fcntl
import hashlib
import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.embedded.errors import ServersNotStarted

# sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included.
LONGEST_SOCKET_PATH = 100
POSTGRES_PORT = 5432  # only names the socket file; no TCP port is opened
POSTGRES_SOCKET = f".s.PGSQL.{POSTGRES_PORT}"
VALKEY_SOCKET = "valkey.sock"


@dataclass(frozen=True)
class Places:
    """The directories under ``VAR_DIR``, an absolute path without symbolic links."""

    var: Path

    @classmethod
    def under(cls, var: Path | str) -> "Places":
        return cls(Path(var).expanduser().resolve())

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def sockets(self) -> Path:
        """Beside the data when the path is short enough, else in the system's temporary directory."""
        digest = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]
        bases = [Path(tempfile.gettempdir()), Path("/tmp")]
        for directory in [self.var / "run", *(base / f"riskmap-{os.geteuid()}-{digest}" for base in bases)]:
            if len(os.fsencode(directory / f"{POSTGRES_SOCKET}.lock")) <= LONGEST_SOCKET_PATH:
                return directory
        raise ServersNotStarted(
            f"No directory has a path short enough for a Unix socket. Set VAR_DIR shorter than {self.var}."
        )

    def data(self, server: str) -> Path:
        return self.var / server

    def log(self, server: str) -> Path:
        return self.logs / f"{server}.log"

    def ready_mark(self, server: str) -> Path:
        """Present while the server is known to answer; read without the lock."""
        return self.var / f"{server}.ready"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Only one process at a time starts or stops servers; the lock dies with its holder."""
        try:
            self.var.mkdir(parents=True, exist_ok=True)
            self.logs.mkdir(exist_ok=True)
            handle = os.open(self.var / "servers.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as trouble:
            raise ServersNotStarted(
                f"Cannot write in {self.var} ({trouble.strerror}). Set VAR_DIR to a directory of your own."
            ) from trouble
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def check_private(directory: Path, *, uid: int) -> None:
    """Refuse a socket directory that somebody else prepared, as anyone can under ``/tmp``."""
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
        raise ServersNotStarted(
            f"{directory} is not a private directory of this user. Remove it, or set VAR_DIR to a shorter "
            "path."
        )


def socket_directory_is_private(directory: Path) -> bool:
    """Whether it is the ``sockets`` of some ``VAR_DIR``: nobody else puts these two side by side."""
    return all(os.path.exists(directory / name) for name in (POSTGRES_SOCKET, VALKEY_SOCKET))


def listens(path: Path) -> bool:
    """Whether somebody accepts connections on the Unix socket ``path``."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(5)
        try:
            probe.connect(os.fspath(path))
        except OSError:
            return False
    return True
