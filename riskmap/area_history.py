"""Area history: the levels of one area over a period, as known now, as published, as known at an instant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import connection

from core.enums import AreaKind
from core.models import Area
from riskmap.as_of import Knowledge
from riskmap.enums import RiskLevel
from riskmap.history import spans_of
from riskmap.maps import LAYERS

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row with one level and one set of grounds; both ends included."""

    first_day: date
    last_day: date
    level: RiskLevel
    provisional: bool
    criteria: tuple[str, ...]
    rule_set: str

    def goes_on_in(self, other: Span) -> bool:
        """Whether ``other`` is the same the day after."""
        return other == replace(self, first_day=other.first_day, last_day=other.last_day) and (
            self.last_day + ONE_DAY == other.first_day
        )


def spans_known(*, area: Area, first: date, last: date) -> list[Span]:
    """The stored spans, ends cut to the period, oldest first. One query."""
    return [
        Span(
            span.first_day,
            span.last_day,
            RiskLevel(span.level),
            span.provisional,
            tuple(span.grounds.criteria),
            span.grounds.rule_set,
        )
        for span in spans_of(area=area, first=first, last=last)
    ]


_PUBLISHED = """
    select distinct on (e.day) e.day, e.rule_set, jsonb_path_query_first(
        convert_from(a.body, 'UTF8')::jsonb, %(path)s::jsonpath, jsonb_build_object('code', %(code)s::text)
    ) as unit
    from riskmap_mapedition e join core_publicasset a on a.sha256 = e.payload_id
    where e.province_id = %(province)s and e.day between %(first)s and %(last)s
    order by e.day, e.number desc
"""


def spans_published(*, area: Area, province: Area, first: date, last: date) -> list[Span]:
    """What the editions of the days say of the area; the last edition of a day counts. One query.

    Editions hold communes, districts and the province: of a hamlet they say nothing.
    """
    if AreaKind(area.kind) not in LAYERS:
        return []
    asked = {
        "path": f"$.layers.{area.kind}[*] ? (@.code == $code)",
        "code": area.code,
        "province": province.pk,
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"select day, rule_set, unit::json from ({_PUBLISHED}) p order by day", asked)
        rows = cursor.fetchall()
    return _joined(
        Span(
            day,
            day,
            RiskLevel[unit["level"].upper()],
            unit["provisional"],
            tuple(unit["criteria"]),
            rule_set,
        )
        for day, rule_set, unit in rows
        if unit
    )


def spans_at(knowledge: Knowledge, *, area: Area, first: date, last: date) -> list[Span]:
    """What an instant knew of the area; the days must be among those it assessed."""
    row = knowledge.areas.ids.tolist().index(area.pk)
    assessed, rule_set = knowledge.assessed, knowledge.rule_set
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    columns = [knowledge.column_of(day) for day in days]
    return _joined(
        Span(
            day,
            day,
            RiskLevel(assessed.level[row, column]),
            bool(assessed.provisional[row, column]),
            tuple(rule_set.ids_of(int(assessed.met[row, column]))),
            rule_set.name,
        )
        for day, column in zip(days, columns, strict=True)
    )


def _joined(days: Iterable[Span]) -> list[Span]:
    """Single days as spans; days without a level are left out."""
    spans: list[Span] = []
    for day in days:
        if not day.level:
            continue
        if spans and spans[-1].goes_on_in(day):
            spans[-1] = replace(spans[-1], last_day=day.last_day)
        else:
            spans.append(day)
    return spans
