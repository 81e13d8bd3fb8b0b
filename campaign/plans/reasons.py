"""A plan whose phase has begun is changed with a reason only, which the journal keeps."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from campaign.models import Campaign
from core.errors import DomainError


class ReasonNeeded(DomainError):
    """Units compete under this plan already; a change of it says why."""

    code = "reason_needed"


def has_begun(campaign: Campaign, *, on: date) -> bool:
    """Whether a phase of the campaign has begun by the day ``on``."""
    return campaign.phases.filter(first_day__lte=on).exists()


def demand_reason(campaign: Campaign, *, reason: str, on: date) -> str:
    """The reason for the journal, without spare blanks. Raises ``ReasonNeeded``."""
    reason = " ".join(reason.split())
    if not reason and has_begun(campaign, on=on):
        raise ReasonNeeded(
            _("Phong trào đã bắt đầu; xin ghi lý do thay đổi kế hoạch, ví dụ số văn bản điều chỉnh.")
        )
    return reason
