"""Papers handed out: the answer that carries one."""

from __future__ import annotations

from django.http import HttpResponse


def answer_with(body: bytes, *, media_type: str, name: str) -> HttpResponse:
    """A paper as a file of this name (ASCII): browsers show a PDF, save the others. Always Vietnamese."""
    answer = HttpResponse(body, content_type=media_type)
    shown = "inline" if name.endswith(".pdf") else "attachment"
    answer["Content-Disposition"] = f'{shown}; filename="{name}"'
    answer["Content-Language"] = "vi"
    return answer
