"""What the address of a page asks for, read strictly: a slip is refused, not answered with something else."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import Permission, can
from core.enums import AreaKind
from core.models import Area
from riskmap.area_identity import area_of_day
from riskmap.imports.cells import EPIDEMIC_BEGAN
from riskmap.map_page import choose_province
from riskmap.models import Assessment

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


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


def cell_of_address(
    request: HttpRequest, code: str, day: str, permission: Permission, *, kinds: Collection[AreaKind]
) -> tuple[Area, date]:
    """The area of those tiers with the code on the day (``2021-08-05``), for somebody who may do this there.

    Raises ``Http404`` for any other, so that nobody learns what there is elsewhere.
    """
    try:
        on = date.fromisoformat(day) if _ISO_DAY.fullmatch(day) else None
    except ValueError:
        on = None
    area = area_of_day(code=code, day=on) if on and on >= EPIDEMIC_BEGAN else None
    if (
        area is None
        or area.kind not in kinds
        or not can(request.user, permission, area, on=timezone.localdate())
    ):
        raise Http404(_("Trong địa bàn của bạn không có đơn vị mang mã này vào ngày đó."))
    return area, on
