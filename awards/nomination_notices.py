"""Whom a nomination is told: the district that may take it in, and the unit that waits for the answer.

No notice names a person: who was nominated is read on the page, by those who may. Vietnamese, as all notices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from awards.enums import NominationStatus
from awards.models import Nomination, Nominee
from awards.nomination_windows import Window
from core.access import Permission
from core.inbox import Message, holders_by_area, send_each, send_notices
from core.models import Area, User


def tell_nominated(nomination: Nomination, window: Window, *, by: User, at: datetime) -> int:
    """Tell those who prepare the dossier: once a day of each unit, and once more when it is handed in."""
    phase, unit, day = nomination.phase, nomination.unit, timezone.localdate(at)
    waits = window.is_handed_in
    body = [f"{phase.campaign.short_title}. Xin xem, đưa vào hồ sơ hoặc trả lời lý do."]
    if waits:
        body.append(
            "Hồ sơ của địa bàn đã nộp nên đề cử này đang chờ: muốn đưa vào, xin rút hồ sơ về soạn lại và nộp "
            "trước hạn."
        )
    if window.until is not None:
        body.append(f"Hạn: trước {_moment(window.until)}.")
    return send_notices(
        recipients=_holders([window.area], day)[window.area.pk] - {by.pk},
        key=f"nominated-{phase.pk}-{unit.pk}-{day}{'-late' if waits else ''}",
        subject=f"{unit.name} đề cử cá nhân khen thưởng, {phase.name}",
        body="\n".join(body),
        link=_link_of(window),
        at=at,
    )


def tell_withdrawn(nomination: Nomination, window: Window, *, by: User, at: datetime) -> int:
    return send_notices(
        recipients=_holders([window.area], timezone.localdate(at))[window.area.pk] - {by.pk},
        key=f"nomination-withdrawn-{nomination.pk}",
        subject=f"{nomination.unit.name} rút một đề cử cá nhân, {nomination.phase.name}",
        body=f"{nomination.phase.campaign.short_title}.",
        link=_link_of(window),
        at=at,
    )


def tell_answered(nominations: Sequence[Nomination], *, by: User, at: datetime) -> int:
    """Tell each unit what became of its nominations that were answered together."""
    day = timezone.localdate(at)
    units: dict[int, list[Nomination]] = {}
    for nomination in nominations:
        units.setdefault(nomination.unit_id, []).append(nomination)
    seats = [rows[0].unit.seat for rows in units.values()]
    near, all_over = _holders(seats, day), _holders(seats, day, only_at_area=False)
    messages = []
    for rows in units.values():
        unit, phase = rows[0].unit, rows[0].phase
        taken = sum(row.status == NominationStatus.TAKEN for row in rows)
        said = [f"{taken} được đưa vào hồ sơ"] if taken else []
        said += [f"{len(rows) - taken} không đưa vào hồ sơ"] if taken < len(rows) else []
        reasons = list(dict.fromkeys(row.reason for row in rows if row.reason))
        writers = {row.nominated_by_id for row in rows} & all_over[unit.seat_id]
        link = reverse("awards:nominations") if len(rows) > 1 else link_to(rows[0])
        messages += [
            Message(
                person,
                f"nomination-answered-{rows[0].pk}",
                f"Đề cử của {unit.name}, {phase.name}: {', '.join(said)}",
                "\n".join([f"{phase.campaign.short_title}.", *(f"Lý do: {each}" for each in reasons)]),
                link,
            )
            for person in (near[unit.seat_id] | writers) - {by.pk}
        ]
    return send_each(messages=messages, at=at)


def tell_dropped(nominee: Nominee, *, by: User, at: datetime) -> int:
    """Tell the unit that somebody it nominated was taken out of the dossier again."""
    nomination = Nomination.objects.filter(nominee=nominee).select_related("unit__seat", "phase__campaign")
    for row in nomination:
        people = _holders([row.unit.seat], timezone.localdate(at))[row.unit.seat_id]
        return send_notices(
            recipients=people - {by.pk},
            key=f"nomination-dropped-{row.pk}",
            subject=f"Một người do {row.unit.name} đề cử được đưa ra khỏi hồ sơ, {row.phase.name}",
            body=f"{row.phase.campaign.short_title}.\nLý do: {nominee.reason}",
            link=link_to(row),
            at=at,
        )
    return 0


def link_to(nomination: Nomination) -> str:
    return reverse("awards:nomination", args=[nomination.pk])


def _holders(areas: Iterable[Area], day: date, *, only_at_area: bool = True) -> dict[int, set[int]]:
    return holders_by_area(
        areas=list(areas), permission=Permission.PREPARE_DOSSIERS, on=day, only_at_area=only_at_area
    )


def _link_of(window: Window) -> str:
    if window.dossier is None:
        return reverse("awards:nominations")
    return reverse("awards:dossier_nominations", args=[window.dossier.pk])


def _moment(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%H:%M ngày %d/%m/%Y}"
