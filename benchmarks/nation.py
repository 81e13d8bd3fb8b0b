"""A nation of numbers: provinces, districts and communes on a plane, and waves of cases over them.

Nothing here is real. Sizes follow Vietnam's of 2021, and the counts have the density and the clustering
of ``docs/benchmarks.md``: about one commune-day in ten has cases, in waves that spread between neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely

FIRST_DAY = date(2021, 1, 1)
SEED = 2686

#: What an average commune lives through: how many waves, and how long each has cases.
WAVES, WAVE_DAYS = 2.6, 21.0
#: The share of days within a wave that have cases.
BUSY = 0.85
NEIGHBOURS = 5.6
#: The first province is of the size of Hồ Chí Minh City.
CITY = 312


@dataclass(frozen=True, slots=True, eq=False)
class Nation:
    """Communes 0 … n-1, grouped by district and these by province."""

    province: np.ndarray  # int32 (n,)
    district: np.ndarray  # int32 (n,)
    population: np.ndarray  # int32 (n,)
    points: np.ndarray  # float64 (n, 2): where they lie, about one apart
    borders: np.ndarray  # int32 (m, 2): pairs of communes that touch, each once

    @property
    def communes(self) -> int:
        return len(self.province)


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """The commune-days with cases, ordered by commune and day: parallel int32 arrays, days from 0."""

    commune: np.ndarray
    day: np.ndarray
    unknown_source: np.ndarray
    known_source: np.ndarray
    isolated: np.ndarray

    def between(self, first: int, last: int) -> Counts:
        chosen = (self.day >= first) & (self.day <= last)
        return Counts(*(getattr(self, name)[chosen] for name in self.__slots__))

    def rows(self) -> Iterator[tuple[int, int, int, int, int]]:
        return zip(*(getattr(self, name).tolist() for name in self.__slots__), strict=True)


def make_nation(
    *, communes: int = 10_600, districts: int = 705, provinces: int = 63, seed: int = SEED
) -> Nation:
    """Compact provinces of uneven size on a jittered grid, cut again into districts."""
    random = np.random.default_rng(seed)
    points = _scatter(random, communes)
    city = [CITY] if provinces > 1 and communes > 2 * CITY else []
    shares = random.lognormal(0, 0.25, provinces - len(city))
    province = np.empty(communes, np.int32)
    sizes = city + _apportion(communes - sum(city), shares)
    _divide(points, np.arange(communes), sizes, province, 0)
    district = np.empty(communes, np.int32)
    first = 0
    for place, many in enumerate(_apportion(districts, np.array(sizes, float))):
        inside = np.flatnonzero(province == place)
        _divide(points, inside, _apportion(len(inside), np.ones(many)), district, first)
        first += many
    order = np.lexsort((district, province))
    return Nation(
        province[order],
        district[order],
        random.lognormal(8.9, 0.6, communes).astype(np.int32),
        points[order],
        _borders(points[order]),
    )


def make_counts(nation: Nation, *, days: int, seed: int = SEED) -> Counts:
    """Waves that begin somewhere and reach the communes around it some days later."""
    random = np.random.default_rng(seed + 1)
    reach = _outbreaks(random, nation, days)
    length = random.gamma(4.0, WAVE_DAYS / 4.0, len(reach)).astype(int) + 1
    commune = np.repeat(reach[:, 0], length)
    since = np.arange(length.sum()) - np.repeat(length.cumsum() - length, length)
    day = np.repeat(reach[:, 1], length) + since
    # A wave swells and ebbs; most of its days have a few cases, its middle many.
    height = np.sin(np.pi * (since + 0.5) / np.repeat(length, length)) * np.repeat(
        random.lognormal(0.6, 0.8, len(reach)), length
    )
    busy = (random.random(len(day)) < BUSY) & (day >= 0) & (day < days)
    cases = 1 + random.poisson(height[busy])
    key, where = np.unique(commune[busy] * days + day[busy], return_inverse=True)
    cases = np.bincount(where, cases, len(key)).astype(np.int64)
    unknown = random.binomial(cases, 0.2)
    known = random.binomial(cases - unknown, 0.6)
    columns = (key // days, key % days, unknown, known, cases - unknown - known)
    return Counts(*(column.astype(np.int32) for column in columns))


def _scatter(random: np.random.Generator, many: int) -> np.ndarray:
    side = int(np.ceil(np.sqrt(many)))
    grid = np.stack(np.divmod(np.arange(many), side), axis=1).astype(float)
    return grid + random.uniform(-0.45, 0.45, (many, 2))


def _apportion(total: int, shares: np.ndarray) -> list[int]:
    """Whole numbers of at least 1 that add up to ``total``, nearly in proportion."""
    edges = np.round((total - len(shares)) * np.concatenate([[0], shares.cumsum()]) / shares.sum())
    return (np.diff(edges).astype(int) + 1).tolist()


def _divide(points: np.ndarray, inside: np.ndarray, sizes: list[int], out: np.ndarray, name: int) -> None:
    """Cut the points along their longer side until each part has one of the sizes; number the parts."""
    if len(sizes) == 1:
        out[inside] = name
        return
    half = len(sizes) // 2
    axis = np.ptp(points[inside], axis=0).argmax()
    ordered = inside[np.argsort(points[inside, axis])]
    cut = sum(sizes[:half])
    _divide(points, ordered[:cut], sizes[:half], out, name)
    _divide(points, ordered[cut:], sizes[half:], out, name + half)


def _borders(points: np.ndarray) -> np.ndarray:
    """The Delaunay neighbours without the longest links, which only corners would touch along."""
    triangles = shapely.delaunay_triangles(shapely.multipoints(points))
    corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[:, :3]
    index = {tuple(point): row for row, point in enumerate(points.tolist())}
    rows = np.array([[index[tuple(corner)] for corner in each] for each in corners.tolist()])
    links = np.unique(np.sort(rows[:, [[0, 1], [1, 2], [0, 2]]].reshape(-1, 2), axis=1), axis=0)
    lengths = np.linalg.norm(points[links[:, 0]] - points[links[:, 1]], axis=1)
    kept = np.sort(np.argsort(lengths, kind="stable")[: int(len(points) * NEIGHBOURS / 2)])
    return links[kept].astype(np.int32)


def _outbreaks(random: np.random.Generator, nation: Nation, days: int) -> np.ndarray:
    """Commune and first day (which may lie before the series) of each wave: int64 (waves, 2)."""
    both = np.concatenate([nation.borders, nation.borders[:, ::-1]])
    both = both[np.argsort(both[:, 0], kind="stable")]
    starts = np.searchsorted(both[:, 0], np.arange(nation.communes + 1))
    # Two seasons, as in a country where the disease came twice.
    centres = 0.3 * days, 0.75 * days
    waves: list[tuple[int, int]] = []
    wanted = int(WAVES * nation.communes)
    while len(waves) < wanted:
        seat = int(random.integers(nation.communes))
        day = int(random.normal(random.choice(centres), 0.16 * days))
        reached = {seat}
        edge = [seat]
        waves.append((seat, day))
        for ring in range(1, 4):
            around = {int(c) for here in edge for c in both[starts[here] : starts[here + 1], 1]} - reached
            edge = [c for c in sorted(around) if random.random() < 0.55 / ring]
            waves += [(c, day + 4 * ring + int(random.integers(-3, 4))) for c in edge]
            reached |= around
    return np.array(waves, np.int64)
