"""Names that are alike, and those that only look so."""

import random
from time import perf_counter

import pytest

from campaign.near_names import ALIKE, Names, near_pairs, words_of


def score(one: str, other: str) -> float:
    return dict(Names([one]).like(other, least=0.0)).get(0, 0.0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UBND phường Phước Mỹ", "Ủy ban nhân dân P. Phước Mỹ"),
        ("Ủy ban MTTQ Việt Nam tỉnh Ninh Thuận", "UBMTTQ VN tỉnh Ninh Thuận"),
        ("Công ty TNHH Muối Cà Ná", "Cty trách nhiệm hữu hạn muối Cà Ná"),
        ("CTCP Điện mặt trời Thuận Nam", "Công ty Cổ phần Điện Mặt Trời Thuận Nam"),
        ("Trường THPT Nguyễn Trãi", "Trường Trung học phổ thông Nguyễn Trãi"),
        ("CA TP Phan Rang - Tháp Chàm", "Công an thành phố Phan Rang – Tháp Chàm"),
        ("BCH Quân sự H. Ninh Phước", "Ban Chỉ huy quân sự huyện Ninh Phước"),
        ("HTX Nho Thái An", "Hợp tác xã nho Thái An"),
        ("Nguyễn Trãi, Trường THCS", "Trường THCS Nguyễn Trãi"),
        ("Sở GD&ĐT", "Sở Giáo dục và Đào tạo"),
    ],
)
def test_the_same_name_written_otherwise_is_wholly_alike(one, other):
    assert score(one, other) == score(other, one) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Công ty TNHH Muối Cà Ná", "Công ty TNHH Muối Cà Náa"),
        ("Trường THCS Nguyễn Trãi", "Trường THCS Nguyễn Trải"),
        ("Công ty CP Xây dựng Ninh Thuận", "Công ty Xây dựng Ninh Thuận"),
        ("Trung tâm Y tế huyện Ninh Hải", "TTYT Ninh Hải"),
    ],
)
def test_a_slip_or_a_missing_word_is_alike(one, other):
    assert score(one, other) >= ALIKE
    assert score(one, other) == pytest.approx(score(other, one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Công ty TNHH Muối Cà Ná", "Công ty TNHH Nho Ba Mọi"),
        ("Trường Tiểu học số 1 Phước Dân", "Trường Tiểu học số 2 Phước Dân"),
        ("Hội Nông dân huyện Ninh Sơn", "Hội Phụ nữ huyện Bác Ái"),
        ("Công an phường Đông Hải", "Trạm Y tế phường Đông Hải"),
    ],
)
def test_another_unit_is_not_alike(one, other):
    assert score(one, other) < ALIKE


def test_abbreviations_stand_where_they_are_meant():
    assert words_of("TT Văn hóa") == ["trung", "tam", "van", "hoa"]
    assert words_of("UBND TT. Phước Dân")[-4:] == ["thi", "tran", "phuoc", "dan"]
    assert words_of("BCH Đoàn xã")[:3] == ["ban", "chap", "hanh"]
    assert words_of("Vitamin P") == ["vitamin", "p"]


def test_names_without_letters_are_like_nothing():
    assert Names(["…", ""]).like("!!!") == []
    assert Names([]).like("Công ty") == []


def test_the_nearest_comes_first_and_pairs_are_told_once():
    names = ["HTX Nho Thái An", "Sở Y tế", "Hợp tác xã Nho Thái An", "HTX Nho Thái Anh"]

    assert [place for place, _score in Names(names).like("HTX Nho Thái An")] == [0, 2, 3]
    assert [pair[:2] for pair in near_pairs(names)] == [(0, 2), (0, 3), (2, 3)]


def test_five_thousand_names_are_compared_with_each_other_in_seconds():
    draw = random.Random(4458)
    begins = "b c ch d g h k kh l m n ng nh ph qu r s t th tr v x".split()
    syllables = [begin + end for begin in begins for end in "an anh ong uong inh oi ieu uyet am ac".split()]
    firsts = ["Công ty TNHH", "Trường THCS", "UBND xã", "Hội Nông dân xã", "HTX"]
    names = [f"{draw.choice(firsts)} {' '.join(draw.sample(syllables, 3))}" for _ in range(5_000)]
    names[17] = names[4_000]

    began = perf_counter()
    pairs = near_pairs(names)

    assert perf_counter() - began < 15
    assert (17, 4_000, 1.0) in pairs
    assert len(pairs) < 20_000  # none was cut off
