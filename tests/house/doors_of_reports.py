"""The doors of the review of a phase; see ``test_doors``."""

from core.access import Permission
from tests.house.door import Door
from tests.house.doors_of_shortlists import shortlist_of
from tests.house.places import Place

REVIEW = Permission.REVIEW_DOSSIERS


def _report(place: Place) -> str:
    """That of the phase of which there is a shortlist: its standings are computed."""
    shortlist_of(place)
    phase = place.province.campaigns.get(slug=f"xet-{place.province.code}").phases.get()
    return f"/phase-reports/{phase.pk}/"


DOORS_OF_REPORTS = {
    "phase-reports/": Door(lambda place: "/phase-reports/", REVIEW),
    "phase-reports/<int:pk>/": Door(_report, REVIEW, of_area=True, of_province=True),
    "phase-reports/<int:pk>/report.<str:fmt>": Door(
        lambda place: f"{_report(place)}report.docx", REVIEW, of_area=True, of_province=True
    ),
}
