"""Marks: what python-docx has no word for, written into the document as WordprocessingML."""

from __future__ import annotations

from collections.abc import Sequence

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from core.letters import geometry
from core.letters.word_styles import give_style

SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
TWIPS_PER_MM = 1440 / 25.4


def _mark(name: str, **said: str | int) -> OxmlElement:
    element = OxmlElement(f"w:{name}")
    for attribute, value in said.items():
        element.set(qn(f"w:{attribute}"), str(value))
    return element


def fix_columns(table: Table, widths: Sequence[float]) -> None:
    """Columns of exactly these widths (mm), whatever stands in them, from edge to edge of the text."""
    table.autofit = False
    whole = table._tbl.tblPr.find(qn("w:tblW"))
    whole.set(qn("w:w"), str(round(sum(widths) * TWIPS_PER_MM)))
    whole.set(qn("w:type"), "dxa")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row._tr.tc_lst, widths, strict=True):
            cell.width = Mm(width)


def write_borders(table: Table, *, drawn: bool) -> None:
    """All lines of a table, with a little room in its cells; or neither lines nor room."""
    properties = table._tbl.tblPr
    borders = _mark("tblBorders")
    for side in SIDES:
        borders.append(_mark(side, val="single" if drawn else "nil", sz=4, space=0, color="000000"))
    across, down = geometry.CELL if drawn else (0, 0)
    margins = _mark("tblCellMar")
    for side, room in (("top", down), ("left", across), ("bottom", down), ("right", across)):
        margins.append(_mark(side, w=round(room * TWIPS_PER_MM), type="dxa"))
    layout = properties.find(qn("w:tblLayout"))
    for element in (_mark("tblInd", w=0, type="dxa"), borders):
        layout.addprevious(element)
    layout.addnext(margins)
    if drawn:
        for row in table.rows:
            for cell in row._tr.tc_lst:
                cell.get_or_add_tcPr().append(_mark("vAlign", val="center"))


def make_head(row: _Row) -> None:
    """A row that stands again at the top of each page."""
    keep_whole(row)
    row._tr.get_or_add_trPr().append(_mark("tblHeader"))


def keep_whole(row: _Row) -> None:
    """A row that no page break parts."""
    row._tr.get_or_add_trPr().append(_mark("cantSplit"))


def merge_row(cells: list[_Cell]) -> None:
    """One cell out of all cells of a row."""
    cells[0].merge(cells[-1])


def rule_below(paragraph: Paragraph, *, length: float, within: float) -> None:
    """A line of this length in the middle of the width (mm), in an empty paragraph."""
    aside = Mm(max(0, within - length) / 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = aside
    paragraph.paragraph_format.space_before = Pt(2)
    borders = _mark("pBdr")
    borders.append(_mark("top", val="single", sz=6, space=1, color="000000"))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def add_page_number(section: Section, *, kind: str) -> None:
    """The number in the middle of the top margin; the first page has a header of its own, which is empty."""
    paragraph = section.header.paragraphs[0]
    give_style(paragraph, kind)
    section.first_page_header.is_linked_to_previous = False
    for part in ("begin", " PAGE ", "separate", "1", "end"):
        run = paragraph.add_run()._r
        if part == " PAGE ":
            instruction = _mark("instrText")
            instruction.text = part
            run.append(instruction)
        elif part == "1":
            run.text = part
        else:
            run.append(_mark("fldChar", fldCharType=part))


def add_foot(section: Section, text: str, *, kind: str) -> None:
    """The same line at the foot of the first page and of all others; later sections take it over."""
    if text:
        for footer in (section.first_page_footer, section.footer):
            footer.is_linked_to_previous = False
            give_style(footer.paragraphs[0], kind).add_run(text)


def number_from_one(section: Section) -> None:
    """The pages of this section count for themselves."""
    section._sectPr.insert_element_before(_mark("pgNumType", start=1), "w:cols", "w:titlePg", "w:docGrid")
