"""A portal of its own for tests that kill: private servers, real processes, asked from outside."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from config import embedded
from config.embedded import postgres, valkey
from config.embedded.places import Places

ROOT = Path(__file__).resolve().parents[2]


class Portal:
    """A portal of its own under ``var``: private servers, a worker, a beat that rings every two seconds."""

    def __init__(self, var: Path):
        self.var = var
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")},
            "VAR_DIR": str(var),
            "BELL_SECONDS": "2",
        }
        self.processes = {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str) -> None:
        if name in ("postgres", "valkey"):
            embedded.ensure(self.var)
            return
        command = [sys.executable, "-m", "celery", "--app=config", name, "--loglevel=INFO"]
        if name == "web":
            command = [sys.executable, "-m", "granian", "--interface=wsgi", "--no-ws", "--workers=1"]
            command += ["--blocking-threads=1", f"--port={self.port}", "config.wsgi:application"]
        elif name == "worker":
            command += ["--concurrency=1", "--without-mingle", "--without-gossip"]
        else:
            command += [f"--schedule={self.var / 'beat'}", f"--pidfile={self.var / 'beat.pid'}"]
            (self.var / "beat.pid").unlink(missing_ok=True)
        with (self.var / f"{name}.log").open("a") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str) -> None:
        places = Places.under(self.var)
        if name == "postgres":
            victims = [
                p for parent in postgres.found(places) for p in (parent, *parent.children(recursive=True))
            ]
        elif name == "valkey":
            victims = valkey.found(places)
        else:
            os.killpg(self.processes[name].pid, signal.SIGKILL)
            self.processes[name].wait()
            return
        assert victims
        for victim in victims:
            victim.kill()
        for victim in victims:
            victim.wait(10)

    def connect(self):
        return psycopg2.connect(embedded.ensure(self.var).database_url)

    def ask(self, query: str):
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]

    def wait_for(self, query: str, answer, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        got = None
        while time.monotonic() < until:
            try:
                got = self.ask(query)
            except psycopg2.OperationalError as error:
                got = error
            if got == answer:
                return
            time.sleep(0.2)
        logs = "".join(path.read_text()[-3000:] for path in self.var.glob("*.log"))
        pytest.fail(f"{query!r} gave {got!r}, not {answer!r}\n{logs}")

    def end(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        embedded.stop(self.var)
