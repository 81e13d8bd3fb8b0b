"""How the constraints of what people write are broken; see ``test_constraints``."""

from campaign.models import Feedback
from core.people import system_user
from tests.factories import CommuneFactory
from tests.house.breaking import AT, breaks

ANSWERED = {"status": "answered", "answer": "Đã nhắc nhở."}


def _feedback(**said) -> Feedback:
    usual = {"kind": "breach", "text": "Quán mở cửa.", "code": "ABCDEFGH2345", "received_at": AT}
    return Feedback.objects.create(**{"area": said.pop("area", None) or CommuneFactory()} | usual | said)


def _by(verb: str) -> dict:
    return {f"{verb}_at": AT, f"{verb}_by": system_user()}


@breaks("feedback_code_once")
def _():
    _feedback()
    _feedback()


@breaks("feedback_words_are_known")
def _():
    _feedback(kind="rumour")


@breaks("feedback_has_a_text")
def _():
    _feedback(text="")


@breaks("feedback_answered_with_when_and_who")
def _():
    _feedback(**ANSWERED, answered_at=AT)


@breaks("feedback_set_aside_with_when_and_who")
def _():
    _feedback(status="set_aside", set_aside_reason="Trùng.", set_aside_at=AT)


@breaks("feedback_published_with_when_and_who")
def _():
    _feedback(**ANSWERED, **_by("answered"), public_text="Quán mở cửa.", published_at=AT)


@breaks("feedback_status_says_what_was_done")
def _():
    _feedback(**ANSWERED, **_by("answered"), contact="0912345678")


@breaks("feedback_published_once_answered")
def _():
    _feedback(**_by("published"), public_text="Quán mở cửa.")
