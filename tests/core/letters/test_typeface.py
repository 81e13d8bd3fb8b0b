"""Typeface: the letters that papers are set in know Vietnamese, and how wide it runs."""

import unicodedata

import pytest

from core.letters.typeface import _WIDEST, FACES, NOT_THERE, _advances, breakable, printable, width_mm

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


def test_all_letters_of_vietnamese_are_there():
    small = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES]
    everything = "".join(small) + "bcdđghklmnpqrstvx0123456789 .,;:!?-–()/“”‘’%&+…\u00a0" + NOT_THERE

    assert len(small) == 72
    assert all(len(letter) == 1 for letter in small)
    assert printable(everything + everything.upper()) == everything + everything.upper()


@pytest.mark.parametrize("text", ["中", "ا", "😀", "\ue000"])
def test_letter_that_is_not_there_is_a_box(text):
    assert printable(f"a{text}b") == f"a{NOT_THERE}b"


def test_letters_are_as_wide_as_those_of_times_new_roman():
    widths = {"a": 909, "Q": 1479, "W": 1933, "0": 1024, " ": 512, "ộ": 1024, "Ủ": 1479, "đ": 1024}

    assert {c: round(_advances("Regular")[ord(c)] * 2048) for c in widths} == widths
    assert width_mm("W" * 10, points=12) == pytest.approx(10 * 1933 / 2048 * 12 * 25.4 / 72)
    assert width_mm("Vùng xanh", points=14, bold=True) > width_mm("Vùng xanh", points=14)


def test_only_a_word_wider_than_its_room_may_break_anywhere():
    assert breakable("Phường Phước Mỹ", width=20, points=14) == "Phường Phước Mỹ"
    assert breakable("x" * 5 + " " + "y" * 20, width=20, points=14) == "xxxxx " + "\u200b".join("y" * 20)


def test_no_letter_is_wider_than_words_are_reckoned_by():
    assert max(max(_advances(face).values()) for face in FACES) <= _WIDEST
