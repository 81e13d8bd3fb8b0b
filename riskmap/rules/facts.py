"""Facts: what is known of areas, day by day, as the arrays the rule reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from riskmap.rules.scale import COUNT_KINDS, DECLARED_KINDS

#: A day index that never comes: no last day of validity, no report yet, a declared fact without an end.
NEVER = np.iinfo(np.int32).max

#: The unknown population.
UNKNOWN = -1


@dataclass(frozen=True, slots=True, eq=False)
class Declarations:
    """Declared facts of one kind: area ``rows[i]`` from day ``since[i]`` to ``until[i]``, both included.

    Arrays of int32, one element a declaration. Days are indices of the axis; they may lie outside it, and
    ``until`` is ``NEVER`` for a fact without an end.
    """

    rows: np.ndarray
    since: np.ndarray
    until: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """Decided levels: area ``rows[i]`` has ``level[i]`` from day ``since[i]`` to ``until[i]``, both included.

    Arrays of int32 (levels int8), one element a decision; days are indices of the axis and may lie outside
    it. Two decisions of one area share no day.
    """

    rows: np.ndarray
    since: np.ndarray
    until: np.ndarray
    level: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """``n`` areas × ``days`` days, in any order of areas.

    The axis of days starts at ``first_day`` (index 0). Its first ``lead`` days are only looked back at; the
    days after them are assessed. ``lead`` is the rule set's ``look_back`` days, or fewer where the series
    begins later (then ``previous`` has as many columns).

    It is fastest when rows are grouped by tier, and communes by parent.
    """

    first_day: date
    days: int
    lead: int
    #: int8 (n,): riskmap.rules.scale.PROVINCE, DISTRICT, COMMUNE or HAMLET.
    tier: np.ndarray
    #: int32 (n,): row of the area it belongs to, or -1. A commune may belong to a province directly.
    parent: np.ndarray
    #: int32 (n,): first and last day of the area itself, inclusive; may lie outside the axis.
    valid_from: np.ndarray
    valid_to: np.ndarray
    #: int32 (n,): the day of the first report in the area's province (all kinds of areas share it).
    #: Negative when it lies before the axis, ``NEVER`` when there is none. Read of communes and hamlets.
    series_start: np.ndarray
    #: int32 (n,): the day of the area's own first report, likewise. A district or province has a level from
    #: the first report of any commune of it on, or from this day where an earlier run knows better.
    first_report: np.ndarray
    #: int64 (n,): people, ``UNKNOWN`` when not known.
    population: np.ndarray
    #: bool (n, days): a report of that day is there. Read of communes and hamlets.
    reported: np.ndarray
    #: Any integers (n, days) of COUNT_KINDS; a kind nobody reports may be left out. Read of communes and
    #: hamlets. The smaller the type, the faster.
    counts: Mapping[str, np.ndarray] = field(default_factory=dict)
    #: Of DECLARED_KINDS; a kind nobody declared may be left out.
    declared: Mapping[str, Declarations] = field(default_factory=dict)
    #: What people decided; ``None`` where nothing is.
    decided: Decided | None = None
    #: Neighbours of row i: ``neighbours[neighbour_start[i]:neighbour_start[i + 1]]`` (rows of communes,
    #: both directions). int32 (edges,) and int64 (n + 1,).
    neighbours: np.ndarray = field(default_factory=lambda: np.empty(0, np.int32))
    neighbour_start: np.ndarray | None = None
    #: int8 (n, lead): the computed levels of the look-back days, -1 where none is known. Wanted for every
    #: area of the run that was assessed before, or holding begins anew.
    previous: np.ndarray | None = None

    def __post_init__(self) -> None:
        n = len(self.tier)
        put = object.__setattr__
        if self.neighbour_start is None:
            put(self, "neighbour_start", np.zeros(n + 1, np.int64))
        if self.previous is None:
            put(self, "previous", np.full((n, self.lead), -1, np.int8))
        if not 0 <= self.lead <= self.days:
            raise ValueError(f"lead {self.lead} does not fit {self.days} days")
        for name in ("parent", "valid_from", "valid_to", "series_start", "first_report", "population"):
            _expect(name, getattr(self, name), (n,))
        _expect("reported", self.reported, (n, self.days))
        _expect("previous", self.previous, (n, self.lead))
        _expect("neighbour_start", self.neighbour_start, (n + 1,))
        for kind, counts in self.counts.items():
            if kind not in COUNT_KINDS:
                raise ValueError(f"unknown kind of counts: {kind}")
            _expect(kind, counts, (n, self.days))
            if counts.dtype.kind not in "iu":
                raise ValueError(f"{kind}: counts are whole numbers, not {counts.dtype}")
        for kind in self.declared:
            if kind not in DECLARED_KINDS:
                raise ValueError(f"unknown kind of declared fact: {kind}")
        if self.neighbour_start[-1] != len(self.neighbours):
            raise ValueError("neighbour_start does not end at the number of neighbours")

    @property
    def areas(self) -> int:
        return len(self.tier)


def _expect(name: str, array: np.ndarray, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}, not {shape}")
