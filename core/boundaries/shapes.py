"""Shapes as people have them: GeoJSON, Shapefile or GeoPackage, in any coordinate system."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pyogrio
import shapely
from django.utils.translation import gettext as _
from pyogrio.errors import DataLayerError, DataSourceError, FieldError
from pyogrio.raw import read

from core.errors import DomainError

FORMATS = {".geojson": "GeoJSON", ".json": "GeoJSON", ".shp": "ESRI Shapefile", ".gpkg": "GPKG"}
NAME_FIELDS = ("name", "ten", "ten_xa", "tenxa", "ten_dvhc", "name_3")
DEGREES = "EPSG:4326"

# GDAL reprojects while it reads, so that no second projection library is needed.
_WARPED = """<OGRVRTDataSource><OGRVRTWarpedLayer><OGRVRTLayer name={name}>
<SrcDataSource>{path}</SrcDataSource><SrcLayer>{layer}</SrcLayer></OGRVRTLayer>
<TargetSRS>{crs}</TargetSRS></OGRVRTWarpedLayer></OGRVRTDataSource>"""


class UnusableShapeFile(DomainError):
    """The file of shapes cannot be used at all: nothing of it was taken."""

    code = "unusable_shape_file"


@dataclass(frozen=True)
class RefusedShape:
    """A shape that was not taken: its place in the file (from 1), its code, what is wrong, what to do."""

    number: int
    code: str
    message: str
    hint: str


@dataclass(frozen=True)
class Shapes:
    """Shapes with their codes, in degrees (EPSG:4326); ``numbers`` are their places in the file, from 1."""

    codes: list[str]
    names: list[str]
    numbers: list[int]
    geometries: np.ndarray
    refused: list[RefusedShape]


def read_shapes(*, path: Path, code_field: str) -> Shapes:
    """Read the first layer of ``path``: one polygon for each code, in degrees.

    Shapes without a code, without an area, invalid, or of a code already met are refused one by one.
    Raises ``UnusableShapeFile`` when the file is no such file, has no such field or no place on earth.
    """
    fields, geometries = _read(path)
    column = _field(fields, code_field)
    names = next((fields[name] for name in fields if name.casefold() in NAME_FIELDS), None)
    codes = [_text(value) for value in fields[column]]
    faults = _faults(geometries)
    kept, refused, met = [], [], {}
    for place, code in enumerate(codes):
        fault = faults.get(place)
        if not code:
            fault = (_("Không có mã ở trường “%(field)s”.") % {"field": column}, _("Điền mã đơn vị."))
        elif code in met:
            fault = (
                _("Mã này đã có ở hình thứ %(number)d.") % {"number": met[code] + 1},
                _("Gộp các phần của một đơn vị thành một hình, hoặc sửa mã."),
            )
        if fault:
            refused.append(RefusedShape(place + 1, code, *fault))
        else:
            met[code] = place
            kept.append(place)
    if not kept:
        raise UnusableShapeFile(_("Không có hình nào dùng được. %(first)s") % {"first": _first(refused)})
    _check_on_earth(geometries[kept])
    return Shapes(
        codes=[codes[place] for place in kept],
        names=[_text(names[place]) if names is not None else "" for place in kept],
        numbers=[place + 1 for place in kept],
        geometries=geometries[kept],
        refused=refused,
    )


def _read(path: Path) -> tuple[dict[str, np.ndarray], np.ndarray]:
    expected = FORMATS.get(path.suffix.casefold())
    if expected is None:
        raise UnusableShapeFile(
            _("Không nhận tệp “%(name)s”. Dùng GeoJSON (.geojson), Shapefile (.shp) hoặc GeoPackage (.gpkg).")
            % {"name": path.name}
        )
    if not path.is_file():
        raise UnusableShapeFile(_("Không thấy tệp %(path)s.") % {"path": path})
    try:
        info = pyogrio.read_info(path)
        if not info["driver"].startswith(expected):
            raise UnusableShapeFile(
                _("Nội dung tệp là %(found)s, không phải %(expected)s như tên tệp ghi.")
                % {"found": info["driver"], "expected": expected}
            )
        source: Path | str = path
        if info["crs"] not in (None, DEGREES, "OGC:CRS84"):
            source = _WARPED.format(
                name=quoteattr(info["layer_name"]), layer=escape(info["layer_name"]),
                path=escape(str(path.resolve())), crs=DEGREES,
            )  # fmt: skip
        meta, _fids, wkb, columns = read(source, force_2d=True)
    except (DataSourceError, DataLayerError, FieldError, UnicodeDecodeError) as error:
        raise UnusableShapeFile(_("Không đọc được tệp: %(why)s") % {"why": error}) from error
    if wkb is None or not len(wkb):
        raise UnusableShapeFile(_("Tệp không có hình nào."))
    return dict(zip(meta["fields"].tolist(), columns, strict=True)), shapely.from_wkb(
        wkb, on_invalid="ignore"
    )


def _field(fields: dict[str, np.ndarray], wanted: str) -> str:
    for name in fields:
        if name.casefold() == wanted.casefold():
            return name
    raise UnusableShapeFile(
        _(
            "Không có trường “%(wanted)s”. Các trường của tệp: %(fields)s. "
            "Ghi --code-field là trường chứa mã đơn vị."
        )
        % {"wanted": wanted, "fields": ", ".join(fields) or "–"}
    )


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value).strip()


def _faults(geometries: np.ndarray) -> dict[int, tuple[str, str]]:
    missing = shapely.is_missing(geometries) | shapely.is_empty(geometries)
    polygonal = np.isin(shapely.get_type_id(geometries), (3, 6))
    invalid = ~shapely.is_valid(geometries)
    faults = {}
    for place in np.flatnonzero(missing | ~polygonal | invalid).tolist():
        if missing[place]:
            faults[place] = (_("Không có hình."), _("Vẽ hình cho đơn vị này, hoặc xóa dòng."))
        elif not polygonal[place]:
            faults[place] = (_("Hình không phải đa giác."), _("Dùng lớp đa giác của ranh giới."))
        else:
            reason = shapely.is_valid_reason(geometries[place])
            faults[place] = (
                _("Hình không hợp lệ: %(reason)s.") % {"reason": reason},
                _("Sửa hình bằng công cụ “Fix geometries” của QGIS rồi nhập lại."),
            )
    return faults


def _check_on_earth(geometries: np.ndarray) -> None:
    west, south, east, north = shapely.total_bounds(geometries)
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise UnusableShapeFile(
            _(
                "Tọa độ không phải kinh độ, vĩ độ, và tệp không ghi hệ tọa độ. "
                "Thêm tệp .prj hoặc chuyển sang WGS 84."
            )
        )


def _first(refused: list[RefusedShape]) -> str:
    one = refused[0]
    return _("Hình thứ %(number)d: %(message)s %(hint)s") % {
        "number": one.number, "message": one.message, "hint": one.hint,
    }  # fmt: skip
