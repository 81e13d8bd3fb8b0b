"""``/assets/<sha256>.<ext>``: bytes under the hash of their content; ``/current/`` points to them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from core.api.questions import CODE
from core.encodings import IDENTITY, preferred_encoding
from core.models import PublicAsset

EXTENSIONS: Mapping[str, str] = {"application/json": "json"}
FOREVER = "public, max-age=31536000, immutable"
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
POINTER_SECONDS = 5
ANY_ORIGIN = "*"  # scripts of any site may read what is published: no cookie plays a part in it
_ENDINGS = {"br": ".br", "gzip": ".gz", IDENTITY: ""}
_COLUMNS = {"br": "brotli", "gzip": "gzip", IDENTITY: "body"}


def asset_url(asset: PublicAsset) -> str:
    return f"/assets/{asset.pk}.{EXTENSIONS.get(asset.media_type, 'bin')}"


def json_url(sha256: str) -> str:
    """The address of JSON by its hash alone."""
    return f"/assets/{sha256}.json"


@require_safe
def show_asset(request: HttpRequest, sha256: str, extension: str) -> HttpResponse:
    """The bytes in the encoding the client prefers. One query, which reads only those bytes.

    Some public bytes are files only (``riskmap.public_files``): they are read where the table has none.
    """
    encoding = preferred_encoding(request.headers.get("Accept-Encoding", ""))
    etag = f'"{sha256}"' if encoding == IDENTITY else f'"{sha256}-{encoding}"'
    found = (
        PublicAsset.objects.filter(pk=sha256).values_list("media_type", _COLUMNS[encoding]).first()
        if _SHA256.fullmatch(sha256)
        else None
    )
    if found is None and _SHA256.fullmatch(sha256):
        found = _read_file(sha256, encoding)
    if found is None or EXTENSIONS.get(found[0], "bin") != extension:
        raise Http404("There are no such bytes.")
    media_type, body = found
    response = HttpResponse(bytes(body), content_type=media_type)
    response["ETag"] = etag
    response["Cache-Control"] = FOREVER
    response["Access-Control-Allow-Origin"] = ANY_ORIGIN
    response["Vary"] = "Accept-Encoding"
    response["Content-Length"] = str(len(body))
    if encoding != IDENTITY:
        response["Content-Encoding"] = encoding
    return get_conditional_response(request, etag=etag, response=response) or response


def _read_file(sha256: str, encoding: str) -> tuple[str, bytes] | None:
    if settings.PUBLIC_FILES_DIR is None:
        return None
    try:
        path = settings.PUBLIC_FILES_DIR / "assets" / f"{sha256}.json{_ENDINGS[encoding]}"
        return "application/json", path.read_bytes()
    except OSError:
        return None


@require_safe
def show_pointer(request: HttpRequest, code: str) -> HttpResponse:
    """``/current/<province>.json``: the short-lived pointer to a province's files, as it lies on the disk."""
    if settings.PUBLIC_FILES_DIR is None or not re.fullmatch(CODE, code, re.ASCII):
        raise Http404("There is no such pointer.")
    try:
        body = (settings.PUBLIC_FILES_DIR / "current" / f"{code}.json").read_bytes()
    except OSError:
        raise Http404("There is no such pointer.") from None
    response = HttpResponse(body, content_type="application/json")
    response["ETag"] = etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["Cache-Control"] = f"public, max-age={POINTER_SECONDS}"
    response["Access-Control-Allow-Origin"] = ANY_ORIGIN
    response["Content-Language"] = "vi"  # names; said so that no cookie is looked at for a language
    return get_conditional_response(request, etag=etag, response=response) or response
