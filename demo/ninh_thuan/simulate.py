"""Simulated counts of the demo: outbreaks.csv and the province's published totals make the files in counts/.

No counts by commune were published for Ninh Thuận in these months. Province-wide totals are the published
ones where they are known, and between guesses of ours elsewhere; where the cases lay is invented. Run it
again after changing the outbreaks::

    python -m demo.ninh_thuan.simulate
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
FIRST_DAY, LAST_DAY = date(2021, 8, 1), date(2021, 12, 31)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
SEED = 58

# New cases of the province as published by the press: 15/8–19/9 day by day, and single days.
PUBLISHED_FROM = date(2021, 8, 15)
PUBLISHED = (
    22, 27, 11, 8, 7, 4, 4, 5, 4, 4, 6, 5, 6, 6, 6, 7, 6,
    6, 2, 0, 3, 1, 4, 1, 2, 1, 3, 5, 2, 5, 5, 8, 12, 13, 14, 15,
)  # fmt: skip
PUBLISHED_DAYS = {
    date(2021, 8, 12): 24,
    date(2021, 9, 21): 11,
    date(2021, 9, 27): 9,
    date(2021, 9, 28): 16,
    date(2021, 10, 14): 6,
}
# Between these the totals are ours: a line from one to the next, give or take a fifth.
ASSUMED = {
    date(2021, 8, 1): 9, date(2021, 8, 9): 18, date(2021, 9, 24): 12, date(2021, 10, 6): 8,
    date(2021, 10, 20): 8, date(2021, 10, 28): 18, date(2021, 11, 4): 44, date(2021, 11, 12): 66,
    date(2021, 11, 20): 54, date(2021, 12, 1): 32, date(2021, 12, 16): 12, date(2021, 12, 31): 22,
}  # fmt: skip

# Files as the province's CDC would send them. Complete ones leave zeros out; the others name every report,
# so that a commune and day that is not there did not report.
COMPLETE = (
    (date(2021, 8, 1), date(2021, 8, 31)),
    (date(2021, 9, 1), date(2021, 9, 30)),
    (date(2021, 10, 1), date(2021, 10, 8)),
    (date(2021, 10, 13), date(2021, 10, 31)),
    (date(2021, 11, 1), date(2021, 11, 30)),
    (date(2021, 12, 1), date(2021, 12, 26)),
)
WITH_GAPS = ((date(2021, 10, 9), date(2021, 10, 12)), (date(2021, 12, 27), date(2021, 12, 31)))
MISSING = (
    ("Phước Bình", date(2021, 10, 9), date(2021, 10, 11)),
    ("Ma Nới", date(2021, 10, 10), date(2021, 10, 12)),
    ("Phước Diêm", date(2021, 12, 28), date(2021, 12, 29)),
    ("Phước Thành", date(2021, 12, 29), date(2021, 12, 31)),
)
KINDS = ("unknown_source", "known_source", "isolated", "close_contacts")


@dataclass(frozen=True)
class Outbreak:
    """Cases in the community of a commune between two days, by whether their source was found."""

    commune: int
    first: int
    last: int
    unknown: int
    known: int


def simulate(*, names: list[str], population: np.ndarray, outbreaks: list[Outbreak]) -> dict[str, np.ndarray]:
    """Counts by kind: arrays (communes, days). The first three kinds add up to ``province_totals``."""
    draw = np.random.Generator(np.random.PCG64(SEED))
    totals = province_totals(draw)
    counts = {kind: np.zeros((len(names), DAYS), int) for kind in KINDS}
    left = totals.copy()
    for outbreak in outbreaks:
        for kind, number in (("unknown_source", outbreak.unknown), ("known_source", outbreak.known)):
            for day in _days_of_cases(outbreak, number, left, draw):
                left[day] -= 1
                counts[kind][outbreak.commune, day] += 1
    for day in range(DAYS):
        chance = _where_isolated_cases_are(counts, population, day)
        counts["isolated"][:, day] = draw.multinomial(left[day], chance)
    community = counts["unknown_source"] + counts["known_source"]
    counts["close_contacts"] = draw.poisson(4.0 * community) + draw.poisson(
        1.5 * np.roll(community, 1, axis=1)
    )
    counts["close_contacts"][:, 0] = draw.poisson(4.0 * community[:, 0])
    return counts


def province_totals(draw: np.random.Generator) -> np.ndarray:
    """New cases of the province on each day: published where known."""
    known = ASSUMED | PUBLISHED_DAYS
    known |= {PUBLISHED_FROM + timedelta(i): cases for i, cases in enumerate(PUBLISHED)}
    days = sorted(known)
    line = np.interp(np.arange(DAYS), [_index(day) for day in days], [known[day] for day in days])
    totals = np.rint(line * draw.uniform(0.8, 1.2, DAYS)).astype(int)
    for day, cases in known.items():
        if day not in ASSUMED:
            totals[_index(day)] = cases
    return totals


def _days_of_cases(outbreak: Outbreak, number: int, left: np.ndarray, draw: np.random.Generator) -> list[int]:
    """Days of an outbreak's cases: its first and last day, the others by chance where cases are left."""
    days = [outbreak.first, outbreak.last][: min(number, 2)]
    if any(left[day] < days.count(day) for day in days):
        raise ValueError(f"more cases in outbreaks than the province had: {outbreak}")
    room = left[outbreak.first : outbreak.last + 1].astype(float)
    for day in days:
        room[day - outbreak.first] -= 1
    for _ in range(number - len(days)):
        day = int(draw.choice(len(room), p=room / room.sum()))
        room[day] -= 1
        days.append(outbreak.first + day)
    return days


