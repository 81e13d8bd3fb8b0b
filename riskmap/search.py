"""Search: areas by name without diacritics, by code or by a former name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from core.enums import AreaKind
from core.errors import DomainError
from core.models import Area
from core.vietnamese import fold
from riskmap.enums import RiskLevel
from riskmap.history import period_of
from riskmap.models import Assessment, LevelSpan

LONGEST_QUERY = 100
SHORTEST_CODE_PREFIX = 3  # every commune of a region begins with the same two figures
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,19}", re.ASCII)


class UnclearQuery(DomainError):
    """Nothing can be searched for with this."""

    code = "unclear_query"


@dataclass(frozen=True, slots=True)
class Found:
    """An area with its level on ``day``, the last its province shows; no day where nothing is known of it.

    ``former``: the unit, or this name of it, is no more.
    """

    area: Area
    day: date | None
    level: RiskLevel
    provisional: bool
    former: bool


def search_areas(text: str) -> QuerySet[Area]:
    """Areas of any time that answer to ``text``, best first, then in Vietnamese order (Phường 2, Phường 10).

    Every word of the text must begin a word of the area's name or of what it lies in, the first one a word
    of its own name; or the text is how its code begins. Raises ``UnclearQuery``.

    There is no index for this: all 11,400 units of the country are searched in 10 to 30 ms, of which sorting
    and the names above take the larger part, and a trigram of "phuong" rules out nothing.
    """
    if len(text) > LONGEST_QUERY:
        raise UnclearQuery(_("Xin tìm bằng nhiều nhất %(count)d ký tự.") % {"count": LONGEST_QUERY})
    words = fold(text).split()
    if not words:
        raise UnclearQuery(_("Xin gõ tên hoặc mã của một đơn vị."))
    if len("".join(words)) < 2 and not words[0].isdecimal():
        raise UnclearQuery(_("Một chữ cái thì quá ngắn; xin gõ từ hai chữ trở lên."))
    own = Concat(Value(" "), F("search_text"))
    above = Concat(own, Value(" "), F("parent__search_text"), Value(" "), F("parent__parent__search_text"))
    named = Q(own__contains=" " + words[0])
    for word in words[1:]:
        named &= Q(line__contains=" " + word)
    code = text.strip()
    exact = Q(search_text=" ".join(words)) | Q(own__endswith=" " + " ".join(words))
    wanted = named
    if _CODE.fullmatch(code):
        exact |= Q(code__iexact=code)
        wanted |= Q(code__istartswith=code) if len(code) >= SHORTEST_CODE_PREFIX else Q(code__iexact=code)
    return (
        Area.objects.annotate(own=own, line=above)
        .filter(wanted)
        .annotate(
            rank=Case(When(exact, then=0), default=1),
            is_hamlet=ExpressionWrapper(Q(kind=AreaKind.HAMLET), output_field=BooleanField()),
        )
        .select_related("parent__parent__parent")
        .order_by("rank", "is_hamlet", "sort_key", "parent__sort_key", "code", "-valid_from")
    )


def with_levels(areas: Sequence[Area], *, on: date) -> list[Found]:
    """The areas with their levels of the last day shown; ``on`` is today. Three queries."""
    provinces = {each.province.code: each for each in _assessments(areas)}
    days = {code: period_of(each, on=on)[1] for code, each in provinces.items()}
    spans: dict[int, list[LevelSpan]] = {}
    if days:
        touching = LevelSpan.objects.filter(
            area__in=areas, first_day__lte=max(days.values()), last_day__gte=min(days.values())
        )
        for span in touching:
            spans.setdefault(span.area_id, []).append(span)
    newest = dict(
        Area.objects.filter(code__in=[area.code for area in areas])
        .order_by("code", "valid_from")
        .values_list("code", "pk")
    )
    return [
        _found(area, days.get(_province_code(area)), spans.get(area.pk, ()), newest, on) for area in areas
    ]


def _assessments(areas: Iterable[Area]) -> QuerySet[Assessment]:
    codes = {_province_code(area) for area in areas}
    return (
        Assessment.objects.filter(province__code__in=codes)
        .select_related("province")
        .order_by("last_reported_day")
    )


def _province_code(area: Area) -> str:
    return area.path.split("/")[0]


def _found(area: Area, day: date | None, spans: Iterable[LevelSpan], newest: dict, on: date) -> Found:
    span = next((span for span in spans if day and span.first_day <= day <= span.last_day), None)
    return Found(
        area,
        day,
        RiskLevel(span.level) if span else RiskLevel.NO_DATA,
        span.provisional if span else False,
        former=newest.get(area.code) != area.pk or bool(area.valid_to and area.valid_to < on),
    )
