"""The shortlists of a nation's phase: for the campaigns of all provinces, one after another.

Of each, as at the end of a phase: its last standing is brought up to date, levels, counts and corrections are
read, every unit's rank is found again without the last days and with each number a fifth less and more, and
the list is packed and stored. What is written is taken back each time.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from awards.enums import ShortlistStage
from awards.models import Shortlist
from awards.shortlists import make_shortlist
from benchmarks.report import Row, median, row, seconds, spread
from benchmarks.standings import Contest
from campaign.models import Campaign
from campaign.standing import compute_standings
from core.people import system_user

SECONDS_REACH = 2.0


def measure_shortlists(campaigns: list[Campaign], contest: Contest, *, rounds: int) -> list[Row]:
    """Two rows: where the beat has made the last day's standings, as it has, and where it has not."""
    last = contest.first_day + timedelta(contest.days - 1)
    at = timezone.make_aware(datetime.combine(last, time(23, 59, 59)))
    phases = [campaign.phases.get() for campaign in campaigns]
    by = system_user()
    ready, alone = [], []

    def make() -> None:
        for phase in phases:
            make_shortlist(phase=phase, stage=ShortlistStage.BY_HAND, by=by, at=at)

    for number in range(rounds + 1):
        with transaction.atomic():
            compute_standings(at=at, days=[last])
            took = seconds(make)
            size = sum(len(each.body) for each in Shortlist.objects.filter(phase__in=phases))
            transaction.set_rollback(True)
        with transaction.atomic():
            without = seconds(make)
            transaction.set_rollback(True)
        if number:  # the first round warms all up
            ready.append(took)
            alone.append(without)
    where = f"{len(contest.area_ids)} communes, {len(campaigns)} campaigns of {contest.days} days"
    return [
        row(
            f"shortlists of a nation's phase: {where}",
            f"median of {rounds} ({spread(ready)} s); {len(phases)} stored, {size / 1000:.0f} kB",
            median(ready),
            "s",
            reach=f"<= {SECONDS_REACH} s",
            met=median(ready) <= SECONDS_REACH,
        ),
        row(
            "the same where the standings of the day are not made yet",
            f"median of {rounds} ({spread(alone)} s)",
            median(alone),
            "s",
        ),
    ]
