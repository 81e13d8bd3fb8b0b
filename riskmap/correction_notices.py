"""Who is told of a correction: those whose colour it moves, and those who must confirm it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.enums import Role
from core.inbox import holders_over, send_notices
from core.models import Area, User
from core.permissions import Permission
from riskmap.impact import Impact
from riskmap.models import CorrectionRequest
from riskmap.what_if import LevelChange

_STAFF = (Role.COMMUNE_STAFF, Role.DISTRICT_STAFF, Role.HEALTH, Role.HOME_AFFAIRS)
_NAMED = 5  # areas named in a notice; the page names all


@translation.override("vi")  # a notice is read by others than who sends it
def tell_of_correction(*, post_id: int, areas: Sequence[int], impact: Impact, by: User, at: datetime) -> int:
    """Tell of a posted correction the staff of its areas (ids) and of all whose colour moved, not ``by``."""
    touched = _areas_of(areas, impact)
    people = holders_over(
        areas=touched, permission=Permission.VIEW_WORKING, on=timezone.localdate(at), roles=_STAFF
    )
    first = touched[0]
    return send_notices(
        recipients=people - {by.pk},
        key=f"correction-posted-{post_id}",
        subject=_("Đã đính chính số ca: %(areas)s") % {"areas": _named([area.name for area in touched])},
        body=in_words(impact.changes),
        link=reverse("riskmap:area", args=[first.code]),
        at=at,
    )


@translation.override("vi")
def tell_of_request(*, request: CorrectionRequest, at: datetime) -> int:
    """A correction waits for a second person: tell those who may confirm it, but not who asked for it."""
    people = holders_over(
        areas=[request.area], permission=Permission.ACCEPT_COUNTS, on=timezone.localdate(at)
    )
    return send_notices(
        recipients=people - {request.requested_by_id},
        key=f"correction-{request.pk}-waiting",
        subject=_("Đính chính chờ người thứ hai xác nhận: %(area)s") % {"area": request.area.name},
        body=request.reason,
        link=reverse("riskmap:correction", args=[request.pk]),
        at=at,
    )


@translation.override("vi")
def tell_of_outcome(*, request: CorrectionRequest, at: datetime) -> int:
    """What came of a correction that waited: tell who asked for it."""
    return send_notices(
        recipients={request.requested_by_id} - {request.decided_by_id},
        key=f"correction-{request.pk}-{request.status}",
        subject=_("Đính chính %(area)s: %(outcome)s")
        % {"area": request.area.name, "outcome": request.get_status_display()},
        body=request.refusal,
        link=reverse("riskmap:correction", args=[request.pk]),
        at=at,
    )


def in_words(changes: Sequence[LevelChange]) -> str:
    """One line a change: area, days, from which level to which."""
    lines = [
        _("%(area)s, %(first)s–%(last)s: từ %(before)s thành %(after)s")
        % {
            "area": change.name,
            "first": f"{change.first_day:%d/%m/%Y}",
            "last": f"{change.last_day:%d/%m/%Y}",
            "before": change.before.label,
            "after": change.after.label,
        }
        for change in changes
    ]
    return "\n".join(lines)


def _areas_of(areas: Sequence[int], impact: Impact) -> list[Area]:
    """The areas (ids) themselves, then those whose colour moves."""
    moved = [change.area_id for change in impact.changes if change.area_id not in areas]
    named = Area.objects.in_bulk([*areas, *moved])
    return [named[pk] for pk in dict.fromkeys([*areas, *moved])]


def _named(names: Sequence[str]) -> str:
    listed = ", ".join(names[:_NAMED])
    return listed if len(names) <= _NAMED else f"{listed}…"
