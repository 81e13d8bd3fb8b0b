"""The secret vote of a council: opened with a quorum, cast once by each who is present, closed for good.

Nothing in the database leads from a ballot to a person. With each vote all ballots of the session are taken
out and written anew under random keys in a random order, by one transaction; at closing the table is
rewritten, so that no dead row tells how the count grew. Nobody sees a ballot before.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from awards.council_content import result_content
from awards.council_results import count_ballots
from awards.councils import CouncilRefused, before_the_vote, held_session, save_next, votable
from awards.dossiers import clean_text
from awards.enums import Vote
from awards.models import AgendaLine, CouncilMember, CouncilSession
from core.audit import acting
from core.inbox import send_notices
from core.models import User

LONGEST_CONCLUSION = 4000
#: With one voter alone the count would tell what they said.
FEWEST_VOTERS = 2
WAIT_FOR_READERS = 3  # seconds

_CAST = """
    WITH gone AS (DELETE FROM awards_ballot WHERE session_id = %(session)s RETURNING nominee_id, vote)
    INSERT INTO awards_ballot (key, session_id, nominee_id, vote)
    SELECT gen_random_uuid(), %(session)s, ballots.nominee_id, ballots.vote FROM (
        SELECT nominee_id, vote FROM gone
        UNION ALL SELECT * FROM unnest(%(nominees)s::bigint[], %(votes)s::text[])
    ) ballots ORDER BY gen_random_uuid()
