"""The secret vote: with a quorum, once, without conflicts, and by nobody's name."""

from __future__ import annotations

import random
import threading
from collections import Counter

import pytest
from django.db import connection

from awards.council_results import agrees_with_ballots, count_ballots, results_on
from awards.council_voting import VoteRefused, annul_vote, cast, close_vote, open_vote
from awards.councils import CouncilChanged, CouncilRefused
from awards.models import Ballot, CouncilMember, CouncilSession, Nominee
from core.models import AuditEvent, Notice, User
from core.people import system_user
from tests.awards.councils import again, make_council, members_of, opened, reviewed, vote
from tests.awards.dossiers import AT
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def close(session: CouncilSession, **said) -> CouncilSession:
    usual = {"conclusion": "Trình Chủ tịch.", "version": again(session).version}
    return close_vote(session=session, by=system_user(), at=AT, **usual | said)


def lines(session: CouncilSession) -> list[dict]:
    return session.content["lines"]


def test_vote_opens_with_the_quorum_present_and_not_with_one_less():
    session = make_council(members=4, present=2, quorum=3)
    with pytest.raises(CouncilRefused, match="chưa đủ 3"):
        open_vote(session=session, version=session.version, by=system_user(), at=AT)

    session.seats.filter(pk=session.seats.filter(present=False).first().pk).update(present=True)
    open_vote(session=session, version=session.version, by=system_user(), at=AT)

    assert again(session).opened_at == AT


def test_vote_is_not_opened_over_what_somebody_else_changed():
    session = make_council()

    with pytest.raises(CouncilChanged):
        open_vote(session=session, version=session.version - 1, by=system_user(), at=AT)


def test_vote_is_not_opened_on_a_nominee_who_may_no_longer_be_proposed():
    session = make_council()
    Nominee.objects.filter(person="").update(status="failed", reason="Có ca mới.")

    with pytest.raises(CouncilRefused, match="không còn được bỏ phiếu"):
        open_vote(session=session, version=session.version, by=system_user(), at=AT)


@pytest.mark.parametrize(
    ("counted_of", "percent", "voting", "passed"),
    [
        ("members", 60, 3, True),  # 3 of 5 is 60 %
        ("members", 61, 3, False),
        ("members", 60, 2, False),
        ("present", 75, 3, True),  # 3 of the 4 who are there
        ("present", 76, 3, False),
        ("present", 100, 4, True),
    ],
)
def test_nominee_passes_at_the_share_and_not_below(counted_of, percent, voting, passed):
    session = opened(members=5, present=4, pass_percent=percent, counted_of=counted_of)
    for user in members_of(session)[:4]:
        vote(session, user, "for" if voting > 0 else "against")
        voting -= 1

    closed = close(session)

    assert [line["passed"] for line in lines(closed)] == [passed, passed]
    assert {line["of"] for line in lines(closed)} == {5 if counted_of == "members" else 4}


def test_counts_are_of_each_nominee_and_can_be_counted_again():
    session = opened(members=4)
    said = [("for", "against"), ("for", "blank"), ("against", "against"), ("for", "for")]
    for user, votes in zip(members_of(session), said, strict=True):
        vote(session, user, *votes)

    closed = close(session)

    assert [line["votes"] for line in lines(closed)] == [
        {"for": 3, "against": 1, "blank": 0},
        {"for": 1, "against": 2, "blank": 1},
    ]
    assert {line["nominee"]: line["votes"] for line in lines(closed)} == count_ballots(closed)
    assert agrees_with_ballots(closed)
    assert closed.content["counts"] == {"members": 4, "present": 4, "voted": 4}
    assert closed.content["conclusion"] == "Trình Chủ tịch."


def test_vote_is_not_closed_without_a_quorum_of_votes():
    session = opened(members=3, quorum=2)
    vote(session, members_of(session)[0], "for")

    with pytest.raises(CouncilRefused, match="Mới có 1 thành viên"):
        close(session)

    vote(session, members_of(session)[1], "for")
    assert close(session).closed_at == AT


def test_only_members_who_are_present_vote_and_only_while_it_is_open():
    session = make_council(members=3, present=2)
    first, _second, absent = members_of(session)
    with pytest.raises(VoteRefused, match="chưa mở"):
        vote(session, first, "for")
    session = open_vote(session=session, version=session.version, by=system_user(), at=AT)

    for user, words in ((absent, "có mặt"), (UserFactory(), "không phải là thành viên")):
        with pytest.raises(VoteRefused, match=words):
            vote(session, user, "for")
    for user in members_of(session)[:2]:
        vote(session, user, "for")
    close(session)
    with pytest.raises(VoteRefused, match="đã kết thúc"):
        vote(session, absent, "for")


