"""How the first phase was awarded in the sample province: who proposed whom, what came of it. Made up."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from demo.ninh_thuan.competition import CLERK, COMMUNE_CLERK, DISTRICT, OFFICE, SECOND_OFFICE, moment
from demo.ninh_thuan.happenings import ZONE
from demo.ninh_thuan.simulate import HERE
from demo.ninh_thuan.watching import HEALTH_OFFICER

FIRST, SECOND = "dot-1", "dot-2"
CHAIRMAN_OFFICE = "van-phong"
CITY, NINH_HAI, NINH_SON, THUAN_BAC, THUAN_NAM, BAC_AI = "582", "586", "585", "588", "589", "584"
CLERKS = {
    CITY: "phan-rang", BAC_AI: "bac-ai", NINH_SON: "ninh-son", NINH_HAI: "ninh-hai", DISTRICT: CLERK,
    THUAN_BAC: "thuan-bac", THUAN_NAM: "thuan-nam",
}  # fmt: skip
ORANGE = "22868"  # Xã Thanh Hải, on 09/9
RETURNED_PAPER = "22741"  # the summary that is asked for again
MILL = "Công ty cổ phần May xuất khẩu Phan Rang (đơn vị mẫu)"
DOUBTED = "22831"  # with whom Sở Y tế does not agree


@dataclass(frozen=True)
class Preparing:
    """A district opens its dossier and writes all that the file of dossiers says of it."""

    at: datetime
    by: str
    phase: str
    area: str


@dataclass(frozen=True)
class Nominating:
    """A commune nominates a person of the file to its district."""

    at: datetime
    by: str
    phase: str
    unit: str
    person: str


@dataclass(frozen=True)
class Improving:
    """A returned dossier's summary of a unit is written anew."""

    at: datetime
    by: str
    phase: str
    area: str
    unit: str


@dataclass(frozen=True)
class HandingIn:
    at: datetime
    by: str
    phase: str
    area: str


@dataclass(frozen=True)
class Permitting:
    """The office lets a district hand in late, once."""

    at: datetime
    by: str
    phase: str
    area: str
    reason: str
    expires_at: datetime


@dataclass(frozen=True)
class Listing:
    """The portal makes the shortlist of a stage by itself."""

    at: datetime
    phase: str
    stage: str


@dataclass(frozen=True)
class Sifting:
    """The office decides of the candidates at the re-check: who is not eligible any more is withdrawn."""

    at: datetime
    by: str
    phase: str
    reasons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Confirming:
    """A second person confirms what was decided of the candidates."""

    at: datetime
    by: str
    phase: str


@dataclass(frozen=True)
class TakingUp:
    at: datetime
    by: str
    phase: str
    area: str


@dataclass(frozen=True)
class Returning:
    """A dossier is given back for more of the summary of a unit."""

    at: datetime
    by: str
    phase: str
    area: str
    unit: str
    reason: str
    words: str
    due: datetime


@dataclass(frozen=True)
class Finishing:
    """One judges the nominees (``failed`` are units, with the reasons), a second person ends the review."""

    at: datetime
    judge: str
    by: str
    phase: str
    area: str
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asking:
    """Sở Y tế is asked about all who passed."""

    at: datetime
    by: str
    phase: str
    due: datetime
    note: str


@dataclass(frozen=True)
class Answering:
    """Sở Y tế agrees, but for the units named."""

    at: datetime
    by: str
    phase: str
    number: str
    against: dict[str, str]
    notes: dict[str, str]


@dataclass(frozen=True)
class Proposing:
    """The list for the chairman, with why those are on it with whom Sở Y tế did not agree."""

    at: datetime
    by: str
    phase: str
    reasons: dict[str, str]


@dataclass(frozen=True)
class Sending:
    """A second person approves the list, or it is numbered and sent."""

    at: datetime
    by: str
    phase: str
    number: str = ""


