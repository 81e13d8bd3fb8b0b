"""The re-check: what changed since the deadline, and who stays by the word of two people."""

import pytest

from awards.candidates import (
    CandidateRefused,
    confirm_candidates,
    decide_candidate,
    keep_unchanged,
    withdrawn_units,
)
from awards.models import Candidate
from awards.shortlists import changes_between
from core.models import Notice
from tests.awards.contests import at_deadline, at_end, make_contest
from tests.campaign.contest import noon
from tests.factories import GrantFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    """All green through the deadline; 90102 turns orange on day 18 and stays so."""
    contest = make_contest()
    contest.report_days(0, 16)
    contest.assess(17)
    contest.early = at_deadline(contest)
    contest.report(17)
    contest.report(18, {"90102": 1})
    contest.report(19)
    contest.assess(20)
    contest.late = at_end(contest)
    return contest


def decide(contest, code="90102", decision="withdrawn", reason="chuyển cam", by=None):
    return decide_candidate(
        shortlist=contest.late.shortlist, unit=contest.units[code], decision=decision, reason=reason,
        by=by or UserFactory(), at=noon(21),
    )  # fmt: skip


def test_what_changed_is_told_in_words(contest):
    (change,) = changes_between(contest.early, contest.late)

    assert (change.code, change.was_eligible, change.is_eligible) == ("90102", True, False)
    assert change.words == (
        "chuyển cam ngày 19/08/2021",
        "nhóm “Giữ vững vùng xanh” thành “Xanh lúc đầu, không giữ được suốt đợt”",
        "không còn đủ điều kiện: ngày cuối không xanh",
    )


def test_correction_of_a_day_that_both_lists_saw_is_told(contest):
    contest.province.post({("90101", 16): 1}, reason="bổ sung", at=noon(21))
    contest.assess(21)
    from awards.shortlists import make_shortlist, table_of
    from core.people import system_user

    now = make_shortlist(phase=contest.phase, stage="by_hand", by=system_user(), at=noon(21))

    changes = {each.code: each.words for each in changes_between(contest.late, table_of(now))}

    assert changes["90101"][0] == "mức ngày 17/08/2021 được đính chính từ xanh thành cam"


def test_withdrawal_is_in_force_once_a_second_person_confirmed_it(contest):
    first, second = UserFactory(), UserFactory()
    decide(contest, by=first)
    shortlist = contest.late.shortlist

    with pytest.raises(CandidateRefused, match="không tự xác nhận"):
        confirm_candidates(shortlist=shortlist, by=first, at=noon(21))
    assert withdrawn_units(shortlist) == set()

    assert confirm_candidates(shortlist=shortlist, by=second, at=noon(21)) == 1
    assert withdrawn_units(shortlist) == {contest.units["90102"].pk}
    with pytest.raises(CandidateRefused, match="Không có quyết định nào chờ"):
        confirm_candidates(shortlist=shortlist, by=second, at=noon(21))


def test_decision_may_change_until_it_is_confirmed(contest):
    first, second = UserFactory(), UserFactory()
    decide(contest, by=first)
    decide(contest, decision="kept", reason="cả tỉnh cùng đổi", by=second)

    assert Candidate.objects.get().decided_by == second
    confirm_candidates(shortlist=contest.late.shortlist, by=first, at=noon(21))
    with pytest.raises(CandidateRefused, match="không đổi được nữa"):
        decide(contest)


@pytest.mark.parametrize(
    ("decision", "reason", "said"),
    [("withdrawn", "  ", "phải ghi lý do"), ("kept", "", "giữ lại thì phải ghi lý do")],
)
def test_reason_is_asked_for(contest, decision, reason, said):
    with pytest.raises(CandidateRefused, match=said):
        decide(contest, decision=decision, reason=reason)


def test_eligible_unit_is_kept_without_a_reason(contest):
    assert decide(contest, "90101", "kept", "").decision == "kept"


def test_only_candidates_of_the_recheck_are_decided(contest):
    with pytest.raises(CandidateRefused, match="kiểm tra lại"):
        decide_candidate(
            shortlist=contest.early.shortlist, unit=contest.units["90101"], decision="kept", reason="",
            by=UserFactory(), at=noon(21),
        )  # fmt: skip
    from tests.campaign.units import make_unit
    from tests.factories import CommuneFactory

    with pytest.raises(CandidateRefused, match="không phải ứng viên"):
        decide_candidate(
            shortlist=contest.late.shortlist, unit=make_unit(CommuneFactory()), decision="kept", reason="",
            by=UserFactory(), at=noon(21),
        )  # fmt: skip


def test_those_that_did_not_change_are_kept_in_one_act_and_others_told(contest):
    first, second = (GrantFactory(area=contest.province.area, role="home_affairs").user for _time in range(2))
    shortlist = contest.late.shortlist

    assert keep_unchanged(shortlist=shortlist, by=first, at=noon(21)) == 2
    assert keep_unchanged(shortlist=shortlist, by=first, at=noon(21)) == 0

    assert set(Candidate.objects.values_list("unit__code", flat=True)) == {"90101", "90201"}
    told = Notice.objects.filter(key__contains=":decided:")
    assert list(told.values_list("recipient", flat=True)) == [second.pk]
    assert confirm_candidates(shortlist=shortlist, by=second, at=noon(21)) == 2
