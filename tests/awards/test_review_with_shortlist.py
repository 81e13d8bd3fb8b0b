"""A review on a made shortlist: its ticks and flags, how they are answered, and the machine's score of it."""

import pytest
from django.test import Client
from django.utils import timezone

from awards.checks import checks_of
from awards.criteria import CriterionSaid, fingerprint, set_criteria
from awards.handing_in import submit
from awards.models import Dossier, Nominee
from awards.reviewing import ReviewRefused, judge, see_flag
from awards.scoring_page import score_row
from core.people import system_user
from tests.awards.contests import at_deadline, at_end, line, make_contest
from tests.awards.dossiers import AT, PERSON, SUMMARY, make_dossier, make_item, make_nominee, make_ready
from tests.awards.reviewers import answer_all, reviewer_of, taken_up
from tests.riskmap.province import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    """90101 comes down from red on day 14; nobody reports days 15 and 16, of which the list says so."""
    contest = make_contest()
    contest.report(0, {"90101": 5})
    contest.report_days(1, 14)
    contest.assess(16)
    return contest


def _nominate(dossier: Dossier, contest, code: str, **said) -> Nominee:
    nominee = make_nominee(dossier, contest.units[code], **said)
    saved = {"saved_at": AT, "saved_by": system_user()}
    make_item(dossier, kind="summary", form="06", nominee=nominee, words=SUMMARY, **saved)
    return nominee


def _in_review(contest) -> Dossier:
    """The district's: 90101, 90102, and a person of 90101."""
    dossier = make_ready(make_dossier(contest.units["90101"].seat.parent, contest.phase))
    for code in ("90101", "90102"):
        _nominate(dossier, contest, code)
    person = {
        "person": "Trần Thị Bảy",
        "person_post": "Y tá",
        "deeds": "Trực chốt.",
        "search_text": "tran thi bay",
    }
    _nominate(dossier, contest, "90101", kind=PERSON, **person)
    return taken_up(_submitted(dossier))


def _submitted(dossier: Dossier) -> Dossier:
    phase = dossier.phase
    phase.dossier_deadline = phase.dossier_deadline.replace(year=2999)
    phase.save(update_fields=["dossier_deadline"])
    submit(dossier=dossier, by=system_user())
    return Dossier.objects.get(pk=dossier.pk)


def _of(dossier: Dossier, code: str, *, person: bool = False) -> Nominee:
    rows = dossier.nominees.select_related("unit__seat__parent", "dossier__phase__campaign", "dossier__area")
    rows = rows.exclude(person="") if person else rows.filter(person="")
    return rows.get(unit__code=code)


def _checks(nominee: Nominee) -> dict:
    return {check.code: check for check in checks_of([nominee])[nominee.pk]}


def test_ticks_say_what_the_shortlist_says(contest):
    table = at_deadline(contest)
    dossier = _in_review(contest)

    red, kept = _checks(_of(dossier, "90101")), _checks(_of(dossier, "90102"))

    assert red["shortlist"].passed is True
    assert red["shortlist"].words == "; ".join(line(table, "90101").reasons)
    assert "từ đỏ về bình thường mới" in red["shortlist"].words
    assert kept["shortlist"].passed is True
    own = _checks(
        dossier.nominees.select_related("unit", "dossier__phase__campaign").get(unit__kind="district")
    )
    assert own["shortlist"].passed is False
    assert "không có trong danh sách" in own["shortlist"].words


