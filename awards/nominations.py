"""Nominations: persons whom units nominate, for the dossier of their district (of the province, for its own
units) to take in or not. A person is taken in once, with what the unit wrote; the unit is told.

Whoever takes or declines locks the dossier first where it writes to it, then the nominations by their ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.dossier_papers import kinds_of
from awards.dossiers import clean_text, writable
from awards.enums import NominationStatus
from awards.law import AwardKind
from awards.models import Dossier, Nomination, Nominee
from awards.nomination_notices import tell_answered, tell_nominated, tell_withdrawn
from awards.nomination_windows import Window, taking_area, window_of
from awards.nominees import PERSON, Proposal, add_nominees
from campaign.models import Campaign, Phase, Unit
from core.access import Permission
from core.audit import acting
from core.enums import AreaKind
from core.errors import DomainError
from core.models import User
from core.models.scoping import granted_paths
from core.vietnamese import fold

TYPED = ("unit_id", "kind", "person", "person_post", "deeds")
MOST_AT_ONCE = 300


class NominationRefused(DomainError):
    """The act cannot be done with the nomination."""

    code = "nomination_refused"


class NominationChanged(NominationRefused):
    """Somebody else was first; ``theirs`` is the nomination as it is stored now."""

    code = "nomination_changed"

    def __init__(self, message: str, *, theirs: Nomination) -> None:
        super().__init__(message)
        self.theirs = theirs


def nominate(
    *,
    phase: Phase,
    unit: Unit,
    kind: str,
    person: str,
    person_post: str,
    deeds: str,
    by: User,
    at: datetime,
) -> Nomination:
    """Nominate a person; the district is told. Raises ``NominationRefused``: at the deadline or after it, and
    of somebody whom the unit has nominated in the phase."""
    with acting(by=by, reason="Đề cử cá nhân khen thưởng"):
        window = _open_window(phase, unit, at)
        row = Nomination(phase=phase, unit=unit, nominated_at=at, nominated_by=by)
        _write(row, Proposal(unit, kind, person, person_post, deeds))
        _save(row)
        tell_nominated(row, window, by=by, at=at)
    return row


def change(
    *,
    nomination: Nomination,
    version: int,
    unit: Unit,
    kind: str,
    person: str,
    person_post: str,
    deeds: str,
    by: User,
    at: datetime,
) -> Nomination:
    """Write it over the version that was shown, while it waits; the same again changes nothing.

    Raises ``NominationChanged`` with theirs when it is another by now, and as ``nominate``.
    """
    with acting(by=by, reason=f"Sửa đề cử cá nhân khen thưởng lúc {at:%H:%M:%S}"):
        row = _held(nomination)
        _open_window(row.phase, unit, at)
        before = [getattr(row, name) for name in TYPED]
        _write(row, Proposal(unit, kind, person, person_post, deeds))
        if [getattr(row, name) for name in TYPED] == before:
            return row
        _refuse_overtaken(nomination, row, version)
        row.version += 1
        _save(row)
    return row


def withdraw(*, nomination: Nomination, version: int, reason: str, by: User, at: datetime) -> Nomination:
    """Take it back, for a reason, while it waits; it stays to be seen. Raises as ``change``."""
    reason = _reason(reason, _("Xin ghi lý do rút đề cử."))
    with acting(by=by, reason=f"Rút đề cử cá nhân lúc {at:%H:%M:%S}: {reason}"):
        row = _held(nomination)
        window = _open_window(row.phase, row.unit, at)
        _refuse_overtaken(nomination, row, version)
        _answer(row, NominationStatus.WITHDRAWN, by=by, at=at, reason=reason)
        row.save()
        tell_withdrawn(row, window, by=by, at=at)
    return row


def take(*, dossier: Dossier, shown: Mapping[int, int], by: User, at: datetime) -> list[Nominee]:
    """Take nominations into the dossier, in the order in which they came: all of them or none.

    ``shown`` are their ids, each with the version that was shown. The units are told. Raises
    ``NominationChanged``, ``NominationRefused``, ``DossierRefused`` and ``NomineesRefused``.
    """
    with acting(by=by, reason="Đưa cá nhân được đề cử vào hồ sơ"):
        held = writable(dossier)
        rows = _waiting(held, shown)
        proposals = [Proposal(row.unit, row.kind, row.person, row.person_post, row.deeds) for row in rows]
        nominees = add_nominees(dossier=held, proposals=proposals, by=by, at=at)
        for row, nominee in zip(rows, nominees, strict=True):
            _answer(row, NominationStatus.TAKEN, by=by, at=at, nominee=nominee)
        _write_answers(rows)
        tell_answered(rows, by=by, at=at)
    return nominees


def decline(
    *, dossier: Dossier, shown: Mapping[int, int], reason: str, by: User, at: datetime
) -> list[Nomination]:
    """Leave nominations out of the dossier, for a reason that the units read; whatever its status."""
    reason = _reason(reason, _("Xin ghi lý do không đưa vào hồ sơ."))
    with acting(by=by, reason=f"Không đưa đề cử vào hồ sơ: {reason}"):
        rows = _waiting(dossier, shown)
        for row in rows:
            _answer(row, NominationStatus.DECLINED, by=by, at=at, reason=reason)
        _write_answers(rows)
        tell_answered(rows, by=by, at=at)
    return rows


def nominations_of(dossier: Dossier) -> QuerySet[Nomination]:
    """What the units of its area nominated in its phase; of the province's dossier, its own units."""
    within = Q(unit__seat=dossier.area_id)
    if dossier.area.kind == AreaKind.DISTRICT:
        within |= Q(unit__seat__path__startswith=f"{dossier.area.path}/")
    return Nomination.objects.filter(within, phase=dossier.phase_id)


