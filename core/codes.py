"""Codes: ten signs by which a paper or file is checked, and the hash of the facts they stand for."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from django.utils.crypto import salted_hmac

#: No two of these look alike, printed or read aloud.
ALPHABET = "23456789ACDEFHJKMNPQRTVWXY"
CODE_LENGTH = 10
#: Where anybody may check a code; printed on every paper.
VERIFY_PATH = "/xac-minh"
#: What people write for a letter of the alphabet.
_MISREAD = str.maketrans("BGSZ", "8652")
_CODE_IN_NAME = re.compile(rf"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}")


def hash_of(facts: Mapping[str, object]) -> str:
    """SHA-256 of facts (plain JSON values), in one order and one spelling: hexadecimal."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def derive_code(text: str, *, of: str) -> str:
    """A code of the text, by the portal's key; ``of`` keeps codes of different things apart."""
    number = int.from_bytes(salted_hmac(of, text, algorithm="sha256").digest())
    signs = []
    for _place in range(CODE_LENGTH):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(signs)


def written(code: str) -> str:
    """The code as it is printed: ``XXXXX-XXXXX``."""
    return f"{code[:5]}-{code[5:]}"


def read_code(text: str) -> str | None:
    """The code in what a person wrote, in any case and spacing; ``None`` where there is none."""
    code = re.sub(r"[\s\-–—]", "", text).upper().translate(_MISREAD)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def code_in_name(file_name: str) -> str | None:
    """The code that the portal wrote into the name of a file."""
    found = _CODE_IN_NAME.search(file_name)
    return found[0].replace("-", "") if found else None
