"""Proof of the standings: each is what was stored, and what the ledger gives when it is computed again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from campaign.models import Campaign, Phase, Standing
from campaign.scoring.order import ScoringRefused
from campaign.standing import inputs_of
from campaign.standing_bodies import canonical, hash_of, unpack, written_in
from campaign.standing_inputs import DayInputs, PhaseInputs
from campaign.standing_making import make_table
from campaign.standing_table import StandingTable
from riskmap.enums import MapView

_BROKEN = (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError)


@dataclass(slots=True)
class Proof:
    """How many standings were read, what is wrong with them, and which the ledger answers otherwise now."""

    standings: int = 0
    faults: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)


def verify_standings(*, campaign: Campaign | None = None, on: date) -> Proof:
    """Read every standing (of one campaign) and compute those in force again; nothing is written.

    What differs because counts, units or the plan changed since is named apart from what is wrong:
    ``compute_standings`` writes it anew.
    """
    proof = Proof()
    campaigns = Campaign.objects.select_related("province").order_by("pk")
    for each in campaigns.filter(pk=campaign.pk) if campaign else campaigns:
        newest: dict[tuple[int, str, date], Standing] = {}
        for standing in _stored(each):
            proof.standings += 1
            newest[standing.phase_id, standing.view, standing.day] = standing
            if fault := _fault(standing):
                proof.faults.append(f"{_name(standing)}: {fault}")
        _replay(each, newest, proof, on=on)
    return proof


def _stored(campaign: Campaign) -> Iterator[Standing]:
    stored = Standing.objects.filter(phase__campaign=campaign).order_by("phase__number", "view", "day", "pk")
    return stored.select_related("phase__campaign", "edition").iterator(chunk_size=50)


def _fault(standing: Standing) -> str:
    try:
        written = written_in(standing)
        content = json.loads(written)
        said = [content[name] for name in ("campaign", "day", "view", "edition", "inputs")]
    except _BROKEN:
        return "nội dung không đọc được"
    if hash_of(written) != standing.hash:
        return "mã băm không khớp với nội dung"
    edition = standing.edition.hash if standing.edition else None
    row = [standing.phase.campaign.slug, standing.day.isoformat(), standing.view, edition, standing.inputs]
    if said != row or content["phase"]["code"] != standing.phase.code:
        return "nội dung không phải của đợt, ngày, bản công bố đã ghi"
    return ""


def _replay(
    campaign: Campaign, newest: dict[tuple[int, str, date], Standing], proof: Proof, *, on: date
) -> None:
    waiting = dict(newest)
    try:
        for inputs in inputs_of(campaign, on=on):
            for each in inputs.each_day():
                standing = waiting.pop((inputs.phase.pk, str(inputs.view), each.day), None)
                if standing is None:
                    if each.has_levels:
                        proof.differing.append(_words(inputs.phase, inputs.view, each.day))
                elif standing.inputs != each.fingerprint:
                    proof.differing.append(_name(standing))
                elif not _replays(standing, inputs, each):
                    proof.faults.append(f"{_name(standing)}: tính lại cho kết quả khác")
    except ScoringRefused:
        pass  # the plan orders by nothing any more: all of it waits
    proof.differing += [_name(standing) for standing in waiting.values()]


def _replays(standing: Standing, inputs: PhaseInputs, each: DayInputs) -> bool:
    try:
        then = unpack(standing, unit_ids={})
    except _BROKEN:
        return False
    return hash_of(canonical(_as_named(make_table(inputs, each), then))) == standing.hash


def _as_named(table: StandingTable, then: StandingTable) -> StandingTable:
    """The units by the names they had: being renamed changes no standing of before."""
    rows = {(group.code, unit.code): unit for group in then.groups for unit in group.units}
    groups = (
        replace(group, units=tuple(rows.get((group.code, unit.code), unit) for unit in group.units))
        for group in table.groups
    )
    return replace(table, groups=tuple(groups))


def _name(standing: Standing) -> str:
    return _words(standing.phase, MapView(standing.view), standing.day)


def _words(phase: Phase, view: MapView, day: date) -> str:
    return f"{phase.campaign.slug} · {phase.name} · {day:%d/%m/%Y} · {view.label}"
