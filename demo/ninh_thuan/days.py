"""How the simulated counts came in: day by day, some late, some corrected; and what was published when.

``counts/*.csv`` say what is known in the end. ``late.csv`` says who reported a day after the others had
(``*``: the whole province), ``corrections.csv`` what was first said of a commune and day, when it was put
right and why, ``facts.csv`` and ``decisions.csv`` what people declared and decided, ``hamlets.csv`` which
communes also count by hamlet, ``cdc.csv`` what a second source said of some days, ``waiting.csv`` the
correction that nobody has confirmed. Who approved what, and when: ``approval.py``.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from demo.ninh_thuan.approval import held_back, with_approval
from demo.ninh_thuan.awarding import Award, awards
from demo.ninh_thuan.competition import Deed, deeds
from demo.ninh_thuan.happenings import (
    NOTHING,
    ZONE,
    Cell,
    Confirmation,
    CutOff,
    Decision,
    Declaration,
    Event,
    Numbers,
    Reading,
    Report,
    Source,
)
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
from demo.ninh_thuan.watching import Watch, watches

CUT_OFF = time(17, 0)
EVERYBODY = "*"
CLERKS = {"587": "ninh-phuoc"}  # districts that send their own numbers; the others' come in one file
CLERKS_ARE_EARLIER = timedelta(minutes=31)
ASKED_BEFORE = timedelta(minutes=40)  # a correction is asked for, and then confirmed by a second person
COMPETED_FROM = date(2021, 9, 1)
EVERYTHING_READ = datetime(2021, 12, 30, 18, 0, tzinfo=ZONE)


@dataclass
class _Story:
    """What the files say, by code."""

    codes: dict[str, str]  # by name without the type word
    districts: dict[str, str]  # of communes and hamlets
    known: dict[Cell, Numbers]
    hamlets: dict[str, list[str]]
    named: set[date] = field(default_factory=set)  # days whose report names everybody who reported
    late: dict[date, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    first_said: dict[Cell, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    corrected: dict[tuple[datetime, str], set[Cell]] = field(default_factory=lambda: defaultdict(set))


def events(*, through: date = LAST_DAY) -> list[Event | Deed | Watch | Award]:
    """All that happened until ``through`` was published, in order, no two at one instant.

    Through ``LAST_DAY`` what was done about it in the days after is there as well: it belongs to the story.
    """
    story = _read_story()
    reports = sorted(
        [*_reports(story), *_corrections(story), *_second_source(story)], key=lambda each: each.at
    )
    happened: list[Event | Deed | Watch | Award] = [
        *with_approval(reports, held_back=held_back(_rows("approvals.csv")), districts=story.districts),
        *_confirmations(story),
        *_declarations(story),
        *_decisions(story),
        *_cut_offs(),
        *_waiting(story),
        *deeds(),
        *watches(),
        *awards(),
        Reading(EVERYTHING_READ),
    ]
    end = _on(through, CUT_OFF)
    return sorted(
        (event for event in happened if event.at <= end or through >= LAST_DAY), key=lambda event: event.at
    )


def _cut_offs() -> Iterator[CutOff]:
    for day in _days():
        at = _on(day, CUT_OFF)
        yield CutOff(at, at + timedelta(minutes=3 + day.toordinal() % 7))


def _declarations(story: _Story) -> Iterator[Declaration | Confirmation]:
    for row in _rows("facts.csv"):
        declared = Declaration(
            at=_moment(row["declared_at"]),
            commune=story.codes[row["commune"]],
            kind=row["kind"],
            since=date.fromisoformat(row["since"]),
            until=date.fromisoformat(row["until"]),
            document=row["document"],
        )
        yield declared
        if row["confirmed_at"]:
            yield Confirmation(_moment(row["confirmed_at"]), declared)


def _decisions(story: _Story) -> Iterator[Decision | Confirmation]:
    for row in _rows("decisions.csv"):
        decided = Decision(
            at=_moment(row["decided_at"]),
            commune=story.codes[row["commune"]],
            level=row["level"],
            since=date.fromisoformat(row["since"]),
            until=date.fromisoformat(row["until"]),
            reason=row["reason"],
            document=row["document"],
        )
        yield decided
        yield Confirmation(_moment(row["confirmed_at"]), decided)


def _reports(story: _Story) -> Iterator[Report]:
    """What was sent of each day, before it was due as a rule, and the reports of those who were late."""
    for day in _days():
        reason = f"Báo cáo ngày {day:%d/%m/%Y}"
        late = story.late[day]
        at = late.get(EVERYBODY) or _on(day, time(15, 5 + day.toordinal() * 7 % 40))
        reported = [
            code for code in story.codes.values() if day not in story.named or (code, day) in story.known
        ]
        in_time = [code for code in reported if code not in late]
        for clerk, codes in _by_clerk(story, in_time).items():
            sent_at = at - CLERKS_ARE_EARLIER if clerk else at
            yield Report(sent_at, clerk, reason, _said_of(story, codes, day), day)
        waited_for = {code: moment for code, moment in late.items() if code != EVERYBODY}
        for moment in sorted(set(waited_for.values())):
            codes = [code for code in waited_for if waited_for[code] == moment]
            for clerk, theirs in _by_clerk(story, codes).items():
                rows = _said_of(story, theirs, day)
                yield Report(moment, clerk, f"{reason}, gửi chậm", rows, day)


def _by_clerk(story: _Story, codes: Iterable[str]) -> dict[str, list[str]]:
    """Communes by the account that sends their numbers; none for those that come in one file."""
    groups: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        groups[CLERKS.get(story.districts[code], "")].append(code)
    return groups


def _corrections(story: _Story) -> Iterator[Report]:
    for (at, reason), cells in story.corrected.items():
        rows = {}
        for cell in sorted(cells):
            first, right = _said(story, cell), story.known.get(cell, NOTHING)
            before, after = (_by_hamlet(story, cell, numbers) for numbers in (first, right))
            rows[cell] = right
            rows |= {hamlet: after[hamlet] for hamlet in after if after[hamlet] != before[hamlet]}
        (clerk,) = _by_clerk(story, {code for code, _day in cells})
        asked_at = at - ASKED_BEFORE if at.date() >= COMPETED_FROM else at
        yield Report(asked_at, clerk, reason, rows)


def _confirmations(story: _Story) -> Iterator[Confirmation]:
    """The second person's word on corrections, where a colour that is competed for needs it."""
    for at, _reason in story.corrected:
        if at.date() >= COMPETED_FROM:
            yield Confirmation(at)


