"""Every source's word of a day beside the one in force."""

import pytest

from riskmap.count_days import Counted, counts_of
from riskmap.enums import SourcePolicy
from riskmap.models import ProvincePolicy
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db

A = "90101"


@pytest.fixture
def province():
    return make_province()


def days(province, first, last):
    return counts_of(area=province.communes[A], first=day(first), last=day(last))


def test_day_nobody_reported_has_no_number_and_a_silent_day_has_zero(province):
    province.post({(A, 0): 3}, complete=(0, 1))

    reported, silent, missing = days(province, 0, 2)

    assert (reported.in_force, silent.in_force, missing.in_force) == (
        Counted(unknown_source=3), Counted(unclassified=0), None,
    )  # fmt: skip
    assert [(word.silent, word.in_force, word.entry_id) for word in silent.words] == [(True, True, None)]
    assert missing.words == ()


def test_losing_value_stays_visible(province):
    province.post({(A, 0): {"unclassified": 2}}, source="huyện", reason="huyện báo")
    province.post({(A, 0): {"unclassified": 5}}, source="CDC", reason="CDC báo")

    (counted,) = days(province, 0, 0)

    assert [
        (word.source, word.counted.cases, word.in_force, word.reason, word.said_at) for word in counted.words
    ] == [
        ("huyện", 2, False, "huyện báo", AT),
        ("CDC", 5, True, "CDC báo", AT),
    ]
    assert counted.in_force == Counted(unclassified=5)
    assert counted.disputed


def test_corrections_are_counted_and_the_last_word_is_shown(province):
    for number in (2, 5, 4):
        province.post({(A, 0): number})

    (counted,) = days(province, 0, 0)

    assert [(word.counted.cases, word.corrections) for word in counted.words] == [(4, 2)]
    assert not counted.disputed


def test_silent_zero_of_the_source_asked_first_is_in_force_by_priority(province):
    ProvincePolicy.objects.create(province=province.area, source_policy=SourcePolicy.PRIORITY)
    province.source("huyện")
    province.post({(A, 0): 5}, source="CDC")
    province.post(complete=(0, 0), source="huyện")

    (counted,) = days(province, 0, 0)

    assert [(word.source, word.silent, word.in_force) for word in counted.words] == [
        ("huyện", True, True),
        ("CDC", False, False),
    ]
    assert counted.in_force == Counted(unclassified=0)


def test_queries_do_not_grow_with_days(province, django_assert_num_queries):
    province.post({(A, n): 1 for n in range(40)}, complete=(0, 40))

    for last in (0, 40):
        with django_assert_num_queries(2):
            assert len(days(province, 0, last)) == last + 1
