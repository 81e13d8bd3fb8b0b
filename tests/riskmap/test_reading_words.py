"""Readings in words: every kind of condition says its input, its threshold and its result."""

import pytest

from riskmap.reading_words import in_words
from riskmap.rules.explain import State
from riskmap.rules.ruleset import load_rule_set
from riskmap.why import Finding

RULE_SET = load_rule_set("qd_2686_2021")


def words(criterion_id: str, *, value: int, threshold: int, of: int | None = None, state=State.MET):
    criterion = next(each for each in RULE_SET.criteria if each.id == criterion_id)
    finding = Finding(criterion, state, value, threshold, of, areas=(), declared=())
    return in_words(finding, window_days=14)


@pytest.mark.parametrize(
    ("criterion", "numbers", "found", "threshold"),
    [
        ("xa.do.1", {"value": 3, "threshold": 2}, "3 F0 chưa rõ nguồn lây trong 14 ngày", "từ 2 ca"),
        (
            "xa.vang.2",
            {"value": 1200, "threshold": 1},
            "1.200 F1 trong cộng đồng trong 14 ngày",
            "từ 1 người",
        ),
        ("xa.do.2", {"value": 1, "threshold": 1}, "có khai báo", "có khai báo"),
        ("xa.do.2", {"value": 0, "threshold": 1}, "không có khai báo", "có khai báo"),
        ("xa.cam.2", {"value": 2, "threshold": 1}, "2 nơi giáp ranh", "từ 1 nơi là vùng đỏ hoặc cao hơn"),
        (
            "huyen.do.1",
            {"value": 1, "threshold": 30, "of": 3},
            "1 trên 3 đơn vị, bằng 33,3%",
            "từ 30% là vùng đỏ hoặc cao hơn",
        ),
        (
            "huyen.do.1",
            {"value": 2998, "threshold": 30, "of": 10_000},
            "2.998 trên 10.000 đơn vị, bằng 29,9%",
            "từ 30% là vùng đỏ hoặc cao hơn",
        ),
        (
            "huyen.do.1",
            {"value": 0, "threshold": 30, "of": 0},
            "chưa có đơn vị trực thuộc",
            "từ 30% là vùng đỏ hoặc cao hơn",
        ),
        ("huyen.cam.3", {"value": 1, "threshold": 1}, "1 đơn vị", "từ 1 đơn vị là vùng đỏ hoặc cao hơn"),
        (
            "huyen.vang.1",
            {"value": 5, "threshold": 1, "of": 399_000},
            "5 F0 rõ nguồn lây trong 14 ngày, bằng 1,26 ca trên 100.000 dân",
            "trên 1 ca trên 100.000 dân",
        ),
        (
            "huyen.vang.1",
            {"value": 5, "threshold": 1, "of": None},
            "5 F0 rõ nguồn lây trong 14 ngày, chưa có số dân",
            "trên 1 ca trên 100.000 dân",
        ),
    ],
)
def test_reading_says_input_and_threshold(criterion, numbers, found, threshold):
    said = words(criterion, **numbers)

    assert (said.input, said.threshold) == (found, threshold)


@pytest.mark.parametrize(
    ("state", "result"),
    [
        (State.MET, "Đúng"),
        (State.NOT_MET, "Không"),
        (State.HELD, "Đang giữ mức"),
        (State.UNKNOWN, "Chưa rõ"),
    ],
)
def test_reading_says_its_result(state, result):
    assert words("xa.do.1", value=0, threshold=2, state=state).result == result


def test_reading_says_the_strength_of_its_evidence():
    strengths = {
        criterion.evidence: words(criterion.id, value=1, threshold=1, of=10).evidence
        for criterion in RULE_SET.criteria
    }

    assert strengths == {
        "verbatim": "nguyên văn",
        "secondary": "nguồn thứ cấp",
        "parameter": "tham số do tỉnh đặt, chưa có văn bản",
    }
