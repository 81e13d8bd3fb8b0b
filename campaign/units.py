"""Units: organisations listed, changed, closed and opened again; of areas, who leads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, connection
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.models import Registration, Unit
from campaign.unit_checks import HANDED_IN, VERSION, UnitFault, faults_of, stands, tidy
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


class UnitRefused(DomainError):
    """The unit cannot be what it is said to be; ``field`` names what is wrong, where that is one."""

    code = "unit_refused"

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


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
        lock_units(units[0].province_id)
        new, changed, faults = weigh_units(units=units, at=at)
        if faults:
            if faults[0].field == VERSION:
                raise UnitChanged(faults[0].message)
            raise UnitRefused(faults[0].message, field=faults[0].field)
        for unit, code in zip(new, _free_codes(units[0].province_id, len(new)), strict=True):
            unit.code, unit.created_at, unit.created_by = code, at, by
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


def weigh_units(*, units: Sequence[Unit], at: datetime) -> tuple[list[Unit], list[Unit], list[UnitFault]]:
    """What writing the units would do now: the new, those that differ from what is kept, and all that is
    wrong with either, by their places in ``units``. Tidies them; writes nothing."""
    stored = Unit.objects.select_related("seat").in_bulk([unit.pk for unit in units if unit.pk is not None])
    for unit in units:
        tidy(unit)
    places = [place for place, unit in enumerate(units) if unit.pk is None or _differs(unit, stored[unit.pk])]
    written = [units[place] for place in places]
    faults = [
        fault._replace(place=places[fault.place])
        for fault in faults_of(written, stored=stored, on=timezone.localdate(at))
    ]
    return (
        [unit for unit in written if unit.pk is None],
        [unit for unit in written if unit.pk is not None],
        faults,
    )


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
        lock_units(unit.province_id)
        unit.refresh_from_db()
        if unit.closed_at is not None:
            return unit
        if unit.is_area and stands(unit.seat, on):
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
        lock_units(unit.province_id)
        unit.refresh_from_db()
        if unit.closed_at is None:
            return unit
        if unit.is_area and not stands(unit.seat, timezone.localdate(at)):
            raise UnitRefused(_("Địa bàn này không còn trong danh mục hành chính; không mở lại được."))
        unit.closed_at, unit.closed_by, unit.closing_reason = None, None, ""
        unit.version += 1
        for fault in faults_of([unit], stored={unit.pk: unit}, on=timezone.localdate(at)):
            raise UnitRefused(fault.message, field=fault.field)
        unit.save(update_fields=["closed_at", "closed_by", "closing_reason", "version"])
    return unit


def unit_of_area(area: Area) -> Unit | None:
    """The area as a unit that competes, if it is one."""
    return Unit.objects.areas().filter(seat=area).first()


def confirming_area(unit: Unit) -> Area:
    """Where the level above sits, which confirms what the unit registers."""
    return unit.seat.parent or unit.seat


def lock_units(province_id: int) -> None:
    """Wait for every other writing of units of the province; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, province_id])


def hold_units(units: Iterable[int]) -> None:
    """Let no unit be written in the provinces of these units (ids) until the end of the transaction.

    Who takes a step with them waits for whoever is writing, not for others who take steps: a unit is not
    closed while a registration of it is handed in.
    """
    provinces = Unit.objects.filter(pk__in=set(units)).values_list("province", flat=True)
    with connection.cursor() as cursor:
        for province in sorted(set(provinces)):
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [_LOCK, province])


def _differs(unit: Unit, stored: Unit) -> bool:
    fields = ("province_id", "seat_id", "kind", "name", *OF_ITS_OFFICE)
    return any(getattr(unit, field) != getattr(stored, field) for field in fields)


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
    handed_in = Registration.objects.filter(unit=unit, status__in=HANDED_IN).select_related("campaign")
    ends = handed_in.annotate(ends=Max("campaign__phases__last_day"))
    return ends.filter(Q(ends__isnull=True) | Q(ends__gte=on)).first()
