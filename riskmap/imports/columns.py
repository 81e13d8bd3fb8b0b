"""Columns: what the header of a file of counts may say, in any order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from django.utils.translation import gettext as _

from core.vietnamese import fold, normalise_name
from riskmap.imports.faults import UnusableFile
from riskmap.imports.sheets import Cell

#: Column of the file to column of the ledger.
COUNTS = {
    "cases": "unclassified",
    "unknown_source": "unknown_source",
    "known_source": "known_source",
    "isolated": "isolated",
    "close_contacts": "close_contacts",
    "tests": "tests",
    "suspected": "suspected",
}
KNOWN = ("code", "name", "date", *COUNTS)

#: The heads that the portal's own template and export write: part of the file, not of the interface.
TITLES = {
    "code": "Mã đơn vị",
    "name": "Tên đơn vị",
    "date": "Ngày",
    "cases": "F0 chưa phân loại",
    "unknown_source": "F0 chưa rõ nguồn lây",
    "known_source": "F0 rõ nguồn lây",
    "isolated": "F0 đã cách ly",
    "close_contacts": "F1 trong cộng đồng",
    "tests": "Người được xét nghiệm",
    "suspected": "Ca nghi ngờ",
}
_BY_TITLE = {title.casefold(): name for name, title in TITLES.items()}

# What people write instead: a hint for them, never taken as the column itself.
_OFTEN_WRITTEN = {
    "ma": "code", "ma xa": "code", "ma don vi": "code", "ward code": "code", "ngay": "date", "day": "date",
    "ten": "name", "ten xa": "name", "ten don vi": "name",
    "so ca": "cases", "f0": "cases", "so f0": "cases", "count": "cases", "new cases": "cases",
    "f1": "close_contacts", "xet nghiem": "tests", "so xet nghiem": "tests", "nghi ngo": "suspected",
} | {fold(title): name for name, title in TITLES.items()}  # fmt: skip


def read_header(header: Sequence[Cell]) -> dict[str, int]:
    """Place of each known column. A missing, repeated or unknown one raises ``UnusableFile``."""
    names = [_column_named(cell) for cell in header]
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
            raise UnusableFile(
                _("Dòng 1: cột “%(name)s” có hai lần; chỉ giữ một.") % {"name": str(header[place]).strip()}
            )
        columns[name] = place
    missing = [name for name in ("code", "date") if name not in columns]
    if not missing and not set(COUNTS) & set(columns):
        missing = ["cases"]
    if missing:
        raise UnusableFile(
            _("Dòng 1: thiếu cột %(missing)s. ") % {"missing": ", ".join(missing)} + _known_columns()
        )
    return columns


def headed(cell: Cell, name: str) -> str:
    """What a sheet calls the column ``name``, for telling people about its cells."""
    return name if str(cell).strip().casefold() == name else TITLES[name]


def _column_named(cell: Cell) -> str:
    """The column a head stands for: its name, or the template's title of it; else the head as written."""
    written = normalise_name(str(cell)).casefold()
    return _BY_TITLE.get(written, written)


def _known_columns() -> str:
    return _("Dòng đầu phải ghi tên cột như tệp mẫu, hoặc: code, date và ít nhất một trong %(counts)s.") % {
        "counts": ", ".join(COUNTS)
    }
