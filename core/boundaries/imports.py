"""Boundaries come in: shapes find their areas, neighbours are found once, and the map bytes are made."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import numpy as np
import shapely
from django.utils.translation import gettext as _

from core.assets import put_asset
from core.audit import acting
from core.boundaries.neighbours import find_neighbours
from core.boundaries.shapes import RefusedShape, Shapes, UnusableShapeFile, read_shapes
from core.boundaries.topology import Layer, build_topology, simplify, tolerance_for
from core.enums import AreaKind
from core.models import Area, AreaBoundary, AreaNeighbour, BoundarySet, User
from core.vietnamese import closest

GAP_DEGREES = 0.0002  # about 20 m: narrower gaps between communes are drawing errors and are closed
WRITTEN_AT_ONCE = 1000


@dataclass
class ProvinceBoundaries:
    """What a file holds of one province, and the map bytes made of it."""

    province: Area
    communes: list[Area]
    missing: list[Area]  # communes without a shape
    topology: bytes
    neighbour_pairs: int = 0
    unchanged: bool = False
    boundary_set: BoundarySet | None = None


@dataclass
class BoundaryImport:
    """What an import of shapes found and, when committed, wrote."""

    shapes_read: int
    refused: list[RefusedShape]
    mended: bool  # gaps or overlaps of the file were closed
    provinces: list[ProvinceBoundaries] = field(default_factory=list)
    written: bool = False


def import_boundaries(
    *,
    path: Path,
    code_field: str,
    source: str,
    licence: str,
    schematic: bool = False,
    on: date | None = None,
    by: User,
    at: datetime,
    commit: bool,
    strict: bool = False,
) -> BoundaryImport:
    """Replace the shapes, neighbours and map bytes of the provinces that the file's communes belong to.

    Shapes find their commune by code, among the units valid on ``on`` (the latest ones when None). Earlier
    sets stay with their map bytes as history. The same file again changes nothing. With ``strict``
    nothing is written when any shape is refused.

    Raises ``UnusableShapeFile`` when nothing of the file can be used.
    """
    shapes = read_shapes(path=path, code_field=code_field)
    areas, known = _find_communes(shapes, on)
    result = BoundaryImport(len(shapes.codes) + len(shapes.refused), shapes.refused, mended=False)
    if not areas:
        raise UnusableShapeFile(
            _("Không mã nào của tệp là mã xã, phường đã nhập. Nhập đơn vị hành chính trước: import_areas.")
        )
    result.refused.sort(key=lambda refused: refused.number)
    originals = shapes.geometries[known]
    coverage, result.mended = _mend(originals, areas)
    ground = _Ground(areas, originals, coverage)
    result.provinces = [ground.boundaries_of(province) for province in ground.provinces]
    if commit and not (strict and result.refused):
        details = {
            "source": source,
            "licence": licence,
            "schematic": schematic,
            "file_name": path.name,
            "file_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        with acting(by=by, reason=_("Nhập ranh giới từ %(file)s") % {"file": path.name}):
            ground.write(result.provinces, details, by=by, at=at)
        result.written = True
    return result


def _find_communes(shapes: Shapes, on: date | None) -> tuple[list[Area], list[int]]:
    """The communes of the shapes and the shapes' places; unknown codes join ``shapes.refused``."""
    communes = Area.objects.of_kind(AreaKind.COMMUNE).select_related("parent__parent")
    communes = communes.valid_on(on) if on else communes.order_by("valid_from")
    found = {area.code: area for area in communes.filter(code__in=shapes.codes)}
    names: dict[str, str] | None = None
    areas, known = [], []
    for place, code in enumerate(shapes.codes):
        if code in found:
            areas.append(found[code])
            known.append(place)
            continue
        if names is None:
            names = dict(communes.exclude(code__in=list(found)).values_list("code", "name"))
        hint = _hint(code, shapes.names[place], names)
        message = _("Không có xã, phường nào mang mã %(code)s.") % {"code": code}
        shapes.refused.append(RefusedShape(shapes.numbers[place], code, message, hint))
    return areas, known


def _hint(code: str, name: str, names: dict[str, str]) -> str:
    bare = code.split(".")[0]
    if bare.isdecimal() and bare.zfill(5) in names and bare.zfill(5) != code:
        near = bare.zfill(5)
    else:
        near = closest(name, names) if name else None
    if near:
        return _("Tên gần nhất chưa có hình: %(name)s, mã %(code)s.") % {"name": names[near], "code": near}
    return _("Sửa mã trong tệp, hoặc nhập đơn vị này trước.")


def _mend(originals: np.ndarray, areas: list[Area]) -> tuple[np.ndarray, bool]:
    """An edge-matched coverage of the shapes, and whether anything had to be moved for it."""
    if shapely.coverage_is_valid(originals, gap_width=GAP_DEGREES):
        return originals, False
    coverage = shapely.coverage_clean(originals, gap_width=GAP_DEGREES, snapping_distance=GAP_DEGREES)
    swallowed = [area for area, shape in zip(areas, coverage, strict=True) if shapely.is_empty(shape)]
    if swallowed:
        raise UnusableShapeFile(
            _(
                "Hình của %(name)s (mã %(code)s) nằm hoàn toàn trong hình khác. "
                "Sửa phần chồng nhau rồi nhập lại."
            )
            % {"name": swallowed[0].name, "code": swallowed[0].code}
        )
    return coverage, True


def _label_points(shapes: np.ndarray) -> np.ndarray:
    """Centre of the widest circle inside each shape: (n, 2) degrees."""
    return shapely.get_coordinates(shapely.get_point(shapely.maximum_inscribed_circle(shapes), 0))


