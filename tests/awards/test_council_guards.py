"""What the database itself refuses of councils, past all forms."""

import pytest
from django.db import IntegrityError, transaction

from awards.models import AgendaLine, Ballot, CouncilMember, CouncilSession
from core.people import system_user
from tests.awards.councils import (
    lay_ballot,
    lay_line,
    lay_seat,
    make_council,
    members_of,
    opened,
    vote,
)
from tests.awards.dossiers import AT, make_dossier, make_nominee
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def _refused(act) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    return refusal.value.__cause__.diag.constraint_name


def _rows(session):
    return CouncilSession.objects.filter(pk=session.pk)


def test_vote_opens_and_closes_with_a_quorum_alone():
    session = make_council(members=3, present=1)
    opening = {"opened_at": AT, "opened_by": system_user()}
    assert _refused(lambda: _rows(session).update(**opening)) == "council_opens_with_a_quorum"

    session.seats.update(present=True)
    _rows(session).update(**opening)

    closing = {"closed_at": AT, "closed_by": system_user()}
    assert _refused(lambda: _rows(session).update(**closing)) == "council_closes_with_a_quorum"


def test_nothing_of_a_session_changes_once_its_vote_is_open():
    session = opened()
    seat, line = session.seats.first(), session.agenda.first()

    refused = {
        _refused(act)
        for act in (
            lambda: lay_seat(session),
            seat.delete,
            lambda: CouncilMember.objects.filter(pk=seat.pk).update(present=False),
            lambda: CouncilMember.objects.filter(pk=seat.pk).update(barred=[line.nominee_id]),
            lambda: CouncilMember.objects.filter(pk=seat.pk).update(member=UserFactory(), has_voted=True),
        )
    }
    agenda = {
        _refused(act)
        for act in (
            lambda: lay_line(session),
            line.delete,
            lambda: AgendaLine.objects.filter(pk=line.pk).update(place=9),
        )
    }

    assert (refused, agenda) == ({"council_seats_before_the_vote"}, {"council_agenda_before_the_vote"})


def test_agenda_holds_nominees_of_its_phase_alone():
    session = make_council()

    assert _refused(lambda: lay_line(session, make_nominee(make_dossier()))) == "council_agenda_of_its_phase"


def test_nobody_has_voted_before_the_vote_is_open_or_without_ballots():
    session = make_council()
    seats = CouncilMember.objects.filter(pk=session.seats.first().pk)
    assert _refused(lambda: seats.update(has_voted=True)) == "council_seats_before_the_vote"

    session = opened()
    seats = CouncilMember.objects.filter(pk=session.seats.first().pk)
    assert _refused(lambda: seats.update(has_voted=True)) == "ballots_agree_with_who_voted"


def test_ballot_that_nobody_cast_does_not_survive_the_closing():
    session = opened()
    for user in members_of(session):
        vote(session, user, "for")
    lay_ballot(session)

    closing = {"closed_at": AT, "closed_by": system_user()}
    assert _refused(lambda: _rows(session).update(**closing)) == "ballots_agree_with_who_voted"


def test_ballots_are_cast_on_the_agenda_and_while_the_vote_is_open_alone():
    session = make_council()

    assert _refused(lambda: lay_ballot(session)) == "ballot_while_the_vote_is_open"


def test_open_vote_is_not_taken_back_with_ballots_in_it():
    session = opened()
    vote(session, members_of(session)[0], "for")

    taken_back = {"opened_at": None, "opened_by": None}
    assert _refused(lambda: _rows(session).update(**taken_back)) == "council_annulled_without_ballots"


def test_closed_vote_is_closed_for_good():
    session = opened()
    for user in members_of(session):
        vote(session, user, "for")
    _rows(session).update(closed_at=AT, closed_by=system_user())

    assert _refused(lambda: _rows(session).update(conclusion="khác")) == "council_closed_for_good"
    assert _refused(Ballot.objects.all().delete) == "ballot_while_the_vote_is_open"
    assert _refused(session.seats.all().delete) == "council_seats_before_the_vote"
