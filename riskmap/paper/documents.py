"""Documents: the sheet typeset as PDF (A4, A3), PNG and SVG. The same sheet gives the same bytes."""

from __future__ import annotations

import base64
import json
import re
import threading
from datetime import UTC
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from xml.sax.saxutils import escape

import typst
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import DomainError
from riskmap.enums import FileFormat
from riskmap.paper.contents import LONG, SHORT, Seal, content_of
from riskmap.paper.sheets import Sheet

HERE = Path(__file__).parent
PNG_PIXELS = 2000  # across an A4; an A3 has as many to the millimetre
SECONDS_TO_WAIT = 30
_NESTED = re.compile(
    r'<image transform="translate\(([-\d. ]+)\)" xlink:href="data:image/svg\+xml;base64,([^"]+)"'
    r' width="([\d.]+)" height="([\d.]+)"[^>]*/>'
)
# Typesetting takes all of a processor: one at a time in each process.
_one_at_a_time = threading.Lock()


class CannotDraw(DomainError):
    """There is nothing to draw the map with, or too much is being drawn."""

    code = "cannot_draw"


def typeset(sheet: Sheet, *, file_format: FileFormat, page_size: str, seal: Seal) -> bytes:
    """The map of the sheet; a PDF (PDF/A-2a, PDF/UA-1) has the list of areas on the pages behind it.

    Raises ``CannotDraw`` for a province without boundaries, and where drawing is too far behind.
    """
    if sheet.boundaries is None:
        raise CannotDraw(_("Chưa nạp ranh giới của tỉnh này nên chưa vẽ được bản đồ."), code="no_boundaries")
    if not _one_at_a_time.acquire(timeout=SECONDS_TO_WAIT):
        raise CannotDraw(_("Đang vẽ nhiều bản đồ, xin thử lại sau ít phút."), code="busy")
    try:
        with translation.override("vi"):
            listed = file_format == FileFormat.PDF
            content = content_of(sheet, page_size=page_size, seal=seal, with_list=listed)
        return _compile(content, sheet=sheet, file_format=file_format)
    finally:
        _one_at_a_time.release()


@cache
def _fonts() -> typst.Fonts:
    """Roboto and nothing else: what a machine has installed changes no letter."""
    with as_file(files("font_roboto") / "files") as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def _compile(content: dict, *, sheet: Sheet, file_format: FileFormat) -> bytes:
    compiler = typst.Compiler(
        (HERE / "sheet.typ").read_bytes(), root=str(HERE), font_paths=_fonts(), ignore_system_fonts=True
    )
    result = compiler.compile(
        format=str(file_format),
        sys_inputs={"sheet": json.dumps(content, ensure_ascii=False)},
        timestamp=sheet.moment.astimezone(UTC).replace(microsecond=0),
        pdf_standards=["a-2a", "ua-1"] if file_format == FileFormat.PDF else [],
        ppi=PNG_PIXELS / (LONG if content["landscape"] else SHORT) * 25.4,
    )
    return _self_contained(result, content) if file_format == FileFormat.SVG else result


def _self_contained(svg: bytes, content: dict) -> bytes:
    """Pictures inside the picture become part of it, and it says what it is to those who cannot see it."""
    count = 0

    def inline(found: re.Match) -> str:
        nonlocal count
        count += 1
        x, _space, y = found[1].partition(" ")
        inner = base64.b64decode(found[2]).decode().replace("hatch", f"hatch-{count}")
        inner = re.sub(r'^(<svg [^>]*?) width="[^"]*" height="[^"]*"', r"\1", inner)
        return inner.replace("<svg ", f'<svg x="{x}" y="{y or 0}" width="{found[3]}" height="{found[4]}" ', 1)

    text = _NESTED.sub(inline, svg.decode())
    said = "\n".join(
        [content["headline"], content["standing"], f"Mã xác minh: {content['code']}", content["fingerprint"]]
    )
    head = f"<title>{escape(content['title'])}</title><desc>{escape(said)}</desc>"
    return re.sub(r"(<svg [^>]*>)", lambda found: found[1] + head, text, count=1).encode()
