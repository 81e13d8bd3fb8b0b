from campaign.models.campaigns import Campaign, CampaignQuerySet
from campaign.models.diary import DiaryEntry, DiaryPhoto
from campaign.models.feedback import Feedback
from campaign.models.inspections import FollowUp, FollowUpStep, Inspection
from campaign.models.parts import AwardGround, Duty, GreenCondition, ScoringRule, TargetGroup
from campaign.models.phases import Phase
from campaign.models.pledges import PledgeCount
from campaign.models.registrations import Registration, RegistrationStep
from campaign.models.standings import Standing
from campaign.models.unit_files import UnitBatch
from campaign.models.units import Unit, UnitQuerySet
from campaign.models.zones import ConditionAnswer, ConditionEvidence, RecognisedZone

__all__ = [
    "AwardGround",
    "Campaign",
    "CampaignQuerySet",
    "ConditionAnswer",
    "ConditionEvidence",
    "DiaryEntry",
    "DiaryPhoto",
    "Duty",
    "Feedback",
    "FollowUp",
    "FollowUpStep",
    "GreenCondition",
    "Inspection",
    "Phase",
    "PledgeCount",
    "RecognisedZone",
    "Registration",
    "RegistrationStep",
    "ScoringRule",
    "Standing",
    "TargetGroup",
    "Unit",
    "UnitBatch",
    "UnitQuerySet",
]
