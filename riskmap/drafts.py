"""Drafts: the numbers of a day as they are typed, kept for everybody who types them, until they are sent.

A draft says nothing yet. Nobody writes over what they have not seen: who saves names the draft (its version)
and the row of the ledger they typed over, and where either has moved on meanwhile, they are shown it instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from core.models import User
from riskmap.cells import CellState, cell_states, over
from riskmap.models import CountSource, DraftCell
from riskmap.plausibility import Numbers

LONGEST_NOTE = DraftCell._meta.get_field("note").max_length
#: More than the people of any province in a day is a slip of the finger.
LARGEST_NUMBER = 1_000_000


class Edit(NamedTuple):
    """What a person wants a cell (the row of an area) to hold, and what they saw when they typed it.

    ``base_version`` is the version of the draft they saw, 0 for none; ``base_entry`` the source's latest row
    of the ledger, ``None`` where it had not spoken.
    """

    area_id: int
    numbers: Numbers
    note: str
    base_version: int
    base_entry: int | None


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of some edits, by area (id).

    ``kept`` are the cells as they stand now; ``changed`` those that somebody else wrote in since the person
    looked, as that person left them: nothing of the edit is kept there.
    """

    kept: Mapping[int, CellState]
    changed: Mapping[int, CellState]


_COLUMNS = ", ".join(Numbers._fields)


def save_cells(*, source: CountSource, day: date, edits: Sequence[Edit], by: User, at: datetime) -> Saved:
    """Keep what was typed in each cell, unless somebody else wrote in it since the person looked.

    A cell that holds what is wanted already is as good as saved: who asks twice gets the same answer. What
    repeats the numbers sent, or says nothing, leaves no draft behind. Few statements, whatever the cells.
    """
    edits = [edit._replace(note=" ".join(edit.note.split())[:LONGEST_NOTE]) for edit in edits]
    areas = [edit.area_id for edit in edits]
    with transaction.atomic():
        lock_cells(source=source, day=day)
        states = cell_states(source=source, day=day, areas=areas)
        open_ = [edit for edit in edits if _is_as_seen(states[edit.area_id], edit)]
        said_already = [edit for edit in open_ if _says_nothing_new(states[edit.area_id], edit)]
        _discard(source, day, said_already)
        _keep(source, day, [edit for edit in open_ if edit not in said_already], by, at)
        states = cell_states(source=source, day=day, areas=areas)
    changed = {
        edit.area_id: states[edit.area_id]
        for edit in edits
        if edit not in open_ and not _holds(states[edit.area_id], edit)
    }
    return Saved({pk: state for pk, state in states.items() if pk not in changed}, changed)


def lock_cells(*, source: CountSource, day: date) -> None:
    """Wait for whoever else writes or sends drafts of the source and day; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"draft cells {source.pk} {day}"]
        )


def _is_as_seen(state: CellState, edit: Edit) -> bool:
    return (state.version, state.entry) == (edit.base_version, edit.base_entry)


def _holds(state: CellState, edit: Edit) -> bool:
    wanted = (over(edit.numbers, state.sent), edit.note or state.sent_note)
    return wanted == (state.numbers, state.note or state.sent_note) and not state.overtaken


def _says_nothing_new(state: CellState, edit: Edit) -> bool:
    repeats = over(edit.numbers, state.sent) == (state.sent or Numbers())
    return repeats and edit.note in ("", state.sent_note)


_KEEP = f"""
WITH edit AS MATERIALIZED (
    SELECT * FROM unnest(%(area)s::bigint[], {", ".join(f"%({name})s::int[]" for name in Numbers._fields)},
        %(note)s::text[], %(base_entry)s::bigint[], %(base_version)s::bigint[]
    ) AS e (area_id, {_COLUMNS}, note, base_entry_id, base_version)
)
INSERT INTO riskmap_draftcell AS d
    (area_id, day, source_id, {_COLUMNS}, note, base_entry_id, version, saved_at, saved_by_id)
SELECT area_id, %(day)s, %(source)s, {_COLUMNS}, note, base_entry_id,
    nextval(pg_get_serial_sequence('riskmap_draftcell', 'id')), %(at)s, %(by)s
FROM edit ORDER BY area_id
ON CONFLICT (area_id, day, source_id) DO UPDATE SET
    ({_COLUMNS}, note, base_entry_id, version, saved_at, saved_by_id)
    = ({", ".join(f"EXCLUDED.{name}" for name in Numbers._fields)}, EXCLUDED.note, EXCLUDED.base_entry_id,
        EXCLUDED.version, EXCLUDED.saved_at, EXCLUDED.saved_by_id)
WHERE d.version = (SELECT e.base_version FROM edit e WHERE e.area_id = d.area_id)
"""

_DISCARD = """
DELETE FROM riskmap_draftcell d
USING unnest(%(area)s::bigint[], %(base_version)s::bigint[]) AS e (area_id, base_version)
WHERE d.area_id = e.area_id AND d.day = %(day)s AND d.source_id = %(source)s AND d.version = e.base_version
"""


def _keep(source: CountSource, day: date, edits: Sequence[Edit], by: User, at: datetime) -> None:
    if edits:
        asked = _asked(source, day, edits) | {"at": at, "by": by.pk}
        for place, name in enumerate(Numbers._fields):
            asked[name] = [edit.numbers[place] for edit in edits]
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, asked)


def _discard(source: CountSource, day: date, edits: Sequence[Edit]) -> None:
    if edits:
        with connection.cursor() as cursor:
            cursor.execute(_DISCARD, _asked(source, day, edits))


def _asked(source: CountSource, day: date, edits: Sequence[Edit]) -> dict[str, object]:
    return {
        "day": day,
        "source": source.pk,
        "area": [edit.area_id for edit in edits],
        "note": [edit.note for edit in edits],
        "base_entry": [edit.base_entry for edit in edits],
        "base_version": [edit.base_version for edit in edits],
    }