class _Ground:
    """The communes of a file on their coverage, and all that is derived from it."""

    def __init__(self, areas: list[Area], originals: np.ndarray, coverage: np.ndarray) -> None:
        self.areas, self.originals, self.coverage = areas, originals, coverage
        self.of_province: dict[Area, list[int]] = defaultdict(list)
        for place, area in enumerate(areas):
            self.of_province[self._province(area)].append(place)
        self.provinces = sorted(self.of_province, key=lambda province: province.code)
        self.pairs_inside: Counter[int] = Counter()  # of communes, by province
        self.links = self._links(*find_neighbours(coverage))
        self.shapes: dict[Area, tuple[object, np.ndarray]] = {}  # area: shape, label

    @staticmethod
    def _province(area: Area) -> Area:
        return area.parent if area.parent.kind == AreaKind.PROVINCE else area.parent.parent

    def _links(
        self, one: np.ndarray, other: np.ndarray, metres: np.ndarray
    ) -> dict[tuple[Area, Area], float]:
        """Metres of border between communes and between their districts, each pair once."""
        links: dict[tuple[Area, Area], float] = defaultdict(float)
        for i, j, length in zip(one.tolist(), other.tolist(), metres.tolist(), strict=True):
            a, b = self.areas[i], self.areas[j]
            links[a, b] += length
            if self._province(a) == self._province(b):
                self.pairs_inside[self._province(a).pk] += 1
            upper = sorted((a.parent, b.parent), key=lambda area: area.pk)
            if upper[0] != upper[1] and upper[0].kind == upper[1].kind == AreaKind.DISTRICT:
                links[tuple(upper)] += length
        return links

    def boundaries_of(self, province: Area) -> ProvinceBoundaries:
        places = np.array(self.of_province[province])
        communes = [self.areas[place] for place in places]
        coverage = self.coverage[places]
        districts = sorted(
            {area.parent for area in communes if area.parent != province}, key=lambda area: area.code
        )
        number = {district: place for place, district in enumerate(districts)}
        group = np.array([number.get(area.parent, 0) for area in communes])
        labels = _label_points(coverage)
        layers = [self._layer("commune", communes, np.arange(len(communes)), labels)]
        for area, shape, label in zip(communes, self.originals[places], labels, strict=True):
            self.shapes[area] = (shape, label)
        for name, areas, groups in (
            ("district", districts, group),
            ("province", [province], np.zeros(len(communes), int)),
        ):
            dissolved = np.array(
                [shapely.coverage_union_all(coverage[groups == place]) for place in range(len(areas))], object
            )
            labels = _label_points(dissolved)
            layers.append(self._layer(name, areas, groups, labels))
            self.shapes |= {area: (dissolved[i], labels[i]) for i, area in enumerate(areas)}
        topology = build_topology(shapes=simplify(coverage, tolerance=tolerance_for(coverage)), layers=layers)
        return ProvinceBoundaries(
            province=province,
            communes=communes,
            missing=self._missing(province, communes),
            topology=topology,
            neighbour_pairs=self.pairs_inside[province.pk],
        )

    @staticmethod
    def _layer(name: str, areas: list[Area], group: np.ndarray, labels: np.ndarray) -> Layer:
        return Layer(name, [area.code for area in areas], [area.name for area in areas], group, labels)

    @staticmethod
    def _missing(province: Area, communes: list[Area]) -> list[Area]:
        day = max(area.valid_from for area in communes)
        expected = Area.objects.hanging_from(province).of_kind(AreaKind.COMMUNE).valid_on(day)
        return list(expected.exclude(pk__in=[area.pk for area in communes]).in_vietnamese_order())

    def write(self, found: list[ProvinceBoundaries], details: dict, *, by: User, at: datetime) -> None:
        for boundaries in found:
            asset = put_asset(body=boundaries.topology, media_type="application/json", at=at)
            latest = BoundarySet.objects.filter(province=boundaries.province).order_by("-id").first()
            wanted = details | {"topology_id": asset.pk}
            boundaries.unchanged = latest is not None and all(
                getattr(latest, name) == value for name, value in wanted.items()
            )
            boundaries.boundary_set = latest if boundaries.unchanged else BoundarySet.objects.create(
                province=boundaries.province, imported_at=at, imported_by=by, **wanted
            )  # fmt: skip
        changed = [boundaries for boundaries in found if not boundaries.unchanged]
        if changed:
            self._replace(changed)

    def _replace(self, changed: list[ProvinceBoundaries]) -> None:
        ids = [boundaries.province.pk for boundaries in changed]
        for boundaries in changed:
            ids += Area.objects.hanging_from(boundaries.province).values_list("pk", flat=True)
        AreaBoundary.objects.filter(area__in=ids).delete()
        AreaNeighbour.objects.filter(area__in=ids, neighbour__in=ids).delete()
        for boundaries in changed:
            tiers = {
                boundaries.province,
                *boundaries.communes,
                *(area.parent for area in boundaries.communes),
            }
            AreaBoundary.objects.bulk_create(
                [self._boundary(area, boundaries.boundary_set) for area in sorted(tiers, key=lambda a: a.pk)],
                batch_size=WRITTEN_AT_ONCE,
            )
        written = set(ids)
        AreaNeighbour.objects.bulk_create(
            [
                AreaNeighbour(area=a, neighbour=b, border_m=round(metres, 1))
                for pair, metres in self.links.items()
                if pair[0].pk in written and pair[1].pk in written
                for a, b in (pair, pair[::-1])
            ],
            batch_size=WRITTEN_AT_ONCE,
        )

    def _boundary(self, area: Area, boundary_set: BoundarySet) -> AreaBoundary:
        shape, (lon, lat) = self.shapes[area]
        return AreaBoundary(
            area=area, boundary_set=boundary_set, shape=shapely.to_wkb(shape), label_lon=lon, label_lat=lat
        )
