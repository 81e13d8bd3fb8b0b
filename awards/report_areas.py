"""How the places of a phase did, from one stored standing: colours, districts, days. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from statistics import median
from typing import Any

from campaign.enums import GroupKind
from campaign.progress import progress_of
from campaign.scoring.facts import KEPT_GREEN
from campaign.scoring.unit import UnitFacts, unit_facts
from campaign.standing_table import GroupTable, StandingTable, UnitRow
from campaign.standing_units import STATE_KEYS
from core.vietnamese import sort_key
from riskmap.enums import RiskLevel

LEVELS = len(RiskLevel)
Told = tuple[UnitRow, UnitFacts]


def communes_of(table: StandingTable) -> GroupTable | None:
    """The group whose places the colours of a report are told by; ``None`` where communes do not compete."""
    return next((group for group in table.groups if group.kind == GroupKind.COMMUNE and group.units), None)


def told_of(group: GroupTable) -> list[Told]:
    """Each unit with its facts, in Vietnamese order."""
    return [
        (unit, unit_facts(group.facts, row, first_day=group.first_day))
        for row, unit in enumerate(group.units)
    ]


def places_content(group: GroupTable) -> list[dict[str, Any]]:
    """A line for each commune: the annex of a report."""
    return [
        {
            "code": unit.code,
            "name": unit.name,
            "district": unit.district_name,
            "start": facts.level_at_start,
            "end": facts.level_at_end,
            "green_since": facts.green_since and facts.green_since.isoformat(),
            "days_to_green": facts.days_to_green,
            "days_from_very_high": facts.days_from_very_high,
            "days_green": facts.days_green,
            "cases": facts.cases,
            "kept_green": facts.unit_class == KEPT_GREEN,
            "relapses": facts.relapses,
            "provisional_days": facts.provisional_days,
            "registered": STATE_KEYS[int(group.registered[row])],
        }
        for row, (unit, facts) in enumerate(told_of(group))
    ]


def colours_content(places: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """From which level at the start to which on the last day, of all places of ``places_content``."""
    matrix = [[0] * LEVELS for _level in range(LEVELS)]
    for place in places:
        matrix[place["start"]][place["end"]] += 1
    known = [place for place in places if place["start"] and place["end"]]
    return {
        "places": len(places),
        "matrix": matrix,
        "start": [sum(row) for row in matrix],
        "end": [sum(column) for column in zip(*matrix, strict=True)],
        "lowered": sum(place["end"] < place["start"] for place in known),
        "same": sum(place["end"] == place["start"] for place in known),
        "raised": sum(place["end"] > place["start"] for place in known),
        "kept_green": sum(place["kept_green"] for place in places),
        "cases": sum(place["cases"] for place in places),
    }


def districts_content(table: StandingTable, places: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same by district, in Vietnamese order; the district's own levels where districts compete."""
    own = {
        unit.name: facts
        for group in table.groups
        if group.kind == GroupKind.DISTRICT
        for unit, facts in told_of(group)
    }
    districts = []
    for name in sorted({place["district"] for place in places if place["district"]}, key=sort_key):
        inside = [place for place in places if place["district"] == name]
        facts = own.get(name)
        districts.append(
            {
                "name": name,
                **colours_content(inside),
                "relapses": sum(bool(place["relapses"]) for place in inside),
                "registered": sum(place["registered"] == "confirmed" for place in inside),
                "own_start": facts.level_at_start if facts else None,
                "own_end": facts.level_at_end if facts else None,
            }
        )
    return districts


def days_content(table: StandingTable, *, through: date) -> list[dict[str, Any]]:
    """How many communes had each level on each day that is told."""
    told = progress_of(phase=table.phase, view=table.view, on=through).days
    return [
        {"day": each.day.isoformat(), "levels": [each.levels[level] for level in RiskLevel]} for each in told
    ]


def differing(shown: StandingTable, known: StandingTable | None) -> list[dict[str, Any]]:
    """The communes whose level on the last day is known today to be another than the one published."""
    own, other = communes_of(shown), known and communes_of(known)
    if own is None or other is None or known.day != shown.day:
        return []
    levels = {unit.code: int(other.facts.levels.level_at_end[row]) for row, unit in enumerate(other.units)}
    return [
        {"name": unit.name, "district": unit.district_name, "shown": level, "known": levels[unit.code]}
        for row, unit in enumerate(own.units)
        if unit.code in levels and (level := int(own.facts.levels.level_at_end[row])) != levels[unit.code]
    ]


def ways_content(places: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """How long it took to become green and stay so: of those not green at the start, of those once red."""
    came = [place for place in places if place["start"] > 1 and place["days_to_green"] is not None]
    red = [place for place in came if place["days_from_very_high"] is not None]
    fastest = sorted(red, key=lambda place: (place["days_from_very_high"], place["green_since"]))
    return {
        "came": _spread([place["days_to_green"] for place in came]),
        "from_very_high": _spread([place["days_from_very_high"] for place in red]),
        "fastest": [
            {name: place[name] for name in ("name", "district", "green_since", "days_from_very_high")}
            for place in fastest[:10]
        ],
    }


def _spread(days: list[int]) -> dict[str, Any] | None:
    if not days:
        return None
    return {"count": len(days), "least": min(days), "median": float(median(days)), "most": max(days)}