@dataclass(frozen=True)
class Signing:
    """The decision as it was signed is entered; ``refused`` are units with the reasons."""

    at: datetime
    by: str
    phase: str
    number: str
    signed_on: date
    refused: dict[str, str]


@dataclass(frozen=True)
class Marking:
    """The portal looks which dossiers a correction bears on."""

    at: datetime


Award = (
    Nominating | Preparing | Improving | HandingIn | Permitting | Listing | Sifting | Confirming | TakingUp
    | Returning | Finishing | Asking | Answering | Proposing | Sending | Signing | Marking
)  # fmt: skip


@cache
def nomination_texts() -> list[dict[str, str]]:
    """Whom communes nominate, and why some are not taken."""
    with (HERE / "dossiers.toml").open("rb") as file:
        return tomllib.load(file)["nominations"]


@cache
def dossier_texts() -> dict[tuple[str, str], dict[str, Any]]:
    """By phase and area, what is written in its dossier."""
    with (HERE / "dossiers.toml").open("rb") as file:
        rows = tomllib.load(file)["dossiers"]
    return {(row["phase"], row["area"]): row for row in rows}


def awards() -> Iterator[Award]:
    """All of it, in no order."""
    yield from _dossiers()
    yield from _lists()
    yield from _reviews()
    yield from _decision()
    yield from _second_phase()


def _dossiers() -> Iterator[Award]:
    for number, row in enumerate(nomination_texts()):
        yield Nominating(
            moment(9, 4, 10, 12 + 9 * number), COMMUNE_CLERK, row["phase"], row["unit"], row["person"]
        )
    written = {
        DISTRICT: moment(9, 6, 8, 15), BAC_AI: moment(9, 6, 14, 20), THUAN_BAC: moment(9, 6, 9, 2),
        NINH_SON: moment(9, 6, 15, 3), THUAN_NAM: moment(9, 7, 8, 11), CITY: moment(9, 7, 10, 25),
        NINH_HAI: moment(9, 7, 16, 31),
    }  # fmt: skip
    for area, at in written.items():
        yield Preparing(at, CLERKS[area], FIRST, area)
    handed_in = {
        THUAN_BAC: moment(9, 6, 15, 38), DISTRICT: moment(9, 7, 9, 14), NINH_SON: moment(9, 7, 10, 6),
        THUAN_NAM: moment(9, 7, 14, 52), CITY: moment(9, 7, 23, 41),
    }  # fmt: skip
    for area, at in handed_in.items():
        yield HandingIn(at, CLERKS[area], FIRST, area)
    yield Permitting(
        moment(9, 8, 8, 31), OFFICE, FIRST, NINH_HAI,
        reason="Đường truyền của huyện hỏng từ chiều 07/9; huyện đã báo bằng điện thoại lúc 21 giờ ngày 07/9",
        expires_at=moment(9, 9, 12),
    )  # fmt: skip
    yield HandingIn(moment(9, 8, 15, 9), CLERKS[NINH_HAI], FIRST, NINH_HAI)


def _lists() -> Iterator[Award]:
    yield Listing(moment(9, 8, 0), FIRST, "deadline")
    yield Listing(moment(9, 11, 0, 5), FIRST, "end")
    yield Sifting(
        moment(9, 11, 8, 12), OFFICE, FIRST,
        reasons={
            ORANGE: "Ngày 09/9 có một ca cộng đồng chưa rõ nguồn lây: xã chuyển sang cam khi đợt chưa hết",
        },
    )  # fmt: skip
    yield Confirming(moment(9, 11, 10, 33), SECOND_OFFICE, FIRST)
    yield Marking(moment(9, 14, 6))


