"""Who joined a phase and what was pledged and recognised, as of a day of it. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F, Q

from campaign.enums import GroupKind, PledgeKind, RecognitionEnd
from campaign.models import Campaign, Phase, RecognisedZone
from campaign.pledge_coverage import Figure, Place, coverage_of
from campaign.pledge_page import KIND_HEADS
from campaign.scoring.targets import TARGET_KEYS
from campaign.standing_table import GroupTable, StandingTable
from campaign.standing_units import CONFIRMED, SUSPENDED, UNREGISTERED, WITHDRAWN
from core.enums import AreaKind


def groups_content(table: StandingTable) -> list[dict[str, Any]]:
    """Each group of the plan: how its units had registered on the standing's day, and how targets stood."""
    return [_group(group) for group in table.groups]


def _group(group: GroupTable) -> dict[str, Any]:
    states, registered = group.registered.tolist(), group.facts.registered
    missing = [unit for unit, state in zip(group.units, states, strict=True) if state == UNREGISTERED]
    targets = registered.target_state[group.registered == CONFIRMED].tolist()
    return {
        "kind": group.kind,
        "label": str(GroupKind(group.kind).label),
        "empty": group.empty,
        "units": len(group.units),
        "confirmed": states.count(CONFIRMED),
        "suspended": states.count(SUSPENDED),
        "withdrawn": states.count(WITHDRAWN),
        "missing": len(missing),
        "missing_names": [[unit.name, unit.district_name] for unit in missing],
        "late": int((registered.registered_late & (group.registered == CONFIRMED)).sum()),
        "targets": {key: targets.count(number) for number, key in enumerate(TARGET_KEYS)},
    }


def pledges_content(campaign: Campaign, *, through: date) -> dict[str, Any]:
    """Signed of how many by the day: the province, its districts; and the communes that said nothing."""
    whole = coverage_of(campaign=campaign, area=campaign.province, on=through, until=through)
    below = [place for place in whole.below if place.area.kind == AreaKind.DISTRICT]
    silent = [
        place
        for place, kinds in whole.gaps()
        if place.area.kind == AreaKind.COMMUNE and len(kinds) == len(PledgeKind)
    ]
    return {
        "kinds": [
            {"kind": str(kind), "label": str(head), **_figure(whole.figures[kind])}
            for kind, head in KIND_HEADS.items()
        ],
        "districts": [
            {"name": place.area.name, "kinds": [_figure(place.figures[kind]) for kind in KIND_HEADS]}
            for place in below
        ],
        "silent": [[place.area.name, name] for place, name in _named(silent, below)],
    }


def _named(silent: Sequence[Place], districts: Sequence[Place]) -> list[tuple[Place, str]]:
    names = {place.area.pk: place.area.name for place in districts}
    return [(place, names.get(place.area.parent_id, "")) for place in silent]


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "known": figure.is_known,
        "signed": figure.signed,
        "total": figure.total,
        "percent": figure.percent,
        "gaps": figure.gaps,
        "newest": figure.newest and figure.newest.isoformat(),
    }


def zones_content(phase: Phase, *, through: date) -> dict[str, Any]:
    """The zones recognised on the day, and those that ended within the phase."""
    zones = phase.campaign.zones.select_related("unit__seat__parent")
    zones = zones.exclude(ended_on=F("recognised_on")).order_by("recognised_on", "unit__sort_key", "pk")
    still = Q(ended_on__isnull=True) | Q(ended_on__gt=through)
    ended = zones.filter(ended_on__range=(phase.first_day, through))
    return {
        "standing": [_zone(zone) for zone in zones.filter(still, recognised_on__lte=through)],
        "ended": [
            _zone(zone)
            | {
                "ended_on": zone.ended_on.isoformat(),
                "because": str(RecognitionEnd(zone.ended_because).label),
            }
            for zone in ended
        ],
    }


def _zone(zone: RecognisedZone) -> dict[str, Any]:
    above = zone.unit.seat.parent
    return {
        "name": zone.unit.name,
        "above": above.name if above else "",
        "kind": str(GroupKind(zone.unit.kind).label),
        "since": zone.recognised_on.isoformat(),
    }
