"""A unit in its campaign: on its own page, and on its area's."""

import re
from datetime import date

import pytest
from django.template import Context, Template

from campaign.enums import RegistrationStatus
from campaign.models import RecognisedZone
from campaign.unit_standing import campaign_of, standing_of_unit
from riskmap.enums import MapView
from tests.campaign.contest import Contest, noon
from tests.campaign.diaries import make_entry
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group, make_unit
from tests.riskmap.province import day

pytestmark = pytest.mark.django_db
LATER = date(2022, 1, 1)


@pytest.fixture
def contest():
    """90101 is red, 90102 and 90201 are green, on three published days."""
    contest = Contest()
    contest.live(0, 2, {"90101": 5})
    contest.register("90101", 1, target_day=day(9))
    contest.compute(2)
    return contest


def section_of(client, address: str = "/areas/90101/") -> str:
    """What the area's page says of the campaign; empty when it says nothing."""
    page = client.get(address).content.decode()
    found = re.search(r'aria-labelledby="campaign-title">(.*?)</section>', page, re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found[1])) if found else ""


def test_area_says_where_it_stands_and_what_it_registered(client, contest):
    words = section_of(client)

    assert "Hạng 1 , nhóm “Từ vùng đỏ”, đợt 1" in words
    assert "Đăng ký ngày 02/08/2021; mục tiêu xanh vào ngày 10/08/2021, nay chưa đạt." in words
    assert "Tính đến hết ngày 03/08/2021, tạm tính, như đã công bố." in words


def test_area_that_shares_its_rank_says_with_how_many(client, contest):
    assert "(cùng hạng với 1 đơn vị khác)" in section_of(client, "/areas/90102/")


def test_area_before_any_standing_says_what_it_registered(client):
    contest = Contest()
    contest.report(0)
    contest.assess(0)
    contest.register("90101", 0, target_day=day(9))
    contest.register("90102", 0, status=RegistrationStatus.SUBMITTED)

    assert "Đã đăng ký, mục tiêu đến ngày 10/08/2021: X Bình thường mới" in section_of(client)
    assert "Chưa có đăng ký được xác nhận." in section_of(client, "/areas/90102/")


def test_area_says_that_it_is_recognised_while_it_is(client, contest):
    zone = RecognisedZone.objects.create(
        campaign=contest.campaign, unit=contest.units["90102"], recognised_on=day(2), recognised_at=noon(2)
    )
    assert "Được công nhận vùng xanh từ ngày 03/08/2021." in section_of(client, "/areas/90102/")

    zone.ended_on, zone.ended_at, zone.ended_because = day(3), noon(3), "colour"
    zone.save()

    assert "công nhận" not in section_of(client, "/areas/90102/")


def test_area_that_competes_in_nothing_says_nothing(client, contest):
    assert section_of(client, "/areas/901/") == ""


def test_area_shows_the_newest_of_its_public_diary(client, contest):
    unit = contest.units["90101"]
    make_entry(contest.campaign, unit, title="Đang soạn")
    assert "Nhật ký" not in section_of(client)

    for number in range(4):
        make_entry(contest.campaign, unit, title=f"Việc {number}", happened_on=day(number), status="approved")

    words = section_of(client)
    assert re.findall(r"Việc \d", words) == ["Việc 3", "Việc 2", "Việc 1"]
    assert "Đang soạn" not in words


def test_organisation_stands_with_the_levels_of_its_seat(contest):
    make_group(contest.campaign, "enterprise")
    unit = make_unit(contest.province.communes["90101"], "enterprise")
    contest.compute(2)

    standing = standing_of_unit(unit, on=LATER)

    assert standing.table.view == MapView.PUBLISHED
    assert standing.strip.words == "đỏ 01/08–03/08"
    shown = Template("{% load campaign_parts %}{% unit_standing unit %}").render(Context({"unit": unit}))
    assert f"group={standing.group.code}" in shown


def test_unit_that_came_after_the_last_standing_stands_in_none(contest):
    make_group(contest.campaign, "agency")
    unit = make_unit(contest.province.communes["90101"], "agency")

    assert standing_of_unit(unit, on=LATER) is None
    shown = Template("{% load campaign_parts %}{% unit_standing unit %}").render(Context({"unit": unit}))
    assert "Chưa có trong bảng xếp hạng nào." in shown


def test_campaign_that_runs_is_told_before_one_that_is_over(contest):
    unit = contest.units["90101"]
    next_one = make_campaign(province=contest.province.area, slug="nam-sau")
    make_group(next_one, "commune")
    make_phase(next_one, first_day=date(2022, 3, 1), last_day=date(2022, 3, 31))

    assert campaign_of(unit, on=date(2021, 8, 5)) == contest.campaign
    assert campaign_of(unit, on=LATER) == contest.campaign
    assert campaign_of(unit, on=date(2022, 3, 9)) == next_one
    assert campaign_of(make_unit(contest.province.districts["901"]), on=LATER) is None


def test_area_takes_a_bounded_number_of_queries_for_its_campaign(contest, django_assert_max_num_queries):
    area = contest.province.communes["90101"]

    with django_assert_max_num_queries(13):
        Template("{% load campaign_parts %}{% area_campaign area %}").render(Context({"area": area}))
