"""Lists: the registrations of a district or a province, for the office that keeps them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from django.utils import translation

from campaign.enums import RegistrationStatus
from campaign.models import Campaign, Registration
from campaign.paper.offices import head_of, office_of, place_of
from campaign.paper.registered import document_words, last_moment, level_words, moment_words
from campaign.paper.slips import subject_of
from core.enums import AreaKind
from core.finding import line_of
from core.letters import Align, Band, Column, Letter, Paragraph, Table
from core.letters.wording import BLANK, blank_day, closed, recipients, short_day
from core.models import Area

#: Those that a list shows: handed in, and neither returned nor withdrawn.
LISTED = {
    RegistrationStatus.CONFIRMED: "Đã xác nhận",
    RegistrationStatus.SUBMITTED: "Chờ xác nhận",
    RegistrationStatus.SUSPENDED: "Tạm dừng",
}
COLUMNS = (
    Column("STT", 13, Align.CENTRE),
    Column("Đơn vị", 52),
    Column("Đối tượng", 40),
    Column("Mức lúc đăng ký", 36),
    Column("Mục tiêu", 32),
    Column("Đạt vào ngày", 22, Align.CENTRE),
    Column("Văn bản đăng ký", 36),
    Column("Tình trạng", 24),
)


def list_of(campaign: Campaign, scope: Area, registrations: Iterable[Registration]) -> Letter:
    """The list of those of ``registrations`` that are handed in, under the districts of a province.

    They come with their units, the seats' lines and groups; ``scope`` is the district or province.
    """
    rows = sorted((each for each in registrations if each.status in LISTED), key=lambda r: _order(r, scope))
    moment = max((last_moment(each) for each in rows), default=campaign.created_at)
    listed = ()
    if rows:
        end = Paragraph(closed(f"Danh sách này có {len(rows)} đơn vị"))
        listed = (Table(COLUMNS, tuple(_lines(rows, scope))), end)
    return Letter(
        issuer=office_of(scope),
        number=BLANK,
        place=place_of(scope),
        day=blank_day(moment.year),
        kind="Danh sách đơn vị đăng ký",
        subject=subject_of(campaign),
        blocks=(Paragraph(_summary(rows)), *listed),
        signatures=(head_of(scope),),
        recipients=recipients(["Các đơn vị có tên trên", "Lưu: VT"]),
        moment=moment,
        landscape=True,
    )


def _summary(rows: list[Registration]) -> str:
    if not rows:
        return "Chưa có đơn vị nào gửi đăng ký."
    counts = Counter(row.status for row in rows)
    parts = [f"{counts[status]} {words.lower()}" for status, words in LISTED.items() if counts[status]]
    last = max(last_moment(row) for row in rows)
    return f"Đến {moment_words(last)} có {len(rows)} đơn vị gửi đăng ký, gồm: {', '.join(parts)}."


def _order(registration: Registration, scope: Area) -> tuple:
    district = _district(registration, scope)
    under = (1, district.sort_key, district.code) if district else (0, "", "")
    return (*under, registration.group.place, registration.unit.sort_key, registration.unit.code)


def _district(registration: Registration, scope: Area) -> Area | None:
    """The district it is listed under; ``None`` in the list of one, and for what sits in the province."""
    if scope.kind != AreaKind.PROVINCE:
        return None
    line = line_of(registration.unit.seat)
    return line[-2] if len(line) > 1 else None


def _lines(rows: list[Registration], scope: Area) -> Iterable[tuple[str, ...] | Band]:
    number = 0
    for district, its in groupby(rows, key=lambda row: _district(row, scope)):
        if scope.kind == AreaKind.PROVINCE:
            yield Band(district.name if district else "Cấp tỉnh")
        for row in its:
            number += 1
            yield _cells(number, row)


def _kind(row: Registration) -> str:
    """“Xã, phường, thị trấn”: what the unit is, shorter than the name of its group in the plan."""
    with translation.override("vi"):
        label = row.group.get_kind_display()
    return label[:1].upper() + label[1:]


def _cells(number: int, row: Registration) -> tuple[str, ...]:
    return (
        str(number),
        row.unit.name,
        _kind(row),
        "" if row.starting_level is None else level_words(row.starting_level),
        level_words(row.target_level),
        short_day(row.target_day),
        document_words(row),
        LISTED[RegistrationStatus(row.status)],
    )
