"""Word files: a new one with our styles alone, what it says of itself, the same bytes for the same words."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from functools import cache

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE

from core.letters.word_styles import write_styles

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
    """The file with the time of its writing left out of every part."""
    written, out = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda each: (each != "[Content_Types].xml", each)):
            part = zipfile.ZipInfo(name, _FIRST_OF_ALL)
            part.compress_type, part.external_attr, part.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            target.writestr(part, source.read(name))
    return out.getvalue()
