"""How the constraints of green zones and their conditions are broken; see ``test_constraints``."""

from datetime import timedelta

from campaign.models import ConditionAnswer, ConditionEvidence, GreenCondition, RecognisedZone
from core.files import keep_document
from core.people import system_user
from tests.campaign.plans import make_campaign
from tests.campaign.units import make_unit
from tests.core.handed_in import pdf, upload
from tests.factories import CommuneFactory
from tests.house.breaking import AT, FIRST, LAST, breaks


def _answer(**said) -> ConditionAnswer:
    unit = make_unit(CommuneFactory())
    campaign = make_campaign(province=unit.province)
    condition = GreenCondition.objects.create(campaign=campaign, code="mot", place=1, wording="Có tổ COVID")
    usual = {"unit": unit, "condition": condition, "stage": "self", "met": True, "answered_at": AT}
    return ConditionAnswer.objects.create(**usual | {"answered_by": system_user()} | said)


def _zone(**said) -> RecognisedZone:
    unit = said.pop("unit", None) or make_unit(CommuneFactory())
    campaign = said.pop("campaign", None) or make_campaign(province=unit.province)
    usual = {"campaign": campaign, "unit": unit, "recognised_on": FIRST, "recognised_at": AT}
    return RecognisedZone.objects.create(**usual | said)


@breaks("answer_stage_is_known")
def _():
    _answer(stage="guess")


@breaks("answer_of_a_check_says_why_not")
def _():
    _answer(stage="check", met=False)


@breaks("evidence_once_per_answer")
def _():
    answer = _answer()
    file = keep_document(upload=upload(pdf(), "a.pdf"), area=answer.unit.seat, by=system_user(), at=AT)
    ConditionEvidence.objects.create(answer=answer, file=file)
    ConditionEvidence.objects.create(answer=answer, file=file)


@breaks("zone_recognised_once_at_a_time")
def _():
    first = _zone()
    _zone(unit=first.unit, campaign=first.campaign, recognised_on=LAST)


@breaks("zone_ended_with_day_and_cause")
def _():
    _zone(ended_on=FIRST - timedelta(days=1), ended_at=AT, ended_because="colour")
