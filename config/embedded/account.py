"""Who the private servers run as.

An ordinary user runs them as themselves. PostgreSQL refuses to run as root, so root runs them as the owner
of the existing data, or as ``nobody``. No directory is opened to that user for it: when the checkout lies
under a closed one (``/root``), the server keeps the one capability to pass through, and no other.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.embedded.errors import ServersNotStarted

# Tried in this order; containers often grant only the second.
CAPABILITIES = ("dac_read_search", "dac_override")
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """A user to run as, and the command that turns root into it (empty for an ordinary user)."""

    uid: int
    gid: int
    wrapper: tuple[str, ...] = ()

    def make_directory(self, path: Path) -> None:
        """A directory for this user's eyes only; one that exists stays as it is."""
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            return
        if self.wrapper:
            os.chown(path, self.uid, self.gid)

    def run(self, command: Sequence[str | Path], *, log: Path | None = None) -> subprocess.CompletedProcess:
        """Run to the end; the output is in the answer and, where given, appended to ``log``."""
        done = subprocess.run(
            [*self.wrapper, *map(str, command)],
            env=ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if log:
            with log.open("a") as output:
                output.write(done.stdout)
        return done

    def leave_running(self, command: Sequence[str | Path], *, log: Path) -> int:
        """Start a server in a session of its own, its output to ``log``, and return its process id.

        The shell in between ends at once: the server never becomes our zombie, and Ctrl-C in a terminal
        does not reach it.
        """
        shell = subprocess.run(
            ["/bin/sh", "-c", '"$@" >>"$0" 2>&1 & echo $!', log, *self.wrapper, *map(str, command)],
            env=ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            check=True,
        )
        return int(shell.stdout)


def server_account(*, data: Path, programs: Sequence[Path]) -> Account:
    """The account that may own ``data`` and can reach it and the ``programs``.

    ``data`` is an existing directory. As root it is handed to the account found; nothing else changes hands.
    Raises ``ServersNotStarted`` when it belongs to somebody else, or no account can reach everything.
    """
    owner = data.stat()
    if os.geteuid() != 0:
        if owner.st_uid != os.geteuid():
            raise ServersNotStarted(
                f"{data} belongs to another user ({_name(owner.st_uid)}). Run as that user, or set VAR_DIR "
                "to a directory of your own."
            )
        return Account(os.geteuid(), os.getegid())

    uid, gid = (owner.st_uid, owner.st_gid) if owner.st_uid != 0 else _nobody()
    os.chown(data, uid, gid)
    setpriv = shutil.which("setpriv", path=ENVIRONMENT["PATH"])
    if setpriv is None:
        raise ServersNotStarted(
            "PostgreSQL does not run as root, and setpriv (Debian package util-linux) is not here to run it "
            "as another user. Install it, or run as an ordinary user."
        )
    become = (setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--no-new-privs")
    for keeping in ([], *([f"+{name}"] for name in CAPABILITIES)):
        kept = ",".join(["-all", *keeping])
        sets = [f"--{name}={kept}" for name in ("inh-caps", "ambient-caps", "bounding-set")]
        if keeping:
            sets.append("--securebits=+no_setuid_fixup")  # else access(2), which PostgreSQL asks, ignores it
        account = Account(uid, gid, (*become, *sets, "--"))
        if _reaches(account, data=data, programs=programs):
            return account
    raise ServersNotStarted(
        f"The user {_name(uid)}, who runs the private servers in place of root, cannot reach {data} or "
        f"{programs[0].parent}. Put the checkout and VAR_DIR where other users may pass, or run as an "
        "ordinary user."
    )


def _reaches(account: Account, *, data: Path, programs: Sequence[Path]) -> bool:
    started = all(account.run([program, "--version"]).returncode == 0 for program in programs)
    writes = account.run(["/bin/sh", "-c", 'test -w "$0" && test -x "$0" && cd "$0"', data])
    return started and writes.returncode == 0


def _nobody() -> tuple[int, int]:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise ServersNotStarted(
            "PostgreSQL does not run as root, and this machine has no user 'nobody' to run it as. Run as an "
            "ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from None
    return entry.pw_uid, entry.pw_gid


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
