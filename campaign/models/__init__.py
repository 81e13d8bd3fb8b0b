from campaign.models.campaigns import Campaign, CampaignQuerySet
from campaign.models.parts import AwardGround, Duty, GreenCondition, ScoringRule, TargetGroup
from campaign.models.phases import Phase

__all__ = [
    "AwardGround",
    "Campaign",
    "CampaignQuerySet",
    "Duty",
    "GreenCondition",
    "Phase",
    "ScoringRule",
    "TargetGroup",
]
