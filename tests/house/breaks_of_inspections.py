"""How the constraints of inspections and of what follows them are broken; see ``test_constraints``."""

from campaign.models import FollowUpStep
from core.people import system_user
from tests.campaign.inspections import make_follow_up, make_inspection
from tests.house.breaking import AT, LAST, breaks


@breaks("inspection_words_are_known")
def _():
    make_inspection(department="viewer")


@breaks("inspection_has_a_purpose")
def _():
    make_inspection(purpose="")


@breaks("inspection_recorded_with_when_and_who")
def _():
    make_inspection(status="visited", recorded_by=None)


@breaks("inspection_cancelled_with_when_and_who")
def _():
    make_inspection(status="cancelled", cancelled_by=None)


@breaks("inspection_status_says_what_was_done")
def _():
    make_inspection(status="visited", findings="")


@breaks("follow_up_has_a_wording")
def _():
    make_follow_up(wording="")


@breaks("follow_up_answered_with_when_and_who")
def _():
    make_follow_up(answer="Đã làm.", answered_at=AT)


@breaks("follow_up_closed_with_when_and_who")
def _():
    make_follow_up(answer="Đã làm.", answered_at=AT, answered_by=system_user(), closed_at=AT)


@breaks("follow_up_answered_in_words")
def _():
    make_follow_up(answered_at=AT, answered_by=system_user())


@breaks("follow_up_closed_once_answered")
def _():
    make_follow_up(closed_at=AT, closed_by=system_user())


def _step(**said) -> None:
    usual = {"act": "answered", "text": "Đã làm.", "due_on": LAST, "taken_at": AT, "taken_by": system_user()}
    FollowUpStep.objects.create(follow_up=make_follow_up(), **usual | said)


@breaks("follow_up_act_is_known")
def _():
    _step(act="forgotten")


@breaks("follow_up_step_says_why")
def _():
    _step(text="")
