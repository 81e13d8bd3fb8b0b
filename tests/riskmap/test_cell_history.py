"""Cell history: what a source said of a day and what it changed later, a silent zero included."""

import pytest

from riskmap.cell_history import entries_of
from riskmap.count_days import Counted
from riskmap.reading_words import numbers_said
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db


def history(area, number=9):
    return [
        (entry.area_code, entry.day, entry.corrects, numbers_said(entry))
        for entry in entries_of(area=area, first=day(0), last=day(9), day=day(number))
    ]


def test_correction_names_the_number_before_and_after():
    province = make_province()
    province.post({("90101", 1): {"unknown_source": 2, "close_contacts": 5}})
    province.post({("90101", 1): {"known_source": 2, "close_contacts": 5}}, reason="đã rõ nguồn")

    assert history(province.communes["90101"]) == [
        ("90101", day(1), True, ["F0 chưa rõ nguồn lây: 2 → 0", "F0 rõ nguồn lây: 0 → 2"])
    ]
    (entry,) = entries_of(area=province.communes["90101"], first=day(0), last=day(9), day=day(9))
    assert (entry.reason, entry.source, entry.recorded_at) == ("đã rõ nguồn", "huyện", AT)
    assert entry.before == Counted(unknown_source=2, close_contacts=5)


def test_first_word_is_told_of_the_wanted_day_alone():
    province = make_province()
    province.post({("90101", 1): 2, ("90101", 2): 0})

    assert history(province.communes["90101"], 1) == [("90101", day(1), False, ["F0 chưa rõ nguồn lây: 2"])]
    assert history(province.communes["90101"], 2) == [("90101", day(2), False, ["không có ca"])]
    assert history(province.communes["90101"], 3) == []


def test_number_after_a_silent_zero_is_a_correction():
    province = make_province()
    province.post({}, complete=(0, 3))
    province.post({("90101", 1): 2, ("90101", 2): 0}, reason="bổ sung")

    assert history(province.communes["90101"]) == [
        ("90101", day(2), False, ["không đổi"]),
        ("90101", day(1), True, ["F0 chưa rõ nguồn lây: 0 → 2"]),
    ]


def test_completeness_of_the_same_posting_or_of_another_source_is_no_earlier_word():
    province = make_province()
    province.post({}, complete=(0, 3), source="CDC")
    province.post({("90101", 1): 2}, complete=(0, 3))

    assert history(province.communes["90101"]) == []


def test_district_has_the_histories_of_its_communes_and_no_others():
    province = make_province(districts={"901": ["90101", "90102"], "9010": ["90199"]})
    for count in (1, 2):
        province.post({(code, 1): count for code in province.communes})

    assert [code for code, *_ in history(province.districts["901"])] == ["90101", "90102"]
