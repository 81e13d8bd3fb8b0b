"""Tags: the few things a template may say, out of what docxtpl knows.

``{{ tên }}`` writes a text, ``{{ dòng.tên }}`` one of a row. ``{%tr for dòng in danh_sách %}`` …
``{%tr endfor %}`` repeats the rows of a table between them, ``{%p for … %}`` the paragraphs; ``if``,
``if not``, ``else`` and ``endif`` keep or leave out rows, paragraphs or, without a letter, words of one
paragraph. There is nothing else: no call, no sum, no index, no attribute, no constant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What a tag repeats or leaves out."""

    ROWS = "tr"
    PARAGRAPHS = "p"
    WORDS = ""


class Word(StrEnum):
    """What a tag does."""

    WRITE = "write"
    FOR = "for"
    IF = "if"
    ELSE = "else"
    END_FOR = "endfor"
    END_IF = "endif"


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag as it was read: ``name`` and ``field`` are what it speaks of, ``row`` is a loop's own name."""

    word: Word
    scope: Scope = Scope.WORDS
    name: str = ""
    field: str = ""
    row: str = ""
    negated: bool = False

    @property
    def written(self) -> str:
        """The tag as the engine gets it: one spelling of each."""
        names = f"{self.name}.{self.field}" if self.field else self.name
        if self.word == Word.WRITE:
            return f"{{{{ {names} }}}}"
        said = {
            Word.FOR: f"for {self.row} in {names}",
            Word.IF: f"if not {names}" if self.negated else f"if {names}",
        }.get(self.word, str(self.word))
        return f"{{%{self.scope} {said} %}}"


@dataclass(frozen=True, slots=True)
class Found:
    """What stands between braces in a text; ``tag`` is ``None`` where it is none of ours."""

    start: int
    end: int
    raw: str
    tag: Tag | None


LONGEST = 200  # signs between two braces
_BRACES = re.compile(r"\{\{[^{}\n\t]*\}\}|\{%[^{}\n\t]*%\}|[{}]+")
_NAME = r"[^\W\d]\w*"
_NAMES = rf"(?P<name>{_NAME})(?:\s*\.\s*(?P<field>{_NAME}))?"
_WRITE = re.compile(rf"\{{\{{\s*{_NAMES}\s*\}}\}}")
_SCOPE = r"\{%\s*(?:(?P<scope>tr|p)\s+)?"
_FOR = re.compile(rf"{_SCOPE}for\s+(?P<row>{_NAME})\s+in\s+(?P<name>{_NAME})\s*%\}}")
_IF = re.compile(rf"{_SCOPE}if\s+(?P<not>not\s+)?{_NAMES}\s*%\}}")
_OTHER = re.compile(rf"{_SCOPE}(?P<word>else|endfor|endif)\s*%\}}")


def find_tags(text: str) -> Iterator[Found]:
    """Everything in braces, in order; a brace that belongs to nothing as well."""
    for match in _BRACES.finditer(text):
        raw = match.group()
        yield Found(match.start(), match.end(), raw, read_tag(raw) if len(raw) <= LONGEST else None)


def read_tag(raw: str) -> Tag | None:
    """The tag, or ``None`` where it is none of ours. Letters are composed, however they were typed."""
    text = unicodedata.normalize("NFC", raw)
    if match := _WRITE.fullmatch(text):
        return Tag(Word.WRITE, name=match["name"], field=match["field"] or "")
    if match := _FOR.fullmatch(text):
        return Tag(Word.FOR, Scope(match["scope"] or ""), name=match["name"], row=match["row"])
    if match := _IF.fullmatch(text):
        said = {"name": match["name"], "field": match["field"] or "", "negated": bool(match["not"])}
        return Tag(Word.IF, Scope(match["scope"] or ""), **said)
    if match := _OTHER.fullmatch(text):
        return Tag(Word(match["word"]), Scope(match["scope"] or ""))
    return None
