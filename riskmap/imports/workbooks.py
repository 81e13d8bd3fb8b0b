"""Workbooks: XLSX, read without running anything in it and without believing what it says of its size."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element
from xml.parsers import expat

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from core.vietnamese import normalise_name
from riskmap.imports.faults import UnusableFile
from riskmap.imports.sheets import MAX_COLUMNS, MAX_ROWS, Sheet, too_many_rows

MAX_UNPACKED_BYTES = 200_000_000
MAX_CONTENTS_BYTES = 1_000_000  # of a part that is read whole, as a tree: many times its size in memory
GUIDE_TITLE = "Hướng dẫn"  # a sheet of this name is for people: the template has one
_MAX_MEMBERS = 1_000

_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def read_workbook(content: bytes) -> Sheet:
    """The one visible sheet with data of an XLSX, a guide apart. Values as they are stored; formulas are
    only pointed at.
    """
    try:
        members = _unpack(content)
        scans = {name: _scan(members[path]) for name, path in _visible_sheets(members)}
        filled = [name for name, scan in scans.items() if scan.last_row]
        if not filled:
            raise UnusableFile(_("Bảng tính trống. Dòng đầu phải ghi tên cột như tệp mẫu."))
        if len(filled) > 1:
            raise UnusableFile(
                _("Bảng tính có nhiều trang có dữ liệu (%(names)s). Chỉ giữ một trang trong mỗi tệp.")
                % {"names": ", ".join(filled)}
            )
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(_pack(members)))
        rows = workbook.get_sheet_by_name(filled[0]).to_python(skip_empty_area=False)
    except (
        CalamineError, DefusedXmlException, ParseError, expat.ExpatError, zipfile.BadZipFile, KeyError,
        NotImplementedError, RuntimeError, ValueError, EOFError, OSError, zlib.error,
    ) as error:  # fmt: skip
        raise UnusableFile(
            _("Không đọc được bảng tính: tệp hỏng hoặc có mật khẩu. Hãy mở bằng Excel rồi lưu lại .xlsx.")
        ) from error
    scan = scans[filled[0]]
    rows += [[]] * (scan.last_row - len(rows))  # a last row may hold nothing but a formula
    return Sheet(rows[0], rows[1:], scan.computed, scan.broken)


def _unpack(content: bytes) -> dict[str, bytes]:
    """The parts of the workbook. ``zipfile`` never gives more than a part's stated size; that is limited."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [
            part for part in archive.infolist()
            if part.filename.endswith((".xml", ".rels")) and not part.is_dir()
        ]  # fmt: skip
        if len(parts) > _MAX_MEMBERS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise _too_large()
        return {part.filename: archive.read(part) for part in parts}


def _too_large() -> UnusableFile:
    return UnusableFile(_("Bảng tính giải nén ra quá lớn. Hãy chép riêng phần số liệu sang tệp mới."))


def _pack(members: dict[str, bytes]) -> bytes:
    """The parts again, stored plainly: the reader below unpacks only what was measured here."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return packed.getvalue()


def _visible_sheets(members: dict[str, bytes]) -> list[tuple[str, str]]:
    """Name and part of each visible sheet, in the order of the tabs."""
    if "xl/workbook.xml" not in members:
        raise UnusableFile(_("Tệp nén không phải bảng tính .xlsx. Hãy mở bằng Excel rồi lưu lại .xlsx."))
    targets = {
        link.get("Id"): link.get("Target", "") for link in _tree_of(members["xl/_rels/workbook.xml.rels"])
    }
    return [
        (sheet.get("name", ""), _path_of(targets[sheet.get(_RELATIONSHIP)]))
        for sheet in _tree_of(members["xl/workbook.xml"]).iter()
        if sheet.tag.endswith("}sheet")
        and sheet.get("state", "visible") == "visible"
        and normalise_name(sheet.get("name", "")) != GUIDE_TITLE
    ]


def _tree_of(body: bytes) -> Element:
    if len(body) > MAX_CONTENTS_BYTES:
        raise _too_large()
    return fromstring(body)


def _path_of(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


@dataclass(slots=True)
class _Scan:
    """What a sheet's own XML says: how far its values reach, and which cells are not plain values."""

    last_row: int = 0
    computed: dict[tuple[int, int], str] = field(default_factory=dict)
    broken: set[tuple[int, int]] = field(default_factory=set)


def _scan(body: bytes) -> _Scan:
    """Read the XML of a sheet once, as a stream: a single far cell would make a dense table of billions."""
    scan = _Scan()
    row, column, kind = 0, -1, ""
    formula: list[str] | None = None

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, kind, formula
        match tag.rpartition(":")[2]:
            case "row":
                row, column = int(attributes.get("r", row + 1)), -1
            case "c":
                row, column = _place(attributes["r"]) if "r" in attributes else (row, column + 1)
                kind = attributes.get("t", "")
            case "f":
                formula = []
                reach()
            case "v" | "is":
                reach()
                if kind == "e":
                    scan.broken.add((row, column))

    def end(tag: str) -> None:
        nonlocal formula
        if formula is not None and tag.rpartition(":")[2] == "f":
            scan.computed[row, column] = "=" + "".join(formula)
            formula = None

    def text(data: str) -> None:
        if formula is not None:
            formula.append(data)

    def reach() -> None:
        scan.last_row = max(scan.last_row, row)
        if row > MAX_ROWS + 1:
            raise too_many_rows()
        if column >= MAX_COLUMNS:
            raise UnusableFile(_("Bảng tính có dữ liệu ở quá nhiều cột. Chỉ giữ các cột như tệp mẫu."))

    def doctype(*_declaration: object) -> None:
        raise UnusableFile(_("Bảng tính chứa khai báo DTD, không nhận."))

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, doctype
    parser.Parse(body, True)
    return scan


def _place(reference: str) -> tuple[int, int]:
    """Row from 1 and column from 0. What no spreadsheet would write is refused: the reader below would take
    it for a place of its own, far beyond what was measured here, and bring the whole process down.
    """
    place = _CELL.fullmatch(reference)
    if place is None:
        raise ValueError(reference)
    return int(place[2]), _column(place[1])


def _column(letters: str) -> int:
    """Place of a column from 0: A is 0, Z 25, AA 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1
