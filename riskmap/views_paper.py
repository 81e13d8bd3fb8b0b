"""Paper and files: the map and the table of a day to take away, and whether such a file is genuine."""

from __future__ import annotations

import hashlib
import re
import time
from datetime import date

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core.codes import code_in_name, read_code
from core.issued_papers import page_of_code
from core.views.logins import client_address
from riskmap.enums import FileFormat, MapView
from riskmap.history import DayNotKnown
from riskmap.pace import Pace
from riskmap.paper.contents import SCALES
from riskmap.paper.documents import CannotDraw
from riskmap.paper.files import MEDIA_TYPES, SheetFile, file_of
from riskmap.paper.sheets import LAYERS, sheet_of
from riskmap.verifying import genuine_by_code, genuine_by_content

LARGEST_UPLOAD = 20 * 2**20
LARGEST_ENVELOPE = 2**16  # of a multipart form around its file
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_pace_of_files = Pace(per_minute=120)  # an office may share one address
_pace_of_checks = Pace(per_minute=60)


@require_safe
def map_file(request: HttpRequest, province: str, day: str, extension: str) -> HttpResponse:
    """The map of a day as PDF, SVG or PNG: ``?size=a4|a3``, ``?layer=``, ``?view=published|known``."""
    if extension not in (FileFormat.PDF, FileFormat.SVG, FileFormat.PNG):
        raise Http404(_("Bản đồ có ở dạng pdf, svg, png."))
    size = _one_of(request, "size", tuple(SCALES))
    return _hand_out(request, province, day, extension, size)


@require_safe
def levels_file(request: HttpRequest, province: str, day: str, extension: str) -> HttpResponse:
    """The table of a day as XLSX or CSV: ``?layer=``, ``?view=published|known``."""
    if extension not in (FileFormat.XLSX, FileFormat.CSV):
        raise Http404(_("Bảng mức độ có ở dạng xlsx, csv."))
    return _hand_out(request, province, day, extension, "")


def _hand_out(request: HttpRequest, province: str, day: str, extension: str, size: str) -> HttpResponse:
    if "\0" in province:  # which PostgreSQL takes for no text at all
        raise Http404(_("Không có bản đồ của tỉnh mang mã này."))
    if not _pace_of_files.allows(client_address(request) or "", seconds=time.time()):
        return _slow_down(request)
    try:
        sheet = sheet_of(
            province=province,
            day=_day(day),
            layer=_one_of(request, "layer", LAYERS),
            view=MapView(_one_of(request, "view", tuple(MapView))),
            on=timezone.localdate(),
        )
    except DayNotKnown as refusal:
        raise Http404(refusal.message) from refusal
    portal = settings.PORTAL_URL or request.build_absolute_uri("/")
    file = file_of(sheet, file_format=FileFormat(extension), page_size=size, portal=portal)
    etag = f'"{file.key}"'
    try:
        answer = get_conditional_response(request, etag=etag) or _answer(file)
    except CannotDraw as refusal:
        if refusal.code != "busy":
            raise Http404(refusal.message) from refusal
        return _come_back(request, refusal.message, status=503)
    answer["ETag"] = etag
    answer["Cache-Control"] = "public, max-age=60"
    answer["Content-Language"] = "vi"
    return answer


def _answer(file: SheetFile) -> HttpResponse:
    answer = HttpResponse(file.make(at=timezone.now()), content_type=MEDIA_TYPES[file.file_format])
    shown_by_browsers = file.file_format in (FileFormat.PDF, FileFormat.PNG, FileFormat.SVG)
    answer["Content-Disposition"] = (
        f'{"inline" if shown_by_browsers else "attachment"}; filename="{file.name}"'
    )
    return answer


def _one_of(request: HttpRequest, name: str, choices: tuple[str, ...]) -> str:
    """The value of a parameter, the first choice by default; given twice or unknown it is refused."""
    values = request.GET.getlist(name) or [choices[0]]
    if len(values) > 1 or values[0] not in choices:
        raise BadRequest(f"{name}: {values!r}")
    return values[0]


def _day(text: str) -> date:
    try:
        if _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadRequest(f"day: {text!r}")


@csrf_exempt  # nothing is written, and a file that is too large is refused before it is read
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Whether a code (``?code=``) or a file (posted) left this portal, and what it says if it did."""
    asked = request.GET.get("code", "").strip()
    if request.method != "POST" and not asked:
        return render(request, "riskmap/verify.html", {})
    if not _pace_of_checks.allows(client_address(request) or "", seconds=time.time()):
        return _slow_down(request)
    if request.method == "POST":
        return _verify_file(request)
    code = read_code(asked)
    found = genuine_by_code(code) if code else None
    if code and found is None and (elsewhere := page_of_code(code)):
        return redirect(elsewhere)
    context = {"asked": asked, "found": found, "unknown_code": found is None, "readable": code}
    return render(request, "riskmap/verify.html", context, status=200 if found else 404)


def _verify_file(request: HttpRequest) -> HttpResponse:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST_UPLOAD + LARGEST_ENVELOPE:
        trouble = _("Tệp lớn hơn 20 MB: tệp do cổng cấp không lớn đến thế.")
        return render(request, "riskmap/verify.html", {"trouble": trouble}, status=413)
    file = request.FILES.get("file")
    if file is None:
        trouble = _("Xin chọn tệp cần kiểm tra.")
        return render(request, "riskmap/verify.html", {"trouble": trouble}, status=400)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    found = genuine_by_content(digest.hexdigest())
    context = {"file_name": file.name, "sha256": digest.hexdigest(), "by_content": True}
    if found is None:
        code = code_in_name(file.name)
        found = genuine_by_code(code) if code else None
        context |= {"by_content": False, "changed": found is not None, "unknown_file": found is None}
    return render(request, "riskmap/verify.html", context | {"found": found})


def _slow_down(request: HttpRequest) -> HttpResponse:
    return _come_back(
        request, _("Có quá nhiều yêu cầu từ địa chỉ này, xin thử lại sau một phút."), status=429
    )


def _come_back(request: HttpRequest, message: str, *, status: int) -> HttpResponse:
    answer = render(request, "core/refused.html", {"message": message}, status=status)
    answer["Retry-After"] = "60"
    return answer
