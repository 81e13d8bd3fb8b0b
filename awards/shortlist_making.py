"""A shortlist worked out from the standings of a day: the content that is stored, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from awards.shortlist_flags import flags_of, window_of
from awards.shortlist_ledger import lowered_counts
from awards.shortlist_ranges import LESS, MORE, measures_of, ranks_if_moved
from awards.shortlist_table import LAST_DAYS, WITHOUT_LAST_DAYS, Flag, FlagRow
from campaign.models import Phase
from campaign.scoring.facts import FROM_ELEVATED, FROM_HIGH, FROM_VERY_HIGH, GREEN_AT_START, KEPT_GREEN
from campaign.scoring.unit import UnitFacts, unit_facts
from campaign.standing_inputs import DayInputs, PhaseInputs
from campaign.standing_levels import LEVEL
from campaign.standing_making import make_table
from campaign.standing_page import CLASSES
from campaign.standing_table import GroupTable, StandingTable
from campaign.standing_units import CONFIRMED, SUSPENDED, WITHDRAWN
from riskmap.policies import rule_set_of
from riskmap.rules.scale import NEW_NORMAL

_AWARDED = (FROM_VERY_HIGH, FROM_HIGH, FROM_ELEVATED, KEPT_GREEN)


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """What a shortlist is made from: the standing it goes by, both views, and the inputs of the former.

    ``beside`` is the known standing through the day of the published one.
    """

    phase: Phase
    table: StandingTable
    published: StandingTable | None
    known: StandingTable | None
    beside: StandingTable | None
    inputs: PhaseInputs
    day: DayInputs
    at: datetime


def content_of(basis: Basis) -> list[dict]:
    """The groups with their units, in the order in which they are read; JSON-able."""
    without = _without_last_days(basis)
    reading = _Reading(basis)
    return [
        {
            "code": group.code,
            "kind": group.kind,
            "name": group.name,
            "lines": _lines(group, basis, reading, without.group(group.code) if without else None),
        }
        for group in basis.table.groups
    ]


class _Reading:
    """Levels and corrections of the units, found by their codes."""

    def __init__(self, basis: Basis) -> None:
        field, inputs = basis.inputs.field, basis.inputs
        contenders, ground = field.contenders, field.ground
        self.row_of = {code: row for row, code in enumerate(contenders.codes)}
        self.ground_row = contenders.ground_rows(ground, hamlets=contenders.hamlets_assessed)
        self.ground = ground
        self.days = (basis.table.day - basis.phase.first_day).days + 1
        self.cells = inputs.levels.cells[:, : self.days]
        self.first_day = basis.phase.first_day
        province = field.campaign.province
        window = rule_set_of([province.pk])[province.pk]["window_days"]
        self.lowered = lowered_counts(
            ground,
            first=window_of(basis.phase.first_day, window),
            last=basis.table.day,
            deadline=basis.phase.dossier_deadline,
            at=basis.at,
        )

    def of(self, code: str) -> int:
        return int(self.ground_row[self.row_of[code]])

    def way(self, row: int) -> list[list[int]]:
        """The days (counted from the phase's first) on which the level changed, with the level from then."""
        levels = self.cells[row] & LEVEL
        begins = np.flatnonzero(np.append(True, levels[1:] != levels[:-1]))
        return [[day, int(levels[day])] for day in begins.tolist()]

    def flags(
        self, row: int, facts: UnitFacts, views: tuple[UnitFacts | None, UnitFacts | None]
    ) -> tuple[Flag, ...]:
        """``views`` are the unit's facts as known and as published, through the same day."""
        counted = self.ground.kind[row] in ("commune", "hamlet")
        return flags_of(
            facts=facts,
            views=views,
            cells=self.cells[row],
            seat=FlagRow(self.ground.codes[row], self.ground.names[row] if counted else "", self.first_day),
            lowered=self.lowered.get(self.ground.paths[row], ()),
        )


def _without_last_days(basis: Basis) -> StandingTable | None:
    """Who would stand where had the phase ended three days earlier, with the registrations as they are."""
    day = basis.table.day - timedelta(days=LAST_DAYS)
    if day < basis.phase.first_day or day not in basis.inputs.days:
        return None
    return make_table(basis.inputs, replace(basis.day, day=day))


def _lines(
    group: GroupTable, basis: Basis, reading: _Reading, without: GroupTable | None
) -> list[dict[str, object]]:
    published, known = _ranks(basis.published, group.code), _ranks(basis.known, group.code)
    shown, beside = _facts(basis.published, group.code), _facts(basis.beside, group.code)
    ranks = _moved_ranks(group)
    earlier = _places(without)
    lines = []
    for unit_class in CLASSES:
        for row in group.rows_of_class(unit_class).tolist():
            code = group.units[row].code
            facts = unit_facts(group.facts, row, first_day=group.first_day)
            moved = {key: int(values[row]) for key, values in ranks.items()}
            class_then, rank_then = earlier.get(code, (unit_class, 0))
            if rank_then and class_then == unit_class:
                moved = {WITHOUT_LAST_DAYS: rank_then, **moved}
            place = reading.of(code)
            lines.append(
                {
                    "code": code,
                    "class": unit_class,
                    "because": why_not_eligible(
                        group, row, facts, required=basis.phase.campaign.registration_required
                    ),
                    "published": published.get(code, 0),
                    "known": known.get(code, 0),
                    "ranks": moved,
                    "class_without_last_days": class_then,
                    "flags": [
                        _flag(each)
                        for each in reading.flags(place, facts, (beside.get(code), shown.get(code)))
                    ],
                    "way": reading.way(place),
                }
            )
    return lines


def why_not_eligible(group: GroupTable, row: int, facts: UnitFacts, *, required: bool) -> list[str]:
    """Why the unit is not eligible: keys of ``shortlist_table.BECAUSE``; none for one that is."""
    state, because = int(group.registered[row]), []
    if state in (SUSPENDED, WITHDRAWN):
        because.append("suspended" if state == SUSPENDED else "withdrawn")
    elif required and state != CONFIRMED:
        because.append("not_registered")
    if not (facts.level_at_start and facts.level_at_end):
        return [*because, "no_level"]
    if facts.level_at_end != NEW_NORMAL:
        return [*because, "not_green"]
    if facts.unit_class == GREEN_AT_START:
        because.append("lost_green")
    elif facts.unit_class not in _AWARDED:
        because.append("no_level")
    return because


def _moved_ranks(group: GroupTable) -> dict[str, np.ndarray]:
    return {
        f"{fact}:{sign}": ranks_if_moved(
            group.facts, group.scoring, competing=group.competing, fact=fact, tenths=tenths
        )
        for fact in measures_of(group.scoring)
        for sign, tenths in (("-", LESS), ("+", MORE))
    }


def _ranks(table: StandingTable | None, code: str) -> Mapping[str, int]:
    return {unit: rank for unit, (_class, rank) in _places(table and table.group(code)).items()}


def _places(group: GroupTable | None) -> dict[str, tuple[int, int]]:
    """By unit code, class and rank."""
    if group is None:
        return {}
    classes, ranks = group.facts.unit_class.tolist(), group.ranking.rank.tolist()
    return {unit.code: (classes[row], ranks[row]) for row, unit in enumerate(group.units)}


def _facts(table: StandingTable | None, code: str) -> dict[str, UnitFacts]:
    group = table.group(code) if table else None
    if group is None:
        return {}
    return {
        unit.code: unit_facts(group.facts, row, first_day=group.first_day)
        for row, unit in enumerate(group.units)
    }


def _flag(flag: Flag) -> dict[str, object]:
    return {
        "code": flag.code,
        "count": flag.count,
        "cases": flag.cases,
        "shown": flag.shown,
        "known": flag.known,
        "rows": [[row.code, row.name, row.day.isoformat()] for row in flag.rows],
    }
