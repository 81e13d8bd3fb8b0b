"""What people wrote, what was inspected and what units told of themselves; all of it made up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from demo.ninh_thuan.competition import CLERK, COMMUNE, COMMUNE_CLERK, OFFICE, moment

HEALTH_OFFICER = "so-y-te"


@dataclass(frozen=True)
class Hearing:
    """Somebody writes about a commune."""

    at: datetime
    commune: str
    kind: str
    text: str
    contact: str = ""


@dataclass(frozen=True)
class Replying:
    """The latest about the commune is answered and published, or set aside (without a ``public_text``)."""

    at: datetime
    by: str
    commune: str
    words: str
    public_text: str = ""


@dataclass(frozen=True)
class Planning:
    at: datetime
    by: str
    department: str
    commune: str
    purpose: str
    planned_on: date


@dataclass(frozen=True)
class Visiting:
    """The inspection of the commune is held; ``asked`` is to be put right by ``due_on``."""

    at: datetime
    by: str
    commune: str
    findings: str
    asked: str
    due_on: date


@dataclass(frozen=True)
class Mending:
    """The commune says what it did, or (``closes``) the inspectors say that it is well."""

    at: datetime
    by: str
    commune: str
    words: str
    closes: bool = False


@dataclass(frozen=True)
class Writing:
    """A unit writes in its diary, and hands it to the level above."""

    at: datetime
    by: str
    commune: str
    happened_on: date
    title: str
    text: str


@dataclass(frozen=True)
class Approving:
    """The level above makes the commune's latest entry public."""

    at: datetime
    by: str
    commune: str
    good_practice: bool


Watch = Hearing | Replying | Planning | Visiting | Mending | Writing | Approving


def watches() -> Iterator[Watch]:
    """All of it, in no order."""
    yield from _voices()
    yield from _inspections()
    yield from _diaries()


def _voices() -> Iterator[Hearing | Replying]:
    yield Hearing(
        moment(9, 2, 19, 5),
        COMMUNE,
        "breach",
        "Quán cà phê cạnh chợ vẫn bán cho khách ngồi tại chỗ sau 18 giờ, chiều nào cũng đông.",
        contact="0900 000 000",
    )
    yield Replying(
        moment(9, 3, 9, 5),
        CLERK,
        COMMUNE,
        "Tổ kiểm tra đã đến tối 02/9, nhắc nhở và lập biên bản; quán chỉ còn bán mang về.",
        "Một quán cà phê gần chợ còn bán cho khách ngồi tại chỗ buổi tối.",
    )
    yield Hearing(
        moment(9, 6, 7, 35),
        "22873",
        "praise",
        "Thôn tự lập tổ đi chợ hộ, ai cũng có rau ăn, không phải ra khỏi nhà. Mong nơi khác làm theo.",
    )
    yield Replying(
        moment(9, 6, 15, 5),
        CLERK,
        "22873",
        "Cảm ơn bà con. Xã sẽ giới thiệu cách làm này với các thôn khác.",
        "Thôn tự lập tổ đi chợ hộ, không ai phải ra khỏi nhà.",
    )
    yield Hearing(moment(10, 4, 21, 5), "22888", "breach", "asdf asdf bán hàng giá rẻ liên hệ")
    yield Replying(moment(10, 5, 8, 5), CLERK, "22888", "Quảng cáo, không phải phản ánh.")
    yield Hearing(
        moment(12, 29, 20, 5),
        COMMUNE,
        "breach",
        "Chốt ở đầu khu phố 5 bỏ trống từ 21 giờ, xe lạ ra vào không ai hỏi.",
    )


def _inspections() -> Iterator[Planning | Visiting | Mending]:
    yield Planning(
        moment(9, 6, 14, 5),
        OFFICE,
        "home_affairs",
        COMMUNE,
        "Chốt kiểm soát, sổ theo dõi người ra vào, cam kết của hộ kinh doanh",
        date(2021, 9, 9),
    )
    yield Visiting(
        moment(9, 9, 16, 5),
        OFFICE,
        COMMUNE,
        "Chốt có đủ người, sổ ghi đầy đủ. Ba hộ kinh doanh ở chợ chưa ký cam kết.",
        "Vận động ba hộ kinh doanh ở chợ ký cam kết.",
        date(2021, 9, 15),
    )
    yield Mending(moment(9, 14, 10, 5), COMMUNE_CLERK, COMMUNE, "Ba hộ đã ký ngày 13/9, danh sách lưu ở xã.")
    yield Mending(moment(9, 15, 8, 5), OFFICE, COMMUNE, "Đã xem danh sách.", closes=True)
    yield Planning(
        moment(12, 6, 9, 5),
        HEALTH_OFFICER,
        "health",
        "22876",
        "Phương án cách ly tại nhà, thuốc và trang bị của trạm y tế",
        date(2021, 12, 10),
    )
    yield Visiting(
        moment(12, 10, 15, 5),
        HEALTH_OFFICER,
        "22876",
        "Trạm có phương án; tủ thuốc thiếu máy đo nồng độ oxy.",
        "Bổ sung hai máy đo nồng độ oxy cho trạm y tế.",
        date(2021, 12, 24),
    )
    yield Planning(
        moment(12, 28, 9, 5),
        OFFICE,
        "home_affairs",
        "22738",
        "Kết quả giữ vùng xanh hai tháng cuối năm",
        date(2022, 1, 12),
    )


def _diaries() -> Iterator[Writing | Approving]:
    yield Writing(
        moment(9, 5, 16, 5),
        COMMUNE_CLERK,
        COMMUNE,
        date(2021, 9, 4),
        "Mỗi khu phố một tổ đi chợ hộ",
        "Mười hai khu phố của thị trấn lập tổ đi chợ hộ, mỗi tổ năm người. Hộ dân nhắn danh sách "
        "trước 20 giờ, tổ mua ở chợ đầu mối lúc 4 giờ sáng và giao tận ngõ. Chợ vắng hẳn so với tuần trước.",
    )
    yield Approving(moment(9, 6, 8, 35), CLERK, COMMUNE, good_practice=True)
    yield Writing(
        moment(10, 6, 9, 35),
        CLERK,
        "22873",
        date(2021, 10, 5),
        "Xã xanh trở lại sau mười bảy ngày",
        "Tổ COVID cộng đồng đi từng nhà hai lần một ngày; người có triệu chứng được xét nghiệm trong ngày. "
        "Từ 05/10 xã không còn ca mới trong cộng đồng.",
    )
    yield Approving(moment(10, 6, 15, 35), OFFICE, "22873", good_practice=False)
    yield Writing(
        moment(12, 29, 9, 35),
        COMMUNE_CLERK,
        COMMUNE,
        date(2021, 12, 28),
        "Nhắc nhau đeo khẩu trang bằng tiếng Chăm",
        "Loa truyền thanh các khu phố có đồng bào Chăm phát hai thứ tiếng, sáng và chiều.",
    )
