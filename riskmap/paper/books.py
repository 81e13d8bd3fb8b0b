"""Workbooks that go out: cells that are never formulas, and the same content as the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from copy import copy
from datetime import UTC, date, datetime
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from riskmap.enums import RiskLevel
from riskmap.paper.inks import INKS

#: What makes a spreadsheet take a text for a formula (OWASP, CSV injection).
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HEAD = PatternFill("solid", fgColor="1B3A5C")
#: By workbook, the styles given so far: one is taken over, never worked out anew for each of its cells.
_STYLES: WeakKeyDictionary[Workbook, dict[tuple, StyleArray]] = WeakKeyDictionary()
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def set_widths(page: Worksheet, widths: Iterable[int]) -> None:
    for number, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width


def put(
    page: Worksheet, row: int, column: int, value: str | float | date | None, *, head: bool = False
) -> Cell:
    """Write a value: text stays text, days are dates, numbers have the decimals they are given with."""
    if isinstance(value, str):
        value = _NOT_IN_XML.sub("", value).replace("\r", "\n")  # as XML reads it, whoever writes it
    cell = page.cell(row, column, None if value == "" else value)
    is_text = isinstance(cell.value, str)
    quoted = is_text and value.startswith(STARTS_A_FORMULA)
    if is_text:
        cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    look = (_number_format(cell.value), quoted, isinstance(value, str) and not head, head)
    styles = _STYLES.setdefault(page.parent, {})
    if look not in styles:
        _give_style(cell, *look)
        styles[look] = copy(cell._style)
    cell._style = copy(styles[look])
    return cell


def _number_format(value: str | float | date | None) -> str:
    if isinstance(value, str):
        return "@"
    if isinstance(value, date):
        return "dd/mm/yyyy"
    if value is None:
        return "General"
    return "0.0" if isinstance(value, float) else "0"


def _give_style(cell: Cell, number_format: str, quoted: bool, wrapped: bool, head: bool) -> None:
    cell.number_format = number_format
    cell.quotePrefix = quoted
    cell.alignment = Alignment(vertical="top", wrap_text=wrapped)
    if head:
        cell.fill, cell.font = HEAD, Font(bold=True, color="FFFFFF")


def colour_cell(cell: Cell, level: RiskLevel) -> None:
    """Give a cell the colour of a level; its words must say the level as well."""
    ink = INKS[level]
    cell.fill = PatternFill("solid", fgColor=ink.fill[1:].upper())
    cell.font = Font(color=ink.on_fill[1:].upper())


def as_bytes(book: Workbook, *, moment: datetime) -> bytes:
    """The workbook as written at ``moment``: in the files of its archive, and in its properties."""
    out = io.BytesIO()
    book.save(out)
    moment = moment.astimezone(UTC)
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    dated = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as read, zipfile.ZipFile(dated, "w") as written:
        for name in read.namelist():
            content = read.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp.encode(), content)
            entry = zipfile.ZipInfo(name, date_time=moment.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(entry, content)
    return dated.getvalue()
