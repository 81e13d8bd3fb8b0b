"""Files that people hand in: kept under a random address, shown to whom they concern, dropped when unused."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime
from typing import NamedTuple

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef
from django.db.models.fields.reverse_related import ForeignObjectRel

from core.audit import acting
from core.enums import FileKind
from core.file_contents import DOCX, JPEG, LARGEST, PDF, FileRefused, draw_photo, read_document, too_large
from core.models import Area, StoredFile, User

__all__ = [
    "FileRefused",
    "is_attached",
    "keep_document",
    "keep_photo",
    "prune_files",
    "publish_file",
    "withhold_file",
]

_EXTENSIONS = {PDF: "pdf", DOCX: "docx", JPEG: "jpg"}
_KNOWN_ENDING = re.compile(r"\.(pdf|docx?|jpe?g|png|webp|hei[cf])$", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]+')
_LONGEST_STEM = 150
PRUNED_AT_ONCE = 50


class _Content(NamedTuple):
    kind: FileKind
    content: bytes
    content_type: str
    width: int | None = None
    height: int | None = None


def keep_document(
    *, upload: UploadedFile, area: Area, by: User, at: datetime, public: bool = False
) -> StoredFile:
    """Keep a paper: PDF or DOCX as it came, a scan as JPEG or PNG drawn anew. Raises ``FileRefused``."""
    content, content_type = read_document(_bytes_of(upload))
    return _keep(upload, _Content(FileKind.DOCUMENT, content, content_type), area, by, at, public)


def keep_photo(
    *, upload: UploadedFile, area: Area, by: User, at: datetime, public: bool = False
) -> StoredFile:
    """Keep a photo, drawn anew: upright, small, without anything but its pixels. Raises ``FileRefused``."""
    drawn = draw_photo(_bytes_of(upload))
    content = _Content(FileKind.PHOTO, drawn.content, JPEG, drawn.width, drawn.height)
    return _keep(upload, content, area, by, at, public)


def publish_file(file: StoredFile) -> None:
    """From now on everybody may read the file. Belongs into the ``acting`` of who decided it."""
    _show(file, to_everybody=True)


def withhold_file(file: StoredFile) -> None:
    """From now on the file is read by those again who see the working data of its area."""
    _show(file, to_everybody=False)


def is_attached(file: StoredFile) -> bool:
    """Whether anything points to the file."""
    return not _unattached().filter(pk=file.pk).exists()


def prune_files(*, by: User, before: datetime) -> int:
    """Delete the files handed in before an instant that nothing points to: how many.

    They are those of forms that were never finished, and of photos that were replaced. A file that somebody
    attaches at this moment is left alone.
    """
    pruned = 0
    while True:
        with acting(by=by, reason="Xóa tệp không dùng đến"):
            old = _unattached().filter(uploaded_at__lt=before).select_for_update(skip_locked=True)
            loose = list(old.order_by("pk").values_list("pk", flat=True)[:PRUNED_AT_ONCE])
            StoredFile.objects.filter(pk__in=loose).only("pk").delete()
        pruned += len(loose)
        if len(loose) < PRUNED_AT_ONCE:
            return pruned


def clean_name(name: str, content_type: str) -> str:
    """What a file is called here: no path, nothing that is not seen or turns the writing, its true ending."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in name)
    stem = _KNOWN_ENDING.sub("", " ".join(visible.split()))
    stem = _NOT_IN_NAMES.sub("-", stem).strip(" .-")[:_LONGEST_STEM].rstrip(" .")
    return f"{stem or 'tep'}.{_EXTENSIONS[content_type]}"


def _bytes_of(upload: UploadedFile) -> bytes:
    if upload.size > LARGEST:
        raise too_large()  # unread
    upload.seek(0)
    return upload.read()


def _keep(
    upload: UploadedFile, said: _Content, area: Area, by: User, at: datetime, public: bool
) -> StoredFile:
    with acting(by=by, reason="Nhận tệp"):
        return StoredFile.objects.create(
            **said._asdict(),
            token=secrets.token_hex(16),
            area=area,
            name=clean_name(upload.name or "", said.content_type),
            size=len(said.content),
            sha256=hashlib.sha256(said.content).hexdigest(),
            is_public=public,
            uploaded_at=at,
            uploaded_by=by,
        )


def _show(file: StoredFile, *, to_everybody: bool) -> None:
    StoredFile.objects.filter(pk=file.pk).update(is_public=to_everybody)
    file.is_public = to_everybody


def _unattached():
    """The files that no row of any table points to, found through the models' own relations.

    The hidden ones too: what points to a file seldom wants a name for the way back.
    """
    loose = StoredFile.objects.all()
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and not relation.many_to_many:
            pointing = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            loose = loose.exclude(Exists(pointing))
    return loose
