"""Batches: a file of counts is kept and previewed, then committed whole in one transaction."""

from __future__ import annotations

import gzip
import hashlib
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
from riskmap.imports.cells import EPIDEMIC_BEGAN
from riskmap.imports.checks import Checked, check_sheet
from riskmap.imports.completeness import Completeness, complete_for
from riskmap.imports.faults import Refusal
from riskmap.imports.sheets import Sheet, read_content, read_csv, refuse_foreign
from riskmap.imports.workbooks import read_workbook
from riskmap.models import CountSource, ImportBatch, RejectedRow
from riskmap.sources import clean_source_name, ensure_source

WRITTEN_AT_ONCE = 2_000
MOST_REFUSALS_KEPT = 10_000  # with the batch; whoever previews a file is told all of them


class AlreadyImported(DomainError):
    """The same file was committed before for this province and source."""

    code = "already_imported"


class ZeroFillRefused(DomainError):
    """The days a file is said to be complete for cannot be."""

    code = "zero_fill_refused"


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
class _Reading:
    checked: Checked
    completeness: Completeness


def preview_batch(
    *,
    file: BinaryIO,
    name: str,
    province: Area,
    source: str,
    by: User,
    at: datetime,
    zero_fill: tuple[date, date] | None = None,
) -> Preview:
    """Read a file and say what it would do; writes the batch and its refused rows, nothing else.

    Of a file that is wrong throughout, the first ``MOST_REFUSALS_KEPT`` refusals are written.

    ``zero_fill``: the file is complete for these days, both included. Raises ``UnusableFile``,
    ``AlreadyImported``, ``ZeroFillRefused`` or ``SourceNameRefused`` with nothing written.
    """
    source_name = clean_source_name(source)
    on = timezone.localdate(at)
    _check_zero_fill(zero_fill, on)
    content = read_content(file)
    digest = hashlib.sha256(content).hexdigest()
    _refuse_the_same_file(province, source_name, digest, zero_fill)
    reading = _read(content, province, zero_fill, on)
    checked = reading.checked
    known = CountSource.objects.filter(province=province, name=source_name).first()
    outcome = compare_counts(
        posting=Posting(known or CountSource(), checked.rows, reading.completeness.coverages)
    )
    with acting(by=by, reason=_("Xem trước tệp %(name)s") % {"name": name[:255]}):
        batch = ImportBatch.objects.create(
            province=province,
            source_name=source_name,
            file_name=name[:255],
            file_sha256=digest,
            content=gzip.compress(content, compresslevel=6, mtime=0),
            zero_fill_from=zero_fill[0] if zero_fill else None,
            zero_fill_to=zero_fill[1] if zero_fill else None,
            rows_read=checked.rows_read,
            rows_accepted=len(checked.rows),
            rows_refused=checked.rows_refused,
            rows_unchanged=outcome.unchanged,
            created_at=at,
            created_by=by,
        )
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
                for refusal in checked.refusals[:MOST_REFUSALS_KEPT]
            ],
            batch_size=WRITTEN_AT_ONCE,
        )
    days = {row.day for row in checked.rows}
    return Preview(
        batch=batch,
        outcome=outcome,
        refusals=tuple(checked.refusals),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        days=len(days),
        withheld=reading.completeness.withheld,
    )


