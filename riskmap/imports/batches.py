"""Batches: a file of counts is kept and previewed, then committed whole in one transaction.

A file has a scope when a person brought it for an area of theirs: its rows then go through the one door of
people (``riskmap.submissions``), and its zeros are spelled out, so that it can be undone. Without a scope
it is the operator's, of a whole province (``manage.py import_counts``), and is posted as it stands.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import acting
from core.errors import DomainError
from core.models import Area, User
from riskmap.counts import Posted, Posting, compare_counts, lock_provinces, post_counts
from riskmap.enums import BatchStatus
from riskmap.imports.faults import Refusal
from riskmap.imports.reading import Reading, check_zero_fill, read_file
from riskmap.imports.sheets import read_content
from riskmap.imports.sifting import Sifted, sift
from riskmap.models import CorrectionRequest, CountSource, ImportBatch, RejectedRow
from riskmap.sources import clean_source_name, ensure_source
from riskmap.submissions import submit_counts

WRITTEN_AT_ONCE = 2_000
MOST_REFUSALS_KEPT = 10_000  # with the batch; whoever previews a file is told all of them


class AlreadyImported(DomainError):
    """The same file was committed before for this area and source."""

    code = "already_imported"


class BatchNotCommitted(DomainError):
    """The batch cannot be committed; nothing was written."""

    code = "batch_not_committed"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file says and what committing it would do. ``refusals`` are in the order of the sheet.

    ``withheld`` counts the units and days within the zero-fill that a refused row keeps from being a
    report of zero.
    """

    batch: ImportBatch
    outcome: Posted
    refusals: tuple[Refusal, ...]
    first_day: date | None
    last_day: date | None
    days: int
    withheld: int


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit came to, in rows of the file; ``zeroed`` are units and days that the file does not have.

    ``held`` waits for a second person. ``stale_since`` is ``None`` where nothing in force changed.
    """

    post_id: int | None
    new: int
    corrected: int
    zeroed: int
    unchanged: int
    held: CorrectionRequest | None
    stale_since: date | None


def preview_batch(
    *,
    file: BinaryIO,
    name: str,
    province: Area,
    source: str,
    by: User,
    at: datetime,
    zero_fill: tuple[date, date] | None = None,
    scope: Area | None = None,
) -> Preview:
    """Read a file and say what it would do; writes the batch and its refused rows, nothing else.

    Of a file that is wrong throughout, the first ``MOST_REFUSALS_KEPT`` refusals are written. ``zero_fill``:
    the file is complete for these days, both included. ``scope``: rows of other units and of locked days are
    refused. Raises ``UnusableFile``, ``AlreadyImported``, ``ZeroFillRefused`` or ``SourceNameRefused`` with
    nothing written.
    """
    source_name = clean_source_name(source)
    on = timezone.localdate(at)
    check_zero_fill(zero_fill, on)
    content = read_content(file)
    batch = ImportBatch(
        province=province,
        scope=scope,
        source_name=source_name,
        file_name=name[:255],
        file_sha256=hashlib.sha256(content).hexdigest(),
        content=gzip.compress(content, compresslevel=6, mtime=0),
        zero_fill_from=zero_fill[0] if zero_fill else None,
        zero_fill_to=zero_fill[1] if zero_fill else None,
        created_at=at,
        created_by=by,
    )
    _refuse_the_same_file(batch)
    reading = _read(batch)
    known = CountSource.objects.filter(province=province, name=source_name).first()
    weighed = _weigh(batch, reading, known, at)
    batch.rows_accepted, batch.rows_refused = weighed.accepted, weighed.refused
    batch.rows_read = weighed.accepted + weighed.refused
    batch.rows_unchanged = weighed.outcome.unchanged
    with acting(by=by, reason=_("Xem trước tệp %(name)s") % {"name": batch.file_name}):
        batch.save()
        _keep_refusals(batch, weighed.refusals)
    days = {row.day for row in reading.checked.rows}
    return Preview(
        batch=batch,
        outcome=weighed.outcome,
        refusals=tuple(weighed.refusals),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        days=len(days),
        withheld=weighed.withheld,
    )


def examine_batch(*, batch: ImportBatch, at: datetime) -> Sifted:
    """What committing a person's batch would do now, row by row. Raises ``BatchNotCommitted`` as it would."""
    source = CountSource.objects.filter(province=batch.province, name=batch.source_name).first()
    sifted = sift(_read(batch), source=source, at=at)
    _refuse_another_number(batch, sifted.rows_accepted, sifted.rows_refused)
    return sifted


