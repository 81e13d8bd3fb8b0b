"""How the constraints of nominations are broken; see ``test_constraints``."""

from awards.models import Nomination
from core.people import system_user
from tests.awards.dossiers import AT, make_dossier
from tests.awards.nominations import commune_of, make_nomination
from tests.house.breaking import breaks


def _nomination(**said) -> Nomination:
    dossier = make_dossier()
    return make_nomination(dossier.phase, commune_of(dossier), **said)


@breaks("nomination_once_per_phase_and_unit")
def _():
    one = _nomination()
    make_nomination(one.phase, one.unit)


@breaks("nomination_status_is_known")
def _():
    _nomination(status="forgotten")


@breaks("nomination_has_person_post_and_deeds")
def _():
    _nomination(deeds="")


@breaks("nomination_taken_is_in_a_dossier")
def _():
    _nomination(status="taken", answered_at=AT, answered_by=system_user())


@breaks("nomination_declined_for_a_reason")
def _():
    _nomination(status="declined", answered_at=AT, answered_by=system_user())


@breaks("nomination_answered_with_when_and_who")
def _():
    _nomination(answered_at=AT)
