"""Committing a file of registrations: as its page showed it, whole or its right lines, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from campaign.enums import RegistrationAct
from campaign.models import Campaign, Unit
from campaign.registration_files.reading import read_registrations
from campaign.registrations import Kept, Taken, keep_registrations, take_step
from core.errors import DomainError
from core.models import User


class RegistrationFileRefused(DomainError):
    """The file has wrong lines, or would do something else than was shown."""

    code = "registration_file_refused"


class Committed(NamedTuple):
    """What was written, and what came of handing it in; ``None`` where that was not asked for."""

    kept: Kept
    taken: Taken | None


def commit_registrations(
    content: bytes,
    *,
    campaign: Campaign,
    units: Iterable[Unit],
    shown: str,
    submitting: bool,
    right_rows_only: bool,
    by: User,
    at: datetime,
) -> Committed:
    """Write what the page showed as drafts, and hand them in where ``submitting`` asks for it.

    ``shown`` is the fingerprint of what was shown. Raises ``RegistrationFileRefused`` with nothing written.
    """
    with transaction.atomic():
        file = read_registrations(content, campaign=campaign, units=units, submitting=submitting, at=at)
        if file.fingerprint != shown:
            raise RegistrationFileRefused(
                _("Đăng ký đã đổi từ lúc xem trước. Xin xem lại dưới đây rồi ghi lần nữa.")
            )
        if file.refusals and not right_rows_only:
            raise RegistrationFileRefused(
                _("Tệp còn dòng sai nên không ghi gì. Xin sửa tệp, hoặc chọn chỉ ghi các dòng đúng.")
            )
        lines = [*file.new, *file.changed]
        kept = keep_registrations(
            registrations=[line.registration for line in lines],
            versions={line.registration.pk: line.registration.version for line in file.changed},
            by=by,
            at=at,
            reason=_("Đăng ký thi đua theo tệp"),
        )
        taken = None
        if submitting:
            taken = take_step(
                registrations=[line.registration.pk for line in file.to_submit],
                act=RegistrationAct.SUBMITTED,
                by=by,
                at=at,
            )
    return Committed(kept, taken)
