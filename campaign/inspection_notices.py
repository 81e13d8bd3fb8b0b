"""Whom inspections are told: the unit's staff, and those who inspect. The texts are Vietnamese, as all
notices.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from campaign.enums import FollowUpAct, InspectionStatus
from campaign.models import FollowUp, FollowUpStep, Inspection, Phase
from core.enums import Role
from core.inbox import Message, holders_by_area, holders_over, send_each, send_notices
from core.models import User
from core.permissions import Permission

#: Who answers for a unit; Sở Nội vụ lists units too, and yet is not told of its own inspections.
STAFF = (Role.COMMUNE_STAFF, Role.DISTRICT_STAFF)
DAYS_BEFORE = 3
#: After the campaign's last day, or a later one that was set: then it is the departments' to chase by hand.
URGED_FOR = timedelta(weeks=8)
_WEEK = 7

_OF_FOLLOW_UP = {
    FollowUpAct.ASKED: "{unit}: có kiến nghị sau kiểm tra, hạn {due}",
    FollowUpAct.ANSWERED: "{unit} báo cáo khắc phục sau kiểm tra",
    FollowUpAct.CLOSED: "{unit}: kiến nghị sau kiểm tra đã được xác nhận xong",
    FollowUpAct.REOPENED: "{unit}: kiến nghị sau kiểm tra được mở lại, hạn {due}",
}


def tell_planned(inspection: Inspection, *, by: User, at: datetime) -> int:
    """Tell the unit's staff of an inspection to come."""
    return send_notices(
        recipients=_staff_of(inspection, on=timezone.localdate(at)) - {by.pk},
        key=f"inspection-planned-{inspection.pk}",
        subject=f"{inspection.unit.name}: dự kiến kiểm tra ngày {inspection.planned_on:%d/%m/%Y}",
        body=f"{_head(inspection)}\nNội dung: {inspection.purpose}",
        link=inspection.get_absolute_url(),
        at=at,
    )


def tell_of_visit(inspection: Inspection, *, by: User, at: datetime) -> int:
    """Tell the unit's staff what was recorded, corrected or cancelled."""
    if inspection.status == InspectionStatus.CANCELLED:
        subject = f"{inspection.unit.name}: hủy cuộc kiểm tra ngày {inspection.planned_on:%d/%m/%Y}"
        said = f"Lý do: {inspection.reason}"
    else:
        subject = f"{inspection.unit.name}: có kết quả kiểm tra ngày {inspection.visited_on:%d/%m/%Y}"
        said = f"Kết quả: {inspection.findings}"
    return send_notices(
        recipients=_staff_of(inspection, on=timezone.localdate(at)) - {by.pk},
        key=f"inspection-{inspection.status}-{inspection.pk}-{inspection.version}",
        subject=subject,
        body=f"{_head(inspection)}\n{said}",
        link=inspection.get_absolute_url(),
        at=at,
    )


def tell_of_follow_up(step: FollowUpStep, *, by: User, at: datetime) -> int:
    """Tell the other side of a step: those who inspect of an answer, the unit's staff of all else."""
    follow_up, on = step.follow_up, timezone.localdate(at)
    inspection = follow_up.inspection
    to_inspectors = step.act == FollowUpAct.ANSWERED
    told = _inspectors_of(inspection, on=on) if to_inspectors else _staff_of(inspection, on=on)
    body = [_head(inspection), f"Kiến nghị: {follow_up.wording}"]
    if step.text and step.act != FollowUpAct.ASKED:
        body.append(f"{'Lý do' if step.act == FollowUpAct.REOPENED else 'Nội dung'}: {step.text}")
    return send_notices(
        recipients=told - {by.pk},
        key=f"follow-up-{step.act}-{step.pk}",
        subject=_OF_FOLLOW_UP[step.act].format(unit=inspection.unit.name, due=f"{follow_up.due_on:%d/%m/%Y}"),
        body="\n".join(body),
        link=_link(follow_up),
        at=at,
    )


