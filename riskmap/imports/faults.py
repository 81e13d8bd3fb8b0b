"""Faults: what is wrong with a file or a cell, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import DomainError


class UnusableFile(DomainError):
    """The file as a whole cannot be taken: nothing of it is written."""

    code = "unusable_file"


class CellFault(Exception):
    """Why the cell at hand is refused. ``code`` is stable, the words are for a person."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken. ``row`` is its number in the sheet, the header being 1."""

    row: int
    column: str
    value: str
    code: str
    message: str
    hint: str
