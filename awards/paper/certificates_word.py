"""Certificates as .docx, to be edited before they are printed on stock: the same words in the same places."""

from __future__ import annotations

from datetime import datetime

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.table import _Cell

from awards.paper.certificates import MEASURES, SCALES, Certificates, Sheet
from core.letters.word_file import new_document, same_bytes, write_properties
from core.letters.word_marks import fix_columns, merge_row, write_borders
from core.letters.word_styles import give_style

#: The heights of the words and of the foot with the signature; a little of the page is left for Word.
FOOT = 62
WORDS = MEASURES["height"] - MEASURES["top"] - MEASURES["bottom"] - FOOT - 2


def as_docx(certificates: Certificates, *, size: str, code: str, moment: datetime) -> bytes:
    """A page for each, lying on stock of the size."""
    document, scale = new_document(), SCALES[size]
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(scale * MEASURES["width"]), Mm(scale * MEASURES["height"])
    section.left_margin = section.right_margin = Mm(scale * MEASURES["aside"])
    section.top_margin, section.bottom_margin = Mm(scale * MEASURES["top"]), Mm(scale * MEASURES["bottom"])
    for place, sheet in enumerate(certificates.sheets):
        if place:  # two tables need something between them, and that begins the page
            give_style(document.add_paragraph(), "rule").paragraph_format.page_break_before = True
        _write_sheet(document, certificates, sheet, scale)
    give_style(document.add_paragraph(), "rule")
    write_properties(document, title=certificates.title, author=certificates.office, code=code, moment=moment)
    return same_bytes(document)


def _write_sheet(document: Document, certificates: Certificates, sheet: Sheet, scale: float) -> None:
    half = scale * (MEASURES["width"] - 2 * MEASURES["aside"]) / 2
    table = document.add_table(rows=2, cols=2)
    fix_columns(table, (half, half))
    write_borders(table, drawn=False)
    for row, height in zip(table.rows, (WORDS, FOOT), strict=True):
        row.height_rule, row.height = WD_ROW_HEIGHT_RULE.AT_LEAST, Mm(scale * height)
    merge_row(list(table.rows[0].cells))
    _write(
        table.cell(0, 0),
        scale,
        (certificates.office.upper(), MEASURES["office"], "bold"),
        ("TẶNG BẰNG KHEN", MEASURES["act"], ""),
        (sheet.name, sheet.points, "bold"),
        *([(sheet.place, MEASURES["place"], "")] if sheet.place else []),
        (sheet.deed, MEASURES["deed"], "italic"),
    )
    notes, signed = table.rows[1].cells
    notes.vertical_alignment = signed.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
    _write(notes, scale, *((line, MEASURES["note"], "") for line in sheet.notes), spaced=0)
    for line in notes.paragraphs:
        line.alignment = WD_ALIGN_PARAGRAPH.LEFT
    _write(
        signed,
        scale,
        (certificates.day, MEASURES["sign"], "italic"),
        *((line, MEASURES["sign"], "bold") for line in certificates.capacity),
        (certificates.signer, MEASURES["sign"], "bold"),
        spaced=2,
    )
    signed.paragraphs[-1].paragraph_format.space_before = Mm(scale * MEASURES["room_to_sign"])


def _write(cell: _Cell, scale: float, *lines: tuple[str, float, str], spaced: float = 8) -> None:
    for place, (text, points, face) in enumerate(lines):
        paragraph = give_style(cell.paragraphs[0] if place == 0 else cell.add_paragraph(), "heading")
        paragraph.paragraph_format.space_before = Pt(scale * spaced if place else 0)
        run = paragraph.add_run(text)
        run.font.size, run.bold, run.italic = Pt(scale * points), face == "bold", face == "italic"
