"""What a phase's standings are computed from, and a fingerprint of it for each day. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from campaign.models import Campaign, Phase
from campaign.scoring.order import Scoring, read_scoring
from campaign.standing_areas import Ground, ground_of
from campaign.standing_bodies import FORMAT
from campaign.standing_cases import cases_known_at, known_cases
from campaign.standing_levels import PhaseLevels, days_between, known_levels, published_levels
from campaign.standing_table import UnitRow
from campaign.standing_units import Contenders, contenders_of
from core.models import Area
from riskmap.enums import MapView
from riskmap.models import Assessment, MapEdition, ProvincePolicy, StaleMark


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A campaign, its areas and its units: what both views of all phases share."""

    campaign: Campaign
    scoring: Scoring
    ground: Ground
    contenders: Contenders
    units: tuple[UnitRow, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DayInputs:
    """A day of which there may be a standing. ``fingerprint`` differs when anything it rests on does."""

    day: date
    fingerprint: str
    has_levels: bool  # on it or a day of the phase before
    states: np.ndarray  # uint8 (units,), of their registrations
    listed: np.ndarray  # bool (units,)


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

    def edition_of(self, day: date) -> MapEdition | None:
        return self.levels.editions.get(day)

    def each_day(self) -> Iterator[DayInputs]:
        """The days in their order; nothing is scored for it."""
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
                fingerprint=digest.hexdigest(),
                has_levels=bool(there[: (day - phase.first_day).days + 1].any()),
                states=states,
                listed=listed,
            )


def field_of(campaign: Campaign) -> Field:
    """What the campaign's standings share. Raises ``ScoringRefused`` where its plan orders by nothing."""
    scoring = read_scoring(campaign.scoring_rules.order_by("place").values_list("fact", "role"))
    ground = ground_of(campaign.province)
    contenders = contenders_of(campaign, ground)
    return Field(campaign, scoring, ground, contenders, _unit_rows(contenders, ground))


def known_inputs(field: Field, phase: Phase, *, on: date) -> PhaseInputs | None:
    """The phase as known now, through today; ``None`` where nothing is known of it.

    Days after the last report count as well: a level that nobody reported of is kept, as provisional.
    """
    province = field.campaign.province
    assessment = Assessment.objects.filter(province=province).first()
    if assessment is None:
        return None
    last = min(phase.last_day, on, assessment.known_through)
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


def _unit_rows(contenders: Contenders, ground: Ground) -> tuple[UnitRow, ...]:
    """Every unit with the names it has now; the ids of this database are left to who reads it again."""
    rows = []
    for code, name, seat in zip(contenders.codes, contenders.names, contenders.seat.tolist(), strict=True):
        parent, district = int(ground.parent[seat]), ground.district_of(seat)
        rows.append(
            UnitRow(
                unit_id=0,
                code=code,
                name=name,
                seat_code=ground.codes[seat],
                seat_path=ground.paths[seat],
                seat_name=ground.names[seat],
                parent_name=ground.names[parent] if parent >= 0 else "",
                district_code=ground.codes[district] if district >= 0 else "",
                district_name=ground.names[district] if district >= 0 else "",
            )
        )
    return tuple(rows)


def phases_begun(campaign: Campaign, *, on: date) -> list[Phase]:
    """Those that have begun by the day, in their order."""
    begun = [phase for phase in campaign.phases.order_by("number") if phase.first_day <= on]
    for phase in begun:
        phase.campaign = campaign
    return begun
