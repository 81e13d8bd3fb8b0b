"""Contests whose shortlists are told by hand."""

from __future__ import annotations

from datetime import datetime, time

from awards.enums import ShortlistStage
from awards.models import Shortlist
from awards.shortlist_table import ShortlistLine, ShortlistTable
from awards.shortlists import make_shortlist, table_of
from campaign.models import Phase
from core.people import system_user
from tests.campaign.contest import HERE, Contest, noon
from tests.riskmap.province import day, join

DEADLINE_DAY, END = 17, 19  # before the midnight that begins day 17; the phase ends with day 19


def midnight(number: int) -> datetime:
    return datetime.combine(day(number), time(0), HERE)


def make_contest(**said) -> Contest:
    """That of ``tests.campaign.contest``, with a dossier deadline two days before the phase ends."""
    contest = Contest(**said)
    Phase.objects.filter(pk=contest.phase.pk).update(
        dossier_deadline=midnight(DEADLINE_DAY), deadline_wording="trước ngày 18/8/2021"
    )
    contest.phase.refresh_from_db()
    return contest


def touching(contest: Contest) -> None:
    """Let 90102 and 90201 share a border."""
    join(contest.province, contest.province, [("90102", "90201")])


def shortlist_of(contest: Contest, stage: ShortlistStage, at: datetime) -> ShortlistTable:
    made = make_shortlist(phase=contest.phase, stage=stage, by=system_user(), at=at)
    return table_of(Shortlist.objects.get(pk=made.pk))


def at_deadline(contest: Contest) -> ShortlistTable:
    return shortlist_of(contest, ShortlistStage.DEADLINE, midnight(DEADLINE_DAY))


def at_end(contest: Contest, number: int = END + 1) -> ShortlistTable:
    return shortlist_of(contest, ShortlistStage.END, noon(number))


def line(table: ShortlistTable, code: str) -> ShortlistLine:
    return next(line for line in table.lines if line.code == code)


def flags(table: ShortlistTable, code: str) -> list[str]:
    return [flag.code for flag in line(table, code).flags]
