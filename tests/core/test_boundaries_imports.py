import csv
import gzip
import json
from datetime import date, datetime

import numpy as np
import pyogrio
import pytest
import shapely
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from shapely import box

from core.boundaries.imports import import_boundaries
from core.boundaries.shapes import UnusableShapeFile
from core.models import Area, AreaBoundary, AreaNeighbour, BoundarySet
from core.people import system_user
from riskmap.models import StaleMark
from tests.core.topojson import decode
from tests.factories import CommuneFactory, DistrictFactory, ProvinceFactory

pytestmark = pytest.mark.django_db

AT = timezone.make_aware(datetime(2021, 8, 1, 8))
REAL = {
    "58": "58_ninh_thuan_communes_2021_gadm41_clean.geojson",
    "79": "79_ho_chi_minh_wards_2021_cityscope_clean.geojson",
}


@pytest.fixture
def province():
    """Four communes in a row, two in each of two districts."""
    province = ProvinceFactory(code="58", name="Tỉnh Ninh Thuận")
    districts = [DistrictFactory(code=code, parent=province) for code in ("582", "584")]
    for place, (code, name) in enumerate(
        [("00001", "Phường Đô Vinh"), ("00002", "Xã Hai"), ("00003", "Xã Phước Bình"), ("00004", "Xã Bốn")]
    ):
        CommuneFactory(code=code, name=name, parent=districts[place // 2])
    return province


def strip(place, width=0.1):
    return box(108 + place * width, 11, 108 + (place + 1) * width, 11.1)


ROW = [(f"0000{place + 1}", "", strip(place)) for place in range(4)]


@pytest.fixture
def write(tmp_path):
    def write(features, field="code", name="shapes.geojson"):
        path = tmp_path / name
        path.write_text(
            json.dumps(
                {
                    "type": "FeatureCollection",
                    "features": [
                        {
                            "type": "Feature",
                            "properties": {field: code, "ten_xa": title},
                            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
                        }
                        for code, title, shape in features
                    ],
                }
            )
        )
        return path

    return write


def take(path, *, commit=True, **options):
    wanted = {"code_field": "code", "source": "vẽ tay", "licence": "CC0", "by": system_user(), "at": AT}
    return import_boundaries(path=path, commit=commit, **(wanted | options))


def test_import_keeps_shapes_of_every_tier_neighbours_and_map_bytes(province, write):
    result = take(write(ROW))

    (found,) = result.provinces
    assert (result.shapes_read, result.refused, result.mended, found.missing) == (4, [], False, [])
    assert set(AreaBoundary.objects.values_list("area__code", flat=True)) == {
        "58", "582", "584", "00001", "00002", "00003", "00004",
    }  # fmt: skip
    kept = AreaBoundary.objects.get(area__code="00002")
    assert shapely.equals(shapely.from_wkb(bytes(kept.shape)), strip(1))
    assert (kept.label_lon, kept.label_lat) == pytest.approx((108.15, 11.05), abs=0.01)
    stored = BoundarySet.objects.get()
    assert (stored.province, stored.source, stored.licence, stored.schematic) == (
        province,
        "vẽ tay",
        "CC0",
        False,
    )
    assert (stored.imported_at, stored.imported_by, stored.file_name) == (AT, system_user(), "shapes.geojson")
    topology = json.loads(bytes(stored.topology.body))
    assert topology["objects"]["commune"]["geometries"][0]["properties"]["name"] == "Phường Đô Vinh"
    assert decode(bytes(stored.topology.body), "district").keys() == {"582", "584"}


def test_neighbours_are_kept_in_both_directions_for_communes_and_districts(province, write):
    take(write(ROW))

    links = set(AreaNeighbour.objects.values_list("area__code", "neighbour__code"))
    expected = {("00001", "00002"), ("00002", "00003"), ("00003", "00004"), ("582", "584")}
    assert links == expected | {(b, a) for a, b in expected}
    border = AreaNeighbour.objects.get(area__code="00001", neighbour__code="00002").border_m
    assert border == pytest.approx(11_120, rel=0.01)


def test_preview_writes_nothing(province, write):
    result = take(write(ROW), commit=False)

    assert result.provinces[0].neighbour_pairs == 3
    assert not result.written
    assert not BoundarySet.objects.exists()
    assert not AreaBoundary.objects.exists()


def test_same_file_again_changes_nothing(province, write):
    path = write(ROW)
    take(path)
    kept = set(AreaBoundary.objects.values_list("pk", flat=True))

    result = take(path)

    assert result.provinces[0].unchanged
    assert BoundarySet.objects.count() == 1
    assert set(AreaBoundary.objects.values_list("pk", flat=True)) == kept


def test_new_file_replaces_shapes_and_neighbours_and_keeps_the_old_map_bytes(province, write):
    take(write(ROW))

    take(write([ROW[0], ROW[2]]))

    assert BoundarySet.objects.count() == 2
    assert not AreaNeighbour.objects.filter(area__kind="commune").exists()
    assert AreaBoundary.objects.filter(area__kind="commune").count() == 2
    assert {boundary.boundary_set for boundary in AreaBoundary.objects.all()} == {
        BoundarySet.objects.latest()
    }


def test_renamed_commune_makes_new_map_bytes_of_the_same_file(province, write):
    path = write(ROW)
    take(path)
    Area.objects.filter(code="00002").update(name="Xã Hải")

    result = take(path)

    assert not result.provinces[0].unchanged
    assert BoundarySet.objects.latest().topology != BoundarySet.objects.earliest("id").topology


def test_communes_without_a_shape_are_told(province, write):
    result = take(write(ROW[:3]))

    assert [area.code for area in result.provinces[0].missing] == ["00004"]


@pytest.mark.parametrize(
    ("feature", "number", "says", "hint"),
    [
        (("00009", "phước binh", strip(8)), 2, "00009", "00003"),
        (("2", "", strip(8)), 2, "mang mã 2", "00002"),
        (("2.0", "", strip(8)), 2, "mang mã 2.0", "00002"),
        (("x", "Kỳ lạ", strip(8)), 2, "mang mã x", "Sửa mã"),
        (("", "", strip(8)), 2, "Không có mã", "Điền"),
        (("00001", "", strip(8)), 2, "hình thứ 1", "Gộp"),
        (("00002", "", None), 2, "Không có hình", "Vẽ"),
        (("00002", "", shapely.Polygon()), 2, "Không có hình", "Vẽ"),
        (("00002", "", shapely.Point(108, 11)), 2, "đa giác", "đa giác"),
        (
            ("00002", "", shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])),
            2,
            "không hợp lệ",
            "Fix geometries",
        ),
    ],
)
def test_bad_shape_is_refused_with_its_place_and_the_rest_written(
    province, write, feature, number, says, hint
):
    result = take(write([ROW[0], feature, ROW[3]]))

    (refused,) = result.refused
    assert refused.number == number
    assert says in refused.message
    assert hint in refused.hint
    assert set(AreaBoundary.objects.filter(area__kind="commune").values_list("area__code", flat=True)) == {
        "00001", "00004",
    }  # fmt: skip


