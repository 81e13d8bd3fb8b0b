"""Plans as data: files read strictly, compared and loaded; and changed on pages, line by line."""

from campaign.plans.comparing import Difference, Line, compare_plan
from campaign.plans.editing import change_campaign, drop_part, open_campaign, save_part
from campaign.plans.loading import load_plan
from campaign.plans.reading import SHIPPED, Plan, PlanRefused, parse_plan, read_plan
from campaign.plans.reasons import ReasonNeeded, has_begun

__all__ = [
    "SHIPPED",
    "Difference",
    "Line",
    "Plan",
    "PlanRefused",
    "ReasonNeeded",
    "change_campaign",
    "compare_plan",
    "drop_part",
    "has_begun",
    "load_plan",
    "open_campaign",
    "parse_plan",
    "read_plan",
    "save_part",
]
