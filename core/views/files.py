"""Handing out files: under a random address, to save, and to nobody whom they do not concern."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import Permission, can
from core.models import StoredFile

# A day, so that one which is taken back is gone from everywhere the day after.
FOR_EVERYBODY = "public, max-age=86400, immutable"


@require_safe
def hand_out_file(request: HttpRequest, token: str) -> HttpResponse:
    """A public file to everybody, another to those who see the working data of its area; 404 to the rest."""
    file = StoredFile.objects.defer("content").select_related("area").filter(token=token).first()
    if file is None or not (file.is_public or _may_see(request, file)):
        raise Http404(_("Không có tệp này, hoặc tệp không dành cho bạn."))
    answer = HttpResponse(content_type=file.content_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = FOR_EVERYBODY if file.is_public else "private, no-store"
    answer["ETag"] = quote_etag(file.sha256)
    answer["Content-Length"] = str(file.size)
    unchanged = get_conditional_response(request, etag=answer["ETag"], response=answer)
    if unchanged.status_code == 200 and request.method != "HEAD":
        unchanged.content = bytes(file.content)
    return unchanged


def _may_see(request: HttpRequest, file: StoredFile) -> bool:
    return can(request.user, Permission.VIEW_WORKING, file.area, on=timezone.localdate())
