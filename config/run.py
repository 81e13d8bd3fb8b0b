"""Run the whole portal on one machine: ``make demo``.

Private servers, migrations, demo data, then the web server, the Celery worker and its beat, watched until
Ctrl-C. It can be started again after any crash: what an earlier run left behind is found and replaced.
"""

import argparse
import contextlib
import errno
import fcntl
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from config import embedded
from config.children import MARK, Child, end_all
from config.embedded.processes import is_alive

ROOT = Path(__file__).resolve().parent.parent
EVERY_ADDRESS = ("0.0.0.0", "::")
PORTS_TO_TRY = 50
SECONDS_TO_ANSWER = 60
SECONDS_BETWEEN_LOOKS = 0.5
LOOKS_BETWEEN_SERVER_CHECKS = 4


class CannotRun(Exception):
    """Why the portal cannot be started, in a sentence."""


class Stopped(Exception):
    """Ctrl-C or SIGTERM."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m config.run", description=__doc__)
    parser.add_argument(
        "--stop", action="store_true", help="stop what runs on VAR_DIR, the private servers too"
    )
    arguments = parser.parse_args()
    var = Path(os.environ.get("VAR_DIR") or ROOT / "var").expanduser().resolve()
    try:
        if arguments.stop:
            stop(var)
        else:
            run(var)
    except (CannotRun, embedded.ServersNotStarted) as trouble:
        raise SystemExit(f"\n{trouble}") from None


def run(var: Path) -> None:
    """Everything, until Ctrl-C or SIGTERM."""
    endings = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup: outlive the terminal
        endings.append(signal.SIGHUP)
    for number in endings:
        signal.signal(number, _raise_stopped)
    with place_of_the_only_run(var) as free:
        if not free:
            raise CannotRun(
                f"The portal already runs on {var}: {read_state(var).get('address')}\n"
                "Stop it with: make stop. Or run a second one beside it: VAR_DIR=/another/directory make demo"
            )
        try:
            start_everything(var)
        except Stopped:
            say("Stopping …")
        finally:
            for number in endings:
                signal.signal(number, signal.SIG_IGN)
            end_all(var)
            if read_state(var).get("owns_servers"):
                embedded.stop(var)
            (var / "run.json").unlink(missing_ok=True)
    say("Stopped.")


def start_everything(var: Path) -> None:
    """Start, tell the address, and watch; does not return."""
    if left_over := end_all(var):
        say(f"Ended {left_over} processes that an earlier run left behind.")
    write_state(var, pid=os.getpid(), address="it is about to start")
    if private_servers_needed():
        say("PostgreSQL and Valkey …")
        if embedded.ensure(var).started:
            write_state(var, owns_servers=True)
    environment = {**os.environ, "VAR_DIR": str(var), "TRIAL": os.environ.get("TRIAL") or "1"}
    manage("migrate", environment=environment)
    manage("load_demo", environment=environment)

    host = os.environ.get("HOST") or "127.0.0.1"
    port = free_port(host, wanted=wanted_port())
    say("Web server, worker and its beat …")
    children = start_children(var, environment={**environment, MARK: str(var)}, host=host, port=port)
    visible_host = "localhost" if host in ("127.0.0.1", *EVERY_ADDRESS) else host
    wait_until_it_answers(f"http://{visible_host}:{port}", children)
    write_state(var, address=f"http://{visible_host}:{port}/")
    say(f"Logs are in {var / 'log'}. Ctrl-C stops everything.")
    say(f"The portal is at http://{visible_host}:{port}/")
    watch(var, children)


def stop(var: Path) -> None:
    """End a run on ``var`` from another terminal, and the private servers."""
    with place_of_the_only_run(var) as free:
        pid = None if free else read_state(var).get("pid")
    if pid:
        os.kill(pid, signal.SIGTERM)
        while is_alive(pid):
            time.sleep(0.1)
    left_over = end_all(var)
    stopped = [
        *(["the portal"] if pid else []),
        *([f"{left_over} processes left over"] if left_over else []),
        *embedded.stop(var),
    ]
    say(f"Stopped: {', '.join(stopped) or 'nothing ran'}.")


@contextlib.contextmanager
def place_of_the_only_run(var: Path) -> Iterator[bool]:
    """Hold the place, if it is free, of the only run on ``var``; gives whether it was."""
    (var / "log").mkdir(parents=True, exist_ok=True)
    with (var / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def read_state(var: Path) -> dict:
    """What the run on ``var`` wrote of itself; empty when none did, or it ended well."""
    try:
        return json.loads((var / "run.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}


def write_state(var: Path, **state: object) -> None:
    (var / "run.json").write_text(json.dumps({**read_state(var), **state}))


def private_servers_needed() -> bool:
    return not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def manage(*arguments: str, environment: dict[str, str]) -> None:
    say(f"manage.py {' '.join(arguments)} …")
    command = [sys.executable, "manage.py", *arguments]
    # In a session of its own: Ctrl-C is for the runner, and a command cut short loses nothing.
    done = subprocess.run(command, cwd=ROOT, env=environment, start_new_session=True, check=False)
    if done.returncode:
        raise CannotRun(f"manage.py {' '.join(arguments)} failed; the lines above say why.")


def wanted_port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise CannotRun(f"PORT must be a number from 1 to 65535, not {given!r}.")
    return int(given)


def free_port(host: str, *, wanted: int) -> int:
    """``wanted``, or the next port that nobody uses, said aloud."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(wanted, min(wanted + PORTS_TO_TRY, 65536)):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                probe.listen()
            except OSError as trouble:
                if trouble.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise CannotRun(f"Cannot listen on {host}: {trouble.strerror}. Check HOST.") from None
                continue
        if port != wanted:
            say(f"Port {wanted} is in use by another program; taking {port} instead.")
        return port
    raise CannotRun(f"The ports from {wanted} on are all in use. Choose another: PORT=9000 make demo")


