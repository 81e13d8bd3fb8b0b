"""Registrations: written by the unit's own people, confirmed by the level above, never by one person alone.

The steps are those of ``registration_moves.MOVES``; every step is appended to the ledger with what the
registration held then. Who may is asked by the faces (``registration_moves.allowed_acts``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.enums import RegistrationAct, RegistrationStatus
from campaign.models import Registration, RegistrationStep
from campaign.registration_faults import faults_of, missing_of, why_not_now
from campaign.registration_moves import MOVES, Move, Period, is_own, periods_of, typed_by
from campaign.registration_notices import tell
from campaign.starting_levels import Start, starting_levels
from campaign.units import hold_units
from core.audit import acting
from core.errors import DomainError
from core.models import User
from riskmap.enums import RiskLevel

#: What people type; all else follows from steps.
TYPED = (
    "group",
    "target_level",
    "target_day",
    "solutions",
    "document_number",
    "document_date",
    "document",
    "head",
    "head_post",
)
WITH_PLACES = ("campaign__province", "group", "unit__seat__parent__parent__parent")
_STEPPED = (
    "status",
    "version",
    "reason",
    "submitted_at",
    "submitted_by",
    "decided_at",
    "decided_by",
    "starting_level",
    "starting_provisional",
    "starting_day",
    "starting_edition",
)


class RegistrationRefused(DomainError):
    """The step cannot be taken; ``faults`` says by field what is missing or wrong."""

    code = "registration_refused"

    def __init__(self, message: str, *, faults: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.faults = faults or {}


class RegistrationChanged(RegistrationRefused):
    """Somebody else changed it since the page was opened."""

    code = "registration_changed"


class Refusal(NamedTuple):
    """A registration that was left as it was, and why, with what to do."""

    registration: Registration
    sentence: str
    faults: dict[str, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a step with many: those that went through, and those that were refused."""

    done: tuple[Registration, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """How many registrations were opened and changed; the others already said the same."""

    opened: int
    changed: int


def open_registration(*, registration: Registration, by: User, at: datetime) -> Registration:
    """Begin a registration as a draft. Raises ``RegistrationRefused``: once per campaign and unit."""
    keep_registrations(registrations=[registration], by=by, at=at)
    return registration


def change_registration(*, registration: Registration, version: int, by: User, at: datetime) -> Registration:
    """Write what was typed over the version that was shown; the same again changes nothing.

    Raises ``RegistrationChanged`` when it is another version by now.
    """
    keep_registrations(registrations=[registration], versions={registration.pk: version}, by=by, at=at)
    return registration


@transaction.atomic
def keep_registrations(
    *,
    registrations: Sequence[Registration],
    by: User,
    at: datetime,
    versions: dict[int, int] | None = None,
    reason: str = "",
) -> Kept:
    """Open those that are new, change those that say something else now: all of them, or none.

    ``versions`` are those that were shown, by id. Raises ``RegistrationRefused`` for the first that cannot.
    """
    on = timezone.localdate(at)
    hold_units(each.unit_id for each in registrations)
    there = _locked(each.pk for each in registrations if each.pk)
    periods = periods_of(each.campaign_id for each in registrations)
    fresh, changed = [], []
    for each in registrations:
        stored = there.get(each.pk)
        if sentence := why_not_now(each, period=periods.get(each.campaign_id), on=on):
            raise RegistrationRefused(sentence)
        if stored is None:
            each.status, each.created_at, each.created_by, each.version = RegistrationStatus.DRAFT, at, by, 1
            fresh.append(each)
            continue
        if versions and versions.get(each.pk) != stored.version:
            raise RegistrationChanged(_("Người khác đã sửa đăng ký này trong lúc bạn nhập; chưa ghi gì."))
        if (RegistrationStatus(stored.status), RegistrationAct.CHANGED) not in MOVES:
            raise RegistrationRefused(_not_now(stored))
        if stored.status == RegistrationStatus.RETURNED and (faults := missing_of(each)):
            raise RegistrationRefused(" ".join(faults.values()), faults=faults)
        if any(_value(each, name) != _value(stored, name) for name in TYPED):
            each.version = stored.version + 1
            changed.append(each)
    with acting(by=by, reason=reason or "Soạn đăng ký thi đua"):
        _insert(fresh)
        Registration.objects.bulk_update(changed, [*TYPED, "version"])
        _append(fresh, RegistrationAct.OPENED, reason, by=by, at=at)
        _append(changed, RegistrationAct.CHANGED, reason, by=by, at=at)
    return Kept(len(fresh), len(changed))


def _insert(fresh: list[Registration]) -> None:
    try:
        with transaction.atomic():
            Registration.objects.bulk_create(fresh)
    except IntegrityError as error:
        if "registration_once_per_campaign_and_unit" not in str(error):
            raise
        raise RegistrationRefused(
            _("Đơn vị này đã có đăng ký trong phong trào; xin sửa đăng ký đã có.")
        ) from None


def submit_registration(*, registration: Registration, by: User, at: datetime) -> Registration:
    """Hand it in for the level above. Raises ``RegistrationRefused`` with the ``faults`` of its fields."""
    return _one(registration, RegistrationAct.SUBMITTED, by=by, at=at)


def confirm_registration(*, registration: Registration, by: User, at: datetime) -> Registration:
    """Confirm it, and freeze where the unit starts from; not by who submitted or typed it."""
    return _one(registration, RegistrationAct.CONFIRMED, by=by, at=at)


def return_registration(*, registration: Registration, reason: str, by: User, at: datetime) -> Registration:
    return _one(registration, RegistrationAct.RETURNED, reason, by=by, at=at)


def suspend_registration(*, registration: Registration, reason: str, by: User, at: datetime) -> Registration:
    """Let a confirmed registration not compete until it is resumed."""
    return _one(registration, RegistrationAct.SUSPENDED, reason, by=by, at=at)


def resume_registration(*, registration: Registration, by: User, at: datetime) -> Registration:
    return _one(registration, RegistrationAct.RESUMED, by=by, at=at)


def withdraw_registration(*, registration: Registration, reason: str, by: User, at: datetime) -> Registration:
    return _one(registration, RegistrationAct.WITHDRAWN, reason, by=by, at=at)


def reopen_registration(*, registration: Registration, by: User, at: datetime) -> Registration:
    """Begin again with a withdrawn one. A starting level that was frozen stays."""
    return _one(registration, RegistrationAct.REOPENED, by=by, at=at)


def _one(
    registration: Registration, act: RegistrationAct, reason: str = "", *, by: User, at: datetime
) -> Registration:
    taken = take_step(registrations=[registration.pk], act=act, reason=reason, by=by, at=at)
    for refusal in taken.refused:
        raise RegistrationRefused(refusal.sentence, faults=refusal.faults)
    return taken.done[0]


def take_step(
    *, registrations: Iterable[int], act: RegistrationAct, by: User, at: datetime, reason: str = ""
) -> Taken:
    """Take one step with many registrations (ids): those that cannot are refused, the others go through.

    One transaction, the same number of queries however many. Tells those who are to act next, or who wait
    for the decision. Confirmed for the first time, a registration holds the starting level from then on,
    whatever is corrected later.
    """
    reason = " ".join(reason.split())
    registrations = list(registrations)
    with acting(by=by, reason=reason or f"Đăng ký thi đua: {act.label}"):
        hold_units(Registration.objects.filter(pk__in=registrations).values_list("unit", flat=True))
        rows = list(_locked(registrations).values())
        look = _Look.over(rows, act, by=by, at=at)
        refused = [refusal for row in rows if (refusal := look.refusal(row, reason))]
        barred = {refusal.registration.pk for refusal in refused}
        done = [row for row in rows if row.pk not in barred]
        for row in done:
            look.take(row, reason)
        Registration.objects.bulk_update(done, _STEPPED)
        steps = _append(done, act, reason, by=by, at=at)
        tell(registrations=done, steps=steps, act=act, reason=reason, by=by, at=at)
    return Taken(tuple(done), tuple(refused))


@dataclass(frozen=True, slots=True)
class _Look:
    """All that a step with some registrations depends on, read once for all of them."""

    act: RegistrationAct
    by: User
    at: datetime
    periods: dict[int, Period]
    typists: dict[int, int]
    starts: dict[int, Start]

    @classmethod
    def over(cls, rows: list[Registration], act: RegistrationAct, *, by: User, at: datetime) -> _Look:
        wants_levels = act in (RegistrationAct.SUBMITTED, RegistrationAct.CONFIRMED)
        return cls(
            act,
            by,
            at,
            periods_of(row.campaign_id for row in rows),
            typed_by(row.pk for row in rows),
            starting_levels(units=[row.unit for row in rows], at=at) if wants_levels else {},
        )

    def refusal(self, row: Registration, reason: str) -> Refusal | None:
        move = MOVES.get((RegistrationStatus(row.status), self.act))
        faults: dict[str, str] = {}
        if move is None:
            return Refusal(row, _not_now(row), faults)
        if self.act == RegistrationAct.SUBMITTED:
            faults = self._faults(row)
        sentence = self._why_not(row, move, reason) or " ".join(faults.values())
        return Refusal(row, sentence, faults) if sentence else None

    def _why_not(self, row: Registration, move: Move, reason: str) -> str:
        on, period = timezone.localdate(self.at), self.periods.get(row.campaign_id)
        if move.running and (sentence := why_not_now(row, period=period, on=on)):
            return sentence
        if move.second_person and is_own(row, self.by, self.typists.get(row.pk)):
            return _("Bạn đã soạn hoặc gửi đăng ký này; xin để người khác xác nhận.")
        if move.reason and not reason:
            return _("Xin ghi lý do.")
        return ""

    def _faults(self, row: Registration) -> dict[str, str]:
        return faults_of(
            row,
            period=self.periods.get(row.campaign_id),
            level=self.starts[row.unit_id].level,
            on=timezone.localdate(self.at),
            handing_in=True,
        )

    def take(self, row: Registration, reason: str) -> None:
        """Write the step into the row."""
        row.status = MOVES[RegistrationStatus(row.status), self.act].to
        row.version += 1
        row.reason = reason
        if self.act == RegistrationAct.SUBMITTED:
            row.submitted_at, row.submitted_by = self.at, self.by
            row.decided_at = row.decided_by = None
        if self.act in (RegistrationAct.CONFIRMED, RegistrationAct.RETURNED):
            row.decided_at, row.decided_by = self.at, self.by
        if self.act == RegistrationAct.CONFIRMED and row.starting_level is None:
            start = self.starts[row.unit_id]
            row.starting_level, row.starting_provisional = start.level, start.provisional
            row.starting_day, row.starting_edition_id = start.day, start.edition


def _locked(registrations: Iterable[int]) -> dict[int, Registration]:
    """By id, the registrations with their units and places, held until the end of the transaction."""
    found = Registration.objects.filter(pk__in=set(registrations)).select_related(*WITH_PLACES)
    return {row.pk: row for row in found.select_for_update(of=("self",)).order_by("pk")}


def _append(
    rows: list[Registration], act: RegistrationAct, reason: str, *, by: User, at: datetime
) -> list[RegistrationStep]:
    return RegistrationStep.objects.bulk_create(
        RegistrationStep(registration=row, act=act, reason=reason, said=_said(row), taken_at=at, taken_by=by)
        for row in rows
    )


def _said(row: Registration) -> dict:
    """What the registration holds, as the ledger keeps it."""
    said = {
        "group": row.group.code,
        "target_level": RiskLevel(row.target_level).key,
        "target_day": row.target_day.isoformat(),
        "solutions": row.solutions,
        "document_number": row.document_number,
        "document_date": row.document_date and row.document_date.isoformat(),
        "document": row.document_id,
        "head": row.head,
        "head_post": row.head_post,
    }
    if row.starting_level is not None:
        said |= {
            "starting_level": RiskLevel(row.starting_level).key,
            "starting_provisional": row.starting_provisional,
            "starting_day": row.starting_day.isoformat(),
            "starting_edition": row.starting_edition_id,
        }
    return said


def _value(row: Registration, name: str) -> object:
    return getattr(row, Registration._meta.get_field(name).attname)


def _not_now(row: Registration) -> str:
    return _("Đăng ký này %(status)s nên không làm được việc đó; xin tải lại trang.") % {
        "status": RegistrationStatus(row.status).label
    }
