"""The demo comes in by the same doors as a province's own data; what is there already is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import groupby
from pathlib import Path

from campaign.models import Campaign
from campaign.plans import SHIPPED, change_campaign, load_plan, read_plan
from campaign.standing import compute_standings
from core.enums import AreaKind
from core.errors import DomainError
from core.models import Area, BoundarySet, User
from demo.accounts import open_sample_accounts
from demo.living import Happened, ahead_of, live
from demo.ninh_thuan.competition import REGISTER_BY
from demo.ninh_thuan.days import ZONE, events
from demo.ninh_thuan.happenings import Acceptance, CutOff, Report
from demo.ninh_thuan.simulate import LAST_DAY
from riskmap.ground import take_areas, take_boundaries, take_hamlets
from riskmap.levels import reassess
from riskmap.maps import draw_frames, undrawn_provinces
from riskmap.models import Assessment, CountPost, CountSource, ProvincePolicy, StaleMark
from riskmap.policies import set_policy

HERE = Path(__file__).parent / "ninh_thuan"
PROVINCE = "58"
SINCE = date(2021, 1, 1)
REPORT_BY = time(16, 45)  # the story's districts report from four o'clock on
ACCOUNTS_OPENED_AT = datetime(2021, 7, 30, 8, tzinfo=ZONE)  # before the story, so that it tells them things


class DemoRefused(DomainError):
    """The province holds data of its own, which simulated numbers must not be mixed with."""

    code = "demo_refused"


def load_demo(*, by: User, at: datetime, through: date = LAST_DAY) -> Iterator[str]:
    """Bring in Ninh Thuận of 2021 and live its months again; yields a line for each step that did something.

    The counts are sent, accepted and corrected as they were, and every day's map is published at its cut-off,
    through the day ``through``. Each step is one transaction and is skipped when it was done before, so that
    a run that was broken off, even killed, is finished by the next. Through a day before the story: its
    ground and accounts alone. Raises ``DemoRefused``.
    """
    _refuse_to_mix(_province())
    ahead = ahead_of(_province(), events(through=through))
    yield from _prepare_ground(by=by, at=at)
    province = _province()
    yield from open_sample_accounts(province=province, at=ACCOUNTS_OPENED_AT)
    for month, together in groupby(
        live(province, ahead, since=SINCE), key=lambda happened: f"{happened.event.at:%m/%Y}"
    ):
        yield from _told(month, list(together))
    if _is_stale(province):
        reassess(provinces=[province], on=at.date(), at=at)
        yield "Mức độ nguy cơ: đã tính."
    if province in undrawn_provinces():
        draw_frames(province=province, on=at.date(), at=at)
        yield "Khung hình của bản đồ: đã vẽ."
    yield from rank(province, at=min(at, datetime.combine(through, time.max, ZONE)))


def rank(province: Area, *, at: datetime) -> Iterator[str]:
    """Compute the standings of the province's campaigns, as they were on each day up to ``at``."""
    for campaign in Campaign.objects.filter(province=province):
        if written := compute_standings(campaign=campaign, at=at):
            yield f"Xếp hạng {campaign.short_title}: {len(written)} bảng."


def _told(month: str, together: list[Happened]) -> Iterator[str]:
    """A line for the month, and one for the first thing that a visitor stood in the way of."""
    refused = [happened for happened in together if happened.refusal]
    done = [happened.event for happened in together if not happened.refusal]
    reports, rounds, editions = (
        sum(isinstance(event, kind) for event in done) for kind in (Report, Acceptance, CutOff)
    )
    yield f"Tháng {month}: {reports} lần báo cáo, {rounds} lần duyệt, {editions} bản đồ công bố."
    if refused:
        yield f"  {len(refused)} việc không sống lại được, việc đầu tiên: {refused[0].refusal}"


def _refuse_to_mix(province: Area | None) -> None:
    own = CountSource.objects.filter(province=province).exists()
    if own and not ProvincePolicy.objects.filter(province=province, simulated=True).exists():
        raise DemoRefused(
            f"{province.name} đã có số ca của mình; số mô phỏng không trộn vào. "
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
    if not ProvincePolicy.objects.filter(province=province, simulated=True).exists():
        set_policy(province=province, simulated=True, report_by=REPORT_BY, by=by)
        yield f"{province.name}: mọi trang ghi rõ là số liệu mô phỏng."
    yield from _load_plan(province, by=by, at=at)
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


def _load_plan(province: Area, *, by: User, at: datetime) -> Iterator[str]:
    """The province's own plan, which guards the days of its phases. A visitor's is left alone."""
    if Campaign.objects.filter(province=province).exists():
        return
    loaded = load_plan(plan=read_plan(SHIPPED / "ninh_thuan_2021.toml"), by=by, at=at)
    campaign = Campaign.objects.get(province=province)
    campaign.register_by = REGISTER_BY
    change_campaign(campaign=campaign, by=by, at=at, reason="Sở Nội vụ đặt hạn đăng ký (mẫu)")
    yield f"Phong trào thi đua: {loaded.values['short_title']}, {len(loaded.parts['phases'])} đợt."


def _province() -> Area | None:
    return Area.objects.of_kind(AreaKind.PROVINCE).valid_on(SINCE).filter(code=PROVINCE).first()


def _is_stale(province: Area) -> bool:
    if not CountPost.objects.filter(province=province).exists():
        return False
    return (
        StaleMark.objects.filter(province=province).exists()
        or not Assessment.objects.filter(province=province).exists()
    )
