import gzip
import hashlib
from datetime import UTC, datetime

import brotli
import pytest

from core.assets import put_asset
from core.models import PublicAsset

pytestmark = pytest.mark.django_db
AT = datetime(2021, 8, 1, 10, tzinfo=UTC)
BODY = '{"tên":"Phường Đô Vinh"}'.encode() * 50


def test_asset_is_kept_with_both_encodings_under_the_hash_of_its_body():
    put_asset(body=BODY, media_type="application/json", at=AT)

    kept = PublicAsset.objects.get(sha256=hashlib.sha256(BODY).hexdigest())
    assert bytes(kept.body) == gzip.decompress(kept.gzip) == brotli.decompress(kept.brotli) == BODY
    assert (kept.media_type, kept.created_at) == ("application/json", AT)


def test_same_bytes_again_are_the_same_row_with_its_first_date():
    first = put_asset(body=BODY, media_type="application/json", at=AT)

    again = put_asset(body=BODY, media_type="application/json", at=AT.replace(year=2022))

    assert again == first
    assert PublicAsset.objects.get().created_at == AT


def test_gzip_does_not_hold_the_time():
    kept = put_asset(body=BODY, media_type="application/json", at=AT)

    assert kept.gzip[4:8] == b"\0\0\0\0"


def test_large_body_is_compressed_too():
    body = bytes(range(256)) * 5_000

    kept = put_asset(body=body, media_type="application/octet-stream", at=AT)

    assert brotli.decompress(kept.brotli) == body
