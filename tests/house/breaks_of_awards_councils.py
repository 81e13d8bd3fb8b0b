"""How the constraints of councils are broken; see ``test_constraints``."""

from core.people import system_user
from tests.awards.councils import laid_down, lay_ballot, lay_line, lay_seat, opened
from tests.house.breaking import AT, breaks


@breaks("council_has_a_quorum")
def _():
    laid_down(quorum=0)


@breaks("council_share_is_a_percentage")
def _():
    laid_down(pass_percent=101)


@breaks("council_counted_of_is_known")
def _():
    laid_down(counted_of="everybody")


@breaks("council_opened_with_when_and_who")
def _():
    laid_down(opened_at=AT)


@breaks("council_closed_with_when_and_who")
def _():
    laid_down(opened_at=AT, opened_by=system_user(), closed_at=AT)


@breaks("council_closed_once_opened")
def _():
    laid_down(closed_at=AT, closed_by=system_user())


@breaks("agenda_nominee_once")
def _():
    first = lay_line(laid_down())
    lay_line(first.session, first.nominee)


@breaks("council_member_once")
def _():
    first = lay_seat(laid_down())
    lay_seat(first.session, first.member)


@breaks("ballot_vote_is_known")
def _():
    lay_ballot(opened(), "maybe")
