"""Reviewing: what is written when, by whom, and every step of Sở Nội vụ allowed and refused."""

from datetime import timedelta

import pytest

from awards.conflicts import ConflictOfInterest
from awards.dossiers import DossierChanged, DossierRefused
from awards.enums import DossierAct, DossierStatus, NomineeStatus
from awards.models import Dossier, Nominee
from awards.reviewing import (
    ReviewRefused,
    finish,
    judge,
    reopen,
    return_for_more,
    see_flag,
    take_up,
    tick,
)
from core.people import system_user
from tests.awards.dossiers import AT
from tests.awards.reviewers import answer_all, handed_in, reviewer_of, taken_up

pytestmark = pytest.mark.django_db

ASKED = [{"item": "submission", "words": "Thiếu dấu."}]
MORE = {"reason": "Thiếu dấu", "asked": ASKED, "due": AT + timedelta(days=3)}
ACTS = {
    DossierAct.TAKE_UP: (take_up, {}), DossierAct.RETURN: (return_for_more, MORE),
    DossierAct.FINISH: (finish, {}), DossierAct.REOPEN: (reopen, {"reason": "Xem lại"}),
}  # fmt: skip
ALLOWED = {
    (DossierStatus.SUBMITTED, DossierAct.TAKE_UP): DossierStatus.IN_REVIEW,
    (DossierStatus.IN_REVIEW, DossierAct.RETURN): DossierStatus.RETURNED,
    (DossierStatus.IN_REVIEW, DossierAct.FINISH): DossierStatus.REVIEWED,
    (DossierStatus.REVIEWED, DossierAct.REOPEN): DossierStatus.IN_REVIEW,
}


def _fresh(nominee) -> Nominee:
    return Nominee.objects.get(pk=nominee.pk)


def _judged(dossier, by) -> Nominee:
    nominee = dossier.nominees.get()
    answer_all(nominee, by)
    known = {"version": _fresh(nominee).version, "by": by, "at": AT}
    return judge(nominee=nominee, passed=True, reason="", **known)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("status", DossierStatus)
def test_step_is_taken_from_its_status_alone(status, act):
    dossier = handed_in()
    first, second = reviewer_of(dossier), reviewer_of(dossier)
    Dossier.objects.filter(pk=dossier.pk).update(status=status, reviewer=first)
    Nominee.objects.filter(dossier=dossier).update(status=NomineeStatus.PASSED)
    do, said = ACTS[act]

    def take():
        return do(dossier=dossier, version=dossier.version, by=second, at=AT, **said)

    if (status, act) in ALLOWED:
        assert take().status == ALLOWED[status, act]
        assert dossier.steps.last().act == act
    else:
        with pytest.raises(DossierRefused):
            take()
        assert Dossier.objects.get(pk=dossier.pk).status == status


@pytest.mark.parametrize(("status", "act"), ALLOWED)
def test_step_is_refused_to_who_handed_it_in(status, act):
    dossier = handed_in()
    Dossier.objects.filter(pk=dossier.pk).update(status=status)
    do, said = ACTS[act]

    with pytest.raises(ConflictOfInterest):
        do(dossier=dossier, version=dossier.version, by=system_user(), at=AT, **said)


def test_review_is_ended_by_a_second_person_once_everybody_was_judged():
    dossier = handed_in()
    first, second = reviewer_of(dossier), reviewer_of(dossier)
    taken = taken_up(dossier, first)

    with pytest.raises(ReviewRefused):
        finish(dossier=taken, version=taken.version, by=second, at=AT)
    _judged(taken, first)
    with pytest.raises(DossierRefused):
        finish(dossier=taken, version=taken.version, by=first, at=AT)

    assert finish(dossier=taken, version=taken.version, by=second, at=AT).status == DossierStatus.REVIEWED


def test_step_over_an_older_state_is_refused():
    dossier = handed_in()

    with pytest.raises(DossierChanged):
        take_up(dossier=dossier, version=dossier.version - 1, by=reviewer_of(dossier), at=AT)


def test_verdict_waits_for_every_check_and_fails_for_a_reason():
    dossier = handed_in()
    by = reviewer_of(dossier)
    nominee = taken_up(dossier, by).nominees.get()
    known = {"nominee": nominee, "version": nominee.version, "by": by, "at": AT}

    with pytest.raises(ReviewRefused):
        judge(passed=True, reason="", **known)  # nobody decided of the shortlist
    answer_all(nominee, by)
    with pytest.raises(ReviewRefused):
        judge(passed=False, reason=" ", **known)

    assert judge(passed=False, reason="Trùng thành tích.", **known).status == NomineeStatus.FAILED


def test_nominee_that_fails_a_check_does_not_pass():
    dossier = handed_in()
    by = reviewer_of(dossier)
    nominee = taken_up(dossier, by).nominees.get()
    answer_all(nominee, by)
    tick(nominee=nominee, code="documents", passed=False, reason="Sai mẫu.", by=by, at=AT)

    with pytest.raises(ReviewRefused):
        judge(nominee=nominee, version=nominee.version, passed=True, reason="", by=by, at=AT)


def test_verdict_over_anothers_is_refused_with_theirs():
    dossier = handed_in()
    by, other = reviewer_of(dossier), reviewer_of(dossier)
    shown = taken_up(dossier, by).nominees.get()
    _judged(dossier, other)

    with pytest.raises(DossierChanged) as refusal:
        judge(nominee=shown, version=shown.version, passed=False, reason="Không.", by=by, at=AT)

    assert refusal.value.theirs.status == NomineeStatus.PASSED


def test_later_tick_opens_the_verdict_again():
    dossier = handed_in()
    by = reviewer_of(dossier)
    nominee = _judged(taken_up(dossier, by), by)

    tick(nominee=nominee, code="kind", passed=False, reason="Xem lại.", by=by, at=AT)

    assert _fresh(nominee).status == NomineeStatus.PROPOSED


def test_dossier_that_was_returned_is_judged_anew():
    dossier = handed_in()
    by = reviewer_of(dossier)
    taken = taken_up(dossier, by)
    nominee = _judged(taken, by)

    return_for_more(dossier=taken, version=taken.version, by=by, at=AT, **MORE)

    assert _fresh(nominee).status == NomineeStatus.PROPOSED
    assert taken.steps.last().asked == ASKED


def test_nothing_is_ticked_outside_a_review_without_reason_or_of_no_check():
    dossier = handed_in()
    by, nominee = reviewer_of(dossier), dossier.nominees.get()
    said = {"nominee": nominee, "passed": True, "by": by, "at": AT}

    with pytest.raises(ReviewRefused):
        tick(code="kind", reason="Đã xem.", **said)
    taken_up(dossier, by)
    with pytest.raises(ReviewRefused):
        tick(code="kind", reason="  ", **said)
    with pytest.raises(ReviewRefused):
        tick(code="weather", reason="Đã xem.", **said)
    with pytest.raises(ReviewRefused):
        see_flag(nominee=nominee, flag="back_dated", note="Đã hỏi.", by=by, at=AT)  # there is none

    assert not nominee.ticks.exists()
    assert not nominee.flags_seen.exists()


def test_person_with_an_interest_ticks_and_judges_nothing():
    dossier = handed_in()
    taken_up(dossier)
    nominee = dossier.nominees.get()

    with pytest.raises(ConflictOfInterest):
        tick(nominee=nominee, code="kind", passed=True, reason="Đã xem.", by=system_user(), at=AT)
    with pytest.raises(ConflictOfInterest):
        judge(nominee=nominee, version=nominee.version, passed=False, reason="x", by=system_user(), at=AT)
