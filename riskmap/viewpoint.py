"""Viewpoint: the levels of a day as published, as known now, or as known at an instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from core.enums import AreaKind
from core.errors import DomainError
from core.models import Area
from riskmap.as_of import Knowledge, known_at
from riskmap.enums import RiskLevel
from riskmap.history import DayLevel, DayNotKnown, assessment_of, check_day, levels_on
from riskmap.published import levels_published
from riskmap.rules import scale

PUBLISHED, KNOWN = "published", "known"


class UnclearViewpoint(DomainError):
    """``as_of`` is neither a word we know nor an instant."""

    code = "unclear_as_of"


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """``published``, ``known``, or the instant in ``instant``."""

    word: str = KNOWN
    instant: datetime | None = None

    def __str__(self) -> str:
        return self.instant.isoformat() if self.instant else self.word


def read_viewpoint(text: str | None, *, at: datetime, default: str = KNOWN) -> Viewpoint:
    """``published``, ``known`` or an ISO instant (local time where it gives no offset) up to now.

    A day without a time is refused rather than taken for one of its instants. Raises ``UnclearViewpoint``.
    """
    if not text:
        return Viewpoint(default)
    if text in (PUBLISHED, KNOWN):
        return Viewpoint(text)
    try:
        instant = parse_datetime(text.replace(" ", "+")) if "T" in text else parse_datetime(text)
        if instant and timezone.is_naive(instant):
            instant = timezone.make_aware(instant)
        if instant:
            timezone.localtime(instant)  # the first and last hours of the calendar have no local time
    except (ValueError, OverflowError):
        instant = None
    if instant is None or len(text) < len("2021-09-07T17:00"):
        raise UnclearViewpoint(
            _("as_of phải là published, known hoặc thời điểm như 2021-09-07T17:00, không phải “%(text)s”.")
            % {"text": text[:40]}
        )
    if instant > at:
        raise UnclearViewpoint(_("Thời điểm trong as_of chưa đến."))
    return Viewpoint(instant=instant)


def levels_seen(
    *,
    province: Area,
    day: date,
    viewpoint: Viewpoint,
    on: date,
    kinds: Sequence[AreaKind] = (AreaKind.COMMUNE,),
) -> list[DayLevel]:
    """Every area of the kinds on the day, as seen from there. Raises ``DayNotKnown``."""
    return levels_of_days(province=province, days=[day], viewpoint=viewpoint, on=on, kinds=kinds)[0]


def levels_of_days(
    *,
    province: Area,
    days: Sequence[date],
    viewpoint: Viewpoint,
    on: date,
    kinds: Sequence[AreaKind] = (AreaKind.COMMUNE,),
) -> list[list[DayLevel]]:
    """``levels_seen`` of each day; what an instant knew is worked out once. Raises ``DayNotKnown``."""
    if viewpoint.word == PUBLISHED and not viewpoint.instant:
        return [levels_published(province=province, day=day, kinds=tuple(kinds)) for day in days]
    if viewpoint.instant is None:
        assessment = assessment_of(province)
        for day in days:
            check_day(assessment, day, on=on)
        return [levels_on(province=province, day=day, kinds=kinds) for day in days]
    knowledge = known_at(province=province, instant=viewpoint.instant)
    for day in days:
        _check_known(knowledge, viewpoint.instant, day)
    return [levels_at(knowledge, province=province, day=day, kinds=kinds) for day in days]


def _check_known(knowledge: Knowledge | None, instant: datetime, day: date) -> None:
    known_through = timezone.localtime(instant).date()
    if knowledge is None or not knowledge.first_reported_day <= day <= known_through:
        raise DayNotKnown(
            _("Lúc %(instant)s chưa biết gì về ngày %(day)s.")
            % {"instant": f"{timezone.localtime(instant):%H:%M %d/%m/%Y}", "day": f"{day:%d/%m/%Y}"}
        )


def levels_at(
    knowledge: Knowledge, *, province: Area, day: date, kinds: Sequence[AreaKind]
) -> list[DayLevel]:
    """The levels of a day in what an instant knew, in Vietnamese order."""
    areas, assessed = knowledge.areas, knowledge.assessed
    column, ordinal = knowledge.column_of(day), day.toordinal()
    tiers = [scale.TIER_KEYS.index(kind) for kind in kinds]
    here = (
        areas.own & np.isin(areas.tier, tiers) & (areas.valid_from <= ordinal) & (areas.valid_to >= ordinal)
    )
    row_of = {int(areas.ids[row]): row for row in here.nonzero()[0]}
    units = (
        Area.objects.filter(pk__in=row_of)
        .in_vietnamese_order()
        .values_list("pk", "code", "name", "kind", "parent__code", "parent__name")
    )
    rows = []
    for pk, code, name, kind, up_code, up_name in units:
        line = assessed.level[row_of[pk], : column + 1]
        level = RiskLevel(line[-1])
        other = (line != level).nonzero()[0]
        since = assessed.first_day + timedelta(days=int(other[-1]) + 1 if len(other) else 0)
        rows.append(
            DayLevel(
                area_id=pk,
                code=code,
                name=name,
                kind=kind,
                parent_code=up_code or "",
                parent_name=up_name or "",
                level=level,
                provisional=bool(assessed.provisional[row_of[pk], column]) if level else False,
                criteria=tuple(knowledge.rule_set.ids_of(int(assessed.met[row_of[pk], column]))),
                since=since if level else None,
            )
        )
    return rows
