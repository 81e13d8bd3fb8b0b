"""Issued: the code under which a file leaves the portal, and what is known of a code or a file."""

from __future__ import annotations

import hashlib
from datetime import datetime

from core.audit import acting
from core.codes import derive_code
from core.people import system_user
from riskmap.models import Assessment, IssuedFile, MapEdition


def code_of(evidence: str) -> str:
    """The code of the evidence: the one it was issued under, or else the one it will be.

    Nobody without the portal's key can make a code up. Should two pieces of evidence ever meet on one
    code (10 signs of 26), the later one takes the next.
    """
    issued = IssuedFile.objects.filter(evidence=evidence).values_list("code", flat=True).first()
    attempt = 0
    while issued is None:
        code = derive_code(f"{evidence}/{attempt}", of="riskmap.issued")
        if not IssuedFile.objects.filter(code=code).exists():
            return code
        attempt += 1
    return issued


def record_issued(*, file: IssuedFile, body: bytes, at: datetime) -> None:
    """Write ``file`` down with the hash of its ``body``; the same bytes once more leave nothing."""
    file.content_sha256 = hashlib.sha256(body).hexdigest()
    file.issued_at = at
    if IssuedFile.objects.filter(code=file.code, content_sha256=file.content_sha256).exists():
        return
    with acting(by=system_user(), reason=f"Cấp tệp {file.get_file_format_display()} có mã {file}"):
        IssuedFile.objects.bulk_create([file], ignore_conflicts=True)  # another process may have just done it


def find_by_code(code: str) -> IssuedFile | None:
    """The first file issued under the code."""
    files = IssuedFile.objects.select_related("province", "edition").order_by("id")
    return files.filter(code=code).first()


def find_by_content(sha256: str) -> IssuedFile | None:
    """The file with exactly these bytes."""
    return IssuedFile.objects.select_related("province", "edition").filter(content_sha256=sha256).first()


def is_superseded(file: IssuedFile) -> bool:
    """Whether something newer is known of the day: a later edition, or levels worked out again since."""
    if file.edition_id:
        later = MapEdition.objects.filter(province=file.province_id, day=file.day)
        return later.filter(number__gt=file.edition.number).exists()
    return Assessment.objects.filter(province=file.province_id, computed_at__gt=file.known_at).exists()
