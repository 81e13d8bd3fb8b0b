"""PDF: the letter typeset, for the archive (PDF/A-2a, PDF/UA-1) and the same bytes for the same letter."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC
from pathlib import Path

from core.letters import geometry
from core.letters.figures import FIGURES, drawn
from core.letters.heading import (
    RECIPIENTS,
    Line,
    appendix_titles,
    columns_of_heading,
    issuer_lines,
    nation_lines,
    signature_rows,
    title_lines,
)
from core.letters.letter import (
    Appendix,
    Band,
    Block,
    Facts,
    Figure,
    Items,
    Letter,
    Paragraph,
    Signature,
    Style,
    Table,
)
from core.letters.typeface import FAMILY, breakable, printable
from core.letters.typesetting import typeset

TEMPLATE = Path(__file__).with_name("letter.typ")
LABEL_SHARE = 0.34  # of the width: the labels of facts
#: A row longer than this may go over to the next page; a shorter one stays whole.
LONG_CELL = 400
INSIDE = 2 * geometry.CELL[0]


def as_pdf(letter: Letter) -> bytes:
    """The tidied letter on A4."""
    return _compile(letter, "pdf", pdf_standards=["a-2a", "ua-1"])


def as_pictures(letter: Letter, *, ppi: int) -> list[bytes]:
    """The pages as PNG."""
    pages = _compile(letter, "png", ppi=ppi)
    return pages if isinstance(pages, list) else [pages]


def _compile(letter: Letter, form: str, **wanted):
    moment = letter.moment.astimezone(UTC).replace(microsecond=0)
    source = FIGURES.read_bytes() + TEMPLATE.read_bytes()
    return typeset(source, form, said={"letter": content_of(letter)}, timestamp=moment, **wanted)


def content_of(letter: Letter) -> dict:
    """What ``letter.typ`` sets, in plain values."""
    columns = columns_of_heading(landscape=letter.landscape)
    half = geometry.text_width(landscape=letter.landscape) / 2
    return {
        "title": printable(letter.title),
        "author": printable(" ".join(letter.issuer.name)),
        "code": letter.seal.code if letter.seal else "",
        "foot": _fit(letter.foot, geometry.text_width(landscape=False), geometry.FOOT),
        "font": FAMILY,
        "measures": {
            name.lower(): value
            for name, value in vars(geometry).items()
            if name.isupper() and isinstance(value, int | float)
        },
        "cell": geometry.CELL,
        "landscape": letter.landscape,
        "columns": columns,
        "issuer": _lines(issuer_lines(letter), width=columns[0]),
        "nation": _lines(nation_lines(letter), width=columns[1]),
        "heading": _lines(title_lines(letter), width=2 * half),
        "addressees": [_fit(name, 2 * half) for name in letter.addressees],
        "blocks": _blocks(letter.blocks, landscape=letter.landscape, under=int(bool(letter.kind))),
        "signatures": [[each and _signature(each, half) for each in row] for row in signature_rows(letter)],
        "recipients_head": RECIPIENTS,
        "recipients": [_fit(name, half, geometry.RECIPIENTS) for name in letter.recipients],
        "appendices": [
            _appendix(title, appendix)
            for title, appendix in zip(appendix_titles(letter), letter.appendices, strict=True)
        ],
    }


def _fit(text: str, width: float, points: float = geometry.TEXT, *, bold: bool = False) -> str:
    return breakable(printable(text), width=width, points=points, bold=bold)


def _lines(lines: list[Line], *, width: float) -> list[dict]:
    return [line.drawn_as() | {"text": _fit(line.text, width, line.points, bold=line.bold)} for line in lines]


def _signature(signature: Signature, width: float) -> dict:
    return {
        "capacity": [_fit(line, width, bold=True) for line in signature.capacity],
        "name": _fit(signature.name, width, bold=True),
        "note": _fit(signature.note, width),
    }


def _appendix(number: str, appendix: Appendix) -> dict:
    width = geometry.text_width(landscape=appendix.landscape)
    return {
        "number": number,
        "title": _fit(appendix.title.upper(), width, bold=True),
        "reference": _fit(appendix.reference, width),
        "landscape": appendix.landscape,
        "blocks": _blocks(appendix.blocks, landscape=appendix.landscape, under=1),
    }


def _blocks(blocks: tuple[Block, ...], *, landscape: bool, under: int) -> list[dict]:
    """``under``: below how many headings they stand. A part is one of the next level, a clause one more."""
    said, parts = [], 0
    for block in blocks:
        level = 0
        if isinstance(block, Paragraph) and block.style in (Style.PART, Style.CLAUSE):
            parts = 1 if block.style == Style.PART else parts
            level = under + (1 if block.style == Style.PART else 1 + parts)
        said.append({"level": level} | _block(block, landscape=landscape))
    return said


def _block(block: Block, *, landscape: bool) -> dict:
    width = geometry.text_width(landscape=landscape)
    match block:
        case Paragraph():
            return {"is": "paragraph"} | {
                name: _fit(text, width) if name != "style" else text for name, text in asdict(block).items()
            }
        case Items():
            rows = [(sign, _fit(item, width - geometry.INDENT)) for sign, item in block.signed]
            return {"is": "items", "rows": rows}
        case Facts():
            label = LABEL_SHARE * width
            rows = [(_fit(name, label), _fit(value, width - label)) for name, value in block.rows]
            return {"is": "facts", "rows": rows, "label": label}
        case Table():
            return _table(block, landscape=landscape)
        case Figure():
            return {"is": "figure"} | drawn(block, width=width)


def _table(table: Table, *, landscape: bool) -> dict:
    widths = geometry.widths_of([column.width for column in table.columns], landscape=landscape)
    cells = [
        {"band": _fit(row.text, sum(widths), geometry.TABLE)}
        if isinstance(row, Band)
        else {
            "cells": [
                _fit(cell, width - INSIDE, geometry.TABLE) for cell, width in zip(row, widths, strict=True)
            ],
            "whole": max(map(len, row)) <= LONG_CELL,
        }
        for row in table.rows
    ]
    return {
        "is": "table",
        "widths": widths,
        "heads": [
            _fit(column.title, width - INSIDE, geometry.TABLE, bold=True)
            for column, width in zip(table.columns, widths, strict=True)
        ],
        "aligns": [column.align for column in table.columns],
        "rows": cells,
    }
