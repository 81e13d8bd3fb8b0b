"""Until when units nominate: as long as the dossier that may take their people in may still be handed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from awards.deadlines import deadline_of, with_return_due
from awards.dossiers import WRITABLE
from awards.enums import DossierStatus
from awards.models import Dossier, LatePermit
from campaign.models import Phase
from core.enums import AreaKind
from core.models import Area

NOT_HANDED_IN = (*WRITABLE, DossierStatus.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Window:
    """When nominations of a phase end for the units of ``area``; ``None``: nobody has set a deadline yet.

    ``dossier`` is the one that takes them in, once it was begun.
    """

    phase: Phase
    area: Area
    dossier: Dossier | None
    until: datetime | None

    def is_open(self, *, at: datetime) -> bool:
        return self.until is None or at < self.until

    @property
    def is_handed_in(self) -> bool:
        """Whether what is nominated now waits: the dossier is out of the hands of the area."""
        return self.dossier is not None and self.dossier.status not in NOT_HANDED_IN


def taking_area(seat: Area) -> Area:
    """Whose dossier takes in what a unit of ``seat`` nominates: its district's; of the province's own units
    the province's. No query where the parents are there."""
    while seat.kind not in (AreaKind.DISTRICT, AreaKind.PROVINCE):
        seat = seat.parent
    return seat


def windows_of(
    *, phases: Iterable[Phase], areas: Iterable[Area], at: datetime
) -> dict[tuple[int, int], Window]:
    """By phase and area (ids), the windows; two queries."""
    phases, areas = list(phases), list(areas)
    begun = with_return_due(Dossier.objects.filter(phase__in=phases, area__in=areas)).select_related("phase")
    dossiers = {(each.phase_id, each.area_id): each for each in begun}
    permits = LatePermit.objects.filter(
        phase__in=phases, area__in=areas, used_at__isnull=True, expires_at__gt=at
    )
    longer = {
        (phase, area): until for phase, area, until in permits.values_list("phase", "area", "expires_at")
    }
    found = {}
    for phase in phases:
        for area in areas:
            key = phase.pk, area.pk
            dossier = dossiers.get(key)
            until = deadline_of(dossier).instant if dossier else phase.dossier_deadline
            if until is not None and key in longer:
                until = max(until, longer[key])
            found[key] = Window(phase, area, dossier, until)
    return found


def window_of(*, phase: Phase, area: Area, at: datetime) -> Window:
    return windows_of(phases=[phase], areas=[area], at=at)[phase.pk, area.pk]
