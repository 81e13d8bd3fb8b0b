"""Blocks: loops and conditions, each opened and closed at the same place, in the order of reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _
from lxml import etree

from core.word_templates.faults import Fault
from core.word_templates.passages import Passage, text_of
from core.word_templates.tags import Scope, Tag, Word

DEEPEST = 4
_DRAWN = ("drawing", "pict", "tbl", "sectPr")


class _Open(NamedTuple):
    tag: Tag
    within: etree._Element
    place: str
    words: str
    halved: bool  # by an "else"


class Blocks:
    """What is open while a template is read from its beginning to its end."""

    def __init__(self) -> None:
        self._open: list[_Open] = []

    @property
    def rows(self) -> dict[str, str]:
        """The names that loops give to their rows here, with the lists they go through."""
        return {each.tag.row: each.tag.name for each in self._open if each.tag.word == Word.FOR}

    def take(self, tag: Tag, passage: Passage, words: str) -> str:
        """Take the next tag; why it cannot stand here, or nothing."""
        if tag.word == Word.WRITE:
            return ""
        if sentence := _why_not_here(tag, passage):
            return sentence
        within = _parent(tag, passage)
        if tag.word in (Word.FOR, Word.IF):
            return self._begin(_Open(tag, within, passage.place, words, halved=False))
        return self._go_on(tag, within)

    def left_open(self) -> Iterator[Fault]:
        """What was never closed."""
        for each in self._open:
            end = Tag(_END[each.tag.word], each.tag.scope).written
            yield Fault(each.place, each.words, _("Chưa có lệnh đóng %(end)s tương ứng.") % {"end": end})

    def _begin(self, block: _Open) -> str:
        message = ""
        if block.tag.word == Word.FOR and self.rows:
            message = _("Không lặp trong một vòng lặp khác.")
        elif len(self._open) >= DEEPEST:
            message = _("Quá nhiều lệnh lồng nhau; viết lại đơn giản hơn.")
        self._open.append(block)
        return message

    def _go_on(self, tag: Tag, within: etree._Element) -> str:
        last = self._open[-1] if self._open else None
        fits = last is not None and last.within is within and last.tag.scope == tag.scope
        if tag.word == Word.ELSE:
            if not fits or last.tag.word != Word.IF or last.halved:
                return _("Lệnh else không thuộc lệnh if nào ở đây.")
            self._open[-1] = last._replace(halved=True)
            return ""
        if not fits or _END[last.tag.word] != tag.word:
            return _(
                "Lệnh đóng này không khớp lệnh mở đứng trước: hai lệnh phải cùng loại, trong cùng một bảng, "
                "cùng một ô hoặc cùng một đoạn."
            )
        self._open.pop()
        return ""


_END = {Word.FOR: Word.END_FOR, Word.IF: Word.END_IF}


def _parent(tag: Tag, passage: Passage) -> etree._Element:
    """What holds everything from the beginning to the end of a block."""
    if tag.scope == Scope.WORDS:
        return passage.paragraph
    return (passage.row if tag.scope == Scope.ROWS else passage.paragraph).getparent()


def _why_not_here(tag: Tag, passage: Passage) -> str:
    if tag.scope == Scope.WORDS and tag.word in (Word.FOR, Word.END_FOR):
        return _(
            "Vòng lặp phải lặp hàng của bảng (%(rows)s) hoặc đoạn (%(paragraphs)s), "
            "không lặp chữ trong một đoạn."
        ) % {"rows": "{%tr for … %}", "paragraphs": "{%p for … %}"}
    if tag.scope == Scope.ROWS and passage.row is None:
        return _("Lệnh %(tag)s phải đứng trong một hàng của bảng.") % {"tag": "{%tr … %}"}
    if tag.scope == Scope.WORDS:
        return ""
    alone = passage.row if tag.scope == Scope.ROWS else passage.paragraph
    said = "".join(text_of(alone).split())
    if said.count("{%") != 1 or not said.startswith("{%") or not said.endswith("%}") or _holds_more(alone):
        if tag.scope == Scope.ROWS:
            return _("Lệnh %(tag)s phải đứng một mình trong một hàng riêng: hàng ấy không in ra.") % {
                "tag": "{%tr … %}"
            }
        return _("Lệnh %(tag)s phải đứng một mình trong một đoạn riêng: đoạn ấy không in ra.") % {
            "tag": "{%p … %}"
        }
    return ""


def _holds_more(element: etree._Element) -> bool:
    return any(etree.QName(each).localname in _DRAWN for each in element.iter(etree.Element))