def test_flags_of_the_list_wait_until_a_person_has_looked(contest):
    at_deadline(contest)
    dossier = _in_review(contest)
    nominee = _of(dossier, "90101")
    assert _checks(nominee)["flags"].passed is None
    assert "Thiếu báo cáo" in _checks(nominee)["flags"].words
    page = _client(dossier.reviewer).get(f"/review/{dossier.pk}/?nominee={nominee.pk}").content.decode()
    assert "2 ngày của đợt là mức tạm tính" in page
    assert f"/counts/90101/{day(15)}/history/" in page

    with pytest.raises(ReviewRefused, match="không có dấu hiệu này"):
        see_flag(nominee=nominee, flag="back_dated", note="Đã xem.", by=dossier.reviewer, at=AT)
    see_flag(nominee=nominee, flag="missing_reports", note="Đã hỏi huyện.", by=dossier.reviewer, at=AT)

    assert _checks(nominee)["flags"].passed is True
    with pytest.raises(ReviewRefused, match="đã xem dấu hiệu này"):
        see_flag(nominee=nominee, flag="missing_reports", note="Lần nữa.", by=dossier.reviewer, at=AT)


def test_queue_shows_what_is_flagged(contest):
    at_deadline(contest)
    dossier = _in_review(contest)
    client = _client(dossier.reviewer)

    answer = client.get("/review/?show=flagged")

    assert [row.pk for row in answer.context["page"]] == [dossier.pk]
    assert answer.context["flagged"] == {dossier.pk}
    assert {show: count for show, _label, count in answer.context["shown_counts"]} == {
        "mine": 1, "overdue": 0, "late": 0, "flagged": 1,
    }  # fmt: skip


def test_nominee_passes_with_its_list_and_fails_without_a_reason_for_it(contest):
    at_deadline(contest)
    dossier = _in_review(contest)
    nominee = _of(dossier, "90101")
    say = {"nominee": nominee, "version": nominee.version, "reason": "", "by": dossier.reviewer, "at": AT}
    with pytest.raises(ReviewRefused, match="Còn điều kiện chưa kết luận"):
        judge(passed=True, **say)

    see_flag(nominee=nominee, flag="missing_reports", note="Đã hỏi huyện.", by=dossier.reviewer, at=AT)
    answer_all(nominee, dossier.reviewer)

    assert judge(passed=True, **say).status == "passed"


def test_person_of_a_unit_off_the_list_is_for_people_to_decide():
    contest = make_contest()
    contest.report_days(0, 16, {"90101": 5})  # red to the end
    contest.assess(16)
    at_deadline(contest)
    dossier = _in_review(contest)

    assert _checks(_of(dossier, "90101"))["shortlist"].passed is False
    check = _checks(_of(dossier, "90101", person=True))["shortlist"]
    assert (check.passed, "Cá nhân của đơn vị không đủ điều kiện" in check.words) == (None, True)


def test_unit_that_turned_after_the_deadline_is_no_longer_on_the_list(contest):
    at_deadline(contest)
    dossier = _in_review(contest)
    assert _checks(_of(dossier, "90102"))["shortlist"].passed is True

    contest.report_days(15, 19, {"90102": 5})
    contest.assess(20)
    at_end(contest)

    check = _checks(_of(dossier, "90102"))["shortlist"]
    assert (check.passed, "ngày cuối không xanh" in check.words) == (False, True)


def test_machine_score_stands_on_the_list_and_apart_from_people(contest):
    at_deadline(contest)
    dossier = _in_review(contest)
    said = [CriterionSaid("Việc làm", "", 10, 1)]
    set_criteria(phase=dossier.phase, said=said, seen=fingerprint([]), by=system_user(), at=AT)
    by, now = reviewer_of(dossier), timezone.now()

    alone = score_row(nominee=_of(dossier, "90101"), by=by, at=now)
    kept = score_row(nominee=_of(dossier, "90102"), by=by, at=now)
    person = score_row(nominee=_of(dossier, "90101", person=True), by=by, at=now)

    assert alone.machine.value is None  # the only one that was red
    assert "Đơn vị duy nhất của lớp" in alone.machine.words
    assert kept.machine.value == 100
    assert "hạng 1 trên 2" in kept.machine.words
    assert "không chấm cá nhân" in person.machine.words
    assert alone.human is None


def _client(user) -> Client:
    client = Client()
    client.force_login(user)
    return client
