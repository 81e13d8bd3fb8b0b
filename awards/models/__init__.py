from awards.models.councils import AgendaLine, Ballot, CouncilMember, CouncilSession
from awards.models.decisions import Decision, DecisionLine, Proposal, ProposalLine
from awards.models.dossiers import Dossier, DossierItem, DossierStep, DossierVersion, LatePermit, Nominee
from awards.models.nominations import Nomination
from awards.models.opinions import Opinion, OpinionRequest
from awards.models.papers import BatchedPaper, PaperBatch, PaperTemplate
from awards.models.reads import DossierRead
from awards.models.reviews import Criterion, FlagSeen, Score, Tick
from awards.models.shortlists import Candidate, Shortlist
from awards.models.version_files import DossierVersionFile

__all__ = [
    "AgendaLine",
    "Ballot",
    "BatchedPaper",
    "Candidate",
    "CouncilMember",
    "CouncilSession",
    "Criterion",
    "Decision",
    "DecisionLine",
    "Dossier",
    "DossierItem",
    "DossierRead",
    "DossierStep",
    "DossierVersion",
    "DossierVersionFile",
    "FlagSeen",
    "LatePermit",
    "Nomination",
    "Nominee",
    "Opinion",
    "OpinionRequest",
    "PaperBatch",
    "PaperTemplate",
    "Proposal",
    "ProposalLine",
    "Score",
    "Shortlist",
    "Tick",
]
