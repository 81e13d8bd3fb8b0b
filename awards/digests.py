"""The digest of a district: once a day, in the morning, all of its awards that is open.

Of what was open before the morning: what is begun in the course of a day is told on the next. Vietnamese,
as all notices; no person is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from awards.deadlines import with_return_due
from awards.dossier_papers import Paper, papers_of_all
from awards.enums import DossierStatus, ItemState, NominationStatus
from awards.models import Dossier, Nomination
from awards.nomination_windows import Window, taking_area, windows_of
from awards.reminder_words import HANDED_IN_ONLY, lacking, moment
from campaign.models import Phase
from campaign.registration_notices import nearest_holders
from core.access import Permission
from core.inbox import Message
from core.models import Area, Notice

MORNING = time(7)
#: For so long after a deadline the district hears of nominations without an answer, and of returns overdue.
HEARD_AFTER = timedelta(days=7)


def digests(*, at: datetime) -> Iterator[Message]:
    """What is to be sent of the day's digests; nothing before the morning, and of each area once a day."""
    local = timezone.localtime(at)
    if local.time() < MORNING:
        return
    morning = timezone.make_aware(datetime.combine(local.date(), MORNING))
    waiting = _waiting(before=morning)
    dossiers = _open_dossiers(before=morning)
    areas = {each.area_id: each.area for each in dossiers} | {area.pk: area for _phase, area in waiting}
    if not areas:
        return
    holders = nearest_holders(areas.values(), Permission.PREPARE_DOSSIERS, on=local.date())
    keys = {pk: f"dossier-digest-{pk}-{local.date()}" for pk in areas}
    told = Notice.objects.filter(recipient__in=set().union(*holders.values()), key__in=keys.values())
    told = set(told.values_list("key", flat=True))
    areas = {pk: area for pk, area in areas.items() if keys[pk] not in told}
    if not areas:
        return
    phases = {each.phase_id: each.phase for each in dossiers} | {phase.pk: phase for phase, _area in waiting}
    windows = windows_of(phases=phases.values(), areas=areas.values(), at=at)
    counts = {(phase.pk, area.pk): count for (phase, area), count in waiting.items()}
    begun = {(each.phase_id, each.area_id): each for each in dossiers}
    heard = {
        key: window
        for key, window in windows.items()
        if (key in counts or key in begun) and (window.until is None or at < window.until + HEARD_AFTER)
    }
    papers = papers_of_all([begun[key] for key in heard if key in begun])
    parts: dict[int, list[str]] = defaultdict(list)
    for key, window in heard.items():
        dossier = begun.get(key)
        lines = _lines(window, dossier, papers, counts.get(key, 0), at=at)
        if lines:
            head = f"{window.phase.campaign.short_title}, {window.phase.name}"
            until = f", hạn {moment(window.until)}" if window.until else ", chưa có hạn"
            parts[window.area.pk].append("\n".join([f"{head}{until}:", *(f"- {line}" for line in lines)]))
    for pk, said in parts.items():
        subject = f"Việc khen thưởng còn mở của {areas[pk].name}, ngày {local:%d/%m/%Y}"
        for person in holders[pk]:
            yield Message(person, keys[pk], subject, "\n\n".join(said), reverse("awards:dossiers"))


def _open_dossiers(*, before: datetime) -> list[Dossier]:
    """Those begun, or given back, before the morning and not handed in since."""
    mine = Q(status=DossierStatus.DRAFT, opened_at__lt=before) | Q(status=DossierStatus.RETURNED)
    recent = Q(phase__dossier_deadline__isnull=True) | Q(
        phase__dossier_deadline__gt=before - timedelta(days=365)
    )
    rows = with_return_due(Dossier.objects.filter(mine, recent))
    return list(rows.select_related("phase__campaign", "area__parent").order_by("phase__first_day", "pk"))


def _waiting(*, before: datetime) -> dict[tuple[Phase, Area], int]:
    """By phase and the area that answers, how many nominations wait since before the morning."""
    rows = Nomination.objects.filter(status=NominationStatus.WAITING, nominated_at__lt=before)
    rows = rows.select_related("phase__campaign", "unit__seat__parent__parent").only("phase", "unit__seat")
    found: dict[tuple[Phase, Area], int] = defaultdict(int)
    for row in rows:
        found[row.phase, taking_area(row.unit.seat)] += 1
    return found


def _lines(
    window: Window, dossier: Dossier | None, papers: dict[int, list[Paper]], waiting: int, *, at: datetime
) -> list[str]:
    said = []
    if dossier is not None and dossier.status == DossierStatus.RETURNED:
        late = "" if window.is_open(at=at) else ", đã quá hạn"
        said.append(f"Sở Nội vụ trả lại hồ sơ để bổ sung{late}.")
    if dossier is not None and window.is_open(at=at):
        sheets = papers[dossier.pk]
        done = sum(paper.state == ItemState.COMPLETE for paper in sheets)
        said.append(f"Hồ sơ chưa nộp, đủ {done}/{len(sheets)} giấy tờ.")
        said += lacking(sheets) or [HANDED_IN_ONLY]
    if waiting:
        said.append(f"{waiting} đề cử cá nhân chờ trả lời.")
    return said
