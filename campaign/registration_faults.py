"""What is wrong with a registration as it was typed, field by field, said to who typed it. Reads nothing."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from campaign.models import Registration
from campaign.registration_moves import Period, is_over
from riskmap.enums import RiskLevel
from riskmap.imports.cells import EPIDEMIC_BEGAN


def wanted() -> dict[str, str]:
    """What must be there when a registration is handed in, and the sentence that asks for it."""
    return {
        "solutions": _("Xin ghi các giải pháp chính."),
        "document_number": _("Xin ghi số văn bản đăng ký."),
        "document_date": _("Xin ghi ngày của văn bản đăng ký."),
        "head": _("Xin ghi người đứng đầu đơn vị."),
    }


def faults_of(
    registration: Registration, *, period: Period | None, level: RiskLevel, on: date, handing_in: bool
) -> dict[str, str]:
    """By field, what must be changed; ``level`` is that of the unit now. ``handing_in`` asks for all fields.

    Under ``""`` what is the fault of no field.
    """
    faults = {}
    if standing := why_not_now(registration, period=period, on=on):
        faults[""] = standing
    if registration.group.kind != registration.unit.kind:
        faults["group"] = _("Đối tượng thi đua phải đúng loại của đơn vị: %(kind)s.") % {
            "kind": registration.unit.get_kind_display()
        }
    if registration.document_date and registration.document_date > on:
        faults["document_date"] = _("Ngày văn bản không được sau hôm nay.")
    if registration.document_date and registration.document_date < EPIDEMIC_BEGAN:
        faults["document_date"] = _("Ngày văn bản trước khi có dịch; xin xem lại năm.")
    if period and registration.target_day and not _holds(period, registration.target_day):
        faults["target_day"] = _("Ngày đạt mục tiêu phải trong phong trào: từ %(first)s đến %(last)s.") % {
            "first": f"{period.first_day:%d/%m/%Y}",
            "last": f"{period.last_day:%d/%m/%Y}",
        }
    if level and registration.target_level > level:
        faults["target_level"] = _(
            "Đơn vị đang ở mức %(level)s; mục tiêu phải là mức đó (giữ vững) hoặc mức thấp hơn."
        ) % {"level": level.label}
    if handing_in:
        faults |= missing_of(registration)
    return faults


def missing_of(registration: Registration) -> dict[str, str]:
    """By field, what is not there yet and must be when it is handed in."""
    return {name: sentence for name, sentence in wanted().items() if not getattr(registration, name)}


def why_not_now(registration: Registration, *, period: Period | None, on: date) -> str:
    """Why it cannot go on on the day: the campaign has not come so far, or is over, or the unit is closed."""
    if period is None:
        return _("Phong trào chưa đặt đợt nào nên chưa nhận đăng ký.")
    if is_over(period, on=on):
        return _("Phong trào đã kết thúc ngày %(day)s, không nhận đăng ký nữa.") % {
            "day": f"{period.last_day:%d/%m/%Y}"
        }
    if registration.unit.closed_at is not None:
        return _("Đơn vị đã ngừng hoạt động.")
    return ""


def _holds(period: Period, day: date) -> bool:
    return period.first_day <= day <= period.last_day
