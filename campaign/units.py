"""Units: organisations listed, changed, closed and opened again; of areas, who leads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.enums import RegistrationStatus
from campaign.models import Registration, Unit
from campaign.models.units import AREA_KINDS
from core.audit import acting
from core.errors import DomainError
from core.finding import province_of
from core.models import Area, User
from core.vietnamese import normalise_name

#: What people write of a unit; of an area only the second line: the first comes with the list of areas.
OF_AN_ORGANISATION = ("seat", "kind", "name")
OF_ITS_OFFICE = ("head", "head_post", "phone", "email", "size")
WRITTEN = (*OF_AN_ORGANISATION, *OF_ITS_OFFICE)
CODE_BEGINS = "TC"
_LOCK = 2761  # the first key of the advisory locks of this stage; the second is the province
#: Of a registration that somebody else has in hand or has confirmed.
_HANDED_IN = (RegistrationStatus.SUBMITTED, RegistrationStatus.CONFIRMED, RegistrationStatus.SUSPENDED)


class UnitRefused(DomainError):
    """The unit cannot be what it is said to be."""

    code = "unit_refused"


class UnitChanged(DomainError):
    """Somebody else wrote the unit since it was read."""

    code = "unit_changed"


class UnitStillCompetes(DomainError):
    """The unit cannot be closed: a registration of it is in hand, or its area exists."""

    code = "unit_still_competes"


def save_unit(*, unit: Unit, by: User, at: datetime, version: int | None = None) -> Unit:
    """Write a new organisation, under a code of its own, or what was changed of a unit.

    ``version`` is the one the writer read; without it that of ``unit``. Saying the same again writes nothing.
    Raises ``UnitRefused``, ``UnitChanged``.
    """
    if unit.pk is not None and version is not None:
        unit.version = version
    unit.province = unit.province if unit.province_id else province_of(unit.seat)
    save_units(units=[unit], by=by, at=at)
    return unit


def save_units(
    *, units: Sequence[Unit], by: User, at: datetime, reason: str = ""
) -> tuple[list[Unit], list[Unit]]:
    """Write units of one province together, new and known ones, or none; returns the new and the changed.

    A known one must be as ``version`` of it was. Raises ``UnitRefused``, ``UnitChanged`` for the first that
    cannot be written.
    """
    if not units:
        return [], []
    with acting(by=by, reason=reason or _("Ghi danh sách đơn vị thi đua")):
        _lock(units[0].province_id)
        stored = _stored(unit.pk for unit in units if unit.pk is not None)
        for unit in units:
            _tidy(unit)
        new = [unit for unit in units if unit.pk is None]
        changed = [unit for unit in units if unit.pk is not None and _differs(unit, stored[unit.pk])]
        fixed = _fixed_by_registrations(changed)
        for unit in changed:
            _refuse_change(unit, stored[unit.pk], *fixed)
        codes = iter(_free_codes(units[0].province_id, len(new)))
        for unit in new:
            _prepare(unit, code=next(codes), by=by, at=at)
        _check([*new, *changed], stored, on=timezone.localdate(at))
        for unit in changed:
            unit.version += 1
        try:
            Unit.objects.bulk_create(new)
            Unit.objects.bulk_update(
                changed, [*WRITTEN, "sort_key", "search_text", "version"], batch_size=1000
            )
        except IntegrityError as broken:
            raise UnitRefused(_told(broken)) from broken
    return new, changed


def close_unit(*, unit: Unit, reason: str, by: User, at: datetime) -> Unit:
    """Take a unit out of the list; what it did stays. Again, it changes nothing.

    Refused while a registration of it is in hand or confirmed in a campaign that is not over, and for an
    area that exists. Raises ``UnitStillCompetes``, ``UnitRefused`` without a reason.
    """
    reason = normalise_name(reason)
    if not reason:
        raise UnitRefused(_("Xin ghi lý do ngừng hoạt động."))
    on = timezone.localdate(at)
    with acting(by=by, reason=reason):
        _lock(unit.province_id)
        unit.refresh_from_db()
        if unit.closed_at is not None:
            return unit
        if unit.is_area and _stands(unit.seat, on):
            raise UnitStillCompetes(
                _("Địa bàn còn trong danh mục hành chính nên vẫn là đơn vị thi đua; không ngừng được.")
            )
        registration = _in_hand(unit, on=on)
        if registration is not None:
            raise UnitStillCompetes(
                _("Đơn vị đang có đăng ký trong %(campaign)s. Xin rút đăng ký đó trước rồi cho ngừng.")
                % {"campaign": registration.campaign.short_title}
            )
        unit.closed_at, unit.closed_by, unit.closing_reason = at, by, reason
        unit.version += 1
        unit.save(update_fields=["closed_at", "closed_by", "closing_reason", "version"])
    return unit


def reopen(*, unit: Unit, by: User, at: datetime, reason: str = "") -> Unit:
    """Put a closed unit back into the list. Raises ``UnitRefused`` where its name was taken since."""
    with acting(by=by, reason=reason or _("Đơn vị hoạt động trở lại")):
        _lock(unit.province_id)
        unit.refresh_from_db()
        if unit.closed_at is None:
            return unit
        if unit.is_area and not _stands(unit.seat, timezone.localdate(at)):
            raise UnitRefused(_("Địa bàn này không còn trong danh mục hành chính; không mở lại được."))
        unit.closed_at, unit.closed_by, unit.closing_reason = None, None, ""
        unit.version += 1
        _check([unit], {unit.pk: unit}, on=timezone.localdate(at))
        unit.save(update_fields=["closed_at", "closed_by", "closing_reason", "version"])
    return unit


def unit_of_area(area: Area) -> Unit | None:
    """The area as a unit that competes, if it is one."""
    return Unit.objects.areas().filter(seat=area).first()


def confirming_area(unit: Unit) -> Area:
    """Where the level above sits, which confirms what the unit registers."""
    return unit.seat.parent or unit.seat


def _lock(province_id: int) -> None:
    """Wait for every other writing of units of the province; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, province_id])