def commit_batch(*, batch: ImportBatch, by: User, at: datetime, strict: bool = False) -> Posted:
    """Post a previewed batch to the ledger, all of its right rows or nothing, in one transaction.

    The file is read again from what was kept: if units changed since the preview so that another number of
    rows would be taken, it is refused rather than written unseen. With ``strict`` a batch with refused
    rows is refused. Raises ``BatchNotCommitted`` or ``AlreadyImported``.
    """
    with acting(by=by, reason=_("Ghi số liệu từ tệp %(name)s") % {"name": batch.file_name}):
        lock_provinces([batch.province_id])
        kept = ImportBatch.objects.select_for_update(of=("self",)).select_related("province")
        batch = kept.get(pk=batch.pk)
        zero_fill = (batch.zero_fill_from, batch.zero_fill_to) if batch.zero_fill_from else None
        _refuse_the_same_file(batch.province, batch.source_name, batch.file_sha256, zero_fill)
        if strict and batch.rows_refused:
            raise BatchNotCommitted(
                _("Có %(count)d dòng bị từ chối nên không ghi gì. Hãy sửa tệp rồi nhập lại.")
                % {"count": batch.rows_refused}
            )
        content = gzip.decompress(batch.content)
        reading = _read(content, batch.province, zero_fill, timezone.localdate(batch.created_at))
        checked = reading.checked
        if (len(checked.rows), checked.rows_refused) != (batch.rows_accepted, batch.rows_refused):
            raise BatchNotCommitted(
                _("Danh mục đơn vị đã thay đổi sau khi xem trước. Hãy xem trước tệp lần nữa rồi mới ghi.")
            )
        posted = post_counts(
            source=ensure_source(province=batch.province, name=batch.source_name, by=by),
            rows=checked.rows,
            coverages=reading.completeness.coverages,
            reason=_("Nhập từ tệp %(name)s") % {"name": batch.file_name},
            by=by,
            at=at,
            batch=batch,
        )
        batch.status = BatchStatus.COMMITTED
        batch.committed_at, batch.committed_by = at, by
        batch.rows_unchanged = posted.unchanged
        batch.save(update_fields=["status", "committed_at", "committed_by", "rows_unchanged"])
    return posted


def read_sheet(content: bytes) -> Sheet:
    """The sheet in a file, told by what it holds and not by its name. Raises ``UnusableFile``."""
    refuse_foreign(content)
    return read_workbook(content) if content.startswith(b"PK\x03\x04") else read_csv(content)


def _read(content: bytes, province: Area, zero_fill: tuple[date, date] | None, on: date) -> _Reading:
    checked, units = check_sheet(read_sheet(content), province=province, on=on)
    if zero_fill is None:
        return _Reading(checked, Completeness((), 0))
    completeness = complete_for(
        province=province,
        communes=units.communes,
        first_day=zero_fill[0],
        last_day=zero_fill[1],
        rows=checked.rows,
        doubts=checked.doubts,
        contacts=checked.says_contacts,
    )
    return _Reading(checked, completeness)


def _check_zero_fill(zero_fill: tuple[date, date] | None, on: date) -> None:
    if zero_fill is None:
        return
    first, last = zero_fill
    if first > last:
        raise ZeroFillRefused(_("Khoảng ngày bù số 0: ngày đầu phải trước hoặc trùng ngày cuối."))
    if first < EPIDEMIC_BEGAN:
        raise ZeroFillRefused(_("Khoảng ngày bù số 0 bắt đầu trước khi có dịch: kiểm tra lại năm."))
    if last > on:
        raise ZeroFillRefused(
            _("Khoảng ngày bù số 0 kéo đến ngày %(last)s chưa tới; chưa ai báo cáo ngày đó.")
            % {"last": f"{last:%d/%m/%Y}"}
        )


def _refuse_the_same_file(
    province: Area, source_name: str, digest: str, zero_fill: tuple[date, date] | None
) -> None:
    """The same bytes again say nothing, unless they are now said to be complete for more days."""
    before = ImportBatch.objects.filter(
        province=province, source_name=source_name, file_sha256=digest, status=BatchStatus.COMMITTED
    )
    if zero_fill is not None:
        before = before.filter(zero_fill_from__lte=zero_fill[0], zero_fill_to__gte=zero_fill[1])
    same = before.select_related("committed_by").order_by("committed_at").first()
    if same is not None:
        raise AlreadyImported(
            _("Tệp này đã được nhập lúc %(at)s bởi %(by)s; không ghi lần nữa. Có số mới thì chọn tệp mới.")
            % {"at": f"{timezone.localtime(same.committed_at):%H:%M %d/%m/%Y}", "by": same.committed_by}
        )
