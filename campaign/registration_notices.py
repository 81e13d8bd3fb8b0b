"""Whom a step of registrations is told: the level above when it is to decide, who submitted when it did.

The texts are Vietnamese, as all notices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from campaign.enums import RegistrationAct, RegistrationStatus
from campaign.models import Registration, RegistrationStep
from campaign.units import confirming_area
from core.access import Permission
from core.finding import line_of
from core.inbox import Message, holders_by_area, send_each
from core.models import Area, User

NAMED = 10
_OF_ONE = {
    RegistrationAct.SUBMITTED: "{unit} gửi đăng ký thi đua, chờ xác nhận",
    RegistrationAct.WITHDRAWN: "{unit} rút đăng ký thi đua",
    RegistrationAct.CONFIRMED: "Đã xác nhận đăng ký thi đua của {unit}",
    RegistrationAct.RETURNED: "Trả lại đăng ký thi đua của {unit} để bổ sung",
    RegistrationAct.SUSPENDED: "Tạm dừng đăng ký thi đua của {unit}",
    RegistrationAct.RESUMED: "Đăng ký thi đua của {unit} được tiếp tục",
}
_OF_MANY = {
    RegistrationAct.SUBMITTED: "{count} đơn vị gửi đăng ký thi đua, chờ xác nhận",
    RegistrationAct.WITHDRAWN: "{count} đơn vị rút đăng ký thi đua",
    RegistrationAct.CONFIRMED: "Đã xác nhận {count} đăng ký thi đua",
    RegistrationAct.RETURNED: "Trả lại {count} đăng ký thi đua để bổ sung",
    RegistrationAct.SUSPENDED: "Tạm dừng {count} đăng ký thi đua",
    RegistrationAct.RESUMED: "{count} đăng ký thi đua được tiếp tục",
}
_TO_THE_LEVEL_ABOVE = (RegistrationAct.SUBMITTED, RegistrationAct.WITHDRAWN)


def tell(
    *,
    registrations: Sequence[Registration],
    steps: Sequence[RegistrationStep],
    act: RegistrationAct,
    reason: str,
    by: User,
    at: datetime,
) -> int:
    """Tell each person of all that concerns them in one notice, but nobody of what they did themselves.

    Part of the transaction of the step. Who withdraws what nobody ever submitted tells nobody.
    """
    if act not in _OF_ONE or not steps:
        return 0
    told: dict[int, list[Registration]] = defaultdict(list)
    if act in _TO_THE_LEVEL_ABOVE:
        handed_in = [row for row in registrations if row.submitted_at]
        deciders = deciders_of(handed_in, at=at)
        for row in handed_in:
            for person in deciders[row.pk] - {by.pk}:
                told[person].append(row)
    else:
        for row in registrations:
            if row.submitted_by_id != by.pk:
                told[row.submitted_by_id].append(row)
    key = f"registration-{act}-{steps[0].pk}"
    messages = [Message(person, key, *_words(rows, act, reason)) for person, rows in told.items()]
    return send_each(messages=messages, at=at)


def deciders_of(registrations: Iterable[Registration], *, at: datetime) -> dict[int, set[int]]:
    """By registration (id), the people (ids) who confirm it: those of the level above, or where that has
    nobody, of the next above it. One query."""
    places = {row.pk: confirming_area(row.unit) for row in registrations}
    on = timezone.localdate(at)
    held = nearest_holders(places.values(), Permission.CONFIRM_REGISTRATIONS, on=on)
    return {pk: held[place.pk] for pk, place in places.items()}


def nearest_holders(areas: Iterable[Area], permission: Permission, *, on: date) -> dict[int, set[int]]:
    """By area (id, with all above it), the people (ids) who hold the permission there, or where nobody does,
    at the nearest place above it. One query."""
    lines = {area.pk: line_of(area) for area in areas}
    places = {area.pk: area for line in lines.values() for area in line}
    held = holders_by_area(areas=places.values(), permission=permission, on=on, only_at_area=True)
    return {pk: next((held[area.pk] for area in line if held[area.pk]), set()) for pk, line in lines.items()}


def _words(rows: Sequence[Registration], act: RegistrationAct, reason: str) -> tuple[str, str, str]:
    """Subject, body and link of a notice about ``rows``."""
    campaigns = list(dict.fromkeys(row.campaign.short_title for row in rows))
    body = [f"Phong trào: {'; '.join(campaigns)}."]
    if reason:
        body.append(f"Lý do: {reason}")
    if len(rows) == 1:
        return _OF_ONE[act].format(unit=rows[0].unit.name), "\n".join(body), rows[0].get_absolute_url()
    names = ", ".join(row.unit.name for row in rows[:NAMED])
    body.append(names + (f" và {len(rows) - NAMED} đơn vị khác." if len(rows) > NAMED else "."))
    asked = {"campaign": rows[0].campaign.slug} if len(campaigns) == 1 else {}
    status = RegistrationStatus(rows[0].status)
    link = reverse("campaign:own_registrations", query={**asked, "state": status})
    return _OF_MANY[act].format(count=len(rows)), "\n".join(body), link
