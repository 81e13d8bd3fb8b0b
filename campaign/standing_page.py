"""What the board of a phase shows: who stands where in each class, and how it came to be. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils.translation import gettext as _

from campaign.days import shared_days
from campaign.enums import GroupKind
from campaign.models import Campaign, Phase
from campaign.scoring.facts import (
    CLASS_KEYS,
    FROM_ELEVATED,
    FROM_HIGH,
    FROM_VERY_HIGH,
    GREEN_AT_START,
    KEPT_GREEN,
    NO_LEVEL_AT_START,
)
from campaign.standing import days_of, standing_of
from campaign.standing_charts import Strip, draw_strip
from campaign.standing_strips import cells_of_seats
from campaign.standing_table import GroupTable, Line, StandingTable, movements
from campaign.standing_words import CLASS_LABELS
from riskmap.enums import MapView

#: The classes from those who had the farthest way to go.
CLASSES = (FROM_VERY_HIGH, FROM_HIGH, FROM_ELEVATED, KEPT_GREEN, GREEN_AT_START, NO_LEVEL_AT_START)
UNRANKED = "unranked"
CLASS_CHOICES = (*(CLASS_KEYS[each] for each in CLASSES), UNRANKED)
#: How many units of a class stand on the page of all classes; a class by itself is shown page by page.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A unit on the board. ``moved``: ranks won since the day before; ``is_new``: it had none then."""

    line: Line
    strip: Strip | None
    moved: int | None
    is_new: bool

    @property
    def fell(self) -> int:
        return -(self.moved or 0)

    @property
    def is_organisation(self) -> bool:
        return self.line.code != self.line.seat_code


@dataclass(frozen=True, slots=True)
class Board:
    """One class of a group, or those that are not ranked; ``rows`` are places in the group's table."""

    key: str
    label: str
    rows: np.ndarray

    @property
    def is_ranked(self) -> bool:
        return self.key != UNRANKED


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A group of the plan, and how many units it has."""

    code: str
    name: str
    units: int


@dataclass(frozen=True)
class BoardPage:
    """The standings of a phase through a day. ``table`` is ``None`` where there are none to show.

    ``boards`` are the classes shown; ``classes`` all of the group.
    """

    campaign: Campaign
    phase: Phase
    phases: Sequence[Phase]
    view: MapView
    has_published: bool
    has_any: bool
    days: Sequence[date]
    table: StandingTable | None
    before: StandingTable | None
    group: GroupTable | None
    classes: Sequence[Board]
    boards: Sequence[Board]

    @property
    def day(self) -> date:
        return self.table.day

    @property
    def previous_day(self) -> date | None:
        return max((day for day in self.days if day < self.day), default=None)

    @property
    def next_day(self) -> date | None:
        return min((day for day in self.days if day > self.day), default=None)

    @property
    def last_of_days(self) -> date:
        return self.days[-1]

    @property
    def ranked(self) -> bool:
        """Whether anybody of the group is ranked."""
        return any(board.is_ranked for board in self.classes)

    @property
    def days_left(self) -> int:
        return (self.phase.last_day - self.day).days

    @property
    def shared_with(self) -> Phase | None:
        """The other phase that the day counts for as well."""
        for day, before, after in shared_days(self.phases):
            if self.table and day == self.day and self.phase in (before, after):
                return after if self.phase == before else before
        return None

    @property
    def groups(self) -> list[GroupChoice]:
        """Those of which units are known; the table's order is the plan's."""
        return [
            GroupChoice(group.code, short_name_of(group), len(group.units))
            for group in self.table.groups
            if len(group.units)
        ]

    @property
    def empty_groups(self) -> list[str]:
        return [group.name for group in self.table.groups if not len(group.units)]


def short_name_of(group: GroupTable) -> str:
    """The kind in a few words: a plan's own names are sentences."""
    return str(GroupKind(group.kind).label)


def phase_of_today(phases: Sequence[Phase], on: date) -> Phase | None:
    """The phase of the day, on a shared day the one that ends; else the last that began, or the first."""
    held = [phase for phase in phases if phase.holds(on)]
    begun = [phase for phase in phases if phase.first_day <= on]
    return next(iter(held), None) or next(reversed(begun), None) or next(iter(phases), None)


def page_of_board(
    *, phase: Phase, view: MapView | None, day: date | None, group: str | None, unit_class: str | None
) -> BoardPage:
    """The board as asked; without a view the published one, where any day has it.

    ``table`` is ``None`` for a day without standings, ``group`` for a code that the plan does not have.
    """
    phases = list(phase.campaign.phases.all())
    published = days_of(phase, MapView.PUBLISHED)
    view = view or (MapView.PUBLISHED if published else MapView.KNOWN)
    days = published if view == MapView.PUBLISHED else days_of(phase, view)
    has_any = bool(days or days_of(phase, MapView.KNOWN))
    there = days and (day is None or day in days)
    table = standing_of(phase=phase, view=view, day=day) if there else None
    before = chosen = None
    classes: Sequence[Board] = ()
    if table is not None:
        chosen = _group_of(table, group)
        yesterday = max((each for each in days if each < table.day), default=None)
        before = standing_of(phase=phase, view=view, day=yesterday) if yesterday else None
    if chosen is not None:
        classes = boards_of(chosen)
    boards = [each for each in classes if unit_class in (None, each.key)]
    return BoardPage(
        campaign=phase.campaign,
        phase=phase,
        phases=phases,
        view=view,
        has_published=bool(published),
        has_any=has_any,
        days=days,
        table=table,
        before=before,
        group=chosen,
        classes=classes,
        boards=boards,
    )


def _group_of(table: StandingTable, code: str | None) -> GroupTable | None:
    """The group asked for; else the communes, or the first that has units."""
    if code is not None:
        return table.group(code)
    communes = (group for group in table.groups if group.kind == GroupKind.COMMUNE and len(group.units))
    filled = (group for group in table.groups if len(group.units))
    return next(communes, None) or next(filled, None) or next(iter(table.groups), None)


def boards_of(group: GroupTable) -> list[Board]:
    """The classes in which units are ranked, each by rank and name, then those that are not ranked."""
    ranked = group.ranking.rank > 0
    boards = []
    for unit_class in CLASSES:
        rows = group.rows_of_class(unit_class)
        boards.append(Board(CLASS_KEYS[unit_class], str(CLASS_LABELS[unit_class]), rows[ranked[rows]]))
    boards.append(Board(UNRANKED, _("Không xếp hạng"), np.flatnonzero(~ranked)))
    return [board for board in boards if len(board.rows)]


def rows_of(page: BoardPage, places: Sequence[int]) -> list[Row]:
    """Some rows of the page's group, with their strips and how they moved. At most three queries."""
    before = page.before.group(page.group.code) if page.before else None
    moved = movements(page.group, before)
    cells = cells_of_seats(
        phase=page.phase,
        view=page.view,
        through=page.day,
        seats=[page.group.units[place].seat_path for place in places],
        of_organisations=GroupKind(page.group.kind).area_kind is None,
    )
    return [
        Row(
            line,
            _strip(cells.get(page.group.units[place].seat_path), page.phase, line),
            moved[line.unit_id],
            is_new=bool(line.rank and before and moved[line.unit_id] is None),
        )
        for place, line in zip(places, page.group.lines(places), strict=True)
    ]


def _strip(cells: np.ndarray | None, phase: Phase, line: Line) -> Strip | None:
    if cells is None:
        return None
    return draw_strip(cells, first=phase.first_day, last=phase.last_day, facts=line.facts)