def nominating_units(user: User | AnonymousUser, *, on: date) -> QuerySet[Unit]:
    """The open units for which the person nominates: those of the own commune or district. Who works for a
    whole province nominates for its departments alone, and leaves the others to their districts."""
    among = Q(pk__in=[])
    for path in granted_paths(user, Permission.PREPARE_DOSSIERS, on=on):
        among |= Q(seat__path=path)
        if "/" in path:
            among |= Q(seat__path__startswith=f"{path}/")
    return Unit.objects.open().filter(among)


def personal_kinds(campaign: Campaign) -> list[AwardKind]:
    """The awards for which a person can be nominated."""
    return [kind for kind in kinds_of(campaign) if kind.recipient == PERSON]


def _open_window(phase: Phase, unit: Unit, at: datetime) -> Window:
    if unit.closed_at or unit.province_id != phase.campaign.province_id:
        raise NominationRefused(_("Chỉ đơn vị đang hoạt động trong tỉnh của phong trào mới đề cử được."))
    area = taking_area(unit.seat)
    window = window_of(phase=phase, area=area, at=at)
    if not window.is_open(at=at):
        until = timezone.localtime(window.until)
        raise NominationRefused(
            _(
                "Đã quá hạn đề cử: nhận trước %(time)s ngày %(day)s, cùng hạn với hồ sơ của %(area)s. "
                "Xin liên hệ nơi lập hồ sơ."
            )
            % {"time": f"{until:%H:%M:%S}", "day": f"{until:%d/%m/%Y}", "area": area.name}
        )
    return window


def _write(row: Nomination, said: Proposal) -> None:
    person, post = (" ".join(clean_text(text).split()) for text in (said.person, said.person_post))
    deeds = clean_text(said.deeds)
    if said.kind not in {kind.code for kind in personal_kinds(row.phase.campaign)}:
        raise NominationRefused(_("Hình thức khen này không dành cho cá nhân trong quy định của phong trào."))
    if not (person and post and deeds):
        raise NominationRefused(_("Đề cử phải có họ tên, chức vụ, nơi công tác và việc đã làm, ở đâu."))
    row.unit, row.kind, row.person, row.person_post, row.deeds = said.unit, said.kind, person, post, deeds
    row.search_text = fold(person)


def _save(row: Nomination) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "nomination_once_per_phase_and_unit" not in str(error):
            raise
        raise NominationRefused(
            _("%(unit)s đã đề cử %(person)s trong đợt này.") % {"unit": row.unit.name, "person": row.person}
        ) from None


def _held(nomination: Nomination) -> Nomination:
    rows = Nomination.objects.select_related("phase__campaign", "unit__seat__parent__parent")
    row = rows.select_for_update(of=("self",)).get(pk=nomination.pk)
    _refuse_unless_waiting(row)
    return row


def _refuse_unless_waiting(row: Nomination) -> None:
    if row.status != NominationStatus.WAITING:
        raise NominationChanged(
            _("Đề cử %(person)s nay %(status)s nên không sửa được nữa.")
            % {"person": row.person, "status": row.get_status_display()},
            theirs=row,
        )


def _refuse_overtaken(nomination: Nomination, row: Nomination, version: int) -> None:
    if row.version != version:
        raise NominationChanged(
            _("Người khác đã sửa đề cử này sau lúc bạn mở; chưa ghi gì của bạn."),
            theirs=Nomination.objects.select_related("unit").get(pk=nomination.pk),
        )


def _waiting(dossier: Dossier, shown: Mapping[int, int]) -> list[Nomination]:
    """Those named, held; each waits and is what was shown."""
    if not shown:
        raise NominationRefused(_("Xin đánh dấu ít nhất một đề cử."))
    if len(shown) > MOST_AT_ONCE:
        raise NominationRefused(_("Mỗi lần chỉ xử lý %(most)s đề cử.") % {"most": MOST_AT_ONCE})
    rows = nominations_of(dossier).filter(pk__in=shown).select_related("unit__seat", "phase__campaign")
    held = list(rows.select_for_update(of=("self",)).order_by("pk"))
    if len(held) != len(shown):
        raise NominationRefused(_("Có đề cử không thuộc hồ sơ này; xin tải lại trang."))
    for row in held:
        _refuse_unless_waiting(row)
        if row.version != shown[row.pk]:
            raise NominationChanged(
                _("%(unit)s đã sửa đề cử %(person)s sau lúc bạn mở; xin xem lại.")
                % {"unit": row.unit.name, "person": row.person},
                theirs=row,
            )
    return held


def _answer(
    row: Nomination,
    status: NominationStatus,
    *,
    by: User,
    at: datetime,
    reason: str = "",
    nominee: Nominee | None = None,
) -> None:
    row.status, row.reason, row.nominee = status, reason, nominee
    row.answered_at, row.answered_by = at, by
    row.version += 1


def _write_answers(rows: list[Nomination]) -> None:
    fields = ["status", "reason", "nominee", "answered_at", "answered_by", "version"]
    Nomination.objects.bulk_update(rows, fields)


def _reason(text: str, refusal: str) -> str:
    reason = " ".join(clean_text(text).split())[:500]
    if not reason:
        raise NominationRefused(refusal)
    return reason
