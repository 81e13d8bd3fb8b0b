"""What papers say of a registration: levels, days and how far it has come, in words."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone, translation

from campaign.enums import RegistrationStatus
from campaign.models import Registration
from core.letters.wording import short_day
from riskmap.enums import RiskLevel
from riskmap.paper.inks import INKS

NOT_YET = "Ghi khi cấp trên xác nhận"


def level_words(level: int) -> str:
    """“Nguy cơ cao (cam)”."""
    with translation.override("vi"):
        colour = INKS[RiskLevel(level)].colour
        return f"{RiskLevel(level).label} ({colour})" if colour else str(RiskLevel(level).label)


def start_words(registration: Registration) -> str:
    """The level it starts from, of which day, and by which published map."""
    if registration.starting_level is None:
        return NOT_YET
    words = f"{level_words(registration.starting_level)}, ngày {short_day(registration.starting_day)}"
    if registration.starting_provisional:
        words += ", tạm tính do thiếu báo cáo"
    if registration.starting_edition is not None:
        return f"{words}, theo bản đồ công bố số {registration.starting_edition.number}"
    return words


def document_words(registration: Registration) -> str:
    """The paper by which it was registered: “Số 12/ĐK-UBND ngày 24/8/2021”."""
    number, day = registration.document_number, registration.document_date
    return " ".join(([f"Số {number}"] if number else []) + ([f"ngày {short_day(day)}"] if day else []))


def status_words(registration: Registration) -> str:
    """How far it has come, since when, and why it was stopped."""
    with translation.override("vi"):
        label = registration.get_status_display()
    words = label[:1].upper() + label[1:]
    if registration.status == RegistrationStatus.SUBMITTED:
        words += f" (gửi lúc {moment_words(registration.submitted_at)})"
    elif registration.status != RegistrationStatus.DRAFT and registration.decided_at:
        words += f" (lúc {moment_words(registration.decided_at)})"
    return f"{words}: {registration.reason}" if registration.reason else words


def moment_words(moment: datetime) -> str:
    """“08:05 ngày 05/9/2021”, in Vietnam's time."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M} ngày {short_day(local.date())}"


def last_moment(registration: Registration) -> datetime:
    """When what stands in the registration was last decided upon."""
    moments = (registration.created_at, registration.submitted_at, registration.decided_at)
    return max(moment for moment in moments if moment is not None)
