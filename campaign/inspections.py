"""Inspections: planned, then held with findings, or cancelled with a reason. What follows them stands in
``campaign.follow_ups``.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.enums import InspectionStatus
from campaign.inspection_notices import tell_of_visit, tell_planned
from campaign.models import Campaign, Inspection, Unit
from campaign.pledges import begins_on
from core.audit import acting
from core.enums import Role
from core.errors import DomainError
from core.models import StoredFile, User
from core.permissions import ROLE_PERMISSIONS, Permission

AHEAD_AT_MOST = timedelta(days=366)


class InspectionRefused(DomainError):
    """An inspection cannot be written so; ``field`` says of what."""

    code = "inspection_refused"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class InspectionChanged(InspectionRefused):
    """Somebody else wrote to it meanwhile."""

    code = "inspection_changed"


def departments_of(user: User, unit: Unit | None = None, *, on: date) -> list[Role]:
    """As whom the person inspects (the unit, or anywhere): the roles that may, in the order of ``Role``."""
    held = {
        Role(grant.role)
        for grant in user.grants.active_on(on).select_related("area")
        if unit is None
        or unit.seat.path == grant.area.path
        or unit.seat.path.startswith(grant.area.path + "/")
    }
    return [role for role in Role if role in held and Permission.INSPECT in ROLE_PERMISSIONS[role]]


def plan_inspection(
    *,
    campaign: Campaign,
    unit: Unit,
    department: Role,
    purpose: str,
    planned_on: date,
    by: User,
    at: datetime,
) -> Inspection:
    """Put an inspection of ``unit`` on the plan and tell its staff."""
    today = timezone.localdate(at)
    if unit.closed_at:
        raise InspectionRefused(_("Đơn vị này đã ngừng hoạt động; xin chọn đơn vị khác."), field="unit")
    if unit.province_id != campaign.province_id:
        raise InspectionRefused(_("Đơn vị không thuộc tỉnh có phong trào này."), field="unit")
    if department not in departments_of(by, unit, on=today):
        raise InspectionRefused(_("Bạn không thuộc cơ quan kiểm tra này ở nơi đó."), field="department")
    _check_begun(campaign, planned_on, field="planned_on")
    if planned_on > today + AHEAD_AT_MOST:
        raise InspectionRefused(_("Ngày dự kiến quá xa; xin xem lại năm."), field="planned_on")
    with acting(by=by, reason=f"Lập kế hoạch kiểm tra: {unit.name}"):
        inspection = Inspection.objects.create(
            campaign=campaign,
            unit=unit,
            department=department,
            purpose=purpose,
            planned_on=planned_on,
            created_at=at,
            created_by=by,
        )
        tell_planned(inspection, by=by, at=at)
    return inspection


def record_visit(
    *,
    inspection: Inspection,
    version: int,
    visited_on: date,
    findings: str,
    report: StoredFile | None,
    by: User,
    at: datetime,
) -> Inspection:
    """Record what was found, or correct what was recorded; ``version`` is the one that was seen.

    Tells the unit's staff. Raises ``InspectionChanged`` when somebody else wrote meanwhile.
    """
    _check_begun(inspection.campaign, visited_on, field="visited_on")
    if visited_on > timezone.localdate(at):
        raise InspectionRefused(_("Ngày kiểm tra chưa đến; xin ghi ngày đã kiểm tra."), field="visited_on")
    with acting(by=by, reason=f"Ghi kết quả kiểm tra: {inspection.unit.name}"):
        held = _lock(inspection, version)
        if held.status == InspectionStatus.CANCELLED:
            raise InspectionRefused(_("Cuộc kiểm tra này đã hủy; xin lập cuộc kiểm tra khác."))
        held.status = InspectionStatus.VISITED
        held.visited_on, held.findings, held.report = visited_on, findings, report
        held.recorded_at, held.recorded_by = at, by
        held.version += 1
        held.save()
        tell_of_visit(held, by=by, at=at)
    return held


def cancel_inspection(
    *, inspection: Inspection, version: int, reason: str, by: User, at: datetime
) -> Inspection:
    """Take a planned inspection off the plan, and tell the unit's staff."""
    with acting(by=by, reason=f"Hủy cuộc kiểm tra: {inspection.unit.name}. {reason}"):
        held = _lock(inspection, version)
        if held.status != InspectionStatus.PLANNED:
            raise InspectionRefused(_("Chỉ hủy được cuộc kiểm tra chưa thực hiện."))
        held.status, held.reason = InspectionStatus.CANCELLED, reason
        held.cancelled_at, held.cancelled_by = at, by
        held.version += 1
        held.save()
        tell_of_visit(held, by=by, at=at)
    return held


def _lock(inspection: Inspection, version: int) -> Inspection:
    with_unit = Inspection.objects.select_related("campaign", "unit__seat", "recorded_by")
    held = with_unit.select_for_update(of=["self"]).get(pk=inspection.pk)
    if held.version != version:
        raise InspectionChanged(
            _("Người khác vừa ghi cuộc kiểm tra này. Xem phần họ ghi bên dưới, sửa nếu cần, rồi ghi lại.")
        )
    return held


def _check_begun(campaign: Campaign, day: date, *, field: str) -> None:
    begun = begins_on(campaign)
    if begun and day < begun:
        message = _("Phong trào bắt đầu ngày %(day)s; xin ghi từ ngày đó trở đi.")
        raise InspectionRefused(message % {"day": f"{begun:%d/%m/%Y}"}, field=field)
