"""Row changes: what posting some rows would change of a source's word, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from riskmap.count_days import Counted
from riskmap.counts import CountRow, Posting, as_parameters
from riskmap.in_force import COUNT_COLUMNS
from riskmap.models import CountSource
from riskmap.posting_sql import COMPARE_CELLS, WOULD_BE_CHOSEN

_WIDTH = len(COUNT_COLUMNS)


class CellFault(NamedTuple):
    """Why one area and day cannot be posted as it is, and what to do."""

    area_id: int
    day: date
    code: Literal["reason_needed", "day_locked", "document_needed"]
    message: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """What posting a row would change: ``row`` whole, as the source would then say it.

    ``before`` is the source's own word until now, ``in_force`` what counts for the map whoever said it;
    ``None`` where there is none. ``locked``: the day was accepted; ``excepted``: it may be changed now.
    """

    row: CountRow
    area_name: str
    kind: Literal["new", "corrected"]
    before: Counted | None
    in_force: Counted | None
    locked: bool
    excepted: bool


def compare_rows(*, source: CountSource, rows: Sequence[CountRow], at: datetime) -> list[RowChange]:
    """Each row that differs from the source's own word, by day and then in Vietnamese order. One query."""
    with connection.cursor() as cursor:
        cursor.execute(COMPARE_CELLS, as_parameters([Posting(source, rows)]) | {"at": at})
        return [_as_change(values) for values in cursor.fetchall()]


class Chosen(NamedTuple):
    """The source (id) that a person lets count for an area and day; ``None``: the province's policy again."""

    source_id: int | None


def compare_choice(*, area_id: int, day: date, chosen: Chosen, at: datetime) -> list[RowChange]:
    """What would be in force of the area and day by the choice; nothing where it is in force already.

    ``before`` is what is in force until now. A source without a word leaves the choice to the policy.
    """
    asked = {"area": area_id, "day": day, "source": chosen.source_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(WOULD_BE_CHOSEN, asked)
        _, _, *values = cursor.fetchone()
    was_in_force, in_force, values = values[0], values[1 : _WIDTH + 1], values[_WIDTH + 1 :]
    has_word, would, (name, locked, excepted) = values[0], values[1 : _WIDTH + 1], values[_WIDTH + 1 :]
    if not has_word or (was_in_force and in_force == would):
        return []
    before = Counted(*in_force) if was_in_force else None
    return [RowChange(CountRow(area_id, day, *would), name, "corrected", before, before, locked, excepted)]


def _as_change(values: Sequence) -> RowChange:
    area_id, day, kind, *rest = values
    said, rest = rest[:_WIDTH], rest[_WIDTH:]
    had_said, before, rest = rest[0], rest[1 : _WIDTH + 1], rest[_WIDTH + 1 :]
    was_in_force, in_force, (name, locked, excepted) = rest[0], rest[1 : _WIDTH + 1], rest[_WIDTH + 1 :]
    return RowChange(
        row=CountRow(area_id, day, *said),
        area_name=name,
        kind=kind,
        before=Counted(*before) if had_said else None,
        in_force=Counted(*in_force) if was_in_force else None,
        locked=locked,
        excepted=excepted,
    )


def check_rows(
    *, source: CountSource, rows: Sequence[CountRow], reason: str, document: str, at: datetime
) -> tuple[CellFault, ...]:
    """What keeps the rows from being posted at the instant ``at``; nothing is written."""
    return faults_of(compare_rows(source=source, rows=rows, at=at), reason=reason, document=document)


def faults_of(changes: Sequence[RowChange], *, reason: str, document: str) -> tuple[CellFault, ...]:
    """The same for changes that were compared already."""
    faults = []
    for change in changes:
        words = {"area": change.area_name, "day": f"{change.row.day:%d/%m/%Y}"}
        if change.locked and not change.excepted:
            code, message = (
                "day_locked",
                _("Số liệu ngày %(day)s của %(area)s đã duyệt và khóa: đề nghị Sở Y tế cho phép sửa."),
            )
        elif change.locked and not document.strip():
            code, message = (
                "document_needed",
                _("Số liệu ngày %(day)s của %(area)s đã duyệt: phải ghi số văn bản làm căn cứ."),
            )
        elif (change.locked or change.kind == "corrected") and not reason.strip():
            code, message = (
                "reason_needed",
                _("Số liệu ngày %(day)s của %(area)s đã ghi sổ: sửa thì phải nêu lý do."),
            )
        else:
            continue
        faults.append(CellFault(change.row.area_id, change.row.day, code, message % words))
    return tuple(faults)