def test_member_votes_once():
    session = opened()
    first = members_of(session)[0]
    vote(session, first, "for")

    with pytest.raises(VoteRefused, match="đã bỏ phiếu"):
        vote(session, first, "against")

    assert Counter(Ballot.objects.values_list("vote", flat=True)) == {"for": 2}


@pytest.mark.parametrize("said", [{}, {"one": "for"}, {"one": "for", "two": "maybe"}, {"stranger": "for"}])
def test_ballot_says_one_of_three_things_of_each_nominee(said):
    session = opened()
    one, two = session.agenda.order_by("place").values_list("nominee", flat=True)
    names = {"one": one, "two": two, "stranger": 0}

    with pytest.raises(VoteRefused, match="từng đối tượng"):
        cast(
            session=session,
            votes={names[name]: each for name, each in said.items()},
            by=members_of(session)[0],
        )

    assert not Ballot.objects.exists()


def test_who_has_an_interest_in_a_nominee_does_not_vote_on_it():
    session = make_council(members=4)
    member = members_of(session)[0]
    member.full_name = "Đặng Thị Bảy"  # as the second nominee
    member.save()
    session = open_vote(session=session, version=session.version, by=system_user(), at=AT)
    unit, person = session.agenda.order_by("place").values_list("nominee", flat=True)

    assert session.seats.get(member=member).barred == [person]
    with pytest.raises(VoteRefused):
        vote(session, member, "for")
    cast(session=session, votes={unit: "for"}, by=member)
    for other in members_of(session)[1:]:
        vote(session, other, "for")
    closed = close(session)

    assert [(line["votes"]["for"], line["of"], line["barred"]) for line in lines(closed)] == [
        (4, 4, []),
        (3, 3, ["Đặng Thị Bảy"]),
    ]


def test_vote_is_not_opened_where_one_alone_could_vote_on_a_nominee():
    session = make_council(members=3)
    for member in members_of(session)[:2]:
        member.full_name = "Đặng Thị Bảy"
        member.save()

    with pytest.raises(CouncilRefused, match="phiếu không còn kín"):
        open_vote(session=session, version=session.version, by=system_user(), at=AT)
    assert again(session).opened_at is None


def test_vote_is_not_closed_while_one_ballot_alone_lies_on_a_nominee():
    session = make_council(members=4, quorum=2)
    for member in members_of(session)[:2]:
        member.full_name = "Đặng Thị Bảy"
        member.save()
    session = open_vote(session=session, version=session.version, by=system_user(), at=AT)
    unit = session.agenda.order_by("place").first().nominee_id
    barred, _other, third, fourth = members_of(session)
    cast(session=session, votes={unit: "for"}, by=barred)
    vote(session, third, "against")

    with pytest.raises(CouncilRefused, match="Đặng Thị Bảy: còn quá ít phiếu"):
        close(session)
    vote(session, fourth, "for")

    assert close(session).closed_at == AT


def test_annulled_vote_leaves_no_ballot_and_all_vote_anew():
    session = opened()
    vote(session, members_of(session)[0], "for")
    with pytest.raises(CouncilRefused, match="lý do"):
        annul_vote(session=session, reason=" ", version=session.version, by=system_user(), at=AT)

    session = annul_vote(
        session=session, reason="Nhầm danh sách.", version=session.version, by=system_user(), at=AT
    )

    assert not Ballot.objects.exists()
    assert set(session.seats.values_list("present", "has_voted")) == {(True, False)}
    assert Notice.objects.filter(body="Lý do: Nhầm danh sách.").count() == 3
    session = open_vote(session=session, version=session.version, by=system_user(), at=AT)
    vote(session, members_of(session)[0], "against")
    assert Ballot.objects.filter(vote="against").count() == 2


def test_latest_council_that_voted_on_a_nominee_counts():
    dossier = reviewed()
    for said in ("against", "for"):
        session = opened(dossier, members=3, counted_of="present")
        for user in members_of(session):
            vote(session, user, said) if session.seats.get(member=user).present else None
        close(session)

    found = results_on(dossier.nominees.all())

    assert [found[nominee.pk]["passed"] for nominee in dossier.nominees.all()] == [True, True]
    assert results_on([]) == {}


