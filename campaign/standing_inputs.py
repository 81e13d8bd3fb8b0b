"""What a phase's standings are computed from, and a fingerprint of it for each day. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from campaign.enums import GroupKind
from campaign.models import Campaign, Phase
from campaign.scoring.facts import facts_of
from campaign.scoring.order import Scoring, rank_units, read_scoring
from campaign.standing_areas import Ground, ground_of
from campaign.standing_bodies import FORMAT
from campaign.standing_cases import cases_known_at, known_cases
from campaign.standing_levels import PhaseLevels, days_between, known_levels, published_levels
from campaign.standing_table import GroupTable, StandingTable, UnitRow
from campaign.standing_units import NOT_ASSESSED, NOT_PUBLISHED, Contenders, contenders_of
from core.models import Area
from riskmap.enums import MapView
from riskmap.history import period_of
from riskmap.models import Assessment, MapEdition, ProvincePolicy, StaleMark


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A campaign, its areas and its units: what both views of all phases share."""

    campaign: Campaign
    scoring: Scoring
    ground: Ground
    contenders: Contenders


@dataclass(frozen=True, slots=True, eq=False)
class DayInputs:
    """A day of which there may be a standing. ``fingerprint`` differs when anything it rests on does."""

    day: date
    edition: MapEdition | None
    fingerprint: str
    has_levels: bool
    make: Callable[[], StandingTable]


@dataclass(frozen=True, slots=True, eq=False)
class PhaseInputs:
    """One view of one phase, read once for all of its days.

    ``cases`` gives, for a day, the F0 of each area (int64) from the phase's first day through it.
    """

    field: Field
    phase: Phase
    view: MapView
    levels: PhaseLevels
    days: tuple[date, ...]
    chain: dict[date, str]  # a fingerprint of levels and cases through each day
    cases: Callable[[date], np.ndarray]
    people: np.ndarray

    def each_day(self) -> Iterator[DayInputs]:
        """The days in their order. Making a table is put off until it is asked for."""
        contenders, phase = self.field.contenders, self.phase
        common = "|".join(
            (
                str(FORMAT),
                self.field.campaign.slug,
                phase.code,
                f"{phase.first_day}/{phase.last_day}",
                str(self.view),
                " ".join(self.field.scoring.order) + "/" + " ".join(self.field.scoring.ties),
                f"{contenders.required}/{self.field.campaign.register_by}/{contenders.hamlets_assessed}",
                contenders.fingerprint(self.field.ground, self.people),
            )
        )
        there = (self.levels.cells > 0).any(axis=0)
        for day in self.days:
            states, listed = contenders.states(day), contenders.listed(day, self.field.ground)
            said = contenders.said(states, phase.first_day)
            digest = hashlib.sha256(f"{common}|{day}|{self.chain[day]}|".encode())
            for part in (states, listed, said.day, said.target_level, said.target_day):
                digest.update(np.ascontiguousarray(part).tobytes())
            yield DayInputs(
                day=day,
                edition=self.levels.editions.get(day),
                fingerprint=digest.hexdigest(),
                has_levels=bool(there[: (day - phase.first_day).days + 1].any()),
                make=lambda day=day, inputs=digest.hexdigest(): self._make(day, inputs),
            )

    def _make(self, day: date, inputs: str) -> StandingTable:
        field, contenders = self.field, self.field.contenders
        hamlets = contenders.hamlets_assessed and self.view == MapView.KNOWN
        states, listed = contenders.states(day), contenders.listed(day, field.ground)
        rows_of_units = contenders.ground_rows(field.ground, hamlets=hamlets)
        cases, register_by = self.cases(day), field.campaign.register_by
        facts = facts_of(
            self.levels.spans,
            areas=len(field.ground),
            through=(day - self.phase.first_day).days,
            cases=cases[rows_of_units],
            population=self.people[rows_of_units],
            seat=rows_of_units,
            registrations=contenders.said(states, self.phase.first_day),
            register_by=None if register_by is None else (register_by - self.phase.first_day).days,
        )
        competing = contenders.competing(states)
        names = _unit_rows(field)
        groups = []
        for place, group in enumerate(contenders.groups):
            empty = ""
            if group.kind == GroupKind.HAMLET and not hamlets:
                empty = NOT_PUBLISHED if contenders.hamlets_assessed else NOT_ASSESSED
            rows = np.flatnonzero(listed & (contenders.group == place) & (not empty))
            own = facts.at(rows)
            groups.append(
                GroupTable(
                    code=group.code,
                    kind=group.kind,
                    name=group.name,
                    empty=empty,
                    first_day=self.phase.first_day,
                    scoring=field.scoring,
                    units=tuple(names[row] for row in rows.tolist()),
                    competing=competing[rows],
                    registered=states[rows],
                    facts=own,
                    ranking=rank_units(own, field.scoring, competing=competing[rows]),
                )
            )
        return StandingTable(
            phase=self.phase,
            day=day,
            view=self.view,
            edition=self.levels.editions.get(day),
            scoring=field.scoring,
            inputs=inputs,
            groups=tuple(groups),
        )


