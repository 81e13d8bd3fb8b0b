"""Starting levels: where units stand when they register. Reads only; ``registrations`` freezes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from campaign.models import Unit
from core.enums import AreaKind
from core.models import Area
from riskmap.enums import RiskLevel
from riskmap.history import period_of
from riskmap.maps import LAYERS
from riskmap.models import Assessment, LevelSpan, MapEdition
from riskmap.published import levels_in


@dataclass(frozen=True, slots=True)
class Start:
    """A level, the day it is of, and the edition (id) that shows it; none where no edition does."""

    level: RiskLevel
    provisional: bool
    day: date
    edition: int | None


def starting_levels(*, units: Iterable[Unit], at: datetime) -> dict[int, Start]:
    """By unit (id), the level of its seat: as the last edition of the latest published day shows it, and
    where none does, as known on the last day shown.

    A hamlet stands on its own known level where it has one, else on its commune's. The units come with
    their seats and the seats' parents. A few queries a province, whatever the number of units.
    """
    by_province: dict[int, list[Unit]] = {}
    for unit in units:
        by_province.setdefault(unit.province_id, []).append(unit)
    return {
        unit: start
        for province, its in by_province.items()
        for unit, start in _of_province(province, its, at=at).items()
    }


def _of_province(province: int, units: list[Unit], *, at: datetime) -> dict[int, Start]:
    today = timezone.localdate(at)
    edition = _edition(province, at=at)
    shown = _shown(edition) if edition else {}
    day = edition.day if edition else _last_day(province, on=today)
    known = _known({area.pk for unit in units for area in _grounds(unit.seat)}, day) if day else {}
    return {unit.pk: _start(unit.seat, shown, known) or _nothing(day or today) for unit in units}


def _start(seat: Area, shown: dict[int, Start], known: dict[int, Start]) -> Start | None:
    for area in _grounds(seat):
        if area.pk in shown or area.pk in known:
            return shown.get(area.pk) or known[area.pk]
    return None


def _grounds(seat: Area) -> list[Area]:
    """The areas whose level may stand for the seat, the nearest first."""
    return [seat, seat.parent] if seat.kind == AreaKind.HAMLET else [seat]


def _edition(province: int, *, at: datetime) -> MapEdition | None:
    editions = MapEdition.objects.filter(province=province, published_at__lte=at)
    return editions.select_related("payload").order_by("-day", "-number").first()


def _shown(edition: MapEdition) -> dict[int, Start]:
    return {
        row.area_id: Start(row.level, row.provisional, edition.day, edition.pk)
        for row in levels_in(edition, kinds=LAYERS)
        if row.level
    }


def _last_day(province: int, *, on: date) -> date | None:
    assessment = Assessment.objects.filter(province=province).first()
    return min(period_of(assessment, on=on)[1], on) if assessment else None


def _known(areas: set[int], day: date) -> dict[int, Start]:
    spans = LevelSpan.objects.filter(area__in=areas, first_day__lte=day, last_day__gte=day)
    return {
        area: Start(RiskLevel(level), provisional, day, None)
        for area, level, provisional in spans.values_list("area_id", "level", "provisional")
        if level
    }


def _nothing(day: date) -> Start:
    return Start(RiskLevel.NO_DATA, False, day, None)
