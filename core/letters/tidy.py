"""Tidy: the words of a letter without what is not a letter, before any printer sees them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TypeVar

T = TypeVar("T")

#: No letters: controls, marks that turn the reading direction or join, halves of letters, nothing at all.
_NO_LETTERS = ("Cc", "Cf", "Cs", "Cn")
_SPACES = re.compile(r"[^\S\u00a0]+")


def tidy(value: T) -> T:
    """The same value with every text in it cleaned: composed letters, single spaces, nothing unseen.

    No-break spaces stay: they are the room left for a pen.
    """
    if isinstance(value, str) and not isinstance(value, Enum):
        return clean(value)
    if isinstance(value, tuple):
        return tuple(tidy(each) for each in value)
    if is_dataclass(value):
        return replace(value, **{field.name: tidy(getattr(value, field.name)) for field in fields(value)})
    return value


def clean(text: str) -> str:
    """One line of text as it is printed."""
    if text.isprintable() and "  " not in text and unicodedata.is_normalized("NFC", text):
        return text.strip(" ")  # nearly every line: nothing to take out, no space but the plain one
    seen = (c for c in text if c.isspace() or unicodedata.category(c) not in _NO_LETTERS)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", "".join(seen))).strip(" ")


def paragraphs(text: str) -> list[str]:
    """What people typed in several lines, line by line; empty ones are left out."""
    return [line for line in map(clean, text.splitlines()) if line]