def test_strict_writes_nothing_when_a_shape_is_refused(province, write):
    result = take(write([*ROW, ("", "", strip(8))]), strict=True)

    assert not result.written
    assert not BoundarySet.objects.exists()


def test_unusable_files_are_refused_whole(province, write, tmp_path):
    (tmp_path / "a.geojson").write_text("không phải JSON")
    (tmp_path / "a.pdf").write_text("x")
    far = [(code, name, shapely.transform(shape, lambda xy: xy * 10_000)) for code, name, shape in ROW]
    cases = [
        (tmp_path / "a.geojson", "Không đọc được"),
        (tmp_path / "a.pdf", "GeoPackage"),
        (tmp_path / "none.shp", "Không thấy"),
        (write(ROW, field="ma", name="b.geojson"), "Các trường của tệp: ma"),
        (write([("", "", strip(0))], name="c.geojson"), "Không có hình nào dùng được"),
        (write([("77777", "", strip(0))], name="d.geojson"), "import_areas"),
        (write(far, name="e.geojson"), "hệ tọa độ"),
        (write([], name="f.geojson"), "không có hình nào|trường"),
    ]

    for path, says in cases:
        with pytest.raises(UnusableShapeFile, match=says):
            take(path)

    assert not BoundarySet.objects.exists()


