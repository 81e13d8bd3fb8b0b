"""Reminders: an hour before the counts of the day are due, when they are, and an hour after.

What is to be sent is asked of the ledger and the inboxes, not of the schedule: hours without a worker are
made up for by the stage that has been reached by then, and nobody is reminded of a stage of a day twice.
The texts are Vietnamese, as all notices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.access import Permission
from core.enums import AreaKind, Role
from core.inbox import Message, holders_by_area, send_each
from core.models import Area
from riskmap.due import due_at, first_reports
from riskmap.history import LIVE_DAYS
from riskmap.models import Assessment, ProvincePolicy

LAST_CALL = time(23, 55)  # a stage that would be reached on the next day comes while there is still today
NAMED_OF_A_DISTRICT = 10  # where a notice speaks of several; the page names all


@dataclass(frozen=True, slots=True)
class Stage:
    """When, counted from the due hour, and whom to remind. In ``STAGES`` a later one takes over."""

    key: str
    after: timedelta
    roles: tuple[Role, ...]
    opening: str

    def begins(self, due: datetime) -> datetime:
        """When it is reached on the day of ``due``."""
        last = timezone.make_aware(datetime.combine(due.date(), LAST_CALL))
        return min(due + self.after, max(due, last))


STAGES = (
    Stage("before", timedelta(hours=-1), (Role.COMMUNE_STAFF, Role.DISTRICT_STAFF), "Sắp đến hạn"),
    Stage("due", timedelta(0), (Role.COMMUNE_STAFF, Role.DISTRICT_STAFF), "Đến hạn"),
    Stage("after", timedelta(hours=1), (Role.DISTRICT_STAFF, Role.HEALTH), "Quá hạn"),
)
# Someone with two roles gets one notice, that of the wider.
_ROLES = (Role.COMMUNE_STAFF, Role.DISTRICT_STAFF, Role.HEALTH)


@dataclass(slots=True)
class Place:
    """A district (or what else communes hang from): its communes that are due, and those not heard of."""

    area: Area
    communes: int = 0
    missing: list[Area] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A province whose due hour of the day is near or past, and the stage that each role has reached."""

    province: Area
    due: datetime
    stages: Mapping[Role, Stage]

    @property
    def day(self) -> date:
        return self.due.date()


def remind_due(*, at: datetime) -> int:
    """Remind whoever should know which communes have not reported today: how many notices were sent.

    Only where reports come in and the province has a due hour. As many queries for a nation as for one
    district.
    """
    occasions = {each.province.pk: each for each in _occasions(at=at)}
    if not occasions:
        return 0
    places = _places(occasions, at=at)
    messages: dict[tuple[int, str], Message] = {}
    for role in _ROLES:
        for message in _messages(role, occasions, places, on=timezone.localdate(at)):
            messages[message.recipient, message.key] = message
    with transaction.atomic():
        return send_each(messages=messages.values(), at=at)


def _occasions(*, at: datetime) -> Iterator[Occasion]:
    today = timezone.localdate(at)
    live = Assessment.objects.filter(last_reported_day__gte=today - timedelta(days=LIVE_DAYS))
    provinces = Area.objects.filter(assessment__in=live)
    policies = {each.province_id: each for each in ProvincePolicy.objects.filter(province__in=provinces)}
    for province in provinces:
        due = due_at(policies.get(province.pk) or ProvincePolicy(province=province), today)
        stages = {role: stage for stage in STAGES if due and at >= stage.begins(due) for role in stage.roles}
        if stages:
            yield Occasion(province, due, stages)


