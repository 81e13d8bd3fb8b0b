"""The refused rows of a batch as files that a spreadsheet opens well and that can do no harm there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Protocol, TextIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

BOM = "\ufeff"  # by it Excel knows that the letters are UTF-8
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Refused(Protocol):
    """A refusal as it was found, or the row that keeps it."""

    row: int
    column: str
    value: str
    message: str
    hint: str


def write_rejects(refusals: Iterable[Refused], out: TextIO) -> None:
    """Write row, column, value, what is wrong and what to do; ``out`` is opened with ``newline=""``."""
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(_heads())
    for refusal in refusals:
        cells = (refusal.column, refusal.value, refusal.message, refusal.hint)
        writer.writerow([refusal.row, *map(_harmless, cells)])


def rejects_workbook(
    refusals: Iterable[Refused], *, changes: Sequence[Sequence[str | int | None]] = ()
) -> bytes:
    """An XLSX of the same, and of what the file would change, line by line under its heads, if anything."""
    book = Workbook(write_only=True)
    rows = ((r.row, r.column, r.value, r.message, r.hint) for r in refusals)
    _add_sheet(book, _("Dòng bị từ chối"), [_heads(), *rows], widths=(8, 22, 22, 60, 60))
    if changes:
        _add_sheet(book, _("Thay đổi"), changes, widths=(8, 32, 12, 60, 60))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _heads() -> list[str]:
    return [_("dòng"), _("cột"), _("giá trị"), _("lỗi"), _("cách sửa")]


def _add_sheet(
    book: Workbook, title: str, rows: Sequence[Sequence[str | int | None]], *, widths: Sequence[int]
) -> None:
    page = book.create_sheet(title)
    page.freeze_panes = "A2"
    for place, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(rows):
        cells = []
        for value in row:
            text = isinstance(value, str)
            cell = WriteOnlyCell(page, _NOT_IN_XML.sub("", _harmless(value)) if text else value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@" if text else "General"
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        page.append(cells)


def _harmless(text: str) -> str:
    """An apostrophe before what a spreadsheet would take for a formula."""
    return "'" + text if text.startswith(_ACTIVE) else text