def start_children(var: Path, *, environment: dict[str, str], host: str, port: int) -> list[Child]:
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--app=config"]
    commands = {
        "web": [
            *(*python, "granian", "--interface=wsgi", f"--host={host}", f"--port={port}"),
            *(
                "--workers=2",
                "--blocking-threads=1",
                "--respawn-failed-workers",
                "--no-ws",
                "config.wsgi:application",
            ),
        ],
        "worker": [
            *celery,
            "worker",
            "--concurrency=1",
            "--without-gossip",
            "--without-mingle",
            "--loglevel=INFO",
        ],
        "beat": [*celery, "beat", f"--schedule={var / 'beat-schedule'}", "--pidfile=", "--loglevel=INFO"],
    }
    children = [
        Child(name, command, log=var / "log" / f"{name}.log", environment=environment)
        for name, command in commands.items()
    ]
    for child in children:
        child.start()
    return children


def wait_until_it_answers(address: str, children: list[Child]) -> None:
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/healthz", timeout=5):
            return
        look(children)
        time.sleep(0.1)
    raise CannotRun(f"The web server does not answer; see {children[0].log}")


def watch(var: Path, children: list[Child]) -> None:
    """Start again whatever ends, private servers included; does not return."""
    for number in itertools.count():
        look(children)
        check_servers = private_servers_needed() and number % LOOKS_BETWEEN_SERVER_CHECKS == 0
        if check_servers and (started := embedded.ensure(var).started):
            say(f"Started again: {', '.join(started)}.")
        time.sleep(SECONDS_BETWEEN_LOOKS)


def look(children: list[Child]) -> None:
    for child in children:
        if news := child.look():
            say(news)


def say(words: str) -> None:
    print(f"▸ {words}", flush=True)


def _raise_stopped(number: int, frame: object) -> None:
    raise Stopped


if __name__ == "__main__":
    main()
