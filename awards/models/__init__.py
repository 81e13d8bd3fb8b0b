from awards.models.decisions import Decision, DecisionLine, Proposal, ProposalLine
from awards.models.dossiers import Dossier, DossierItem, DossierStep, DossierVersion, LatePermit, Nominee
from awards.models.opinions import Opinion, OpinionRequest
from awards.models.reviews import Criterion, FlagSeen, Score, Tick
from awards.models.shortlists import Candidate, Shortlist
from awards.models.version_files import DossierVersionFile

__all__ = [
    "Candidate",
    "Criterion",
    "Decision",
    "DecisionLine",
    "Dossier",
    "DossierItem",
    "DossierStep",
    "DossierVersion",
    "DossierVersionFile",
    "FlagSeen",
    "LatePermit",
    "Nominee",
    "Opinion",
    "OpinionRequest",
    "Proposal",
    "ProposalLine",
    "Score",
    "Shortlist",
    "Tick",
]
