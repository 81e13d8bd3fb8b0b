"""Reminders before the deadlines of the awards: 7, 3 and 1 days and 3 hours before, to those not ready.

What is to be sent is asked of the dossiers and the inboxes, not of the schedule: after hours without a
worker the stage that has been reached by then is sent, none before it, and nobody is told of a stage twice.
A deadline that was moved is another occasion. The texts are Vietnamese, as all notices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from awards.deadlines import deadline_of, with_return_due
from awards.digests import digests
from awards.dossier_papers import papers_of_all
from awards.dossiers import WRITABLE
from awards.enums import DossierStatus, NominationStatus
from awards.models import Dossier, LatePermit, Nomination, OpinionRequest
from awards.reminder_words import HANDED_IN_ONLY, NOT_BEGUN, TAKEN_BACK, lacking, left, moment
from campaign.models import Phase
from campaign.registration_notices import nearest_holders
from core.access import Permission
from core.enums import AreaKind
from core.inbox import Message, holders_by_area, send_each
from core.models import Area, Notice

#: The nearest last: a later one takes over.
STAGES = (
    ("7d", timedelta(days=7)),
    ("3d", timedelta(days=3)),
    ("1d", timedelta(days=1)),
    ("3h", timedelta(hours=3)),
)
FIRST = STAGES[0][1]
NOT_HANDED_IN = (*WRITABLE, DossierStatus.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A deadline of an area's dossier that is near. ``what`` is ``phase``, ``return`` or ``permit``."""

    what: str
    phase: Phase
    area: Area
    dossier: Dossier | None
    instant: datetime

    def key(self, stage: str) -> str:
        return f"due-{self.what}-{self.phase.pk}-{self.area.pk}-{_stamp(self.instant)}-{stage}"


def stage_of(instant: datetime, *, at: datetime) -> str | None:
    """The nearest stage that has been reached; ``None`` before all of them, and from the deadline on."""
    if at >= instant:
        return None
    return next((name for name, before in reversed(STAGES) if at >= instant - before), None)


def remind_due(*, at: datetime) -> int:
    """Send what is due now, and the digest of the day: how many notices are new."""
    messages = [*_of_dossiers(at=at), *_of_communes(at=at), *_of_opinions(at=at), *digests(at=at)]
    with transaction.atomic():
        return send_each(messages=messages, at=at)


def _of_dossiers(*, at: datetime) -> Iterator[Message]:
    occasions = [*_of_phases(at=at), *_of_returns(at=at), *_of_permits(at=at)]
    holders = nearest_holders(
        {each.area.pk: each.area for each in occasions}.values(),
        Permission.PREPARE_DOSSIERS,
        on=timezone.localdate(at),
    )
    staged = [(each, each.key(stage_of(each.instant, at=at))) for each in occasions]
    told = _told(set().union(*holders.values()), [key for _each, key in staged])
    due = [(each, key) for each, key in staged if key not in told]
    papers = papers_of_all([each.dossier for each, _key in due if each.dossier])
    waiting = _waiting(each for each, _key in due)
    for each, key in due:
        lines = _lines(each, papers, waiting.get((each.phase.pk, each.area.pk), 0))
        said = _subject(each, at=at), "\n".join(lines), _link(each)
        for person in holders[each.area.pk]:
            yield Message(person, key, *said)


def _of_phases(*, at: datetime) -> Iterator[Occasion]:
    """Districts that have handed nothing in; of a province only where its dossier was begun."""
    phases = list(_near_phases(at=at))
    if not phases:
        return
    provinces = {phase.campaign.province_id for phase in phases}
    within = Q(parent__in=provinces, kind=AreaKind.DISTRICT) | Q(pk__in=provinces)
    areas = list(Area.objects.filter(within).select_related("parent").order_by("path"))
    rows = Dossier.objects.filter(phase__in=phases).select_related("phase__campaign", "area")
    dossiers = {(row.phase_id, row.area_id): row for row in rows}
    for phase in phases:
        for area in areas:
            if phase.campaign.province_id not in (area.pk, area.parent_id):
                continue
            dossier = dossiers.get((phase.pk, area.pk))
            if dossier is None and area.kind == AreaKind.PROVINCE:
                continue
            if dossier is None or dossier.status in (DossierStatus.DRAFT, DossierStatus.WITHDRAWN):
                yield Occasion("phase", phase, area, dossier, phase.dossier_deadline)


