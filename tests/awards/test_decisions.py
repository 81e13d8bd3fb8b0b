"""From the opinion of Sở Y tế to the signed decision: who may, what is frozen, what the next one sees."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connections

from awards.decisions import DecisionRefused, Signed, Verdict, correct_decision, enter_decision, is_whole
from awards.dossier_steps import reopen
from awards.dossiers import DossierRefused
from awards.enums import DossierStatus, NomineeStatus, ProposalStatus
from awards.handing_in import canonical
from awards.models import Candidate, Decision, Proposal
from awards.opinions import (
    OpinionChanged,
    OpinionRefused,
    Said,
    answer_request,
    ask_opinion,
    save_opinions,
    urge_unanswered,
)
from awards.proposals import (
    ProposalChanged,
    ProposalRefused,
    approve_proposal,
    prepare_proposal,
    proposable,
    return_proposal,
    revise_proposal,
    send_proposal,
)
from core.enums import Role
from core.errors import DomainError
from core.models import Notice
from tests.awards.dossiers import AT, PERSON, make_dossier, make_nominee, make_step
from tests.factories import GrantFactory, UserFactory
from tests.house.breaks_of_awards_shortlist import make_shortlist_row

pytestmark = pytest.mark.django_db
SIGNED = Signed("512/QĐ-UBND", date(2021, 9, 20), "Lê Văn Mười", "Chủ tịch")
LATER = AT + timedelta(days=30)


def _reviewed(*people, count=1):
    """A reviewed dossier of a collective and of ``count`` persons; ``people`` took it up and finished."""
    dossier = make_dossier(status="reviewed")
    for act, person in zip(("take_up", "finish"), people, strict=False):
        make_step(dossier, act=act, after="reviewed", taken_by=person)
    nominees = [make_nominee(dossier, status="passed")]
    for number in range(count):
        nominees.append(
            make_nominee(
                dossier, nominees[0].unit, kind=PERSON, person=f"Trần Thị Số {number}", status="passed",
                person_post="Trạm trưởng Trạm Y tế", deeds="Trực chốt.", search_text=f"tran thi so {number}",
            )
        )  # fmt: skip
    return dossier, nominees


def _prepared(dossier, nominees, by, **said):
    usual = {"reasons": {}, "note": "", "by": by, "at": AT}
    return prepare_proposal(phase=dossier.phase, nominees=[each.pk for each in nominees], **usual | said)


def _sent(*, clerk=None, chief=None, count=1):
    dossier, nominees = _reviewed(count=count)
    proposal = _prepared(dossier, nominees, clerk or UserFactory())
    approve_proposal(proposal=proposal, version=1, by=chief or UserFactory(), at=AT)
    return send_proposal(proposal=proposal, number="88/TTr-SNV", version=2, by=UserFactory(), at=AT), nominees


def _all(nominees, **said):
    return {each.pk: Verdict(True) for each in nominees} | said


def test_opinion_is_asked_given_line_by_line_and_answered_once():
    dossier, nominees = _reviewed()
    office, doctor = UserFactory(), UserFactory()
    GrantFactory(user=doctor, role=Role.HEALTH, area=dossier.area.parent)
    GrantFactory(user=office, role=Role.HOME_AFFAIRS, area=dossier.area.parent)
    asked = ask_opinion(
        phase=dossier.phase, nominees=[each.pk for each in nominees], due=LATER, by=office, at=AT
    )
    first, second = asked.opinions.order_by("pk")

    with pytest.raises(OpinionRefused, match="phải ghi rõ"):
        save_opinions(request=asked, said=[Said(first.pk, "disagree", " ", 1)], by=doctor, at=AT)
    save_opinions(request=asked, said=[Said(first.pk, "agree", "", 1)], by=doctor, at=AT)
    with pytest.raises(OpinionRefused, match="Còn 1"):
        answer_request(request=asked, document_number="12/SYT", by=doctor, at=AT)
    save_opinions(request=asked, said=[Said(second.pk, "disagree", "Còn ổ dịch.", 1)], by=doctor, at=AT)
    answer_request(request=asked, document_number="12/SYT-NVY", by=doctor, at=AT)

    with pytest.raises(OpinionRefused, match="đã được trả lời"):
        save_opinions(request=asked, said=[Said(first.pk, "note", "x", 2)], by=doctor, at=AT)
    assert Notice.objects.filter(recipient=doctor, key=f"opinion-asked-{asked.pk}").count() == 1
    assert "1 không đồng ý" in Notice.objects.get(recipient=office).subject


def test_opinion_saved_over_anothers_is_refused_whole_with_theirs():
    dossier, nominees = _reviewed()
    asked = ask_opinion(
        phase=dossier.phase, nominees=[each.pk for each in nominees], due=LATER, by=UserFactory(), at=AT
    )
    first, second = asked.opinions.order_by("pk")
    save_opinions(request=asked, said=[Said(first.pk, "note", "Của người trước", 1)], by=UserFactory(), at=AT)

    mine = [Said(first.pk, "agree", "", 1), Said(second.pk, "agree", "", 1)]
    with pytest.raises(OpinionChanged) as refusal:
        save_opinions(request=asked, said=mine, by=UserFactory(), at=AT)

    second.refresh_from_db()
    assert (refusal.value.theirs[first.pk].note, second.verdict) == ("Của người trước", "")


def test_opinion_overdue_is_urged_once():
    dossier, nominees = _reviewed()
    GrantFactory(role=Role.HEALTH, area=dossier.area.parent)
    ask_opinion(phase=dossier.phase, nominees=[nominees[0].pk], due=LATER, by=UserFactory(), at=AT)

    told = [urge_unanswered(at=LATER + timedelta(seconds=wait)) for wait in (-1, 0, 60)]

    assert told == [0, 1, 0]


def test_nominees_disagreed_with_are_proposed_for_a_reason_alone():
    dossier, nominees = _reviewed()
    asked = ask_opinion(phase=dossier.phase, nominees=[nominees[0].pk], due=LATER, by=UserFactory(), at=AT)
    said = [Said(asked.opinions.get().pk, "disagree", "Còn ổ dịch.", 1)]
    save_opinions(request=asked, said=said, by=UserFactory(), at=AT)
    answer_request(request=asked, document_number="12/SYT", by=UserFactory(), at=AT)

    with pytest.raises(ProposalRefused, match="không đồng ý"):
        _prepared(dossier, nominees, UserFactory())
    proposal = _prepared(dossier, nominees, UserFactory(), reasons={nominees[0].pk: "Ổ dịch do khu cách ly."})

    assert proposal.lines.first().reason == "Ổ dịch do khu cách ly."


def test_nobody_is_on_two_lists_nor_who_was_withdrawn_at_the_re_check():
    dossier, nominees = _reviewed()
    _prepared(dossier, nominees[1:], UserFactory())
    with pytest.raises(ProposalRefused, match="chưa nằm trong tờ trình nào"):
        _prepared(dossier, nominees, UserFactory())
    assert list(proposable(dossier.phase)) == nominees[:1]

    Candidate.objects.create(
        shortlist=make_shortlist_row(phase=dossier.phase, stage="end"), unit=nominees[0].unit,
        decision="withdrawn", reason="Chuyển vùng cam.", decided_at=AT, decided_by=UserFactory(),
        confirmed_at=AT, confirmed_by=UserFactory(),
    )  # fmt: skip

    assert list(proposable(dossier.phase)) == []


def test_who_prepared_does_not_approve_nor_who_reviewed_alone():
    one, two = UserFactory(), UserFactory()
    alone, nominees = _reviewed(one)
    proposal = _prepared(alone, nominees, two)
    for person in (one, two):
        with pytest.raises(ProposalRefused):
            approve_proposal(proposal=proposal, version=1, by=person, at=AT)

    together, nominees = _reviewed(one, two)
    proposal = _prepared(together, nominees, two)

    assert approve_proposal(proposal=proposal, version=1, by=one, at=AT).status == ProposalStatus.APPROVED


def test_dossier_on_a_list_is_not_reopened_until_the_list_is_returned():
    dossier, nominees = _reviewed()
    proposal = _prepared(dossier, nominees, UserFactory())
    act = {
        "dossier": dossier,
        "version": dossier.version,
        "reason": "Xem lại.",
        "by": UserFactory(),
        "at": AT,
    }
    with pytest.raises(DossierRefused, match="tờ trình Chủ tịch"):
        reopen(**act)

    return_proposal(proposal=proposal, reason="Thiếu một đối tượng.", version=1, by=UserFactory(), at=AT)

    assert reopen(**act).status == DossierStatus.IN_REVIEW


def test_returned_list_is_made_anew_and_approved_anew():
    proposal, nominees = _sent()
    return_proposal(proposal=proposal, reason="Sai tên.", version=3, by=UserFactory(), at=AT)

    again = revise_proposal(
        proposal=proposal, nominees=[nominees[0].pk], reasons={}, note="", version=4, by=UserFactory(), at=AT
    )

    assert (again.status, again.approved_by, again.content, again.lines.count()) == ("draft", None, {}, 1)


def test_decision_in_part_marks_everyone_and_freezes_what_was_signed():
    proposal, nominees = _sent(count=2)
    verdicts = _all(nominees) | {nominees[2].pk: Verdict(False, "Đã khen đợt trước.")}

    decision = enter_decision(
        proposal=proposal, signed=SIGNED, verdicts=verdicts, version=3, by=UserFactory(), at=LATER
    )

    for nominee in nominees:
        nominee.refresh_from_db()
    dossier = nominees[0].dossier
    dossier.refresh_from_db()
    assert [each.status for each in nominees] == [NomineeStatus.AWARDED] * 2 + [NomineeStatus.NOT_AWARDED]
    assert dossier.status == DossierStatus.DECIDED
    assert [line.money for line in decision.lines.all()] == [2_980_000, 1_490_000, None]
    assert len({line.code for line in decision.lines.all()}) == 3
    stored = Decision.objects.get(pk=decision.pk)
    assert is_whole(stored)
    assert stored.sha256 == hashlib.sha256(canonical(stored.content)).hexdigest()
    assert stored.content["lines"][0]["name"] == nominees[0].unit.name


def test_dossier_with_somebody_who_still_waits_is_not_decided_yet():
    dossier, nominees = _reviewed()
    proposal = _prepared(dossier, nominees[:1], UserFactory())
    approve_proposal(proposal=proposal, version=1, by=UserFactory(), at=AT)
    send_proposal(proposal=proposal, number="88/TTr-SNV", version=2, by=UserFactory(), at=AT)

    enter_decision(
        proposal=proposal, signed=SIGNED, verdicts=_all(nominees[:1]), version=3, by=UserFactory(), at=LATER
    )

    dossier.refresh_from_db()
    assert dossier.status == DossierStatus.REVIEWED


def test_who_prepared_approved_or_reviewed_does_not_decide():
    clerk, chief, reviewer = UserFactory(), UserFactory(), UserFactory()
    proposal, nominees = _sent(clerk=clerk, chief=chief)
    make_step(nominees[0].dossier, act="take_up", after="in_review", taken_by=reviewer)

    for person in (clerk, chief, reviewer):
        with pytest.raises(DecisionRefused, match="xin để người khác"):
            enter_decision(
                proposal=proposal, signed=SIGNED, verdicts=_all(nominees), version=3, by=person, at=LATER
            )


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"signed": SIGNED._replace(number=" ")}, "phải có số"),
        ({"signed": SIGNED._replace(signed_on=date(2030, 1, 1))}, "Ngày ký còn ở phía trước"),
        ({"verdicts": {}}, "từng đối tượng"),
    ],
)
def test_decision_that_is_not_whole_is_refused(said, sentence):
    proposal, nominees = _sent()
    usual = {"proposal": proposal, "signed": SIGNED, "verdicts": _all(nominees), "version": 3}

    with pytest.raises(DecisionRefused, match=sentence):
        enter_decision(**usual | said, by=UserFactory(), at=LATER)


def test_decision_is_corrected_by_a_further_one_and_once():
    proposal, nominees = _sent()
    first = enter_decision(
        proposal=proposal, signed=SIGNED, verdicts=_all(nominees), version=3, by=UserFactory(), at=LATER
    )
    act = {
        "decision": first,
        "signed": SIGNED._replace(number="530/QĐ-UBND", signed_on=date(2021, 9, 25)),
        "verdicts": _all(nominees) | {nominees[1].pk: Verdict(True, name="Trần Thị Bảy")},
        "by": UserFactory(),
        "at": LATER,
    }

    with pytest.raises(DecisionRefused, match="lý do đính chính"):
        correct_decision(**act, reason=" ")
    further = correct_decision(**act, reason="Sai tên một người.")
    with pytest.raises(DecisionRefused, match="đã được đính chính"):
        correct_decision(**act, reason="Lần nữa.")

    assert further.lines.get(nominee=nominees[1]).name == "Trần Thị Bảy"
    assert first.lines.get(nominee=nominees[1]).name == "Trần Thị Số 0"
    assert further.content["corrects"]["number"] == "512/QĐ-UBND"


def _together(acts):
    def run(act):
        try:
            return act()
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_and_of_two_decisions_at_once_one_is_first():
    dossier, nominees = _reviewed()
    proposal = _prepared(dossier, nominees, UserFactory())
    people = [UserFactory() for _number in range(4)]

    approved = _together(
        [lambda by=by: approve_proposal(proposal=proposal, version=1, by=by, at=AT) for by in people]
    )
    send_proposal(proposal=proposal, number="88/TTr-SNV", version=2, by=people[0], at=AT)
    office = [UserFactory() for _number in range(4)]
    decided = _together(
        [
            lambda by=by, number=number: enter_decision(
                proposal=proposal, signed=SIGNED._replace(number=f"{number}/QĐ"), verdicts=_all(nominees),
                version=3, by=by, at=LATER,
            )
            for number, by in enumerate(office)
        ]
    )  # fmt: skip

    assert sum(isinstance(each, Proposal) for each in approved) == 1
    assert sum(isinstance(each, Decision) for each in decided) == 1
    assert sum(isinstance(each, ProposalChanged) for each in approved + decided) == 6
    assert Decision.objects.count() == 1
