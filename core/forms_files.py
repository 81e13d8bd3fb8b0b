"""Fields for files: what was handed in and is good stays, however often the rest of the form is corrected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from core.enums import FileKind
from core.errors import DomainError
from core.files import is_attached, keep_document, keep_photo
from core.models import Area, StoredFile, User

SALT = "core.kept_file"
#: Shorter than a file that nothing points to is kept, so that what a form still holds is still there.
KEPT_FOR = timedelta(hours=20)


class Handed(NamedTuple):
    """What a form brings for one file: a new one, the token of one brought before, or the wish for none."""

    upload: UploadedFile | None
    kept: str
    removed: bool


class KeptFileInput(forms.FileInput):
    """The choice of a file under what is there already; ``value`` is that ``StoredFile``."""

    def value_from_datadict(self, data, files, name) -> Handed:
        removed = bool(data.get(f"{name}-remove"))
        return Handed(files.get(name), data.get(f"{name}-kept", ""), removed)

    def value_omitted_from_data(self, data, files, name) -> bool:
        return name not in files and not data.keys() & {f"{name}-kept", f"{name}-remove"}

    def format_value(self, value):
        return value if isinstance(value, StoredFile) else None

    def render(self, name, value, attrs=None, renderer=None) -> str:
        file = self.format_value(value)
        attributes = self.build_attrs(self.attrs, attrs)
        if file is not None:
            attributes.pop("required", None)
        context = {
            "file": file,
            "attributes": flatatt(attributes | {"type": "file", "name": name}),
            "name": name,
            "kept": self.token_of(file) if file is not None else "",
            "may_remove": not self.is_required,
        }
        return render_to_string("components/file_input.html", context)

    def token_of(self, file: StoredFile) -> str:
        """Set by the field: the signed name of a file that nothing points to yet, else empty."""
        return ""


class StoredFileField(forms.FileField):
    """One file. Its cleaned value is a ``StoredFile``, kept from the first time it was good, or ``None``.

    A form says ``field.bind(area=…, by=…, at=…)`` before it is validated. ``initial`` is the file that the
    row points to already.
    """

    widget = KeptFileInput
    kind: FileKind
    keep: Callable[..., StoredFile]
    default_error_messages = {
        "required": _("Xin chọn tệp."),
        "lost": _("Tệp đã gửi trước đây không còn giữ; xin chọn lại tệp."),
        "no_area": _("Chưa biết tệp của đơn vị nào: xin chọn đơn vị, rồi chọn lại tệp."),
    }
    area: Area | None = None
    held: StoredFile | None = None
    dropped = False

    def bind(self, *, area: Area | None, by: User, at: datetime) -> None:
        """Say whose business the file is and who hands it in; ``area`` is ``None`` while nobody knows."""
        self.area, self.by, self.at = area, by, at
        self.widget.token_of = self._token_of

    def clean(self, data: Handed, initial: StoredFile | None = None) -> StoredFile | None:
        file = self._file_of(data, initial)
        self.held, self.dropped = file, file is None
        if file is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return file

    def bound_data(self, data: Handed, initial: StoredFile | None) -> StoredFile | None:
        return None if self.dropped else self.held or initial

    def has_changed(self, initial: StoredFile | None, data: Handed) -> bool:
        return bool(data.upload or data.kept or data.removed)

    def _file_of(self, data: Handed, initial: StoredFile | None) -> StoredFile | None:
        kept = self._kept(data.kept, initial)
        # What the form held before is held again when the new one is not taken.
        self.held = None if data.removed else kept
        if data.upload is not None:
            return self._keep(data.upload)
        if data.removed:
            return None
        if data.kept and kept is None:
            raise ValidationError(self.error_messages["lost"], code="lost")
        return kept or initial

    def _keep(self, upload: UploadedFile) -> StoredFile:
        if self.area is None:
            raise ValidationError(self.error_messages["no_area"], code="no_area")
        try:
            return type(self).keep(upload=upload, area=self.area, by=self.by, at=self.at)
        except DomainError as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal

    def _kept(self, token: str, initial: StoredFile | None) -> StoredFile | None:
        """The file a token of this form names: one's own, of this area, and of nothing else yet.

        While nobody knows the area, as of a unit that was misspelt, it is held on.
        """
        if not token:
            return None
        try:
            said = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
        except signing.BadSignature:
            return None
        if said[1] != self.by.pk or (self.area is not None and said[2] != self.area.pk):
            return None
        own = StoredFile.objects.defer("content").filter(kind=self.kind, area=said[2], uploaded_by=self.by)
        file = own.filter(token=said[0]).first()
        return file if file is not None and (file == initial or not is_attached(file)) else None

    def _token_of(self, file: StoredFile) -> str:
        if is_attached(file):
            return ""
        return signing.dumps([file.token, self.by.pk, file.area_id], salt=SALT, compress=True)


class DocumentField(StoredFileField):
    """A paper: PDF, DOCX or a scan."""

    kind = FileKind.DOCUMENT
    keep = staticmethod(keep_document)

    def __init__(self, **options) -> None:
        options.setdefault("help_text", _("PDF, Word (.docx) hoặc ảnh quét JPEG, PNG; lớn nhất 10 MB."))
        options.setdefault("widget", KeptFileInput({"accept": ".pdf,.docx,.jpg,.jpeg,.png"}))
        super().__init__(allow_empty_file=True, **options)


class PhotoField(StoredFileField):
    """A photo."""

    kind = FileKind.PHOTO
    keep = staticmethod(keep_photo)

    def __init__(self, **options) -> None:
        options.setdefault(
            "help_text", _("JPEG, PNG hoặc WebP, lớn nhất 10 MB. Vị trí chụp trong ảnh được xóa.")
        )
        options.setdefault("widget", KeptFileInput({"accept": "image/jpeg,image/png,image/webp"}))
        super().__init__(allow_empty_file=True, **options)