def field_of(campaign: Campaign) -> Field:
    """Read what the campaign's standings share. Raises ``ScoringRefused`` where its plan orders by nothing."""
    scoring = read_scoring(campaign.scoring_rules.order_by("place").values_list("fact", "role"))
    ground = ground_of(campaign.province)
    return Field(campaign, scoring, ground, contenders_of(campaign, ground))


def known_inputs(field: Field, phase: Phase, *, on: date) -> PhaseInputs | None:
    """The phase as known now, through the last day the map shows; ``None`` where it shows no day of it."""
    province = field.campaign.province
    assessment = Assessment.objects.filter(province=province).first()
    if assessment is None:
        return None
    last = min(phase.last_day, on, period_of(assessment, on=on)[1])
    days = days_between(max(phase.first_day, assessment.first_day), last)
    if not days:
        return None
    levels = known_levels(field.ground, first=phase.first_day, last=last)
    cases = known_cases(field.ground, first=phase.first_day, last=last)
    chain, digest = {}, hashlib.sha256()
    for place, day in enumerate(days_between(phase.first_day, last)):
        digest.update(levels.cells[:, place].tobytes())
        digest.update(cases[:, place].tobytes())
        chain[day] = digest.hexdigest()
    return PhaseInputs(
        field=field,
        phase=phase,
        view=MapView.KNOWN,
        levels=levels,
        days=tuple(days),
        chain=chain,
        cases=lambda day: cases[:, (day - phase.first_day).days],
        people=field.ground.people_on(phase.first_day),
    )


def published_inputs(field: Field, phase: Phase, *, on: date) -> PhaseInputs | None:
    """The phase as its editions show it: levels of days without one are none, and no standing is of them.

    Cases are those known at the cut-off of the day's edition, corrections of earlier days included; the
    editions and the ledger are never changed, so that they are read only for a day that is made.
    """
    province, last = field.campaign.province, min(phase.last_day, on)
    levels = published_levels(field.ground, province=province, first=phase.first_day, last=last)
    if not levels.editions:
        return None
    policy = ProvincePolicy.objects.filter(province=province).first() or ProvincePolicy()
    chain, digest = {}, hashlib.sha256(policy.source_policy.encode())
    for day, edition in levels.editions.items():
        digest.update(edition.hash.encode())
        chain[day] = digest.hexdigest()

    def cases(day: date) -> np.ndarray:
        cut_off = levels.editions[day].cut_off
        return cases_known_at(field.ground, first=phase.first_day, last=day, instant=cut_off)

    return PhaseInputs(
        field=field,
        phase=phase,
        view=MapView.PUBLISHED,
        levels=levels,
        days=tuple(levels.editions),
        chain=chain,
        cases=cases,
        people=field.ground.people_on(phase.first_day),
    )


def levels_state(province: Area) -> tuple | None:
    """Which computation the levels are of; ``None`` while counts are in force that levels do not know yet."""
    if StaleMark.objects.filter(province=province).exists():
        return None
    return Assessment.objects.filter(province=province).values_list("version", "computed_at").first()


def _unit_rows(field: Field) -> list[UnitRow]:
    ground, contenders = field.ground, field.contenders
    rows = []
    for code, name, seat in zip(contenders.codes, contenders.names, contenders.seat.tolist(), strict=True):
        parent, district = int(ground.parent[seat]), ground.district_of(seat)
        rows.append(
            UnitRow(
                0,
                code,
                name,
                ground.codes[seat],
                ground.paths[seat],
                ground.names[seat],
                ground.names[parent] if parent >= 0 else "",
                ground.codes[district] if district >= 0 else "",
                ground.names[district] if district >= 0 else "",
            )
        )
    return rows


def phases_begun(campaign: Campaign, *, on: date) -> list[Phase]:
    """Those that have begun by the day, in their order."""
    begun = [phase for phase in campaign.phases.order_by("number") if phase.first_day <= on]
    for phase in begun:
        phase.campaign = campaign
    return begun
