"""Opinions, proposals and decisions for tests, laid down as the tables want them."""

from datetime import date, timedelta

from awards.models import (
    Decision,
    DecisionLine,
    Nominee,
    Opinion,
    OpinionRequest,
    Proposal,
    ProposalLine,
)
from campaign.models import Phase
from core.people import system_user
from tests.awards.dossiers import AT, DEADLINE, make_dossier, make_nominee
from tests.factories import DistrictFactory

SIGNED = date(2021, 9, 20)


def make_request(phase: Phase | None = None, **said) -> OpinionRequest:
    phase = phase or make_dossier().phase
    usual = {"due": DEADLINE + timedelta(days=5), "asked_at": AT, "asked_by": system_user()}
    return OpinionRequest.objects.create(phase=phase, **usual | said)


def make_opinion(nominee: Nominee, request: OpinionRequest | None = None, **said) -> Opinion:
    request = request or make_request(nominee.dossier.phase)
    return Opinion.objects.create(request=request, nominee=nominee, **said)


def make_proposal(phase: Phase | None = None, **said) -> Proposal:
    phase = phase or make_dossier().phase
    usual = {"prepared_at": AT, "prepared_by": system_user()}
    return Proposal.objects.create(phase=phase, **usual | said)


def make_line(nominee: Nominee, proposal: Proposal | None = None) -> ProposalLine:
    proposal = proposal or make_proposal(nominee.dossier.phase)
    return ProposalLine.objects.create(proposal=proposal, nominee=nominee, place=proposal.lines.count() + 1)


def make_decision(proposal: Proposal | None = None, **said) -> Decision:
    usual = {"number": f"{Decision.objects.count() + 1}/QĐ-UBND", "signed_on": SIGNED}
    usual |= {"signer": "Lê Văn Mười", "signer_post": "Chủ tịch", "content": {}, "sha256": "0" * 64}
    usual |= {"entered_at": AT, "entered_by": system_user(), "proposal": proposal or make_proposal()}
    return Decision.objects.create(**usual | said)


def make_decision_line(decision: Decision, nominee: Nominee | None = None, **said) -> DecisionLine:
    if nominee is None:
        phase = decision.proposal.phase
        nominee = make_nominee(make_dossier(DistrictFactory(parent=phase.campaign.province), phase))
    usual = {"place": decision.lines.count() + 1, "awarded": True, "name": str(nominee)}
    usual |= {"award": "Bằng khen của Chủ tịch UBND tỉnh", "search_text": nominee.search_text}
    usual |= {"code": f"T{DecisionLine.objects.count():09d}"}
    return DecisionLine.objects.create(decision=decision, nominee=nominee, **usual | said)
