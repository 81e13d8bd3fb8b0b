"""Ticks, flags looked at, criteria and scores for tests, laid down as the tables want them."""

from awards.models import Criterion, FlagSeen, Nominee, Score, Tick
from campaign.models import Phase
from core.models import User
from tests.awards.dossiers import AT
from tests.factories import UserFactory


def make_criterion(phase: Phase, **said) -> Criterion:
    usual = {"code": "deeds", "place": 1, "label": "Việc làm", "maximum": 10, "weight": 3}
    return Criterion.objects.create(phase=phase, **usual | said)


def make_tick(nominee: Nominee, by: User | None = None, **said) -> Tick:
    """By somebody who has nothing to do with the nominee, as the other two are."""
    usual = {"check_code": "in_time", "passed": True, "reason": "Có dấu bưu điện.", "ticked_at": AT}
    return Tick.objects.create(nominee=nominee, ticked_by=by or UserFactory(), **usual | said)


def make_flag_seen(nominee: Nominee, by: User | None = None, **said) -> FlagSeen:
    usual = {"flag": "back_dated", "note": "Đã hỏi Sở Y tế.", "seen_at": AT}
    return FlagSeen.objects.create(nominee=nominee, seen_by=by or UserFactory(), **usual | said)


def make_score(nominee: Nominee, criterion: Criterion | None = None, by: User | None = None, **said) -> Score:
    criterion = criterion or make_criterion(nominee.dossier.phase)
    usual = {"points": 8, "scored_at": AT}
    return Score.objects.create(
        nominee=nominee, criterion=criterion, scored_by=by or UserFactory(), **usual | said
    )
