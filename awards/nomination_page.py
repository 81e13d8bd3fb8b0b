"""What the pages of nominations show, cut to what a person may see. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _

from awards.deadlines import Deadline, DeadlineKind
from awards.dossier_page import OFFERED_AFTER, Left, left_words
from awards.dossier_papers import kinds_of
from awards.enums import NominationStatus, NomineeStatus
from awards.models import Dossier, Nomination, Nominee
from awards.nomination_windows import Window, taking_area, windows_of
from awards.nominations import nominations_of
from awards.nominees import ALIKE
from campaign.models import Phase
from campaign.near_names import Names
from core.access import Permission
from core.models import Area, User

#: Of what a review thinks the unit learns nothing: only that its person was taken out, or the decision.
_TOLD_OF = (NomineeStatus.WITHDRAWN, NomineeStatus.AWARDED, NomineeStatus.NOT_AWARDED)


@dataclass(frozen=True, slots=True)
class Offer:
    """A phase for which one may nominate now, with the time that is left."""

    window: Window
    left: Left


@dataclass(frozen=True, slots=True)
class NearPerson:
    """Somebody of a like name in the same phase; ``score`` is 0 to 1. Shown to people, never merged."""

    person: str
    unit_name: str
    where: str
    score: float

    @property
    def percent(self) -> str:
        return f"{int(self.score * 100)}%"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A nomination that a district has to answer, and who has a like name."""

    nomination: Nomination
    award: str
    near: tuple[NearPerson, ...]

    @property
    def key(self) -> str:
        """The nomination, and the version of it that is shown."""
        return f"{self.nomination.pk}:{self.nomination.version}"


def seen_by(user: User, *, on: date) -> QuerySet[Nomination]:
    """What the units of one's own area nominated: what waits first, then the newest."""
    waiting = Case(
        When(status=NominationStatus.WAITING, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return (
        Nomination.objects.for_user(user, Permission.PREPARE_DOSSIERS, on=on)
        .select_related(
            "phase__campaign", "unit__seat__parent__parent", "nominee", "nominated_by", "answered_by"
        )
        .annotate(waits=waiting)
        .order_by("waits", "-pk")
    )


def outcome_of(nomination: Nomination) -> tuple[str, str]:
    """What became of it since it was taken in, with the reason; empty where there is nothing to tell."""
    nominee = nomination.nominee
    if nominee is None or nominee.status not in _TOLD_OF:
        return "", ""
    return nominee.get_status_display(), nominee.reason if nominee.status == NomineeStatus.WITHDRAWN else ""


def offers_to(user: User, *, on: date, at: datetime) -> list[Offer]:
    """The phases for which the person may nominate now. Four queries."""
    held = Area.objects.for_user(user, Permission.PREPARE_DOSSIERS, on=on)
    granted = user.grants.active_on(on).values("area")
    own = held.filter(pk__in=granted).select_related("parent__parent__parent")
    areas = {area.pk: area for area in map(taking_area, own)}
    phases = Phase.objects.filter(last_day__gte=on - OFFERED_AFTER).select_related("campaign__province")
    windows = windows_of(phases=phases.order_by("first_day", "pk"), areas=areas.values(), at=at)
    return [
        Offer(window, left_of(window, at=at))
        for window in windows.values()
        if window.is_open(at=at) and window.area.path.split("/")[0] == window.phase.campaign.province.path
    ]


def left_of(window: Window, *, at: datetime) -> Left:
    return Left(Deadline(window.until, DeadlineKind.PHASE), at, left_words(window.until, at=at))


def waiting_of(nominations: QuerySet[Nomination], *, user: User, phase: Phase, on: date) -> list[Waiting]:
    """Those that wait, oldest first, each with the people of like names whom ``user`` may see."""
    rows = nominations.filter(status=NominationStatus.WAITING).select_related("unit__seat", "nominated_by")
    rows = list(rows.order_by("pk"))
    names = {kind.code: kind.name for kind in kinds_of(phase.campaign)}
    near = near_people(rows, user=user, phase=phase, on=on)
    return [Waiting(row, names.get(row.kind, row.kind), near.get(row.pk, ())) for row in rows]


def near_people(
    rows: Sequence[Nomination], *, user: User, phase: Phase, on: date
) -> dict[int, tuple[NearPerson, ...]]:
    """By nomination (id), who else is proposed or nominated in the phase under a like name."""
    if not rows:
        return {}
    proposed = Nominee.objects.for_user(user, Permission.PREPARE_DOSSIERS, on=on).filter(dossier__phase=phase)
    proposed = proposed.exclude(status=NomineeStatus.WITHDRAWN).exclude(person="")
    others = Nomination.objects.for_user(user, Permission.PREPARE_DOSSIERS, on=on).filter(
        phase=phase, status=NominationStatus.WAITING
    )
    people = [
        (None, each.person, each.unit.name, _("trong hồ sơ của %(area)s") % {"area": each.dossier.area.name})
        for each in proposed.select_related("unit", "dossier__area").order_by("pk")
    ]
    people += [
        (each.pk, each.person, each.unit.name, _("đề cử đang chờ"))
        for each in others.select_related("unit").order_by("pk")
    ]
    names = Names([person for _pk, person, _unit, _where in people])
    found = {}
    for row in rows:
        alike = [(people[place], score) for place, score in names.like(row.person, least=ALIKE)]
        found[row.pk] = tuple(
            NearPerson(person, unit, where, score)
            for (pk, person, unit, where), score in alike
            if pk != row.pk
        )
    return found


def waiting_count(dossier: Dossier) -> int:
    """How many nominations wait for an answer of the dossier's area."""
    return nominations_of(dossier).filter(status=NominationStatus.WAITING).count()
