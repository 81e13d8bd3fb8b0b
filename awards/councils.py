"""The council, where the office wants one: a meeting is called, who sits and who is present is noted.

All of it only before the vote is opened (``awards.council_voting``); the database refuses it afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.dossiers import clean_text
from awards.models import AgendaLine, CouncilMember, CouncilSession, Nominee
from awards.proposals import proposable
from campaign.models import Phase
from core.audit import acting
from core.errors import DomainError
from core.inbox import send_notices
from core.models import Area, Grant, User


class CouncilRefused(DomainError):
    """The act cannot be done with the session."""

    code = "council_refused"


class CouncilChanged(CouncilRefused):
    """Somebody else acted first."""

    code = "council_changed"


class Meeting(NamedTuple):
    """When and where, who presides and keeps the minutes, and by which rule it votes."""

    held_on: date
    place: str
    chair: str
    secretary: str
    quorum: int
    pass_percent: int
    counted_of: str


def sessions_of(user: User | AnonymousUser) -> QuerySet[CouncilSession]:
    """The sessions in which the person sits: all that opens a ballot to them."""
    if not user.is_authenticated or not user.is_active or user.password_is_temporary:
        return CouncilSession.objects.none()
    return CouncilSession.objects.filter(seats__member=user.pk)


def votable(phase: Phase, *, but: CouncilSession | None = None) -> QuerySet[Nominee]:
    """The nominees on whom a council may vote: who may be proposed, and is with no other council now."""
    waiting = AgendaLine.objects.filter(session__phase=phase, session__closed_at__isnull=True)
    if but is not None:
        waiting = waiting.exclude(session=but)
    return proposable(phase).exclude(pk__in=waiting.values("nominee"))


def seatable(province: Area, *, on: date) -> QuerySet[User]:
    """The people who may sit: with an account that works in the province. They need no other right."""
    within = Q(area__path=province.path) | Q(area__path__startswith=f"{province.path}/")
    people = User.objects.filter(pk__in=Grant.objects.active_on(on).filter(within).values("user"))
    return people.filter(is_active=True).order_by("sort_key", "username")


def make_session(
    *, phase: Phase, meeting: Meeting, nominees: Sequence[int], by: User, at: datetime
) -> CouncilSession:
    """Call a meeting on the nominees (ids), in order; who sat in the province's last one sits again."""
    with acting(by=by, reason=f"Lập phiên họp hội đồng, {phase.name}"):
        Phase.objects.select_for_update(no_key=True).get(pk=phase.pk)  # one lays down an agenda at a time
        chosen = _chosen(phase, nominees, None)
        province, on = phase.campaign.province, timezone.localdate(at)
        former = CouncilSession.objects.filter(phase__campaign__province=province).order_by("-pk").first()
        session = CouncilSession.objects.create(
            phase=phase, created_at=at, created_by=by, **_checked(meeting)._asdict()
        )
        _write_agenda(session, chosen)
        again = former.seats.values("member") if former else []
        members = list(seatable(province, on=on).filter(pk__in=again))
        CouncilMember.objects.bulk_create(CouncilMember(session=session, member=each) for each in members)
        _call(session, members, at)
    return session


def change_session(
    *,
    session: CouncilSession,
    meeting: Meeting,
    nominees: Sequence[int],
    version: int,
    by: User,
    at: datetime,
) -> CouncilSession:
    """Lay down time, place, rule and agenda anew, while the vote is not open."""
    with acting(by=by, reason="Sửa phiên họp hội đồng"):
        Phase.objects.select_for_update(no_key=True).get(pk=session.phase_id)
        held = before_the_vote(session, version)
        chosen = _chosen(held.phase, nominees, held)
        held.agenda.all().delete()
        _write_agenda(held, chosen)
        for name, value in _checked(meeting)._asdict().items():
            setattr(held, name, value)
        save_next(held)
    return held


def add_member(*, session: CouncilSession, member: User, version: int, by: User, at: datetime) -> None:
    """Give somebody of the province a seat; they are told."""
    with acting(by=by, reason="Thêm thành viên hội đồng"):
        held = before_the_vote(session, version)
        province = held.phase.campaign.province
        if not seatable(province, on=timezone.localdate(at)).filter(pk=member.pk).exists():
            raise CouncilRefused(_("Người này không có tài khoản làm việc trong tỉnh."))
        if held.seats.filter(member=member).exists():
            raise CouncilRefused(_("Người này đã là thành viên của phiên họp."))
        CouncilMember.objects.create(session=held, member=member)
        save_next(held)
        _call(held, [member], at)


