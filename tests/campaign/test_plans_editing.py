"""A plan made and changed line by line: codes that stay, places that shift, reasons once it has begun."""

from datetime import UTC, date, datetime

import pytest

from campaign.enums import ScoringFact
from campaign.models import Campaign, Duty, GreenCondition, Phase
from campaign.plans import PlanRefused, ReasonNeeded, change_campaign, drop_part, open_campaign, save_part
from campaign.scoring.order import VOCABULARY, read_scoring
from core.models import AuditEvent
from core.people import system_user
from riskmap.models import GuardedPeriod
from tests.campaign.plans import AT, make_campaign
from tests.factories import ProvinceFactory

pytestmark = pytest.mark.django_db
BEGUN = datetime(2021, 9, 1, 1, tzinfo=UTC)


def save(part, *, at=AT, **said):
    return save_part(part=part, by=system_user(), at=at, **said)


def phase(campaign, number=1, first=date(2021, 9, 1), last=date(2021, 9, 10), **said) -> Phase:
    return Phase(
        campaign=campaign, number=number, name=f"Đợt {number}", first_day=first, last_day=last,
        **{"first_day_set_by": "plan", "deadline_set_by": "office"} | said,
    )  # fmt: skip


def condition(campaign, wording: str) -> GreenCondition:
    return GreenCondition(campaign=campaign, wording=wording)


def wordings(campaign) -> list[str]:
    return [each.wording for each in campaign.green_conditions.all()]


def new_campaign(**said) -> Campaign:
    made = Campaign(
        province=ProvinceFactory(), title="Thi đua", issuer="UBND", purpose="x", rule_set="qd_2686_2021",
        **{"short_title": "Giữ Vùng Xanh Đất Mũi 2021"} | said,
    )  # fmt: skip
    return open_campaign(campaign=made, by=system_user(), at=AT)


def test_facts_of_the_order_are_those_the_scores_know():
    assert set(ScoringFact.values) == set(VOCABULARY)
    assert read_scoring([("days_green", "order")]).order == ("days_green",)


def test_campaign_gets_an_address_of_its_short_name_and_keeps_it():
    first, second, third = new_campaign(), new_campaign(), new_campaign(short_title="New")

    assert (first.slug, second.slug) == ("giu-vung-xanh-dat-mui-2021", "giu-vung-xanh-dat-mui-2021-2")
    assert third.slug == "new-2"  # /campaigns/new/ is another page
    first.short_title = "Tên khác"
    change_campaign(campaign=first, by=system_user(), at=AT)
    first.refresh_from_db()
    assert (first.slug, first.short_title) == ("giu-vung-xanh-dat-mui-2021", "Tên khác")


def test_campaign_that_breaks_a_constraint_is_refused_in_words():
    campaign = new_campaign()
    campaign.target_day = date(2021, 9, 10)

    with pytest.raises(PlanRefused, match="mục tiêu đi kèm"):
        change_campaign(campaign=campaign, by=system_user(), at=AT)


def test_phase_gets_its_code_and_its_days_are_guarded():
    campaign = make_campaign()

    saved = save(phase(campaign))

    assert saved.code == "dot-1"
    period = GuardedPeriod.objects.get()
    assert (period.first_day, period.last_day) == (date(2021, 9, 1), date(2021, 9, 10))
    assert Phase.objects.get().guarded == period


def test_second_phase_may_begin_on_the_last_day_of_the_first_and_no_earlier():
    campaign = make_campaign()
    save(phase(campaign))

    with pytest.raises(PlanRefused, match="chung nhau một ngày"):
        save(phase(campaign, 2, date(2021, 9, 9), date(2021, 12, 31)))
    save(phase(campaign, 2, date(2021, 9, 10), date(2021, 12, 31)))

    assert campaign.phases.count() == 2


def test_phase_that_ends_before_it_begins_is_refused():
    with pytest.raises(PlanRefused, match="phải kết thúc sau ngày bắt đầu"):
        save(phase(make_campaign(), first=date(2021, 9, 10), last=date(2021, 9, 1)))


def test_line_goes_to_its_place_and_the_others_step_back():
    campaign = make_campaign()
    for wording in ("một", "hai", "ba"):
        save(condition(campaign, wording))

    save(condition(campaign, "chen"), place=2)
    assert wordings(campaign) == ["một", "chen", "hai", "ba"]

    save(campaign.green_conditions.get(wording="ba"), place=1)
    assert wordings(campaign) == ["ba", "một", "chen", "hai"]

    last = campaign.green_conditions.get(wording="một")
    last.wording = "một, sửa"
    save(last)
    assert wordings(campaign) == ["ba", "một, sửa", "chen", "hai"]
    assert last.code == "mot"


def test_codes_of_lines_are_free_and_short():
    campaign = make_campaign()
    long = "Chỉ huy tại chỗ: có người đứng đầu và tổ chức điều hành chống dịch"

    codes = [save(condition(campaign, long)).code for _time in range(2)]

    assert codes == ["chi-huy-tai-cho-co-nguoi", "chi-huy-tai-cho-co-nguoi-2"]


def test_line_of_a_begun_plan_is_changed_with_a_reason_the_journal_keeps():
    campaign = make_campaign()
    save(phase(campaign))
    duty = Duty(campaign=campaign, department="Sở Y tế", wording="Đánh giá")

    with pytest.raises(ReasonNeeded):
        save(duty, at=BEGUN)
    with pytest.raises(ReasonNeeded):
        change_campaign(campaign=campaign, by=system_user(), at=BEGUN)
    save(duty, at=BEGUN, reason="Công văn 9")

    assert AuditEvent.objects.filter(table_name="campaign_duty", reason="Công văn 9").exists()
    with pytest.raises(ReasonNeeded):
        drop_part(part=duty, by=system_user(), at=BEGUN)
    drop_part(part=duty, by=system_user(), at=BEGUN, reason="trùng")
    assert not campaign.duties.exists()


def test_phase_is_dropped_until_it_begins():
    campaign = make_campaign()
    save(phase(campaign))
    coming = save(phase(campaign, 2, date(2021, 9, 10), date(2021, 12, 31)))

    with pytest.raises(PlanRefused, match="đã bắt đầu"):
        drop_part(part=campaign.phases.get(number=1), by=system_user(), at=BEGUN, reason="thử")
    drop_part(part=coming, by=system_user(), at=BEGUN, reason="thôi đợt 2")

    assert [each.code for each in campaign.phases.all()] == ["dot-1"]
