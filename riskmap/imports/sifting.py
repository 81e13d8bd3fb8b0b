"""Sifting: what of a person's file may be said now, and what it would change, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from riskmap.counts import Posted
from riskmap.imports.faults import Refusal
from riskmap.imports.reading import Reading
from riskmap.models import CountSource
from riskmap.row_changes import RowChange, compare_rows, faults_of

_ANYTHING = "…"  # with a reason and a document given, what is still refused no words can mend


@dataclass(frozen=True, slots=True)
class Sifted:
    """What a person's file comes to. ``refusals`` are those of the file and those of locked days, by row.

    ``changes`` are what differs from the source's own word, ``zeroed`` of them those of units that the file
    does not have; ``withheld`` are units and days that stay without a report of zero.
    """

    reading: Reading
    changes: tuple[RowChange, ...]
    refusals: tuple[Refusal, ...]
    rows_accepted: int
    rows_refused: int
    withheld: int

    def row_number(self, change: RowChange) -> int | None:
        """Where the change stands in the sheet; ``None`` for a zero that the file does not spell out."""
        return self.reading.checked.row_numbers.get((change.row.area_id, change.row.day))

    @property
    def corrections(self) -> list[RowChange]:
        return [change for change in self.changes if change.kind == "corrected"]

    @property
    def needs_reason(self) -> bool:
        return any(change.kind == "corrected" or change.locked for change in self.changes)

    @property
    def needs_document(self) -> bool:
        return any(change.locked for change in self.changes)

    @property
    def outcome(self) -> Posted:
        """As ``compare_counts`` would tell it, if nothing has to wait for a second person."""
        in_file = [change for change in self.changes if self.row_number(change)]
        new = sum(change.kind == "new" for change in in_file)
        return Posted(
            post_id=None,
            new=new,
            corrected=len(in_file) - new,
            zeroed=len(self.changes) - len(in_file),
            unchanged=self.rows_accepted - len(in_file),
            coverages=0,
            stale_since=None,
        )


def sift(reading: Reading, *, source: CountSource | None, at: datetime) -> Sifted:
    """Compare with what ``source`` said (``None``: it is new), and refuse what is locked at the instant."""
    checked = reading.checked
    nobody = CountSource(pk=0)  # who has said nothing
    compared = compare_rows(source=source or nobody, rows=[*checked.rows, *reading.zeros], at=at)
    locked = {
        (fault.area_id, fault.day): fault
        for fault in faults_of(compared, reason=_ANYTHING, document=_ANYTHING)
    }
    heading = checked.headings["date"]
    refusals, withheld = list(checked.refusals), reading.withheld
    for (area_id, day), fault in locked.items():
        number = checked.row_numbers.get((area_id, day))
        if number is None:
            withheld += 1
            continue
        refusals.append(
            Refusal(
                row=number,
                column=heading,
                value=f"{day:%d/%m/%Y}",
                code=fault.code,
                message=fault.message[:500],
                hint=_("Khi được phép sửa, nhập lại tệp này và ghi số văn bản."),
            )
        )
    refusals.sort(key=lambda refusal: refusal.row)
    rows_locked = len(refusals) - len(checked.refusals)
    return Sifted(
        reading=reading,
        changes=tuple(c for c in compared if (c.row.area_id, c.row.day) not in locked),
        refusals=tuple(refusals),
        rows_accepted=len(checked.rows) - rows_locked,
        rows_refused=checked.rows_refused + rows_locked,
        withheld=withheld,
    )