def drop_member(*, session: CouncilSession, seat: int, version: int, by: User, at: datetime) -> None:
    """Take a seat (id) away again; who had it is told."""
    with acting(by=by, reason="Bớt thành viên hội đồng"):
        held = before_the_vote(session, version)
        found = held.seats.filter(pk=seat).first()
        if found is None:
            raise CouncilRefused(_("Phiên họp không có thành viên này; xin tải lại trang."))
        found.delete()
        save_next(held)
        send_notices(
            recipients=[found.member_id],
            key=f"council-{held.pk}-dropped-{held.version}",
            subject=f"Bạn không còn là thành viên phiên họp hội đồng ngày {held.held_on:%d/%m/%Y}",
            body=held.phase.campaign.short_title,
            link=reverse("core:inbox"),
            at=at,
        )


def note_present(
    *, session: CouncilSession, present: Iterable[int], version: int, by: User, at: datetime
) -> int:
    """Note which seats (ids) are present, the others are not: how many are."""
    with acting(by=by, reason="Ghi thành viên có mặt"):
        held, wanted = before_the_vote(session, version), set(present)
        if wanted - set(held.seats.values_list("pk", flat=True)):
            raise CouncilRefused(_("Phiên họp không có thành viên này; xin tải lại trang."))
        held.seats.filter(pk__in=wanted, present=False).update(present=True)
        held.seats.exclude(pk__in=wanted).filter(present=True).update(present=False)
        save_next(held)
    return len(wanted)


def held_session(session: CouncilSession, version: int | None = None) -> CouncilSession:
    """The session as it is now, held until the end of the transaction."""
    rows = CouncilSession.objects.select_for_update(of=("self",))
    held = rows.select_related("phase__campaign__province").get(pk=session.pk)
    if version is not None and held.version != version:
        raise CouncilChanged(_("Người khác vừa sửa phiên họp này; xin xem lại rồi làm tiếp."))
    return held


def before_the_vote(session: CouncilSession, version: int) -> CouncilSession:
    """``held_session``, of one whose vote is not open."""
    held = held_session(session, version)
    if held.opened_at:
        raise CouncilRefused(_("Đã mở bỏ phiếu; không sửa phiên họp được nữa."))
    return held


def save_next(held: CouncilSession) -> None:
    held.version += 1
    held.save()


def _chosen(phase: Phase, nominees: Sequence[int], but: CouncilSession | None) -> list[int]:
    allowed = set(votable(phase, but=but).values_list("pk", flat=True))
    if not nominees or len(set(nominees)) != len(nominees) or set(nominees) - allowed:
        raise CouncilRefused(
            _("Xin chọn đối tượng đã thẩm định, chưa trình và không nằm trong phiên họp khác chưa kết thúc.")
        )
    return list(nominees)


def _write_agenda(session: CouncilSession, nominees: Sequence[int]) -> None:
    AgendaLine.objects.bulk_create(
        AgendaLine(session=session, nominee_id=nominee, place=place)
        for place, nominee in enumerate(nominees, 1)
    )


def _checked(meeting: Meeting) -> Meeting:
    words = {name: " ".join(clean_text(getattr(meeting, name)).split()) for name in _WORDS}
    if not all(words.values()):
        raise CouncilRefused(_("Xin ghi địa điểm, người chủ trì và thư ký."))
    return meeting._replace(**words)


_WORDS = ("place", "chair", "secretary")


def _call(session: CouncilSession, members: Iterable[User], at: datetime) -> None:
    phase = session.phase
    send_notices(
        recipients=[member.pk for member in members],
        key=f"council-{session.pk}-seat-{session.version}",
        subject=f"Mời họp hội đồng xét khen thưởng ngày {session.held_on:%d/%m/%Y}, {phase.name}",
        body=f"{phase.campaign.short_title}. Địa điểm: {session.place}. Chủ trì: {session.chair}.",
        link=reverse("awards:ballot", args=[session.pk]),
        at=at,
    )
