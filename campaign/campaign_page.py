"""What the pages of campaigns show. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from campaign.days import Standing, shared_days, stands_on
from campaign.enums import ScoringRole
from campaign.models import Campaign, Duty, Phase, ScoringRule, TargetGroup
from core.models import Area
from riskmap.rules.ruleset import RuleSet, RuleSetRefused, load_rule_set


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign in the list, and how it stands."""

    campaign: Campaign
    standing: Standing
    phases: Sequence[Phase]


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """A plan in plain words."""

    campaign: Campaign
    standing: Standing
    phases: Sequence[Phase]
    shared: Sequence[tuple[date, Phase, Phase]]
    rule_set: RuleSet | None
    area_groups: Sequence[TargetGroup]
    organisation_groups: Sequence[TargetGroup]
    order: Sequence[ScoringRule]
    ties: Sequence[ScoringRule]
    duties: Sequence[tuple[str, Sequence[Duty]]]


def campaigns_by_province(*, on: date) -> list[tuple[Area, list[CampaignRow]]]:
    """All campaigns, the newest of each province first."""
    campaigns = Campaign.objects.select_related("province").prefetch_related("phases").newest_first()
    rows = (
        CampaignRow(campaign, stands_on(campaign.phases.all(), on), campaign.phases.all())
        for campaign in campaigns
    )
    return [(province, list(group)) for province, group in groupby(rows, lambda row: row.campaign.province)]


def page_of_campaign(campaign: Campaign, *, on: date) -> CampaignPage:
    phases, groups = list(campaign.phases.all()), list(campaign.target_groups.all())
    rules = list(campaign.scoring_rules.all())
    return CampaignPage(
        campaign=campaign,
        standing=stands_on(phases, on),
        phases=phases,
        shared=shared_days(phases),
        rule_set=rule_set_of(campaign),
        area_groups=[group for group in groups if group.area_kind],
        organisation_groups=[group for group in groups if not group.area_kind],
        order=[rule for rule in rules if rule.role == ScoringRole.ORDER],
        ties=[rule for rule in rules if rule.role == ScoringRole.TIE],
        duties=_by_department(campaign.duties.all()),
    )


def rule_set_of(campaign: Campaign) -> RuleSet | None:
    """The decree the plan names; ``None`` should the portal no longer have it."""
    try:
        return load_rule_set(campaign.rule_set)
    except RuleSetRefused:
        return None


def _by_department(duties: Sequence[Duty]) -> list[tuple[str, list[Duty]]]:
    """Departments in the order of their first duty, each with all of its own."""
    by_department: dict[str, list[Duty]] = {}
    for duty in duties:
        by_department.setdefault(duty.department, []).append(duty)
    return list(by_department.items())
