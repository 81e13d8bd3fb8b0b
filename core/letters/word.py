"""Word: the letter as .docx, ready to edit, with named styles. The same letter gives the same bytes."""

from __future__ import annotations

import io

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.parfmt import ParagraphFormat

from core.letters import geometry
from core.letters.figures import as_png
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
    Align,
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
from core.letters.word_file import new_document, same_bytes, write_properties
from core.letters.word_marks import (
    add_foot,
    add_page_number,
    fix_columns,
    keep_whole,
    make_head,
    merge_row,
    number_from_one,
    rule_below,
    write_borders,
)
from core.letters.word_styles import give_style

LABEL_SHARE = 0.34
_ALIGNED = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}


def as_docx(letter: Letter) -> bytes:
    """The tidied letter on A4."""
    document = new_document()
    section = document.sections[0]
    _lay_out(section, landscape=letter.landscape)
    add_page_number(section, kind="page_number")
    add_foot(section, letter.foot, kind="foot")
    _write_heading(document, letter)
    _write_blocks(document, letter.blocks, landscape=letter.landscape, signed=bool(letter.signatures))
    _write_signatures(document, letter)
    for title, appendix in zip(appendix_titles(letter), letter.appendices, strict=True):
        _write_appendix(document, title, appendix)
    code = letter.seal.code if letter.seal else ""
    author = " ".join(letter.issuer.name)
    write_properties(document, title=letter.title, author=author, code=code, moment=letter.moment)
    return same_bytes(document)


def _lay_out(section: Section, *, landscape: bool) -> None:
    wide, high = (geometry.LONG, geometry.SHORT) if landscape else (geometry.SHORT, geometry.LONG)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.top_margin, section.bottom_margin = Mm(geometry.TOP), Mm(geometry.BOTTOM)
    section.left_margin, section.right_margin = Mm(geometry.LEFT), Mm(geometry.RIGHT)
    section.header_distance = Mm(geometry.PAGE_NUMBER_FROM_TOP)
    section.footer_distance = Mm(geometry.FOOT_FROM_BOTTOM)
    section.different_first_page_header_footer = True


def _write_heading(document: WordDocument, letter: Letter) -> None:
    widths = columns_of_heading(landscape=letter.landscape)
    table = _plain_table(document, rows=1, widths=widths)
    _write_lines(table.cell(0, 0), issuer_lines(letter), width=widths[0])
    _write_lines(table.cell(0, 1), nation_lines(letter), width=widths[1])
    _room(document, 2 * geometry.BETWEEN)
    for line in title_lines(letter):
        _write_line(give_style(document.add_paragraph(), "title"), line)
        if line.rule:
            width = geometry.text_width(landscape=letter.landscape)
            rule_below(give_style(document.add_paragraph(), "rule"), length=line.rule, within=width)
    if len(letter.addressees) == 1:
        give_style(document.add_paragraph(f"Kính gửi: {letter.addressees[0]}"), "addressee")
    elif letter.addressees:
        give_style(document.add_paragraph("Kính gửi:"), "addressees")
        for name in letter.addressees:
            give_style(document.add_paragraph(f"- {name}"), "addressees")
    _room(document, geometry.BETWEEN)


def _write_lines(cell: _Cell, lines: list[Line], *, width: float) -> None:
    for place, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        give_style(paragraph, "heading")
        _write_line(paragraph, line)
        if line.rule:
            rule_below(give_style(cell.add_paragraph(), "rule"), length=line.rule, within=width)


def _write_line(paragraph: WordParagraph, line: Line) -> None:
    run = paragraph.add_run(line.text)
    run.font.size, run.bold, run.italic = Pt(line.points), line.bold, line.italic
    if line.above:
        paragraph.paragraph_format.space_before = Pt(line.above)


def _write_blocks(
    document: WordDocument, blocks: tuple[Block, ...], *, landscape: bool, signed: bool = False
) -> None:
    for place, block in enumerate(blocks):
        last = signed and place == len(blocks) - 1
        match block:
            case Paragraph():
                _write_paragraph(document, block, keep=last)
            case Items():
                for sign, item in block.signed:
                    give_style(document.add_paragraph(f"{sign} {item}"), Style.TEXT)
            case Facts():
                _write_facts(document, block, landscape=landscape)
            case Table():
                _write_table(document, block, landscape=landscape)
            case Figure():
                _write_figure(document, block, landscape=landscape)


def _write_paragraph(document: WordDocument, block: Paragraph, *, keep: bool) -> None:
    paragraph = give_style(document.add_paragraph(), block.style)
    if block.lead:
        paragraph.add_run(block.lead).bold = True
        paragraph.add_run(" ")
    paragraph.add_run(block.text.upper() if block.style == Style.PART else block.text)
    if keep:
        paragraph.paragraph_format.keep_with_next = True


def _write_facts(document: WordDocument, block: Facts, *, landscape: bool) -> None:
    width = geometry.text_width(landscape=landscape)
    widths = (LABEL_SHARE * width, (1 - LABEL_SHARE) * width)
    table = _plain_table(document, rows=len(block.rows), widths=widths)
    for cells, row in zip(_rows_of(table), block.rows, strict=True):
        for cell, text, style in zip(cells, row, ("label", "value"), strict=True):
            give_style(cell.paragraphs[0], style)
            cell.paragraphs[0].add_run(text)


