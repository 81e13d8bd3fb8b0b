"""Handing in: a dossier frozen with its evidence, by the clock of the database, with a receipt.

Accepted if and only if it was received before the deadline (``awards.deadlines``), or a late permit waits
that has not expired then; the permit is used by it, once. The lock order is the dossier, then the permit.
Whoever has a receipt has the dossier: both are of one transaction.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.deadlines import deadline_of, received_now
from awards.dossier_content import content_of, items_of
from awards.dossier_papers import Fault, faults_of
from awards.dossier_steps import append_step, refuse_unless
from awards.dossiers import DossierRefused, locked
from awards.enums import DossierAct
from awards.models import Dossier, DossierVersion, DossierVersionFile, LatePermit
from core.access import Permission
from core.audit import acting
from core.inbox import holders_over, send_notices
from core.models import User
from riskmap.models import ProvincePolicy

REASON = "Nộp hồ sơ đề nghị khen thưởng"
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
RECEIPT_LENGTH = 10


class DossierIncomplete(DossierRefused):
    """Something is still lacking; ``faults`` says what, and where."""

    code = "dossier_incomplete"

    def __init__(self, message: str, *, faults: list[Fault]) -> None:
        super().__init__(message)
        self.faults = faults


class DossierLate(DossierRefused):
    """It was received at the deadline or later, and no permit lets it in."""

    code = "dossier_late"


def submit(*, dossier: Dossier, by: User) -> DossierVersion:
    """Hand in what is written: frozen, numbered, with its evidence and a receipt; Sở Nội vụ is told.

    When it was received is read from the database before anything is waited for. Raises ``DossierLate``,
    ``DossierIncomplete``, and ``DossierRefused`` for one that is handed in already.
    """
    with acting(by=by, reason=REASON):
        return _take_in(dossier, by, received_now())


def submit_in_story(*, dossier: Dossier, by: User, at: datetime) -> DossierVersion:
    """``submit`` as it was at an instant that is over: of a story of simulated numbers, told again.

    The one way past the clock, and none in production: refused there, and in a province whose pages do not
    all say that its numbers are simulated. By the same deadline and permits. Only the demo calls it.
    """
    with acting(by=by, reason=REASON):
        province = dossier.phase.campaign.province_id
        simulated = ProvincePolicy.objects.filter(province=province, simulated=True).exists()
        if settings.PRODUCTION or not simulated or at >= received_now():
            raise DossierRefused(_("Hồ sơ được nhận theo đồng hồ của máy chủ; không ghi lùi được."))
        return _take_in(dossier, by, at)


def _take_in(dossier: Dossier, by: User, received_at: datetime) -> DossierVersion:
    held = locked(dossier)
    refuse_unless(held, DossierAct.SUBMIT)
    deadline = deadline_of(held).instant
    if faults := faults_of(held):
        raise DossierIncomplete(
            _("Hồ sơ chưa nộp được: còn %(count)s việc.") % {"count": len(faults)}, faults=faults
        )
    permit = None if received_at < deadline else _use_permit(held, deadline, by, received_at)
    version = _freeze(held, deadline, permit, by, received_at)
    append_step(held, DossierAct.SUBMIT, by=by, at=received_at, touched_at=None)
    _tell(held, version, by)
    return version


def canonical(content: dict[str, Any]) -> bytes:
    """What is hashed: one order, one spelling."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def is_whole(version: DossierVersion) -> bool:
    """Whether what is stored is what was handed in."""
    return hashlib.sha256(canonical(version.content)).hexdigest() == version.sha256


def _use_permit(held: Dossier, deadline: datetime, by: User, received_at: datetime) -> LatePermit:
    waiting = LatePermit.objects.filter(phase=held.phase_id, area=held.area_id, used_at__isnull=True)
    permit = waiting.select_for_update().first()
    if permit is None or permit.expires_at <= received_at:
        said = {"deadline": _instant(deadline), "received": _instant(received_at)}
        if permit is None:
            raise DossierLate(
                _(
                    "Đã quá hạn gửi hồ sơ (nhận trước %(deadline)s; lần nộp này đến lúc %(received)s). "
                    "Bản đang soạn còn nguyên; muốn nộp muộn xin Sở Nội vụ cho phép."
                )
                % said
            )
        raise DossierLate(
            _(
                "Phép nộp muộn đã hết hạn (nhận trước %(until)s; lần nộp này đến lúc %(received)s). "
                "Bản đang soạn còn nguyên."
            )
            % (said | {"until": _instant(permit.expires_at)})
        )
    permit.used_at, permit.used_by = received_at, by
    permit.save(update_fields=["used_at", "used_by"])
    return permit


def _freeze(
    held: Dossier, deadline: datetime, permit: LatePermit | None, by: User, received_at: datetime
) -> DossierVersion:
    number = held.versions.count() + 1
    items = items_of(held)
    content = content_of(held, items=items, at=received_at) | {
        "number": number,
        "received_at": received_at.isoformat(),
        "received_by": str(by),
        "deadline": deadline.isoformat(),
        "permit": permit and {"reason": permit.reason, "expires_at": permit.expires_at.isoformat()},
    }
    written = canonical(content)
    version = DossierVersion.objects.create(
        dossier=held,
        number=number,
        received_at=received_at,
        received_by=by,
        deadline=deadline,
        permit=permit,
        content=json.loads(written),
        sha256=hashlib.sha256(written).hexdigest(),
        receipt="".join(secrets.choice(SIGNS) for _sign in range(RECEIPT_LENGTH)),
    )
    standing = {each["id"] for each in content["nominees"]} | {None}
    files = {item.file_id for item in items if item.file_id and item.nominee_id in standing}
    DossierVersionFile.objects.bulk_create(DossierVersionFile(version=version, file_id=pk) for pk in files)
    return version


def _tell(held: Dossier, version: DossierVersion, by: User) -> None:
    at = version.received_at
    reviewers = holders_over(
        areas=[held.area], permission=Permission.REVIEW_DOSSIERS, on=timezone.localdate(at)
    )
    late = "\nNộp muộn, theo phép của Sở Nội vụ." if version.is_late else ""
    body = (
        f"{held.phase.campaign.short_title}, {held.phase.name}. Lần nộp {version.number}, nhận lúc "
        f"{_instant(at)}, mã biên nhận {version.receipt}.{late}"
    )
    about = f"dossier-version-{version.pk}"
    send_notices(
        recipients=reviewers - {by.pk},
        key=about,
        subject=f"{held.area.name} nộp hồ sơ đề nghị khen thưởng",
        body=body,
        link=held.get_absolute_url(),
        at=at,
    )
    send_notices(
        recipients=[by.pk],
        key=f"{about}-receipt",
        subject=f"Đã nhận hồ sơ đề nghị khen thưởng của {held.area.name}",
        body=body,
        link=f"{held.get_absolute_url()}versions/{version.number}/",
        at=at,
    )


def _instant(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%H:%M:%S ngày %d/%m/%Y}"
