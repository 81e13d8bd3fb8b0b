"""Deadlines: until when a dossier is taken. The same instant for every face, exclusive, by one clock.

What counts is when the portal received a submission: the clock of the database at the first statement of
the submission's transaction, before anything is waited for (``received_now``). So a person whose submission
came in before the instant is in time even where it then waited for another one of the same dossier, and
``dossier_version_in_time_or_permitted`` holds what was stored to the same rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db import connection
from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery

from awards.enums import DossierAct, DossierStatus
from awards.models import Dossier, DossierStep, LatePermit


class DeadlineKind(Enum):
    PHASE = "phase"  # of the plan or Sở Nội vụ
    RETURN = "return"  # set by who returned the dossier for more


@dataclass(frozen=True, slots=True)
class Deadline:
    """What arrives at ``instant`` is late. ``None``: nobody has set it, and nothing can be handed in yet."""

    instant: datetime | None
    kind: DeadlineKind

    def is_open(self, *, at: datetime) -> bool:
        return self.instant is not None and at < self.instant


def received_now() -> datetime:
    """The clock of the database, to the microsecond, at this statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def with_return_due(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """With ``return_due``: until when the last return of each dossier wants it back."""
    returns = DossierStep.objects.filter(dossier=OuterRef("pk"), act=DossierAct.RETURN).order_by("-pk")
    return rows.annotate(return_due=Subquery(returns.values("due")[:1], output_field=DateTimeField()))


def deadline_of(dossier: Dossier) -> Deadline:
    """Until when the dossier is taken: the phase's deadline; of a returned one, what its return says, but
    never before the phase's own. Two queries at most, none of a row ``with_return_due`` and its phase."""
    own = dossier.phase.dossier_deadline
    if dossier.status == DossierStatus.RETURNED and own is not None:
        if not hasattr(dossier, "return_due"):
            dossier = with_return_due(Dossier.objects.filter(pk=dossier.pk)).get()
        if dossier.return_due is not None and dossier.return_due > own:
            return Deadline(dossier.return_due, DeadlineKind.RETURN)
    return Deadline(own, DeadlineKind.PHASE)


def waiting_permit(dossier: Dossier, *, at: datetime) -> LatePermit | None:
    """The permit that would let the dossier in at ``at``: not used, not expired."""
    return LatePermit.objects.filter(
        phase=dossier.phase_id, area=dossier.area_id, used_at__isnull=True, expires_at__gt=at
    ).first()
