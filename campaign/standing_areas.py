"""The areas of a province as rows of arrays: the ground on which units compete."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Q

from core.enums import AreaKind
from core.models import Area
from riskmap.facts import find_rows

_FAR = date.max.toordinal()


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Every area of a province, of any time: one row each. Days are proleptic ordinals."""

    ids: np.ndarray  # int64 (areas,)
    parent: np.ndarray  # int64 rows, -1 above the province
    kind: np.ndarray  # str, as in AreaKind
    valid_from: np.ndarray  # int64; the province's oldest list has no beginning
    valid_to: np.ndarray
    population: np.ndarray  # int64, 0 where it is not known
    codes: tuple[str, ...]
    names: tuple[str, ...]
    paths: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def rows_of(self, ids: np.ndarray) -> np.ndarray:
        """The row of each area id, -1 where it is not here."""
        return find_rows(self.ids, ids)

    def exist_on(self, day: date) -> np.ndarray:
        ordinal = day.toordinal()
        return (self.valid_from <= ordinal) & (self.valid_to >= ordinal)

    def counted(self) -> np.ndarray:
        """The rows cases are counted in; a district and a province have those of their communes."""
        return np.flatnonzero((self.kind == AreaKind.COMMUNE) | (self.kind == AreaKind.HAMLET))

    def upwards(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What the communes among ``rows`` are counted in besides: places in ``rows``, and rows above."""
        place = np.flatnonzero(self.kind[rows] == AreaKind.COMMUNE)
        places, above = [], []
        up = self.parent[rows[place]]
        while len(place):
            place, up = place[up >= 0], up[up >= 0]
            places.append(place)
            above.append(up)
            up = self.parent[up]
        return np.concatenate([[], *places]).astype(np.int64), np.concatenate([[], *above]).astype(np.int64)

    def people_on(self, day: date) -> np.ndarray:
        """int64 (areas,): an area without a number of its own has that of its communes, if all are known."""
        communes = np.flatnonzero((self.kind == AreaKind.COMMUNE) & self.exist_on(day))
        place, above = self.upwards(communes)
        people = self.population[communes[place]]
        total = np.bincount(above, people, len(self)).astype(np.int64)
        unknown = np.bincount(above, people == 0, len(self)) > 0
        return np.where((self.population == 0) & ~unknown, total, self.population)

    def district_of(self, row: int) -> int:
        """The row of the district an area lies in, or is; -1 for a province and where there is none."""
        while row >= 0 and self.kind[row] != AreaKind.DISTRICT:
            row = int(self.parent[row])
        return row


def ground_of(province: Area) -> Ground:
    """All areas of the province's own time. One query."""
    areas = Area.objects.under(province).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=province.valid_from)
    )
    if province.valid_to:
        areas = areas.filter(valid_from__lte=province.valid_to)
    columns = ("pk", "parent", "kind", "valid_from", "valid_to", "population", "code", "name", "path")
    rows = list(areas.order_by("valid_from", "pk").values_list(*columns))
    ids, parents, kinds, begins, ends, people, codes, names, paths = (
        zip(*rows, strict=True) if rows else [()] * 9
    )
    kind = np.array(kinds, "U10")
    valid_from = np.array([day.toordinal() for day in begins], np.int64)
    communes = valid_from[kind == AreaKind.COMMUNE]
    if len(communes):  # the oldest list that is known stands for the days before it, as in riskmap.facts
        valid_from[valid_from <= communes.min()] = 0
    keys = np.array(ids, np.int64)
    return Ground(
        ids=keys,
        parent=find_rows(keys, np.array([parent or 0 for parent in parents], np.int64)),
        kind=kind,
        valid_from=valid_from,
        valid_to=np.array([day.toordinal() if day else _FAR for day in ends], np.int64),
        population=np.array([number or 0 for number in people], np.int64),
        codes=codes,
        names=names,
        paths=paths,
    )