# --- Secrecy ------------------------------------------------------------------------------------------------


def _physical() -> list[tuple]:
    """Every ballot as it lies on the disk: where, by which transaction, under which key, and what it says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.ctid::text, b.xmin::text, b.key::text, b.nominee_id, b.vote FROM awards_ballot b "
            "ORDER BY b.ctid"
        )
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_nothing_in_the_table_of_ballots_tells_who_voted_what():
    """Each votes in a transaction of its own; the first half for, the second half against."""
    session = opened(members=12)
    keys: set[str] = set()
    orders = []
    for place, user in enumerate(members_of(session)):
        vote(session, user, "for" if place < 6 else "against")
        rows = _physical()
        assert len({xmin for _ctid, xmin, *_said in rows}) == 1  # all by the last transaction
        assert not keys & {row[2] for row in rows}  # no key lives on from one vote to the next
        keys |= {row[2] for row in rows}
        orders.append([row[4] for row in rows])

    in_turn = ["for"] * 12 + ["against"] * 12
    assert orders[-1] not in (in_turn, in_turn[::-1])  # one of 2.7 million orders each
    assert Counter(orders[-1]) == {"for": 12, "against": 12}
    columns = {field.name for field in Ballot._meta.fields}
    assert columns == {"key", "session", "nominee", "vote"}


@pytest.mark.django_db(transaction=True)
def test_table_is_rewritten_at_closing_so_that_no_dead_row_remains():
    session = opened(members=8)
    for user in members_of(session):
        vote(session, user, "for")
    before = _file()

    close(session)

    node, size = _file()
    assert node != before[0]
    assert size <= before[1]
    assert [row[2] for row in _physical()] == sorted(
        row[2] for row in _physical()
    )  # in the order of the keys


@pytest.mark.django_db(transaction=True)
def test_vote_is_closed_also_while_somebody_reads_the_table_for_long(monkeypatch):
    monkeypatch.setattr("awards.council_voting.WAIT_FOR_READERS", 1)
    session = opened()
    for user in members_of(session):
        vote(session, user, "for")
    reader = connection.copy()
    with reader.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT count(*) FROM awards_ballot")
        close(session)
    reader.close()

    assert agrees_with_ballots(again(session))


def _file() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filenode('awards_ballot'), pg_relation_size('awards_ballot')")
        return cursor.fetchone()


def test_journal_keeps_that_somebody_voted_and_never_what():
    session = opened()
    user = members_of(session)[0]
    last = AuditEvent.objects.order_by("pk").last().pk

    vote(session, user, "against")

    events = AuditEvent.objects.filter(pk__gt=last)
    assert {event.table_name for event in events} == {"awards_councilmember"}
    assert not any("against" in str(event.__dict__) for event in events)


# --- Many at once -------------------------------------------------------------------------------------------


def _at_once(session: CouncilSession, ballots: list[tuple[User, str]]) -> list[int]:
    """Each votes in a thread of its own, and once more at once; by whom a vote was refused."""
    start, refused = threading.Barrier(len(ballots), timeout=60), []

    def go(user: User, said: str) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            for _time in range(2):
                try:
                    vote(session, user, said)
                except VoteRefused:
                    refused.append(user.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=each) for each in ballots]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.mark.django_db(transaction=True)
def test_fifty_members_vote_at_once_and_each_has_one_vote():
    session = opened(members=50, quorum=50)
    people = members_of(session)
    said = [random.choice(["for", "against", "blank"]) for _person in people]

    refused = _at_once(session, list(zip(people, said, strict=True)))

    assert sorted(refused) == sorted(user.pk for user in people)  # the second of each
    assert CouncilMember.objects.filter(has_voted=True).count() == 50
    counted = Counter(said)
    expected = {each: counted[each] for each in ("for", "against", "blank")}
    assert list(count_ballots(session).values()) == [expected, expected]
    assert agrees_with_ballots(close(session))


@pytest.mark.django_db(transaction=True)
def test_one_member_at_twenty_machines_has_one_vote():
    session = opened()
    first = members_of(session)[0]

    refused = _at_once(session, [(first, "for")] * 20)

    assert len(refused) == 39
    assert list(Ballot.objects.values_list("vote", flat=True)) == ["for", "for"]
