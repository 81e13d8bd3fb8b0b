"""History: what the stored spans say of a day, of an area, of a period. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db import connection
from django.utils.translation import gettext as _

from core.enums import AreaKind
from core.errors import DomainError
from core.models import Area
from riskmap.enums import RiskLevel
from riskmap.models import Assessment, LevelSpan
from riskmap.rules.scale import DECIDED

#: How long a silent province is still shown day by day up to today; the window of the rule.
LIVE_DAYS = 14


class DayNotKnown(DomainError):
    """The day lies outside what is known of the province."""

    code = "day_not_known"


@dataclass(frozen=True, slots=True)
class DayLevel:
    """One area on one day. ``since`` is the first day of the level as it stands now, however grounded.

    ``unapproved``: as an edition shows it, and the level rests on a number nobody had accepted.
    """

    area_id: int
    code: str
    name: str
    kind: str
    parent_code: str
    parent_name: str
    level: RiskLevel
    provisional: bool
    criteria: tuple[str, ...]
    since: date | None
    unapproved: bool = False

    @property
    def decided(self) -> bool:
        """Whether people decided the level; its criteria then say so and nothing else."""
        return DECIDED in self.criteria

    def days_in_level(self, day: date) -> int | None:
        return (day - self.since).days + 1 if self.since else None


def period_of(assessment: Assessment, *, on: date) -> tuple[date, date]:
    """First and last day shown: to ``on`` while reports come in, to the last reported day afterwards."""
    last = assessment.last_reported_day
    if on <= last + timedelta(days=LIVE_DAYS):
        last = max(last, min(on, assessment.known_through))
    return assessment.first_day, last


def check_day(assessment: Assessment, day: date, *, on: date) -> None:
    """Raise ``DayNotKnown`` unless the levels of ``day`` are known: never another day silently."""
    last = min(on, assessment.known_through)
    if not assessment.first_day <= day <= last:
        raise DayNotKnown(
            _("Không có mức độ nguy cơ ngày %(day)s: số liệu của %(province)s có từ %(first)s đến %(last)s.")
            % {
                "day": f"{day:%d/%m/%Y}",
                "province": assessment.province.name,
                "first": f"{assessment.first_day:%d/%m/%Y}",
                "last": f"{last:%d/%m/%Y}",
            }
        )


#: The oldest list of units that is known stands for the days before it as well, as in ``riskmap.facts``.
_UNITS = """
    select id, code, name, kind, up_code, up_name from (
        select a.*, coalesce(up.code, '') as up_code, coalesce(up.name, '') as up_name,
            min(a.valid_from) filter (where a.kind = 'commune') over () as oldest
        from core_area p
        join core_area a on split_part(a.path, '/', 1) = p.code
            and a.valid_from <= coalesce(p.valid_to, 'infinity')
            and coalesce(a.valid_to, 'infinity') >= p.valid_from
        left join core_area up on up.id = a.parent_id
        where p.id = %(province)s
    ) unit
    where kind = any(%(kinds)s) and coalesce(valid_to, 'infinity') >= %(first)s
        and (valid_from <= %(last)s or valid_from <= oldest)
    order by sort_key, code
