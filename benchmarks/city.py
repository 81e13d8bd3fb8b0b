"""The places whose maps are measured: a city of 312 communes, the demo's schematic, a nation as one map.

The city is the real one where its data are at hand, else one made up.
"""

from __future__ import annotations

import io
import json
import tempfile
from contextlib import redirect_stdout
from datetime import datetime
from pathlib import Path

import numpy as np
import shapely
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks.loading import at_noon, load_nation
from benchmarks.nation import CITY, Nation, make_counts, make_nation
from core.enums import AreaKind
from core.models import Area
from core.people import system_user
from demo.loading import PROVINCE as DEMO_PROVINCE
from demo.loading import load_demo
from riskmap.levels import reassess
from riskmap.maps import draw_frames

CODE = "79"
UNITS = "units/units_58_79_2021_with_population.csv"
SHAPES = "boundaries/79_ho_chi_minh_wards_2021_cityscope_clean.geojson"
COUNTS = "counts/79_hcmc_ward_daily_f0_2021-04-27_2021-07-13.csv"
COMPLETE = "2021-04-27..2021-07-12"

DAYS, DISTRICTS = 80, 22
NATION_DAYS = 400


def load_city(*, at: datetime) -> tuple[Area, str]:
    """Load, assess and draw it through the portal's own commands; returns it and words on what it is."""
    data = settings.SHARED_DATA
    if all((data / name).exists() for name in (UNITS, SHAPES, COUNTS)):
        said = "real shapes and counts"
        _command("import_areas", data / UNITS, valid_from="2021-07-01", commit=True)
        _command("import_boundaries", data / SHAPES, source="CityScope", licence="none-stated", commit=True)
        said_of_it = ("--province", CODE, "--source", "public-map", "--zero-fill", COMPLETE, "--commit")
        _command("import_counts", data / COUNTS, *said_of_it)
        province = Area.objects.get(code=CODE)
    else:
        said = "made-up shapes and counts: SHARED_DATA is not here"
        province = _made_up(make_nation(communes=CITY, districts=DISTRICTS, provinces=1), days=DAYS)
    _draw(province, at=at)
    return province, said


def load_nation_as_one_map(*, at: datetime) -> Area:
    """10,600 communes with made-up shapes under one province: the largest map anyone could ask for."""
    province = _made_up(make_nation(provinces=1), days=NATION_DAYS)
    _draw(province, at=at)
    return province


def load_schematic(*, at: datetime) -> Area:
    """The demo's province on its schematic map, through the day the demo ends."""
    for _step in load_demo(by=system_user(), at=at):
        pass
    vacuum()
    return Area.objects.get(code=DEMO_PROVINCE, kind=AreaKind.PROVINCE)


def vacuum() -> None:
    """As autovacuum does within minutes."""
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def _draw(province: Area, *, at: datetime) -> None:
    reassess(on=at.date(), at=at, provinces=[province])
    draw_frames(province=province, on=at.date(), at=at)
    vacuum()


def _made_up(nation: Nation, *, days: int) -> Area:
    loaded = load_nation(nation)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "city.geojson"
        path.write_text(json.dumps(make_shapes(nation, [area.code for area in loaded.communes])))
        _command("import_boundaries", path, source="đo tốc độ", licence="không", commit=True)
    loaded.post_days(make_counts(nation, days=days), first=0, last=days - 1, at=at_noon(days - 1))
    return loaded.provinces[0]


def make_shapes(nation: Nation, codes: list[str]) -> dict:
    """Cells around the communes' points, about half a kilometre across, with bent borders."""
    points = 106.4 + nation.points[:, 0] * 0.02, 10.4 + nation.points[:, 1] * 0.02
    cloud = shapely.multipoints(np.stack(points, axis=1))
    cells = shapely.voronoi_polygons(cloud, extend_to=shapely.box(*shapely.bounds(cloud)), ordered=True)
    cells = shapely.segmentize(shapely.get_parts(cells), 0.0005)
    cells = shapely.transform(shapely.set_precision(cells, 1e-7), _bend)
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"code": code}, "geometry": shapely.geometry.mapping(cell)}
            for code, cell in zip(codes, cells, strict=True)
        ],
    }


def _bend(points: np.ndarray) -> np.ndarray:
    """The same for both sides of a border, so that cells still meet."""
    wave = np.sin(points * 2000) * 0.0002 + np.sin(points * 700) * 0.0006
    return points + wave[:, ::-1]


def _command(name: str, *arguments: object, **options: object) -> None:
    with redirect_stdout(io.StringIO()):
        call_command(name, *map(str, arguments), **options)