def _where_isolated_cases_are(counts: dict[str, np.ndarray], population: np.ndarray, day: int) -> np.ndarray:
    """Chance of each commune: those quarantined come from where cases were in the two weeks before."""
    since = max(day - 14, 0)
    recent = (counts["unknown_source"] + counts["known_source"])[:, since : day + 1].sum(axis=1)
    weight = population / population.sum() + 1.2 * recent / max(recent.sum(), 1)
    return weight / weight.sum()


def read_units() -> list[dict[str, str]]:
    with (HERE / "units.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_outbreaks(names: list[str]) -> list[Outbreak]:
    with (HERE / "outbreaks.csv").open(encoding="utf-8", newline="") as file:
        return [
            Outbreak(
                commune=names.index(row["commune"]),
                first=_index(date.fromisoformat(row["first_day"])),
                last=_index(date.fromisoformat(row["last_day"])),
                unknown=int(row["unknown"]),
                known=int(row["known"]),
            )
            for row in csv.DictReader(file)
        ]


def simulated() -> tuple[list[str], list[str], dict[str, np.ndarray], np.ndarray]:
    """Codes, names, counts by kind, and who reported: bool (communes, days)."""
    units = read_units()
    names = [row["name"].removeprefix(row["type"]).strip() for row in units]
    population = np.array([int(row["population_2021"]) for row in units])
    counts = simulate(names=names, population=population, outbreaks=read_outbreaks(names))
    reported = np.ones((len(units), DAYS), bool)
    for name, first, last in MISSING:
        reported[names.index(name), _index(first) : _index(last) + 1] = False
    return [row["code"] for row in units], names, counts, reported


def files() -> dict[str, str]:
    """The CSV files by name: ``code,date`` and the kinds of counts."""
    codes, _names, counts, reported = simulated()
    some = sum(counts.values()) > 0
    made = {}
    for first, last in (*COMPLETE, *WITH_GAPS):
        lines = [",".join(("code", "date", *KINDS))]
        for day in range(_index(first), _index(last) + 1):
            rows = reported[:, day] & (some[:, day] | ((first, last) in WITH_GAPS))
            for place in np.flatnonzero(rows):
                numbers = [str(counts[kind][place, day]) for kind in KINDS]
                lines.append(",".join((codes[place], str(FIRST_DAY + timedelta(day)), *numbers)))
        made[file_name(first, last)] = "\n".join(lines) + "\n"
    return made


def file_name(first: date, last: date) -> str:
    return f"{first}_{last}.csv"


def _index(day: date) -> int:
    return (day - FIRST_DAY).days


def main() -> None:
    (HERE / "counts").mkdir(exist_ok=True)
    for name, text in files().items():
        (HERE / "counts" / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
