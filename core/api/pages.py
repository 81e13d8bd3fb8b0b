"""Lists page by page: how they are asked for, and how they answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.questions import Question
from core.errors import DomainError


class PageNotFound(DomainError):
    """The list is shorter than that."""

    code = "page_not_found"


class PagedQuestion(Question):
    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=100_000)
    page_size = serializers.IntegerField(required=False, default=100, min_value=1, max_value=500)


class PageAnswer(serializers.Serializer):
    """One page of a list; a subclass says what its ``results`` are."""

    count = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()


def page_of(rows: QuerySet, asked: dict, told: Callable[[Any], Any] | None = None) -> dict[str, Any]:
    """What ``PageAnswer`` serializes, each row as ``told`` tells it. Raises ``PageNotFound``."""
    pages = Paginator(rows, asked["page_size"])
    try:
        page = pages.page(asked["page"])
    except EmptyPage:
        raise PageNotFound(_("Danh sách chỉ có %(pages)d trang.") % {"pages": pages.num_pages}) from None
    results = [told(row) for row in page.object_list] if told else page.object_list
    return {"count": pages.count, "page": page.number, "pages": pages.num_pages, "results": results}
