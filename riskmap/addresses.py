"""What the address of a page asks for, read strictly: a slip is refused, not answered with something else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.models import Area
from riskmap.map_page import choose_province
from riskmap.models import Assessment


def province_asked(request: HttpRequest, provinces: Sequence[Assessment], *, on: date) -> Assessment | None:
    """The province of ``?province=``, or else the person's own or the first; ``None`` while there is none.

    Raises ``Http404`` for a code that no province with levels has.
    """
    code = request.GET.get("province")
    assessment = choose_province(provinces, code=code, user=request.user, on=on)
    if assessment is None and code:
        raise Http404(_("Không có bản đồ của tỉnh mang mã này."))
    return assessment


def refuse_repeated(request: HttpRequest) -> None:
    """Raise ``BadRequest`` when a parameter is given twice: nobody could say which of them counts."""
    for name, values in request.GET.lists():
        if len(values) > 1:
            raise BadRequest(f"{name}: {len(values)} values")


def page_asked(request: HttpRequest, rows: QuerySet | Sequence, *, size: int) -> Page:
    """The page of ``?page=``. Raises ``Http404`` for one that the list does not have."""
    try:
        return Paginator(rows, size).page(request.GET.get("page", "1"))
    except InvalidPage:
        raise Http404(_("Danh sách không có trang này.")) from None


def trail_from_map(province: Area, *steps: str | tuple[str, str]) -> list[tuple[str, str]]:
    """Breadcrumbs from the province's map: pairs of address and name, the last one a name alone."""
    to_map = (reverse("riskmap:map", query={"province": province.code}), _("Bản đồ"))
    return [to_map, *(step if isinstance(step, tuple) else ("", step) for step in steps)]
