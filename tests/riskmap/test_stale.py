"""Stale marks reach as far as a level can, and no farther."""

from itertools import pairwise

import pytest

from riskmap.bell import ring
from riskmap.models import StaleMark
from riskmap.stale import mark_provinces_stale, mark_stale
from tests.factories import CommuneFactory, ProvinceFactory
from tests.riskmap.province import day, join, make_province

pytestmark = pytest.mark.django_db


def marks():
    return dict(StaleMark.objects.values_list("province__code", "since"))


def chain(*codes):
    """Provinces of two communes, ``XX1 – XX2``, each bordering the next: 901 – 902 | 911 – 912 | …"""
    made = [make_province(code, districts={f"{code}0": [f"{code}1", f"{code}2"]}) for code in codes]
    for province, code in zip(made, codes, strict=True):
        join(province, province, [(f"{code}1", f"{code}2")])
    for left, right in pairwise(made):
        join(left, right, [(f"{left.area.code}2", f"{right.area.code}1")])
    return made


def test_province_alone_is_marked_alone():
    province = make_province("90")
    make_province("91", districts={"911": ["91101"]})

    mark_stale(province=province.area, since=day(3), cause="thử")

    assert StaleMark.objects.get().cause == "thử"
    assert marks() == {"90": day(3)}


def test_neighbour_within_two_borders_is_marked_and_a_farther_one_is_not():
    first, *_ = chain("90", "91", "92")

    mark_stale(province=first.area, since=day(3), cause="thử")

    assert marks() == {"90": day(3), "91": day(3)}


def test_province_two_borders_away_across_a_narrow_one_is_marked():
    left = make_province("90", districts={"901": ["90101"]})
    narrow = make_province("91", districts={"911": ["91101"]})
    right = make_province("92", districts={"921": ["92101"]})
    beyond = make_province("93", districts={"931": ["93101"]})
    join(left, narrow, [("90101", "91101")])
    join(narrow, right, [("91101", "92101")])
    join(right, beyond, [("92101", "93101")])

    mark_stale(province=left.area, since=day(0), cause="thử")

    assert marks() == {"90": day(0), "91": day(0), "92": day(0)}


def test_communes_that_hang_from_the_province_itself_are_followed_too():
    old = make_province("90", districts={"901": ["90101"]})
    new = ProvinceFactory(code="95", valid_from=day(0).replace(year=2025))
    commune = CommuneFactory(code="95101", parent=new, valid_from=day(0).replace(year=2025))
    old.communes["95101"] = commune
    join(old, old, [("90101", "95101")])

    mark_stale(province=new, since=day(0), cause="thử")

    assert marks() == {"90": day(0), "95": day(0)}


def test_many_provinces_get_one_mark_each_from_their_earliest_day():
    first, _second, third = chain("90", "91", "92")

    mark_provinces_stale(since_by_province={first.area.pk: day(5), third.area.pk: day(2)}, cause="thử")

    assert marks() == {"90": day(5), "91": day(2), "92": day(2)}
    assert StaleMark.objects.count() == 3


def test_nation_stale_from_one_day_gets_one_mark_each():
    made = chain("90", "91", "92")

    mark_provinces_stale(since_by_province={each.area.pk: day(1) for each in made}, cause="thử")

    assert marks() == {"90": day(1), "91": day(1), "92": day(1)}
    assert StaleMark.objects.count() == 3


def test_marks_of_a_transaction_ring_after_its_commit(django_capture_on_commit_callbacks):
    province = make_province("90")

    with django_capture_on_commit_callbacks() as callbacks:
        mark_stale(province=province.area, since=day(3), cause="thử")

    assert callbacks == [ring]


def test_nothing_stale_writes_nothing_and_does_not_ring(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        mark_provinces_stale(since_by_province={}, cause="thử")

    assert callbacks == []
    assert not StaleMark.objects.exists()