def inspections_due(*, at: datetime) -> int:
    """Remind of inspections to be held and of what is to be put right: how many notices are new.

    Three days before, on the day, and each week after it; nobody is told of a stage twice, and one that was
    missed is made up for. What is overdue is told to those who inspect as well. Eight weeks after the
    campaign, or after the day itself where that is later, it ends. Four queries, however many.
    """
    today = timezone.localdate(at)
    soon = today + timedelta(days=DAYS_BEFORE)
    planned = list(
        Inspection.objects.filter(status=InspectionStatus.PLANNED, planned_on__lte=soon)
        .filter(_still_urged("planned_on", "campaign", today))
        .select_related("campaign", "unit__seat")
    )
    open_ones = list(
        FollowUp.objects.filter(answered_at=None, closed_at=None, due_on__lte=soon)
        .filter(_still_urged("due_on", "inspection__campaign", today))
        .select_related("inspection__campaign", "inspection__unit__seat")
    )
    seats = {each.unit.seat_id: each.unit.seat for each in (*planned, *(f.inspection for f in open_ones))}
    if not seats:
        return 0
    staff = holders_by_area(areas=seats.values(), permission=Permission.REGISTER_UNITS, on=today, roles=STAFF)
    inspectors = {
        department: holders_by_area(
            areas=seats.values(), permission=Permission.INSPECT, on=today, roles=[department]
        )
        for department in {each.department for each in (*planned, *(f.inspection for f in open_ones))}
    }
    messages: list[Message] = []
    for inspection in planned:
        told = inspectors[inspection.department][inspection.unit.seat_id]
        messages += _reminders_of_plan(inspection, told, today)
    for follow_up in open_ones:
        inspection = follow_up.inspection
        told = set(staff[inspection.unit.seat_id])
        if follow_up.due_on < today:
            told |= inspectors[inspection.department][inspection.unit.seat_id]
        messages += _reminders_of_follow_up(follow_up, told, today)
    with transaction.atomic():
        return send_each(messages=messages, at=at)


def _still_urged(day: str, campaign: str, today: date) -> Q:
    """The day itself, or the campaign, ended no longer ago than is urged for; one without phases goes on."""
    since = today - URGED_FOR
    phases = Phase.objects.filter(campaign=OuterRef(campaign))
    return Q(**{f"{day}__gte": since}) | ~Exists(phases) | Exists(phases.filter(last_day__gte=since))


def _reminders_of_plan(inspection: Inspection, told: set[int], today: date) -> Iterator[Message]:
    stage, opening = _stage(inspection.planned_on, today)
    key = f"inspection-{stage}-{inspection.pk}-{inspection.planned_on}"
    subject = f"{opening}: kiểm tra {inspection.unit.name}, dự kiến ngày {inspection.planned_on:%d/%m/%Y}"
    body = f"{_head(inspection)}\nChưa ghi kết quả. Không kiểm tra nữa thì hủy, có lý do."
    for person in told:
        yield Message(person, key, subject, body, inspection.get_absolute_url())


def _reminders_of_follow_up(follow_up: FollowUp, told: set[int], today: date) -> Iterator[Message]:
    stage, opening = _stage(follow_up.due_on, today)
    inspection = follow_up.inspection
    key = f"follow-up-{stage}-{follow_up.pk}-{follow_up.due_on}"
    subject = f"{opening}: {inspection.unit.name} chưa báo cáo khắc phục, hạn {follow_up.due_on:%d/%m/%Y}"
    body = f"{_head(inspection)}\nKiến nghị: {follow_up.wording}"
    for person in told:
        yield Message(person, key, subject, body, _link(follow_up))


def _stage(day: date, today: date) -> tuple[str, str]:
    """How near or far past the day it is: a key that stays for the stage, and how a notice opens."""
    late = (today - day).days
    if late < 0:
        return "before", "Sắp đến hạn"
    if late < _WEEK:
        return "due", "Đến hạn" if late == 0 else "Quá hạn"
    return f"late-{late // _WEEK}", "Quá hạn"


def _staff_of(inspection: Inspection, *, on: date) -> set[int]:
    seat = inspection.unit.seat
    return holders_over(areas=[seat], permission=Permission.REGISTER_UNITS, on=on, roles=STAFF)


def _inspectors_of(inspection: Inspection, *, on: date) -> set[int]:
    roles = [Role(inspection.department)]
    return holders_over(areas=[inspection.unit.seat], permission=Permission.INSPECT, on=on, roles=roles)


def _head(inspection: Inspection) -> str:
    return f"{inspection.get_department_display()} · {inspection.campaign.short_title}."


def _link(follow_up: FollowUp) -> str:
    return reverse("campaign:follow_up", args=[follow_up.pk])
