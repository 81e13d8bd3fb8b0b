"""How the constraints of shortlists and their candidates are broken; see ``test_constraints``."""

from awards.models import Candidate, Shortlist
from core.people import system_user
from tests.campaign.units import make_unit
from tests.factories import CommuneFactory, UserFactory
from tests.house.breaking import AT, FIRST, breaks
from tests.house.breaks_of_standings import make_standing


def make_shortlist_row(**said) -> Shortlist:
    """A shortlist of no content, on a standing of what is known."""
    usual = {"stage": "by_hand", "through": FIRST, "made_at": AT, "made_by": system_user()}
    usual |= {"body": b"", "hash": "0" * 64}
    if "known" not in said:
        usual["known"] = make_standing()
    if "phase" not in said:
        usual["phase"] = usual["known"].phase
    return Shortlist.objects.create(**usual | said)


def _candidate(**said) -> Candidate:
    usual = {"decision": "kept", "decided_at": AT, "decided_by": system_user()}
    if "unit" not in said:
        usual["unit"] = make_unit(CommuneFactory())
    if "shortlist" not in said:
        usual["shortlist"] = make_shortlist_row()
    return Candidate.objects.create(**usual | said)


@breaks("shortlist_stage_is_known")
def _():
    make_shortlist_row(stage="guess")


@breaks("shortlist_of_a_stage_once")
def _():
    first = make_shortlist_row(stage="deadline")
    make_shortlist_row(stage="deadline", phase=first.phase, known=first.known)


@breaks("shortlist_stands_on_a_standing")
def _():
    make_shortlist_row(phase=make_standing().phase, known=None)


@breaks("shortlist_hash_is_sha256")
def _():
    make_shortlist_row(hash="0" * 63)


@breaks("candidate_decided_once_per_shortlist")
def _():
    first = _candidate()
    _candidate(shortlist=first.shortlist, unit=first.unit)


@breaks("candidate_decision_is_known")
def _():
    _candidate(decision="maybe")


@breaks("candidate_withdrawn_for_a_reason")
def _():
    _candidate(decision="withdrawn")


@breaks("candidate_confirmed_with_when_and_who")
def _():
    _candidate(confirmed_at=AT)


@breaks("candidate_confirmed_by_a_second_person")
def _():
    person = UserFactory()
    _candidate(decided_by=person, confirmed_at=AT, confirmed_by=person)
