"""Pushes: counts that another system sends. The same request twice is one posting and the same answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.audit import acting
from riskmap.corrections import rows_of
from riskmap.counts import lock_provinces
from riskmap.models import PushReceipt, SourceToken
from riskmap.push_rows import RowFault, read_rows
from riskmap.row_changes import compare_rows, faults_of
from riskmap.submissions import Submitted, submit_counts

_LOCK = 2708  # the first key of the advisory locks of this stage; the second stands for token and key
_FIELD_OF_FAULT = {"reason_needed": "reason", "document_needed": "document"}


@dataclass(frozen=True, slots=True)
class Push:
    """What a system asks for: rows as they came, why, by which document, and whether right rows go alone."""

    rows: Sequence[object]
    reason: str = ""
    document: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told: an HTTP status and plain values, in the ``language`` of their sentences."""

    status: int
    body: dict
    language: str
    replayed: bool = False


def receive(*, token: SourceToken, key: str, request_sha256: str, push: Push, at: datetime) -> Answer:
    """Post what is pushed, and keep what was answered under ``key``, both or neither.

    The same key and request again get the answer they got before, also when they come at the same time; the
    same key with another request is refused. Refusals are kept as well, so that they stay what they were.
    """
    with acting(by=token.opened_by, reason=f"Hệ thống {token.name} gửi số liệu"):
        _one_at_a_time(token, key)
        before = PushReceipt.objects.filter(token=token, key=key).first()
        if before is not None:
            return _again(before, request_sha256)
        status, body, post_id = _take(token, push, at)
        answer = Answer(status, body, get_language())
        PushReceipt.objects.create(
            token=token,
            key=key,
            request_sha256=request_sha256,
            status=answer.status,
            answer={"language": answer.language, "body": answer.body},
            post_id=post_id,
            received_at=at,
        )
    return answer


def _one_at_a_time(token: SourceToken, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, f"{token.pk} {key}"])


def _again(receipt: PushReceipt, request_sha256: str) -> Answer:
    if receipt.request_sha256 != request_sha256:
        message = _("Idempotency-Key này đã dùng cho một yêu cầu khác: yêu cầu mới cần khóa mới.")
        return Answer(422, {"code": "idempotency_key_reused", "message": message}, get_language())
    return Answer(receipt.status, receipt.answer["body"], receipt.answer["language"], replayed=True)


def _take(token: SourceToken, push: Push, at: datetime) -> tuple[int, dict, int | None]:
    """Status and body of the answer, and the posting (id) if there is one."""
    province = token.source.province
    read = read_rows(push.rows, province=province, within=token.area, on=timezone.localdate(at))
    lock_provinces([province.pk])  # what is compared stays so until it is posted
    changes = compare_rows(source=token.source, rows=list(read.rows.values()), at=at)
    place_of = {(row.area_id, row.day): place for place, row in read.rows.items()}
    for fault in faults_of(changes, reason=push.reason, document=push.document):
        place = place_of[fault.area_id, fault.day]
        field = _FIELD_OF_FAULT.get(fault.code, "day")
        read.faults[place].append(RowFault(field, fault.code, fault.message))
        del read.rows[place]
    if read.faults and not (push.partial and read.rows):
        return 422, _refusal(read.faults, of=len(push.rows)), None
    with translation.override("vi"):  # what the ledger keeps is read by others than who sends it
        submitted = submit_counts(
            source=token.source,
            rows=list(read.rows.values()),
            reason=push.reason,
            document=push.document,
            by=token.opened_by,
            at=at,
        )
    held = _held(submitted)
    kinds = {(change.row.area_id, change.row.day): change.kind for change in changes}
    statuses = {
        place: "held" if cell in held else kinds.get(cell, "unchanged") for cell, place in place_of.items()
    }
    rows = [
        _refused(place, read.faults[place])
        if place in read.faults
        else {"row": place, "status": statuses[place]}
        for place in range(1, len(push.rows) + 1)
    ]
    post_id = submitted.posted.post_id if submitted.posted else None
    tally = Counter(row["status"] for row in rows)
    body = {
        "summary": {status: tally[status] for status in STATUSES},
        "correction": submitted.held.pk if submitted.held else None,
        "post": post_id,
        "rows": rows,
    }
    return 200, body, post_id


#: What can become of a row.
STATUSES = ("new", "corrected", "unchanged", "held", "refused")


def _held(submitted: Submitted) -> set[tuple[int, date]]:
    """Areas and days that wait for a second person."""
    if submitted.held is None:
        return set()
    return {(row.area_id, row.day) for row in rows_of(submitted.held)}


def _refusal(faults: dict[int, list[RowFault]], *, of: int) -> dict:
    wrong = len(faults)
    message = ngettext(
        "Có %(wrong)d dòng sai trong %(all)d dòng nên không ghi gì.",
        "Có %(wrong)d dòng sai trong %(all)d dòng nên không ghi gì.",
        wrong,
    ) % {"wrong": wrong, "all": of}
    return {
        "code": "rows_refused",
        "message": message,
        "rows": [_refused(place, faults[place]) for place in sorted(faults)],
    }


def _refused(place: int, faults: list[RowFault]) -> dict:
    """The first fault at the row itself, and what else is wrong with it, so that one look is enough."""
    first, *more = [{"field": each.field, "code": each.code, "message": each.message} for each in faults]
    return {"row": place, "status": "refused", **first, **({"more": more} if more else {})}
