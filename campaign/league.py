"""The league of districts: what the communes of each came to, read from a standing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from campaign.enums import GroupKind
from campaign.scoring.facts import Facts
from campaign.scoring.spans import NONE
from campaign.standing_table import GroupTable, StandingTable
from campaign.standing_units import CONFIRMED
from riskmap.enums import RiskLevel
from riskmap.rules.scale import NEW_NORMAL


@dataclass(frozen=True, slots=True)
class DistrictLine:
    """A district by its communes. ``level`` is its own where districts compete too, else ``None``."""

    code: str
    name: str
    communes: int
    green: int  # on the standing's day
    green_at_start: int
    steps_lowered: int  # of all communes together; those that rose count against
    days_green: int
    relapses: int
    cases: int
    registered: int  # communes whose registration is confirmed
    level: RiskLevel | None
    green_since: date | None  # of the district itself, where it is green

    @property
    def green_share(self) -> float:
        return self.green / self.communes

    @property
    def registered_share(self) -> float:
        return self.registered / self.communes

    @property
    def days_green_each(self) -> float:
        """Days green of a commune of the district, on average."""
        return self.days_green / self.communes


def league_of(table: StandingTable) -> list[DistrictLine]:
    """Every district with communes in the standing: the greenest first, then by steps lowered, by days green.

    Nothing where no communes compete, or the province has no districts.
    """
    communes = [group for group in table.groups if group.kind == GroupKind.COMMUNE and group.units]
    own = {
        unit.seat_code: (group, row)
        for group in table.groups
        if group.kind == GroupKind.DISTRICT
        for row, unit in enumerate(group.units)
    }
    rows_of: dict[tuple[str, str], list[tuple[GroupTable, int]]] = {}
    for group in communes:
        for row, unit in enumerate(group.units):
            if unit.district_code:
                rows_of.setdefault((unit.district_code, unit.district_name), []).append((group, row))
    lines = [_line(code, name, rows, own.get(code)) for (code, name), rows in rows_of.items()]
    return sorted(lines, key=_place)


def _place(line: DistrictLine) -> tuple:
    return (-line.green_share, -line.steps_lowered / line.communes, -line.days_green_each, line.code)


def _line(
    code: str, name: str, rows: list[tuple[GroupTable, int]], own: tuple[GroupTable, int] | None
) -> DistrictLine:
    green = start = steps = days = relapses = cases = registered = 0
    for group in dict.fromkeys(group for group, _row in rows):
        chosen = np.array([row for each, row in rows if each is group])
        facts = group.facts.at(chosen)
        green += int((facts.levels.level_at_end == NEW_NORMAL).sum())
        start += int((facts.levels.level_at_start == NEW_NORMAL).sum())
        steps += _total(facts, "steps_lowered")
        days += _total(facts, "days_green")
        relapses += _total(facts, "relapses")
        cases += int(facts.cases.sum())
        registered += int((group.registered[chosen] == CONFIRMED).sum())
    level, since = _own_level(own)
    return DistrictLine(
        code, name, len(rows), green, start, steps, days, relapses, cases, registered, level, since
    )


def _total(facts: Facts, name: str) -> int:
    values = getattr(facts.levels, name)
    return int(values[values != NONE].sum())


def _own_level(own: tuple[GroupTable, int] | None) -> tuple[RiskLevel | None, date | None]:
    if own is None:
        return None, None
    line = own[0].lines([own[1]])[0]
    return RiskLevel(line.facts.level_at_end), line.facts.green_since