def _stored(ids: Iterable[int]) -> dict[int, Unit]:
    return Unit.objects.select_related("seat").in_bulk(list(ids))


def _tidy(unit: Unit) -> None:
    """Bring what was written into the form in which it is kept."""
    for name in ("name", "head", "head_post", "phone", "email"):
        setattr(unit, name, normalise_name(getattr(unit, name)))
    unit.write_search()


def _differs(unit: Unit, stored: Unit) -> bool:
    fields = ("province_id", "seat_id", "kind", "name", *OF_ITS_OFFICE)
    return any(getattr(unit, field) != getattr(stored, field) for field in fields)


def _refuse_change(unit: Unit, stored: Unit, registered: set[int], in_hand: set[int]) -> None:
    """What cannot be said of a known unit, and what another person has said since it was read."""
    if unit.version != stored.version:
        raise UnitChanged(
            _("%(name)s vừa được người khác sửa; xin xem lại rồi ghi lần nữa.") % {"name": stored.name}
        )
    if stored.closed_at is not None:
        raise UnitRefused(_("%(name)s đã ngừng hoạt động; mở lại rồi mới sửa.") % {"name": stored.name})
    moved = unit.seat_id != stored.seat_id
    if stored.is_area and (moved or unit.kind != stored.kind or unit.name != stored.name):
        raise UnitRefused(
            _("%(name)s là địa bàn: tên, loại và nơi đóng theo danh mục hành chính, không sửa ở đây.")
            % {"name": stored.name}
        )
    if unit.province_id != stored.province_id or (moved and province_of(unit.seat).pk != stored.province_id):
        raise UnitRefused(_("Đơn vị không chuyển sang tỉnh khác được; xin lập đơn vị mới ở tỉnh đó."))
    if unit.kind != stored.kind and unit.pk in registered:
        raise UnitRefused(
            _("%(name)s đã có đăng ký thi đua theo loại đang ghi; không đổi loại được.")
            % {"name": stored.name}
        )
    if moved and unit.pk in in_hand:
        raise UnitRefused(
            _("%(name)s đang có đăng ký thi đua ở nơi đóng cũ; xin rút đăng ký trước rồi đổi nơi đóng.")
            % {"name": stored.name}
        )