def test_gaps_and_overlaps_are_closed_before_neighbours_are_found(province, write):
    sloppy = [
        ("00001", "", box(108, 11, 108.1, 11.1)),
        ("00002", "", box(108.1001, 11, 108.2001, 11.1)),  # about 10 m apart
        ("00003", "", box(108.2, 11, 108.3, 11.1)),  # about 10 m of overlap
    ]

    result = take(write(sloppy))

    assert result.mended
    links = set(
        AreaNeighbour.objects.filter(area__kind="commune").values_list("area__code", "neighbour__code")
    )
    assert links == {("00001", "00002"), ("00002", "00001"), ("00002", "00003"), ("00003", "00002")}
    kept = shapely.from_wkb(bytes(AreaBoundary.objects.get(area__code="00002").shape))
    assert kept.bounds == pytest.approx((108.1001, 11, 108.2001, 11.1))


def test_sliver_between_two_communes_is_closed(province, write):
    left = shapely.Polygon([(108, 11), (108.1, 11), (108.1, 11.05), (108.1, 11.1), (108, 11.1)])
    right = shapely.Polygon([(108.1, 11), (108.2, 11), (108.2, 11.1), (108.1, 11.1), (108.1001, 11.05)])

    result = take(write([("00001", "", left), ("00002", "", right)]))

    assert result.mended
    assert result.provinces[0].neighbour_pairs == 1


def test_shape_inside_another_is_refused(province, write):
    with pytest.raises(UnusableShapeFile, match="nằm hoàn toàn trong"):
        take(write([ROW[0], ("00002", "", strip(0).buffer(-0.02)), ROW[3]]))


@pytest.mark.parametrize(("suffix", "driver"), [("shp", "ESRI Shapefile"), ("gpkg", "GPKG")])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32649"])
def test_other_formats_and_coordinate_systems_give_the_same_map(
    province, write, tmp_path, suffix, driver, crs
):
    source, path = write(ROW), tmp_path / f"shapes.{suffix}"
    if crs != "EPSG:4326":
        source = (
            f'<OGRVRTDataSource><OGRVRTWarpedLayer><OGRVRTLayer name="shapes"><SrcDataSource>{source}'
            f"</SrcDataSource></OGRVRTLayer><TargetSRS>{crs}</TargetSRS></OGRVRTWarpedLayer></OGRVRTDataSource>"
        )
    meta, _fids, geometry, fields = pyogrio.raw.read(source)
    pyogrio.raw.write(
        path,
        geometry,
        fields,
        meta["fields"],
        geometry_type="Polygon",
        crs=crs,
        driver=driver,
        layer="shapes",
    )

    result = take(path, code_field="CODE")

    assert result.provinces[0].neighbour_pairs == 3
    back = decode(result.provinces[0].topology, "commune")
    for place in range(4):
        assert back[f"0000{place + 1}"].symmetric_difference(strip(place)).area < 1e-5


def test_shapes_of_two_provinces_make_two_maps_and_touch_across_the_border(province, write):
    other = ProvinceFactory(code="56")
    CommuneFactory(code="00005", parent=DistrictFactory(parent=other))

    result = take(write([*ROW, ("00005", "", strip(4))]))

    assert [found.province.code for found in result.provinces] == ["56", "58"]
    assert [found.neighbour_pairs for found in result.provinces] == [0, 3]
    assert AreaNeighbour.objects.filter(area__code="00004", neighbour__code="00005").exists()
    assert decode(result.provinces[1].topology, "commune").keys() == {code for code, _name, _shape in ROW}


