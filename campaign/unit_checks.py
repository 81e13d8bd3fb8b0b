"""What is wrong with units that are about to be written: all of it at once, in a few queries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from campaign.enums import RegistrationStatus
from campaign.models import Registration, Unit
from campaign.models.units import AREA_KINDS
from core.models import Area
from core.vietnamese import normalise_name

#: Of a registration that somebody else has in hand or has confirmed.
HANDED_IN = (RegistrationStatus.SUBMITTED, RegistrationStatus.CONFIRMED, RegistrationStatus.SUSPENDED)
MOST_PEOPLE = 10_000_000  # of a unit
VERSION = "version"  # the field of a fault that is no fault of the writer: somebody else was faster
#: Controls, and marks that join letters unseen or turn the reading: two names that look alike are one.
_NEVER_SHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff]"
)
_TEXTS = ("name", "head", "head_post", "phone", "email")


class UnitFault(NamedTuple):
    """Why the unit at ``place`` of those asked about cannot be written; ``field`` may be empty."""

    place: int
    field: str
    message: str


def tidy(unit: Unit) -> None:
    """Bring what was written into the form in which it is kept."""
    for name in _TEXTS:
        setattr(unit, name, normalise_name(_NEVER_SHOWN.sub("", getattr(unit, name))))
    unit.write_search()


def faults_of(units: Sequence[Unit], *, stored: Mapping[int, Unit], on: date) -> list[UnitFault]:
    """All that is wrong with tidied ``units`` of one province; ``stored`` are the known ones as they are."""
    known = [unit.pk for unit in units if unit.pk is not None]
    said = list(Registration.objects.filter(unit__in=known).values_list("unit_id", "status")) if known else []
    registered = {unit for unit, _status in said}
    in_hand = {unit for unit, status in said if status in HANDED_IN}
    taken = _Taken(units)
    faults = []
    for place, unit in enumerate(units):
        before = stored.get(unit.pk)
        if before is None:
            found = _of_a_new_one(unit)
        else:
            found = _of_a_change(
                unit, before, registered=before.pk in registered, in_hand=before.pk in in_hand
            )
        found = [*found, *_of_its_place(unit, before, on), *_of_its_values(unit), *taken.faults(unit)]
        faults += [UnitFault(place, field, message) for field, message in found]
    return faults


def stands(seat: Area, on: date) -> bool:
    return seat.valid_to is None or seat.valid_to >= on


def _of_a_new_one(unit: Unit) -> Iterator[tuple[str, str]]:
    if unit.kind in AREA_KINDS:
        yield "kind", _("Địa bàn tự có trong danh sách đơn vị; chỉ thêm cơ quan, tổ chức.")


def _of_a_change(unit: Unit, before: Unit, *, registered: bool, in_hand: bool) -> Iterator[tuple[str, str]]:
    if unit.version != before.version:
        yield (
            VERSION,
            _("%(name)s vừa được người khác sửa; xin xem lại rồi ghi lần nữa.") % {"name": before.name},
        )
    if before.closed_at is not None:
        yield "", _("%(name)s đã ngừng hoạt động; mở lại rồi mới sửa.") % {"name": before.name}
    if before.is_area:
        for field in ("kind", "name", "seat_id"):
            if getattr(unit, field) != getattr(before, field):
                yield (
                    field.removesuffix("_id"),
                    _("%(name)s là địa bàn: tên, loại và nơi đóng theo danh mục hành chính, không sửa ở đây.")
                    % {"name": before.name},
                )
        return
    if unit.kind in AREA_KINDS:
        yield "kind", _("Cơ quan, tổ chức không đổi thành địa bàn được.")
    elif unit.kind != before.kind and registered:
        yield (
            "kind",
            _("%(name)s đã có đăng ký thi đua theo loại đang ghi; không đổi loại được.")
            % {"name": before.name},
        )
    if unit.seat_id != before.seat_id and in_hand:
        yield (
            "seat",
            _("%(name)s đang có đăng ký thi đua ở nơi đóng cũ; xin rút đăng ký trước rồi đổi nơi đóng.")
            % {"name": before.name},
        )


def _of_its_place(unit: Unit, before: Unit | None, on: date) -> Iterator[tuple[str, str]]:
    if before is not None and before.seat_id == unit.seat_id:
        return
    if unit.seat.path.partition("/")[0] != unit.province.path or (
        before is not None and before.province_id != unit.province_id
    ):
        yield "seat", _("Đơn vị không chuyển sang tỉnh khác được; xin lập đơn vị mới ở tỉnh đó.")
    if not stands(unit.seat, on):
        yield (
            "seat",
            _("%(seat)s không còn trong danh mục hành chính; xin chọn nơi đóng hiện nay.")
            % {"seat": unit.seat.name},
        )


def _of_its_values(unit: Unit) -> Iterator[tuple[str, str]]:
    if not unit.search_text:
        yield "name", _("Tên đơn vị phải có chữ hoặc số.")
        return
    if unit.size is not None and not 1 <= unit.size <= MOST_PEOPLE:
        yield "size", _("Số người của đơn vị phải từ 1 trở lên; chưa biết thì để trống.")
    try:
        unit.clean_fields(exclude=["province", "seat", "code", "created_at", "created_by", "closed_by"])
    except ValidationError as wrong:
        for field, messages in wrong.message_dict.items():
            yield "" if field == NON_FIELD_ERRORS else field, " ".join(messages)


class _Taken:
    """Which names are taken at which seats: by units there are, and by those before in the list."""

    def __init__(self, units: Sequence[Unit]) -> None:
        there = Unit.objects.open().filter(
            seat__in={unit.seat_id for unit in units}, search_text__in={unit.search_text for unit in units}
        )
        self.keys: dict[tuple[int, str, str], set[int | None]] = {}
        for pk, *key in there.values_list("pk", "seat_id", "kind", "search_text"):
            self.keys.setdefault(tuple(key), set()).add(pk)

    def faults(self, unit: Unit) -> Iterator[tuple[str, str]]:
        holders = self.keys.setdefault((unit.seat_id, unit.kind, unit.search_text), set())
        if unit.search_text and ((unit.pk is None and holders) or holders - {unit.pk}):
            yield "name", _("Địa bàn này đã có đơn vị cùng loại mang tên đó.")
        holders.add(unit.pk)
