"""How the constraints of opinions, proposals and decisions are broken; see ``test_constraints``."""

from awards.models import Proposal
from core.people import system_user
from tests.awards.decisions import (
    make_decision,
    make_decision_line,
    make_line,
    make_opinion,
    make_proposal,
    make_request,
)
from tests.awards.dossiers import make_dossier, make_nominee
from tests.factories import UserFactory
from tests.house.breaking import AT, breaks


@breaks("opinion_request_answered_with_when_and_who")
def _():
    make_request(answered_at=AT)


@breaks("opinion_once_per_request")
def _():
    first = make_opinion(make_nominee(make_dossier()))
    make_opinion(first.nominee, first.request)


@breaks("opinion_verdict_is_known")
def _():
    make_opinion(make_nominee(make_dossier()), verdict="maybe", note="Chưa rõ.")


@breaks("opinion_other_than_agreement_says_why")
def _():
    make_opinion(make_nominee(make_dossier()), verdict="disagree")


@breaks("proposal_status_is_known")
def _():
    Proposal.objects.filter(pk=make_proposal().pk).update(status="forgotten")


@breaks("proposal_approved_with_when_and_who")
def _():
    make_proposal(approved_at=AT)


@breaks("proposal_sent_with_when_and_who")
def _():
    make_proposal(sent_at=AT)


@breaks("proposal_approved_by_a_second_person")
def _():
    make_proposal(approved_at=AT, approved_by=system_user())


@breaks("proposal_sent_once_approved_and_numbered")
def _():
    make_proposal(status="sent", approved_at=AT, approved_by=UserFactory(), sent_at=AT, sent_by=system_user())


@breaks("proposal_line_once")
def _():
    first = make_line(make_nominee(make_dossier()))
    make_line(first.nominee, first.proposal)


@breaks("decision_number_once_per_year")
def _():
    make_decision(number="512/QĐ-UBND")
    make_decision(number="512/QĐ-UBND")


@breaks("decision_first_once_per_proposal")
def _():
    make_decision(make_decision().proposal)


@breaks("decision_is_numbered_and_signed")
def _():
    make_decision(number="")


@breaks("decision_corrects_for_a_reason")
def _():
    first = make_decision()
    make_decision(first.proposal, corrects=first)


@breaks("decision_line_once")
def _():
    first = make_decision_line(make_decision())
    make_decision_line(first.decision, first.nominee)


@breaks("decision_line_not_awarded_says_why")
def _():
    make_decision_line(make_decision(), awarded=False)
