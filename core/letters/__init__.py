"""Papers as Decree 30/2020/NĐ-CP lays them out, as PDF and as Word. They know layout only, and no campaign.

A ``Letter`` holds what a paper says as plain values; ``print_letter`` sets it. Both printers take the same
values and the same geometry, and the same letter gives the same bytes. Text is data: none of it is ever
evaluated, and nothing is read or fetched because of it.
"""

from core.letters.letter import (
    Align,
    Appendix,
    Band,
    Bar,
    Block,
    Column,
    Facts,
    Figure,
    Issuer,
    Items,
    Letter,
    Paragraph,
    Seal,
    Series,
    Sign,
    Signature,
    Style,
    Table,
)
from core.letters.printing import MEDIA_TYPES, LetterFormat, print_letter

__all__ = [
    "MEDIA_TYPES",
    "Align",
    "Appendix",
    "Band",
    "Bar",
    "Block",
    "Column",
    "Facts",
    "Figure",
    "Issuer",
    "Items",
    "Letter",
    "LetterFormat",
    "Paragraph",
    "Seal",
    "Series",
    "Sign",
    "Signature",
    "Style",
    "Table",
    "print_letter",
]
