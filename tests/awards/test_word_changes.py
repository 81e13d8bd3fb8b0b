"""What changed between two texts: both are found again in what is said, and no text takes long."""

import random
import time
from itertools import pairwise

import pytest

from awards.word_changes import ADDED, DROPPED, SAME, word_changes


def _without(kind, pieces) -> str:
    return "".join(piece.text for piece in pieces if piece.kind != kind)


def test_words_and_signs_are_told_apart():
    pieces = word_changes(
        "Giữ vững vùng xanh 12 ngày, không có F0.", "Giữ vững vùng xanh 14 ngày; không có F0."
    )

    assert [tuple(piece) for piece in pieces] == [
        (SAME, "Giữ vững vùng xanh "), (DROPPED, "12"), (ADDED, "14"), (SAME, " ngày"), (DROPPED, ","),
        (ADDED, ";"), (SAME, " không có F0."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("early", "late", "kinds"),
    [("", "mới", [ADDED]), ("cũ", "", [DROPPED]), ("như cũ", "như cũ", [SAME]), ("", "", []),
     ("một\nhai\n", "một\nba\nhai\n", [SAME, ADDED, SAME])],
)  # fmt: skip
def test_ends_of_what_can_be(early, late, kinds):
    assert [piece.kind for piece in word_changes(early, late)] == kinds


def test_both_texts_are_found_again():
    seeded = random.Random(11)
    words = ["xanh", " vùng", "giữ", "\n", "  ", ",", ".", " Ba", "của ", " "]
    for _time in range(2000):
        early, late = ("".join(seeded.choices(words, k=seeded.randrange(30))) for _each in range(2))
        pieces = word_changes(early, late)
        assert _without(DROPPED, pieces) == late
        assert _without(ADDED, pieces) == early
        assert all(one.kind != other.kind for one, other in pairwise(pieces))


@pytest.mark.parametrize(
    "words", [["a "], ["a ", "b "], [f"{number} " for number in range(90)], ["a\n", "b\n"]]
)
def test_longest_texts_take_no_long_time(words):
    seeded = random.Random(3)
    early, late = ("".join(seeded.choices(words, k=7_000))[:20_000] for _each in range(2))
    began = time.perf_counter()

    word_changes(early, "b " + late)

    assert time.perf_counter() - began < 3
