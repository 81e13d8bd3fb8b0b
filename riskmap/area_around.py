"""What lies around an area and below it, and the level of each on a day, as seen from a viewpoint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.enums import AreaKind
from core.models import Area
from riskmap.as_of import Knowledge
from riskmap.colours import LOOKS, Look
from riskmap.enums import RiskLevel
from riskmap.maps import LAYERS
from riskmap.models import LevelSpan, MapEdition
from riskmap.viewpoint import PUBLISHED, Viewpoint
from riskmap.why import neighbours_of

#: What a level is to people: the level, and whether it is provisional.
Seen = tuple[RiskLevel, bool]


@dataclass(frozen=True, slots=True)
class AreaLevel:
    """Another area and its level on the day."""

    area: Area
    level: RiskLevel
    provisional: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``around`` are the neighbours of a commune, the other hamlets of a hamlet's commune, or what lies right
    below a district or province; ``hamlets`` are those of a commune."""

    around: Sequence[AreaLevel]
    hamlets: Sequence[AreaLevel]

    @property
    def hamlet_totals(self) -> list[tuple[Look, int]]:
        """How many hamlets have each level, the highest first."""
        counts = Counter(each.level for each in self.hamlets)
        return [(LOOKS[level], counts[level]) for level in sorted(counts, reverse=True)]


def surroundings_of(
    *, area: Area, day: date, viewpoint: Viewpoint, knowledge: Knowledge | None
) -> Surroundings:
    """``knowledge`` is what the viewpoint's instant knew. Three queries at most."""
    below = [] if area.kind == AreaKind.HAMLET else list(area.children.in_vietnamese_order())
    if area.kind == AreaKind.COMMUNE:
        around, hamlets = neighbours_of(area), below
    elif area.kind == AreaKind.HAMLET:
        around = list(area.parent.children.exclude(pk=area.pk).in_vietnamese_order())
        hamlets = []
    else:
        around, hamlets = [each for each in below if each.kind != AreaKind.HAMLET], []
    around, hamlets = _existing(around, day), _existing(hamlets, day)
    seen = levels_seen_of([*around, *hamlets], day=day, viewpoint=viewpoint, knowledge=knowledge)

    def with_levels(areas: list[Area]) -> list[AreaLevel]:
        return [AreaLevel(each, *seen.get(each.pk, (RiskLevel.NO_DATA, False))) for each in areas]

    return Surroundings(with_levels(around), with_levels(hamlets))


def _existing(areas: list[Area], day: date) -> list[Area]:
    return [each for each in areas if each.valid_to is None or each.valid_to >= day]


def levels_seen_of(
    areas: Sequence[Area], *, day: date, viewpoint: Viewpoint, knowledge: Knowledge | None
) -> dict[int, Seen]:
    """The levels of areas of any province, by id; those without one are absent. One query at most."""
    if knowledge:
        column, cells = knowledge.column_of(day), knowledge.cells()
        rows = {int(pk): row for row, pk in enumerate(knowledge.areas.ids)}
        return {each.pk: _read(cells[rows[each.pk], column]) for each in areas if each.pk in rows}
    if viewpoint.word == PUBLISHED:
        shown = _published(areas, day)
        return {
            each.pk: _read(shown[each.kind, each.code]) for each in areas if (each.kind, each.code) in shown
        }
    spans = LevelSpan.objects.filter(area__in=areas, first_day__lte=day, last_day__gte=day)
    return {span.area_id: (RiskLevel(span.level), span.provisional) for span in spans}


def _read(cell: int) -> Seen:
    return RiskLevel(int(cell) & 7), bool(int(cell) & 8)


def _published(areas: Sequence[Area], day: date) -> dict[tuple[str, str], int]:
    """By kind and code, what the last editions of the day of the areas' provinces say."""
    provinces = {area.path.split("/")[0] for area in areas}
    editions = MapEdition.objects.filter(province__code__in=provinces, day=day)
    shown = {}
    for codes, cells in (
        editions.order_by("province", "-number").distinct("province").values_list("codes", "cells")
    ):
        units = [
            (str(layer), code)
            for layer, names in zip(LAYERS, codes.split("|"), strict=True)
            for code in names.split()
        ]
        shown |= dict(zip(units, bytes(cells), strict=True))
    return shown
