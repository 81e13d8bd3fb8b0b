"""The refused rows of a batch as a CSV that Excel opens well and that can do no harm there."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from django.utils.translation import gettext as _

from riskmap.imports.faults import Refusal

BOM = "\ufeff"  # by it Excel knows that the letters are UTF-8
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")


def write_rejects(refusals: Iterable[Refusal], out: TextIO) -> None:
    """Write row, column, value, what is wrong and what to do; ``out`` is opened with ``newline=""``."""
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow([_("dòng"), _("cột"), _("giá trị"), _("lỗi"), _("cách sửa")])
    for refusal in refusals:
        cells = (refusal.column, refusal.value, refusal.message, refusal.hint)
        writer.writerow([refusal.row, *map(_harmless, cells)])


def _harmless(text: str) -> str:
    """An apostrophe before what a spreadsheet would take for a formula."""
    return "'" + text if text.startswith(_ACTIVE) else text
