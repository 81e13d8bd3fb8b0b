"""Reminders to register: a week, three days and a day before the time is over, and once after it.

What is to be sent is asked of the registrations and the inboxes, not of the schedule: nobody is reminded of
a stage twice, and the next takes over one that was missed. The texts are Vietnamese, as all notices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from campaign.models import Campaign, Unit
from campaign.registered import not_registered
from campaign.registration_notices import NAMED, nearest_holders
from core.access import Permission
from core.inbox import Message, send_each
from core.models import Area, User

STAGES = (7, 3, 1)  # days before the last day that is in time


def stage_of(register_by: date, *, on: date) -> str | None:
    """The stage reached on the day: ``7``, ``3`` or ``1`` days before, or ``after``; ``None`` before all."""
    left = (register_by - on).days
    if left < 0:
        return "after"
    return next((str(days) for days in reversed(STAGES) if left <= days), None)


def remind_to_register(*, at: datetime) -> int:
    """Remind those who register units of what they have not handed in: how many notices were sent.

    In campaigns that rank only who registered, and are not over. Two queries a campaign.
    """
    today = timezone.localdate(at)
    running = Campaign.objects.filter(registration_required=True, register_by__isnull=False)
    running = running.annotate(ends=Max("phases__last_day")).filter(ends__gte=today)
    messages: list[Message] = []
    for campaign in running:
        if stage := stage_of(campaign.register_by, on=today):
            key = f"register-{campaign.pk}-{stage}"
            messages += _messages(campaign, not_registered(campaign), key=key, on=today)
    with transaction.atomic():
        return send_each(messages=messages, at=at)


def ask_to_register(*, campaign: Campaign, area: Area, by: User, at: datetime) -> int:
    """Remind those who register units of ``area`` now, because ``by`` asks; each person once a day."""
    today = timezone.localdate(at)
    units = not_registered(campaign).filter(seat__in=Area.objects.under(area))
    key = f"register-{campaign.pk}-asked-{today}-{area.pk}"
    messages = [each for each in _messages(campaign, units, key=key, on=today) if each.recipient != by.pk]
    with transaction.atomic():
        return send_each(messages=messages, at=at)


def _messages(campaign: Campaign, units: Iterable[Unit], *, key: str, on: date) -> list[Message]:
    """One for each person who registers any of the units: those nearest to its seat."""
    units = list(units)
    holders = nearest_holders([unit.seat for unit in units], Permission.REGISTER_UNITS, on=on)
    own: dict[int, list[Unit]] = defaultdict(list)
    for unit in units:
        for person in holders[unit.seat_id]:
            own[person].append(unit)
    return [Message(person, key, *_words(campaign, mine, on=on)) for person, mine in own.items()]


def _words(campaign: Campaign, units: Sequence[Unit], *, on: date) -> tuple[str, str, str]:
    """Subject, body and link."""
    who = units[0].name if len(units) == 1 else f"{len(units)} đơn vị"
    body = [f"Phong trào: {campaign.short_title}."]
    if campaign.register_by:
        past = on > campaign.register_by
        late = " Đăng ký bây giờ vẫn được nhận và ghi là muộn." if past else ""
        body.append(f"Hạn đăng ký: hết ngày {campaign.register_by:%d/%m/%Y}.{late}")
    if len(units) > 1:
        names = ", ".join(unit.name for unit in units[:NAMED])
        body.append(names + (f" và {len(units) - NAMED} đơn vị khác." if len(units) > NAMED else "."))
    link = reverse("campaign:registrations_due", args=[campaign.slug])
    return f"{who} chưa đăng ký thi đua", "\n".join(body), link