"""


class VoteRefused(CouncilRefused):
    """The person does not vote, not now, or not so."""

    code = "vote_refused"


def why_not_open(session: CouncilSession) -> str:
    """Empty where the vote may be opened: a quorum is present, and on each nominee enough may vote."""
    seats = list(session.seats.all())
    present = sum(seat.present for seat in seats)
    if present < session.quorum:
        return _("Có mặt %(present)s/%(members)s thành viên, chưa đủ %(quorum)s để bỏ phiếu.") % {
            "present": present,
            "members": len(seats),
            "quorum": session.quorum,
        }
    agenda = set(session.agenda.values_list("nominee", flat=True))
    if not agenda or agenda - set(votable(session.phase, but=session).values_list("pk", flat=True)):
        return _("Có đối tượng không còn được bỏ phiếu (hồ sơ đã thay đổi); xin sửa nội dung họp.")
    return ""


def open_vote(*, session: CouncilSession, version: int, by: User, at: datetime) -> CouncilSession:
    """Open the vote; the database derives who has an interest in whom. Those present are told."""
    with acting(by=by, reason="Mở bỏ phiếu kín"):
        held = before_the_vote(session, version)
        if sentence := why_not_open(held):
            raise CouncilRefused(sentence)
        held.opened_at, held.opened_by = at, by
        save_next(held)
        _refuse_few_voters(held)
        send_notices(
            recipients=held.seats.filter(present=True).values_list("member", flat=True),
            key=f"council-{held.pk}-open-{held.version}",
            subject=f"Đã mở bỏ phiếu kín, hội đồng xét khen thưởng {held.phase.name}",
            body=f"{held.phase.campaign.short_title}. Mỗi người bỏ phiếu một lần.",
            link=reverse("awards:ballot", args=[held.pk]),
            at=at,
        )
    return held


def why_not_vote(session: CouncilSession, seat: CouncilMember) -> str:
    """Empty where who has the seat may vote now."""
    if session.closed_at:
        return _("Cuộc bỏ phiếu đã kết thúc.")
    if not session.opened_at:
        return _("Cuộc bỏ phiếu chưa mở.")
    if seat.has_voted:
        return _("Bạn đã bỏ phiếu; phiếu kín nên không xem lại, không sửa được.")
    if not seat.present:
        return _("Bạn không được ghi là có mặt nên không bỏ phiếu; xin báo thư ký phiên họp.")
    if not lines_for(session, seat).exists():
        return _("Bạn có liên quan đến mọi đối tượng của phiên họp nên không bỏ phiếu.")
    return ""


def lines_for(session: CouncilSession, seat: CouncilMember) -> QuerySet[AgendaLine]:
    """The nominees on whom who has the seat votes: all but those in whom they have an interest."""
    rows = session.agenda.exclude(nominee__in=seat.barred).select_related("nominee__unit", "nominee__dossier")
    return rows.order_by("place")


def cast(*, session: CouncilSession, votes: Mapping[int, str], by: User) -> None:
    """Vote on every nominee (id) at once. That somebody voted is kept, and when; never what."""
    with acting(by=by, reason="Bỏ phiếu kín"):
        held = held_session(session)
        seat = held.seats.filter(member=by).first()
        if seat is None:
            raise VoteRefused(_("Bạn không phải là thành viên của phiên họp này."))
        if sentence := why_not_vote(held, seat):
            raise VoteRefused(sentence)
        asked = set(lines_for(held, seat).values_list("nominee", flat=True))
        if set(votes) != asked or set(votes.values()) - set(Vote.values):
            raise VoteRefused(_("Xin chọn một ý kiến cho từng đối tượng."))
        said = {"nominees": list(votes), "votes": [str(vote) for vote in votes.values()]}
        with connection.cursor() as cursor:
            cursor.execute(_CAST, said | {"session": held.pk})
        seat.has_voted = True
        seat.save(update_fields=["has_voted"])


def annul_vote(
    *, session: CouncilSession, reason: str, version: int, by: User, at: datetime
) -> CouncilSession:
    """Take an open vote back for a reason: its ballots are destroyed unseen, and all vote anew later."""
    reason = " ".join(clean_text(reason).split())[:300]
    if not reason:
        raise CouncilRefused(_("Xin ghi lý do hủy lượt bỏ phiếu."))
    with acting(by=by, reason=f"Hủy lượt bỏ phiếu: {reason}"):
        held = _open_session(session, version)
        held.ballots.all().delete()
        held.opened_at = held.opened_by = None
        save_next(held)
        held.seats.update(has_voted=False, barred=[])
        _tell_members(held, "annulled", f"Hủy lượt bỏ phiếu kín, {held.phase.name}", f"Lý do: {reason}", at)
    return held


def close_vote(
    *, session: CouncilSession, conclusion: str, version: int, by: User, at: datetime
) -> CouncilSession:
    """Close the vote and freeze what the minutes say of it. It takes as many votes as the quorum."""
    with acting(by=by, reason="Kết thúc bỏ phiếu kín, chốt kết quả"):
        held = _open_session(session, version)
        voted = held.seats.filter(has_voted=True).count()
        if voted < held.quorum:
            raise CouncilRefused(
                _("Mới có %(voted)s thành viên bỏ phiếu, chưa đủ %(quorum)s để kết thúc.")
                % {"voted": voted, "quorum": held.quorum}
            )
        _refuse_lonely_ballots(held)
        held.conclusion = clean_text(conclusion)[:LONGEST_CONCLUSION]
        held.closed_at, held.closed_by = at, by
        held.content = result_content(held) | {"conclusion": held.conclusion}
        save_next(held)
        passed = sum(row["passed"] for row in held.content["lines"])
        told = (
            f"Kết quả bỏ phiếu kín, {held.phase.name}: {passed}/{len(held.content['lines'])} được thông qua"
        )
        _tell_members(held, "closed", told, held.phase.campaign.short_title, at)
        _forget_dead_rows()
    return held


def _open_session(session: CouncilSession, version: int) -> CouncilSession:
    held = held_session(session, version)
    if not held.opened_at:
        raise CouncilRefused(_("Cuộc bỏ phiếu chưa mở."))
    if held.closed_at:
        raise CouncilRefused(_("Cuộc bỏ phiếu đã kết thúc."))
    return held


def _refuse_few_voters(held: CouncilSession) -> None:
    seats = list(held.seats.filter(present=True))
    for line in held.agenda.select_related("nominee__unit").order_by("place"):
        if sum(line.nominee_id not in seat.barred for seat in seats) < FEWEST_VOTERS:
            raise CouncilRefused(
                _(
                    "%(name)s: quá ít thành viên có mặt được bỏ phiếu (những người khác có liên quan), "
                    "phiếu không còn kín."
                )
                % {"name": line.nominee}
            )


def _refuse_lonely_ballots(held: CouncilSession) -> None:
    """With one ballot alone on a nominee the count would tell whose it is and what it says."""
    few = [nominee for nominee, votes in count_ballots(held).items() if sum(votes.values()) < FEWEST_VOTERS]
    if line := held.agenda.filter(nominee__in=few).select_related("nominee__unit").first():
        raise CouncilRefused(
            _("%(name)s: còn quá ít phiếu, kết thúc lúc này thì phiếu không còn kín.")
            % {"name": line.nominee}
        )


def _tell_members(held: CouncilSession, what: str, subject: str, body: str, at: datetime) -> None:
    send_notices(
        recipients=held.seats.values_list("member", flat=True),
        key=f"council-{held.pk}-{what}-{held.version}",
        subject=subject,
        body=body,
        link=reverse("awards:ballot", args=[held.pk]),
        at=at,
    )


def _forget_dead_rows() -> None:
    """Rewrite the table in the order of its random keys, without what was there before each vote.

    Where somebody reads the table for long, as a backup does, it is left to the database's own cleaning.
    """
    with connection.cursor() as cursor, suppress(OperationalError):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may be pending on the table
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        with transaction.atomic():
            cursor.execute("SET LOCAL lock_timeout = %s", [f"{WAIT_FOR_READERS}s"])
            cursor.execute("CLUSTER awards_ballot USING awards_ballot_pkey")
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