def _write_table(document: WordDocument, block: Table, *, landscape: bool) -> None:
    widths = geometry.widths_of([column.width for column in block.columns], landscape=landscape)
    _room(document, geometry.BETWEEN)
    table = _plain_table(document, rows=1 + len(block.rows), widths=widths, borders=True)
    head, *rows = _rows_of(table)
    make_head(table.rows[0])
    for cell, column in zip(head, block.columns, strict=True):
        _write_cell(cell, column.title, style="head")
    for place, (cells, row) in enumerate(zip(rows, block.rows, strict=True), 1):
        if isinstance(row, Band):
            merge_row(cells)
            _write_cell(cells[0], row.text, style="band")
            continue
        keep_whole(table.rows[place])
        for cell, text, column in zip(cells, row, block.columns, strict=True):
            _write_cell(cell, text, style="cell", align=_ALIGNED[column.align])


def _write_figure(document: WordDocument, block: Figure, *, landscape: bool) -> None:
    """As a picture, with its words for who does not see it."""
    width = geometry.text_width(landscape=landscape)
    run = give_style(document.add_paragraph(), "figure").add_run()
    picture = run.add_picture(io.BytesIO(as_png(block, width=width)), width=Mm(width))
    picture._inline.docPr.set("descr", block.alt)


def _write_cell(cell: _Cell, text: str, *, style: str, align: WD_ALIGN_PARAGRAPH | None = None) -> None:
    paragraph = cell.paragraphs[0]
    give_style(paragraph, style)
    if align is not None:
        paragraph.alignment = align
    paragraph.add_run(text)


def _write_signatures(document: WordDocument, letter: Letter) -> None:
    """Of two who sign side by side the names stand level: they have a row of their own."""
    half = geometry.text_width(landscape=letter.landscape) / 2
    pairs = signature_rows(letter)
    for left, right in pairs:
        _room(document, 2 * geometry.BETWEEN).keep_with_next = True  # with the last words, and who signs
        table = _plain_table(document, rows=1 if left is None else 2, widths=(half, half))
        for row in table.rows:
            keep_whole(row)
        rows = _rows_of(table)
        if left is None:
            _write_recipients(rows[0][0], letter.recipients)
        for side, signature in enumerate((left, right)):
            if signature is not None:
                _write_capacity(rows[0][side], signature)
                _write_name(rows[-1][side], signature)
    if not pairs or pairs[-1][0] is not None:
        _room(document, 2 * geometry.BETWEEN)
        _write_recipients(document, letter.recipients)


def _write_capacity(cell: _Cell, signature: Signature) -> None:
    for line in signature.capacity:
        give_style(_next_line(cell), "signature").add_run(line)
    if signature.note:
        give_style(_next_line(cell), "signature_note").add_run(signature.note)


def _write_name(cell: _Cell, signature: Signature) -> None:
    name = give_style(_next_line(cell), "signature")
    name.add_run(signature.name)
    name.paragraph_format.space_before = Mm(geometry.ROOM_TO_SIGN)
    name.paragraph_format.keep_with_next = False


def _next_line(cell: _Cell) -> WordParagraph:
    """The first line of a cell, which is there from the beginning, or else a new one."""
    lines = cell.paragraphs
    return lines[0] if len(lines) == 1 and not lines[0].runs else cell.add_paragraph()


def _write_recipients(place: _Cell | WordDocument, recipients: tuple[str, ...]) -> None:
    if not recipients:
        return
    head = place.paragraphs[0] if isinstance(place, _Cell) else place.add_paragraph()
    give_style(head, "recipients_head")
    head.add_run(RECIPIENTS)
    for name in recipients:
        give_style(place.add_paragraph(name), "recipients")


def _write_appendix(document: WordDocument, number: str, appendix: Appendix) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _lay_out(section, landscape=appendix.landscape)
    number_from_one(section)
    give_style(document.add_paragraph(number), "title")
    give_style(document.add_paragraph(appendix.title.upper()), "title")
    if appendix.reference:
        give_style(document.add_paragraph(f"({appendix.reference})"), Style.CENTRED)
    _write_blocks(document, appendix.blocks, landscape=appendix.landscape)


def _plain_table(
    document: WordDocument, *, rows: int, widths: tuple[float, ...] | list[float], borders: bool = False
) -> WordTable:
    table = document.add_table(rows=rows, cols=len(widths))
    fix_columns(table, widths)
    write_borders(table, drawn=borders)
    return table


def _rows_of(table: WordTable) -> list[list[_Cell]]:
    """The cells row by row, gathered once: asking a table for each of them takes ever longer."""
    return [list(row.cells) for row in table.rows]


def _room(document: WordDocument, points: float) -> ParagraphFormat:
    """An empty line of so many points: two tables need something between them."""
    form = give_style(document.add_paragraph(), "rule").paragraph_format
    form.space_before = Pt(points)
    return form
