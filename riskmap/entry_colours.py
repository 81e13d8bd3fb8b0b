"""What colour would the map have: the same rule on the numbers entered, before they are sent. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

import numpy as np

from core.models import Area
from riskmap.entry_grid import EntryGrid
from riskmap.enums import RiskLevel
from riskmap.reading_words import Words, in_words
from riskmap.rules.explain import State, explain
from riskmap.sending import row_of
from riskmap.what_if import LevelChange, WhatIf, what_if
from riskmap.why import named_findings


@dataclass(frozen=True, slots=True)
class ColourLine:
    """A commune whose numbers were entered: its colour now and with them, and the criteria met then."""

    area: Area
    before: RiskLevel
    before_provisional: bool
    after: RiskLevel
    after_provisional: bool
    reasons: Sequence[Words]

    @property
    def changes(self) -> bool:
        return (self.before, self.before_provisional) != (self.after, self.after_provisional)


@dataclass(frozen=True, slots=True)
class Colours:
    """The communes of the grid with numbers not sent yet, and whoever else would change that day."""

    lines: Sequence[ColourLine]
    others: Sequence[LevelChange]

    @property
    def changing(self) -> int:
        return sum(line.changes for line in self.lines)


def colours_of(*, grid: EntryGrid, on: date) -> Colours | None:
    """The colours of the grid's day with its drafts; ``None`` when there are none, or they say nothing new.

    ``on`` is today. A commune that lacks F0 numbers or is locked is left out: sending it would be refused.
    """
    rows = [
        row for row in grid.drafts if not (row.locked or row.cell.numbers.says_nothing or row.lacks_cases)
    ]
    if not rows:
        return None
    supposed = what_if(source=grid.source, rows=[row_of(row.cell, day=grid.day) for row in rows], on=on)
    if supposed is None:
        return None
    reasons = _reasons(supposed, [row.area.pk for row in rows], grid.day)
    lines = [
        ColourLine(
            row.area,
            *supposed.level_now(row.area.pk, grid.day),
            *supposed.level_of(row.area.pk, grid.day),
            reasons[row.area.pk],
        )
        for row in rows
    ]
    shown = {row.area.pk for row in rows}
    others = [
        change
        for change in supposed.changes
        if change.first_day <= grid.day <= change.last_day and change.area_id not in shown
    ]
    return Colours(lines, others)


def _reasons(supposed: WhatIf, areas: Sequence[int], day: date) -> dict[int, list[Words]]:
    """The criteria met at the level of the day, in words, by commune. One query."""
    rule_set, facts = supposed.rule_set, supposed.facts
    column = facts.lead + (day - supposed.then.first_day).days
    rows = supposed.areas.rows_of(np.array(areas, np.int64)).tolist()
    met = [
        [
            finding
            for finding in explain(rule_set, facts, row, column).findings
            if finding.state in (State.MET, State.HELD)
        ]
        for row in rows
    ]
    named = iter(named_findings([finding for findings in met for finding in findings], supposed.areas, []))
    return {
        pk: _of_its_level(
            list(islice(named, len(findings))), supposed.level_of(pk, day)[0], rule_set.window_days
        )
        for pk, findings in zip(areas, met, strict=True)
    }


def _of_its_level(findings: Sequence, level: RiskLevel, window_days: int) -> list[Words]:
    return [
        in_words(finding, window_days=window_days) for finding in findings if finding.criterion.level == level
    ]
