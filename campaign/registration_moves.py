"""What may be done with a registration, by its status: one table, and what of it one person may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max

from campaign.enums import RegistrationAct, RegistrationStatus
from campaign.models import Campaign, Phase, Registration, RegistrationStep
from campaign.units import confirming_area
from core.access import Permission
from core.models import Area, User
from core.models.scoping import granted_paths

_DRAFT, _SUBMITTED = RegistrationStatus.DRAFT, RegistrationStatus.SUBMITTED
_RETURNED, _CONFIRMED = RegistrationStatus.RETURNED, RegistrationStatus.CONFIRMED
_SUSPENDED, _WITHDRAWN = RegistrationStatus.SUSPENDED, RegistrationStatus.WITHDRAWN


class Place(Enum):
    """Where the permission must be held: over the seat of the unit, or over the level above it."""

    SEAT = "seat"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Move:
    """One step: where it leads, who may take it, and on what condition.

    ``running``: only until the last day of the campaign, for a unit that is open. ``second_person``: not by
    who submitted it or typed it last.
    """

    to: RegistrationStatus
    permission: Permission
    place: Place
    reason: bool = False
    running: bool = False
    second_person: bool = False


_OWN = {"permission": Permission.REGISTER_UNITS, "place": Place.SEAT}
_ABOVE = {"permission": Permission.CONFIRM_REGISTRATIONS, "place": Place.ABOVE}
_CHANGE, _SUBMIT = {"running": True, **_OWN}, Move(_SUBMITTED, running=True, **_OWN)
_WITHDRAW = Move(_WITHDRAWN, reason=True, **_OWN)

MOVES: dict[tuple[RegistrationStatus, RegistrationAct], Move] = {
    (_DRAFT, RegistrationAct.CHANGED): Move(_DRAFT, **_CHANGE),
    (_DRAFT, RegistrationAct.SUBMITTED): _SUBMIT,
    (_DRAFT, RegistrationAct.WITHDRAWN): _WITHDRAW,
    (_RETURNED, RegistrationAct.CHANGED): Move(_RETURNED, **_CHANGE),
    (_RETURNED, RegistrationAct.SUBMITTED): _SUBMIT,
    (_RETURNED, RegistrationAct.WITHDRAWN): _WITHDRAW,
    (_SUBMITTED, RegistrationAct.CONFIRMED): Move(_CONFIRMED, running=True, second_person=True, **_ABOVE),
    (_SUBMITTED, RegistrationAct.RETURNED): Move(_RETURNED, reason=True, **_ABOVE),
    (_SUBMITTED, RegistrationAct.WITHDRAWN): _WITHDRAW,
    (_CONFIRMED, RegistrationAct.SUSPENDED): Move(_SUSPENDED, reason=True, **_ABOVE),
    (_CONFIRMED, RegistrationAct.WITHDRAWN): _WITHDRAW,
    (_SUSPENDED, RegistrationAct.RESUMED): Move(_CONFIRMED, **_ABOVE),
    (_SUSPENDED, RegistrationAct.WITHDRAWN): _WITHDRAW,
    (_WITHDRAWN, RegistrationAct.REOPENED): Move(_DRAFT, running=True, **_OWN),
}

#: The permission each act asks for, and where, whatever the status.
DOORS: dict[RegistrationAct, tuple[Permission, Place]] = {
    act: (move.permission, move.place) for (_status, act), move in MOVES.items()
}


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day of the first phase to the last of the last; ``None`` while no phase is set."""

    first_day: date
    last_day: date


def periods_of(campaigns: Iterable[int]) -> dict[int, Period]:
    """By campaign (id), its days; one that has no phase is left out. One query."""
    days: dict[int, list[date]] = {}
    phases = Phase.objects.filter(campaign__in=set(campaigns))
    for campaign, first, last in phases.values_list("campaign_id", "first_day", "last_day"):
        days.setdefault(campaign, []).extend((first, last))
    return {campaign: Period(min(each), max(each)) for campaign, each in days.items()}


def period_of(campaign: Campaign) -> Period | None:
    return periods_of([campaign.pk]).get(campaign.pk)


def typed_by(registrations: Iterable[int]) -> dict[int, int]:
    """By registration (id), who (id) typed what it holds. One query."""
    typed = RegistrationStep.objects.filter(
        registration__in=list(registrations), act__in=(RegistrationAct.OPENED, RegistrationAct.CHANGED)
    )
    last = typed.values("registration").annotate(last=Max("pk")).values("last")
    return dict(RegistrationStep.objects.filter(pk__in=last).values_list("registration_id", "taken_by_id"))


def is_own(registration: Registration, user: User, typist: int | None) -> bool:
    """Whether it is the work of ``user``, who then does not confirm it."""
    return user.pk in (registration.submitted_by_id, typist)


def is_over(period: Period | None, *, on: date) -> bool:
    return period is None or on > period.last_day


def is_late(registration: Registration) -> bool:
    """Whether it was submitted after the last day for registering."""
    by = registration.campaign.register_by
    return bool(by and registration.submitted_on and registration.submitted_on > by)


def allowed_acts(
    registration: Registration, user: User | AnonymousUser, on: date
) -> tuple[RegistrationAct, ...]:
    """The steps that ``user`` may take with it on the day ``on``, in the order of ``RegistrationAct``."""
    return acts_allowed([registration], user, on=on)[registration.pk]


def acts_allowed(
    registrations: Iterable[Registration], user: User | AnonymousUser, *, on: date
) -> dict[int, tuple[RegistrationAct, ...]]:
    """By registration (id), the steps that ``user`` may take on the day ``on``. Four queries for any number.

    Reads the units, their seats and the seats' parents: select them as well.
    """
    registrations = list(registrations)
    held = {
        permission: granted_paths(user, permission, on=on)
        for permission in (Permission.REGISTER_UNITS, Permission.CONFIRM_REGISTRATIONS)
    }
    if not any(held.values()):
        return {registration.pk: () for registration in registrations}
    periods = periods_of(registration.campaign_id for registration in registrations)
    typists = typed_by(registration.pk for registration in registrations)
    allowed: dict[int, tuple[RegistrationAct, ...]] = {}
    for registration in registrations:
        over = is_over(periods.get(registration.campaign_id), on=on)
        stopped = over or registration.unit.closed_at is not None
        own = is_own(registration, user, typists.get(registration.pk))
        allowed[registration.pk] = tuple(
            act
            for act in RegistrationAct
            if (move := MOVES.get((RegistrationStatus(registration.status), act)))
            and _lies_in(place_of(registration, act), held[move.permission])
            and not (move.running and stopped)
            and not (move.second_person and own)
        )
    return allowed


def place_of(registration: Registration, act: RegistrationAct) -> Area:
    """The area over which the permission of the act must be held."""
    _permission, place = DOORS[act]
    return registration.unit.seat if place is Place.SEAT else confirming_area(registration.unit)


def may_take(
    registrations: Iterable[Registration], act: RegistrationAct, user: User | AnonymousUser, *, on: date
) -> bool:
    """Whether ``user`` holds what the act asks for over every one of them. Whether it can be taken is
    another question, answered by the step itself."""
    paths = granted_paths(user, DOORS[act][0], on=on)
    return all(_lies_in(place_of(registration, act), paths) for registration in registrations)


def _lies_in(area: Area, paths: list[str]) -> bool:
    return any(area.path == path or area.path.startswith(path + "/") for path in paths)
