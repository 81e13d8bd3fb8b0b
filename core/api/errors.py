"""How the API refuses: always ``{code, message}``, and ``fields`` where parameters are wrong."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import DomainError

log = logging.getLogger(__name__)

#: Refusals whose code ends so say that there is no such thing; all others that it may not be asked so.
NOTHING_THERE = ("_not_found", "_not_known", "_not_drawn", "not_published")


def answer_error(error: Exception, context: dict) -> Response:
    """The exception handler of every API view (``EXCEPTION_HANDLER``)."""
    if isinstance(error, DomainError):
        status = 404 if error.code.endswith(NOTHING_THERE) else 400
        return _answer(status, error.code, str(error.message))
    if isinstance(error, exceptions.ValidationError):
        fields = dict(_fields(error.detail))
        return _answer(
            400, "invalid", " ".join(f"{name}: {said[0]}" for name, said in fields.items()), fields
        )
    response = exception_handler(error, context)
    if isinstance(error, OperationalError | InterfaceError):
        log.error("API %s", context["request"].path, exc_info=error)
        response = _answer(503, "unavailable", _("Cơ sở dữ liệu tạm ngừng, xin thử lại sau ít giây."))
        response["Retry-After"] = "5"
        return response
    if response is None:
        log.error("API %s", context["request"].path, exc_info=error)
        return _answer(500, "server_error", _("Máy chủ gặp lỗi; lỗi đã được ghi lại."))
    if isinstance(error, exceptions.Throttled):
        code, message = "throttled", _("Hỏi quá nhiều lần trong một phút, xin chờ rồi thử lại.")
    elif isinstance(error, exceptions.MethodNotAllowed):
        allowed = ", ".join(context["view"].allowed_methods)
        code, message = "method_not_allowed", _("Địa chỉ này chỉ nhận %(methods)s.") % {"methods": allowed}
    elif isinstance(error, Http404 | exceptions.NotFound):
        code, message = "not_found", _("Không có địa chỉ này; xem /api/v1/docs/.")
    elif isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        code = "not_authenticated"
        if response.status_code == 401:
            message = _(
                "Thiếu khóa, hoặc khóa sai, đã hết hạn hay đã thu hồi: gửi Authorization: Bearer vx_…"
            )
        else:
            message = _("Xin đăng nhập vào cổng bằng tài khoản được xem nội dung này.")
    elif isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        code, message = "not_allowed", _("Không được phép xem nội dung này.")
    else:
        code, message = getattr(error, "default_code", "invalid"), str(getattr(error, "detail", error))
    response.data = {"code": code, "message": message}
    response["Cache-Control"] = "no-store"
    return response


def _answer(status: int, code: str, message: str, fields: dict | None = None) -> Response:
    data = {"code": code, "message": message}
    if fields:
        data["fields"] = fields
    return Response(data, status=status, headers={"Cache-Control": "no-store"})


def _fields(detail: object) -> Iterator[tuple[str, list[str]]]:
    """Parameter → sentences; what concerns no single one is under an empty name."""
    if isinstance(detail, dict):
        for name, said in detail.items():
            yield name, [str(each) for each in (said if isinstance(said, list) else [said])]
    elif isinstance(detail, list):
        yield "", [str(each) for each in detail]
