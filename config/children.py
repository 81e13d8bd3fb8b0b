"""The processes of a running portal: kept alive, found again after a crash, ended together."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from config.embedded.processes import end

# In the environment of every process that a run started, with its VAR_DIR: so are they found again.
MARK = "RISKMAP_RUN"
SECONDS_TO_END = 20
LONGEST_PAUSE = 30
STEADY_AFTER = 60  # seconds after which a death counts as the first again


class Child:
    """One program kept running: when it ends, it is started again, after a pause that doubles."""

    def __init__(self, name: str, command: Sequence[str], *, log: Path, environment: Mapping[str, str]):
        self.name = name
        self.log = log
        self._command = command
        self._environment = environment
        self._process: subprocess.Popen | None = None
        self._started_at = 0.0
        self._pause = 0.5
        self._start_again_at = 0.0

    def start(self) -> None:
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for the runner, which ends its children in order
            )
        self._started_at = time.monotonic()

    def look(self) -> str | None:
        """Start again if it ended; returns what to tell the person, if anything."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._start_again_at:
                self.start()
            return None
        code = self._process.poll()
        if code is None:
            return None
        self._pause = 0.5 if now - self._started_at > STEADY_AFTER else min(self._pause * 2, LONGEST_PAUSE)
        self._process = None
        self._start_again_at = now + self._pause
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"{self.name} ended ({how}); it starts again in {self._pause:g} s. See {self.log}"


def end_all(var: Path) -> int:
    """End every process that a run on ``var`` started, this one's too; returns how many there were."""
    processes = _marked(var)
    end(processes, [(signal.SIGTERM, SECONDS_TO_END)])
    end(_marked(var), [(signal.SIGKILL, 5)])  # workers that outlived their parent as well
    return len(processes)


def _marked(var: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["status"]):
        if process.pid == os.getpid() or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        try:
            if process.environ().get(MARK) == str(var):
                found.append(process)
        except (psutil.Error, OSError):  # somebody else's, or gone meanwhile
            continue
    return found
