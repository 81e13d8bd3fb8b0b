"""Nominations for tests, laid down as the table wants them."""

from awards.models import Dossier, Nomination
from campaign.models import Phase, Unit
from core.people import system_user
from core.vietnamese import fold
from tests.awards.dossiers import AT, PERSON
from tests.campaign.units import make_unit
from tests.factories import CommuneFactory

BAY = {
    "kind": PERSON,
    "person": "Trần Thị Bảy",
    "person_post": "Y tá, Trạm Y tế",
    "deeds": "Trực chốt số 2 ở thôn Ba.",
}


def make_nomination(phase: Phase, unit: Unit, **said) -> Nomination:
    said = {**BAY, "nominated_at": AT, "nominated_by": system_user()} | said
    said.setdefault("search_text", fold(said["person"]))
    return Nomination.objects.create(phase=phase, unit=unit, **said)


def commune_of(dossier: Dossier) -> Unit:
    """A further commune of the dossier's district, as a unit."""
    return make_unit(CommuneFactory(parent=dossier.area))
