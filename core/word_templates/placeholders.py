"""Placeholders: the names a template may speak of."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.letters.tidy import clean

#: Texts by name, and lists of rows, each of texts by name.
Context = Mapping[str, str | Sequence[Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One text that a paper has, or with ``fields`` a list of rows with one text of each of them.

    ``name`` is Vietnamese, in small letters, joined by underscores; written in capitals it gives its text in
    capitals. ``label`` says what it is, ``example`` stands in the trial that an office looks at.
    """

    name: str
    label: str
    example: str = ""
    fields: tuple[Placeholder, ...] = ()

    def __post_init__(self) -> None:
        if not is_name(self.name) or self.name != self.name.lower():
            raise ValueError(f"{self.name!r} is no name of a placeholder")

    @property
    def is_list(self) -> bool:
        return bool(self.fields)


def is_name(text: str) -> bool:
    """Whether a template engine can take ``text`` for one name."""
    return text.isidentifier() and unicodedata.normalize("NFC", text) == text and not text.startswith("_")


def plain(context: Context, placeholders: Sequence[Placeholder]) -> dict[str, Any]:
    """Copies of the texts, cleaned, under every name a template may use; a missing one is a ``KeyError``."""
    values: dict[str, Any] = {}
    for each in placeholders:
        said = context[each.name]
        values |= _rows(each, said) if each.is_list else _spelt(each.name, said)
    return values


def example_of(placeholders: Sequence[Placeholder]) -> Context:
    """What the trial of a template is filled with: the examples, one row of plain lists, two of tables."""
    return {
        each.name: [_example_row(each, number) for number in range(1, 2 + (len(each.fields) > 1))]
        if each.is_list
        else each.example
        for each in placeholders
    }


def _example_row(each: Placeholder, number: int) -> dict[str, str]:
    return {field.name: str(number) if field.name == "stt" else field.example for field in each.fields}


def _rows(each: Placeholder, said: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    rows = []
    for row in said:
        spelt: dict[str, str] = {}
        for field in each.fields:
            spelt |= _spelt(field.name, row[field.name])
        rows.append(spelt)
    return {each.name: rows}


def _spelt(name: str, said: str) -> dict[str, str]:
    text = clean(said)
    return {name: text, name.upper(): text.upper()}
