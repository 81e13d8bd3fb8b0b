"""Sample accounts of the demo, one for each role, with a password everybody knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.enums import Role
from core.models import Area, User
from core.people import appoint_administrator, change_own_password, give_grant, open_account, system_user

PASSWORD = "xanh-la-cay-2021"


@dataclass(frozen=True)
class Sample:
    """An account and its role in an area of the demo (by code)."""

    username: str
    full_name: str
    post: str
    role: Role
    area: str


SAMPLES = (
    Sample("quan-tri", "Trần Minh Quân", "Quản trị hệ thống", Role.ADMINISTRATOR, "58"),
    Sample("so-y-te", "Nguyễn Thị Hạnh", "Sở Y tế", Role.HEALTH, "58"),
    Sample("so-y-te-2", "Trương Công Định", "Sở Y tế", Role.HEALTH, "58"),
    Sample("so-noi-vu", "Lê Văn Phúc", "Sở Nội vụ", Role.HOME_AFFAIRS, "58"),
    Sample("so-noi-vu-2", "Nguyễn Thùy Linh", "Sở Nội vụ", Role.HOME_AFFAIRS, "58"),
    Sample("so-tttt", "Phạm Quốc Bảo", "Sở Thông tin và Truyền thông", Role.OPERATOR, "58"),
    Sample("van-phong", "Võ Thị Mai", "Văn phòng UBND tỉnh", Role.CHAIRMAN_OFFICE, "58"),
    Sample("lanh-dao", "Đặng Hữu Nghĩa", "Lãnh đạo, theo dõi chung", Role.VIEWER, "58"),
    Sample("ninh-phuoc", "Bá Trung Dũng", "Phòng Y tế huyện Ninh Phước", Role.DISTRICT_STAFF, "587"),
    Sample("phan-rang", "Đinh Thị Thùy Trang", "Phòng Nội vụ thành phố", Role.DISTRICT_STAFF, "582"),
    Sample("bac-ai", "Pinăng Văn Hùng", "Phòng Nội vụ huyện Bác Ái", Role.DISTRICT_STAFF, "584"),
    Sample("ninh-son", "Phạm Thị Diệu", "Phòng Nội vụ huyện Ninh Sơn", Role.DISTRICT_STAFF, "585"),
    Sample("ninh-hai", "Ngô Thanh Bình", "Phòng Nội vụ huyện Ninh Hải", Role.DISTRICT_STAFF, "586"),
    Sample("thuan-bac", "Mang Thị Lệ", "Phòng Nội vụ huyện Thuận Bắc", Role.DISTRICT_STAFF, "588"),
    Sample("thuan-nam", "Sử Văn Hòa", "Phòng Nội vụ huyện Thuận Nam", Role.DISTRICT_STAFF, "589"),
    Sample("phuoc-dan", "Thị Kim Lan", "Trạm Y tế thị trấn Phước Dân", Role.COMMUNE_STAFF, "22870"),
)


def open_sample_accounts(*, province: Area, at: datetime) -> Iterator[str]:
    """Open the accounts that are not there yet, a line for each; the first gives the others their grants."""
    there = set(User.objects.values_list("username", flat=True))
    areas = {area.code: area for area in Area.objects.under(province)}
    administrator = None
    for sample in SAMPLES:
        if sample.username not in there:
            account, _temporary = open_account(
                username=sample.username,
                full_name=sample.full_name,
                post=sample.post,
                by=system_user(),
                at=at,
                reason="Tài khoản mẫu của bản trình diễn",
            )
            change_own_password(user=account, password=PASSWORD)
            yield f"Tài khoản mẫu {sample.username}: đã mở."
        account = User.objects.get(username=sample.username)
        if sample.role == Role.ADMINISTRATOR:
            administrator = account
        if account.grants.exists():
            continue
        area = areas[sample.area]
        if account == administrator:
            appoint_administrator(user=account, area=area, at=at)
        else:
            today = at.date()
            give_grant(
                user=account,
                role=sample.role,
                area=area,
                valid_from=today,
                valid_to=None,
                by=administrator,
                at=at,
            )
