"""Four eyes: who is asked to confirm, who hears of the outcome, and nobody twice."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from core.access import Permission
from core.enums import Role
from core.inbox import notices_of
from core.models import Notice
from core.people import system_user
from riskmap.decisions import DecisionRefused, confirm_decision, decide_level, end_decision
from riskmap.declarations import FactRefused, confirm_fact, declare_fact, end_fact, refuse_fact
from riskmap.enums import FactKind, RiskLevel
from riskmap.second_person import others_who_may
from tests.factories import GrantFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate(AT)


@pytest.fixture
def province():
    return make_province()


@pytest.fixture
def health(province):
    return [GrantFactory(area=province.area, role=Role.HEALTH).user for _person in range(3)]


def declared(area, by, at=AT):
    return declare_fact(
        area=area, kind=FactKind.CROWDED_PLACE_SOURCE, since=day(3), document="1/BC", by=by, at=at
    )  # fmt: skip


def decided(area, by):
    return decide_level(
        area=area, level=RiskLevel.HIGH, since=TODAY, until=TODAY + timedelta(9), reason="đã khoanh vùng",
        document="2/QĐ", by=by, at=AT,
    )  # fmt: skip


def subjects(person) -> list[str]:
    return [notice.subject for notice in notices_of(person)]


def test_everybody_else_who_may_is_asked_and_nobody_from_elsewhere(province, health):
    elsewhere = GrantFactory(area=make_province("91", districts={}).area, role=Role.HEALTH).user
    clerk = GrantFactory(area=province.communes["90101"], role=Role.COMMUNE_STAFF).user
    former = GrantFactory(area=province.area, role=Role.HEALTH, valid_to=TODAY - timedelta(1)).user

    declared(province.communes["90101"], health[0])
    decided(province.communes["90102"], health[0])

    assert subjects(health[1]) == subjects(health[2]) == [
        "Chờ bạn xác nhận: mức “Nguy cơ cao” cho Xã 90102",
        "Chờ bạn xác nhận: nguồn lây ở nơi tập trung đông người, Xã 90101",
    ]  # fmt: skip
    assert [subjects(person) for person in (health[0], elsewhere, clerk, former)] == [[], [], [], []]
    others = others_who_may(
        Permission.DECIDE_LEVEL, area=province.communes["90102"], than=health[0].pk, on=TODAY
    )
    assert others == {health[1].pk, health[2].pk}


def test_outcome_is_told_to_those_it_concerns_but_not_to_who_brought_it_about(province, health):
    first, second, third = health
    fact = confirm_fact(fact=declared(province.communes["90101"], first), by=second, at=AT)
    decision = confirm_decision(decision=decided(province.communes["90101"], first), by=second, at=AT)
    before = {person: len(subjects(person)) for person in health}

    end_fact(fact=fact, on=day(9), by=first, at=AT)
    end_decision(decision=decision, on=TODAY, by=third, at=AT)

    told = {person: subjects(person)[: len(subjects(person)) - before[person]] for person in health}
    assert told[first] == ["Đã dừng sớm: mức “Nguy cơ cao” cho Xã 90101"]
    assert told[second] == [
        "Đã dừng sớm: mức “Nguy cơ cao” cho Xã 90101",
        "Đã kết thúc: nguồn lây ở nơi tập trung đông người, Xã 90101",
    ]
    assert told[third] == []


def test_what_was_refused_by_the_rules_tells_nobody(province, health):
    fact = declared(province.communes["90101"], health[0])
    decision = decided(province.communes["90101"], health[0])
    before = Notice.objects.count()

    with pytest.raises(FactRefused):
        confirm_fact(fact=fact, by=health[0], at=AT)
    with pytest.raises(FactRefused):
        declared(province.communes["90101"], health[1])
    with pytest.raises(DecisionRefused):
        confirm_decision(decision=decision, by=health[0], at=AT)

    assert Notice.objects.count() == before


def test_refusal_is_told_with_its_reason_as_a_sentence_of_its_own(province, health):
    refuse_fact(fact=declared(province.communes["90101"], health[0]), refusal="sai ngày", by=health[1], at=AT)

    assert "Lý do: sai ngày. Yếu tố không còn tác động" in notices_of(health[0]).first().body


def test_notice_is_vietnamese_whatever_language_the_page_is_in(province, health):
    with translation.override("en"):
        declared(province.communes["90101"], system_user())

    told = notices_of(health[0]).get()
    assert told.subject == "Chờ bạn xác nhận: nguồn lây ở nơi tập trung đông người, Xã 90101"
    assert "chưa định ngày kết thúc" in told.body
