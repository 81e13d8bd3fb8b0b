"""A phase that was lived through, for tests of its review: colours, registrations, pledges, a decision."""

from __future__ import annotations

from datetime import date, datetime

from awards.decisions import Signed, Verdict, enter_decision
from awards.models import Nominee
from awards.proposals import approve_proposal, prepare_proposal, send_proposal
from awards.shortlists import make_shortlist
from campaign.enums import RegistrationAct
from campaign.models import Phase, PledgeCount
from core.people import system_user
from tests.awards.contests import make_contest
from tests.awards.dossiers import PERSON, make_dossier, make_nominee, make_version
from tests.campaign.contest import Contest, noon
from tests.factories import UserFactory
from tests.riskmap.province import day

LAST = 19


def lived_phase(code: str = "90", *, decided: bool = True) -> Contest:
    """Twenty days, all published: 90101 red until day 13 and green from day 14; 90102 green, once yellow;
    90201 green throughout. 90101 and 90201 registered, the latter only after the phase; three pledged."""
    contest = make_contest(code=code)
    contest.live(0, 0, {f"{code}101": 5})
    contest.live(1, 1, {f"{code}102": {"close_contacts": 1}})
    contest.live(2, LAST)
    registration = contest.register(f"{code}101", 2, target_day=day(15))
    contest.step(registration, RegistrationAct.CONFIRMED, 3)
    contest.compute(LAST + 1)
    pledge(contest, f"{code}101", 80, 100, day(5))
    pledge(contest, f"{code}101", 95, 100, day(10))
    pledge(contest, f"{code}101", 100, 100, day(LAST + 3))  # counted after the phase: not of it
    pledge(contest, f"{code}201", 7, 20, day(6))
    contest.phase = Phase.objects.select_related("campaign__province").get(pk=contest.phase.pk)
    if decided:
        make_shortlist(phase=contest.phase, stage="end", by=system_user(), at=noon(LAST + 1))
        decide(contest)
    return contest


def pledge(contest: Contest, commune: str, signed: int, total: int, counted_on: date) -> PledgeCount:
    return PledgeCount.objects.create(
        campaign=contest.campaign, area=contest.province.communes[commune], kind="household", signed=signed,
        total=total, counted_on=counted_on, entered_at=noon(LAST + 4), entered_by=system_user(),
    )  # fmt: skip


def decide(contest: Contest, *, at: datetime | None = None) -> list[Nominee]:
    """One collective and one person commended, a second person not, through the domain's own functions."""
    at = at or noon(LAST + 10)
    district = contest.province.districts[next(iter(contest.province.districts))]
    unit = next(iter(contest.units.values()))
    dossier = make_dossier(district, contest.phase, status="reviewed")
    make_version(dossier)
    nominees = [make_nominee(dossier, unit, status="passed")]
    nominees += [
        make_nominee(dossier, unit, kind=PERSON, person=name, person_post="Trạm trưởng", deeds="Trực chốt.",
                     search_text=name, status="passed")
        for name in ("Đặng Thị Bảy", "Lê Văn Tám")
    ]  # fmt: skip
    clerk, chief, office = UserFactory(), UserFactory(), UserFactory()
    made = prepare_proposal(
        phase=contest.phase, nominees=[each.pk for each in nominees], reasons={}, note="", by=clerk, at=at
    )
    approve_proposal(proposal=made, version=1, by=chief, at=at)
    send_proposal(proposal=made, number="88/TTr-SNV", version=2, by=clerk, at=at)
    verdicts = {each.pk: Verdict(True) for each in nominees[:2]}
    verdicts[nominees[2].pk] = Verdict(False, "Chưa đủ thành tích.")
    signed = Signed("512/QĐ-UBND", at.date(), "Lê Văn Mười", "Chủ tịch")
    enter_decision(proposal=made, signed=signed, verdicts=verdicts, version=3, by=office, at=at)
    return nominees
