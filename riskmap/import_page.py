"""What the pages of imported files show: whose they are, and what one of them would change. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from core.access import Permission, areas_where, can
from core.enums import AreaKind
from core.errors import DomainError
from core.models import Area, User
from core.models.scoping import granted_paths
from riskmap.count_days import Counted
from riskmap.entry_source import ENTRY_SOURCE
from riskmap.enums import BatchStatus
from riskmap.imports import examine_batch
from riskmap.imports.sifting import Sifted
from riskmap.imports.undoing import cannot_be_undone, cells_left
from riskmap.in_force import COUNT_COLUMNS
from riskmap.models import CountEntry, ImportBatch, RejectedRow
from riskmap.row_changes import RowChange

SHOWN = 200
PLACES_OFFERED = 12


@dataclass(frozen=True, slots=True)
class Difference:
    """One number of a row: the column's name, the number before (``None``: not said) and the one to come."""

    name: str
    before: int | None
    after: int | None

    def __str__(self) -> str:
        return f"{self.name}: {_shown(self.before)} → {_shown(self.after)}"


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that says something else than its source did, or than what is in force."""

    number: int | None  # None: a zero that the file does not spell out
    area_name: str
    day: date
    locked: bool
    of_source: tuple[Difference, ...]
    of_force: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch as its page shows it. ``sifted`` is what a commit would do, ``stale`` why nobody can tell."""

    batch: ImportBatch
    refused: Sequence[RejectedRow]
    refused_rows: int
    may_write: bool
    sifted: Sifted | None = None
    stale: str = ""
    changed: Sequence[ChangedRow] = ()
    keeps: str | None = None  # why it cannot be undone
    left: Sequence[tuple[str, date]] = ()

    @property
    def shown(self) -> Sequence[ChangedRow]:
        return self.changed[:SHOWN]

    @property
    def unshown(self) -> int:
        return max(0, len(self.changed) - SHOWN)

    @property
    def refused_unshown(self) -> int:
        return max(0, self.refused_rows - SHOWN)

    @property
    def may_undo(self) -> bool:
        return self.may_write and self.batch.status == BatchStatus.COMMITTED and self.keeps is None


def page_of_batch(*, batch: ImportBatch, user: User, on: date, at: datetime) -> BatchPage:
    """All that the page of ``batch`` says to ``user``; the file is read again while it is only previewed."""
    said = RejectedRow.objects.filter(batch=batch)
    page = {
        "batch": batch,
        "refused": said[:SHOWN],
        "refused_rows": said.count(),
        "may_write": may_write(user=user, batch=batch, on=on),
    }
    if batch.status == BatchStatus.PREVIEWED and batch.scope:
        try:
            page["sifted"] = examine_batch(batch=batch, at=at)
            page["changed"] = changed_rows(page["sifted"])
        except DomainError as refusal:
            page["stale"] = refusal.message
    if batch.status == BatchStatus.COMMITTED:
        page["keeps"] = cannot_be_undone(batch=batch)
    if batch.status == BatchStatus.UNDONE:
        page["left"] = cells_left(batch=batch)
    return BatchPage(**page)


def may_write(*, user: User, batch: ImportBatch, on: date) -> bool:
    """Whether ``user`` may commit or undo ``batch``: counts of its area, and its source as their own."""
    return can(user, Permission.ENTER_COUNTS, batch.place, on=on) and (
        batch.source_name == ENTRY_SOURCE or can(user, Permission.MANAGE_SOURCES, batch.province, on=on)
    )


def places_to_fill(user: User, *, on: date, permission: Permission = Permission.ENTER_COUNTS) -> list[Area]:
    """The largest areas over which ``user`` holds ``permission``, for templates and exports."""
    granted = granted_paths(user, permission, on=on)
    tops = [path for path in granted if not any(path.startswith(f"{other}/") for other in granted)]
    areas = areas_where(user, permission, on=on).valid_on(on).filter(path__in=tops)
    areas = areas.exclude(kind=AreaKind.HAMLET).select_related("parent")
    return list(areas.in_vietnamese_order()[:PLACES_OFFERED])


def changed_rows(sifted: Sifted) -> list[ChangedRow]:
    """The rows that change what their source or the map had, in the order of the sheet, zeros at the end."""
    rows = [
        ChangedRow(
            number=sifted.row_number(change),
            area_name=change.area_name,
            day=change.row.day,
            locked=change.locked,
            of_source=_differences(change, change.before),
            of_force=_differences(change, change.in_force, strictly=False),
        )
        for change in sifted.changes
        if change.kind == "corrected" or _differences(change, change.in_force, strictly=False)
    ]
    return sorted(rows, key=lambda row: (row.number is None, row.number or 0))


def as_table(rows: Sequence[ChangedRow]) -> list[list[str | int | None]]:
    """The same as lines of a file, under their heads; nothing without rows."""
    heads = [_("dòng"), _("đơn vị"), _("ngày"), _("so với số nguồn này đã ghi"), _("so với số có hiệu lực")]
    return (
        [
            heads,
            *(
                [
                    row.number,
                    row.area_name,
                    f"{row.day:%d/%m/%Y}",
                    "; ".join(map(str, row.of_source)),
                    "; ".join(map(str, row.of_force)),
                ]
                for row in rows
            ),
        ]
        if rows
        else []
    )


def _differences(
    change: RowChange, before: Counted | None, *, strictly: bool = True
) -> tuple[Difference, ...]:
    """Number by number; of another source's word (not ``strictly``) 0 is no other number than none."""
    if before is None:
        return ()
    numbers = [(name, getattr(before, name), getattr(change.row, name)) for name in COUNT_COLUMNS]
    return tuple(
        Difference(str(CountEntry._meta.get_field(name).verbose_name), was, will)
        for name, was, will in numbers
        if (was != will if strictly else (was or 0) != (will or 0))
    )


def _shown(number: int | None) -> str:
    return "–" if number is None else str(number)
