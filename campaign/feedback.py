"""Feedback: what anybody reports or praises about a commune, and how it is answered, set aside and shown.

Nothing is kept of who wrote but the contact they chose to give, and that until the matter is closed.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.enums import FeedbackKind, FeedbackStatus
from campaign.models import Feedback
from core.access import Permission
from core.audit import acting
from core.enums import AreaKind, Role
from core.errors import DomainError
from core.inbox import holders_by_area, send_notices
from core.models import Area, User
from core.people import system_user

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
CODE_LENGTH = 12
_NO_SIGN = re.compile(f"[^{SIGNS}]")
_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\d)")


class FeedbackRefused(DomainError):
    """The feedback cannot be dealt with so."""

    code = "feedback_refused"


class DealtWithMeanwhile(DomainError):
    """Somebody else dealt with it since it was read."""

    code = "dealt_with_meanwhile"


def receive(
    *, area: Area, kind: FeedbackKind, text: str, happened_on: date | None, contact: str, at: datetime
) -> Feedback:
    """Take what somebody wrote about a commune; who answers is told. Raises ``FeedbackRefused``."""
    if area.kind != AreaKind.COMMUNE or (area.valid_to and area.valid_to < timezone.localdate(at)):
        raise FeedbackRefused(_("Chỉ nhận phản ánh về xã, phường, thị trấn đang có."))
    with acting(by=system_user(), reason="Người dân gửi phản ánh"):
        feedback = Feedback.objects.create(
            area=area,
            kind=kind,
            text=text,
            happened_on=happened_on,
            contact=contact,
            code="".join(secrets.choice(SIGNS) for _sign in range(CODE_LENGTH)),
            received_at=at,
        )
        send_notices(
            recipients=answering(areas=[area], on=timezone.localdate(at))[area.pk],
            key=f"feedback-{feedback.pk}",
            subject=f"{feedback.get_kind_display().capitalize()}: {area.name}",
            body="Người dân vừa gửi qua cổng; xin xem và trả lời trong ba ngày làm việc.",
            link=reverse("campaign:feedback_item", args=[feedback.pk]),
            at=at,
        )
    return feedback


def find_by_code(code: str) -> Feedback | None:
    """The feedback whose receipt has the code, however it is written."""
    plain = plain_code(code)
    if len(plain) != CODE_LENGTH:
        return None
    return Feedback.objects.filter(code=plain).select_related("area__parent").first()


def plain_code(code: str) -> str:
    """``abcd-efgh-jklm`` as it is kept."""
    return _NO_SIGN.sub("", code.upper())


def written_code(code: str) -> str:
    """A code in groups of four, to be copied by hand."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def answer_feedback(*, feedback: Feedback, answer: str, seen: str, by: User, at: datetime) -> Feedback:
    """Answer, or better the answer; the contact is erased. Raises ``DealtWithMeanwhile``.

    ``seen`` is the ``state_mark`` that the writer read.
    """
    with acting(by=by, reason=_("Trả lời phản ánh")):
        feedback = _locked(feedback, seen=seen)
        feedback.status = FeedbackStatus.ANSWERED
        feedback.answer, feedback.answered_at, feedback.answered_by = answer.strip(), at, by
        feedback.contact = ""
        if feedback.published_at is not None:
            _demand_no_phone(feedback.answer)
        feedback.save()
    return feedback


def set_aside(*, feedback: Feedback, reason: str, seen: str, by: User, at: datetime) -> Feedback:
    """Close without an answer, for a reason that the writer reads. Raises as ``answer_feedback``."""
    with acting(by=by, reason=_("Không xử lý phản ánh")):
        feedback = _locked(feedback, seen=seen)
        if feedback.status != FeedbackStatus.RECEIVED:
            raise FeedbackRefused(_("Phản ánh này đã được xử lý."))
        feedback.status = FeedbackStatus.SET_ASIDE
        feedback.set_aside_reason, feedback.set_aside_at, feedback.set_aside_by = reason.strip(), at, by
        feedback.contact = ""
        feedback.save()
    return feedback


def publish_feedback(*, feedback: Feedback, public_text: str, seen: str, by: User, at: datetime) -> Feedback:
    """Show a wording of it, with the answer, on the commune's page. Raises as ``answer_feedback``, and
    ``FeedbackRefused`` before there is an answer, or where a telephone number was left in.
    """
    with acting(by=by, reason=_("Công khai phản ánh và câu trả lời")):
        feedback = _locked(feedback, seen=seen)
        if feedback.status != FeedbackStatus.ANSWERED:
            raise FeedbackRefused(_("Chỉ công khai phản ánh đã trả lời."))
        _demand_no_phone(public_text, feedback.answer)
        feedback.public_text = public_text.strip()
        feedback.published_at, feedback.published_by = at, by
        feedback.save()
    return feedback


def withhold_feedback(*, feedback: Feedback, reason: str, seen: str, by: User) -> Feedback:
    """Show it no more; the reason stands in the journal. Raises as ``answer_feedback``."""
    with acting(by=by, reason=_("Thôi công khai phản ánh: %(reason)s") % {"reason": reason.strip()}):
        feedback = _locked(feedback, seen=seen)
        if feedback.published_at is None:
            raise FeedbackRefused(_("Phản ánh này không công khai."))
        feedback.published_at = feedback.published_by = None
        feedback.save()
    return feedback


def state_mark(feedback: Feedback) -> str:
    """What changes whenever somebody deals with the feedback, also where a publication was taken back."""
    acts = (feedback.answered_at, feedback.set_aside_at, feedback.published_at)
    shown = hashlib.sha256(feedback.public_text.encode()).hexdigest()[:12]
    return "/".join(
        [feedback.status, shown, *("" if act is None else f"{act.timestamp():.6f}" for act in acts)]
    )


def published_about(area: Area):
    """What was published about a commune, the newest first."""
    return Feedback.objects.filter(area=area, published_at__isnull=False).order_by("-published_at", "-pk")


def answering(*, areas: list[Area], on: date) -> dict[int, set[int]]:
    """By area (id), who answers what is said of it: the district's staff, or else who is above."""
    asked = {"areas": areas, "permission": Permission.MODERATE_FEEDBACK, "on": on}
    nearest, all_of_them = holders_by_area(**asked, roles=[Role.DISTRICT_STAFF]), holders_by_area(**asked)
    return {pk: people or all_of_them[pk] for pk, people in nearest.items()}


def _locked(feedback: Feedback, *, seen: str) -> Feedback:
    fresh = (
        Feedback.objects.select_for_update(of=("self",)).select_related("area__parent").get(pk=feedback.pk)
    )
    if state_mark(fresh) != seen:
        raise DealtWithMeanwhile(
            _("Trong lúc bạn soạn, người khác vừa xử lý phản ánh này. Xin xem rồi ghi lại nếu vẫn cần.")
        )
    return fresh


def _demand_no_phone(*texts: str) -> None:
    if any(_PHONE.search(text) for text in texts):
        raise FeedbackRefused(
            _("Nội dung công khai và câu trả lời không được có số điện thoại; xin bỏ rồi ghi lại.")
        )
