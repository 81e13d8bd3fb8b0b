"""Who accepted which numbers, and when: a round before each cut-off takes what waits, but not everything.

``approvals.csv`` says which days of districts were accepted in a later round (or in none, within the story)
and which were sent back. What comes in of a day that was accepted needs leave, and a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from demo.ninh_thuan.happenings import ZONE, Acceptance, DayOfDistrict, Leave, Report, Return
from demo.ninh_thuan.simulate import FIRST_DAY, LAST_DAY, read_units

ROUND = time(16, 50)
LEAVE_BEFORE = timedelta(minutes=25)
LEAVE_LASTS = timedelta(days=2)


@dataclass(frozen=True)
class HeldBack:
    """A day of a district that was not accepted in its own round, and why it was sent back if it was."""

    accepted_on: date  # the day of the round that takes it; ``date.max``: not within the story
    returned_at: datetime | None
    reason: str


def held_back(rows: Iterable[Mapping[str, str]]) -> dict[DayOfDistrict, HeldBack]:
    """What ``approvals.csv`` says."""
    codes = {
        unit["district"].split(" ", 1)[1].removeprefix("phố "): unit["district_code"] for unit in read_units()
    }
    return {
        (codes[row["district"]], date.fromisoformat(row["day"])): HeldBack(
            date.fromisoformat(row["accepted_on"]) if row["accepted_on"] else date.max,
            datetime.fromisoformat(row["returned_at"]).replace(tzinfo=ZONE) if row["returned_at"] else None,
            row["reason"],
        )
        for row in rows
    }


def with_approval(
    reports: list[Report], *, held_back: Mapping[DayOfDistrict, HeldBack], districts: Mapping[str, str]
) -> Iterator[Report | Acceptance | Return | Leave]:
    """The reports, in order, with what Sở Y tế did about each; ``districts`` are those of all units."""
    returns = [
        Return(held.returned_at, day, held.reason) for day, held in held_back.items() if held.returned_at
    ]
    waiting: set[DayOfDistrict] = set()
    accepted: set[DayOfDistrict] = set()
    documents = 10  # numbers below are those of facts and decisions
    for event in sorted([*reports, *returns, *_rounds(reports)], key=lambda event: event.at):
        match event:
            case Report():
                locked = sorted(
                    {
                        (code.split("-")[0], day)
                        for code, day in event.rows
                        if (districts[code], day) in accepted
                    }
                )
                if locked:
                    documents += 1
                    yield Leave(event.at - LEAVE_BEFORE, tuple(locked), event.reason, event.at + LEAVE_LASTS)
                waiting |= {(districts[code], day) for code, day in event.rows}
                yield replace(event, document=f"{documents}/MP (văn bản mô phỏng)") if locked else event
            case Return():
                waiting.discard(event.day)
                yield event
            case Acceptance():
                days = sorted(
                    day
                    for day in waiting
                    if day not in held_back or held_back[day].accepted_on <= event.at.date()
                )
                waiting -= set(days)
                accepted |= set(days)
                if days:
                    yield replace(event, days=tuple(days))


def _rounds(reports: list[Report]) -> Iterator[Acceptance]:
    """One a day, some minutes before the cut-off, as long as anything comes in."""
    days = {FIRST_DAY + timedelta(number) for number in range((LAST_DAY - FIRST_DAY).days + 1)}
    for day in sorted(days | {report.at.date() for report in reports}):
        at = datetime.combine(day, ROUND, ZONE) + timedelta(minutes=day.toordinal() % 8)
        yield Acceptance(at, ())
