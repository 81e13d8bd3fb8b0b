"""Where one unit stands in its province's campaign, for its own page and its area's. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from campaign.diary import diary_of
from campaign.enums import GroupKind, RegistrationStatus
from campaign.models import Campaign, DiaryEntry, Phase, RecognisedZone, Registration, Unit
from campaign.registered import registration_of
from campaign.standing import standing_of
from campaign.standing_charts import Strip, draw_strip
from campaign.standing_page import phase_of_today
from campaign.standing_strips import cells_of_seats
from campaign.standing_table import GroupTable, Line, StandingTable
from campaign.standing_words import CLASS_LABELS
from campaign.units import unit_of_area
from campaign.zones import zones_on
from core.models import Area
from riskmap.enums import MapView

ENTRIES_SHOWN = 3
_TOLD = (RegistrationStatus.CONFIRMED, RegistrationStatus.SUSPENDED)


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """A unit's line of the last standing, and its levels over the phase."""

    table: StandingTable
    group: GroupTable
    line: Line
    strip: Strip | None

    @property
    def phase(self) -> Phase:
        return self.table.phase

    @property
    def others(self) -> int:
        """How many share its rank."""
        return self.line.sharing - 1

    @property
    def class_label(self) -> str:
        return str(CLASS_LABELS[self.line.unit_class])

    @property
    def address(self) -> str:
        """The board on which the line stands."""
        board = reverse("campaign:phase_standings", args=[self.phase.campaign.slug, self.phase.code])
        return f"{board}?view={self.table.view}&day={self.table.day}&group={self.group.code}"

    @property
    def is_provisional(self) -> bool:
        return self.table.day < self.phase.last_day


@dataclass(frozen=True, slots=True)
class AreaCampaign:
    """All that the public is told of an area in the campaign of its province."""

    campaign: Campaign
    unit: Unit
    standing: UnitStanding | None
    registration: Registration | None  # once it was confirmed
    zone: RecognisedZone | None  # as it is recognised today
    entries: Sequence[DiaryEntry]  # of the diary, the newest


def campaign_of(unit: Unit, *, on: date) -> Campaign | None:
    """The campaign whose plan speaks of such units: the one that runs, else the last begun, else the next."""
    campaigns = list(
        Campaign.objects.filter(province=unit.province_id, target_groups__kind=unit.kind)
        .distinct()
        .newest_first()
        .select_related("province")
        .prefetch_related("phases")
    )
    running = (each for each in campaigns if any(phase.holds(on) for phase in each.phases.all()))
    begun = (each for each in campaigns if any(phase.first_day <= on for phase in each.phases.all()))
    return next(running, None) or next(begun, None) or next(iter(campaigns), None)


def standing_of_unit(unit: Unit, *, on: date, campaign: Campaign | None = None) -> UnitStanding | None:
    """The last standing of the phase of today, as published, or as known where nothing was.

    ``None`` where the unit stands in none. At most eight queries.
    """
    campaign = campaign or campaign_of(unit, on=on)
    phase = phase_of_today(campaign.phases.all(), on) if campaign else None
    if phase is None:
        return None
    for view in (MapView.PUBLISHED, MapView.KNOWN):
        table = standing_of(phase=phase, view=view)
        if table is not None and (found := _line_of(table, unit)):
            return UnitStanding(table, *found, _strip(table, *found))
    return None


def _line_of(table: StandingTable, unit: Unit) -> tuple[GroupTable, Line] | None:
    for group in table.groups:
        for row, each in enumerate(group.units):
            if each.code == unit.code:
                return group, group.lines([row])[0]
    return None


def _strip(table: StandingTable, group: GroupTable, line: Line) -> Strip | None:
    path = next(unit.seat_path for unit in group.units if unit.code == line.code)
    cells = cells_of_seats(
        phase=table.phase,
        view=table.view,
        through=table.day,
        seats=[path],
        of_organisations=GroupKind(group.kind).area_kind is None,
    )
    if path not in cells:
        return None
    phase = table.phase
    return draw_strip(cells[path], first=phase.first_day, last=phase.last_day, facts=line.facts)


def campaign_of_area(area: Area, *, on: date) -> AreaCampaign | None:
    """What is told of the area as a unit; ``None`` where it competes in nothing."""
    unit = unit_of_area(area)
    campaign = campaign_of(unit, on=on) if unit else None
    if campaign is None:
        return None
    registration = registration_of(unit, campaign)
    return AreaCampaign(
        campaign=campaign,
        unit=unit,
        standing=standing_of_unit(unit, on=on, campaign=campaign),
        registration=registration if registration and registration.status in _TOLD else None,
        zone=zones_on(campaign, on).filter(unit=unit).first(),
        entries=diary_of(unit, campaign=campaign)[:ENTRIES_SHOWN],
    )
