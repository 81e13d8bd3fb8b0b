"""Targets: what a unit registered to reach by a day, and how that stands on the day asked."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from campaign.scoring.spans import NONE, Runs
from riskmap.rules.scale import NO_DATA

#: ``HELD``: the target's day is to come and the level is there already, ``AHEAD``: not yet. ``MET`` and
#: ``MISSED`` speak of its day, ``LATE`` of a target that was missed, reached since and held on the day asked.
NO_TARGET, AHEAD, HELD, MET, LATE, MISSED = range(6)
TARGET_KEYS = ("no_target", "ahead", "held", "met", "late", "missed")


@dataclass(frozen=True, slots=True, eq=False)
class Registrations:
    """What each unit registered: arrays (units,), ``NONE`` and ``NO_DATA`` where it did not.

    ``day`` and ``target_day`` are int32, indices of days as those of spans: a unit may have registered before
    the phase. A target day before day 0 belongs to another phase and is no target here.
    """

    day: np.ndarray
    target_level: np.ndarray  # int8
    target_day: np.ndarray


def nobody_registered(units: int) -> Registrations:
    never = np.full(units, NONE, np.int32)
    return Registrations(never, np.zeros(units, np.int8), never)


@dataclass(frozen=True, slots=True, eq=False)
class Registered:
    """The registrations known on the day asked: arrays (units,), days int32, ``NONE`` where there is none."""

    registered_on: np.ndarray
    registered_late: np.ndarray  # bool
    target_level: np.ndarray  # int8, NO_DATA where there is no target
    target_day: np.ndarray
    target_state: np.ndarray  # int8, one of TARGET_KEYS
    target_since: np.ndarray  # from when it is held, or was held on its day

    def at(self, rows: np.ndarray) -> Registered:
        """Those of the units named, in that order."""
        return Registered(*(getattr(self, each.name)[rows] for each in fields(self)))

    @property
    def target_met(self) -> np.ndarray:
        """bool: met on its day, or held on the day asked while its day is to come."""
        return (self.target_state == MET) | (self.target_state == HELD)


def registered_at(
    runs: Runs, seat: np.ndarray, said: Registrations, *, through: int, register_by: int | None
) -> Registered:
    """What was registered by the day ``through``, and how its targets stand on that day.

    A target is held on a day on which the level is the target's or a lower one; a day without a level holds
    nothing.
    """
    on = np.where(said.day <= through, said.day, NONE).astype(np.int32)
    aims = (on != NONE) & (said.target_level > NO_DATA) & (said.target_day >= 0)
    level = np.where(aims, said.target_level, NO_DATA).astype(np.int8)
    day = np.where(aims, said.target_day, NONE).astype(np.int32)
    state = np.full(len(seat), NO_TARGET, np.int8)
    since = np.full(len(seat), NONE, np.int32)
    for target in np.unique(level[aims]).tolist():
        units = np.flatnonzero(level == target)
        held = runs.at_or_under(target)
        due = day[units] <= through
        then = held.find(seat[units], np.minimum(day[units], through))
        now = np.where(due, held.find(seat[units], np.full(len(units), through)), -1)
        state[units] = np.select(
            [then >= 0, ~due, now >= 0], [np.where(due, MET, HELD), AHEAD, LATE], default=MISSED
        )
        run = np.where(then >= 0, then, now)
        since[units[run >= 0]] = held.first[run[run >= 0]]
    late = on > (through if register_by is None else register_by)
    return Registered(on, late, level, day, state, since)
