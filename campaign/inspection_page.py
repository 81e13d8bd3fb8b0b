"""What the pages of inspections show. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from campaign.enums import InspectionStatus
from campaign.models import Campaign, FollowUp, FollowUpStep, Inspection
from campaign.models.inspections import FollowUpQuerySet, InspectionQuerySet
from core.access import Permission, areas_where, can
from core.models import User

#: How a follow-up stands: words for the page are in ``campaign/_follow_up_state.html``.
OPEN, OVERDUE, ANSWERED, CLOSED = "open", "overdue", "answered", "closed"


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """A follow-up and how it stands on the day."""

    follow_up: FollowUp
    state: str


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    """A follow-up with its steps, and what the person may do with it."""

    follow_up: FollowUp
    state: str
    steps: Sequence[FollowUpStep]
    may_answer: bool
    may_decide: bool  # close it, or open it again
    may_close: bool  # not who answered

    @property
    def last_step(self) -> int:
        return self.steps[-1].pk if self.steps else 0


def inspections_seen(user: User, *, on: date) -> InspectionQuerySet:
    """The inspections of units in the person's areas, the latest first, with their follow-ups counted."""
    unanswered = Q(follow_ups__answered_at=None, follow_ups__closed_at=None)
    rows = Inspection.objects.for_user(user, Permission.VIEW_WORKING, on=on)
    return (
        rows.select_related("campaign", "unit__seat__parent__parent")
        .annotate(
            asked=Count("follow_ups"),
            closed=Count("follow_ups", filter=Q(follow_ups__closed_at__isnull=False)),
            overdue=Count("follow_ups", filter=unanswered & Q(follow_ups__due_on__lt=on)),
            day=Coalesce("visited_on", "planned_on"),
        )
        .order_by("-day", "-pk")
    )


def inspection_with_all(rows: QuerySet[Inspection], pk: int) -> Inspection | None:
    """One of ``rows`` with the people and the paper behind it."""
    rows = rows.select_related(
        "campaign", "unit__seat__parent__parent", "report", "created_by", "recorded_by", "cancelled_by"
    )
    return rows.defer("report__content").filter(pk=pk).first()


def lines_of(inspection: Inspection, *, on: date) -> list[FollowUpLine]:
    return [FollowUpLine(each, state_of(each, on=on)) for each in inspection.follow_ups.all()]


def state_of(follow_up: FollowUp, *, on: date) -> str:
    if follow_up.closed_at:
        return CLOSED
    if follow_up.answered_at:
        return ANSWERED
    return OVERDUE if follow_up.due_on < on else OPEN


def follow_up_with_all(rows: FollowUpQuerySet, pk: int) -> FollowUp | None:
    """One of ``rows`` with its steps."""
    steps = FollowUpStep.objects.select_related("file", "taken_by").defer("file__content")
    related = rows.select_related("inspection__campaign", "inspection__unit__seat__parent", "file")
    return related.defer("file__content").prefetch_related(Prefetch("steps", steps)).filter(pk=pk).first()


def page_of_follow_up(follow_up: FollowUp, *, user: User, on: date) -> FollowUpPage:
    seat = follow_up.inspection.unit.seat
    state = state_of(follow_up, on=on)
    inspects = can(user, Permission.INSPECT, seat, on=on)
    return FollowUpPage(
        follow_up=follow_up,
        state=state,
        steps=list(follow_up.steps.all()),
        may_answer=state != CLOSED and can(user, Permission.REGISTER_UNITS, seat, on=on),
        may_decide=inspects and state in (ANSWERED, CLOSED),
        may_close=inspects and state == ANSWERED and follow_up.answered_by_id != user.pk,
    )


def may_record(inspection: Inspection, *, user: User, on: date) -> bool:
    """Whether the person records what was found, or corrects it."""
    return inspection.status != InspectionStatus.CANCELLED and can(
        user, Permission.INSPECT, inspection.unit.seat, on=on
    )


def campaigns_inspected(user: User, *, on: date) -> QuerySet[Campaign]:
    """The campaigns of the provinces in which the person inspects, the newest first."""
    paths = areas_where(user, Permission.INSPECT, on=on).values_list("path", flat=True)
    codes = {path.split("/")[0] for path in paths}
    return Campaign.objects.filter(province__path__in=codes).select_related("province").newest_first()
