"""Word files: a new one with our styles alone, what it says of itself, the same bytes for the same words."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from functools import cache

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.pkgwriter import PackageWriter

from core.letters.word_styles import write_styles

_PACKED = 3  # of 9: a quarter larger than by the usual 6, in two thirds of the time
_FIRST_OF_ALL = (1980, 1, 1, 0, 0, 0)  # the time of every part of the file


def new_document() -> WordDocument:
    """An empty document of nothing but our styles."""
    return Document(io.BytesIO(_blank()))


@cache
def _blank() -> bytes:
    """Made once, since that takes longer than to write a page."""
    document, out = Document(), io.BytesIO()
    write_styles(document)
    document.save(out)
    return out.getvalue()


def write_properties(document: WordDocument, *, title: str, author: str, code: str, moment: datetime) -> None:
    """What the file says of itself: nothing of the program or the machine that wrote it."""
    said, moment = document.core_properties, moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    said.title, said.author, said.keywords = title[:255], author[:255], code
    said.comments, said.last_modified_by, said.revision = "", "", 1
    said.language = "vi-VN"
    said.created = said.modified = moment
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:  # of an empty page
            package.rels.pop(key)


def same_bytes(document: WordDocument) -> bytes:
    """The file with the time of its writing left out of every part.

    Written as python-docx writes it, but once: its own way out would be packed to be unpacked again.
    """
    parts, package = _Parts(), document.part.package
    for part in package.parts:
        part.before_marshal()
    PackageWriter._write_content_types_stream(parts, package.parts)
    PackageWriter._write_pkg_rels(parts, package.rels)
    PackageWriter._write_parts(parts, package.parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(parts.blobs, key=lambda each: (each != "[Content_Types].xml", each)):
            part = zipfile.ZipInfo(name, _FIRST_OF_ALL)
            part.compress_type, part.external_attr, part.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            target.writestr(part, parts.blobs[name], compresslevel=_PACKED)
    return out.getvalue()


class _Parts:
    """Takes the parts of a package as ``PackageWriter`` hands them out."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}

    def write(self, uri: PackURI, blob: bytes) -> None:
        self.blobs[uri.membername] = blob
