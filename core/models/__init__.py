from core.models.areas import Area, AreaQuerySet
from core.models.audit import AuditEvent
from core.models.boundaries import AreaBoundary, AreaNeighbour, BoundarySet, PublicAsset
from core.models.files import StoredFile
from core.models.notices import Notice
from core.models.papers import IssuedPaper
from core.models.people import Grant, User

__all__ = [
    "Area",
    "AreaBoundary",
    "AreaNeighbour",
    "AreaQuerySet",
    "AuditEvent",
    "BoundarySet",
    "Grant",
    "IssuedPaper",
    "Notice",
    "PublicAsset",
    "StoredFile",
    "User",
]
