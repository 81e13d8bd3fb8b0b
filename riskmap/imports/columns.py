"""Columns: what the header of a file of counts may say, in any order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from django.utils.translation import gettext as _

from core.vietnamese import fold
from riskmap.imports.faults import UnusableFile
from riskmap.imports.sheets import Cell

#: Column of the file to column of the ledger.
COUNTS = {
    "cases": "unclassified",
    "unknown_source": "unknown_source",
    "known_source": "known_source",
    "isolated": "isolated",
    "close_contacts": "close_contacts",
}
KNOWN = ("code", "date", *COUNTS)

# What people write instead: a hint for them, never taken as the column itself.
_OFTEN_WRITTEN = {
    "ma": "code", "ma xa": "code", "ma don vi": "code", "ward code": "code", "ngay": "date", "day": "date",
    "so ca": "cases", "f0": "cases", "so f0": "cases", "count": "cases", "new cases": "cases",
    "f1": "close_contacts",
}  # fmt: skip


def read_header(header: Sequence[Cell]) -> dict[str, int]:
    """Place of each known column. A missing, repeated or unknown one raises ``UnusableFile``."""
    names = [str(cell).strip().casefold() for cell in header]
    while names and not names[-1]:
        names.pop()
    if not any(name in KNOWN for name in names) and any(re.search(r"\d", name) for name in names):
        raise UnusableFile(_("Dòng 1 không phải dòng tiêu đề. ") + _known_columns())
    columns: dict[str, int] = {}
    for place, name in enumerate(names):
        if not name:
            raise UnusableFile(
                _("Dòng 1: cột thứ %(place)d không có tên. ") % {"place": place + 1} + _known_columns()
            )
        if name not in KNOWN:
            near = _OFTEN_WRITTEN.get(fold(name.replace("_", " "))) or next(
                iter(get_close_matches(name, KNOWN, n=1, cutoff=0.6)), None
            )
            raise UnusableFile(
                _("Dòng 1: không rõ cột “%(name)s”. ") % {"name": name[:60]}
                + (_("Có phải là “%(near)s”? ") % {"near": near} if near else _("Hãy xóa cột này. "))
                + _known_columns()
            )
        if name in columns:
            raise UnusableFile(_("Dòng 1: cột “%(name)s” có hai lần; chỉ giữ một.") % {"name": name})
        columns[name] = place
    missing = [name for name in ("code", "date") if name not in columns]
    if not missing and not set(COUNTS) & set(columns):
        missing = ["cases"]
    if missing:
        raise UnusableFile(
            _("Dòng 1: thiếu cột %(missing)s. ") % {"missing": ", ".join(missing)} + _known_columns()
        )
    return columns


def _known_columns() -> str:
    return _("Dòng đầu phải ghi tên cột: code, date và ít nhất một trong %(counts)s.") % {
        "counts": ", ".join(COUNTS)
    }
