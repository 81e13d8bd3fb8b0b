"""How the simulated counts came in: day by day, some late, some corrected; and what was published when.

``counts/*.csv`` say what is known in the end. ``late.csv`` says who reported a day after its file had gone
(``*``: the whole province), ``corrections.csv`` what was first said of a commune and day, when it was put
right and why, ``facts.csv`` what was declared, ``hamlets.csv`` which communes also count by hamlet.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from demo.ninh_thuan.simulate import (
    COMPLETE,
    FIRST_DAY,
    HERE,
    KINDS,
    LAST_DAY,
    WITH_GAPS,
    file_name,
    read_units,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CUT_OFF = time(17, 0)
EVERYBODY = "*"

Numbers = tuple[int, ...]  # in the order of KINDS
NOTHING: Numbers = (0,) * len(KINDS)
Cell = tuple[str, date]  # the code of a commune or hamlet, and a day


@dataclass(frozen=True)
class Report:
    """What was posted at once. ``complete_under`` are the codes, each with the word for the kind of its
    units, that the report is complete for on ``day``: no row of theirs means zero."""

    at: datetime
    reason: str
    rows: dict[Cell, Numbers]
    day: date | None = None
    complete_under: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Declaration:
    at: datetime
    commune: str  # its name without the type word
    kind: str
    since: date
    until: date
    document: str


@dataclass(frozen=True)
class CutOff:
    """The map of ``at`` is published some minutes later."""

    at: datetime
    published_at: datetime


Event = Report | Declaration | CutOff


@dataclass
class _Story:
    """What the files say, by code."""

    province: str
    codes: dict[str, str]  # by name without the type word
    known: dict[Cell, Numbers]
    hamlets: dict[str, list[str]]
    named: set[date] = field(default_factory=set)  # days whose report names everybody who reported
    late: dict[date, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    first_said: dict[Cell, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    corrected: dict[tuple[datetime, str], set[Cell]] = field(default_factory=lambda: defaultdict(set))


def events(*, through: date = LAST_DAY) -> list[Event]:
    """All that happened until ``through`` was published, in order, no two at one instant.

    Through ``LAST_DAY`` the corrections of the days after it are there as well: they belong to the story.
    """
    story = _read_story()
    happened: list[Event] = [*_reports(story), *_corrections(story), *_declarations(), *_cut_offs()]
    end = _on(through, CUT_OFF)
    return sorted(
        (event for event in happened if event.at <= end or through >= LAST_DAY), key=lambda event: event.at
    )


def _cut_offs() -> Iterator[CutOff]:
    for day in _days():
        at = _on(day, CUT_OFF)
        yield CutOff(at, at + timedelta(minutes=3 + day.toordinal() % 7))


def _declarations() -> Iterator[Declaration]:
    for row in _rows("facts.csv"):
        yield Declaration(
            at=_moment(row["declared_at"]),
            commune=row["commune"],
            kind=row["kind"],
            since=date.fromisoformat(row["since"]),
            until=date.fromisoformat(row["until"]),
            document=row["document"],
        )


def _reports(story: _Story) -> Iterator[Report]:
    """The file of each day, before its cut-off as a rule, and the reports of those who were late for it."""
    for day in _days():
        reason = f"Báo cáo ngày {day:%d/%m/%Y}"
        late = story.late[day]
        at = late.get(EVERYBODY) or _on(day, time(16, 5 + day.toordinal() * 7 % 40))
        waited_for = set() if EVERYBODY in late else set(late)
        everyone = [code for code in story.codes.values() if code not in waited_for]
        if waited_for or day in story.named:
            cells = [(code, day) for code in everyone if day not in story.named or (code, day) in story.known]
            whole = [(code, "hamlet") for code in story.hamlets if code not in waited_for]
        else:
            cells = [(code, day) for code in everyone if any(_said(story, (code, day)))]
            whole = [(story.province, "commune"), *((code, "hamlet") for code in story.hamlets)]
        yield Report(at, reason, _said_of(story, cells), day, whole)
        for at in sorted({late[code] for code in waited_for}):
            codes = [code for code in waited_for if late[code] == at]
            yield Report(
                at,
                f"{reason}, gửi chậm",
                _said_of(story, [(code, day) for code in codes]),
                day,
                [(code, "hamlet") for code in codes if code in story.hamlets],
            )


def _corrections(story: _Story) -> Iterator[Report]:
    for (at, reason), cells in story.corrected.items():
        rows = {}
        for cell in sorted(cells):
            first, right = _said(story, cell), story.known.get(cell, NOTHING)
            before, after = (_by_hamlet(story, cell, numbers) for numbers in (first, right))
            rows[cell] = right
            rows |= {hamlet: after[hamlet] for hamlet in after if after[hamlet] != before[hamlet]}
        yield Report(at, reason, rows)


def _said_of(story: _Story, cells: list[Cell]) -> dict[Cell, Numbers]:
    rows = {}
    for cell in cells:
        rows[cell] = _said(story, cell)
        rows |= {
            hamlet: numbers for hamlet, numbers in _by_hamlet(story, cell, rows[cell]).items() if any(numbers)
        }
    return rows


def _said(story: _Story, cell: Cell) -> Numbers:
    """What was first said of a commune and day."""
    numbers = dict(zip(KINDS, story.known.get(cell, NOTHING), strict=True))
    return tuple((numbers | story.first_said.get(cell, {})).values())


def _by_hamlet(story: _Story, cell: Cell, numbers: Numbers) -> dict[Cell, Numbers]:
    """The commune's numbers by hamlet: those of a week lie close together. They add up."""
    code, day = cell
    hamlets = story.hamlets.get(code, [])
    shares = {(hamlet, day): [0] * len(KINDS) for hamlet in hamlets}
    for kind, number in enumerate(numbers):
        for case in range(number if hamlets else 0):
            place = (day.toordinal() // 7 * 2 + case % 2) % len(hamlets)
            shares[hamlets[place], day][kind] += 1
    return {hamlet: tuple(share) for hamlet, share in shares.items()}


def _read_story() -> _Story:
    units = read_units()
    codes = {unit["name"].removeprefix(unit["type"]).strip(): unit["code"] for unit in units}
    known = {}
    named = set()
    for period in (*COMPLETE, *WITH_GAPS):
        for row in _rows(f"counts/{file_name(*period)}"):
            day = date.fromisoformat(row["date"])
            known[row["code"], day] = tuple(int(row[kind]) for kind in KINDS)
            if period in WITH_GAPS:
                named.add(day)
    hamlets = defaultdict(list)
    for row in _rows("hamlets.csv"):
        hamlets[row["commune_code"]].append(row["code"])
    story = _Story(units[0]["province_code"], codes, known, dict(hamlets), named)
    for row in _rows("late.csv"):
        who = row["commune"] if row["commune"] == EVERYBODY else codes[row["commune"]]
        story.late[date.fromisoformat(row["day"])][who] = _moment(row["reported_at"])
    for row in _rows("corrections.csv"):
        cell = codes[row["commune"]], date.fromisoformat(row["day"])
        story.first_said[cell][row["kind"]] = int(row["first_said"])
        story.corrected[_moment(row["corrected_at"]), row["reason"].capitalize()].add(cell)
    return story


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _days() -> Iterator[date]:
    for number in range((LAST_DAY - FIRST_DAY).days + 1):
        yield FIRST_DAY + timedelta(number)


def _on(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, ZONE)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
