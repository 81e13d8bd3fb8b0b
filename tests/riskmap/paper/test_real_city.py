"""The city of 312 wards on A3: whole, legible where it is crowded, and soon."""

import io
import time
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from pypdf import PdfReader

from core.enums import AreaKind
from core.models import Area
from riskmap.levels import reassess
from riskmap.paper.sheets import sheet_of
from tests.riskmap.paper.test_documents import SEAL, draw, text_of
from tests.riskmap.province import AT

UNITS = settings.SHARED_DATA / "units" / "units_58_79_2021_with_population.csv"
SHAPES = settings.SHARED_DATA / "boundaries" / "79_ho_chi_minh_wards_2021_cityscope_clean.geojson"
COUNTS = settings.SHARED_DATA / "counts" / "79_hcmc_ward_daily_f0_2021-04-27_2021-07-13.csv"
DAY = date(2021, 7, 12)
SECONDS = 2.0

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not settings.SHARED_DATA.exists(), reason="shared/data is not here (SHARED_DATA): the city not drawn"
    ),
]


def test_city_is_drawn_whole_with_its_middle_enlarged():
    call_command("import_areas", UNITS, valid_from=date(2021, 4, 1), commit=True)
    call_command("import_boundaries", SHAPES, source="Cityscope", licence="không ghi", commit=True)
    filled = "--zero-fill=2021-04-27..2021-07-12"
    call_command("import_counts", COUNTS, filled, province="79", source="bản đồ quốc gia", commit=True)
    city = Area.objects.get(code="79", kind=AreaKind.PROVINCE)
    reassess(provinces=[city], on=DAY, at=AT)
    sheet = sheet_of(province="79", day=DAY, layer="commune", view="known", on=DAY)

    taken = []
    for _time in range(2):
        begun = time.perf_counter()
        pdf = draw(sheet, "pdf", "a3")
        taken.append(time.perf_counter() - begun)

    text = text_of(pdf)
    assert "Tổng số đơn vị 312" in text
    assert "lần phần trong khung" in text
    assert all(row.name.replace("  ", " ") in text for row in sheet.rows if row.kind == AreaKind.COMMUNE)
    assert SEAL.code in text
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2
    assert min(taken) < SECONDS
