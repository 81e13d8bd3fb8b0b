"""Tidy: what is no letter does not reach a printer, and nothing else is lost."""

import pytest

from core.letters import Band, Column, Paragraph, Style, Table
from core.letters.tidy import clean, paragraphs, tidy
from core.letters.wording import BLANK


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  hai   dấu\tcách\r\nvà dòng ", "hai dấu cách và dòng"),
        ("a\x00b\x07c\x1b[31md", "abc[31md"),
        ("a \x00 b", "a b"),
        ("Phu\u031bo\u031b\u0301c Ha\u0309i", "Phước Hải"),
        ("đảo\u202engược\u2066lại\u200b\ufeff", "đảongượclại"),
        ("nửa\ud800chữ", "nửachữ"),
        ("không\uffff có", "không có"),
        (f"số{BLANK}", f"số{BLANK}"),
        ("#read('x') {{ 7*7 }} <b>", "#read('x') {{ 7*7 }} <b>"),
    ],
)
def test_text_keeps_its_letters_only(text, cleaned):
    assert clean(text) == cleaned


def test_text_of_several_lines_is_as_many_paragraphs():
    assert paragraphs("Một.\r\n\r\n  Hai. \n\x00\n3") == ["Một.", "Hai.", "3"]
    assert paragraphs(" \n ") == []


def test_every_text_of_a_value_is_cleaned_and_its_kind_kept():
    table = Table((Column(" a\n", 1),), ((" b\x00 ",), Band("c\u202e")))

    assert tidy(table) == Table((Column("a", 1),), (("b",), Band("c")))
    assert tidy(Paragraph(" x ", Style.ACT, lead=" y")) == Paragraph("x", Style.ACT, lead="y")
    assert tidy((3, None, True, 1.5)) == (3, None, True, 1.5)