def _of_returns(*, at: datetime) -> Iterator[Occasion]:
    returned = with_return_due(Dossier.objects.filter(status=DossierStatus.RETURNED))
    for dossier in returned.select_related("phase__campaign", "area__parent").order_by("pk"):
        instant = deadline_of(dossier).instant
        if instant is not None and stage_of(instant, at=at):
            yield Occasion("return", dossier.phase, dossier.area, dossier, instant)


def _of_permits(*, at: datetime) -> Iterator[Occasion]:
    """From the phase's deadline on: before it, the deadline itself is spoken of."""
    permits = LatePermit.objects.filter(
        used_at__isnull=True, expires_at__gt=at, expires_at__lte=at + FIRST, phase__dossier_deadline__lte=at
    ).select_related("phase__campaign", "area__parent")
    permits = list(permits.order_by("pk"))
    rows = Dossier.objects.filter(phase__in={permit.phase_id for permit in permits}) if permits else ()
    dossiers = {(row.phase_id, row.area_id): row for row in rows}
    for permit in permits:
        dossier = dossiers.get((permit.phase_id, permit.area_id))
        if dossier is None or dossier.status in NOT_HANDED_IN:
            yield Occasion("permit", permit.phase, permit.area, dossier, permit.expires_at)


def _of_communes(*, at: datetime) -> Iterator[Message]:
    """Communes of which nobody was nominated, while their district's dossier can still take somebody in."""
    phases = {phase.pk: phase for phase in _near_phases(at=at)}
    if not phases:
        return
    provinces = {phase.campaign.province_id: phase for phase in phases.values()}
    communes = Area.objects.filter(kind=AreaKind.COMMUNE, parent__parent__in=provinces)
    communes = list(communes.order_by("path").select_related("parent"))
    handed_in = set(
        Dossier.objects.filter(phase__in=phases)
        .exclude(status__in=NOT_HANDED_IN)
        .values_list("phase", "area")
    )
    live = Nomination.objects.filter(phase__in=phases).exclude(status=NominationStatus.WITHDRAWN)
    named = {(phase, path) for phase, path in live.values_list("phase", "unit__seat__path")}
    holders = holders_by_area(
        areas=communes, permission=Permission.PREPARE_DOSSIERS, on=timezone.localdate(at), only_at_area=True
    )
    for phase in phases.values():
        stage = stage_of(phase.dossier_deadline, at=at)
        key = f"due-nominate-{phase.pk}-{_stamp(phase.dossier_deadline)}-{stage}"
        paths = {path for of_phase, path in named if of_phase == phase.pk}
        for commune in communes:
            if commune.parent.parent_id != phase.campaign.province_id:
                continue
            if (phase.pk, commune.parent_id) in handed_in or _nominated(commune, paths):
                continue
            subject = f"Còn {left(phase.dossier_deadline, at=at)}: {commune.name} chưa đề cử cá nhân nào"
            body = (
                f"{phase.campaign.short_title}, {phase.name}.\n"
                f"Nhận đề cử trước {moment(phase.dossier_deadline)}, theo đồng hồ máy chủ.\n"
                "Không có ai để đề cử thì không phải làm gì."
            )
            for person in holders[commune.pk]:
                yield Message(person, key, subject, body, reverse("awards:nominations"))


