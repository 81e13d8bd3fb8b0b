from awards.models.dossiers import Dossier, DossierItem, DossierStep, DossierVersion, LatePermit, Nominee
from awards.models.shortlists import Candidate, Shortlist

__all__ = [
    "Candidate",
    "Dossier",
    "DossierItem",
    "DossierStep",
    "DossierVersion",
    "LatePermit",
    "Nominee",
    "Shortlist",
]
