"""Ticks, flags looked at, criteria and scores for tests, laid down as the tables want them."""

from awards.models import Criterion, FlagSeen, Nominee, Score, Tick
from campaign.models import Phase
from core.people import system_user
from tests.awards.dossiers import AT


def make_criterion(phase: Phase, **said) -> Criterion:
    usual = {"code": "deeds", "place": 1, "label": "Việc làm", "maximum": 10, "weight": 3}
    return Criterion.objects.create(phase=phase, **usual | said)


def make_tick(nominee: Nominee, **said) -> Tick:
    usual = {"check_code": "in_time", "passed": True, "reason": "Có dấu bưu điện."}
    return Tick.objects.create(
        nominee=nominee, **usual | {"ticked_at": AT, "ticked_by": system_user()} | said
    )


def make_flag_seen(nominee: Nominee, **said) -> FlagSeen:
    usual = {"flag": "back_dated", "note": "Đã hỏi Sở Y tế."}
    return FlagSeen.objects.create(
        nominee=nominee, **usual | {"seen_at": AT, "seen_by": system_user()} | said
    )


def make_score(nominee: Nominee, criterion: Criterion | None = None, **said) -> Score:
    criterion = criterion or make_criterion(nominee.dossier.phase)
    usual = {"points": 8, "scored_at": AT, "scored_by": system_user()}
    return Score.objects.create(nominee=nominee, criterion=criterion, **usual | said)
