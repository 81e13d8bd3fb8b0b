"""Finding and ending the servers of one data directory, and no others."""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import psutil


def running(program: str, data: Path) -> list[psutil.Process]:
    """Main processes named ``program`` that were started on ``data`` or have it as working directory.

    Process ids in left-over files are not trusted: after a restart of the machine they belong to others.
    """
    found = []
    for process in psutil.process_iter(["name", "cmdline", "ppid", "status"]):
        if process.info["name"] != program or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        arguments = process.info["cmdline"] or []
        if str(data) in arguments or (_is_main(arguments, program) and _working_directory(process) == data):
            found.append(process)
    return found


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end(processes: Sequence[psutil.Process], signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn to those still alive, waiting up to its seconds for them to go."""
    for number, seconds in signals:
        for process in processes:
            if is_alive(process.pid):
                process.send_signal(number)
        deadline = time.monotonic() + seconds
        while any(is_alive(process.pid) for process in processes):
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        else:
            return


def _is_main(arguments: Sequence[str], program: str) -> bool:
    return bool(arguments) and os.path.basename(arguments[0]) == program


def _working_directory(process: psutil.Process) -> Path | None:
    try:
        return Path(process.cwd())
    except (psutil.Error, OSError):
        return None
