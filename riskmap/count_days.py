"""Counts of an area, day by day: what is in force, and what every source said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from core.finding import line_of
from core.models import Area
from riskmap.in_force import COUNT_COLUMNS


@dataclass(frozen=True, slots=True)
class Counted:
    """The numbers of a day; ``None`` where the source does not say. F0 are the first four."""

    unclassified: int | None = None
    unknown_source: int | None = None
    known_source: int | None = None
    isolated: int | None = None
    close_contacts: int | None = None
    tests: int | None = None
    suspected: int | None = None

    @property
    def cases(self) -> int:
        """All F0 of the day, however found."""
        return sum(getattr(self, name) or 0 for name in COUNT_COLUMNS[:4])


@dataclass(frozen=True, slots=True)
class Word:
    """What one source says of the day now. ``silent``: it said to be complete and gave no number: zero.

    ``said_at`` and ``reason`` are those of its last posting on that day, ``corrections`` how often it
    changed its word before; ``entry_id`` is the row of the ledger, ``None`` when silent.
    """

    source: str
    rank: int
    counted: Counted
    silent: bool
    in_force: bool
    entry_id: int | None
    said_at: datetime | None
    reason: str
    corrections: int


@dataclass(frozen=True, slots=True)
class DayCounts:
    """One day of one area. ``in_force`` is ``None`` where nobody reported: that is not zero."""

    day: date
    in_force: Counted | None
    words: tuple[Word, ...]

    @property
    def disputed(self) -> bool:
        """Whether sources give different totals."""
        return len({word.counted.cases for word in self.words}) > 1


_WORDS = f"""
SELECT e.day, s.id, s.name, s.rank, e.id, d.entry_id = e.id, post.posted_at, post.reason,
    e.earlier, {", ".join(f"e.{name}" for name in COUNT_COLUMNS)}
FROM (
    SELECT DISTINCT ON (day, source_id) *, count(*) OVER (PARTITION BY day, source_id) - 1 AS earlier
    FROM riskmap_countentry WHERE area_id = %(area)s AND day BETWEEN %(first)s AND %(last)s
    ORDER BY day, source_id, id DESC
) e
JOIN riskmap_countsource s ON s.id = e.source_id
JOIN riskmap_countpost post ON post.id = e.post_id
LEFT JOIN riskmap_dailycount d ON d.area_id = %(area)s AND d.day = e.day
WHERE NOT e.withdrawn
ORDER BY e.day, s.rank
"""

_COMPLETE = """
SELECT s.id, s.name, s.rank, greatest(c.first_day, %(first)s), least(c.last_day, %(last)s)
FROM riskmap_reportcoverage c
JOIN riskmap_countsource s ON s.id = c.source_id
WHERE c.scope_id = ANY (%(line)s) AND c.kind = %(kind)s
    AND c.first_day <= %(last)s AND c.last_day >= %(first)s
"""


def counts_of(*, area: Area, first: date, last: date) -> list[DayCounts]:
    """Every day from ``first`` to ``last`` of a commune or hamlet. Two queries, and one a tier above it."""
    words: dict[date, dict[int, Word]] = defaultdict(dict)
    asked = {
        "area": area.pk,
        "first": first,
        "last": last,
        "line": [each.pk for each in line_of(area)],
        "kind": area.kind,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, asked)
        for day, source, name, rank, entry, in_force, at, reason, earlier, *numbers in cursor.fetchall():
            words[day][source] = Word(
                name, rank, Counted(*numbers), False, bool(in_force), entry, at, reason, earlier
            )
        cursor.execute(_COMPLETE, asked)
        complete = cursor.fetchall()
    for source, name, rank, begin, end in complete:
        for n in range((end - begin).days + 1):
            words[begin + timedelta(days=n)].setdefault(
                source, Word(name, rank, Counted(unclassified=0), True, False, None, None, "", 0)
            )
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [_day(day, sorted(words[day].values(), key=lambda word: word.rank)) for day in days]


def _day(day: date, words: list[Word]) -> DayCounts:
    chosen = next((word for word in words if word.in_force), None)
    if chosen is None and words:  # no entry is in force: a silent zero is, that of the source asked first
        first = next(place for place, word in enumerate(words) if word.silent)
        chosen = words[first]
        words[first] = Word(chosen.source, chosen.rank, chosen.counted, True, True, None, None, "", 0)
    return DayCounts(day, chosen.counted if chosen else None, tuple(words))
