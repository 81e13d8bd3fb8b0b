"""Whom a step of a diary is told: the level above what waits for it, who wrote it what became of it.

The texts are Vietnamese, as all notices.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from campaign.enums import DiaryStatus
from campaign.models import DiaryEntry
from campaign.registration_notices import nearest_holders
from campaign.units import confirming_area
from core.access import Permission
from core.inbox import send_notices
from core.models import User

_SUBJECTS = {
    DiaryStatus.SUBMITTED: "{unit} gửi nhật ký thi đua, chờ duyệt",
    DiaryStatus.APPROVED: "Đã duyệt nhật ký thi đua của {unit}",
    DiaryStatus.RETURNED: "Trả lại nhật ký thi đua của {unit} để sửa",
    DiaryStatus.TAKEN_DOWN: "Đã gỡ nhật ký thi đua của {unit}",
}


def tell_above(entry: DiaryEntry, *, by: User, at: datetime) -> int:
    """Those who approve it, except who submits it. Part of the transaction of the step."""
    place = confirming_area(entry.unit)
    held = nearest_holders([place], Permission.CONFIRM_REGISTRATIONS, on=timezone.localdate(at))
    return _tell(entry, held[place.pk] - {by.pk}, at)


def tell_writers(entry: DiaryEntry, *, by: User, at: datetime) -> int:
    """Who wrote it and who submitted it, except who does the step."""
    return _tell(entry, {entry.created_by_id, entry.submitted_by_id} - {by.pk}, at)


def _tell(entry: DiaryEntry, recipients: set[int], at: datetime) -> int:
    body = [f"“{entry.title}”, phong trào {entry.campaign.short_title}."]
    if entry.reason:
        body.append(f"Lý do: {entry.reason}")
    elif entry.is_good_practice:
        body.append("Bài được giới thiệu là cách làm hay.")
    return send_notices(
        recipients=recipients,
        key=f"diary-{entry.pk}-{entry.version}",
        subject=_SUBJECTS[DiaryStatus(entry.status)].format(unit=entry.unit.name),
        body="\n".join(body),
        link=entry.get_absolute_url(),
        at=at,
    )
