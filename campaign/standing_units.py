"""Who competes in a campaign: its units by group, and what they registered, as of a day. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils import timezone

from campaign.enums import GroupKind, RegistrationAct, RegistrationStatus
from campaign.models import Campaign, Registration, RegistrationStep, TargetGroup, Unit
from campaign.scoring.spans import NONE
from campaign.scoring.targets import Registrations
from campaign.standing_areas import Ground
from core.enums import AreaKind
from riskmap.policies import rule_set_of

#: How a unit's registration stands on a day. One that was never confirmed is none.
UNREGISTERED, CONFIRMED, SUSPENDED, WITHDRAWN = range(4)
STATE_KEYS = ("", "confirmed", "suspended", "withdrawn")

#: Why a group has no units.
NOT_ASSESSED, NOT_PUBLISHED = "hamlets_not_assessed", "hamlets_not_published"

_NEVER = date.max.toordinal()
_STATE_AFTER = {
    RegistrationAct.CONFIRMED: CONFIRMED,
    RegistrationAct.RESUMED: CONFIRMED,
    RegistrationAct.SUSPENDED: SUSPENDED,
    RegistrationAct.WITHDRAWN: WITHDRAWN,
}
_STATE_NOW = {
    RegistrationStatus.CONFIRMED: CONFIRMED,
    RegistrationStatus.SUSPENDED: SUSPENDED,
    RegistrationStatus.WITHDRAWN: WITHDRAWN,
}


@dataclass(frozen=True, slots=True, eq=False)
class Contenders:
    """The units of a campaign, in Vietnamese order: one row each. Days are proleptic ordinals."""

    groups: tuple[TargetGroup, ...]
    group: np.ndarray  # int32 (units,), the place of its group
    is_area: np.ndarray  # bool (units,), an area that competes as itself
    seat: np.ndarray  # int64 rows of the ground
    closed: np.ndarray  # int64, the day on which it closed
    registered: np.ndarray  # int64, the day its registration was handed in
    target_level: np.ndarray  # int8
    target_day: np.ndarray  # int64
    moves: dict[int, tuple[tuple[int, int], ...]]  # of a row: days and the states they ended in
    codes: tuple[str, ...]
    names: tuple[str, ...]
    required: bool  # only who registered is ranked
    hamlets_assessed: bool

    def __len__(self) -> int:
        return len(self.codes)

    def states(self, day: date) -> np.ndarray:
        """uint8 (units,): how each registration stood at the end of the day.

        A confirmed one counts from the day it was handed in; what stopped it counts from its own day.
        """
        ordinal = day.toordinal()
        states = np.where(self.registered <= ordinal, CONFIRMED, UNREGISTERED).astype(np.uint8)
        for row, moves in self.moves.items():
            if states[row]:
                states[row] = [CONFIRMED, *(state for on, state in moves if on <= ordinal)][-1]
        return states

    def listed(self, day: date, ground: Ground) -> np.ndarray:
        """bool (units,): not closed by the end of the day, and of an area that existed on it."""
        return (self.closed > day.toordinal()) & (~self.is_area | ground.exist_on(day)[self.seat])

    def competing(self, states: np.ndarray) -> np.ndarray:
        """bool (units,): who is ranked. One whose registration was stopped is not."""
        return states == CONFIRMED if self.required else states <= CONFIRMED

    def said(self, states: np.ndarray, first: date) -> Registrations:
        """What they registered, with days counted from ``first``."""
        there, base = states > UNREGISTERED, first.toordinal()
        return Registrations(
            np.where(there, self.registered - base, NONE).astype(np.int32),
            np.where(there, self.target_level, 0).astype(np.int8),
            np.where(there, self.target_day - base, NONE).astype(np.int32),
        )

    def ground_rows(self, ground: Ground, *, hamlets: bool) -> np.ndarray:
        """int64 (units,): the rows whose levels and cases are theirs.

        Where hamlets have no levels, an organisation seated in one has those of the commune.
        """
        in_hamlet = ground.kind[self.seat] == AreaKind.HAMLET
        return self.seat if hamlets else np.where(in_hamlet, ground.parent[self.seat], self.seat)

    def fingerprint(self, ground: Ground, people: np.ndarray) -> str:
        """Of all that does not change from day to day. Names are left out: a standing keeps those it had."""
        digest = hashlib.sha256()
        for group in self.groups:
            digest.update(f"{group.code}|{group.kind}|{group.name}\n".encode())
        for row, code in enumerate(self.codes):
            seat = int(self.seat[row])
            digest.update(f"{self.group[row]}|{code}|{ground.paths[seat]}|{people[seat]}\n".encode())
        return digest.hexdigest()


def contenders_of(campaign: Campaign, ground: Ground) -> Contenders:
    """The units of the campaign's groups and their registrations, as they are now. A few queries.

    A unit stands in the group it registered for, or in the first of its kind.
    """
    groups = tuple(campaign.target_groups.order_by("place"))
    first_of_kind: dict[str, int] = {}
    for place, group in enumerate(groups):
        first_of_kind.setdefault(group.kind, place)
    place_of = {group.pk: place for place, group in enumerate(groups)}
    units = (
        Unit.objects.filter(province=campaign.province_id, kind__in=first_of_kind)
        .in_vietnamese_order()
        .values_list("pk", "kind", "code", "name", "seat", "closed_at")
    )
    seats = ground.rows_of(np.array([unit[4] for unit in units], np.int64))
    units = [unit for unit, seat in zip(units, seats.tolist(), strict=True) if seat >= 0]
    row_of = {unit[0]: row for row, unit in enumerate(units)}
    group = np.array([first_of_kind[unit[1]] for unit in units], np.int32)
    registered, target_day = (np.full(len(units), _NEVER, np.int64) for _ in range(2))
    target_level = np.zeros(len(units), np.int8)
    status_of: dict[int, tuple[int, int]] = {}
    for unit, of_group, status, submitted_at, level, due, pk in _once_confirmed(campaign):
        if (row := row_of.get(unit)) is None:
            continue
        group[row] = place_of.get(of_group, group[row])
        registered[row] = timezone.localdate(submitted_at).toordinal()
        target_level[row], target_day[row] = level, due.toordinal()
        status_of[pk] = (row, _STATE_NOW[RegistrationStatus(status)])
    return Contenders(
        groups=groups,
        group=group,
        is_area=np.array([GroupKind(unit[1]).area_kind is not None for unit in units], bool),
        seat=seats[seats >= 0],
        closed=np.array([_ordinal(unit[5]) for unit in units], np.int64),
        registered=registered,
        target_level=target_level,
        target_day=target_day,
        moves=_moves(campaign, status_of),
        codes=tuple(unit[2] for unit in units),
        names=tuple(unit[3] for unit in units),
        required=campaign.registration_required,
        hamlets_assessed=bool(
            rule_set_of([campaign.province_id])[campaign.province_id]["hamlets_as_communes"]
        ),
    )


def _once_confirmed(campaign: Campaign) -> Sequence[tuple]:
    return Registration.objects.filter(
        campaign=campaign,
        status__in=list(_STATE_NOW),
        starting_level__isnull=False,
        submitted_at__isnull=False,
    ).values_list("unit", "group", "status", "submitted_at", "target_level", "target_day", "pk")


def _moves(
    campaign: Campaign, status_of: dict[int, tuple[int, int]]
) -> dict[int, tuple[tuple[int, int], ...]]:
    """By row, the steps of registrations that were ever stopped: days and the states they led to.

    ``status_of`` are rows and states by registration (id). One that stands stopped without any such step
    stands so on all days.
    """
    steps = RegistrationStep.objects.filter(registration__campaign=campaign)
    ever = steps.filter(act__in=(RegistrationAct.SUSPENDED, RegistrationAct.WITHDRAWN)).values("registration")
    steps = steps.filter(registration__in=ever, act__in=list(_STATE_AFTER)).order_by("pk")
    moves: dict[int, list[tuple[int, int]]] = {
        row: [(0, state)] for row, state in status_of.values() if state != CONFIRMED
    }
    taken: dict[int, list[tuple[int, int]]] = {}
    for pk, act, taken_at in steps.values_list("registration", "act", "taken_at"):
        if pk in status_of:
            move = (_ordinal(taken_at), _STATE_AFTER[RegistrationAct(act)])
            taken.setdefault(status_of[pk][0], []).append(move)
    return {row: tuple(each) for row, each in (moves | taken).items()}


def _ordinal(moment) -> int:
    return timezone.localdate(moment).toordinal() if moment else _NEVER
