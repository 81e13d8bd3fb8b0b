"""The days of phases are guarded: a correction that moves a colour of theirs waits for a second person."""

from __future__ import annotations

from campaign.models import Campaign, Phase
from core.models import User
from riskmap.guarded import LONGEST_NAME, guard_period


def guard_phases(*, campaign: Campaign, by: User) -> None:
    """Guard the days of every phase of the campaign; a period keeps the name it was first given."""
    for phase in campaign.phases.select_related("guarded"):
        guarded = guard_period(
            province=campaign.province,
            name=phase.guarded.name if phase.guarded else _name_of(campaign, phase),
            first_day=phase.first_day,
            last_day=phase.last_day,
            by=by,
        )
        if phase.guarded_id != guarded.period.pk:
            phase.guarded = guarded.period
            phase.save(update_fields=["guarded"])


def _name_of(campaign: Campaign, phase: Phase) -> str:
    """The campaign's name and the phase's, with the codes of both where another phase has these already."""
    name = f"{campaign.short_title}, {phase.name}"[:LONGEST_NAME]
    others = Phase.objects.filter(guarded__province=campaign.province, guarded__name=name)
    return f"{phase.code}, {campaign.slug}" if others.exists() else name
