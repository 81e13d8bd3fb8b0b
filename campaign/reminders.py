"""What the campaign reminds of by itself: each room says what, once a person and occasion."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from campaign.feedback_reminders import remind_unanswered
from campaign.inspection_notices import inspections_due
from campaign.registration_reminders import remind_to_register

FIRST_HOUR = 7  # nobody is reminded in the night, whenever a worker comes back
ROOMS = (remind_to_register, inspections_due, remind_unanswered)


def send_reminders(*, at: datetime) -> int:
    """Send what is due: how many notices are new."""
    if timezone.localtime(at).hour < FIRST_HOUR:
        return 0
    return sum(remind(at=at) for remind in ROOMS)
