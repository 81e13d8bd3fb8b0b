"""Sending: drafts of a day become what their source says, all that were chosen or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from core.audit import acting
from core.errors import DomainError
from core.finding import province_of
from core.models import Area, User
from riskmap.cells import CellState, cell_states
from riskmap.counts import CountRow, lock_provinces
from riskmap.day_numbers import DayOf, numbers_of
from riskmap.day_reports import mark_sent
from riskmap.drafts import lock_cells
from riskmap.entry_scope import communes_of, scope_of
from riskmap.enums import ReportStatus
from riskmap.models import CellNote, CorrectionRequest, CountSource, DayReport, DraftCell
from riskmap.submissions import SubmissionRefused, submit_counts


class CellRefusal(NamedTuple):
    """Why the draft of a commune cannot be sent as it is, and what to do; ``area_id`` 0: the whole day."""

    area_id: int
    code: str
    message: str


class SendRefused(DomainError):
    """Nothing was sent; ``refusals`` says why, commune by commune."""

    code = "send_refused"

    def __init__(self, refusals: Sequence[CellRefusal]) -> None:
        super().__init__(" ".join(dict.fromkeys(refusal.message for refusal in refusals)))
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: so many ``communes``. Of the ``total`` valid that day, ``reported`` have numbers now.

    ``held`` waits for a second person.
    """

    communes: int
    reported: int
    total: int
    held: CorrectionRequest | None


def send_cells(
    *,
    scope: Area,
    day: date,
    source: CountSource,
    areas: Collection[int],
    reason: str,
    document: str,
    complete: bool,
    by: User,
    at: datetime,
    seen: Mapping[int, int] | None = None,
) -> Sent:
    """Send the drafts of the communes (ids) of ``scope``, with their notes; drafts sent are gone.

    ``seen`` are the versions the person was shown, by area: a draft that was changed since is not sent.
    ``complete``: the sender says that every commune of the scope has numbers now. Raises ``SendRefused``
    with nothing written. Sending what was sent already does nothing.
    """
    with acting(by=by, reason=reason):
        lock_cells(source=source, day=day)
        lock_provinces([source.province_id])
        units = {unit.pk: unit for unit in communes_of(scope, day=day) if unit.pk in areas}
        states = cell_states(source=source, day=day, areas=units)
        drafts = {pk: states[pk] for pk in units if states[pk].draft is not None}
        if refusals := [*_refusals(units, drafts, seen or {})]:
            raise SendRefused(refusals)
        DraftCell.objects.filter(day=day, source=source, area__in=drafts).delete()
        CellNote.objects.bulk_create(
            CellNote(area_id=pk, day=day, text=state.draft_note, written_at=at, written_by=by)
            for pk, state in drafts.items()
            if state.draft_note not in ("", state.sent_note)
        )
        rows = [row_of(state, day=day) for state in drafts.values() if not state.numbers.says_nothing]
        submitted = None
        if rows:
            try:
                submitted = submit_counts(
                    source=source, rows=rows, reason=reason, document=document, by=by, at=at
                )
            except SubmissionRefused as refused:
                raise SendRefused(
                    [CellRefusal(fault.area_id, fault.code, fault.message) for fault in refused.faults]
                ) from refused
        numbers = numbers_of([DayOf(scope.pk, day)])[DayOf(scope.pk, day)]
        if complete and numbers.missing:
            raise SendRefused([_incomplete(numbers.missing)])
    return Sent(
        communes=len(drafts),
        reported=numbers.reported,
        total=numbers.communes,
        held=submitted.held if submitted else None,
    )


def send_again(*, area: Area, day: date, answer: str, by: User, at: datetime) -> bool:
    """Send a returned day again as it is, with what is said to Sở Y tế; ``False`` where none is returned.

    ``area`` is the scope, or a commune of it.
    """
    with acting(by=by, reason=answer):
        lock_provinces([province_of(area).pk])
        if not DayReport.objects.filter(scope=scope_of(area), day=day, status=ReportStatus.RETURNED).exists():
            return False
        cells = [(commune.pk, day) for commune in communes_of(area, day=day)]
        mark_sent(cells=cells, by=by, at=at, reason=answer)
        return True


def row_of(state: CellState, *, day: date) -> CountRow:
    """What sending the cell would say."""
    return CountRow(state.area_id, day, **state.numbers._asdict())


def _refusals(units: Mapping[int, Area], drafts: Mapping[int, CellState], seen: Mapping[int, int]):
    for pk, state in drafts.items():
        words = {"area": units[pk].name, "who": state.who}
        if state.overtaken:
            message = _(
                "%(area)s: %(who)s đã gửi số khác sau khi số này được nhập; hãy chọn số nào được giữ."
            )
            yield CellRefusal(pk, "sent_meanwhile", message % words)
        elif seen.get(pk, state.version) != state.version:
            message = _("%(area)s: %(who)s đã sửa số sau khi bạn xem; hãy xem lại rồi gửi.")
            yield CellRefusal(pk, "changed_meanwhile", message % words)
        elif lacks_cases(state):
            message = _("%(area)s: còn trống số F0; không có ca thì ghi 0.")
            yield CellRefusal(pk, "cases_missing", message % words)


def lacks_cases(state: CellState) -> bool:
    """Whether numbers of the cell are given, but not all three of F0: a blank is not zero."""
    numbers = state.numbers
    if numbers.cases is None and state.unclassified is not None:
        return False  # a file of the same people said how many, not how they were found
    return not numbers.says_nothing and None in numbers[:3]


def _incomplete(missing: Sequence[str]) -> CellRefusal:
    message = _(
        "Chưa đủ số liệu trong ngày: còn thiếu %(areas)s. Nhập số của các xã này, hoặc bỏ dấu “đã đủ”."
    )
    return CellRefusal(0, "incomplete", message % {"areas": ", ".join(missing)})