def test_shapes_go_to_the_units_of_the_given_day(province, write):
    Area.objects.update(valid_to=date(2025, 6, 30))
    since = date(2025, 7, 1)
    newer = ProvinceFactory(code="58", valid_from=since)
    CommuneFactory(code="00001", parent=newer, valid_from=since)

    take(write(ROW), on=date(2021, 8, 1))
    take(write(ROW[:1]))

    assert AreaBoundary.objects.filter(area__parent__parent=province).count() == 4
    assert AreaBoundary.objects.get(area__parent=newer, area__kind="commune").area.valid_from == since
    assert AreaNeighbour.objects.filter(area__parent__parent=province).count() == 6

    assert set(BoundarySet.objects.values_list("province__valid_from", flat=True)) == {
        province.valid_from, since,
    }  # fmt: skip


def test_command_writes_marks_the_levels_stale_and_exports_neighbours(province, write, capsys):
    call_command("import_boundaries", write(ROW), source="vẽ tay", licence="CC0", commit=True)
    assert "4 xã, 3 cặp giáp ranh" in capsys.readouterr().out
    assert StaleMark.objects.get().province == province

    call_command("export_neighbours", province="58")

    assert capsys.readouterr().out.splitlines() == [
        "code,neighbour",
        "00001,00002", "00002,00001", "00002,00003", "00003,00002", "00003,00004", "00004,00003",
    ]  # fmt: skip


def test_command_exit_codes(province, write, capsys):
    options = {"source": "vẽ tay", "licence": "CC0", "commit": True}

    with pytest.raises(CommandError) as unusable:
        call_command("import_boundaries", write(ROW, field="ma"), **options)
    with pytest.raises(CommandError) as partly:
        call_command("import_boundaries", write([*ROW, ("", "", strip(8))]), **options)
    with pytest.raises(CommandError) as unknown:
        call_command("export_neighbours", province="99")

    assert [refusal.value.returncode for refusal in (unusable, partly, unknown)] == [2, 3, 2]
    assert BoundarySet.objects.count() == 1
    assert "Hình 5" in capsys.readouterr().err


@pytest.mark.skipif(
    not settings.SHARED_DATA.exists(), reason="shared/data is not here (SHARED_DATA): real shapes not checked"
)
@pytest.mark.parametrize(
    ("code", "communes", "districts", "limit"), [("58", 65, 7, 12_000), ("79", 312, 22, 60_000)]
)
def test_real_shapes_make_a_small_map_and_the_right_neighbours(code, communes, districts, limit):
    units = settings.SHARED_DATA / "units" / "units_58_79_2021_with_population.csv"
    path = settings.SHARED_DATA / "boundaries" / REAL[code]
    call_command("import_areas", units, valid_from=date(2021, 7, 1), commit=True)

    result = take(path)

    (found,) = result.provinces
    assert (len(found.communes), found.missing, result.refused, result.mended) == (communes, [], [], False)
    assert len(gzip.compress(found.topology, 9)) < limit
    assert len(decode(found.topology, "district")) == districts
    meta, _fids, wkb, fields = pyogrio.raw.read(path)
    shapes = dict(zip(fields[meta["fields"].tolist().index("code")], shapely.from_wkb(wkb), strict=True))
    drawn = decode(found.topology, "commune")
    for commune, shape in shapes.items():
        assert drawn[commune].is_valid
        assert drawn[commune].area == pytest.approx(shape.area, rel=0.03)
        label = AreaBoundary.objects.get(area__code=commune)
        assert shape.contains(shapely.Point(label.label_lon, label.label_lat))
    assert shapely.coverage_is_valid(shapely.set_precision(list(drawn.values()), 1e-7))
    with (settings.SHARED_DATA.parent / "data" / "units" / units.name).open(encoding="utf-8") as file:
        assert {row["code"] for row in csv.DictReader(file) if row["province_code"] == code} == set(shapes)
    # The same question asked in another way: the length of what two shapes have in common.
    names, geometries = np.array(list(shapes)), np.array(list(shapes.values()), object)
    one, other = shapely.STRtree(geometries).query(geometries, predicate="intersects")
    common = shapely.length(shapely.intersection(geometries[one], geometries[other]))
    touching = (one != other) & (common > 0)
    assert set(
        AreaNeighbour.objects.filter(area__kind="commune").values_list("area__code", "neighbour__code")
    ) == set(zip(names[one[touching]], names[other[touching]], strict=True))
