"""Withdrawals and choices: taken back and chosen in the open, and the same after a replay."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core.people import system_user
from riskmap.as_of import known_at
from riskmap.counts import choose_source, post_counts, rebuild_daily_counts, withdraw_batch
from riskmap.enums import BatchStatus, RiskLevel, SourcePolicy
from riskmap.levels import reassess
from riskmap.models import CountEntry, DailyCount, ImportBatch, SourceChoice, StaleMark
from riskmap.policies import set_policy
from tests.riskmap.province import AT, day, make_province
from tests.riskmap.test_submissions import row

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def province():
    made = make_province()
    made.post({("90101", 3): 2}, at=AT - MINUTE)
    return made


def batch_of(province, *rows, source="huyện", at=AT):
    by = system_user()
    batch = ImportBatch.objects.create(
        province=province.area,
        source_name=source,
        file_name="ca.csv",
        file_sha256="0" * 64,
        content=b"",
        status=BatchStatus.COMMITTED,
        created_at=at,
        created_by=by,
        committed_at=at,
        committed_by=by,
    )
    post_counts(source=province.source(source), rows=rows, reason="tệp", by=by, at=at, batch=batch)
    return batch


def in_force(province):
    rows = DailyCount.objects.order_by("area__code", "day")
    return [(each.area.code, each.day, each.unknown_source) for each in rows.select_related("area")]


def choose(province, code, number, source, at=AT):
    return choose_source(
        area=province.communes[code],
        day=day(number),
        source=province.source(source) if source else None,
        reason="đã xác minh",
        by=system_user(),
        at=at,
    )


def test_undoing_a_file_brings_back_the_earlier_word_and_takes_away_the_first_one(province):
    batch = batch_of(province, row(province, "90101", 3, 5), row(province, "90102", 4, 1))
    StaleMark.objects.all().delete()

    done = withdraw_batch(batch=batch, reason="nhầm tệp", by=system_user(), at=AT + MINUTE)

    assert (done.taken_back, done.left, done.stale_since) == (2, 0, day(3))
    assert in_force(province) == [("90101", day(3), 2)]
    assert StaleMark.objects.get().since == day(3)
    assert CountEntry.objects.filter(withdrawn=True).get().area == province.communes["90102"]
    rebuild_daily_counts(province=province.area)
    assert in_force(province) == [("90101", day(3), 2)]


def test_undoing_leaves_what_was_said_since(province):
    batch = batch_of(province, row(province, "90101", 3, 5), row(province, "90102", 4, 1))
    province.post({("90102", 4): 7}, at=AT + MINUTE)

    done = withdraw_batch(batch=batch, reason="nhầm tệp", by=system_user(), at=AT + 2 * MINUTE)

    assert (done.taken_back, done.left) == (1, 1)
    assert in_force(province) == [("90101", day(3), 2), ("90102", day(4), 7)]


def test_withdrawn_number_gives_way_to_another_source(province):
    batch = batch_of(province, row(province, "90101", 3, 5), source="CDC")

    withdraw_batch(batch=batch, reason="nhầm tệp", by=system_user(), at=AT + MINUTE)

    assert in_force(province) == [("90101", day(3), 2)]


def test_withdrawn_number_of_a_complete_source_is_a_silent_zero_again():
    province = make_province()
    province.post(complete=(0, 5), at=AT - MINUTE)
    province.post(complete=(0, 5), source="CDC", at=AT - MINUTE)
    batch = batch_of(province, row(province, "90101", 3, 5), source="CDC")

    withdraw_batch(batch=batch, reason="nhầm tệp", by=system_user(), at=AT + MINUTE)

    (value,) = DailyCount.objects.all()
    assert (value.unclassified, value.entry_id) == (0, None)


def test_withdrawn_cell_can_be_spoken_of_anew(province):
    batch = batch_of(province, row(province, "90102", 4, 1))
    withdraw_batch(batch=batch, reason="nhầm tệp", by=system_user(), at=AT + MINUTE)

    posted = province.post({("90102", 4): 1}, at=AT + 2 * MINUTE)

    assert (posted.new, posted.corrected) == (1, 0)
    assert ("90102", day(4), 1) in in_force(province)


def test_what_was_withdrawn_later_was_known_before(province):
    batch = batch_of(province, row(province, "90102", 3, 9))
    withdraw_batch(batch=batch, reason="nhầm tệp", by=system_user(), at=AT + MINUTE)

    def level(instant):
        knowledge = known_at(province=province.area, instant=instant, through=day(3))
        at = knowledge.areas.ids.tolist().index(province.communes["90102"].pk)
        return knowledge.assessed.level[at, knowledge.column_of(day(3))]

    assert level(AT) == RiskLevel.VERY_HIGH
    assert level(AT + MINUTE) == RiskLevel.NO_DATA


def test_withdrawn_entry_that_says_a_number_is_refused(province):
    entry = CountEntry.objects.get()

    with pytest.raises(IntegrityError, match="entry_says_something"), transaction.atomic():
        CountEntry.objects.create(
            post=entry.post,
            source=entry.source,
            area=entry.area,
            day=day(4),
            unknown_source=1,
            withdrawn=True,
        )


@pytest.mark.parametrize("policy", [SourcePolicy.LARGEST, SourcePolicy.PRIORITY])
def test_chosen_source_counts_whatever_the_policy_until_the_choice_is_taken_back(province, policy):
    province.post({("90101", 3): 1}, source="CDC")
    set_policy(province=province.area, source_policy=policy, by=system_user())
    assert in_force(province) == [("90101", day(3), 2)]

    StaleMark.objects.all().delete()
    choose(province, "90101", 3, "CDC")
    assert StaleMark.objects.get().since == day(3)
    assert in_force(province) == [("90101", day(3), 1)]
    rebuild_daily_counts(province=province.area)
    assert in_force(province) == [("90101", day(3), 1)]
    choose(province, "90101", 3, None)
    assert in_force(province) == [("90101", day(3), 2)]
    assert SourceChoice.objects.count() == 2


def test_choice_holds_when_other_sources_speak_again(province):
    province.post({("90101", 3): 1}, source="CDC")
    choose(province, "90101", 3, "CDC")

    province.post({("90101", 3): 8})

    assert in_force(province) == [("90101", day(3), 1)]


def test_choice_of_a_silent_zero(province):
    province.post(complete=(0, 5), source="CDC")

    choose(province, "90101", 3, "CDC")

    (value,) = DailyCount.objects.filter(area=province.communes["90101"], day=day(3))
    assert (value.unclassified, value.entry_id) == (0, None)


def test_choice_was_not_known_before_it_was_made(province):
    province.post({("90101", 3): 0}, source="CDC", at=AT - MINUTE)
    choose(province, "90101", 3, "CDC", at=AT + MINUTE)
    reassess(on=day(3), at=AT, provinces=[province.area])
    commune = province.communes["90101"].pk

    def level(instant):
        knowledge = known_at(province=province.area, instant=instant, through=day(3))
        return knowledge.assessed.level[knowledge.areas.ids.tolist().index(commune), -1]

    assert level(AT) == RiskLevel.VERY_HIGH
    assert level(AT + MINUTE) == RiskLevel.NEW_NORMAL


def test_source_of_another_province_cannot_be_chosen(province):
    other = make_province("80", districts={"801": ["80101"]})

    with pytest.raises(IntegrityError, match="cùng một tỉnh"), transaction.atomic():
        choose_source(
            area=province.communes["90101"],
            day=day(3),
            source=other.source("CDC"),
            reason="nhầm",
            by=system_user(),
            at=AT,
        )
