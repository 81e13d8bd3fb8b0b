"""Calling a council: whom it is about, who sits, who is there; and what its vote bears on afterwards."""

import pytest

from awards.council_voting import close_vote
from awards.councils import (
    CouncilChanged,
    CouncilRefused,
    add_member,
    change_session,
    drop_member,
    make_session,
    note_present,
    seatable,
    sessions_of,
    votable,
)
from awards.paper.proposals import submission_of
from awards.proposal_content import proposal_content
from awards.proposals import ProposalRefused, prepare_proposal
from core.enums import Role
from core.models import Notice
from core.people import system_user
from tests.awards.councils import (
    MEETING,
    again,
    make_council,
    make_members,
    members_of,
    opened,
    reviewed,
    vote,
)
from tests.awards.dossiers import AT, make_dossier, make_nominee
from tests.factories import GrantFactory, ProvinceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return reviewed()


def _make(dossier, nominees, **said):
    known = {"phase": dossier.phase, "meeting": MEETING._replace(**said), "by": system_user(), "at": AT}
    return make_session(nominees=nominees, **known)


def test_session_is_on_reviewed_nominees_in_their_order(dossier):
    first, second = dossier.nominees.order_by("place")

    session = _make(dossier, [second.pk, first.pk])

    assert list(session.agenda.order_by("place").values_list("nominee", flat=True)) == [second.pk, first.pk]
    assert (session.place, session.quorum, session.pass_percent) == ("Phòng họp số 2", 2, 60)


@pytest.mark.parametrize("status", ["draft", "submitted", "in_review", "returned", "decided"])
def test_only_reviewed_nominees_come_before_a_council(status):
    dossier = make_dossier(status=status)
    nominee = make_nominee(dossier)

    assert not votable(dossier.phase).exists()
    with pytest.raises(CouncilRefused, match="đã thẩm định"):
        _make(dossier, [nominee.pk])


def test_nominee_stands_before_one_council_at_a_time(dossier):
    nominees = list(dossier.nominees.values_list("pk", flat=True))
    session = _make(dossier, nominees)

    assert not votable(dossier.phase).exists()
    assert votable(dossier.phase, but=session).count() == 2
    for chosen in (nominees, [], nominees[:1] * 2):
        with pytest.raises(CouncilRefused):
            _make(dossier, chosen)


@pytest.mark.parametrize("name", ["place", "chair", "secretary"])
def test_session_says_where_and_by_whom(dossier, name):
    with pytest.raises(CouncilRefused, match="Xin ghi"):
        _make(dossier, [dossier.nominees.first().pk], **{name: " \t "})


def test_session_is_laid_down_anew_over_what_was_shown_alone(dossier):
    session = make_council(dossier)
    one = dossier.nominees.first().pk
    known = {"session": session, "nominees": [one], "by": system_user(), "at": AT}

    with pytest.raises(CouncilChanged):
        change_session(meeting=MEETING, version=session.version - 1, **known)
    change_session(meeting=MEETING._replace(quorum=3), version=session.version, **known)

    assert again(session).quorum == 3
    assert list(session.agenda.values_list("nominee", flat=True)) == [one]


def test_members_work_in_the_province_and_need_no_right_there(dossier):
    session = make_council(dossier, members=0)
    province = dossier.phase.campaign.province
    clerk = GrantFactory(role=Role.COMMUNE_STAFF, area=dossier.area).user
    stranger, nobody = GrantFactory(area=ProvinceFactory()).user, UserFactory()
    gone = GrantFactory(role=Role.VIEWER, area=province).user
    gone.is_active = False
    gone.save()

    add_member(session=session, member=clerk, version=session.version, by=system_user(), at=AT)

    assert clerk in seatable(province, on=AT.date())
    for other in (stranger, nobody, gone, clerk):
        version = again(session).version
        with pytest.raises(CouncilRefused):
            add_member(session=session, member=other, version=version, by=system_user(), at=AT)
    assert members_of(session) == [clerk]
    assert Notice.objects.filter(recipient=clerk, subject__startswith="Mời họp hội đồng").count() == 1
    assert list(sessions_of(clerk)) == [session]
    assert not sessions_of(stranger).exists()


