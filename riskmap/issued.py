"""Issued: the code under which a file leaves the portal, and what is known of a code or a file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime

from django.utils.crypto import salted_hmac

from core.audit import acting
from core.people import system_user
from riskmap.models import Assessment, IssuedFile, MapEdition

#: No two of these look alike, printed or read aloud.
ALPHABET = "23456789ACDEFHJKMNPQRTVWXY"
CODE_LENGTH = 10
#: What people write for a letter of the alphabet.
_MISREAD = str.maketrans("BGSZ", "8652")
_CODE_IN_NAME = re.compile(rf"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}")


def evidence_of(facts: Mapping[str, object]) -> str:
    """SHA-256 of the facts (plain JSON values) that a file shows: hexadecimal."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


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


def derive_code(text: str, *, of: str) -> str:
    """A code of the text, by the portal's key; ``of`` keeps codes of different things apart."""
    number = int.from_bytes(salted_hmac(of, text, algorithm="sha256").digest())
    signs = []
    for _place in range(CODE_LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(signs)


def record_issued(*, file: IssuedFile, body: bytes, at: datetime) -> None:
    """Write ``file`` down with the hash of its ``body``; the same bytes once more leave nothing."""
    file.content_sha256 = hashlib.sha256(body).hexdigest()
    file.issued_at = at
    if IssuedFile.objects.filter(code=file.code, content_sha256=file.content_sha256).exists():
        return
    with acting(by=system_user(), reason=f"Cấp tệp {file.get_file_format_display()} có mã {file}"):
        IssuedFile.objects.bulk_create([file], ignore_conflicts=True)  # another process may have just done it


def read_code(text: str) -> str | None:
    """The code in what a person wrote, in any case and spacing; ``None`` where there is none."""
    code = re.sub(r"[\s\-–—]", "", text).upper().translate(_MISREAD)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def code_in_name(file_name: str) -> str | None:
    """The code that the portal wrote into the name of a file."""
    found = _CODE_IN_NAME.search(file_name)
    return found[0].replace("-", "") if found else None


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
