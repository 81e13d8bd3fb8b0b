"""Public bytes: stored once under the hash of their content, compressed when they are made."""

from __future__ import annotations

import gzip
import hashlib
from datetime import datetime

import brotli

from core.models import PublicAsset

BROTLI_BEST_BELOW = 1_000_000  # above, quality 11 takes seconds for a few per cent
BEST, SWIFT = 11, 9  # qualities of brotli; the swift one takes a tenth of the time for a few per cent more


def put_asset(*, body: bytes, media_type: str, at: datetime, quality: int = BEST) -> PublicAsset:
    """The asset holding ``body``; the same bytes are the same row, which keeps its first ``created_at``.

    ``quality`` is that of brotli: ``BEST`` for what everybody loads, ``SWIFT`` for what somebody waits for.
    Nothing of the clock or the machine goes into the compressed forms: the same body gives the same bytes.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    existing = PublicAsset.objects.filter(sha256=sha256).defer("body", "gzip", "brotli").first()
    if existing:
        return existing
    asset = PublicAsset(
        sha256=sha256,
        media_type=media_type,
        body=body,
        gzip=gzip.compress(body, compresslevel=9, mtime=0),
        brotli=brotli.compress(body, quality=quality if len(body) < BROTLI_BEST_BELOW else SWIFT),
        created_at=at,
    )
    PublicAsset.objects.bulk_create([asset], ignore_conflicts=True)  # another process may have just put it
    return asset
