"""Files: a sheet in one of its forms, under its code. What the pages hand out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import openpyxl
import typst

from core.codes import VERIFY_PATH
from riskmap.enums import FileFormat
from riskmap.issued import code_of, record_issued
from riskmap.models import IssuedFile
from riskmap.paper.contents import Seal
from riskmap.paper.documents import typeset
from riskmap.paper.recent import Recent
from riskmap.paper.sheets import Sheet
from riskmap.paper.tables import as_csv, as_xlsx

MEDIA_TYPES = {
    FileFormat.PDF: "application/pdf",
    FileFormat.SVG: "image/svg+xml",
    FileFormat.PNG: "image/png",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.CSV: "text/csv; charset=utf-8",
}
_recent = Recent(most_bytes=32 * 2**20)


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A sheet in one form; ``page_size`` is empty for tables. Nothing is drawn until ``make``.

    ``portal`` is the portal's address without a slash at the end, which stands on every paper.
    """

    sheet: Sheet
    file_format: FileFormat
    page_size: str
    portal: str
    evidence: str
    code: str

    @property
    def written_code(self) -> str:
        return f"{self.code[:5]}-{self.code[5:]}"

    @property
    def name(self) -> str:
        """The name to save it under, in ASCII: what it is, of where and when, and its code."""
        sheet = self.sheet
        kind = "ban-do" if self.page_size else "muc-do"
        standing = f"cong-bo-so-{sheet.edition.number}" if sheet.edition else "theo-so-lieu-hien-nay"
        size = f"-{self.page_size}" if self.page_size else ""
        return (
            f"{kind}-{sheet.province.code}-{sheet.day}-{sheet.layer}-{standing}{size}"
            f"-{self.written_code}.{self.file_format}"
        )

    @property
    def key(self) -> str:
        """Differs whenever the bytes may: by evidence, by address and by the program that draws."""
        return hashlib.sha256(f"{self.code} {self.portal} {_program()}".encode()).hexdigest()[:32]

    def make(self, *, at: datetime) -> bytes:
        """The bytes, written down in the ledger of issued files when they are new to it."""
        return _recent.get_or_make(self.key, lambda: self._issue(at))

    def _issue(self, at: datetime) -> bytes:
        body = self._draw()
        line = IssuedFile(
            code=self.code,
            evidence=self.evidence,
            province=self.sheet.province,
            day=self.sheet.day,
            layer=self.sheet.layer,
            view=self.sheet.view,
            edition=self.sheet.edition,
            known_at=self.sheet.known_at,
            file_format=self.file_format,
            page_size=self.page_size,
            totals=self.sheet.totals,
            simulated=self.sheet.simulated,
        )
        record_issued(file=line, body=body, at=at)
        return body

    def _draw(self) -> bytes:
        verify_at = f"{self.portal}{VERIFY_PATH}"
        if self.file_format == FileFormat.CSV:
            return as_csv(self.sheet, code=self.written_code)
        if self.file_format == FileFormat.XLSX:
            return as_xlsx(self.sheet, code=self.written_code, verify_at=verify_at)
        seal = Seal(self.written_code, verify_at.split("://")[-1], f"{verify_at}?code={self.written_code}")
        return typeset(self.sheet, file_format=self.file_format, page_size=self.page_size, seal=seal)


def file_of(sheet: Sheet, *, file_format: FileFormat, page_size: str, portal: str) -> SheetFile:
    """The file of a sheet in one form, with its code."""
    evidence = sheet.evidence(file_format, page_size)
    return SheetFile(sheet, file_format, page_size, portal.rstrip("/"), evidence, code_of(evidence))


@cache
def _program() -> str:
    """What draws: our own source, the typesetter and the writer of workbooks."""
    sources = sorted(path for path in Path(__file__).parent.iterdir() if path.suffix in (".py", ".typ"))
    drawn_by = b"".join(path.read_bytes() for path in sources)
    return f"{hashlib.sha256(drawn_by).hexdigest()} {typst.__version__} {openpyxl.__version__}"
