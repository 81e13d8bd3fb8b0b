"""Cell history: what a source said of a day and what it changed later, a silent zero included."""

from datetime import timedelta

import pytest

from core.people import system_user
from riskmap.cell_history import entries_of
from riskmap.count_days import Counted
from riskmap.counts import CountRow, post_counts, withdraw_batch
from riskmap.models import ImportBatch
from riskmap.reading_words import numbers_said
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


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


def test_word_that_was_taken_back_is_told_and_the_next_is_a_first_one():
    province = make_province()
    source, commune = province.source(), province.communes["90101"]
    batch = ImportBatch.objects.create(
        province=province.area, source_name=source.name, file_name="x.csv", file_sha256="0" * 64, content=b"",
        created_at=AT, created_by=system_user(), status="committed", committed_at=AT,
        committed_by=system_user(),
    )  # fmt: skip
    row = CountRow(commune.pk, day(1), unknown_source=2)
    post_counts(source=source, rows=[row], reason="nhập tệp", by=system_user(), at=AT, batch=batch)
    withdraw_batch(batch=batch, reason="nhầm tệp", by=system_user(), at=AT + HOUR)
    province.post({("90101", 1): 3}, at=AT + 2 * HOUR)

    assert history(commune, 1) == [
        ("90101", day(1), False, ["F0 chưa rõ nguồn lây: 3"]),
        ("90101", day(1), True, ["rút lại, không còn số nào"]),
        ("90101", day(1), False, ["F0 chưa rõ nguồn lây: 2"]),
    ]


def test_tests_and_suspected_are_told_as_the_other_numbers():
    province = make_province()
    province.post({("90101", 1): {"unknown_source": 2, "tests": 40, "suspected": 1}})
    province.post({("90101", 1): {"unknown_source": 2, "tests": 45, "suspected": 0}}, reason="cộng lại")

    assert history(province.communes["90101"]) == [
        ("90101", day(1), True, ["người được xét nghiệm: 40 → 45", "ca nghi ngờ: 1 → 0"])
    ]
