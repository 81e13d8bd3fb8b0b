"""Standings from the ledger to the table: known, published, corrected, computed twice, and by two at once."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaign.models import ScoringRule, Standing
from campaign.scoring.facts import FROM_VERY_HIGH, KEPT_GREEN
from campaign.scoring.order import ScoringRefused
from campaign.standing import compute_standings, days_of, movements, standing_of
from campaign.tasks import compute_standings as task
from core.models import AuditEvent
from riskmap.models import StaleMark
from tests.campaign.contest import KNOWN, PUBLISHED, Contest, noon, written
from tests.campaign.plans import make_phase
from tests.campaign.units import make_group, make_unit
from tests.riskmap.province import day

pytestmark = pytest.mark.django_db
RED = {"90101": 5}


@pytest.fixture
def contest():
    return Contest()


@pytest.fixture
def lived(contest):
    """Days 0 … 5 reported, assessed and published each evening; 90101 is very high, the others green."""
    contest.live(0, 5, RED)
    return contest


def test_every_day_that_is_known_or_published_gets_a_standing(lived):
    made = lived.compute(5)

    assert written(made) == [(view, number) for view in ("known", "published") for number in range(6)]
    assert days_of(lived.phase, KNOWN) == days_of(lived.phase, PUBLISHED) == [day(n) for n in range(6)]
    assert {each.edition.day == each.day for each in made if each.view == PUBLISHED} == {True}


def test_lines_say_who_stands_where_and_why(lived):
    lived.compute(5)

    red, green, other = lived.group(number=5).lines()
    assert [(line.code, line.unit_class, line.rank, line.sharing) for line in (red, green, other)] == [
        ("90101", FROM_VERY_HIGH, 1, 1),
        ("90102", KEPT_GREEN, 1, 2),
        ("90201", KEPT_GREEN, 1, 2),
    ]
    assert (red.facts.cases, red.facts.cases_per_100k, green.facts.cases) == (30, 300.0, 0)
    assert (red.district_code, red.district_name, red.unit_id) == (
        "901",
        "Huyện 901",
        lived.units["90101"].pk,
    )
    assert red.words == "đỏ lúc đầu, nay đỏ; 30 F0 (300,0 trên 100.000 dân)"
    assert green.rank_words == "cùng hạng 1 với 1 đơn vị khác, bằng nhau ở mọi tiêu chí"
    assert [row for row in lived.group(number=5).rows_of_class(KEPT_GREEN)] == [1, 2]


def test_standing_of_a_day_is_the_latest_up_to_it(lived):
    lived.compute(5)

    assert standing_of(phase=lived.phase, view=KNOWN, day=day(3)).day == day(3)
    assert standing_of(phase=lived.phase, view=PUBLISHED, day=day(15)).day == day(5)
    assert standing_of(phase=lived.phase, view=KNOWN).day == day(5)
    assert standing_of(phase=lived.phase, view=KNOWN, day=day(-1)) is None


def test_second_run_writes_nothing_and_a_rebuild_finds_the_same(lived):
    lived.compute(5)

    assert lived.compute(5) == []
    assert lived.compute(5, rebuild=True) == []


def test_round_in_which_nothing_changed_asks_little(lived):
    lived.compute(5)

    with CaptureQueriesContext(
        connection,
    ) as few:
        lived.compute(5)
    lived.live(6, 9)
    lived.compute(9)
    with CaptureQueriesContext(connection) as more:
        lived.compute(9)

    assert len(more) == len(few) < 40


def test_new_day_adds_its_own_standing_alone(lived):
    lived.compute(5)
    lived.report(6, RED)
    lived.assess(6)

    assert written(lived.compute(6)) == [("known", 6)]


def test_only_the_days_asked_are_computed(lived):
    assert written(lived.compute(5, days=[day(2)])) == [("known", 2), ("published", 2)]


def test_correction_after_the_fact_moves_what_is_known_and_not_what_was_published(lived):
    lived.compute(5)
    lived.province.post({("90101", 0): 0}, reason="đính chính", at=noon(6))
    lived.assess(6)

    made = lived.compute(6)

    assert written(made) == [("known", number) for number in range(7)]
    assert lived.line("90101", KNOWN, 5).facts.cases == 25
    assert lived.line("90101", PUBLISHED, 5).facts.cases == 30
    assert lived.line("90101", PUBLISHED, 5).facts.level_at_start == 4


def test_next_edition_counts_the_cases_as_corrected_and_keeps_the_levels_as_shown(lived):
    lived.compute(5)
    lived.province.post({("90101", 0): 0, ("90102", 3): 9}, reason="đính chính", at=noon(6))
    lived.report(6, RED)
    lived.assess(6)
    lived.publish(6)

    made = lived.compute(6)

    assert ("published", 6) in written(made)
    assert ("published", 5) not in written(made)
    one, other = (lived.line(code, PUBLISHED, 6).facts for code in ("90101", "90102"))
    assert (one.cases, one.level_at_start) == (30, 4)
    assert (other.cases, other.level_at_start, other.level_at_end, other.days_green) == (9, 1, 4, 6)


def test_second_edition_of_a_day_is_the_one_that_counts(lived):
    lived.compute(5)
    lived.province.post({("90102", 5): 9}, reason="bổ sung", at=noon(5).replace(hour=18))
    lived.assess(5)
    lived.publish(5, hour=20)

    made = [each for each in lived.compute(5) if each.view == PUBLISHED]

    assert [(each.day, each.edition.number) for each in made] == [(day(5), 7)]
    assert lived.line("90102", PUBLISHED, 5).facts.level_at_end == 4
    assert days_of(lived.phase, PUBLISHED) == [day(number) for number in range(6)]


def test_day_without_an_edition_has_no_level_and_no_standing(contest):
    for number in range(4):
        contest.report(number)
        contest.assess(number)
        if number != 2:
            contest.publish(number)

    contest.compute(3)

    assert days_of(contest.phase, PUBLISHED) == [day(0), day(1), day(3)]
    facts = contest.line("90102", PUBLISHED, 3).facts
    assert (facts.days_green, facts.days_without_level, facts.green_run) == (3, 1, 1)


def test_province_without_editions_has_what_is_known_alone(contest):
    contest.report_days(0, 2)
    contest.assess(2)

    assert {each.view for each in contest.compute(2)} == {KNOWN}
    assert standing_of(phase=contest.phase, view=PUBLISHED) is None


def test_phase_that_has_not_begun_and_province_without_numbers_have_no_standing(contest):
    assert contest.compute(5) == []
    contest.report_days(-5, -1)
    contest.assess(-1)
    assert contest.compute(-1) == []


def test_days_before_the_first_report_have_none(contest):
    contest.report_days(4, 5)
    contest.assess(5)

    assert written(contest.compute(5)) == [("known", 4), ("known", 5)]
    assert contest.line("90102", number=5).facts.days_without_level == 4


def test_province_that_fell_silent_is_told_to_the_end_with_the_days_nobody_reported(contest):
    contest.report_days(0, 3)
    contest.assess(3)
    contest.assess(60)

    assert written(contest.compute(60)) == [("known", number) for number in range(20)]
    facts = contest.line("90101", number=19).facts
    assert (facts.days_without_level, facts.provisional_days) == (0, 16)


def test_day_that_two_phases_share_stands_in_both(contest):
    second = make_phase(
        contest.campaign, code="dot-2", number=2, name="Đợt 2", first_day=day(19), last_day=day(30)
    )
    contest.report_days(0, 19, {"90101": 5})
    contest.assess(19)

    contest.compute(19)

    one, other = (standing_of(phase=phase, view=KNOWN, day=day(19)) for phase in (contest.phase, second))
    assert (one.day, other.day) == (day(19), day(19))
    assert [table.groups[0].lines()[0].facts.cases for table in (one, other)] == [100, 5]
    assert [table.groups[0].facts.through for table in (one, other)] == [19, 0]


def test_levels_that_do_not_know_the_newest_counts_are_waited_for(lived):
    lived.compute(5)
    lived.province.post({("90101", 0): 0}, reason="đính chính", at=noon(6))
    assert StaleMark.objects.exists()

    assert lived.compute(5) == []


def test_districts_compete_on_their_own_level_with_the_cases_and_people_of_their_communes(lived):
    make_group(lived.campaign, "district")
    for area in lived.province.districts.values():
        make_unit(area)

    lived.compute(5)

    known = lived.line("901", number=5, group="district")
    shown = lived.line("901", PUBLISHED, 5, group="district")
    assert (known.facts.cases, known.facts.cases_per_100k) == (30, 150.0)
    assert (shown.facts.cases, shown.facts.level_at_end) == (30, known.facts.level_at_end)
    assert known.facts.level_at_end > 1
    assert (known.district_code, known.district_name) == ("901", "Huyện 901")
    assert lived.line("902", number=5, group="district").facts.level_at_end == 1


def test_movement_counts_ranks_within_a_class():
    contest = Contest(registration_required=False)
    ScoringRule.objects.filter(fact="steps_lowered").delete()
    contest.report_days(0, 0, {"90101": 5, "90102": 6})
    contest.report_days(1, 1, {"90101": 20})
    contest.assess(1)
    contest.compute(1)

    now, before = contest.group(number=1), contest.group(number=0)

    moved = movements(now, before)
    assert [moved[contest.units[code].pk] for code in ("90101", "90102", "90201")] == [-1, 1, 0]
    assert set(movements(now, None).values()) == {None}


def test_unit_that_changed_its_class_did_not_move():
    contest = Contest()
    contest.report_days(0, 0)
    contest.report_days(1, 1, {"90101": 9})
    contest.assess(1)
    contest.compute(1)

    moved = movements(contest.group(number=1), contest.group(number=0))

    assert moved[contest.units["90101"].pk] is None
    assert moved[contest.units["90102"].pk] == 0


def test_plan_that_orders_by_nothing_is_refused_alone_and_passed_over_among_all(contest):
    contest.report_days(0, 1)
    contest.assess(1)
    other = Contest("91")
    other.report_days(0, 1)
    other.assess(1)
    ScoringRule.objects.filter(campaign=contest.campaign).delete()

    with pytest.raises(ScoringRefused):
        contest.compute(1)
    assert {each.phase.campaign for each in compute_standings(at=noon(1))} == {other.campaign}


def test_change_of_the_order_is_taken_up_by_all_days(lived):
    lived.compute(5)
    ScoringRule.objects.filter(campaign=lived.campaign, fact="days_green").delete()

    assert len(lived.compute(5)) == 12
    assert standing_of(phase=lived.phase, view=KNOWN).scoring.facts == ("steps_lowered", "cases_per_100k")


def test_stored_standing_is_never_changed(lived):
    lived.compute(5)

    for act in (lambda rows: rows.update(day=day(9)), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            act(Standing.objects.filter(phase=lived.phase))
        assert refusal.value.__cause__.diag.constraint_name == "campaign_ledger_is_append_only"


def test_beat_computes_what_is_missing(lived):
    task()

    assert Standing.objects.filter(phase=lived.phase, view=PUBLISHED).count() == 6
    events = AuditEvent.objects.filter(table_name="campaign_standing")
    assert set(events.values_list("actor", "reason")) == {("he-thong", "Tính bảng xếp hạng: Giữ vùng xanh")}


@pytest.mark.django_db(transaction=True)
def test_two_computations_at_a_time_write_each_standing_once():
    contest = Contest()
    contest.live(0, 5, RED)
    barrier, made = threading.Barrier(2), []

    def compute():
        try:
            barrier.wait()
            made.append(len(contest.compute(5)))
        finally:
            connection.close()

    threads = [threading.Thread(target=compute) for _time in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(made) == [0, 12]
    assert Standing.objects.count() == 12
