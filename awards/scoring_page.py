"""Scoring as pages show it: one's own sheet, what comes next, and what all sheets of a phase come to.

Points of others are shown once one's own sheet is whole, or the review of the dossier is over, so that
everybody scores for themselves; to who has an interest, never.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from awards.conflicts import conflicts_of
from awards.criteria import criteria_for, criteria_of
from awards.enums import DossierStatus, NomineeStatus
from awards.models import Criterion, DossierVersion, Nominee, Score
from awards.review_queue import to_review
from awards.reviewing import UNDER_REVIEW
from awards.score_totals import HumanScore, Machine, MachineScore, Sheet, human_score, sheets_of
from awards.shortlists import latest_shortlist
from campaign.models import Phase
from core.models import User

#: From here on the points of a dossier change no more, unless it is reviewed again.
OVER = (DossierStatus.REVIEWED, DossierStatus.DECIDED)


@dataclass(frozen=True, slots=True)
class Turn:
    """How far one reviewer has come in a phase: whole sheets of those that may be scored, who is next."""

    done: int
    total: int
    waiting: tuple[Nominee, ...]

    def next_after(self, nominee: Nominee | None) -> Nominee | None:
        """Who has the fewest sheets, other than the nominee that was just looked at."""
        return next((each for each in self.waiting if nominee is None or each.pk != nominee.pk), None)


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A nominee with both scores. ``human`` is ``None`` while the points of others are not shown."""

    nominee: Nominee
    mine: Sheet | None
    human: HumanScore | None
    machine: MachineScore
    conflict: str
    sheets: tuple[Sheet, ...]  # those that are shown


def turn_of(*, phase: Phase, by: User, at: datetime, criteria: Sequence[Criterion] | None = None) -> Turn:
    """The nominees in review that ``by`` may score, those with the fewest sheets first. Three queries."""
    criteria = criteria_of(phase) if criteria is None else criteria
    if not criteria:
        return Turn(0, 0, ())
    own = Q(scores__scored_by=by)
    current = own & (Q(scores__scored_at__gte=F("handed_in_at")) | Q(handed_in_at__isnull=True))
    rows = _nominees(phase, by, at).filter(dossier__status=DossierStatus.IN_REVIEW, status__in=UNDER_REVIEW)
    rows = rows.annotate(
        reviewers=Count("scores__scored_by", distinct=True),
        mine=Count("scores", filter=current, distinct=True),
    )
    found = list(rows.order_by("reviewers", "handed_in_at", "dossier", "place", "pk"))
    conflicts = conflicts_of(nominees=[each.pk for each in found], by=by, on=timezone.localdate(at))
    mine = [each for each in found if each.pk not in conflicts and criteria_for(each, criteria)]
    waiting = tuple(each for each in mine if each.mine < len(criteria_for(each, criteria)))
    return Turn(len(mine) - len(waiting), len(mine), waiting)


def score_rows(*, phase: Phase, by: User, at: datetime) -> list[ScoreRow]:
    """All nominees of the phase that were handed in, with both scores; few queries."""
    rows = _nominees(phase, by, at).exclude(status=NomineeStatus.WITHDRAWN)
    return _rows(list(rows.order_by("dossier__area__sort_key", "place", "pk")), phase, by, at)


def score_row(*, nominee: Nominee, by: User, at: datetime) -> ScoreRow | None:
    """The row of one nominee; ``None`` where ``by`` may not review it."""
    phase = nominee.dossier.phase
    return next(iter(_rows(list(_nominees(phase, by, at).filter(pk=nominee.pk)), phase, by, at)), None)


def _nominees(phase: Phase, by: User, at: datetime) -> QuerySet[Nominee]:
    """Those in the phase's dossiers that ``by`` may review, with when the dossier was handed in last."""
    latest = DossierVersion.objects.filter(dossier=OuterRef("dossier")).order_by("-number")
    dossiers = to_review(by, at=at).filter(phase=phase).order_by().values("pk")
    rows = Nominee.objects.filter(dossier__in=dossiers).select_related("unit__seat", "dossier__area")
    return rows.annotate(handed_in_at=Subquery(latest.values("received_at")[:1]))


def _rows(nominees: Sequence[Nominee], phase: Phase, by: User, at: datetime) -> list[ScoreRow]:
    criteria, machine = criteria_of(phase), Machine(latest_shortlist(phase))
    scores: dict[int, list[Score]] = defaultdict(list)
    for score in Score.objects.filter(nominee__in=nominees).select_related("scored_by").order_by("pk"):
        scores[score.nominee_id].append(score)
    conflicts = conflicts_of(nominees=[each.pk for each in nominees], by=by, on=timezone.localdate(at))
    found = []
    for nominee in nominees:
        sheets = sheets_of(nominee, scores[nominee.pk], criteria, handed_in=nominee.handed_in_at)
        mine, conflict = sheets.get(by.pk), conflicts.get(nominee.pk, "")
        shown = not conflict and (nominee.dossier.status in OVER or bool(mine and mine.complete))
        found.append(
            ScoreRow(
                nominee=nominee,
                mine=mine,
                human=human_score(sheets.values()) if shown else None,
                machine=machine.score(nominee),
                conflict=conflict,
                sheets=tuple(sheets.values()) if shown else (),
            )
        )
    return found
