"""The rules of scoring, case by case: the tables of ``cases/``, which a clerk can read."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from campaign.scoring.order import ORDER, TIE, rank_units, read_scoring
from campaign.scoring.unit import UnitFacts, unit_facts
from campaign.standing_words import describe, describe_rank, describe_registration
from tests.campaign.letters import LETTERS, facts_from

CASES = Path(__file__).parent / "cases"

CLASSES = (
    "chưa có số liệu lúc đầu",
    "xanh lúc đầu",
    "từ vùng vàng",
    "từ vùng cam",
    "từ vùng đỏ",
    "giữ vững vùng xanh",
)
TARGETS = ("không có", "chưa đến hạn", "đang đạt", "đạt", "đạt muộn", "không đạt")

#: The words of the tables, and what they are called in the code.
WORDS = {
    "lop": "unit_class",
    "luc_dau": "level_at_start",
    "hien_tai": "level_at_end",
    "thap_nhat": "lowest_level",
    "thap_nhat_tu": "lowest_since",
    "giam_bac": "steps_lowered",
    "do_cuoi_cung": "last_very_high",
    "xanh_tu": "green_since",
    "ngay_tu_dau_den_xanh": "days_to_green",
    "ngay_tu_do_den_xanh": "days_from_very_high",
    "so_ngay_xanh": "days_green",
    "xanh_dai_nhat": "longest_green",
    "xanh_den_nay": "green_run",
    "lan_tang_muc": "climbs",
    "lan_tai_phat": "relapses",
    "ngay_tam_tinh": "provisional_days",
    "ngay_khong_so_lieu": "days_without_level",
    "f0": "cases",
    "f0_tren_100k": "cases_per_100k",
    "dang_ky": "registered_on",
    "dang_ky_muon": "registered_late",
    "muc_tieu": "target_state",
    "muc_tieu_tu": "target_since",
}


def table(file: str, name: str) -> list:
    cases = tomllib.loads((CASES / f"{file}.toml").read_text())[name]
    return [pytest.param(case, id=case["ten"]) for case in cases]


def in_words(unit: UnitFacts, word: str) -> object:
    value = getattr(unit, WORDS[word])
    if value is None:
        return "không"
    if word in ("luc_dau", "hien_tai", "thap_nhat"):
        return LETTERS[value]
    return {"lop": CLASSES, "muc_tieu": TARGETS}[word][value] if word in ("lop", "muc_tieu") else value


def assert_says(unit: UnitFacts, expected: dict) -> None:
    assert {word: in_words(unit, word) for word in expected} == expected


@pytest.mark.parametrize("case", table("don_vi", "ca"))
def test_unit_has_the_facts_the_table_says(case):
    first_day = case["ngay_dau"]

    unit = unit_facts(facts_from([case["ngay"]], [case], first_day=first_day), 0, first_day=first_day)

    expected = dict(case["ket_qua"])
    said = {"loi": describe, "loi_dang_ky": describe_registration}
    for word in [word for word in said if word in expected]:
        assert said[word](unit) == expected.pop(word)
    assert_says(unit, expected)


@pytest.mark.parametrize("case", table("dinh_chinh", "ca"))
def test_correction_after_the_fact_is_read_both_ways(case):
    first_day = case["ngay_dau"]

    lines = [case["da_cong_bo"], case["biet_hien_nay"]]
    facts = facts_from(lines, [case, case], first_day=first_day)

    assert_says(unit_facts(facts, 0, first_day=first_day), case["theo_cong_bo"])
    assert_says(unit_facts(facts, 1, first_day=first_day), case["theo_hien_nay"])


@pytest.mark.parametrize("board", table("xep_hang", "bang"))
def test_units_have_the_ranks_the_table_says(board):
    units, first_day = board["don_vi"], board["ngay_dau"]
    facts = facts_from([unit["ngay"] for unit in units], units, first_day=first_day)
    roles = {"thu_tu": ORDER, "khi_bang_nhau": TIE}
    scoring = read_scoring([(fact, role) for said, role in roles.items() for fact in board[said]])
    competing = np.array([unit.get("du_thi", True) for unit in units])

    ranking = rank_units(facts, scoring, competing=competing)

    assert {
        unit["ten"]: pair
        for unit, pair in zip(units, zip(ranking.rank, ranking.sharing, strict=True), strict=True)
    } == {unit["ten"]: (unit["hang"], unit["cung_hang"]) for unit in units}
    each = [unit_facts(facts, row, first_day=first_day) for row in range(len(units))]
    for row, unit in enumerate(units):
        if "loi" in unit:
            after, by = ranking.after[row], ranking.decided_by[row]
            said = describe_rank(
                each[row],
                rank=int(ranking.rank[row]),
                sharing=int(ranking.sharing[row]),
                above=None if after < 0 else each[after],
                by=None if by < 0 else scoring.facts[by],
            )
            assert said == unit["loi"]