def _fixed_by_registrations(units: list[Unit]) -> tuple[set[int], set[int]]:
    """Units (ids) with any registration, and with one that is handed in."""
    rows = Registration.objects.filter(unit__in=[unit.pk for unit in units])
    said = list(rows.values_list("unit_id", "status")) if units else []
    return {unit for unit, _status in said}, {unit for unit, status in said if status in _HANDED_IN}


def _prepare(unit: Unit, *, code: str, by: User, at: datetime) -> None:
    if unit.kind in AREA_KINDS:
        raise UnitRefused(_("Địa bàn tự có trong danh sách đơn vị; chỉ thêm cơ quan, tổ chức."))
    unit.code, unit.created_at, unit.created_by = code, at, by


def _check(units: list[Unit], stored: dict[int, Unit], *, on: date) -> None:
    """Values, places and names, before the database looks at them again. Raises ``UnitRefused``."""
    one_by_one = len(units) == 1
    for unit in units:
        before = stored.get(unit.pk)
        if not unit.search_text:
            raise UnitRefused(_("Tên đơn vị phải có chữ hoặc số."))
        if (before is None or before.seat_id != unit.seat_id) and not _stands(unit.seat, on):
            raise UnitRefused(
                _("%(seat)s không còn trong danh mục hành chính; xin chọn nơi đóng hiện nay.")
                % {"seat": unit.seat.name}
            )
        try:
            unit.clean_fields(exclude=["province", "seat", "created_by", "closed_by"])
            if one_by_one:
                unit.validate_constraints()
        except ValidationError as wrong:
            raise UnitRefused(" ".join(_named(wrong.message_dict))) from wrong


def _stands(seat: Area, on: date) -> bool:
    return seat.valid_to is None or seat.valid_to >= on


def _named(messages: dict[str, list[str]]) -> list[str]:
    """The messages, those of a field after its name."""
    return [
        message if name == NON_FIELD_ERRORS else f"{Unit._meta.get_field(name).verbose_name}: {message}"
        for name, said in messages.items()
        for message in said
    ]


def _told(broken: IntegrityError) -> str:
    """The sentence of the constraint that was broken."""
    name = getattr(broken.__cause__.diag, "constraint_name", None)
    for constraint in Unit._meta.constraints:
        if constraint.name == name:
            return str(constraint.violation_error_message)
    return broken.__cause__.diag.message_primary or str(broken)


def _free_codes(province_id: int, number: int) -> list[str]:
    """The next codes of organisations of the province, under its lock: TC0001, TC0002 … and TC10000 on."""
    if not number:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(substr(code, 3)::int), 0) FROM campaign_unit"
            " WHERE province_id = %s AND code ~ %s",
            [province_id, rf"^{CODE_BEGINS}[0-9]{{4,9}}$"],
        )
        (last,) = cursor.fetchone()
    return [f"{CODE_BEGINS}{last + place:04d}" for place in range(1, number + 1)]


def _in_hand(unit: Unit, *, on: date) -> Registration | None:
    """A registration of the unit that is handed in, of a campaign that is not over."""
    handed_in = Registration.objects.filter(unit=unit, status__in=_HANDED_IN).select_related("campaign")
    ends = handed_in.annotate(ends=Max("campaign__phases__last_day"))
    return ends.filter(Q(ends__isnull=True) | Q(ends__gte=on)).first()
