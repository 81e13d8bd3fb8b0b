"""Corrections that wait: held for a second person, then confirmed into the ledger, refused or withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from core.audit import acting
from core.errors import DomainError
from core.finding import line_of
from core.models import Area, User
from riskmap.correction_notices import tell_of_correction, tell_of_outcome, tell_of_request
from riskmap.count_days import Counted
from riskmap.counts import CountRow, choose_source, lock_provinces, post_counts
from riskmap.day_reports import mark_sent
from riskmap.enums import CorrectionStatus
from riskmap.impact import Impact, as_json, from_json
from riskmap.in_force import COUNT_COLUMNS
from riskmap.models import CorrectionRequest, CountSource
from riskmap.published import known_after
from riskmap.row_changes import Chosen, RowChange, compare_choice, compare_rows, faults_of


class CorrectionUndecidable(DomainError):
    """The correction cannot be confirmed, refused or withdrawn by this person, or not any more."""

    code = "correction_undecidable"


def hold_correction(
    *,
    source: CountSource,
    corrections: Sequence[RowChange],
    impact: Impact,
    reason: str,
    document: str,
    by: User,
    at: datetime,
    chosen: Chosen | None = None,
) -> CorrectionRequest:
    """Keep a correction for a second person and tell those who may confirm it. The same again is the same,
    when it is asked for the same reason and on the same document.

    With ``chosen`` it is a choice of source that waits, for the one area and day of ``corrections``.
    """
    rows = [_as_json(change, chosen) for change in corrections]
    waiting = CorrectionRequest.objects.filter(
        source=source, status=CorrectionStatus.WAITING, requested_by=by
    )
    if same := waiting.filter(rows=rows, reason=reason, document=document).first():
        return same
    request = CorrectionRequest.objects.create(
        province_id=source.province_id,
        area=_holding_area([change.row.area_id for change in corrections]),
        source=source,
        rows=rows,
        impact=as_json(impact),
        reason=reason,
        document=document,
        status=CorrectionStatus.WAITING,
        requested_at=at,
        requested_by=by,
    )
    tell_of_request(request=request, at=at)
    return request


def confirm_correction(*, request: CorrectionRequest, by: User, at: datetime) -> CorrectionRequest:
    """Post what was asked for, under the name of who asked; ``by`` is the second person.

    Raises ``CorrectionUndecidable`` for the one who asked, when it was decided already, when the source has
    spoken of one of these days since, or when a lock was closed meanwhile; nothing is written then.
    """
    with acting(by=by, reason=_("Xác nhận đính chính: %(reason)s") % {"reason": request.reason}):
        request = _take(request)
        _refuse_the_same_person(request, by)
        rows, chosen = rows_of(request), choice_of(request)
        known = known_after(request.province, at)
        if chosen:
            changes = compare_choice(area_id=rows[0].area_id, day=rows[0].day, chosen=chosen, at=known)
        else:
            changes = compare_rows(source=request.source, rows=rows, at=known)
        if [_as_json(change, chosen) for change in changes] != request.rows:
            raise CorrectionUndecidable(
                _("Số liệu đã thay đổi sau khi đề nghị. Người đề nghị cần rút lại và đính chính theo số mới.")
            )
        if faults := faults_of(changes, reason=request.reason, document=request.document):
            raise CorrectionUndecidable(faults[0].message)
        post_id = _post(request, rows, chosen, at)
        mark_sent(cells=[(row.area_id, row.day) for row in rows], by=request.requested_by, at=at)
        request = _decide(request, CorrectionStatus.CONFIRMED, by, at, post_id=post_id)
        tell_of_correction(
            post_id=post_id,
            areas=[row.area_id for row in rows],
            impact=from_json(request.impact),
            by=by,
            at=at,
        )
    return request


def _post(request: CorrectionRequest, rows: list[CountRow], chosen: Chosen | None, at: datetime) -> int:
    said = {"reason": request.reason, "document": request.document, "by": request.requested_by, "at": at}
    if chosen:
        area = Area.objects.select_related("parent__parent__parent").get(pk=rows[0].area_id)
        source = CountSource.objects.filter(pk=chosen.source_id).first()
        return choose_source(area=area, day=rows[0].day, source=source, **said).pk
    return post_counts(source=request.source, rows=rows, **said).post_id


def refuse_correction(
    *, request: CorrectionRequest, refusal: str, by: User, at: datetime
) -> CorrectionRequest:
    """The second person does not agree, and says why. Raises ``CorrectionUndecidable``."""
    refusal = " ".join(refusal.split())
    if not refusal:
        raise CorrectionUndecidable(_("Không đồng ý đính chính thì phải nêu lý do."))
    with acting(by=by, reason=refusal):
        request = _take(request)
        _refuse_the_same_person(request, by)
        return _decide(request, CorrectionStatus.REFUSED, by, at, refusal=refusal)


def withdraw_correction(*, request: CorrectionRequest, by: User, at: datetime) -> CorrectionRequest:
    """Who asked for it takes it back. Raises ``CorrectionUndecidable``."""
    with acting(by=by, reason=_("Rút đề nghị đính chính")):
        request = _take(request)
        if request.requested_by_id != by.pk:
            raise CorrectionUndecidable(_("Chỉ người đề nghị rút được đề nghị của mình."))
        return _decide(request, CorrectionStatus.WITHDRAWN, by, at)


def rows_of(request: CorrectionRequest) -> list[CountRow]:
    """What the source would say."""
    return [
        CountRow(row["area"], date.fromisoformat(row["day"]), **{name: row[name] for name in COUNT_COLUMNS})
        for row in request.rows
    ]


def befores_of(request: CorrectionRequest) -> list[Counted]:
    """What the source said when the correction was asked for, row by row."""
    return [Counted(**row["before"]) for row in request.rows]


def choice_of(request: CorrectionRequest) -> Chosen | None:
    """The choice of source that waits; ``None`` where it is numbers that wait."""
    return Chosen(request.rows[0]["chosen"]) if "chosen" in request.rows[0] else None


def _as_json(change: RowChange, chosen: Chosen | None) -> Mapping[str, Any]:
    before = change.before or Counted()
    return ({"chosen": chosen.source_id} if chosen else {}) | {
        "area": change.row.area_id,
        "day": change.row.day.isoformat(),
        **{name: getattr(change.row, name) for name in COUNT_COLUMNS},
        "before": {name: getattr(before, name) for name in COUNT_COLUMNS},
    }


def _holding_area(ids: Sequence[int]) -> Area:
    """The smallest area that holds all of these."""
    line = None
    for area in Area.objects.filter(pk__in=ids).select_related("parent__parent__parent"):
        upwards = line_of(area)
        line = upwards if line is None else [each for each in line if each in upwards]
    return line[0]


def _take(request: CorrectionRequest) -> CorrectionRequest:
    """The request as it is now, waiting, with its province's ledger locked."""
    lock_provinces([request.province_id])
    kept = CorrectionRequest.objects.select_for_update(of=("self",))
    request = kept.select_related("source", "requested_by", "area", "province").get(pk=request.pk)
    if request.status != CorrectionStatus.WAITING:
        raise CorrectionUndecidable(
            _("Đề nghị này đã được xử lý: %(status)s.") % {"status": request.get_status_display()}
        )
    return request


def _refuse_the_same_person(request: CorrectionRequest, by: User) -> None:
    if request.requested_by_id == by.pk:
        raise CorrectionUndecidable(_("Người xác nhận phải khác người đề nghị; hãy nhờ người thứ hai."))


def _decide(
    request: CorrectionRequest, status: CorrectionStatus, by: User, at: datetime, **outcome: Any
) -> CorrectionRequest:
    request.status, request.decided_by, request.decided_at = status, by, at
    for name, value in outcome.items():
        setattr(request, name, value)
    request.save(update_fields=["status", "decided_by", "decided_at", *(name for name in outcome)])
    tell_of_outcome(request=request, at=at)
    return request
