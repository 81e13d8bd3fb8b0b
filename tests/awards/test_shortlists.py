"""Shortlists from the ledger to the list: when, who, why, how firm, and made once."""

import gzip
import json
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from awards.enums import ShortlistStage
from awards.models import Shortlist
from awards.shortlist_bodies import written_in
from awards.shortlists import ShortlistRefused, latest_shortlist, make_due, make_shortlist
from awards.tasks import make_shortlists as task
from campaign.enums import RegistrationAct
from campaign.models import Campaign, Phase
from core.models import Notice
from core.people import system_user
from tests.awards.contests import at_deadline, at_end, line, make_contest, midnight
from tests.campaign.contest import noon
from tests.campaign.plans import make_phase
from tests.factories import GrantFactory
from tests.riskmap.province import day

pytestmark = pytest.mark.django_db
RED = {"90101": 5}


@pytest.fixture
def lived():
    """Red on day 0 for fourteen days, green from day 14 on; the others green. All published."""
    contest = make_contest()
    contest.report(0, RED)
    contest.report_days(1, 13)
    contest.assess(13)
    contest.publish(13)
    contest.live(14, 16)
    return contest


def test_at_the_deadline_the_last_whole_day_before_it_counts(lived):
    table = at_deadline(lived)

    assert (table.stage, table.through) == ("deadline", day(16))
    assert (table.known.day, table.published.day, table.published.edition.day) == (day(16), day(16), day(16))
    assert [each.code for each in table.lines] == ["90101", "90102", "90201"]


def test_who_lowered_its_level_and_who_kept_green_are_eligible_each_with_its_reason(lived):
    table = at_deadline(lived)

    red, kept = line(table, "90101"), line(table, "90102")
    assert (red.eligible, kept.eligible) == (True, True)
    assert red.reasons[0] == "từ đỏ về bình thường mới"
    assert kept.reasons[0].startswith("giữ vững vùng xanh suốt đợt (kế hoạch khen tập thể hạ được mức")
    assert "cách hiểu của Sở Nội vụ" in kept.reasons[0]
    assert red.way == ((day(0), 4), (day(14), 1))
    assert (red.rank_known, kept.rank_known) == (1, 1)


def test_who_is_not_green_at_the_end_or_lost_it_is_left_out_with_the_reason(lived):
    lived.report(17, {"90201": 5})
    lived.report_days(18, 19)
    lived.assess(20)

    table = at_end(lived)

    assert line(table, "90201").ineligible_because == "ngày cuối không xanh"
    assert line(table, "90101").eligible


def test_green_that_was_lost_and_won_back_is_no_ground():
    contest = make_contest()
    contest.report(0)
    contest.report(1, {"90102": {"close_contacts": 1}})
    contest.report_days(2, 19)
    contest.assess(20)

    table = at_end(contest)

    assert line(table, "90102").ineligible_because == "xanh lúc đầu nhưng không giữ được suốt đợt"


def test_only_who_is_registered_and_competes_is_eligible(lived):
    Campaign.objects.update(registration_required=True)
    lived.register("90101", 0)
    suspended = lived.register("90102", 0)
    lived.step(suspended, RegistrationAct.SUSPENDED, 5)

    table = at_deadline(lived)

    assert line(table, "90101").eligible
    assert line(table, "90102").ineligible_because == "đăng ký đang tạm dừng"
    assert line(table, "90201").ineligible_because == "chưa có đăng ký thi đua được xác nhận"
    assert line(table, "90201").rank is None


def test_days_before_the_first_report_are_no_level():
    contest = make_contest()
    contest.report_days(4, 19)
    contest.assess(20)

    table = at_end(contest)

    assert {each.ineligible_because for each in table.lines} == {
        "lúc đầu hoặc ngày cuối chưa có số liệu về mức độ nguy cơ"
    }


