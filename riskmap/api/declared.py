"""``/facts/`` and ``/decisions/``: what people declared and decided beside the counts. Nobody is named."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.areas import AreaRef
from core.api.boundaries import ProvinceQuestion
from core.api.pages import PageAnswer, PagedQuestion, page_of
from core.api.questions import CodeField, DayField
from core.finding import AreaNotFound, find_area, find_province
from core.models import Area, AreaQuerySet
from riskmap.api.answers import LevelField, RiskMapView, is_simulated
from riskmap.enums import DecisionState, FactKind, FactState
from riskmap.lifetimes import lasting_over, with_decision_state, with_fact_state
from riskmap.models import DeclaredFact, LevelOverride

#: What everybody may know of: a decision that nobody confirmed never was one.
PUBLIC_DECISIONS = [
    state for state in DecisionState if state not in (DecisionState.WAITING, DecisionState.REFUSED)
]
FACT_KINDS = [(kind.value, kind.value) for kind in FactKind]


class DeclaredQuestion(ProvinceQuestion, PagedQuestion):
    area = CodeField(required=False, help_text="Only this unit and those below it.")
    day = DayField(required=False, help_text="Only what holds on this day.")


class Lifetime(serializers.Serializer):
    """From when to when. ``holds_to`` before ``since``: it was ended before it ever held."""

    area = AreaRef()
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True, help_text="As it was first said; null: no end is known.")
    holds_to = serializers.DateField(allow_null=True, help_text="Its last day now, an early end included.")
    document = serializers.CharField()
    confirmed_at = serializers.DateTimeField(allow_null=True, help_text="When a second person confirmed it.")
    ended_at = serializers.DateTimeField(allow_null=True)


class FactRow(Lifetime):
    kind = serializers.ChoiceField(FACT_KINDS)
    state = serializers.ChoiceField(
        [(state.value, state.value) for state in FactState],
        help_text="Today. A fact acts from its declaration on, also while it waits to be confirmed; "
        "one that is refused acts no longer.",
    )
    declared_at = serializers.DateTimeField()
    refused_at = serializers.DateTimeField(allow_null=True)


class DecisionRow(Lifetime):
    level = LevelField()
    reason = serializers.CharField()
    state = serializers.ChoiceField(
        [(state.value, state.value) for state in PUBLIC_DECISIONS], help_text="Today."
    )
    decided_at = serializers.DateTimeField()


class _Page(PageAnswer):
    simulated = serializers.BooleanField(help_text="The counts are invented, to show the portal.")


class FactsAnswer(_Page):
    results = FactRow(many=True)


class DecisionsAnswer(_Page):
    results = DecisionRow(many=True)


class FactsView(RiskMapView):
    """Declared facts of a province.

    What the rule needs and no number tells, as known now, the latest declared first, page by page.
    """

    room = "declared"
    operation = "facts"
    question_class = DeclaredQuestion
    answer_class = FactsAnswer

    def answer(self, asked: dict, *, on: date) -> dict:
        facts = with_fact_state(DeclaredFact.objects.filter(area__in=_areas(asked)), on=on)
        if "day" in asked:
            facts = facts.exclude(state=FactState.REFUSED)
        return _page(asked, facts.order_by("-declared_at", "-pk"))


class DecisionsView(RiskMapView):
    """Decided levels of a province.

    Levels that stand in for the computed ones: confirmed by a second person, as known now, the latest
    decided first, page by page.
    """

    room = "declared"
    operation = "decisions"
    question_class = DeclaredQuestion
    answer_class = DecisionsAnswer

    def answer(self, asked: dict, *, on: date) -> dict:
        decisions = with_decision_state(LevelOverride.objects.filter(area__in=_areas(asked)), on=on)
        decisions = decisions.filter(confirmed_at__isnull=False)
        return _page(asked, decisions.order_by("-decided_at", "-pk"))


def _areas(asked: dict) -> AreaQuerySet:
    """The units asked about, of any time. Raises ``AreaNotFound``."""
    province = find_province(asked["province"])
    if "area" not in asked:
        return Area.objects.under(province)
    area = find_area(asked["area"], on=asked.get("day"))
    if area.path.split("/")[0] != province.code:
        raise AreaNotFound(
            _("%(area)s không thuộc %(province)s.") % {"area": area.name, "province": province.name}
        )
    return Area.objects.under(area)


def _page(asked: dict, rows: QuerySet) -> dict:
    if "day" in asked:
        rows = rows.filter(lasting_over(asked["day"], asked["day"]))
    simulated = is_simulated(find_province(asked["province"]))
    return page_of(rows.select_related("area"), asked) | {"simulated": simulated}
