"""Passages: the paragraphs of a Word file in the order people read them, each with its place in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from lxml import etree

from core.word_templates.package import MAIN, Package, W

P, TABLE, ROW, CELL, RUN, TEXT = (f"{W}{name}" for name in ("p", "tbl", "tr", "tc", "r", "t"))
_BOX = f"{W}txbxContent"
#: What stands in a run beside letters. A tag goes over none of them but the hyphen of no letter.
_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph: ``pieces`` are its runs' contents, the elements of its text with what they say."""

    paragraph: etree._Element
    place: str
    pieces: tuple[tuple[etree._Element, str], ...]

    @property
    def text(self) -> str:
        return "".join(said for _element, said in self.pieces)

    @property
    def row(self) -> etree._Element | None:
        """The row of a table it stands in."""
        return next(self.paragraph.iterancestors(ROW), None)


def passages_of(package: Package) -> Iterator[Passage]:
    """Every paragraph of everything people see."""
    for story in package.stories:
        root = package.trees[story]
        counted = _Counter(_name_of(story))
        body = root.find(f"{W}body") if story == MAIN else root
        yield from counted.walk(root if body is None else body, counted.story)


def text_of(element: etree._Element) -> str:
    """All letters within, as a reader sees them one after the other."""
    return "".join(said for _piece, said in _pieces(element, element))


class _Counter:
    """Counts what people would count: paragraphs with words outside tables, tables, rows and cells."""

    def __init__(self, story: str) -> None:
        self.story, self.paragraphs, self.tables = story, 0, 0

    def walk(self, parent: etree._Element, place: str, *, inside: bool = False) -> Iterator[Passage]:
        for child in parent:
            if child.tag == P:
                yield from self._paragraph(child, place, inside)
            elif child.tag == TABLE:
                yield from self._table(child, place, inside)
            elif isinstance(child.tag, str):
                yield from self.walk(child, place, inside=inside)

    def _paragraph(self, paragraph: etree._Element, place: str, inside: bool) -> Iterator[Passage]:
        pieces = tuple(_pieces(paragraph, paragraph))
        if not inside:
            if any(said.strip() for _element, said in pieces):
                self.paragraphs += 1
            place = _joined(place, _("đoạn %(number)d") % {"number": max(self.paragraphs, 1)})
        yield Passage(paragraph, place, pieces)
        for box in paragraph.iter(_BOX):
            if next(box.iterancestors(P)) is paragraph:
                yield from self.walk(box, _joined(place, _("trong khung chữ")), inside=True)

    def _table(self, table: etree._Element, place: str, inside: bool) -> Iterator[Passage]:
        if not inside:
            self.tables += 1
            place = _joined(place, _("bảng %(number)d") % {"number": self.tables})
        for number, row in enumerate(_own(table, ROW), 1):
            at_row = _joined(place, _("hàng %(number)d") % {"number": number})
            for column, cell in enumerate(_own(row, CELL), 1):
                at_cell = _joined(at_row, _("cột %(number)d") % {"number": column})
                yield from self.walk(cell, at_cell, inside=True)


def _own(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table, or the cells of a row, also where something is wrapped around them."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml"):
            yield from _own(child, tag)


def _pieces(paragraph: etree._Element, within: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for run in within.iter(RUN):
        if within.tag == P and next(run.iterancestors(P)) is not paragraph:
            continue  # of a frame within: a passage of its own
        for child in run:
            if child.tag == TEXT:
                yield child, child.text or ""
            elif child.tag in _SIGNS:
                yield child, _SIGNS[child.tag]


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _name_of(story: str) -> str:
    if story.startswith("word/header"):
        return _("đầu trang")
    if story.startswith("word/footer"):
        return _("chân trang")
    return "" if story == MAIN else _("chú thích cuối trang")
