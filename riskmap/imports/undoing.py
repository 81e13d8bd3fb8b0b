"""Undoing: a committed file is taken back, as long as no day of it was accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import acting
from core.errors import DomainError
from core.models import User
from riskmap.corrections import CorrectionUndecidable, withdraw_correction
from riskmap.counts import Withdrawn, lock_provinces, withdraw_batch
from riskmap.enums import BatchStatus, CorrectionStatus
from riskmap.models import CorrectionRequest, CountPost, ImportBatch

_ACCEPTED_DAY = """
    SELECT min(r.day) FROM riskmap_countentry e
    JOIN core_area a ON a.id = e.area_id
    LEFT JOIN core_area up ON up.id = a.parent_id
    JOIN riskmap_dayreport r ON r.day = e.day AND r.accepted_post_id IS NOT NULL
        AND r.scope_id = CASE a.kind WHEN 'hamlet' THEN up.parent_id ELSE a.parent_id END
    WHERE e.post_id = %s
"""
_LEFT = """
    SELECT a.name, e.day FROM riskmap_countentry e
    JOIN core_area a ON a.id = e.area_id
    WHERE e.post_id = %s
        AND NOT EXISTS (
            SELECT FROM riskmap_countentry u
            WHERE u.post_id = %s AND u.area_id = e.area_id AND u.day = e.day
        )
    ORDER BY e.day, a.sort_key, a.code
"""


class UndoRefused(DomainError):
    """The file cannot be taken back; nothing was written."""

    code = "undo_refused"


@dataclass(frozen=True, slots=True)
class Undone:
    """``left`` are the units (names) and days that were spoken of again since, and stay as they are."""

    taken_back: int
    left: Sequence[tuple[str, date]]
    stale_since: date | None


def undo_batch(*, batch: ImportBatch, by: User, at: datetime, reason: str) -> Undone:
    """Take back what a committed file said: what its source had said before, or nothing, holds again.

    The ledger keeps both. A correction of it that still waits for a second person is withdrawn. Reports of
    the days stay where they are. Raises ``UndoRefused``.
    """
    reason = " ".join(reason.split())
    with acting(by=by, reason=reason or _("Hoàn tác lần nhập tệp")):
        lock_provinces([batch.province_id])
        kept = ImportBatch.objects.select_for_update(of=("self",)).select_related("held")
        batch = kept.get(pk=batch.pk)
        if not reason:
            raise UndoRefused(_("Hoàn tác phải nêu lý do."))
        post = CountPost.objects.filter(batch=batch).first()
        if why := cannot_be_undone(batch=batch):
            raise UndoRefused(why)
        if batch.held and batch.held.status == CorrectionStatus.WAITING:
            _withdraw(batch.held, by, at)
        withdrawn = Withdrawn(0, 0, None)
        if post:
            withdrawn = withdraw_batch(batch=batch, reason=reason, by=by, at=at)
            batch.undo_post = post.source.posts.order_by("-pk").first()  # nobody else posts meanwhile
        batch.status = BatchStatus.UNDONE
        batch.undone_at, batch.undone_by = at, by
        batch.save(update_fields=["status", "undone_at", "undone_by", "undo_post"])
    return Undone(withdrawn.taken_back, cells_left(batch=batch), withdrawn.stale_since)


def _withdraw(request: CorrectionRequest, by: User, at: datetime) -> None:
    try:
        withdraw_correction(request=request, by=by, at=at)
    except CorrectionUndecidable as refusal:
        raise UndoRefused(_("Tệp còn đính chính chờ người thứ hai. ") + refusal.message) from refusal


def cannot_be_undone(*, batch: ImportBatch) -> str | None:
    """Why a batch cannot be taken back, in a sentence; ``None`` when it can. Writes nothing."""
    if batch.status == BatchStatus.UNDONE:
        return _("Lần nhập này đã được hoàn tác lúc %(at)s.") % {
            "at": f"{timezone.localtime(batch.undone_at):%H:%M %d/%m/%Y}"
        }
    if batch.status != BatchStatus.COMMITTED:
        return _("Lần nhập này chưa ghi gì, không có gì để hoàn tác.")
    post = CountPost.objects.filter(batch=batch).first()
    if post is None:
        return None
    if post.coverages.exists():
        return _(
            "Tệp đã báo đầy đủ cho cả khoảng ngày nên không hoàn tác được; hãy đính chính các số cần sửa."
        )
    with connection.cursor() as cursor:
        cursor.execute(_ACCEPTED_DAY, [post.pk])
        accepted = cursor.fetchone()[0]
    if accepted:
        return _(
            "Số liệu ngày %(day)s của tệp đã được duyệt nên không hoàn tác được; hãy đính chính số cần sửa."
        ) % {"day": f"{accepted:%d/%m/%Y}"}
    return None


def cells_left(*, batch: ImportBatch) -> list[tuple[str, date]]:
    """Of an undone batch, the units (names) and days that had been spoken of again, and so were left."""
    post = CountPost.objects.filter(batch=batch).first()
    if post is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [post.pk, batch.undo_post_id])
        return cursor.fetchall()
