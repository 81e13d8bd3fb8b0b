"""How the constraints of campaigns and their plans are broken; see ``test_constraints``."""

from datetime import UTC, datetime, timedelta

from campaign.models import AwardGround, Duty, GreenCondition, ScoringRule, TargetGroup
from tests.campaign.plans import make_campaign, make_phase
from tests.house.breaking import FIRST, LAST, breaks

PARTS = {
    "group": (TargetGroup, {"kind": "commune", "name": "Cấp xã"}),
    "condition": (GreenCondition, {"wording": "Không có F0 trong cộng đồng"}),
    "ground": (AwardGround, {"recipient": "person", "wording": "Tích cực"}),
    "scoring": (
        ScoringRule,
        {"fact": "days_green", "role": "order", "wording": "Giữ xanh lâu hơn", "set_by": "office"},
    ),
    "duty": (Duty, {"department": "Sở Y tế", "wording": "Đánh giá"}),
}


def _part(noun: str, **said) -> None:
    model, usual = PARTS[noun]
    model.objects.create(**{"code": "mot", "place": 1} | usual | said)


def _twice(noun: str, **differing) -> None:
    campaign = make_campaign()
    _part(noun, campaign=campaign)
    _part(noun, campaign=campaign, **differing)


for _noun in PARTS:
    _other = {"fact": "cases"} if _noun == "scoring" else {}
    breaks(f"{_noun}_code_once_per_campaign")(lambda noun=_noun, other=_other: _twice(noun, place=2, **other))
    breaks(f"{_noun}_place_once_per_campaign")(
        lambda noun=_noun, other=_other: _twice(noun, code="hai", **other)
    )
    breaks(f"{_noun}_code_is_plain")(lambda noun=_noun: _part(noun, campaign=make_campaign(), code="Một"))


@breaks("group_kind_is_known")
def _():
    _part("group", campaign=make_campaign(), kind="planet")


@breaks("ground_recipient_is_known")
def _():
    _part("ground", campaign=make_campaign(), recipient="planet")


@breaks("scoring_fact_once_per_campaign")
def _():
    _twice("scoring", code="hai", place=2)


@breaks("scoring_words_are_known")
def _():
    _part("scoring", campaign=make_campaign(), role="luck")


@breaks("campaign_slug_once")
def _():
    make_campaign(slug="mot")
    make_campaign(slug="mot")


@breaks("campaign_number_once_per_province")
def _():
    campaign = make_campaign(number="01/KH-UBND")
    make_campaign(number="01/KH-UBND", province=campaign.province)


@breaks("campaign_slug_is_plain")
def _():
    make_campaign(slug="Vùng xanh")


@breaks("campaign_has_its_names")
def _():
    make_campaign(purpose="")


@breaks("campaign_award_law_is_known")
def _():
    make_campaign(award_law="nd_1")


@breaks("campaign_target_day_has_its_target")
def _():
    make_campaign(target_day=LAST)


@breaks("phase_code_once_per_campaign")
def _():
    campaign = make_campaign()
    make_phase(campaign)
    make_phase(campaign, number=2, first_day=LAST, last_day=LAST + timedelta(days=9))


@breaks("phase_number_once_per_campaign")
def _():
    campaign = make_campaign()
    make_phase(campaign)
    make_phase(campaign, code="dot-2", first_day=LAST, last_day=LAST + timedelta(days=9))


@breaks("phase_code_is_plain")
def _():
    make_phase(make_campaign(), code="đợt 1")


@breaks("phase_ends_after_it_begins")
def _():
    make_phase(make_campaign(), last_day=FIRST)


@breaks("phases_share_at_most_the_day_they_meet")
def _():
    campaign = make_campaign()
    make_phase(campaign)
    before = LAST - timedelta(days=1)
    make_phase(campaign, code="dot-2", number=2, first_day=before, last_day=LAST + timedelta(days=9))


@breaks("phase_review_not_before_it_begins")
def _():
    make_phase(make_campaign(), review_date=FIRST - timedelta(days=1))


@breaks("phase_deadline_with_its_wording")
def _():
    make_phase(make_campaign(), deadline_wording="trước ngày 08/9/2021")


@breaks("phase_deadline_of_the_plan_is_given")
def _():
    make_phase(make_campaign(), deadline_set_by="plan")


@breaks("phase_deadline_after_it_begins")
def _():
    begins = datetime(2021, 6, 30, 17, tzinfo=UTC)  # midnight of 1 July in Vietnam
    make_phase(make_campaign(), dossier_deadline=begins, deadline_wording="trước ngày 01/7/2021")


@breaks("phase_deadline_not_after_its_review")
def _():
    over = datetime(2021, 7, 31, 17, 0, 0, 1, tzinfo=UTC)  # 31 July is over in Vietnam
    make_phase(make_campaign(), review_date=LAST, dossier_deadline=over, deadline_wording="hết ngày 31/7")


@breaks("phase_says_who_set_its_dates")
def _():
    make_phase(make_campaign(), first_day_set_by="nobody")
