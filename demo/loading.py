"""The demo comes in by the same doors as a province's own data; what is there already is left alone."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from core.enums import AreaKind
from core.errors import DomainError
from core.models import Area, BoundarySet, User
from demo.ninh_thuan.simulate import COMPLETE, WITH_GAPS, file_name
from riskmap.declarations import declare_fact
from riskmap.enums import FactKind
from riskmap.ground import take_areas, take_boundaries
from riskmap.imports import commit_batch, preview_batch
from riskmap.imports.batches import AlreadyImported
from riskmap.levels import reassess
from riskmap.maps import draw_frames, undrawn_provinces
from riskmap.models import Assessment, CountSource, DeclaredFact, StaleMark
from riskmap.policies import set_policy

HERE = Path(__file__).parent / "ninh_thuan"
PROVINCE = "58"
SINCE = date(2021, 1, 1)
SOURCE = "Số liệu mô phỏng"


class DemoRefused(DomainError):
    """The province holds data of its own, which simulated numbers must not be mixed with."""

    code = "demo_refused"


def load_demo(*, by: User, at: datetime) -> Iterator[str]:
    """Bring in Ninh Thuận of 2021 with simulated counts; yields a line for each step that did something.

    Each step is one transaction and is skipped when it was done before, so that a run that was broken
    off is finished by the next. Raises ``DemoRefused``.
    """
    province = _province()
    if province is None:
        result = take_areas(
            path=HERE / "units.csv",
            valid_from=SINCE,
            legal_basis="Danh mục của Tổng cục Thống kê năm 2021; số dân là số minh họa",
            by=by,
            at=at,
            commit=True,
        )
        yield f"Đơn vị hành chính: {len(result.created)} đơn vị."
        province = _province()
    if CountSource.objects.filter(province=province).exclude(name=SOURCE).exists():
        raise DemoRefused(
            f"{province.name} đã có số ca của nguồn khác; số mô phỏng không trộn vào. "
            "Dùng một cơ sở dữ liệu khác cho bản trình diễn (VAR_DIR=…)."
        )
    if set_policy(province=province, simulated=True, by=by).changed:
        yield f"{province.name}: mọi trang ghi rõ là số liệu mô phỏng."
    if not BoundarySet.objects.filter(province=province).exists():
        result = take_boundaries(
            path=HERE / "map.geojson",
            code_field="code",
            source="Sơ đồ của dự án, mỗi xã một ô lục giác",
            licence="theo giấy phép của dự án",
            schematic=True,
            by=by,
            at=at,
            commit=True,
        )
        yield f"Bản đồ dạng sơ đồ: {len(result.provinces[0].communes)} ô."
    yield from _load_counts(province, by=by, at=at)
    yield from _declare_facts(province, by=by, at=at)
    if _is_stale(province):
        reassess(provinces=[province], on=at.date(), at=at)
        yield "Mức độ nguy cơ: đã tính."
    if province in undrawn_provinces():
        draw_frames(province=province, on=at.date(), at=at)
        yield "Khung hình của bản đồ: đã vẽ."


def _province() -> Area | None:
    return Area.objects.of_kind(AreaKind.PROVINCE).valid_on(SINCE).filter(code=PROVINCE).first()


def _load_counts(province: Area, *, by: User, at: datetime) -> Iterator[str]:
    for first, last in sorted((*COMPLETE, *WITH_GAPS)):
        name = file_name(first, last)
        complete = (first, last) if (first, last) in COMPLETE else None
        try:
            with (HERE / "counts" / name).open("rb") as file:
                batch = preview_batch(
                    file=file, name=name, province=province, source=SOURCE, by=by, at=at, zero_fill=complete
                ).batch
            commit_batch(batch=batch, by=by, at=at, strict=True)
        except AlreadyImported:
            continue
        yield f"Số ca {first:%d/%m/%Y}–{last:%d/%m/%Y}: {batch.rows_accepted} dòng."


def _declare_facts(province: Area, *, by: User, at: datetime) -> Iterator[str]:
    names = {area.name.removeprefix(area.type_word).strip(): area for area in _communes(province)}
    with (HERE / "facts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            fact = {"area": names[row["commune"]], "kind": row["kind"], "since": row["since"]}
            if DeclaredFact.objects.filter(**fact).exists():
                continue
            declared = declare_fact(
                area=fact["area"],
                kind=FactKind(row["kind"]),
                since=date.fromisoformat(row["since"]),
                until=date.fromisoformat(row["until"]),
                document=row["document"],
                by=by,
                at=at,
            )
            yield f"Khai báo: {declared}."


def _communes(province: Area):
    return Area.objects.under(province).of_kind(AreaKind.COMMUNE).valid_on(SINCE)


def _is_stale(province: Area) -> bool:
    return (
        StaleMark.objects.filter(province=province).exists()
        or not Assessment.objects.filter(province=province).exists()
    )
