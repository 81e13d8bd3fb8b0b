"""Printing: a letter in one of its two forms."""

from __future__ import annotations

from enum import StrEnum

from core.letters.letter import Letter
from core.letters.pdf import as_pdf
from core.letters.tidy import tidy
from core.letters.word import as_docx


class LetterFormat(StrEnum):
    """What a paper can be had as: to print, or to edit."""

    PDF = "pdf"
    DOCX = "docx"


MEDIA_TYPES = {
    LetterFormat.PDF: "application/pdf",
    LetterFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def print_letter(letter: Letter, letter_format: LetterFormat) -> bytes:
    """The bytes of the letter; the same letter gives the same bytes."""
    return {LetterFormat.PDF: as_pdf, LetterFormat.DOCX: as_docx}[letter_format](tidy(letter))