"""


def levels_on(
    *, province: Area, day: date, kinds: Sequence[AreaKind] = (AreaKind.COMMUNE,)
) -> list[DayLevel]:
    """Every area of the kinds that exists on the day, in Vietnamese order, those without a level included.

    Two queries whatever the number of areas.
    """
    units = _units(province, kinds, day, day)
    spans = _spans_on([unit[0] for unit in units], day)
    return [DayLevel(*unit, *spans.get(unit[0], (RiskLevel.NO_DATA, False, (), None))) for unit in units]


def _units(province: Area, kinds: Sequence[AreaKind], first: date, last: date) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            _UNITS,
            {"province": province.pk, "kinds": [str(kind) for kind in kinds], "first": first, "last": last},
        )
        return cursor.fetchall()


def _spans_on(area_ids: list[int], day: date) -> dict[int, tuple]:
    """Level, provisional, criteria and since when, by area id; a level outlives changes of its grounds."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select s.area_id, s.level, s.provisional, g.criteria, coalesce((
                select min(run.first_day) from riskmap_levelspan run
                where run.area_id = s.area_id and run.first_day <= s.first_day and run.level = s.level
                    and run.first_day > coalesce((
                        select other.first_day from riskmap_levelspan other
                        where other.area_id = s.area_id and other.first_day < s.first_day
                            and other.level <> s.level
                        order by other.first_day desc limit 1
                    ), date '-infinity')
            ), s.first_day)
            from riskmap_levelspan s join riskmap_grounds g on g.id = s.grounds_id
            where s.first_day <= %s and s.last_day >= %s and s.area_id = any(%s)
            """,
            [day, day, area_ids],
        )
        return {
            area_id: (RiskLevel(level), provisional, tuple(criteria), since)
            for area_id, level, provisional, criteria, since in cursor.fetchall()
        }


def spans_of(*, area: Area, first: date, last: date) -> list[LevelSpan]:
    """The spans of the area that touch the period, ends cut to it, oldest first."""
    spans = list(
        LevelSpan.objects.filter(area=area, first_day__lte=last, last_day__gte=first)
        .select_related("grounds")
        .order_by("first_day")
    )
    for span in spans:
        span.first_day, span.last_day = max(span.first_day, first), min(span.last_day, last)
    return spans


@dataclass(frozen=True, slots=True, eq=False)
class LevelMatrix:
    """Areas × days of ``level | provisional << 3 | decided << 4`` (uint8), 0 where there is no level."""

    first_day: date
    codes: list[str]
    cells: np.ndarray


def level_matrix(*, province: Area, kind: AreaKind, first: date, last: date) -> LevelMatrix:
    """The levels of a period as an array, areas in Vietnamese order. Two queries."""
    units = _units(province, [kind], first, last)
    days = (last - first).days + 1
    cells = np.zeros((len(units), days), np.uint8)
    row_of = {unit[0]: row for row, unit in enumerate(units)}
    with connection.cursor() as cursor:
        cursor.execute(
            "select area_id, greatest(first_day, %s) - %s, least(last_day, %s) - %s,"
            " level + (provisional::int << 3) + (grounds_id in ("
            "select id from riskmap_grounds where criteria @> array[%s]::varchar[]))::int * 16"
            " from riskmap_levelspan where last_day >= %s and first_day <= %s and area_id = any(%s)",
            [first, first, last, first, DECIDED, first, last, list(row_of)],
        )
        for area_id, begin, end, code in cursor.fetchall():
            cells[row_of[area_id], begin : end + 1] = code
    return LevelMatrix(first, [unit[1] for unit in units], cells)


def assessment_of(province: Area) -> Assessment:
    """The province's assessment; raises ``DayNotKnown`` while nothing was ever computed."""
    assessment = Assessment.objects.filter(province=province).select_related("province").first()
    if assessment is None:
        raise DayNotKnown(
            _("%(province)s chưa có số liệu: hãy nhập số ca trước.") % {"province": province.name}
        )
    return assessment


def levels_by_day(*, province: Area, kind: AreaKind, first: date, last: date) -> list[tuple]:
    """``(day, code, level, provisional, criteria)`` of every area of the kind on every day it exists, by
    day and code. An area that has not reported yet has no level, and is provisional from the province's
    first report on."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select day::date, unit.code, coalesce(s.level, 0),
                coalesce(s.provisional, day >= (
                    select first_day from riskmap_assessment where province_id = %(province)s
                )), coalesce(g.criteria, '{{}}')
            from ({_UNITS}) unit
            join core_area a using (id)
            cross join generate_series(%(first)s, %(last)s, interval '1 day') day
            left join riskmap_levelspan s on s.area_id = a.id and s.first_day <= day and s.last_day >= day
            left join riskmap_grounds g on g.id = s.grounds_id
            where coalesce(a.valid_to, 'infinity') >= day
            order by day, unit.code
            """,
            {"province": province.pk, "kinds": [str(kind)], "first": first, "last": last},
        )
        return cursor.fetchall()
