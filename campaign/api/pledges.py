"""``/campaigns/…/pledges/``: how many signed of how many, in an area and in those right below it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from rest_framework import serializers

from campaign.api.plans import campaign_of_address
from campaign.enums import PledgeKind
from campaign.pledge_coverage import COMMUNES, HAMLETS, NOTHING, OWN, Figure, Place, coverage_of
from campaign.pledge_page import area_of_campaign
from core.api.answers import PublicView
from core.api.areas import AreaRef
from core.api.questions import CodeField, Question
from core.finding import AreaNotFound

PLEDGE_KINDS = [(kind.value, kind.value) for kind in PledgeKind]
PLEDGE_BASES = [(basis, basis) for basis in (OWN, HAMLETS, COMMUNES, NOTHING)]


class PledgeSum(serializers.Serializer):
    signed = serializers.IntegerField()
    total = serializers.IntegerField()


class PledgeRow(serializers.Serializer):
    """Pledges of one kind. ``signed`` and ``total`` are null where nothing is known."""

    kind = serializers.ChoiceField(PLEDGE_KINDS)
    signed = serializers.IntegerField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)
    share = serializers.FloatField(
        allow_null=True, help_text="Signed over total, 0 to 1. Null: nothing is known, or nobody is to sign."
    )
    basis = serializers.ChoiceField(
        PLEDGE_BASES, help_text="Said for the area itself, or the sum of its hamlets or of its communes."
    )
    oldest = serializers.DateField(allow_null=True, help_text="The parts are as of this day or later.")
    newest = serializers.DateField(allow_null=True)
    gaps = serializers.IntegerField(help_text="In how many communes and hamlets nothing was said of it.")
    hamlets = PledgeSum(
        allow_null=True, help_text="Beside a commune's own number, where that of its hamlets is another."
    )


class PledgesOfArea(serializers.Serializer):
    area = AreaRef()
    pledges = PledgeRow(many=True)


class PledgeGap(serializers.Serializer):
    area = AreaRef()
    kinds = serializers.ListField(child=serializers.ChoiceField(PLEDGE_KINDS))


class PledgesAnswer(PledgesOfArea):
    campaign = serializers.CharField()
    below = PledgesOfArea(many=True)
    gaps = PledgeGap(many=True)


class PledgesQuestion(Question):
    area = CodeField(required=False, help_text="An area of the campaign's province; by default all of it.")


class PledgesView(PublicView):
    """Pledges.

    The coverage of an area and of those right below it, and who has said nothing. A commune without a number
    of its own is the sum of its hamlets; districts and provinces are sums of communes.
    """

    room = "campaigns"
    operation = "pledges"
    question_class = PledgesQuestion
    answer_class = PledgesAnswer

    def answer(self, asked: dict, *, on: date, slug: str) -> dict:
        campaign = campaign_of_address(slug)
        area = campaign.province
        if "area" in asked:
            area = area_of_campaign(campaign, asked["area"], on=on)
        if area is None:
            raise AreaNotFound(
                _("Tỉnh có phong trào “%(slug)s” không có địa bàn mang mã “%(code)s”.")
                % {"slug": slug, "code": asked["area"]}
            )
        place = coverage_of(campaign=campaign, area=area, on=on)
        return {
            "campaign": campaign.slug,
            **_told(place),
            "below": [_told(each) for each in place.below],
            "gaps": [{"area": gap.area, "kinds": kinds} for gap, kinds in place.gaps()],
        }


def _told(place: Place) -> dict:
    return {"area": place.area, "pledges": [_row(kind, place.figures[kind]) for kind in PledgeKind]}


def _row(kind: PledgeKind, figure: Figure) -> dict:
    return {
        "kind": kind,
        "signed": figure.signed if figure.is_known else None,
        "total": figure.total if figure.is_known else None,
        "share": figure.share,
        "basis": figure.basis,
        "oldest": figure.oldest,
        "newest": figure.newest,
        "gaps": figure.gaps,
        "hamlets": figure.hamlets if figure.differs else None,
    }