def _of_opinions(*, at: datetime) -> Iterator[Message]:
    """Sở Y tế, of requests that wait for its answer; what is overdue is ``awards.opinions``'s."""
    requests = OpinionRequest.objects.filter(answered_at__isnull=True, due__gt=at, due__lte=at + FIRST)
    requests = list(
        requests.select_related("phase__campaign__province")
        .annotate(unsaid=Count("opinions", filter=Q(opinions__verdict="")))
        .order_by("pk")
    )
    holders = holders_by_area(
        areas={each.phase.campaign.province for each in requests},
        permission=Permission.GIVE_OPINIONS,
        on=timezone.localdate(at),
    )
    for each in requests:
        campaign = each.phase.campaign
        unsaid = (
            f"Còn {each.unsaid} đối tượng chưa có ý kiến." if each.unsaid else "Đủ ý kiến, chỉ còn trả lời."
        )
        for person in holders[campaign.province_id]:
            yield Message(
                person,
                f"due-opinion-{each.pk}-{_stamp(each.due)}-{stage_of(each.due, at=at)}",
                f"Còn {left(each.due, at=at)}: chưa cho ý kiến về đối tượng đề nghị khen, {each.phase.name}",
                f"{campaign.short_title}. Trả lời trước {moment(each.due)}.\n{unsaid}",
                reverse("awards:opinion_request", args=[each.pk]),
            )


def _near_phases(*, at: datetime) -> Iterable[Phase]:
    near = Phase.objects.filter(dossier_deadline__gt=at, dossier_deadline__lte=at + FIRST)
    return near.select_related("campaign__province").order_by("pk")


def _nominated(commune: Area, paths: set[str]) -> bool:
    """Whether a unit of the commune, or of a hamlet of it, nominated somebody."""
    return any(path == commune.path or path.startswith(f"{commune.path}/") for path in paths)


def _told(people: set[int], keys: Sequence[str]) -> set[str]:
    """The keys of which somebody has a notice: all of an area are told at once."""
    return set(Notice.objects.filter(recipient__in=people, key__in=keys).values_list("key", flat=True))


def _waiting(occasions: Iterable[Occasion]) -> dict[tuple[int, int], int]:
    """By phase and area (ids), how many nominations wait."""
    asked = {(each.phase.pk, each.area.pk): each.area for each in occasions}
    rows = Nomination.objects.filter(
        phase__in={phase for phase, _area in asked}, status=NominationStatus.WAITING
    ).values_list("phase", "unit__seat__path")
    found = dict.fromkeys(asked, 0)
    for phase, path in rows if asked else ():
        for (of_phase, pk), area in asked.items():
            below = area.kind == AreaKind.DISTRICT and path.startswith(f"{area.path}/")
            found[of_phase, pk] += of_phase == phase and (path == area.path or below)
    return found


def _lines(each: Occasion, papers: dict[int, list], waiting: int) -> list[str]:
    until = {
        "phase": "Nhận hồ sơ trước",
        "return": "Nhận bản bổ sung trước",
        "permit": "Được nộp muộn một lần, trước",
    }[each.what]
    said = [f"{each.phase.campaign.short_title}. {until} {moment(each.instant)}, theo đồng hồ máy chủ."]
    if each.dossier is None:
        said.append(NOT_BEGUN)
    elif each.dossier.status == DossierStatus.WITHDRAWN:
        said.append(TAKEN_BACK)
    else:
        faults = lacking(papers[each.dossier.pk])
        said += [f"- {fault}" for fault in faults] or [HANDED_IN_ONLY]
    if waiting:
        said.append(f"Còn {waiting} đề cử cá nhân chưa trả lời.")
    return said


def _subject(each: Occasion, *, at: datetime) -> str:
    what = {
        "phase": "chưa nộp",
        "return": "chưa nộp bản bổ sung",
        "permit": "được nộp muộn, chưa nộp",
    }[each.what]
    return (
        f"Còn {left(each.instant, at=at)}: hồ sơ khen thưởng của {each.area.name} {what}, {each.phase.name}"
    )


def _link(each: Occasion) -> str:
    if each.dossier is not None and each.dossier.status in WRITABLE:
        return reverse("awards:dossier_check", args=[each.dossier.pk])
    return reverse("awards:dossiers")


def _stamp(instant: datetime) -> str:
    return f"{int(instant.timestamp())}"
