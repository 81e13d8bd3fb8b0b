"""Days written as letters, and the words of the tables of cases."""

from __future__ import annotations

from datetime import date

import numpy as np

from campaign.scoring.facts import Facts, facts_of
from campaign.scoring.spans import NONE, Spans, spans_of_days
from campaign.scoring.targets import Registrations

LETTERS = "–XVCĐ"


def spans_from(*lines: str) -> tuple[Spans, int]:
    """The spans of lines such as “Đ C? –”, one area each, and the number of days."""
    days = [line.split() for line in lines]
    level = np.array([[LETTERS.index(day[0]) for day in line] for line in days], np.int8)
    provisional = np.array([[day.endswith("?") for day in line] for line in days])
    return spans_of_days(level, provisional), level.shape[1]


def facts_from(lines: list[str], units: list[dict], *, first_day: date) -> Facts:
    """The facts on the last day of the lines; a unit may give `f0`, `dan_so`, `dang_ky`, `han_dang_ky`."""

    def index(day: date | None) -> int:
        return NONE if day is None else (day - first_day).days

    said = [unit.get("dang_ky", {}) for unit in units]
    registrations = Registrations(
        np.array([index(each.get("ngay")) for each in said], np.int32),
        np.array([LETTERS.index(each.get("muc_tieu", "–")) for each in said], np.int8),
        np.array([index(each.get("han")) for each in said], np.int32),
    )
    deadlines = {unit["han_dang_ky"] for unit in units if "han_dang_ky" in unit}
    spans, days = spans_from(*lines)
    return facts_of(
        spans,
        areas=len(lines),
        through=days - 1,
        cases=np.array([unit.get("f0", 0) for unit in units]),
        population=np.array([unit.get("dan_so", 0) for unit in units]),
        registrations=registrations,
        register_by=index(deadlines.pop()) if deadlines else None,
    )
