"""The doors of batches of papers: for Sở Nội vụ of the province; see ``test_doors``."""

from awards.batches import ask_batch, finish_batch, print_next
from awards.models import PaperBatch
from core.access import Permission
from tests.awards.dossiers import AT
from tests.house.door import Door
from tests.house.doors_of_reviews import review_of
from tests.house.places import Place

REVIEW = Permission.REVIEW_DOSSIERS


def batch_of(place: Place) -> PaperBatch:
    """The printed papers of the phase in which the district's dossier is reviewed."""
    phase = review_of(place).phase
    there = PaperBatch.objects.filter(phase=phase).first()
    if there is None:
        there = ask_batch(phase=phase, by=place.clerk, at=AT)
        while print_next(batch=there, at=AT)[0]:
            pass
        finish_batch(batch=there, at=AT)
    return there


def _of(rest: str) -> Door:
    return Door(
        lambda place: f"/paper-batches/{batch_of(place).pk}/{rest}", REVIEW, of_area=True, of_province=True
    )


DOORS_OF_BATCHES = {
    "paper-batches/": Door(lambda place: "/paper-batches/", REVIEW, writes=302),
    "paper-batches/<int:pk>/": _of(""),
    "paper-batches/<int:pk>/progress/": _of("progress/"),
    "paper-batches/<int:pk>/papers.zip": _of("papers.zip"),
}
