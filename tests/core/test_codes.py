"""Codes: what people copy from paper is read, and the same facts have the same hash."""

import pytest

from core.codes import ALPHABET, CODE_LENGTH, code_in_name, derive_code, hash_of, read_code, written


def test_hash_is_of_what_is_said_and_not_of_its_order():
    assert hash_of({"a": 1, "b": "Ninh Thuận"}) == hash_of({"b": "Ninh Thuận", "a": 1})
    assert hash_of({"a": 1}) != hash_of({"a": 2})
    assert len(hash_of({})) == 64


def test_code_of_one_thing_is_none_of_another():
    code = derive_code("text", of="one")

    assert len(code) == CODE_LENGTH
    assert set(code) <= set(ALPHABET)
    assert code == derive_code("text", of="one")
    assert len({code, derive_code("text", of="another"), derive_code("texts", of="one")}) == 3


def test_code_is_printed_in_two_halves_and_read_back():
    code = derive_code("text", of="one")

    assert written("23456789AC") == "23456-789AC"
    assert read_code(written(code)) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("23456-789AC", "23456789AC"),
        (" 23456 789ac ", "23456789AC"),
        ("23456–789AC", "23456789AC"),
        ("B3456-7S9AC", "83456759AC"),
        ("23456-789A", None),
        ("23456-789A0", None),
        ("23456-789AĐ", None),
        ("'; drop table", None),
        ("", None),
    ],
)
def test_code_is_read_as_people_write_it(written, code):
    assert read_code(written) == code


def test_code_is_found_in_the_name_of_a_file():
    assert code_in_name("ban-do-58-2021-09-07-cong-bo-so-1-a4-23456-789AC (1).pdf") == "23456789AC"
    assert code_in_name("ban-do.pdf") is None