def _places(occasions: Mapping[int, Occasion], *, at: datetime) -> dict[int, list[Place]]:
    """By province (id), the places that communes hang from, in Vietnamese order."""
    under = Q(parent__in=occasions) | Q(parent__parent__in=occasions)
    communes = {
        area.pk: area
        for area in Area.objects.filter(under, kind=AreaKind.COMMUNE)
        .select_related("parent")
        .order_by("parent__sort_key", "parent__code", "sort_key", "code")
    }
    today = timezone.localdate(at)
    reports = {
        each.area_id: each for each in first_reports(communes=communes, first=today, last=today, at=at)
    }
    places: dict[int, Place] = {}
    for pk, area in communes.items():
        if pk in reports:
            place = places.setdefault(area.parent_id, Place(area.parent))
            place.communes += 1
            if reports[pk].first_at is None:
                place.missing.append(area)
    by_province: dict[int, list[Place]] = defaultdict(list)
    for place in places.values():
        by_province[place.area.parent_id or place.area.pk].append(place)
    return by_province


def _messages(
    role: Role, occasions: Mapping[int, Occasion], places: Mapping[int, Sequence[Place]], *, on: date
) -> Iterator[Message]:
    """What everybody with ``role`` is told: of their missing communes, or of the places these are in."""
    told_of = {
        pk: [_alone(commune) for place in places[pk] for commune in place.missing]
        if role == Role.COMMUNE_STAFF
        else places[pk]
        for pk, occasion in occasions.items()
        if role in occasion.stages
    }
    areas = [place.area for each in told_of.values() for place in each]
    holders = holders_by_area(areas=areas, permission=Permission.VIEW_WORKING, on=on, roles=[role])
    for pk, each in told_of.items():
        occasion, stage = occasions[pk], occasions[pk].stages[role]
        key = f"counts-{stage.key}-{occasion.day}-{pk}"
        own: dict[int, list[Place]] = defaultdict(list)
        for place in each:
            for person in holders[place.area.pk]:
                own[person].append(place)
        for person, mine in own.items():
            if any(place.missing for place in mine):
                yield Message(person, key, *_words(occasion, stage, mine))


def _alone(commune: Area) -> Place:
    return Place(commune, communes=1, missing=[commune])


def _words(occasion: Occasion, stage: Stage, places: Sequence[Place]) -> tuple[str, str, str]:
    """Subject, body and link of a notice about ``places``."""
    day = f"{occasion.day:%d/%m/%Y}"
    quiet = [place for place in places if place.missing]
    missing = sum(len(place.missing) for place in quiet)
    body = [f"Hạn nộp: {occasion.due:%H:%M} ngày {day}."]
    if all(place.area.kind == AreaKind.COMMUNE for place in places):
        who = quiet[0].area.name if missing == 1 else f"{missing} đơn vị"
        subject = f"{stage.opening}: {who} chưa báo cáo số ca ngày {day}"
        if missing > 1:
            body.append(f"Chưa báo cáo: {', '.join(place.area.name for place in quiet)}.")
        body.append("Không có ca nào cũng phải báo cáo: xin ghi 0.")
    else:
        where = f"{places[0].area.name} còn" if len(places) == 1 else "còn"
        communes = sum(place.communes for place in places)
        subject = f"{stage.opening}: {where} {missing}/{communes} xã chưa báo cáo ngày {day}"
        body += [_line(place, alone=len(places) == 1) for place in quiet]
    return subject, "\n".join(body), _link(occasion, places)


def _line(place: Place, *, alone: bool) -> str:
    names = [area.name for area in place.missing]
    if alone:
        return f"Chưa báo cáo: {', '.join(names)}."
    named, others = names[:NAMED_OF_A_DISTRICT], len(names) - NAMED_OF_A_DISTRICT
    rest = f" và {others} đơn vị khác" if others > 0 else ""
    return f"{place.area.name}, còn {len(names)}/{place.communes}: {', '.join(named)}{rest}."


def _link(occasion: Occasion, places: Sequence[Place]) -> str:
    """To the one commune's own numbers, or the list of one place, or of all that is the reader's own."""
    if len(places) > 1:
        return reverse("riskmap:due", query={"day": occasion.day})
    area = places[0].area
    if area.kind == AreaKind.COMMUNE:
        return reverse("riskmap:entry_grid", args=[area.code, occasion.day.isoformat()])
    return reverse("riskmap:due", query={"area": area.code, "day": occasion.day})
