"""What was measured: one row for each promise, as a table for people and as JSON for machines."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import TypedDict

RESULTS = Path(__file__).resolve().parent / "results"


class Row(TypedDict):
    """``ratio``, ``reach`` and ``met`` are ``None`` where nothing was promised."""

    work: str
    measure: str
    value: float
    unit: str
    against: str
    ratio: float | None
    reach: str | None
    met: bool | None


def row(
    work: str,
    measure: str,
    value: float,
    unit: str,
    *,
    against: str = "–",
    ratio: float | None = None,
    reach: str | None = None,
    met: bool | None = None,
) -> Row:
    ratio = None if ratio is None else round(ratio, 3)
    return Row(
        work=work,
        measure=measure,
        value=round(value, 4 if value < 1 else 1),
        unit=unit,
        against=against,
        ratio=ratio,
        reach=reach,
        met=None if met is None else bool(met),
    )


def seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def median(values: list[float]) -> float:
    return statistics.median(values)


def spread(values: list[float]) -> str:
    low, high = (f"{each:.0f}" if each >= 100 else f"{each:.3g}" for each in (min(values), max(values)))
    return f"{low}–{high}"


def show(rows: list[Row]) -> None:
    head = ["work", "measure", "value", "against", "ratio", "reach", "met"]
    lines = [
        [
            each["work"],
            each["measure"],
            f"{each['value']:g} {each['unit']}",
            each["against"],
            "" if each["ratio"] is None else f"{each['ratio']:g}",
            each["reach"] or "",
            {True: "yes", False: "NO", None: ""}[each["met"]],
        ]
        for each in rows
    ]
    widths = [max(len(line[column]) for line in [head, *lines]) for column in range(len(head))]
    for line in [head, ["-" * width for width in widths], *lines]:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def write(rows: list[Row], not_measured: dict[str, str], *, at: datetime) -> Path:
    """Write the JSON and return where."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{at:%Y-%m-%dT%H%M%S}.json"
    machine = {
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
    }
    content = {"at": at.isoformat(), "machine": machine, "rows": rows, "not_measured": not_measured}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return path
