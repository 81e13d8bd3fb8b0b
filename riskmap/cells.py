"""Cells: what stands in the day's grid for each commune, a draft or what its people sent. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from riskmap.models import CountSource
from riskmap.plausibility import Numbers


@dataclass(frozen=True, slots=True)
class CellState:
    """What stands in a cell now: a draft over the source's own word, either, or neither.

    ``version`` is the draft's, 0 without one, and grows with each save of any cell: none comes twice.
    ``entry`` is the source's latest row of the ledger, withdrawn or not; ``base_entry`` the one the draft was
    typed over. ``sent`` is what the source says, ``None`` where it does not.
    """

    area_id: int
    version: int
    base_entry: int | None
    draft: Numbers | None
    draft_note: str
    saved_at: datetime | None
    saved_by: str
    entry: int | None
    sent: Numbers | None
    unclassified: int | None  # part of what was sent; the grid has no column for it
    sent_at: datetime | None
    sent_by: str
    sent_note: str

    @property
    def numbers(self) -> Numbers:
        """What a person sees in the cell: the draft, and what was sent where the draft leaves a blank."""
        return over(self.draft or Numbers(), self.sent)

    @property
    def note(self) -> str:
        return self.sent_note if self.draft is None else self.draft_note

    @property
    def overtaken(self) -> bool:
        """Somebody sent numbers of the cell after the draft was typed."""
        return self.draft is not None and self.base_entry != self.entry

    @property
    def who(self) -> str:
        """Who put there what stands there now."""
        return self.sent_by if self.draft is None or self.overtaken else self.saved_by

    @property
    def when(self) -> datetime | None:
        return self.sent_at if self.draft is None or self.overtaken else self.saved_at

    @property
    def latest(self) -> Numbers:
        """What was put there last: numbers that were sent over a draft, or else those that stand there."""
        return (self.sent or Numbers()) if self.overtaken else self.numbers

    @property
    def latest_note(self) -> str:
        return self.sent_note if self.overtaken else self.note


def over(numbers: Numbers, sent: Numbers | None) -> Numbers:
    """``numbers``, and where they leave a blank, what was sent before: a blank takes nothing back."""
    return Numbers(
        *(said if new is None else new for new, said in zip(numbers, sent or Numbers(), strict=True))
    )


_WIDTH = len(Numbers._fields)

_STATES = f"""
SELECT a.area_id, coalesce(d.version, 0), d.base_entry_id, d.id IS NOT NULL,
    {", ".join(f"d.{name}" for name in Numbers._fields)}, coalesce(d.note, ''), d.saved_at,
    coalesce(nullif(typed.full_name, ''), typed.username, ''),
    e.id, coalesce(NOT e.withdrawn, false), {", ".join(f"e.{name}" for name in Numbers._fields)},
    e.unclassified, p.posted_at, coalesce(nullif(wrote.full_name, ''), wrote.username, ''),
    coalesce(n.text, '')
FROM unnest(%(areas)s::bigint[]) AS a (area_id)
LEFT JOIN riskmap_draftcell d
    ON d.area_id = a.area_id AND d.day = %(day)s AND d.source_id = %(source)s
LEFT JOIN core_user typed ON typed.id = d.saved_by_id
LEFT JOIN LATERAL (
    SELECT * FROM riskmap_countentry l
    WHERE l.area_id = a.area_id AND l.day = %(day)s AND l.source_id = %(source)s ORDER BY l.id DESC LIMIT 1
) e ON true
LEFT JOIN riskmap_countpost p ON p.id = e.post_id
LEFT JOIN core_user wrote ON wrote.id = p.posted_by_id
LEFT JOIN LATERAL (
    SELECT text FROM riskmap_cellnote c
    WHERE c.area_id = a.area_id AND c.day = %(day)s ORDER BY c.id DESC LIMIT 1
) n ON true
"""


def cell_states(*, source: CountSource | None, day: date, areas: Iterable[int]) -> dict[int, CellState]:
    """What stands in the cells of the areas (ids) on the day. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_STATES, {"areas": list(areas), "day": day, "source": source.pk if source else None})
        return {row[0]: _as_state(row) for row in cursor.fetchall()}


def _as_state(row: Sequence) -> CellState:
    area_id, version, base_entry, has_draft, *rest = row
    typed, (note, saved_at, saved_by, entry, has_word, *rest) = rest[:_WIDTH], rest[_WIDTH:]
    said, (unclassified, sent_at, sent_by, sent_note) = rest[:_WIDTH], rest[_WIDTH:]
    return CellState(
        area_id=area_id,
        version=version,
        base_entry=base_entry,
        draft=Numbers(*typed) if has_draft else None,
        draft_note=note,
        saved_at=saved_at,
        saved_by=saved_by,
        entry=entry,
        sent=Numbers(*said) if has_word else None,
        unclassified=unclassified,
        sent_at=sent_at,
        sent_by=sent_by,
        sent_note=sent_note,
    )
