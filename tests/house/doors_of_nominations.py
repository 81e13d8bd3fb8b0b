"""The doors of nominations: who is nominated is for those who work in the area, and Sở Nội vụ."""

from awards.models import Nomination
from campaign.models import Unit
from core.access import Permission
from tests.awards.nominations import make_nomination
from tests.campaign.units import make_unit
from tests.house.door import Door
from tests.house.doors_of_dossiers import dossier_of
from tests.house.places import Place

PREPARE = Permission.PREPARE_DOSSIERS


def nomination_of(place: Place) -> Nomination:
    """What the commune says of a person, that is for nobody else; in a phase whose deadline is past."""
    dossier = dossier_of(place)
    there = Nomination.objects.filter(phase=dossier.phase).filter(unit__seat=place.commune).first()
    if there:
        return there
    unit = Unit.objects.areas().filter(seat=place.commune).first() or make_unit(place.commune)
    said = {name: place.said for name in ("person", "person_post", "deeds")} if place.said else {}
    return make_nomination(dossier.phase, unit, **said)


def _at(place: Place, rest: str = "") -> str:
    return f"/nominations/{nomination_of(place).pk}/{rest}"


def answering(place: Place) -> str:
    nomination_of(place)
    return f"{dossier_of(place).get_absolute_url()}nominations/"


DOORS_OF_NOMINATIONS = {
    "nominations/": Door(lambda place: "/nominations/", PREPARE),
    "nominations/new/<int:phase_id>/": Door(
        lambda place: f"/nominations/new/{dossier_of(place).phase_id}/",
        PREPARE,
        of_area=True,
        reads=404,
        writes=200,
    ),
    "nominations/<int:pk>/": Door(_at, PREPARE, of_area=True),
    "nominations/<int:pk>/edit/": Door(
        lambda place: _at(place, "edit/"), PREPARE, of_area=True, reads=302, writes=200
    ),
    "nominations/<int:pk>/withdraw/": Door(
        lambda place: _at(place, "withdraw/"), PREPARE, of_area=True, reads=405, writes=200
    ),
    "dossiers/<int:pk>/shortlist/": Door(
        lambda place: f"{dossier_of(place).get_absolute_url()}shortlist/", PREPARE, of_area=True, writes=200
    ),
    "dossiers/<int:pk>/nominations/": Door(answering, PREPARE, of_area=True, writes=200),
}
