"""``/awards/``: what was awarded, to whom; ``/awards/decisions/``: by which decisions. Public."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from awards.api.shortlists import LONGEST_NUMBER
from awards.models import Decision, DecisionLine
from awards.register import awarded_lines, narrowed
from core.api.answers import PublicView
from core.api.pages import PageAnswer, PagedQuestion, page_of
from core.errors import DomainError


class DecisionNotFound(DomainError):
    """There is no such decision."""

    code = "decision_not_found"


class AwardsQuestion(PagedQuestion):
    q = serializers.CharField(
        required=False, max_length=100, help_text="Words of names; diacritics do not matter."
    )
    campaign = serializers.SlugField(required=False, max_length=60)
    phase = serializers.SlugField(required=False, max_length=60, help_text="Code of the phase.")
    year = serializers.IntegerField(
        required=False, min_value=2000, max_value=2100, help_text="In which the decision was signed."
    )


class DecisionRef(serializers.Serializer):
    id = serializers.IntegerField()
    number = serializers.CharField()
    signed_on = serializers.DateField()


class AwardRow(serializers.Serializer):
    """As it stands on the paper; of a person no more than name and unit."""

    name = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    award = serializers.CharField()
    campaign = serializers.CharField()
    phase = serializers.CharField()
    decision = DecisionRef()


class AwardsAnswer(PageAnswer):
    results = AwardRow(many=True)


class AwardDecisionRow(DecisionRef):
    campaign = serializers.CharField()
    phase = serializers.CharField()
    signer = serializers.CharField()
    signer_post = serializers.CharField()
    awards = serializers.IntegerField(help_text="How many it awards.")
    corrects = DecisionRef(allow_null=True, help_text="The decision that it corrects.")
    corrected_by = DecisionRef(allow_null=True, help_text="Null while it is in force.")


class AwardDecisionsAnswer(PageAnswer):
    results = AwardDecisionRow(many=True)


class AwardedRow(serializers.Serializer):
    name = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    award = serializers.CharField()


class AwardDecisionAnswer(AwardDecisionRow):
    sha256 = serializers.CharField(help_text="Of what was entered.")
    lines = AwardedRow(many=True)


class AwardsView(PublicView):
    """Awards.

    Those in force, of every campaign, the latest decision first, page by page.
    """

    room = "awards"
    operation = "awards"
    question_class = AwardsQuestion
    answer_class = AwardsAnswer

    def answer(self, asked: dict, *, on: date) -> dict:
        words = {name: str(asked[name]) for name in ("q", "campaign", "phase", "year") if name in asked}
        return page_of(narrowed(awarded_lines(), **words), asked, _award)


class AwardDecisionsView(PublicView):
    """Decisions of the chairman.

    Those that were entered, corrected ones too, the latest first, page by page.
    """

    room = "awards"
    operation = "award_decisions"
    question_class = PagedQuestion
    answer_class = AwardDecisionsAnswer

    def answer(self, asked: dict, *, on: date) -> dict:
        return page_of(_decisions().order_by("-signed_on", "-pk"), asked, _decision)


class AwardDecisionView(PublicView):
    """A decision of the chairman.

    With those whom it awards; whoever it does not is not told here.
    """

    room = "awards"
    operation = "award_decision"
    answer_class = AwardDecisionAnswer

    def answer(self, asked: dict, *, on: date, number: str) -> dict:
        is_number = number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
        decision = _decisions().filter(pk=int(number)).first() if is_number else None
        if decision is None:
            raise DecisionNotFound(_("Không có quyết định này."))
        lines = decision.lines.filter(awarded=True).order_by("place")
        told = [{"name": line.name, "unit": line.unit_name, "award": line.award} for line in lines]
        return _decision(decision) | {"sha256": decision.sha256, "lines": told}


def _decisions() -> QuerySet[Decision]:
    later = Decision.objects.only("number", "signed_on", "corrects").order_by("pk")
    return (
        Decision.objects.defer("content", "corrects__content")
        .select_related("proposal__phase__campaign", "corrects")
        .prefetch_related(Prefetch("corrections", later))
        .annotate(awards=Count("lines", filter=Q(lines__awarded=True)))
    )


def _award(line: DecisionLine) -> dict[str, Any]:
    phase = line.decision.proposal.phase
    return {
        "name": line.name,
        "unit": line.unit_name,
        "award": line.award,
        "campaign": phase.campaign.slug,
        "phase": phase.code,
        "decision": {"id": line.decision_id} | _ref(line.decision),
    }


def _decision(decision: Decision) -> dict[str, Any]:
    phase, later = decision.proposal.phase, next(iter(decision.corrections.all()), None)
    return {
        **_ref(decision),
        "campaign": phase.campaign.slug,
        "phase": phase.code,
        "signer": decision.signer,
        "signer_post": decision.signer_post,
        "awards": decision.awards,
        "corrects": decision.corrects and _ref(decision.corrects),
        "corrected_by": later and _ref(later),
    }


def _ref(decision: Decision) -> dict[str, Any]:
    return {"id": decision.pk, "number": decision.number, "signed_on": decision.signed_on}