def test_published_rank_is_kept_beside_the_known_one(lived):
    at_deadline(lived)
    lived.province.post({("90102", 15): {"isolated": 9}}, reason="bổ sung", at=noon(18))
    lived.report_days(17, 19)
    lived.assess(20)

    table = at_end(lived)

    one = line(table, "90102")
    assert (one.rank_known, one.rank_published) == (2, 1)
    assert "theo số biết hiện nay hạng 2, theo bản đồ đã công bố hạng 1" in one.range_words
    assert (one.rank_low, one.rank_high) == (1, 2)
    assert table.published.day == day(16)


def test_list_of_a_stage_is_made_once_and_says_the_same_again(lived):
    first, again = at_deadline(lived), at_deadline(lived)

    assert first.pk == again.pk
    assert Shortlist.objects.count() == 1
    assert latest_shortlist(lived.phase).hash == first.hash
    said = json.loads(written_in(first.shortlist))
    assert (said["known"], said["published"]) == (first.known.hash, first.published.hash)
    assert said["edition"] == first.published.edition.hash
    assert gzip.compress(written_in(first.shortlist), 6, mtime=0) == bytes(first.shortlist.body)


def test_by_hand_it_is_kept_again_only_when_it_says_something_else(lived):
    def by_hand(number):
        stage = ShortlistStage.BY_HAND
        return make_shortlist(phase=lived.phase, stage=stage, by=system_user(), at=noon(number))

    first = by_hand(16)
    assert by_hand(16).pk == first.pk

    lived.province.post({("90201", 15): 2}, reason="bổ sung", at=noon(16))
    lived.assess(16)

    assert by_hand(16).pk != first.pk


@pytest.mark.parametrize(
    ("stage", "at", "said"),
    [
        (ShortlistStage.DEADLINE, noon(16), "Chưa đến hạn gửi hồ sơ"),
        (ShortlistStage.END, noon(19), "mới kết thúc"),
        (ShortlistStage.BY_HAND, noon(-1), "chưa bắt đầu"),
    ],
)
def test_list_is_not_made_before_its_time(lived, stage, at, said):
    with pytest.raises(ShortlistRefused, match=said):
        make_shortlist(phase=lived.phase, stage=stage, by=system_user(), at=at)


def test_it_waits_for_levels_that_do_not_know_the_newest_counts(lived):
    lived.province.post({("90101", 15): 3}, reason="bổ sung", at=noon(16))

    with pytest.raises(ShortlistRefused, match="đang được tính lại"):
        at_deadline(lived)
    assert make_due(at=midnight(17)) == []

    lived.assess(16)
    assert [each.stage for each in make_due(at=midnight(17))] == ["deadline"]


def test_phase_without_a_deadline_has_none_of_it(lived):
    Phase.objects.update(dossier_deadline=None, deadline_wording="")

    with pytest.raises(ShortlistRefused, match="chưa có hạn gửi hồ sơ"):
        make_shortlist(phase=lived.phase, stage=ShortlistStage.DEADLINE, by=system_user(), at=midnight(17))


def test_beat_makes_what_is_due_once_also_late_and_tells_who_reviews(lived):
    reviewer = GrantFactory(area=lived.province.area, role="home_affairs").user
    GrantFactory(area=lived.province.districts["901"], role="district_staff")
    make_phase(lived.campaign, code="dot-2", number=2, name="Đợt 2")  # without standings: nothing to make

    assert make_due(at=noon(16)) == []
    task()
    task()

    assert set(Shortlist.objects.values_list("stage", flat=True)) == {"deadline", "end"}
    assert Shortlist.objects.count() == 2
    assert set(Notice.objects.filter(key__startswith="shortlist:").values_list("recipient", flat=True)) == {
        reviewer.pk
    }


def test_stored_list_is_never_changed(lived):
    at_deadline(lived)

    for act in (lambda rows: rows.update(through=day(3)), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            act(Shortlist.objects.all())
        assert refusal.value.__cause__.diag.constraint_name == "awards_ledger_is_append_only"


@pytest.mark.django_db(transaction=True)
def test_two_at_a_time_make_one_list():
    contest = make_contest()
    contest.report_days(0, 19)
    contest.assess(20)
    barrier, made = threading.Barrier(2), []

    def make():
        try:
            barrier.wait()
            made.append(at_end(contest).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _time in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 2
    assert len(set(made)) == Shortlist.objects.count() == 1
