"""``/assets/<sha256>.<ext>``: immutable bytes under the hash of their content."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from core.encodings import IDENTITY, preferred_encoding
from core.models import PublicAsset

EXTENSIONS: Mapping[str, str] = {"application/json": "json"}
FOREVER = "public, max-age=31536000, immutable"
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_COLUMNS = {"br": "brotli", "gzip": "gzip", IDENTITY: "body"}


def asset_url(asset: PublicAsset) -> str:
    return f"/assets/{asset.pk}.{EXTENSIONS.get(asset.media_type, 'bin')}"


@require_safe
def show_asset(request: HttpRequest, sha256: str, extension: str) -> HttpResponse:
    """The bytes in the encoding the client prefers. One query, which reads only those bytes."""
    encoding = preferred_encoding(request.headers.get("Accept-Encoding", ""))
    etag = f'"{sha256}"' if encoding == IDENTITY else f'"{sha256}-{encoding}"'
    found = (
        PublicAsset.objects.filter(pk=sha256).values_list("media_type", _COLUMNS[encoding]).first()
        if _SHA256.fullmatch(sha256)
        else None
    )
    if found is None or EXTENSIONS.get(found[0], "bin") != extension:
        raise Http404("There are no such bytes.")
    media_type, body = found
    response = HttpResponse(bytes(body), content_type=media_type)
    response["ETag"] = etag
    response["Cache-Control"] = FOREVER
    response["Vary"] = "Accept-Encoding"
    response["Content-Length"] = str(len(body))
    if encoding != IDENTITY:
        response["Content-Encoding"] = encoding
    return get_conditional_response(request, etag=etag, response=response) or response
