"""Whom a shortlist is told: those at Sở Nội vụ who decide of it. Vietnamese, as all notices."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from awards.enums import ShortlistStage
from awards.models import Shortlist
from core.access import Permission
from core.inbox import holders_by_area, send_notices

_MADE = {
    ShortlistStage.DEADLINE: "Đã lập danh sách xét khen tạm thời, {label}",
    ShortlistStage.END: "Đã kiểm tra lại danh sách xét khen, {label}: cần quyết định giữ hay rút",
}


def tell_made(shortlist: Shortlist, *, at: datetime) -> int:
    """Tell who reviews of a list that the machine made; part of the transaction that makes it."""
    if shortlist.stage not in _MADE:
        return 0
    phase = shortlist.phase
    return send_notices(
        recipients=_reviewers(shortlist, at=at),
        key=f"shortlist:{shortlist.pk}",
        subject=_MADE[shortlist.stage].format(label=phase.name),
        body=f"{phase.campaign.short_title}. Danh sách tính đến hết ngày {shortlist.through:%d/%m/%Y}.",
        link=reverse("awards:shortlist", args=[shortlist.pk]),
        at=at,
    )


def tell_decided(shortlist: Shortlist, *, count: int, by: int, at: datetime) -> int:
    """Tell the others who review that decisions wait for a second person: once a day for each who decided."""
    on = timezone.localdate(at)
    return send_notices(
        recipients=_reviewers(shortlist, at=at) - {by},
        key=f"shortlist:{shortlist.pk}:decided:{by}:{on}",
        subject=f"{count} quyết định giữ, rút chờ người thứ hai xác nhận, {shortlist.phase.name}",
        body=shortlist.phase.campaign.short_title,
        link=reverse("awards:shortlist", args=[shortlist.pk]),
        at=at,
    )


def _reviewers(shortlist: Shortlist, *, at: datetime) -> set[int]:
    province = shortlist.phase.campaign.province
    found = holders_by_area(
        areas=[province], permission=Permission.REVIEW_DOSSIERS, on=timezone.localdate(at)
    )
    return found[province.pk]
