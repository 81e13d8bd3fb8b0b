"""What the pages of the whole province show: who registered, and its colours by day. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campaign.enums import GroupKind
from campaign.models import Phase
from campaign.progress import Progress, ProgressDay, progress_of
from campaign.standing import standing_of
from campaign.standing_charts import MapChart, draw_map_chart
from campaign.standing_table import StandingTable
from campaign.standing_units import CONFIRMED
from riskmap.enums import MapView


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the communes registered, and were confirmed."""

    registered: int
    communes: int

    @property
    def share(self) -> float:
        return self.registered / self.communes if self.communes else 0.0


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """The colours of the communes over a phase. ``chart`` is ``None`` where no day is told."""

    phase: Phase
    phases: Sequence[Phase]
    view: MapView
    has_published: bool
    progress: Progress
    chart: MapChart | None
    registered: Share | None

    @property
    def last_told(self) -> ProgressDay:
        return self.progress.days[-1]

    @property
    def on_target_day(self) -> ProgressDay | None:
        return next((each for each in self.progress.days if each.day == self.progress.target_day), None)

    @property
    def table_rows(self) -> list[tuple[ProgressDay, list[int]]]:
        """The chart in numbers, the newest day first: those of the levels that occur."""
        looks = self.chart.looks
        return [(each, [each.levels[look.level] for look in looks]) for each in reversed(self.progress.days)]


def registered_share(table: StandingTable) -> Share:
    groups = [group for group in table.groups if group.kind == GroupKind.COMMUNE]
    return Share(
        sum(int((group.registered == CONFIRMED).sum()) for group in groups),
        sum(len(group.units) for group in groups),
    )


def page_of_progress(*, phase: Phase, view: MapView | None, on: date) -> ProgressPage:
    """As published, where any day of the phase is; else, or where it is asked for, as known."""
    published = progress_of(phase=phase, view=MapView.PUBLISHED, on=on)
    view = view or (MapView.PUBLISHED if published.days else MapView.KNOWN)
    progress = published if view == MapView.PUBLISHED else progress_of(phase=phase, view=view, on=on)
    chart = None
    if progress.days:
        chart = draw_map_chart(
            progress.days, first=phase.first_day, last=phase.last_day, target_day=progress.target_day
        )
    table = standing_of(phase=phase, view=view)
    return ProgressPage(
        phase,
        list(phase.campaign.phases.all()),
        view,
        bool(published.days),
        progress,
        chart,
        registered_share(table) if table else None,
    )
