"""A file of 5,000 rows put into the ledger: by a person through the pages, and by the operator's command."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from benchmarks.report import Row, median, row, seconds, spread
from core.enums import AreaKind
from core.models import Area
from core.people import system_user
from riskmap.counts import CountRow, post_counts
from riskmap.entry_source import ENTRY_SOURCE, entry_source
from riskmap.imports import commit_batch, preview_batch
from riskmap.imports.export import export_counts
from riskmap.models import Assessment, GuardedPeriod

ROWS = 5_000
REACH = 2  # s
EXPORTED = 50_000
EXPORT_REACH = 5  # s


def measure_importing(
    *, province: Area, at: datetime, rounds: int, rows: int = ROWS, exported: int = EXPORTED
) -> list[Row]:
    """Commit previewed files of new numbers, and a correction of every one of them, each round on other days.

    A competition is on all the while, so that every colour that a correction changes makes it wait. At the
    end what was said is written out again, with as many rows more as it takes.
    """
    communes = list(Area.objects.under(province).of_kind(AreaKind.COMMUNE).order_by("code"))
    begin = Assessment.objects.get(province=province).last_reported_day + timedelta(1)
    GuardedPeriod.objects.create(province=province, name="thử", first_day=begin, last_day=at.date())
    days = -(-rows // len(communes))
    by_command, by_page, corrections = [], [], []
    for number in range(rounds + 1):  # the first warms up
        first, second = (begin + timedelta((2 * number + place) * days) for place in range(2))
        took = [
            _commit(province, None, _file(communes, first, rows, cases=0), at),
            _commit(province, province, _file(communes, second, rows, cases=0), at),
            _commit(province, province, _file(communes, second, rows, cases=1), at),
        ]
        if number:
            for kept, one in zip((by_command, by_page, corrections), took, strict=True):
                kept.append(one)
    return [
        _row("new numbers", by_page, by_command, rows, rounds),
        _row("all corrected, changing colours of a competition", corrections, by_command, rows, rounds),
        _export(province, communes, begin + timedelta(2 * (rounds + 1) * days), exported, rounds, at),
    ]


def _export(
    province: Area, communes: Sequence[Area], first: date, rows: int, rounds: int, at: datetime
) -> Row:
    days = rows // len(communes)
    source, by = entry_source(province=province, by=system_user()), system_user()
    said = [
        CountRow(commune.pk, first + timedelta(place), unknown_source=1, known_source=0, close_contacts=2)
        for place in range(days)
        for commune in communes
    ]
    post_counts(source=source, rows=said, reason="đo tốc độ", by=by, at=at)
    last = first + timedelta(days - 1)
    took = [
        seconds(lambda: export_counts(area=province, source=source, first=first, last=last))
        for _round in range(rounds)
    ]
    return row(
        f"export of {len(said):,} rows as a workbook",
        f"median of {rounds} ({spread(took)} s)",
        median(took),
        "s",
        reach=f"<= {EXPORT_REACH} s",
        met=median(took) <= EXPORT_REACH,
    )


def _row(what: str, took: list[float], beside: list[float], rows: int, rounds: int) -> Row:
    return row(
        f"commit of a file of {rows:,} rows through the pages: {what}",
        f"median of {rounds} ({spread(took)} s)",
        median(took),
        "s",
        against=f"new numbers by the command {median(beside):.2f} s",
        ratio=median([one / other for one, other in zip(took, beside, strict=True)]),
        reach=f"<= {REACH} s",
        met=median(took) <= REACH,
    )


def _commit(province: Area, scope: Area | None, content: bytes, at: datetime) -> float:
    """Seconds to commit the file, its preview not counted."""
    by = system_user()
    batch = preview_batch(
        file=io.BytesIO(content),
        name="thử.csv",
        province=province,
        scope=scope,
        source=ENTRY_SOURCE,
        by=by,
        at=at,
    ).batch
    return seconds(lambda: commit_batch(batch=batch, by=by, at=at, reason="đo tốc độ"))


def _file(communes: Sequence[Area], first: date, rows: int, *, cases: int) -> bytes:
    lines = [
        f"{commune.code},{first + timedelta(place)},{cases},0,{cases}"
        for place in range(-(-rows // len(communes)))
        for commune in communes
    ]
    return "\n".join(["code,date,unknown_source,known_source,close_contacts", *lines[:rows], ""]).encode()
