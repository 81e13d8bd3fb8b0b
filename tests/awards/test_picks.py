"""Picking units from the shortlist: who is offered and why, who is marked, refused, doubted."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from awards.dossiers import DossierRefused
from awards.nominees import NomineesRefused, add_nominee
from awards.picks import doubts_about, pick, picks_of
from core.enums import Role
from core.people import system_user
from tests.awards.contests import at_deadline, at_end, make_contest
from tests.awards.dossiers import AT, COLLECTIVE, PERSON, make_dossier
from tests.campaign.units import make_group, make_unit
from tests.factories import GrantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived():
    """90101 red on day 0, green from day 14 on; 90102 green throughout; 90201 red again at the end."""
    contest = make_contest()
    contest.report(0, {"90101": 5})
    contest.report_days(1, 13)
    contest.assess(13)
    contest.publish(13)
    contest.live(14, 16)
    return contest


@pytest.fixture
def dossier(lived):
    return make_dossier(lived.province.districts["901"], lived.phase)


def _names(picks) -> list[str]:
    return [each.name for each in picks.offered]


def _pick(dossier, *units):
    return pick(dossier=dossier, units=[unit.pk for unit in units], by=system_user(), at=AT)


def test_districts_own_eligible_units_are_offered_with_class_rank_and_reasons(lived, dossier):
    at_deadline(lived)

    picks = picks_of(dossier)

    red, green = lived.units["90101"], lived.units["90102"]
    assert sorted(_names(picks)) == sorted([red.name, green.name])  # 90201 is of the next district
    row = next(each for each in picks.offered if each.unit_id == red.pk)
    assert (row.rank, row.is_picked, row.why_not) == (1, False, "")
    assert row.reasons[0] == "từ đỏ về bình thường mới"
    assert picks.award.code == COLLECTIVE
    assert picks.shortlist.stage == "deadline"


def test_before_there_is_a_shortlist_the_standing_says_who_is_offered(lived, dossier):
    lived.compute(16)

    picks = picks_of(dossier)

    assert picks.shortlist is None
    assert picks.standing.day == picks.day
    assert lived.units["90101"].name in _names(picks)
    assert all(each.reasons for each in picks.offered)


def test_before_anything_is_known_nothing_is_offered():
    picks = picks_of(make_dossier())

    assert (picks.groups, picks.day) == ([], None)


def test_several_are_picked_at_once_for_the_award_of_collectives_and_marked(lived, dossier):
    at_deadline(lived)
    red, green = lived.units["90101"], lived.units["90102"]

    nominees = _pick(dossier, green, red)

    assert {(each.unit, each.kind, each.person) for each in nominees} == {
        (red, COLLECTIVE, ""),
        (green, COLLECTIVE, ""),
    }
    assert [each.is_picked for each in picks_of(dossier).offered] == [True, True]
    with pytest.raises(NomineesRefused, match="chỉ khen một lần"):
        _pick(dossier, red)


def test_unit_that_is_not_eligible_or_of_the_next_district_is_not_picked_but_may_be_named(lived, dossier):
    lived.report(17, {"90102": 9})
    lived.report_days(18, 19)
    lived.assess(19)
    at_end(lived)
    red_now = lived.units["90102"]

    for unit in (red_now, lived.units["90201"]):
        with pytest.raises(DossierRefused, match="không còn đủ điều kiện"):
            _pick(dossier, lived.units["90101"], unit)
    with pytest.raises(DossierRefused, match="ít nhất một đơn vị"):
        _pick(dossier)
    assert not dossier.nominees.exists()

    by = {"by": system_user(), "at": AT}
    add_nominee(dossier=dossier, unit=red_now, kind=COLLECTIVE, **by)
    person = {"person": "Trần Thị Bảy", "person_post": "Y tá", "deeds": "Trực chốt."}
    add_nominee(dossier=dossier, unit=red_now, kind=PERSON, **by, **person)
    add_nominee(dossier=dossier, unit=lived.units["90101"], kind=COLLECTIVE, **by)
    said = [doubt.sentence for doubt in doubts_about(dossier)]
    assert len(said) == 2
    assert said[0].startswith(f"{red_now.name} chưa đủ điều kiện: ngày cuối không xanh")
    assert said[1].startswith(f"Trần Thị Bảy: đơn vị đề cử, {red_now.name}, chưa đủ điều kiện")


def test_departments_are_picked_into_the_provinces_dossier(lived):
    make_group(lived.campaign, "agency")
    department = make_unit(lived.province.area, "agency")
    lived.assess(17)
    lived.compute(17)
    province = make_dossier(lived.province.area, lived.phase)

    offered = picks_of(province)

    units = [each for group in offered.groups for each in group.left_out] + offered.offered
    assert [each.unit_id for each in units] == [department.pk]


def test_page_picks_and_says_what_is_wrong(lived, dossier):
    at_deadline(lived)
    client = Client()
    client.force_login(GrantFactory(role=Role.DISTRICT_STAFF, area=dossier.area).user)
    address = f"/dossiers/{dossier.pk}/shortlist/"

    assert "Xin đánh dấu ít nhất một đơn vị." in client.post(address).content.decode()
    assert client.post(address, {"unit": "999999"}).context["refusal"]
    answer = client.post(address, {"unit": [lived.units["90101"].pk]})
    assert answer.url == f"/dossiers/{dossier.pk}/#nominees"
    page = client.get(address).content.decode()
    assert page.count("đã có trong hồ sơ") == 1
    assert "Hạng 1" in page


def test_page_takes_as_many_questions_for_many_as_for_few(lived, dossier):
    at_deadline(lived)
    picks_of(dossier)
    with CaptureQueriesContext(connection) as few:
        picks_of(dossier)
    lived.report(17)
    make_group(lived.campaign, "agency")
    for _number in range(20):
        make_unit(dossier.area, "agency")
    lived.assess(17)
    lived.compute(17)

    with CaptureQueriesContext(connection) as many:
        picks_of(dossier)

    assert len(many) <= len(few)
