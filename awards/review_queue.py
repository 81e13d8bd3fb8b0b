"""The queue of Sở Nội vụ: the dossiers handed in, narrowed, counted by state, with how far each has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from awards.enums import DossierAct, DossierStatus, NomineeStatus
from awards.models import Dossier, DossierStep, DossierVersion, Nominee, Opinion
from awards.shortlists import latest_shortlist
from campaign.models import Phase
from core.access import Permission, areas_where
from core.models import User

#: What is with Sở Nội vụ, in the order of the work.
STATES = (
    DossierStatus.SUBMITTED,
    DossierStatus.IN_REVIEW,
    DossierStatus.RETURNED,
    DossierStatus.REVIEWED,
    DossierStatus.DECIDED,
)
MINE, OVERDUE, LATE, FLAGGED = "mine", "overdue", "late", "flagged"
SHOWS = (
    (MINE, _("tôi nhận thẩm định")),
    (OVERDUE, _("quá hạn bổ sung, quá hạn cho ý kiến")),
    (LATE, _("nộp muộn theo phép")),
    (FLAGGED, _("có dấu hiệu phải xem, hoặc số liệu đã đính chính")),
)
JUDGED = (NomineeStatus.PASSED, NomineeStatus.FAILED, NomineeStatus.AWARDED, NomineeStatus.NOT_AWARDED)


@dataclass(frozen=True, slots=True)
class Progress:
    judged: int
    total: int


def to_review(user: User | AnonymousUser, *, at: datetime) -> QuerySet[Dossier]:
    """The dossiers handed in, of the provinces that ``user`` may review in, with ``judged`` of ``total``
    nominees, when it was last handed in, whether late (``late_permit``), and until when it is to come back
    (``due``)."""
    provinces = areas_where(user, Permission.REVIEW_DOSSIERS, on=timezone.localdate(at))
    latest = DossierVersion.objects.filter(dossier=OuterRef("pk")).order_by("-number")
    returns = DossierStep.objects.filter(dossier=OuterRef("pk"), act=DossierAct.RETURN).order_by("-pk")
    standing = ~Q(nominees__status=NomineeStatus.WITHDRAWN)
    return (
        Dossier.objects.filter(phase__campaign__province__in=provinces, status__in=STATES)
        .select_related("phase__campaign__province", "area", "reviewer")
        .annotate(
            total=Count("nominees", filter=standing),
            judged=Count("nominees", filter=Q(nominees__status__in=JUDGED)),
            handed_in_at=Subquery(latest.values("received_at")[:1]),
            late_permit=Subquery(latest.values("permit")[:1]),
            due=Subquery(returns.values("due")[:1], output_field=DateTimeField()),
        )
    )


def narrow(
    rows: QuerySet[Dossier],
    *,
    state: str,
    show: str,
    phase: Phase | None = None,
    flags: Q,
    by: User,
    at: datetime,
) -> QuerySet[Dossier]:
    """Those of a state, a phase, and of what is asked to be shown; what waits longest first, what is decided
    last. What is decided waits for nobody: it is neither "mine" nor "flagged" unless asked by its state.

    ``flags`` are ``flags_of`` the rows.
    """
    if state:
        rows = rows.filter(status=state)
    elif show in (MINE, FLAGGED):
        rows = rows.exclude(status=DossierStatus.DECIDED)
    if phase is not None:
        rows = rows.filter(phase=phase)
    if show == MINE:
        rows = rows.filter(reviewer=by)
    elif show == OVERDUE:
        unanswered = Opinion.objects.filter(
            nominee__dossier=OuterRef("pk"), request__due__lte=at, request__answered_at__isnull=True
        )
        rows = rows.filter(Q(status=DossierStatus.RETURNED, due__lte=at) | Exists(unanswered))
    elif show == LATE:
        rows = rows.filter(late_permit__isnull=False)
    elif show == FLAGGED:
        flagged = _flagged(flags).filter(dossier=OuterRef("pk"))
        rows = rows.filter(Q(touched_at__isnull=False) | Exists(flagged))
    is_decided = Case(When(status=DossierStatus.DECIDED, then=1), default=0)
    return rows.order_by(is_decided, Coalesce("handed_in_at", F("opened_at")), "pk")


def flags_of(rows: QuerySet[Dossier]) -> Q:
    """The nominees whose units have something to be looked at on the phases' latest shortlists; a question
    a phase."""
    found = Q(pk__in=[])
    for phase in phases_of(rows):
        table = latest_shortlist(phase)
        units = [line.unit_id for line in table.lines if line.flags and line.unit_id] if table else []
        found |= Q(dossier__phase=phase, unit__in=units)
    return found


def flagged_among(dossiers: Iterable[Dossier], *, flags: Q) -> set[int]:
    """The dossiers (ids) among those shown of which something must be looked at."""
    return set(_flagged(flags).filter(dossier__in=list(dossiers)).values_list("dossier", flat=True))


def phases_of(rows: QuerySet[Dossier]) -> QuerySet[Phase]:
    """The phases they are of, the latest first."""
    phases = Phase.objects.filter(pk__in=rows.order_by().values("phase"))
    return phases.select_related("campaign__province").order_by("-first_day", "pk")


def load_of(rows: QuerySet[Dossier]) -> list[tuple[User, int]]:
    """Who has taken up how many that are in review now, the fewest first: whom to give the next to."""
    held = Dossier.objects.filter(pk__in=rows.order_by().values("pk"), status=DossierStatus.IN_REVIEW)
    counts = dict(held.order_by().values_list("reviewer").annotate(count=Count("pk")))
    people = User.objects.filter(pk__in=[pk for pk in counts if pk])
    return sorted(((each, counts[each.pk]) for each in people), key=lambda pair: (pair[1], pair[0].pk))


def shown_counts(rows: QuerySet[Dossier], *, flags: Q, by: User, at: datetime) -> list[tuple[str, str, int]]:
    """Of each thing that may be shown alone, how many there are."""
    asked = {"state": "", "flags": flags, "by": by, "at": at}
    return [(show, str(label), narrow(rows, show=show, **asked).count()) for show, label in SHOWS]


def _flagged(flags: Q) -> QuerySet[Nominee]:
    return Nominee.objects.exclude(status=NomineeStatus.WITHDRAWN).filter(flags)


def counts_of(rows: QuerySet[Dossier]) -> list[tuple[DossierStatus, int]]:
    """By state, how many there are."""
    there = Dossier.objects.filter(pk__in=rows.order_by().values("pk"))
    found = dict(there.values_list("status").annotate(count=Count("pk")))
    return [(state, found.get(state, 0)) for state in STATES]


def progress_of(rows: QuerySet[Dossier]) -> Progress:
    """Over all of them, how many nominees were judged."""
    there = Nominee.objects.filter(dossier__in=rows.order_by().values("pk"))
    told = there.aggregate(
        total=Count("pk", filter=~Q(status=NomineeStatus.WITHDRAWN)),
        judged=Count("pk", filter=Q(status__in=JUDGED)),
    )
    return Progress(told["judged"], told["total"])
