"""Due: who reported the counts of a day, on time or late, and who is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from core.enums import AreaKind
from core.finding import province_of
from core.models import Area, AreaQuerySet
from riskmap.models import ProvincePolicy
from riskmap.silence import last_reports


class Timeliness(StrEnum):
    """How a commune stands with the report of a day. Without a due hour nobody is late."""

    ON_TIME = "on_time"
    LATE = "late"
    REPORTED = "reported"
    WAITING = "waiting"
    MISSING = "missing"


class Report(NamedTuple):
    """A commune that is valid on ``day``, and the instant at which anybody first reported that day of it."""

    area_id: int
    parent_id: int
    day: date
    first_at: datetime | None


# The oldest list of units that is known stands for the days before it as well. A source that took its word
# back reported when it spoke again. A report of zero is one, for a commune or for all communes of a district
# or province.
_REPORTS = """
WITH oldest AS (
    SELECT split_part(path, '/', 1) AS province, min(valid_from) AS valid_from
    FROM core_area WHERE kind = 'commune' GROUP BY 1
),
commune AS (
    SELECT a.id, a.parent_id, up.parent_id AS grandparent_id, a.valid_to,
        CASE WHEN a.valid_from > oldest.valid_from THEN a.valid_from ELSE '-infinity' END AS valid_from
    FROM core_area a
    JOIN core_area up ON up.id = a.parent_id
    JOIN oldest ON oldest.province = split_part(a.path, '/', 1)
    WHERE a.id = ANY (%(areas)s::bigint[])
),
day AS (
    SELECT day::date FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS day
),
written AS (
    SELECT area_id, day, min(posted_at) AS at
    FROM (
        SELECT e.area_id, e.day, e.id, p.posted_at,
            max(e.id) FILTER (WHERE e.withdrawn) OVER (PARTITION BY e.area_id, e.day, e.source_id) AS back
        FROM riskmap_countentry e JOIN riskmap_countpost p ON p.id = e.post_id
        WHERE e.area_id = ANY (%(areas)s::bigint[]) AND e.day BETWEEN %(first)s AND %(last)s
            AND p.posted_at <= %(at)s
    ) said
    WHERE id > coalesce(back, 0)
    GROUP BY 1, 2
),
covered AS (
    SELECT c.scope_id, day.day, min(p.posted_at) AS at
    FROM riskmap_reportcoverage c
    JOIN riskmap_countpost p ON p.id = c.post_id AND p.posted_at <= %(at)s
    JOIN day ON day.day BETWEEN c.first_day AND c.last_day
    WHERE c.kind = 'commune' AND c.first_day <= %(last)s AND c.last_day >= %(first)s AND c.scope_id IN (
        SELECT id FROM commune UNION SELECT parent_id FROM commune UNION SELECT grandparent_id FROM commune
    )
    GROUP BY 1, 2
)
SELECT commune.id, commune.parent_id, day.day, least(written.at, own.at, district.at, province.at)
FROM commune
JOIN day ON day.day >= commune.valid_from AND (commune.valid_to IS NULL OR day.day <= commune.valid_to)
LEFT JOIN written ON written.area_id = commune.id AND written.day = day.day
LEFT JOIN covered own ON own.scope_id = commune.id AND own.day = day.day
LEFT JOIN covered district ON district.scope_id = commune.parent_id AND district.day = day.day
LEFT JOIN covered province ON province.scope_id = commune.grandparent_id AND province.day = day.day
"""


def first_reports(*, communes: Iterable[int], first: date, last: date, at: datetime) -> list[Report]:
    """A row for each of ``communes`` (ids) and day on which it is valid, as known at ``at``; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_REPORTS, {"areas": list(communes), "first": first, "last": last, "at": at})
        return [
            Report(area, parent, day, first_at and timezone.localtime(first_at))
            for area, parent, day, first_at in cursor.fetchall()
        ]


def communes_under(scope: Area) -> AreaQuerySet:
    """The communes of ``scope`` (a commune is its own) of all times, with what they hang from."""
    return Area.objects.under(scope).of_kind(AreaKind.COMMUNE).select_related("parent")


def due_at(policy: ProvincePolicy, day: date) -> datetime | None:
    """The last instant at which the counts of ``day`` are on time; ``None`` where there is no due hour."""
    if policy.report_by is None:
        return None
    return timezone.make_aware(datetime.combine(day, policy.report_by))


def policy_of(area: Area) -> ProvincePolicy:
    """What the province of ``area`` agreed on, or what holds where it agreed on nothing."""
    province = province_of(area)
    return ProvincePolicy.objects.filter(province=province).first() or ProvincePolicy(province=province)


def judge(first_at: datetime | None, *, due: datetime | None, at: datetime) -> Timeliness:
    """How a first report at ``first_at`` (none: none by ``at``) stands with the instant it was due."""
    if first_at is None:
        return Timeliness.WAITING if due and at <= due else Timeliness.MISSING
    if due is None:
        return Timeliness.REPORTED
    return Timeliness.ON_TIME if first_at <= due else Timeliness.LATE


@dataclass(frozen=True, slots=True)
class Due:
    """A commune and its report of a day.

    ``off_by`` is how late the report came, how long it has been missing, or how long it still has; none where
    there is no due hour or it came in time. ``last_day`` is the latest day it reported, up to the day asked.
    """

    area: Area
    first_at: datetime | None
    timeliness: Timeliness
    off_by: timedelta | None
    last_day: date | None

    @property
    def has_reported(self) -> bool:
        return self.first_at is not None


def due_list(*, scope: Area, day: date, at: datetime) -> list[Due]:
    """The communes under ``scope`` that are valid on ``day``, by district and name, as known at ``at``."""
    communes = {
        area.pk: area
        for area in communes_under(scope).order_by("parent__sort_key", "parent__code", "sort_key", "code")
    }
    found = first_reports(communes=communes, first=day, last=day, at=at)
    reports = {each.area_id: each.first_at for each in found}
    due = due_at(policy_of(scope), day)
    last_days = last_reports(list(reports), day=day, instant=at)
    return [
        _due(area, reports[pk], due=due, at=at, last_day=last_days[pk])
        for pk, area in communes.items()
        if pk in reports
    ]


def _due(
    area: Area, first_at: datetime | None, *, due: datetime | None, at: datetime, last_day: date | None
) -> Due:
    timeliness = judge(first_at, due=due, at=at)
    off_by = None
    if due and timeliness is not Timeliness.ON_TIME:
        off_by = abs((first_at or at) - due)
    return Due(area, first_at, timeliness, off_by, last_day)
