"""Submissions: the one door by which people and machines put counts into the ledger, or change them.

What a source had not said is posted. What it had said is changed with a reason; of a day that was accepted
only under an exception in force, and with a document; and where the change would move a colour that a
competition rests on, only when a second person confirms it (``riskmap.corrections``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import acting
from core.errors import DomainError
from core.models import User
from riskmap.correction_notices import tell_of_correction
from riskmap.corrections import hold_correction
from riskmap.counts import CountRow, Posted, lock_provinces, post_counts
from riskmap.day_reports import mark_sent
from riskmap.impact import guarded_changes, impact_of
from riskmap.models import CorrectionRequest, CountSource, ImportBatch
from riskmap.published import known_after
from riskmap.row_changes import CellFault, compare_rows, faults_of
from riskmap.what_if import what_if


class SubmissionRefused(DomainError):
    """Nothing was posted; ``faults`` says why, cell by cell."""

    code = "submission_refused"

    def __init__(self, faults: Sequence[CellFault]) -> None:
        super().__init__(" ".join(dict.fromkeys(fault.message for fault in faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Submitted:
    """What came of it. ``held`` waits for a second person."""

    posted: Posted | None
    held: CorrectionRequest | None


def submit_counts(
    *,
    source: CountSource,
    rows: Sequence[CountRow],
    reason: str = "",
    document: str = "",
    by: User,
    at: datetime,
    batch: ImportBatch | None = None,
) -> Submitted:
    """Post what differs from the source's word, or hold it for a second person; all in one transaction.

    New words are posted. Corrections are posted too, unless one of them would change a colour inside a
    guarded period: then all corrections of the call wait together. The reports of the days are sent
    (again), and those affected are told. Saying the same twice does nothing. Raises ``SubmissionRefused``
    with nothing written.
    """
    reason, document = " ".join(reason.split()), " ".join(document.split())
    with acting(by=by, reason=reason or _("Gửi số liệu trong ngày")):
        lock_provinces([source.province_id])
        changes = compare_rows(source=source, rows=rows, at=known_after(source.province, at))
        if faults := faults_of(changes, reason=reason, document=document):
            raise SubmissionRefused(faults)
        corrections = [change for change in changes if change.kind == "corrected"]
        corrected = [change.row for change in corrections]
        supposed = what_if(source=source, rows=corrected, on=timezone.localdate(at)) if corrected else None
        impact = impact_of(province=source.province, what_if=supposed)
        held = None
        if guarded_changes(province=source.province, impact=impact):
            held = hold_correction(
                source=source,
                corrections=corrections,
                impact=impact,
                reason=reason,
                document=document,
                by=by,
                at=at,
            )
            changes = [change for change in changes if change.kind == "new"]
        if not changes:
            return Submitted(None, held)
        posted = post_counts(
            source=source,
            rows=[change.row for change in changes],
            reason=reason or _("Gửi số liệu trong ngày"),
            document=document,
            by=by,
            at=at,
            batch=batch,
        )
        mark_sent(cells=[(change.row.area_id, change.row.day) for change in changes], by=by, at=at)
        if impact and not held:
            areas = list(dict.fromkeys(row.area_id for row in corrected))
            tell_of_correction(post_id=posted.post_id, areas=areas, impact=impact, by=by, at=at)
    return Submitted(posted, held)
