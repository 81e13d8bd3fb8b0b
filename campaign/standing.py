"""Standings: who stands where on each day of a phase, as published and as known now."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from campaign.models import Campaign, Phase, Standing, Unit
from campaign.scoring.order import ScoringRefused
from campaign.standing_bodies import pack, unpack
from campaign.standing_inputs import (
    DayInputs,
    PhaseInputs,
    field_of,
    known_inputs,
    levels_state,
    phases_begun,
    published_inputs,
)
from campaign.standing_making import make_table
from campaign.standing_table import GroupTable, Line, StandingTable, UnitRow, movements
from core.audit import acting
from core.people import system_user
from riskmap.enums import MapView

__all__ = [
    "GroupTable",
    "Line",
    "StandingTable",
    "UnitRow",
    "compute_standings",
    "days_of",
    "movements",
    "standing_of",
]

logger = logging.getLogger(__name__)

LOCK = 2760  # the first key of the advisory locks of this stage; the second is the campaign
REASON = "Tính bảng xếp hạng: {campaign}"


@dataclass(frozen=True, slots=True)
class InForce:
    """What is stored last of a phase, view and day."""

    hash: str
    inputs: str


def compute_standings(
    *,
    campaign: Campaign | None = None,
    at: datetime,
    days: Collection[date] | None = None,
    rebuild: bool = False,
) -> list[Standing]:
    """Write the standings that are missing or have changed, of one campaign or of all; returns those written.

    Of each phase that has begun: as known, every day through ``at``; as published, every
    day that has an edition. A day is made again only when what it rests on differs from what is stored, with
    ``rebuild`` in any case; the same standing is never written twice. One computation at a time for a
    campaign. Known standings wait while counts are in force that the levels do not know yet.

    Raises ``ScoringRefused`` for a campaign given whose plan orders by nothing; of all, it is passed over.
    """
    if campaign is not None:
        return _compute(campaign, at=at, days=days, rebuild=rebuild)
    written = []
    for each in Campaign.objects.select_related("province").order_by("pk"):
        try:
            written += _compute(each, at=at, days=days, rebuild=rebuild)
        except ScoringRefused as refusal:
            logger.info("No standings of %s: %s", each.slug, refusal.message)
    return written


def _compute(
    campaign: Campaign, *, at: datetime, days: Collection[date] | None, rebuild: bool
) -> list[Standing]:
    on = timezone.localdate(at)
    if not phases_begun(campaign, on=on):
        return []
    with acting(by=system_user(), reason=REASON.format(campaign=campaign.short_title)):
        lock_campaign(campaign)
        made = []
        for inputs in inputs_of(campaign, on=on):
            stored = in_force(inputs.phase, inputs.view)
            for each in inputs.each_day():
                if (days is None or each.day in days) and _is_due(each, stored.get(each.day), rebuild):
                    made += _changed(inputs, each, stored.get(each.day), at)
        return Standing.objects.bulk_create(made)


def _is_due(each: DayInputs, stored: InForce | None, rebuild: bool) -> bool:
    """A day on which nothing was known yet has no standing, unless there was something once."""
    if stored is None:
        return each.has_levels
    return rebuild or stored.inputs != each.fingerprint


def _changed(inputs: PhaseInputs, each: DayInputs, stored: InForce | None, at: datetime) -> list[Standing]:
    body, digest = pack(make_table(inputs, each))
    if stored is not None and stored.hash == digest:
        return []
    return [
        Standing(
            phase=inputs.phase,
            day=each.day,
            view=inputs.view,
            computed_at=at,
            edition=inputs.edition_of(each.day),
            body=body,
            hash=digest,
            inputs=each.fingerprint,
        )
    ]


def lock_campaign(campaign: Campaign) -> None:
    """One computation of a campaign at a time, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK, campaign.pk])


def inputs_of(campaign: Campaign, *, on: date) -> Iterator[PhaseInputs]:
    """What there is to compute standings from, by phase and view; nothing for a plan without groups.

    Levels and counts of what is known are taken only if both are of the same computation.
    """
    field = field_of(campaign)
    phases = phases_begun(campaign, on=on) if field.contenders.groups else []
    before = levels_state(campaign.province)
    known = [known_inputs(field, phase, on=on) for phase in phases] if before else []
    if before and levels_state(campaign.province) != before:
        known = []
    yield from filter(None, known)
    yield from filter(None, (published_inputs(field, phase, on=on) for phase in phases))


def in_force(phase: Phase, view: MapView) -> dict[date, InForce]:
    """By day, what is stored last."""
    newest = Standing.objects.filter(phase=phase, view=view).order_by("day", "-pk").distinct("day")
    return {
        day: InForce(digest, inputs) for day, digest, inputs in newest.values_list("day", "hash", "inputs")
    }


def standing_of(*, phase: Phase, view: MapView, day: date | None = None) -> StandingTable | None:
    """The standing in force of the latest day up to ``day``, or of the last; ``None`` before the first."""
    through = min(day, phase.last_day) if day else phase.last_day
    standing = (
        Standing.objects.filter(phase=phase, view=view, day__range=(phase.first_day, through))
        .select_related("phase__campaign__province", "edition")
        .order_by("-day", "-pk")
        .first()
    )
    if standing is None:
        return None
    units = Unit.objects.filter(province=standing.phase.campaign.province_id)
    return unpack(standing, unit_ids=dict(units.values_list("code", "pk")))


def days_of(phase: Phase, view: MapView) -> list[date]:
    """The days of the phase that have a standing, in their order."""
    stored = Standing.objects.filter(phase=phase, view=view, day__range=(phase.first_day, phase.last_day))
    return list(stored.order_by("day").values_list("day", flat=True).distinct())
