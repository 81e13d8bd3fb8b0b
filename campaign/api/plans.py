"""``/campaigns/``: the plans of a province, and one plan with its phases and all that it lists."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext as _
from rest_framework import serializers

from campaign.days import phases_of_day, stands_on
from campaign.enums import AwardLaw, GroupKind, Recipient, ScoringFact, ScoringRole, SetBy
from campaign.models import Campaign
from campaign.models.campaigns import PLAIN_CODE
from core.api.answers import PublicView
from core.api.areas import AreaRef
from core.api.questions import CodeField, DayField, Question
from core.enums import AreaKind
from core.errors import DomainError
from core.finding import find_province

STANDINGS = [(key, key) for key in ("unset", "coming", "running", "between", "over")]


class CampaignNotFound(DomainError):
    """There is no campaign at the address."""

    code = "campaign_not_found"


def _keys(choices: type) -> list[tuple[str, str]]:
    return [(each.value, each.value) for each in choices]


SET_BY = _keys(SetBy)
GROUP_KINDS = _keys(GroupKind)


class PhaseRow(serializers.Serializer):
    """Days with both ends. Two phases may share the day on which they meet: it counts for both."""

    code = serializers.CharField()
    number = serializers.IntegerField()
    name = serializers.CharField()
    first_day = serializers.DateField()
    first_day_set_by = serializers.ChoiceField(
        SET_BY, help_text="`office` where the plan does not say on which day the phase begins."
    )
    first_day_note = serializers.CharField()
    last_day = serializers.DateField()
    review_date = serializers.DateField(allow_null=True)
    dossier_deadline = serializers.DateTimeField(
        allow_null=True, help_text="Exclusive: what arrives at this very instant is late. Null: not set yet."
    )
    deadline_wording = serializers.CharField(help_text="As the document has it.")
    deadline_set_by = serializers.ChoiceField(SET_BY, help_text="`office` where the plan names no deadline.")


class CampaignRow(serializers.Serializer):
    slug = serializers.CharField()
    province = AreaRef()
    short_title = serializers.CharField()
    title = serializers.CharField()
    issuer = serializers.CharField()
    number = serializers.CharField(help_text="Empty where it is not known.")
    issued_on = serializers.DateField(allow_null=True)
    launched_on = serializers.DateField(allow_null=True)
    standing = serializers.ChoiceField(STANDINGS, help_text="Today.")
    phases = PhaseRow(many=True)


class CampaignsAnswer(serializers.Serializer):
    results = CampaignRow(many=True)


class GroupRow(serializers.Serializer):
    code = serializers.CharField()
    kind = serializers.ChoiceField(GROUP_KINDS)
    area_kind = serializers.ChoiceField(
        [(kind.value, kind.value) for kind in AreaKind if kind != AreaKind.PROVINCE],
        allow_null=True,
        help_text="The tier that competes; null for organisations.",
    )
    name = serializers.CharField()


class ConditionRow(serializers.Serializer):
    code = serializers.CharField()
    wording = serializers.CharField()
    citation = serializers.CharField()


class GroundRow(serializers.Serializer):
    code = serializers.CharField()
    recipient = serializers.ChoiceField(_keys(Recipient))
    wording = serializers.CharField()
    award = serializers.CharField()


class ScoringRow(serializers.Serializer):
    """In this order; facts of role ``tie`` part those who are equal by the others."""

    fact = serializers.ChoiceField(_keys(ScoringFact))
    role = serializers.ChoiceField(_keys(ScoringRole))
    wording = serializers.CharField()
    set_by = serializers.ChoiceField(SET_BY)


class DutyRow(serializers.Serializer):
    code = serializers.CharField()
    department = serializers.CharField()
    wording = serializers.CharField()


class CampaignDetail(CampaignRow):
    purpose = serializers.CharField()
    target = serializers.CharField()
    target_day = serializers.DateField(allow_null=True)
    legal_basis = serializers.ListField(child=serializers.CharField())
    rule_set = serializers.CharField()
    registration_required = serializers.BooleanField(
        help_text="Whether only units with a confirmed registration are ranked."
    )
    register_by = serializers.DateField(
        allow_null=True, help_text="The last day on which registering is in time. Null: not set."
    )
    award_law = serializers.ChoiceField(_keys(AwardLaw), help_text="Under which units are commended.")
    dossier_recipient = serializers.CharField()
    source_note = serializers.CharField(help_text="What the paper does not say.")
    target_groups = GroupRow(many=True)
    green_conditions = ConditionRow(many=True)
    award_grounds = GroundRow(many=True)
    scoring_rules = ScoringRow(many=True)
    duties = DutyRow(many=True)
    day = serializers.DateField(allow_null=True, help_text="The day asked about.")
    day_counts_for = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="Codes of the phases that day counts for."
    )


class CampaignsQuestion(Question):
    province = CodeField(required=False, help_text="Only campaigns of this province.")


class CampaignQuestion(Question):
    day = DayField(required=False, help_text="Say also which phases this day counts for.")


class CampaignList(PublicView):
    """Campaigns.

    By province in Vietnamese order, the newest first.
    """

    room = "campaigns"
    operation = "campaigns"
    question_class = CampaignsQuestion
    answer_class = CampaignsAnswer

    def answer(self, asked: dict, *, on: date) -> dict:
        campaigns = Campaign.objects.select_related("province").prefetch_related("phases").newest_first()
        if "province" in asked:
            campaigns = campaigns.filter(province=find_province(asked["province"]))
        return {"results": [_told(campaign, on=on) for campaign in campaigns]}


class CampaignView(PublicView):
    """One campaign.

    Its plan: phases with exact deadlines, target groups, conditions, grounds, the order of scoring, duties.
    """

    room = "campaigns"
    operation = "campaign"
    question_class = CampaignQuestion
    answer_class = CampaignDetail

    def answer(self, asked: dict, *, on: date, slug: str) -> dict:
        campaign = campaign_of_address(slug)
        told = _told(campaign, on=on)
        day = asked.get("day")
        counts_for = None if day is None else [phase.code for phase in phases_of_day(told["phases"], day)]
        names = set(CampaignDetail().fields) - set(told) - {"day", "day_counts_for"}
        own = {name: getattr(campaign, name) for name in names}
        return {**told, **own, "day": day, "day_counts_for": counts_for}


def campaign_of_address(slug: str) -> Campaign:
    """The campaign an address names. Raises ``CampaignNotFound``, also for what can be no name."""
    campaign = None
    if re.fullmatch(PLAIN_CODE.strip("^$"), slug, re.ASCII):
        campaign = Campaign.objects.filter(slug=slug).select_related("province").first()
    if campaign is None:
        raise CampaignNotFound(
            _("Không có phong trào “%(slug)s”; xin xem danh sách ở /api/v1/campaigns/.") % {"slug": slug[:60]}
        )
    return campaign


def _told(campaign: Campaign, *, on: date) -> dict:
    phases = list(campaign.phases.all())
    return {
        **{
            name: getattr(campaign, name)
            for name in CampaignRow().fields
            if name not in ("standing", "phases")
        },
        "standing": stands_on(phases, on).key,
        "phases": phases,
    }