def test_seat_is_taken_away_and_who_had_it_is_told(dossier):
    session = make_council(dossier, members=2)
    seat = session.seats.order_by("pk").first()

    drop_member(session=session, seat=seat.pk, version=session.version, by=system_user(), at=AT)

    assert session.seats.count() == 1
    assert Notice.objects.filter(recipient=seat.member, subject__startswith="Bạn không còn").exists()
    with pytest.raises(CouncilRefused, match="không có thành viên này"):
        drop_member(session=session, seat=seat.pk, version=again(session).version, by=system_user(), at=AT)


def test_who_is_present_is_noted_as_a_whole(dossier):
    session = make_council(dossier, members=3, present=1)
    _first, second, third = session.seats.order_by("pk")
    known = {"session": session, "by": system_user(), "at": AT}

    note_present(present=[second.pk, third.pk], version=session.version, **known)

    assert list(session.seats.order_by("pk").values_list("present", flat=True)) == [False, True, True]
    with pytest.raises(CouncilRefused):
        note_present(present=[0], version=again(session).version, **known)


def test_members_of_the_last_session_of_the_province_sit_again(dossier):
    session = make_council(dossier, members=3)
    left = members_of(session)[0]
    left.grants.update(ended_at=AT, ended_by=system_user())
    other = make_dossier(dossier.area, phase=None, status="reviewed")
    nominee = make_nominee(other, dossier.nominees.first().unit, status="passed")

    later = _make(other, [nominee.pk])

    assert set(members_of(later)) == set(members_of(session)) - {left}
    assert not later.seats.filter(present=True).exists()


@pytest.mark.parametrize("act", ["change", "add", "drop", "present"])
def test_nothing_is_changed_once_the_vote_is_open(dossier, act):
    session = opened(dossier)
    known = {"session": session, "version": session.version, "by": system_user(), "at": AT}
    acts = {
        "change": lambda: change_session(meeting=MEETING, nominees=[], **known),
        "add": lambda: add_member(member=make_members(dossier, 1)[0], **known),
        "drop": lambda: drop_member(seat=session.seats.first().pk, **known),
        "present": lambda: note_present(present=[], **known),
    }

    with pytest.raises(CouncilRefused, match="Đã mở bỏ phiếu"):
        acts[act]()


# --- What it bears on ---------------------------------------------------------------------------------------


def _voted(dossier, *votes):
    session = opened(dossier)
    for user in members_of(session):
        vote(session, user, *votes)
    return close_vote(session=session, conclusion="", version=session.version, by=system_user(), at=AT)


def test_whom_the_council_did_not_pass_is_proposed_for_a_reason_alone(dossier):
    session = _voted(dossier, "for", "against")
    nominees = list(dossier.nominees.order_by("place").values_list("pk", flat=True))
    known = {"phase": dossier.phase, "nominees": nominees, "note": "", "by": UserFactory(), "at": AT}

    with pytest.raises(ProposalRefused, match="Hội đồng không thông qua Đặng Thị Bảy"):
        prepare_proposal(reasons={}, **known)
    reasons = {nominees[0]: "Thừa.", nominees[1]: "Đã bổ sung giấy tờ."}
    proposal = prepare_proposal(reasons=reasons, **known)

    assert list(proposal.lines.values_list("reason", flat=True)) == ["", "Đã bổ sung giấy tờ."]
    content = proposal_content(proposal)
    assert [line["council"]["passed"] for line in content["lines"]] == [True, False]
    assert content["lines"][1]["council"]["session"] == session.pk
    said = " ".join(getattr(block, "text", "") for block in submission_of(content, moment=AT).blocks)
    assert "đã bỏ phiếu kín về 2 đối tượng, thông qua 1 đối tượng" in said
    assert "Hội đồng không thông qua (0/3 phiếu tán thành). Lý do vẫn trình: Đã bổ sung giấy tờ." in said


def test_list_without_a_council_says_nothing_of_one(dossier):
    nominees = list(dossier.nominees.order_by("place").values_list("pk", flat=True))
    proposal = prepare_proposal(
        phase=dossier.phase, nominees=nominees, reasons={}, note="", by=UserFactory(), at=AT
    )
    content = proposal_content(proposal)

    assert not any("council" in line for line in content["lines"])
    assert "Hội đồng" not in str(submission_of(content, moment=AT).blocks)
