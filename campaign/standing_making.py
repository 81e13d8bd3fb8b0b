"""A standing made from what was read: facts of every unit, ranks within each group and class."""

from __future__ import annotations

import numpy as np

from campaign.enums import GroupKind
from campaign.models import TargetGroup
from campaign.scoring.facts import Facts, facts_of
from campaign.scoring.order import rank_units
from campaign.standing_inputs import DayInputs, PhaseInputs
from campaign.standing_table import GroupTable, StandingTable
from campaign.standing_units import NOT_ASSESSED, NOT_PUBLISHED
from riskmap.enums import MapView


def make_table(inputs: PhaseInputs, of: DayInputs) -> StandingTable:
    """All groups on the day; nothing is read but, for what is published, the cases known at the cut-off."""
    field, phase = inputs.field, inputs.phase
    contenders = field.contenders
    facts, competing = _facts(inputs, of), contenders.competing(of.states)
    groups = []
    for place, group in enumerate(contenders.groups):
        empty = _why_empty(inputs, group)
        rows = np.flatnonzero(of.listed & (contenders.group == place) & (not empty))
        own = facts.at(rows)
        groups.append(
            GroupTable(
                code=group.code,
                kind=group.kind,
                name=group.name,
                empty=empty,
                first_day=phase.first_day,
                scoring=field.scoring,
                units=tuple(field.units[row] for row in rows.tolist()),
                competing=competing[rows],
                registered=of.states[rows],
                facts=own,
                ranking=rank_units(own, field.scoring, competing=competing[rows]),
            )
        )
    return StandingTable(
        phase=phase,
        day=of.day,
        view=inputs.view,
        edition=inputs.edition_of(of.day),
        scoring=field.scoring,
        inputs=of.fingerprint,
        groups=tuple(groups),
    )


def _facts(inputs: PhaseInputs, of: DayInputs) -> Facts:
    field, first_day = inputs.field, inputs.phase.first_day
    rows = field.contenders.ground_rows(field.ground, hamlets=_hamlets_have_levels(inputs))
    register_by = field.campaign.register_by
    return facts_of(
        inputs.levels.spans,
        areas=len(field.ground),
        through=(of.day - first_day).days,
        cases=inputs.cases(of.day)[rows],
        population=inputs.people[rows],
        seat=rows,
        registrations=field.contenders.said(of.states, first_day),
        register_by=None if register_by is None else (register_by - first_day).days,
    )


def _hamlets_have_levels(inputs: PhaseInputs) -> bool:
    return inputs.field.contenders.hamlets_assessed and inputs.view == MapView.KNOWN


def _why_empty(inputs: PhaseInputs, group: TargetGroup) -> str:
    if group.kind != GroupKind.HAMLET or _hamlets_have_levels(inputs):
        return ""
    return NOT_PUBLISHED if inputs.field.contenders.hamlets_assessed else NOT_ASSESSED
