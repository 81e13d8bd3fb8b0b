import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vietnamese import closest, fold, normalise_name, sort_key

LETTERS = "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y".split()


def test_sort_key_follows_the_alphabet():
    assert sorted(reversed(LETTERS), key=sort_key) == LETTERS


@pytest.mark.parametrize("vowel", ["a à ả ã á ạ", "ê ề ể ễ ế ệ", "ơ ờ ở ỡ ớ ợ", "ư ừ ử ữ ứ ự", "y ỳ ỷ ỹ ý ỵ"])
def test_sort_key_puts_tones_in_their_order(vowel):
    tones = vowel.split()

    assert sorted(reversed(tones), key=sort_key) == tones


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("Phường 2", "Phường 10"),
        ("Phường 01", "Phường 2"),
        ("Phường 9", "Phường An Lạc"),
        ("An", "An Bình"),
        ("Ân", "Ba"),
        ("Xã Dương", "Xã Đương"),
        ("Hoa Mạ", "Hoà Mả"),  # letters are the same: the first word's tone decides
        ("má lan", "ma lăng"),  # letters before tones
    ],
)
def test_sort_key_orders(lower, higher):
    assert sort_key(lower) < sort_key(higher)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa Bình", "Hoà Bình"),
        ("Phường 01", "phường 1"),
        ("Phan Rang-Tháp Chàm", "Phan Rang - Tháp Chàm"),
        ("Phường  An Lạc", "Phường An Lạc"),
        ("Ea H'leo", "Ea H’leo"),
        ("Đắk Lắk", unicodedata.normalize("NFD", "Đắk Lắk")),
    ],
)
def test_spellings_of_one_name_are_alike(one, other):
    assert sort_key(one) == sort_key(other)
    assert fold(one) == fold(other)


def test_fold_drops_diacritics_punctuation_and_leading_zeros():
    assert fold("  Thị trấn  Đắk-Ơ, Khu phố 07 ") == "thi tran dak o khu pho 7"


def test_fold_keeps_a_zero():
    assert fold("Ấp 0") == "ap 0"


def test_normalise_name_composes_and_closes_spaces_and_keeps_the_spelling():
    assert normalise_name(unicodedata.normalize("NFD", " Phường  Hoà\u00a0Khánh ")) == "Phường Hoà Khánh"


def test_closest_finds_the_name_a_person_meant():
    names = {"22738": "Phường Đô Vinh", "22741": "Phường Phước Mỹ"}

    assert closest("phuong do vinhh", names) == "22738"


def test_closest_is_silent_when_nothing_is_near():
    assert closest("Hà Nội", {"22738": "Phường Đô Vinh"}) is None


@given(st.text(max_size=120))
def test_keys_of_any_text_are_plain_and_short(text):
    key, folded = sort_key(text), fold(text)

    assert key.isascii()
    assert "\x00" not in key + folded
    assert len(key) <= 600
    assert fold(folded) == folded
