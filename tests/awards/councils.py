"""Councils for tests: a reviewed dossier of two nominees, a session with members of the province."""

from __future__ import annotations

import uuid

from awards.council_voting import cast, open_vote
from awards.councils import Meeting, make_session, note_present
from awards.enums import CountedOf
from awards.models import AgendaLine, Ballot, CouncilMember, CouncilSession, Dossier, Nominee
from core.enums import Role
from core.models import User
from core.people import system_user
from tests.awards.dossiers import AT, PERSON, make_dossier, make_nominee
from tests.factories import DistrictFactory, GrantFactory, UserFactory

HELD_ON = AT.date()
MEETING = Meeting(HELD_ON, "Phòng họp số 2", "Lê Văn Mười", "Lê Thị Bảy", 2, 60, CountedOf.MEMBERS)


def reviewed(**said) -> Dossier:
    """A reviewed dossier of a collective and a person."""
    dossier = make_dossier(status="reviewed", **said)
    unit = make_nominee(dossier, status="passed").unit
    make_nominee(
        dossier, unit, kind=PERSON, person="Đặng Thị Bảy", person_post="Trạm trưởng Trạm Y tế",
        deeds="Trực chốt.", search_text="dang thi bay", status="passed",
    )  # fmt: skip
    return dossier


def make_members(dossier: Dossier, count: int) -> list[User]:
    province = dossier.phase.campaign.province
    return [GrantFactory(role=Role.VIEWER, area=province).user for _place in range(count)]


def make_council(
    dossier: Dossier | None = None, members: int = 3, *, present: int | None = None, **said
) -> CouncilSession:
    """A session on all nominees of the dossier, of which ``present`` members (all unless told) are there."""
    dossier = dossier or reviewed()
    nominees = list(dossier.nominees.order_by("place").values_list("pk", flat=True))
    known = {"by": system_user(), "at": AT}
    session = make_session(phase=dossier.phase, meeting=MEETING._replace(**said), nominees=nominees, **known)
    rows = [CouncilMember(session=session, member=user) for user in make_members(dossier, members)]
    seats = CouncilMember.objects.bulk_create(rows)
    there = [seat.pk for seat in seats[: members if present is None else present]]
    note_present(session=session, present=there, version=session.version, **known)
    return again(session)


def opened(dossier: Dossier | None = None, members: int = 3, **said) -> CouncilSession:
    session = make_council(dossier, members, **said)
    return open_vote(session=session, version=session.version, by=system_user(), at=AT)


def again(session: CouncilSession) -> CouncilSession:
    return CouncilSession.objects.select_related("phase__campaign__province").get(pk=session.pk)


def members_of(session: CouncilSession) -> list[User]:
    return [seat.member for seat in session.seats.select_related("member").order_by("pk")]


def vote(session: CouncilSession, user: User, *votes: str) -> None:
    """What the person says of each nominee in the order of the agenda; of all the same where told once."""
    nominees = list(session.agenda.order_by("place").values_list("nominee", flat=True))
    said = votes * len(nominees) if len(votes) == 1 else votes
    cast(session=session, votes=dict(zip(nominees, said, strict=True)), by=user)


# As the tables want them, for what the database refuses.


def laid_down(**said) -> CouncilSession:
    usual = {"phase": make_dossier().phase, "created_at": AT, "created_by": system_user()}
    return CouncilSession.objects.create(**usual | MEETING._asdict() | said)


def lay_line(session: CouncilSession, nominee: Nominee | None = None) -> AgendaLine:
    if nominee is None:
        district = DistrictFactory(parent=session.phase.campaign.province)
        nominee = make_nominee(make_dossier(district, session.phase))
    return AgendaLine.objects.create(session=session, nominee=nominee, place=session.agenda.count() + 1)


def lay_seat(session: CouncilSession, member: User | None = None, **said) -> CouncilMember:
    return CouncilMember.objects.create(session=session, member=member or UserFactory(), **said)


def lay_ballot(session: CouncilSession, vote: str = "for") -> Ballot:
    line = session.agenda.first()
    return Ballot.objects.create(key=uuid.uuid4(), session=session, nominee_id=line.nominee_id, vote=vote)
