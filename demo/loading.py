"""The demo comes in by the same doors as a province's own data; what is there already is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from django.db.models import Max

from core.enums import AreaKind
from core.errors import DomainError
from core.models import Area, BoundarySet, User
from demo.accounts import open_sample_accounts
from demo.ninh_thuan.days import CutOff, Declaration, Event, Report, events
from demo.ninh_thuan.simulate import LAST_DAY
from riskmap.counts import CountRow, Coverage, post_counts
from riskmap.declarations import declare_fact
from riskmap.editions import publish
from riskmap.enums import FactKind
from riskmap.ground import take_areas, take_boundaries, take_hamlets
from riskmap.levels import reassess
from riskmap.maps import draw_frames, undrawn_provinces
from riskmap.models import Assessment, CountPost, CountSource, DeclaredFact, MapEdition, StaleMark
from riskmap.policies import set_policy
from riskmap.sources import ensure_source

HERE = Path(__file__).parent / "ninh_thuan"
PROVINCE = "58"
SINCE = date(2021, 1, 1)
SOURCE = "Số liệu mô phỏng"
HEALTH_OFFICER = "so-y-te"


class DemoRefused(DomainError):
    """The province holds data of its own, which simulated numbers must not be mixed with."""

    code = "demo_refused"


def load_demo(*, by: User, at: datetime, through: date = LAST_DAY) -> Iterator[str]:
    """Bring in Ninh Thuận of 2021 and live its months again; yields a line for each step that did something.

    The counts are posted as they came in and every day's map is published at its cut-off, through the day
    ``through``. Each step is one transaction and is skipped when it was done before, so that a run that was
    broken off, even killed, is finished by the next. Raises ``DemoRefused``.
    """
    ahead = _not_yet_done(_province(), events(through=through))
    if ahead:
        _refuse_to_mix(_province())
    yield from _prepare_ground(by=by, at=at)
    province = _province()
    yield from open_sample_accounts(province=province, at=at)
    officer = User.objects.get(username=HEALTH_OFFICER)
    for month, together in groupby(live(province, ahead, by=officer), key=lambda event: f"{event.at:%m/%Y}"):
        done = list(together)
        yield (
            f"Tháng {month}: {sum(isinstance(event, Report) for event in done)} lần báo cáo, "
            f"{sum(isinstance(event, CutOff) for event in done)} bản đồ công bố."
        )
    if _is_stale(province):
        reassess(provinces=[province], on=at.date(), at=at)
        yield "Mức độ nguy cơ: đã tính."
    if province in undrawn_provinces():
        draw_frames(province=province, on=at.date(), at=at)
        yield "Khung hình của bản đồ: đã vẽ."


def live(province: Area, ahead: list[Event], *, by: User) -> Iterator[Event]:
    """Let the events happen one after another, each in a transaction of its own; yields each when it is."""
    source = ensure_source(province=province, name=SOURCE, by=by) if ahead else None
    areas = {area.code: area for area in Area.objects.under(province).valid_on(SINCE)}
    names = {
        area.name.removeprefix(area.type_word).strip(): area
        for area in areas.values()
        if area.kind == AreaKind.COMMUNE
    }
    for event in ahead:
        match event:
            case Report():
                _post(event, source=source, areas=areas, by=by)
            case Declaration():
                declare_fact(
                    area=names[event.commune],
                    kind=FactKind(event.kind),
                    since=event.since,
                    until=event.until,
                    document=event.document,
                    by=by,
                    at=event.at,
                )
            case CutOff():
                publish(province=province, cut_off=event.at, at=event.published_at, by=by)
        yield event


def _post(report: Report, *, source: CountSource, areas: dict[str, Area], by: User) -> None:
    post_counts(
        source=source,
        rows=[CountRow(areas[code].pk, day, None, *numbers) for (code, day), numbers in report.rows.items()],
        coverages=[
            Coverage(areas[code], report.day, report.day, AreaKind(kind), contacts=True)
            for code, kind in report.complete_under
        ],
        reason=report.reason,
        by=by,
        at=report.at,
    )


def _not_yet_done(province: Area | None, story: list[Event]) -> list[Event]:
    """Events happen in order, each leaves a trace with its own instant: those after the last trace."""
    posts = CountPost.objects.filter(source__province=province, source__name=SOURCE)
    if province is None or not posts.exists():
        return story
    declared = DeclaredFact.objects.filter(area__in=Area.objects.under(province))
    traces = (
        posts.aggregate(last=Max("posted_at"))["last"],
        MapEdition.objects.filter(province=province).aggregate(last=Max("cut_off"))["last"],
        declared.aggregate(last=Max("declared_at"))["last"],
    )
    last = max(filter(None, traces))
    return [event for event in story if event.at > last]


def _refuse_to_mix(province: Area | None) -> None:
    if CountSource.objects.filter(province=province).exclude(name=SOURCE).exists():
        raise DemoRefused(
            f"{province.name} đã có số ca của nguồn khác; số mô phỏng không trộn vào. "
            "Dùng một cơ sở dữ liệu khác cho bản trình diễn (VAR_DIR=…)."
        )


def _prepare_ground(*, by: User, at: datetime) -> Iterator[str]:
    """Units, hamlets, the map's shapes, and the word that all of it is simulated."""
    province = _province()
    if province is None:
        basis = "Danh mục của Tổng cục Thống kê năm 2021; số dân là số minh họa"
        result = take_areas(
            path=HERE / "units.csv", valid_from=SINCE, legal_basis=basis, by=by, at=at, commit=True
        )
        yield f"Đơn vị hành chính: {len(result.created)} đơn vị."
        province = _province()
    if not Area.objects.under(province).of_kind(AreaKind.HAMLET).exists():
        result = take_hamlets(path=HERE / "hamlets.csv", valid_from=SINCE, by=by, commit=True)
        yield f"Thôn, khu phố: {len(result.created)} đơn vị minh họa."
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


def _province() -> Area | None:
    return Area.objects.of_kind(AreaKind.PROVINCE).valid_on(SINCE).filter(code=PROVINCE).first()


def _is_stale(province: Area) -> bool:
    return (
        StaleMark.objects.filter(province=province).exists()
        or not Assessment.objects.filter(province=province).exists()
    )