def _reviews() -> Iterator[Award]:
    taken_up = {
        DISTRICT: moment(9, 8, 9, 3), THUAN_BAC: moment(9, 8, 9, 47), NINH_SON: moment(9, 8, 10, 14),
        THUAN_NAM: moment(9, 8, 10, 52), CITY: moment(9, 8, 14, 7), NINH_HAI: moment(9, 9, 8, 18),
    }  # fmt: skip
    for area, at in taken_up.items():
        yield TakingUp(at, OFFICE, FIRST, area)
    yield Returning(
        moment(9, 9, 10, 2), OFFICE, FIRST, CITY, RETURNED_PAPER,
        reason="Báo cáo của phường Phước Mỹ chưa nêu việc đã làm",
        words="Xin ghi rõ từng khu phố đã làm gì, kết quả bằng số, nhất là ở ga, bến xe.",
        due=datetime(2021, 9, 10, 17, tzinfo=ZONE),
    )  # fmt: skip
    yield Improving(moment(9, 10, 8, 40), CLERKS[CITY], FIRST, CITY, RETURNED_PAPER)
    yield HandingIn(moment(9, 10, 9, 27), CLERKS[CITY], FIRST, CITY)
    yield TakingUp(moment(9, 10, 10, 58), OFFICE, FIRST, CITY)
    failed = {
        CITY: {MILL: "Ngày xét, địa bàn nơi đặt trụ sở chưa về xanh nên đơn vị chưa đủ điều kiện"},
        NINH_HAI: {ORANGE: "Đã rút khi kiểm tra lại cuối đợt: xã chuyển sang cam ngày 09/9"},
    }
    finished = {
        DISTRICT: moment(9, 11, 14, 6), THUAN_BAC: moment(9, 11, 14, 41), NINH_SON: moment(9, 11, 15, 13),
        THUAN_NAM: moment(9, 11, 15, 50), CITY: moment(9, 11, 16, 22), NINH_HAI: moment(9, 12, 8, 35),
    }  # fmt: skip
    for area, at in finished.items():
        yield Finishing(at, OFFICE, SECOND_OFFICE, FIRST, area, failed.get(area, {}))


def _decision() -> Iterator[Award]:
    yield Asking(
        moment(9, 12, 9, 30), OFFICE, FIRST,
        due=datetime(2021, 9, 15, 17, tzinfo=ZONE),
        note="Đề nghị cho ý kiến về kết quả phòng, chống dịch của từng tập thể, cá nhân.",
    )  # fmt: skip
    yield Answering(
        moment(9, 14, 15, 31), HEALTH_OFFICER, FIRST, "07/MP-SYT (văn bản mô phỏng)",
        against={DOUBTED: "Vòng lấy mẫu thứ hai của xã mới đạt 61% hộ nguy cơ; đề nghị xét ở đợt 2"},
        notes={"22741": "Đồng ý; đề nghị phường giữ tổ lấy mẫu ở ga và bến xe"},
    )  # fmt: skip
    yield Proposing(
        moment(9, 15, 9, 17), OFFICE, FIRST,
        reasons={DOUBTED: "Xã về xanh từ 02/9 và giữ đến hết đợt, đủ điều kiện của kế hoạch"},
    )  # fmt: skip
    yield Sending(moment(9, 15, 14, 44), SECOND_OFFICE, FIRST)
    yield Sending(moment(9, 16, 8, 9), SECOND_OFFICE, FIRST, "08/TTr-SNV-MP")
    yield Signing(
        moment(9, 17, 16, 20), CHAIRMAN_OFFICE, FIRST, "09/QĐ-UBND-MP", date(2021, 9, 17),
        refused={DOUBTED: "Chưa khen trong đợt 1; Sở Y tế kiểm tra lại, xét cùng đợt 2"},
    )  # fmt: skip


def _second_phase() -> Iterator[Award]:
    yield Preparing(moment(12, 13, 9, 6), CLERK, SECOND, DISTRICT)
    yield Preparing(moment(12, 15, 10, 51), CLERKS[CITY], SECOND, CITY)
    yield Listing(moment(12, 20, 0), SECOND, "deadline")
    yield Listing(datetime(2022, 1, 1, 0, 5, 21, tzinfo=ZONE), SECOND, "end")
