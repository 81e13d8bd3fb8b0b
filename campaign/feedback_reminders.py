"""What was not answered in three working days: who answers for it is urged, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from campaign.enums import FeedbackStatus
from campaign.feedback import answering
from campaign.models import Feedback
from core.inbox import Message, send_each

WORKING_DAYS = 3
_SATURDAY = 5


def remind_unanswered(*, at: datetime) -> int:
    """Urge who has feedback that waits for longer than it should: how many notices are new."""
    on = timezone.localdate(at)
    waiting = Feedback.objects.filter(status=FeedbackStatus.RECEIVED).select_related("area")
    overdue = [each for each in waiting if answer_by(each.received_at) < on]
    if not overdue:
        return 0
    people = answering(areas=list({each.area for each in overdue}), on=on)
    messages = [
        Message(
            person,
            f"feedback-overdue-{each.pk}",
            f"Quá hạn trả lời: {each.get_kind_display()} ở {each.area.name}",
            f"Nhận ngày {timezone.localdate(each.received_at):%d/%m/%Y}, "
            f"hạn trả lời {answer_by(each.received_at):%d/%m/%Y}.",
            reverse("campaign:feedback_item", args=[each.pk]),
        )
        for each in overdue
        for person in people[each.area_id]
    ]
    with transaction.atomic():
        return send_each(messages=messages, at=at)


def answer_by(received_at: datetime) -> date:
    """The third working day after that of the receipt: the last on which an answer is in time."""
    day, left = timezone.localdate(received_at), WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day
