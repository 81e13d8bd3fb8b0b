"""The peak memory of the real worker, rung by the bell, while it rebuilds the nation and draws every map."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.db.models import F

from benchmarks.loading import Loaded
from benchmarks.nation import FIRST_DAY
from benchmarks.rebuild import forget_levels
from benchmarks.report import Row, row
from riskmap.models import Assessment, StaleMark
from riskmap.stale import mark_provinces_stale

REACH = 350  # MB
SECONDS = 300
_WORKER = ("--concurrency=1", "--without-gossip", "--without-mingle", "--loglevel=WARNING")


def measure_memory(loaded: Loaded) -> list[Row]:
    """Raises ``NotImplementedError`` where the system does not tell a process's peak (Linux does)."""
    if not Path("/proc/self/status").exists():
        raise NotImplementedError("the peak of another process is read from Linux's /proc")
    forget_levels()
    StaleMark.objects.all().delete()
    with _worker() as worker:
        since = {province.pk: FIRST_DAY for province in loaded.provinces}
        mark_provinces_stale(since_by_province=since, cause="đo bộ nhớ")
        deadline = time.monotonic() + SECONDS
        while _work_left(len(loaded.provinces)):
            if worker.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the worker did not finish the rebuild")
            time.sleep(0.2)
        tree = [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]
        peaks = [_peak_mb(process.pid) for process in tree]
    peak = max(peaks)
    return [
        row(
            "peak memory of the worker in the full rebuild, maps drawn",
            f"the largest of its {len(peaks)} processes (VmHWM)",
            peak,
            "MB",
            reach=f"<= {REACH}",
            met=peak <= REACH,
        )
    ]


def _work_left(provinces: int) -> bool:
    return (
        Assessment.objects.filter(frames_version=F("version")).count() < provinces
        or StaleMark.objects.exists()
    )


@contextmanager
def _worker() -> Iterator[subprocess.Popen]:
    """The worker as ``make demo`` starts it."""
    worker = subprocess.Popen([sys.executable, "-m", "celery", "--app=config", "worker", *_WORKER])
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(timeout=60)


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1000