def _second_source(story: _Story) -> Iterator[Report]:
    by_day: dict[date, dict[Cell, Numbers]] = defaultdict(dict)
    for row in _rows("cdc.csv"):
        cell = story.codes[row["commune"]], date.fromisoformat(row["day"])
        by_day[cell[1]][cell] = tuple(int(row[kind]) for kind in KINDS[:3])
    for day, rows in by_day.items():
        reason = f"Danh sách ca bệnh ngày {day:%d/%m/%Y}"
        yield Report(_on(day, time(16, 46)), "", reason, rows, day, source=Source.CDC)


def _waiting(story: _Story) -> Iterator[Report]:
    for row in _rows("waiting.csv"):
        cell = story.codes[row["commune"]], date.fromisoformat(row["day"])
        numbers = dict(zip(KINDS, story.known[cell], strict=True)) | {row["kind"]: int(row["number"])}
        (clerk,) = _by_clerk(story, [cell[0]])
        reason = row["reason"].capitalize()
        yield Report(_moment(row["requested_at"]), clerk, reason, {cell: tuple(numbers.values())}, waits=True)


def _said_of(story: _Story, codes: Iterable[str], day: date) -> dict[Cell, Numbers]:
    """What communes first said of a day, with their hamlets; no cases are said as zeros."""
    rows = {}
    for code in codes:
        rows[code, day] = _said(story, (code, day))
        rows |= _by_hamlet(story, (code, day), rows[code, day])
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
    districts = {unit["code"]: unit["district_code"] for unit in units}
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
        districts[row["code"]] = districts[row["commune_code"]]
    story = _Story(codes, districts, known, dict(hamlets), named)
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