def commit_batch(
    *,
    batch: ImportBatch,
    by: User,
    at: datetime,
    strict: bool = False,
    reason: str = "",
    document: str = "",
) -> Committed:
    """Post a previewed batch to the ledger, all of its right rows or nothing, in one transaction.

    The file is read again from what was kept: if units or locks changed since the preview so that another
    number of rows would be taken, it is refused rather than written unseen. With ``strict`` a batch with
    refused rows is refused. A person's batch that changes what was said needs a ``reason``, on accepted days
    a ``document``. Raises ``BatchNotCommitted`` or ``AlreadyImported``.
    """
    with acting(by=by, reason=_("Ghi số liệu từ tệp %(name)s") % {"name": batch.file_name}):
        lock_provinces([batch.province_id])
        kept = ImportBatch.objects.select_for_update(of=("self",)).select_related("province", "scope")
        batch = kept.get(pk=batch.pk)
        if batch.status == BatchStatus.UNDONE:
            raise BatchNotCommitted(_("Lần nhập này đã hoàn tác. Muốn ghi lại thì chọn tệp lần nữa."))
        _refuse_the_same_file(batch)
        if strict and batch.rows_refused:
            raise BatchNotCommitted(
                _("Có %(count)d dòng bị từ chối nên không ghi gì. Hãy sửa tệp rồi nhập lại.")
                % {"count": batch.rows_refused}
            )
        source = ensure_source(province=batch.province, name=batch.source_name, by=by)
        if batch.scope is None:
            committed = _post_as_it_stands(batch, source, by, at)
        else:
            committed = _submit(batch, source, " ".join(reason.split()), " ".join(document.split()), by, at)
        batch.status = BatchStatus.COMMITTED
        batch.committed_at, batch.committed_by = at, by
        batch.rows_new, batch.rows_corrected = committed.new, committed.corrected
        batch.rows_unchanged, batch.cells_zeroed = committed.unchanged, committed.zeroed
        batch.held = committed.held
        batch.save(
            update_fields=[
                "status", "committed_at", "committed_by", "rows_new", "rows_corrected", "rows_unchanged",
                "cells_zeroed", "held",
            ]
        )  # fmt: skip
    return committed


def _post_as_it_stands(batch: ImportBatch, source: CountSource, by: User, at: datetime) -> Committed:
    reading = _read(batch)
    checked = reading.checked
    _refuse_another_number(batch, len(checked.rows), checked.rows_refused)
    posted = post_counts(
        source=source,
        rows=checked.rows,
        coverages=reading.coverages,
        reason=_from_file(batch),
        by=by,
        at=at,
        batch=batch,
    )
    return Committed(
        post_id=posted.post_id,
        new=posted.new,
        corrected=posted.corrected,
        zeroed=posted.zeroed,
        unchanged=posted.unchanged,
        held=None,
        stale_since=posted.stale_since,
    )


def _submit(
    batch: ImportBatch, source: CountSource, reason: str, document: str, by: User, at: datetime
) -> Committed:
    sifted = sift(_read(batch), source=source, at=at)
    _refuse_another_number(batch, sifted.rows_accepted, sifted.rows_refused)
    if sifted.needs_reason and not reason:
        raise BatchNotCommitted(_("Tệp sửa số liệu đã ghi: phải nêu lý do đính chính."), code="reason_needed")
    if sifted.needs_document and not document:
        raise BatchNotCommitted(
            _("Tệp sửa số liệu của ngày đã duyệt: phải ghi số văn bản làm căn cứ."), code="document_needed"
        )
    posted = held = None
    if sifted.changes:  # only what differs: a day that hears nothing new is not sent again
        submitted = submit_counts(
            source=source,
            rows=[change.row for change in sifted.changes],
            reason=reason or _from_file(batch),
            document=document,
            by=by,
            at=at,
            batch=batch,
        )
        posted, held = submitted.posted, submitted.held
    said = [change for change in sifted.changes if held is None or change.kind == "new"]
    in_file = [change for change in said if sifted.row_number(change)]
    new = sum(change.kind == "new" for change in in_file)
    return Committed(
        post_id=posted.post_id if posted else None,
        new=new,
        corrected=len(in_file) - new,
        zeroed=len(said) - len(in_file),
        unchanged=sifted.outcome.unchanged,
        held=held,
        stale_since=posted.stale_since if posted else None,
    )


