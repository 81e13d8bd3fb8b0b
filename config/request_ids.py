"""An id for every request, in its answer and in every line it logs."""

import contextvars
import logging
import re
import uuid

from celery import current_task

HEADER = "X-Request-ID"
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")

_current: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")


class RequestIdMiddleware:
    """Takes the id that a proxy in front gave, if it looks like one, or makes one: ``request.id``."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        offered = request.headers.get(HEADER, "")
        request.id = offered if ACCEPTED.fullmatch(offered) else uuid.uuid4().hex
        token = _current.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response[HEADER] = request.id
        return response


class WithRequestId(logging.Filter):
    """Gives log records ``request_id``: that of the request or of the Celery task at work, or a dash."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = _current.get() or (current_task.request.id if current_task else None) or "-"
        return True
