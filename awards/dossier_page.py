"""Dossiers as pages read them: who sees which, what may be opened, the task list, what another wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.deadlines import Deadline, deadline_of, waiting_permit
from awards.dossier_papers import Paper, fields_of, law_of, papers_of, proposed
from awards.dossiers import WRITABLE
from awards.enums import ItemKind, ItemState
from awards.models import Dossier, DossierItem, DossierVersion, LatePermit, Nominee
from campaign.models import Phase
from core.access import Permission, can
from core.enums import AreaKind
from core.models import Area, User
from riskmap.enums import RiskLevel

#: A phase is offered for this long after its last day: dossiers may be due after it.
OFFERED_AFTER = timedelta(days=120)
LAST_HOUR = timedelta(hours=1)
_LEVELS = {level.key: level for level in RiskLevel}


@dataclass(frozen=True, slots=True)
class Left:
    """How long there is until a deadline, by the server's clock. ``words`` stand where no script runs."""

    deadline: Deadline
    now: datetime
    words: str

    @property
    def until_ms(self) -> str:
        """For a script: text, which no template writes with separators."""
        return str(int(self.deadline.instant.timestamp() * 1000)) if self.deadline.instant else ""

    @property
    def now_ms(self) -> str:
        return str(int(self.now.timestamp() * 1000))

    @property
    def is_over(self) -> bool:
        return self.deadline.instant is not None and self.now >= self.deadline.instant

    @property
    def is_near(self) -> bool:
        """Whether the last hour has begun."""
        return self.deadline.instant is not None and self.now >= self.deadline.instant - LAST_HOUR


@dataclass(frozen=True, slots=True)
class DossierPage:
    papers: list[Paper]
    left: Left
    nominees: list[tuple[Nominee, str]]  # with the name of the award
    permit: LatePermit | None
    versions: list[DossierVersion]
    may_write: bool
    complete: int

    @property
    def written(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.kind != ItemKind.ATTACHMENT]

    @property
    def attachments(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.kind == ItemKind.ATTACHMENT]


def seen_by(user: User | AnonymousUser, *, on: date) -> QuerySet[Dossier]:
    """The dossiers of one's own area, with what was handed in last; of the whole province for Sở Nội vụ."""
    latest = DossierVersion.objects.filter(dossier=OuterRef("pk")).order_by("-number")
    return (
        Dossier.objects.for_user(user, Permission.PREPARE_DOSSIERS, on=on)
        .select_related("phase__campaign__province", "area", "reviewer", "opened_by")
        .annotate(
            handed_in_at=Subquery(latest.values("received_at")[:1]),
            late_permit=Subquery(latest.values("permit")[:1]),
        )
    )


def page_of(dossier: Dossier, user: User, *, at: datetime) -> DossierPage:
    papers = papers_of(dossier)
    names = {kind.code: kind.name for kind in law_of(dossier).kinds}
    may_write = dossier.status in WRITABLE and can(
        user, Permission.PREPARE_DOSSIERS, dossier.area, on=timezone.localdate(at)
    )
    return DossierPage(
        papers=papers,
        left=left_of(dossier, at=at),
        nominees=[(nominee, names.get(nominee.kind, nominee.kind)) for nominee in proposed(dossier)],
        permit=waiting_permit(dossier, at=at),
        versions=list(dossier.versions.select_related("received_by", "permit").order_by("-number")),
        may_write=may_write,
        complete=sum(paper.state == ItemState.COMPLETE for paper in papers),
    )


def left_of(dossier: Dossier, *, at: datetime) -> Left:
    deadline = deadline_of(dossier)
    return Left(deadline, at, left_words(deadline.instant, at=at))


def left_words(instant: datetime | None, *, at: datetime) -> str:
    """How long there is, in whole minutes."""
    if instant is None:
        return _("Chưa có hạn")
    if at >= instant:
        return _("Đã hết hạn")
    minutes = int((instant - at).total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        day_words = ngettext("%(count)s ngày", "%(count)s ngày", days) % {"count": days}
        return _("Còn %(days)s %(hours)s giờ") % {"days": day_words, "hours": hours}
    return _("Còn %(hours)s giờ %(minutes)s phút") % {"hours": hours, "minutes": minutes}


def openable(user: User, *, on: date) -> list[tuple[Phase, Area]]:
    """The phases for which a dossier may be begun, with the area: those of one's own grants."""
    held = set(Area.objects.for_user(user, Permission.PREPARE_DOSSIERS, on=on).values_list("pk", flat=True))
    granted = set(user.grants.active_on(on).values_list("area_id", flat=True))
    areas = Area.objects.filter(
        pk__in=held & granted, kind__in=(AreaKind.DISTRICT, AreaKind.PROVINCE)
    ).order_by("path")
    phases = Phase.objects.filter(last_day__gte=on - OFFERED_AFTER).select_related("campaign__province")
    there = set(Dossier.objects.filter(area__in=areas).values_list("phase_id", "area_id"))
    return [
        (phase, area)
        for phase in phases.order_by("first_day", "pk")
        for area in areas
        if area.path.split("/")[0] == phase.campaign.province.path and (phase.pk, area.pk) not in there
    ]


def theirs_beside(
    stored: DossierItem, mine: dict[str, str], form: str | None = None
) -> list[tuple[str, str]]:
    """By label, what the other person saved where it is not what one typed."""
    found = [
        (str(field.label), stored.words.get(field.name, ""))
        for field in fields_of(stored.kind)
        if field.name in mine and mine[field.name] != stored.words.get(field.name, "")
    ]
    if form and form != stored.form:
        found.append((_("Mẫu báo cáo"), stored.get_form_display()))
    return found


def strip_runs(evidence: dict[str, Any]) -> list[dict[str, Any]]:
    """The strip of levels with days as dates and levels as numbers."""
    return [
        {
            "first": date.fromisoformat(run["first"]),
            "last": date.fromisoformat(run["last"]),
            "level": _LEVELS[run["level"]],
            "provisional": run["provisional"],
        }
        for run in evidence["strip"]
    ]


def shown(evidence: dict[str, Any]) -> dict[str, Any]:
    """Evidence as the template wants it: days as dates."""
    standing, edition = evidence["standing"], evidence["edition"]
    return {
        "first_day": date.fromisoformat(evidence["first_day"]),
        "through": date.fromisoformat(evidence["through"]),
        "runs": strip_runs(evidence),
        "standing": standing and standing | {"day": date.fromisoformat(standing["day"])},
        "facts": standing and standing["facts"],
        "shortlist": evidence.get("shortlist"),
        "edition": edition and edition | {"day": date.fromisoformat(edition["day"])},
    }