@dataclass(frozen=True, slots=True)
class _Weighed:
    outcome: Posted
    refusals: Sequence[Refusal]
    accepted: int
    refused: int
    withheld: int


def _weigh(batch: ImportBatch, reading: Reading, source: CountSource | None, at: datetime) -> _Weighed:
    """What committing would come to, by the way that the batch will take."""
    checked = reading.checked
    if batch.scope is None:
        posting = Posting(source or CountSource(), checked.rows, reading.coverages)
        return _Weighed(
            compare_counts(posting=posting),
            checked.refusals,
            len(checked.rows),
            checked.rows_refused,
            reading.withheld,
        )
    sifted = sift(reading, source=source, at=at)
    return _Weighed(
        sifted.outcome, sifted.refusals, sifted.rows_accepted, sifted.rows_refused, sifted.withheld
    )


def _keep_refusals(batch: ImportBatch, refusals: Sequence[Refusal]) -> None:
    RejectedRow.objects.bulk_create(
        [
            RejectedRow(
                batch=batch,
                row_number=refusal.row,
                column=refusal.column,
                value=refusal.value,
                code=refusal.code,
                message=refusal.message,
                hint=refusal.hint,
            )
            for refusal in refusals[:MOST_REFUSALS_KEPT]
        ],
        batch_size=WRITTEN_AT_ONCE,
    )


def _read(batch: ImportBatch) -> Reading:
    return read_file(
        gzip.decompress(batch.content),
        province=batch.province,
        scope=batch.scope,
        zero_fill=(batch.zero_fill_from, batch.zero_fill_to) if batch.zero_fill_from else None,
        on=timezone.localdate(batch.created_at),
    )


def _from_file(batch: ImportBatch) -> str:
    return _("Nhập từ tệp %(name)s") % {"name": batch.file_name}


def _refuse_another_number(batch: ImportBatch, accepted: int, refused: int) -> None:
    if (accepted, refused) == (batch.rows_accepted, batch.rows_refused):
        return
    if batch.scope is None:
        why = _("Danh mục đơn vị đã thay đổi sau khi xem trước. Hãy xem trước tệp lần nữa rồi mới ghi.")
    else:
        why = _(
            "Danh mục đơn vị hoặc việc khóa số liệu đã thay đổi sau khi xem trước."
            " Hãy chọn tệp lần nữa để xem trước rồi mới ghi."
        )
    raise BatchNotCommitted(why, code="preview_outdated")


def _refuse_the_same_file(batch: ImportBatch) -> None:
    """The same bytes again say nothing, unless they are now said to be complete for more days."""
    before = ImportBatch.objects.filter(
        province=batch.province,
        scope=batch.scope,
        source_name=batch.source_name,
        file_sha256=batch.file_sha256,
        status=BatchStatus.COMMITTED,
    )
    if batch.zero_fill_from is not None:
        before = before.filter(zero_fill_from__lte=batch.zero_fill_from, zero_fill_to__gte=batch.zero_fill_to)
    same = before.select_related("committed_by").order_by("committed_at").first()
    if same is not None:
        raise AlreadyImported(
            _("Tệp này đã được nhập lúc %(at)s bởi %(by)s; không ghi lần nữa. Có số mới thì chọn tệp mới.")
            % {"at": f"{timezone.localtime(same.committed_at):%H:%M %d/%m/%Y}", "by": same.committed_by}
        )
