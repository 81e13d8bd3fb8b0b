"""The doors of councils and of their members' ballots; see ``test_doors``."""

from awards.models import CouncilMember, CouncilSession
from core.access import Permission
from tests.awards.councils import MEETING
from tests.house.door import LOGGED_IN, Door
from tests.house.doors_of_decisions import dossier_of_list
from tests.house.places import Place
from tests.riskmap.province import AT

REVIEW = Permission.REVIEW_DOSSIERS


def council_of(place: Place) -> CouncilSession:
    """A session of the place with one member from there; its place and people are for nobody else."""
    dossier = dossier_of_list(place)
    there = CouncilSession.objects.filter(phase=dossier.phase).first()
    if there:
        return there
    said = MEETING._replace(place=place.said, chair=place.said, secretary=place.said)._asdict()
    session = CouncilSession.objects.create(
        phase=dossier.phase, created_at=AT, created_by=place.clerk, **said
    )
    session.agenda.create(nominee=dossier.nominees.order_by("place")[0], place=1)
    CouncilMember.objects.create(session=session, member=place.clerk)
    return session


def _of(address, **answers) -> Door:
    return Door(address, REVIEW, of_area=True, of_province=True, **answers)


def _ballot(rest: str = "", **answers) -> Door:
    """Nobody's who has no seat, whatever their role; tests/awards/test_views_councils.py opens it by one."""
    return Door(lambda place: f"/ballots/{council_of(place).pk}/{rest}", LOGGED_IN, reads=404, **answers)


DOORS_OF_COUNCILS = {
    "council/": Door(lambda place: "/council/", REVIEW),
    "council/new/<int:phase_id>/": _of(
        lambda place: f"/council/new/{dossier_of_list(place).phase_id}/", writes=200
    ),
    "council/<int:pk>/": _of(lambda place: f"/council/{council_of(place).pk}/"),
    "council/<int:pk>/edit/": _of(lambda place: f"/council/{council_of(place).pk}/edit/", writes=200),
    "council/<int:pk>/steps/": _of(
        lambda place: f"/council/{council_of(place).pk}/steps/", reads=405, writes=200
    ),
    "council/<int:pk>/<slug:paper>.<str:fmt>": _of(
        lambda place: f"/council/{council_of(place).pk}/agenda.docx"
    ),
    "ballots/": Door(lambda place: "/ballots/", LOGGED_IN),
    "ballots/<int:pk>/": _ballot(writes=404),
    "ballots/<int:pk>/<slug:paper>.<str:fmt>": _ballot("agenda.docx", writes=405),
}
