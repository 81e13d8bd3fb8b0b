"""Progress to a map that is green all over: how many communes had each level on each day. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from campaign.models import Phase
from core.enums import AreaKind
from core.models import Area
from riskmap.enums import MapView, RiskLevel
from riskmap.history import level_matrix
from riskmap.models import Assessment
from riskmap.published import published_matrix

_LEVEL, _PROVISIONAL = 7, 1 << 3


@dataclass(frozen=True, slots=True)
class ProgressDay:
    """How many communes had each level on a day, and of how many it is provisional.

    ``communes`` are those the map shows on the day, those without a level included.
    """

    day: date
    levels: dict[RiskLevel, int]
    provisional: int

    @property
    def communes(self) -> int:
        return sum(self.levels.values())

    @property
    def green(self) -> int:
        return self.levels[RiskLevel.NEW_NORMAL]

    @property
    def green_share(self) -> float:
        return self.green / self.communes if self.communes else 0.0

    @property
    def green_all_over(self) -> bool:
        return self.communes > 0 and self.green == self.communes


@dataclass(frozen=True, slots=True)
class Progress:
    """The days of a phase that are told, in their order; as published, those that have an edition."""

    phase: Phase
    view: MapView
    days: tuple[ProgressDay, ...]
    target: str
    target_day: date | None

    @property
    def first_green_all_over(self) -> date | None:
        """The first day of the green all over that lasts to the last day told."""
        since = None
        for each in reversed(self.days):
            if not each.green_all_over:
                break
            since = each.day
        return since


def progress_of(*, phase: Phase, view: MapView, on: date) -> Progress:
    """The communes of the campaign's province over the phase, through ``on``; a few queries."""
    campaign = phase.campaign
    found = _published if view == MapView.PUBLISHED else _known
    days = found(campaign.province, phase.first_day, phase.last_day, on)
    return Progress(phase, view, tuple(days), campaign.target, campaign.target_day)


def _known(province: Area, first: date, last: date, on: date) -> list[ProgressDay]:
    assessment = Assessment.objects.filter(province=province).first()
    if assessment is None:
        return []
    first, last = max(first, assessment.first_day), min(last, on, assessment.known_through)
    if first > last:
        return []
    matrix = level_matrix(province=province, kind=AreaKind.COMMUNE, first=first, last=last)
    return _counted(matrix.cells, first, range(matrix.cells.shape[1]))


def _published(province: Area, first: date, last: date, on: date) -> list[ProgressDay]:
    """A day that was published has its cells filled in; an unpublished one is empty all over."""
    if first > on:
        return []
    matrix = published_matrix(province=province, kind=AreaKind.COMMUNE, first=first, last=min(last, on))
    told = np.flatnonzero(matrix.cells.any(axis=0)).tolist()
    return _counted(matrix.cells, first, told)


def _counted(cells: np.ndarray, first: date, columns: Iterable[int]) -> list[ProgressDay]:
    days = []
    for column in columns:
        of_day = cells[:, column]
        counts = np.bincount(of_day & _LEVEL, minlength=len(RiskLevel)).tolist()
        days.append(
            ProgressDay(
                day=first + timedelta(days=column),
                levels={level: counts[level] for level in RiskLevel},
                provisional=int((of_day & _PROVISIONAL > 0).sum()),
            )
        )
    return days
