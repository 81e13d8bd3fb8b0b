"""Sheets: a file of counts, whatever its kind, as rows of cells; limits are kept before anything is read."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from django.utils.translation import gettext as _

from riskmap.imports.faults import UnusableFile

MAX_BYTES = 20_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 30

Cell = str | float | bool | date | datetime | time | timedelta

_TEXT_BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "Excel cũ (.xls) hoặc có mật khẩu",
    b"%PDF": "PDF",
    b"\x1f\x8b": "gzip",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"\x89PNG": "ảnh PNG",
    b"\xff\xd8\xff": "ảnh JPEG",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header and the rows below it; row ``n`` of the sheet is ``rows[n - 2]``.

    ``computed`` and ``broken`` name cells (row, place of the column from 0) that hold a formula, with its
    text, or an error value, which reads as nothing.
    """

    header: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    computed: dict[tuple[int, int], str] = field(default_factory=dict)
    broken: set[tuple[int, int]] = field(default_factory=set)


def read_content(file: BinaryIO) -> bytes:
    """The bytes of the file; one that is too large is refused without reading the rest."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnusableFile(
            _("Tệp lớn hơn %(limit)d MB. Hãy chia thành nhiều tệp theo tháng rồi nhập lần lượt.")
            % {"limit": MAX_BYTES // 1_000_000}
        )
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        raise UnusableFile(_("Tệp trống. Dòng đầu phải ghi tên cột như tệp mẫu."))
    return content


def read_csv(content: bytes) -> Sheet:
    """A CSV in UTF-8, separated by commas, semicolons or tabs, as its header shows."""
    text = _decode(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > MAX_ROWS + 1:
                raise too_many_rows()
    except csv.Error as error:
        raise UnusableFile(
            _("Tệp không phải CSV đúng quy cách (dòng %(row)d): có thể thừa hoặc thiếu dấu nháy kép.")
            % {"row": reader.line_num}
        ) from error
    return Sheet(rows[0], rows[1:])


def too_many_rows() -> UnusableFile:
    return UnusableFile(
        _("Tệp có hơn %(limit)s dòng. Hãy chia thành nhiều tệp rồi nhập lần lượt.")
        % {"limit": f"{MAX_ROWS:,}".replace(",", ".")}
    )


def refuse_foreign(content: bytes) -> None:
    """Refuse what is neither text nor a workbook, by its first bytes: a name proves nothing."""
    for magic, kind in _FOREIGN.items():
        if content.startswith(magic):
            raise UnusableFile(
                _("Tệp là %(kind)s, không phải CSV hay XLSX. Hãy mở bằng bảng tính rồi lưu lại thành .xlsx.")
                % {"kind": kind}
            )
    beginning = content[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if beginning.startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        raise UnusableFile(
            _("Tệp là trang web hoặc XML mang tên bảng tính. Hãy mở bằng bảng tính rồi lưu lại thành .xlsx.")
        )


def _decode(content: bytes) -> str:
    for bom, encoding in _TEXT_BOMS.items():
        if content.startswith(bom):
            raise _another_encoding(_("Tệp mã hóa %(encoding)s.") % {"encoding": encoding})
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise _another_encoding(_("Tệp không phải mã hóa UTF-8 (dòng %(row)d).") % {"row": row}) from error
    if "\x00" in text:
        raise UnusableFile(_("Tệp không phải là văn bản. Chỉ nhận CSV (UTF-8) và XLSX."))
    return text


def _another_encoding(what: str) -> UnusableFile:
    return UnusableFile(what + " " + _("Trong Excel chọn Lưu thành “CSV UTF-8” hoặc .xlsx rồi nhập lại."))
