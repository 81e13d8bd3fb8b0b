"""Conditions: what a unit says of those of a green zone, and what the level above found when it looked.

Answers are appended. The last word on a condition is what counts: a check speaks of the self-assessment
before it, and a new self-assessment waits for a check again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.area_units import area_kinds_of
from campaign.enums import AnswerStage
from campaign.models import Campaign, ConditionAnswer, ConditionEvidence, GreenCondition, Unit
from campaign.units import confirming_area
from campaign.zones import recognise
from core.access import Permission
from core.audit import acting
from core.enums import Role
from core.errors import DomainError
from core.inbox import holders_over, send_notices
from core.models import StoredFile, User


class AnswerRefused(DomainError):
    """The condition cannot be answered so."""

    code = "answer_refused"


class AnsweredMeanwhile(DomainError):
    """Somebody answered since the page was read; ``latest`` is what they said."""

    code = "answered_meanwhile"

    def __init__(self, latest: ConditionAnswer) -> None:
        super().__init__(
            _("Trong lúc bạn soạn, %(who)s đã ghi lúc %(when)s. Xin xem rồi ghi lại nếu vẫn cần.")
            % {"who": latest.answered_by, "when": f"{timezone.localtime(latest.answered_at):%H:%M %d/%m/%Y}"}
        )
        self.latest = latest


def assess(
    *,
    unit: Unit,
    condition: GreenCondition,
    met: bool,
    note: str = "",
    files: Collection[StoredFile] = (),
    seen: int,
    by: User,
    at: datetime,
) -> ConditionAnswer:
    """Write what the unit says of the condition, with what shows it; it waits for a check.

    ``seen`` is the id of the last word that the writer read, 0 for none. Raises ``AnswerRefused``,
    ``AnsweredMeanwhile``.
    """
    with acting(by=by, reason=_("Tự đánh giá điều kiện vùng xanh")):
        campaign = _begin(unit, condition, seen=seen)
        answer = _write(unit, condition, AnswerStage.SELF, met, note, by=by, at=at)
        ConditionEvidence.objects.bulk_create(ConditionEvidence(answer=answer, file=file) for file in files)
        if met:
            _tell_who_checks(unit, campaign, by=by, at=at)
        recognise(campaign=campaign, at=at)
    return answer


def check(
    *,
    unit: Unit,
    condition: GreenCondition,
    met: bool,
    note: str = "",
    seen: int,
    by: User,
    at: datetime,
) -> ConditionAnswer:
    """Write what the level above found of the unit's last word; by somebody else than who said it.

    Raises ``AnswerRefused``, ``AnsweredMeanwhile``.
    """
    with acting(by=by, reason=_("Kiểm tra điều kiện vùng xanh")):
        campaign = _begin(unit, condition, seen=seen)
        own = unit.condition_answers.filter(condition=condition, stage=AnswerStage.SELF).order_by("id").last()
        if own is None or not own.met:
            raise AnswerRefused(_("Đơn vị chưa tự đánh giá là đạt, nên chưa có gì để kiểm tra."))
        if own.answered_by_id == by.pk:
            raise AnswerRefused(_("Bạn đã tự đánh giá điều kiện này; xin để người khác kiểm tra."))
        if not met and not note.strip():
            raise AnswerRefused(_("Kiểm tra thấy chưa đạt thì phải ghi vì sao."))
        answer = _write(unit, condition, AnswerStage.CHECK, met, note, by=by, at=at)
        if not met:
            _tell_who_assessed(own, answer, campaign, at=at)
        recognise(campaign=campaign, at=at)
    return answer


def latest_answer(unit: Unit, condition: GreenCondition) -> ConditionAnswer | None:
    """The last word on the condition, whoever said it."""
    answers = unit.condition_answers.filter(condition=condition).select_related("answered_by")
    return answers.order_by("id").last()


def _begin(unit: Unit, condition: GreenCondition, *, seen: int) -> Campaign:
    """Wait for other answers of the unit; refuse what cannot be answered, or was answered since."""
    locked = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    campaign = condition.campaign
    if locked.province_id != campaign.province_id or locked.kind not in area_kinds_of(campaign):
        raise AnswerRefused(_("Đơn vị này không thuộc đối tượng được công nhận vùng xanh của phong trào."))
    if locked.closed_at is not None:
        raise AnswerRefused(_("Đơn vị đã ngừng thi đua nên không đánh giá được nữa."))
    latest = latest_answer(unit, condition)
    if latest is not None and latest.pk != seen:
        raise AnsweredMeanwhile(latest)
    return campaign


def _write(
    unit: Unit, condition: GreenCondition, stage: AnswerStage, met: bool, note: str, *, by: User, at: datetime
) -> ConditionAnswer:
    return ConditionAnswer.objects.create(
        unit=unit,
        condition=condition,
        stage=stage,
        met=met,
        note=note.strip(),
        answered_at=at,
        answered_by=by,
    )


def _tell_who_checks(unit: Unit, campaign: Campaign, *, by: User, at: datetime) -> None:
    """Once a day for a unit, however many conditions wait."""
    on = timezone.localdate(at)
    asked = {"areas": [confirming_area(unit)], "permission": Permission.CONFIRM_REGISTRATIONS, "on": on}
    people = holders_over(**asked, roles=[Role.DISTRICT_STAFF]) or holders_over(**asked)
    send_notices(
        recipients=people - {by.pk},
        key=f"conditions-wait-{campaign.pk}-{unit.pk}-{on}",
        subject=f"{unit.name} đã tự đánh giá điều kiện vùng xanh, chờ kiểm tra",
        body=f"Phong trào: {campaign.short_title}.",
        link=_page(unit, campaign),
        at=at,
    )


def _tell_who_assessed(
    own: ConditionAnswer, answer: ConditionAnswer, campaign: Campaign, *, at: datetime
) -> None:
    send_notices(
        recipients=[own.answered_by_id],
        key=f"condition-not-met-{answer.pk}",
        subject=f"Kiểm tra thấy chưa đạt: {answer.unit.name}, điều kiện {answer.condition.place}",
        body=f"{answer.condition.wording}\nVì sao: {answer.note}",
        link=_page(answer.unit, campaign),
        at=at,
    )


def _page(unit: Unit, campaign: Campaign) -> str:
    return reverse("campaign:unit_conditions", args=[campaign.slug, unit.pk])
