"""Reviewing: ticks, flags looked at, whether a nominee passes, and the steps of Sở Nội vụ with a dossier.

Only a dossier in review is judged, and only by people without an interest in it (``awards.conflicts``).
What was ticked is only added to; the latest counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards import dossier_steps
from awards.checks import LABELS, Check, checks_of
from awards.conflicts import refuse_conflict, refuse_conflicts_in
from awards.dossiers import DossierChanged, DossierRefused, clean_text, locked
from awards.enums import DossierStatus, NomineeStatus
from awards.models import Dossier, FlagSeen, Nominee, Tick
from awards.shortlists import latest_shortlist
from core.audit import acting
from core.models import User

JUDGED = (NomineeStatus.PASSED, NomineeStatus.FAILED)
#: The nominees that a review is about.
UNDER_REVIEW = (NomineeStatus.PROPOSED, *JUDGED)


class ReviewRefused(DossierRefused):
    """What a reviewer asks for cannot be written."""

    code = "review_refused"


def tick(*, nominee: Nominee, code: str, passed: bool, reason: str, by: User, at: datetime) -> Tick:
    """Decide a check otherwise than the machine, or where it could not say. Whoever passed or failed the
    nominee before decides again. Raises ``ReviewRefused``, ``ConflictOfInterest``."""
    reason = _line(reason)
    if code not in LABELS:
        raise ReviewRefused(_("Không có điều kiện này; xin tải lại trang."))
    if not reason:
        raise ReviewRefused(_("Xin ghi lý do kết luận khác máy."))
    with acting(by=by, reason=f"Thẩm định, {LABELS[code]}: {reason}"):
        held = in_review(nominee, by=by, at=at)
        made = Tick.objects.create(
            nominee=held, check_code=code, passed=passed, reason=reason, ticked_at=at, ticked_by=by
        )
        _set_back(held.dossier.nominees.filter(pk=held.pk))
    return made


def see_flag(*, nominee: Nominee, flag: str, note: str, by: User, at: datetime) -> FlagSeen:
    """Say that one looked at a flag, and what is to be made of it; the same person says it once."""
    note = _line(note)
    if not note:
        raise ReviewRefused(_("Xin ghi nhận xét về dấu hiệu."))
    with acting(by=by, reason=f"Xem dấu hiệu khi thẩm định: {note}"):
        held = in_review(nominee, by=by, at=at)
        table = latest_shortlist(held.dossier.phase)
        line = table.line_of(held.unit_id) if table else None
        if line is None or flag not in {each.code for each in line.flags}:
            raise ReviewRefused(_("Danh sách xét khen hiện nay không có dấu hiệu này."))
        if held.flags_seen.filter(flag=flag, seen_by=by).exists():
            raise ReviewRefused(_("Bạn đã xem dấu hiệu này."))
        return FlagSeen.objects.create(nominee=held, flag=flag, note=note, seen_at=at, seen_by=by)


def judge(*, nominee: Nominee, version: int, passed: bool, reason: str, by: User, at: datetime) -> Nominee:
    """Say whether the nominee passes, once every check is answered; for one that fails, why.

    Raises ``DossierChanged`` with theirs, ``ReviewRefused``, ``ConflictOfInterest``.
    """
    reason = _line(reason)
    verdict = NomineeStatus.PASSED if passed else NomineeStatus.FAILED
    with acting(by=by, reason=f"Thẩm định: {verdict.label}{reason and f' ({reason})'}"):
        held = in_review(nominee, by=by, at=at)
        if (held.status, held.reason) == (verdict, reason):
            return held
        if held.version != version:
            raise DossierChanged(
                _("Người khác đã kết luận về đối tượng này sau lúc bạn mở; chưa ghi gì của bạn."), theirs=held
            )
        if sentence := why_not(checks_of([held])[held.pk], passed=passed, reason=reason):
            raise ReviewRefused(sentence)
        held.status, held.reason = verdict, reason
        held.version += 1
        held.save(update_fields=["status", "reason", "version"])
    return held


def why_not(checks: Sequence[Check], *, passed: bool, reason: str) -> str:
    """What stands against the verdict, in words; empty where nothing does."""
    if waiting := [check.label for check in checks if check.holds is None]:
        return _("Còn điều kiện chưa kết luận: %(labels)s.") % {"labels": ", ".join(waiting)}
    failed = [check.label for check in checks if not check.holds]
    if passed and failed:
        return _(
            "Không đạt: %(labels)s. Xin kết luận lại điều kiện kèm lý do, hoặc chọn không đủ điều kiện."
        ) % {"labels": ", ".join(failed)}
    if not passed and not reason:
        return _("Không đủ điều kiện thì phải ghi lý do.")
    return ""


def take_up(*, dossier: Dossier, version: int, by: User, at: datetime) -> Dossier:
    """Begin the review. Raises ``ConflictOfInterest`` and what ``dossier_steps`` refuses."""
    refuse_conflicts_in(dossier=dossier, by=by, on=timezone.localdate(at))
    return dossier_steps.take_up(dossier=dossier, version=version, by=by, at=at)


def return_for_more(
    *,
    dossier: Dossier,
    version: int,
    reason: str,
    asked: Sequence[dict[str, str]],
    due: datetime,
    by: User,
    at: datetime,
) -> Dossier:
    """Give it back for more; what was judged is judged again when it comes back."""
    refuse_conflicts_in(dossier=dossier, by=by, on=timezone.localdate(at))
    with acting(by=by, reason=f"Trả lại hồ sơ để bổ sung: {reason}"):
        returned = dossier_steps.return_for_more(
            dossier=dossier, version=version, reason=reason, asked=asked, due=due, by=by, at=at
        )
        _set_back(returned.nominees)
    return returned


def finish(*, dossier: Dossier, version: int, by: User, at: datetime) -> Dossier:
    """End the review, once every nominee was judged; by another than who took it up."""
    refuse_conflicts_in(dossier=dossier, by=by, on=timezone.localdate(at))
    with acting(by=by, reason="Thẩm định xong hồ sơ"):
        held = locked(dossier)
        waiting = held.nominees.filter(status=NomineeStatus.PROPOSED).count()
        if waiting and held.status == DossierStatus.IN_REVIEW:
            raise ReviewRefused(
                ngettext(
                    "Còn %(count)s đối tượng chưa kết luận.",
                    "Còn %(count)s đối tượng chưa kết luận.",
                    waiting,
                )
                % {"count": waiting}
            )
        return dossier_steps.finish(dossier=held, version=version, by=by, at=at)


def reopen(*, dossier: Dossier, version: int, reason: str, by: User, at: datetime) -> Dossier:
    refuse_conflicts_in(dossier=dossier, by=by, on=timezone.localdate(at))
    return dossier_steps.reopen(dossier=dossier, version=version, reason=reason, by=by, at=at)


def in_review(nominee: Nominee, *, by: User, at: datetime) -> Nominee:
    """The nominee as it is now, its dossier held to the end of the transaction. Raises ``ReviewRefused``
    unless it is being reviewed, and ``ConflictOfInterest``."""
    dossier = locked(nominee.dossier)
    if dossier.status != DossierStatus.IN_REVIEW:
        raise ReviewRefused(
            _("Hồ sơ %(status)s nên không thẩm định được; chưa ghi gì.")
            % {"status": dossier.get_status_display()}
        )
    held = dossier.nominees.select_related("unit", "dossier__phase__campaign").get(pk=nominee.pk)
    if held.status not in UNDER_REVIEW:
        raise ReviewRefused(
            _("Đối tượng này %(status)s nên không thẩm định nữa.") % {"status": held.get_status_display()}
        )
    refuse_conflict(nominee=held, by=by, on=timezone.localdate(at))
    return held


def _set_back(nominees: QuerySet[Nominee]) -> None:
    """What was judged is open again: what it was judged by has changed."""
    judged = nominees.filter(status__in=JUDGED)
    judged.update(status=NomineeStatus.PROPOSED, reason="", version=F("version") + 1)


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())[:500]
