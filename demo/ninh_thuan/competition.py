"""How the sample province competed: who registered when, who confirmed it, what was pledged and checked.

Everything here is made up, and drawn from the units by their codes alone, so that each run tells the same.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from demo.ninh_thuan.happenings import ZONE
from demo.ninh_thuan.simulate import HERE, read_units

OFFICE, SECOND_OFFICE = "so-noi-vu", "so-noi-vu-2"
DISTRICT, CLERK, COMMUNE = "587", "ninh-phuoc", "22870"
COMMUNE_CLERK = "phuoc-dan"
REGISTER_BY = date(2021, 9, 3)
UNREGISTERED = ("22801", "22804", "22807")  # communes of the mountains, that are reminded to the end
LATE, RETURNED, DRAFT = "22891", "22894", "22912"
SILENT = ("22840", "22843")  # said nothing of pledges
CHECKED = ("22870", "22873", "22876", "22888", "22738", "22741", "22810", "22834")
WAITING_FOR_CHECK = ("22879", "22744")


@dataclass(frozen=True)
class Organising:
    """The office lists the sample organisations."""

    at: datetime
    by: str = OFFICE


@dataclass(frozen=True)
class Registering:
    """Units (codes) are registered, and submitted unless they stay drafts."""

    at: datetime
    by: str
    units: tuple[str, ...]
    submits: bool = True


@dataclass(frozen=True)
class Deciding:
    """The level above confirms registrations, or returns them for a reason."""

    at: datetime
    by: str
    units: tuple[str, ...]
    returned: str = ""


@dataclass(frozen=True)
class Pledging:
    """Communes say how many have signed; ``share`` of the households, in per cent."""

    at: datetime
    by: str
    communes: tuple[str, ...]
    share: int


@dataclass(frozen=True)
class Assessing:
    """A commune says that it meets all conditions, or all but the last."""

    at: datetime
    by: str
    commune: str
    all_met: bool = True


@dataclass(frozen=True)
class Checking:
    """The level above looks at what a commune said; ``lacking`` is what it found of the last condition."""

    at: datetime
    by: str
    commune: str
    lacking: str = ""


Deed = Organising | Registering | Deciding | Pledging | Assessing | Checking


def deeds() -> Iterator[Deed]:
    """All that was done for the campaign, in no order."""
    communes = {unit["code"]: unit["district_code"] for unit in read_units()}
    districts = tuple(sorted(set(communes.values())))
    own = tuple(code for code, district in communes.items() if district == DISTRICT)
    others = tuple(code for code in communes if code not in own and code not in UNREGISTERED)
    yield Organising(moment(8, 27, 9))
    yield Registering(moment(8, 30, 8), CLERK, (DISTRICT,))
    yield Registering(moment(8, 30, 8, 20), "", tuple(code for code in districts if code != DISTRICT))
    yield Registering(moment(8, 30, 9), CLERK, tuple(set(own) - {COMMUNE, LATE, RETURNED, DRAFT}))
    yield Registering(moment(8, 30, 9, 10), CLERK, (RETURNED,))
    yield Registering(moment(8, 30, 9, 30), COMMUNE_CLERK, (COMMUNE,))
    yield Registering(moment(8, 30, 10), "", others)
    yield Registering(moment(8, 30, 14), SECOND_OFFICE, tuple(_organisations()))
    yield Registering(moment(8, 30, 15), "", tuple(_hamlets()))
    yield Deciding(moment(8, 30, 16), CLERK, (COMMUNE,))
    yield Deciding(moment(8, 31, 8), OFFICE, districts)
    yield Deciding(moment(8, 31, 9), OFFICE, tuple(set(own) - {COMMUNE, LATE, RETURNED, DRAFT}) + others)
    yield Deciding(
        moment(8, 31, 9, 15), OFFICE, (RETURNED,), returned="Thiếu giải pháp với khu chợ; xin ghi rõ."
    )
    yield Deciding(moment(8, 31, 9, 30), OFFICE, tuple(_organisations()))
    yield Deciding(moment(8, 31, 10), OFFICE, tuple(_hamlets()))
    yield Registering(moment(9, 1, 8, 10), CLERK, (RETURNED,))
    yield Deciding(moment(9, 1, 10, 10), OFFICE, (RETURNED,))
    yield Registering(moment(9, 5, 9, 10), CLERK, (LATE,))  # after the last day for registering
    yield Deciding(moment(9, 6, 8, 10), OFFICE, (LATE,))
    yield Registering(moment(9, 6, 9, 10), CLERK, (DRAFT,), submits=False)
    yield Pledging(moment(9, 4, 8), CLERK, own, 71)
    yield Pledging(moment(9, 4, 9), "", tuple(set(others) - set(SILENT)), 64)
    yield Pledging(moment(9, 20, 8), CLERK, own, 93)
    yield Pledging(moment(9, 20, 9), "", tuple(set(others) - set(SILENT)), 88)
    yield from _zones(communes)


def _zones(communes: dict[str, str]) -> Iterator[Assessing | Checking]:
    for number, commune in enumerate((*CHECKED, *WAITING_FOR_CHECK)):
        clerk = {DISTRICT: CLERK}.get(communes[commune], "")
        said = COMMUNE_CLERK if commune == COMMUNE else clerk
        yield Assessing(moment(9, 6, 10) + timedelta(minutes=11 * number), said, commune)
    for number, commune in enumerate(CHECKED):
        lacking = "Chưa có kho dự trữ nhu yếu phẩm." if commune == CHECKED[-1] else ""
        checker = CLERK if commune == COMMUNE else OFFICE
        yield Checking(moment(9, 8, 8) + timedelta(minutes=13 * number), checker, commune, lacking)


def organisation_rows() -> list[dict[str, str]]:
    """The sample organisations: kind, seat (code), name, head, head_post, size."""
    return _rows("organisations.csv")


def _organisations() -> Iterable[str]:
    return (row["name"] for row in organisation_rows())


def _hamlets() -> Iterable[str]:
    return (row["code"] for row in _rows("hamlets.csv"))


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moment(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """An instant at which nothing of the counts happens: 21 seconds past the minute."""
    return datetime(2021, month, day, hour, minute, 21, tzinfo=ZONE)
