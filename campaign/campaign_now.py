"""How a campaign stands now, for its own page: who leads, who registered, how green it is. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.urls import reverse

from campaign.campaign_page import CampaignPage
from campaign.enums import GroupKind
from campaign.league_page import Share, registered_share
from campaign.models import Phase
from campaign.standing import standing_of
from campaign.standing_page import boards_of, phase_of_today, short_name_of
from campaign.standing_table import GroupTable, StandingTable, UnitRow
from riskmap.enums import MapView, RiskLevel

#: How many of those who share the first rank are named.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Leaders:
    """The first of a class: some by name, and how many others share their rank."""

    label: str
    named: Sequence[UnitRow]
    others: int


@dataclass(frozen=True, slots=True)
class CampaignNow:
    """The last standing of the phase of today, in a few lines. ``group`` is the one that is told."""

    phase: Phase
    table: StandingTable
    group: GroupTable
    leaders: Sequence[Leaders]
    registered: Share
    green: int
    communes: int

    @property
    def address(self) -> str:
        return reverse("campaign:phase_standings", args=[self.phase.campaign.slug, self.phase.code])

    @property
    def group_name(self) -> str:
        return short_name_of(self.group)

    @property
    def is_provisional(self) -> bool:
        return self.table.day < self.phase.last_day


def now_of(page: CampaignPage, *, on: date) -> CampaignNow | None:
    """As published, or as known where nothing was; ``None`` before the first standing. Four queries."""
    phase = phase_of_today(page.phases, on)
    if phase is None:
        return None
    table = standing_of(phase=phase, view=MapView.PUBLISHED) or standing_of(phase=phase, view=MapView.KNOWN)
    group = _told(table) if table else None
    if group is None:
        return None
    communes = [each for each in table.groups if each.kind == GroupKind.COMMUNE]
    return CampaignNow(
        table.phase,
        table,
        group,
        leaders_of(group),
        registered_share(table),
        sum(int((each.facts.levels.level_at_end == RiskLevel.NEW_NORMAL).sum()) for each in communes),
        sum(len(each.units) for each in communes),
    )


def _told(table: StandingTable) -> GroupTable | None:
    """The communes, or the first group that has units."""
    filled = [group for group in table.groups if group.units]
    communes = (group for group in filled if group.kind == GroupKind.COMMUNE)
    return next(communes, None) or next(iter(filled), None)


def leaders_of(group: GroupTable) -> list[Leaders]:
    """Who has the first rank of each class in which somebody is ranked."""
    leaders = []
    for board in boards_of(group):
        first = board.rows[group.ranking.rank[board.rows] == 1]
        if len(first):
            named = [group.units[row] for row in first[:NAMED].tolist()]
            leaders.append(Leaders(board.label, named, int(np.size(first)) - len(named)))
    return leaders
