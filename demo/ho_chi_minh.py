"""Hồ Chí Minh City on its real counts of 2021, where the folder of real data is at hand; none of it is ours.

The counts were published in 2021 and are brought in today: of their days nothing was published by this
portal, so the city shows, and ranks by, what is known. The file ends before the 15 days of the plan do; the
days after it have no reports.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from campaign.models import Campaign
from campaign.plans import SHIPPED, load_plan, read_plan
from core.enums import AreaKind
from core.models import Area, BoundarySet, User
from demo.loading import rank
from riskmap.ground import take_areas, take_boundaries
from riskmap.imports import commit_batch, preview_batch
from riskmap.levels import reassess
from riskmap.maps import draw_frames, undrawn_provinces
from riskmap.models import Assessment, CountPost, ProvincePolicy, StaleMark
from riskmap.policies import set_policy

PROVINCE = "79"
UNITS = Path("units") / "units_58_79_2021_with_population.csv"
BOUNDARIES = Path("boundaries") / "79_ho_chi_minh_wards_2021_cityscope_clean.geojson"
COUNTS = Path("counts") / "79_hcmc_ward_daily_f0_2021-04-27_2021-07-13.csv"
SINCE = date(2021, 1, 1)
COMPLETE = (date(2021, 4, 27), date(2021, 7, 12))  # the days of which the file has every published case


def load_city(*, folder: Path, by: User, at: datetime) -> Iterator[str]:
    """Bring the city in from ``folder``; each step is skipped when it was done before."""
    missing = [str(part) for part in (UNITS, BOUNDARIES, COUNTS) if not (folder / part).is_file()]
    if missing:
        yield f"Thành phố Hồ Chí Minh: không có số liệu thật ở đây ({', '.join(missing)}), không nạp."
        return
    yield from _prepare_ground(folder, by=by, at=at)
    city = _city()
    if not Campaign.objects.filter(province=city).exists():
        loaded = load_plan(plan=read_plan(SHIPPED / "ho_chi_minh_2021.toml"), by=by, at=at)
        yield f"Phong trào thi đua: {loaded.values['short_title']}."
    if not CountPost.objects.filter(province=city).exists():
        with (folder / COUNTS).open("rb") as content:
            preview = preview_batch(
                file=content,
                name=COUNTS.name,
                province=city,
                source="Bản đồ nguy cơ quốc gia, số đã công bố năm 2021",
                zero_fill=COMPLETE,
                by=by,
                at=at,
            )
        posted = commit_batch(batch=preview.batch, by=by, at=at)
        yield f"Số ca thật của Thành phố: {posted.new} dòng."
    if StaleMark.objects.filter(province=city).exists() or not _assessed(city):
        reassess(provinces=[city], on=at.date(), at=at)
    if city in undrawn_provinces():
        draw_frames(province=city, on=at.date(), at=at)
        yield "Bản đồ Thành phố: đã tính, đã vẽ."
    yield from rank(city, at=at)


def _prepare_ground(folder: Path, *, by: User, at: datetime) -> Iterator[str]:
    if _city() is None:
        with TemporaryDirectory() as room:
            units = _own_units(folder / UNITS, Path(room) / UNITS.name)
            basis = "Danh mục của Tổng cục Thống kê, ngày 01/7/2021; dân số ngày 01/4/2019"
            result = take_areas(path=units, valid_from=SINCE, legal_basis=basis, by=by, at=at, commit=True)
        yield f"Thành phố Hồ Chí Minh: {len(result.created)} đơn vị hành chính."
    city = _city()
    if not ProvincePolicy.objects.filter(province=city).exists():
        # Their numbers were published long ago; nobody is asked to accept them again.
        set_policy(province=city, approval=False, report_by="never", by=by)
    if not BoundarySet.objects.filter(province=city).exists():
        take_boundaries(
            path=folder / BOUNDARIES,
            code_field="code",
            source="Ranh giới phường, xã Thành phố Hồ Chí Minh năm 2021, Cityscope",
            licence="chưa rõ, chỉ để xem thử",
            by=by,
            at=at,
            commit=True,
        )
        yield "Ranh giới Thành phố: đã nạp."


def _own_units(units: Path, own: Path) -> Path:
    """The city's rows of the file, which has another province as well."""
    with (
        units.open(encoding="utf-8", newline="") as source,
        own.open("w", encoding="utf-8", newline="") as out,
    ):
        rows = csv.DictReader(source)
        writer = csv.DictWriter(out, rows.fieldnames)
        writer.writeheader()
        writer.writerows(row for row in rows if row["province_code"] == PROVINCE)
    return own


def _city() -> Area | None:
    return Area.objects.of_kind(AreaKind.PROVINCE).filter(code=PROVINCE).order_by("-valid_from").first()


def _assessed(city: Area) -> bool:
    return Assessment.objects.filter(province=city).exists()
