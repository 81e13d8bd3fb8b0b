"""The ledger and the value in force."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from core.models import AuditEvent
from core.people import system_user
from riskmap.counts import (
    CountRow,
    Coverage,
    Posting,
    compare_counts,
    first_reported_day,
    post_counts,
    post_together,
    rebuild_daily_counts,
)
from riskmap.enums import SourcePolicy
from riskmap.models import (
    CountEntry,
    CountPost,
    CountSource,
    DailyCount,
    ProvincePolicy,
    ReportCoverage,
    StaleMark,
)
from tests.factories import DistrictFactory, HamletFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db

A, B, C = "90101", "90102", "90103"


@pytest.fixture
def province():
    return make_province()


def in_force(province, code, number):
    counted = DailyCount.objects.filter(area=province.communes[code], day=day(number)).first()
    if counted is None:
        return None
    return {
        name: getattr(counted, name)
        for name in ("unclassified", "unknown_source", "known_source", "isolated", "close_contacts")
        if getattr(counted, name) is not None
    }


def everything_in_force():
    return sorted(
        DailyCount.objects.values_list(
            "area_id", "day", "entry_id",
            "unclassified", "unknown_source", "known_source", "isolated", "close_contacts",
        )
    )  # fmt: skip


# --- the ledger


def test_post_appends_rows_with_who_when_and_why(province):
    posted = province.post({(A, 0): {"unclassified": 3}}, reason="báo cáo của huyện")

    post = CountPost.objects.get()
    entry = CountEntry.objects.get()
    assert (post.pk, post.reason, post.posted_by, post.posted_at) == (
        posted.post_id, "báo cáo của huyện", system_user(), AT,
    )  # fmt: skip
    assert (entry.post, entry.source, entry.area, entry.day, entry.unclassified, entry.unknown_source) == (
        post, province.source(), province.communes[A], day(0), 3, None,
    )  # fmt: skip
    assert (posted.new, posted.corrected, posted.unchanged, posted.zeroed) == (1, 0, 0, 0)


def test_post_of_the_same_numbers_writes_nothing(province):
    province.post({(A, 0): 3, (B, 0): 1}, complete=(0, 2))
    StaleMark.objects.all().delete()

    posted = province.post({(A, 0): 3, (B, 0): 1}, complete=(0, 2))

    assert (posted.post_id, posted.new, posted.corrected, posted.unchanged) == (None, 0, 0, 2)
    assert (CountPost.objects.count(), CountEntry.objects.count(), ReportCoverage.objects.count()) == (
        1,
        2,
        1,
    )
    assert not StaleMark.objects.exists()


def test_correction_is_a_new_row_and_the_old_one_stays(province):
    province.post({(A, 0): 3, (B, 0): 1})

    posted = province.post({(A, 0): 5, (B, 0): 1})

    assert (posted.corrected, posted.unchanged) == (1, 1)
    words = CountEntry.objects.filter(area=province.communes[A]).order_by("id")
    assert [entry.unknown_source for entry in words] == [3, 5]
    assert in_force(province, A, 0) == {"unknown_source": 5}


def test_f0_is_replaced_as_a_whole_when_a_source_begins_to_classify(province):
    province.post({(A, 0): {"unclassified": 5}})

    province.post({(A, 0): {"unknown_source": 2, "known_source": 3}})

    assert in_force(province, A, 0) == {"unknown_source": 2, "known_source": 3}


def test_contacts_alone_leave_the_cases_of_the_source(province):
    province.post({(A, 0): {"unclassified": 5}})

    province.post({(A, 0): {"close_contacts": 7}})

    assert in_force(province, A, 0) == {"unclassified": 5, "close_contacts": 7}


def test_cases_alone_leave_the_contacts_of_the_source(province):
    province.post({(A, 0): {"unclassified": 5, "close_contacts": 7}})

    province.post({(A, 0): {"unclassified": 4}})

    assert in_force(province, A, 0) == {"unclassified": 4, "close_contacts": 7}


def test_zero_is_a_number_and_a_missing_row_is_not(province):
    province.post({(A, 0): 0})

    assert in_force(province, A, 0) == {"unknown_source": 0}
    assert in_force(province, B, 0) is None


def test_post_needs_a_reason(province):
    with pytest.raises(IntegrityError, match="post_has_a_reason"):
        province.post({(A, 0): 1}, reason="")


def test_row_that_says_nothing_is_refused_by_the_database(province):
    with pytest.raises(IntegrityError, match="entry_says_something"):
        province.post({(A, 0): {}})


def test_same_area_and_day_twice_in_a_post_is_refused_by_the_database(province):
    rows = [CountRow(province.communes[A].pk, day(0), 1), CountRow(province.communes[A].pk, day(0), 2)]

    with pytest.raises(IntegrityError, match="entry_area_and_day_once_in_a_post"):
        post_counts(source=province.source(), rows=rows, reason="thử", by=system_user(), at=AT)


@pytest.mark.parametrize("place", ["province", "district", "another province"])
def test_row_of_an_area_that_is_not_a_commune_of_the_province_is_refused_by_the_database(province, place):
    area = {
        "province": province.area,
        "district": province.districts["901"],
        "another province": make_province("91", districts={"911": ["91101"]}).communes["91101"]
        if place == "another province"
        else None,
    }[place]

    with pytest.raises(IntegrityError, match="không phải là xã"):
        post_counts(
            source=province.source(),
            rows=[CountRow(area.pk, day(0), 1)],
            reason="thử",
            by=system_user(),
            at=AT,
        )


def test_hamlet_is_counted_by_itself(province):
    hamlet = HamletFactory(parent=province.communes[A])

    post_counts(
        source=province.source(), rows=[CountRow(hamlet.pk, day(0), 2)], reason="thử", by=system_user(), at=AT
    )

    assert DailyCount.objects.get().area == hamlet


def test_entry_must_carry_the_source_of_its_post(province):
    province.post({(A, 0): 1})
    other = province.source("CDC")

    with pytest.raises(IntegrityError, match="mang nguồn của lần ghi"), transaction.atomic():
        CountEntry.objects.create(
            post=CountPost.objects.get(), source=other, area=province.communes[B], day=day(0), isolated=1
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE riskmap_countentry SET unclassified = 9",
        "DELETE FROM riskmap_countentry",
        "TRUNCATE riskmap_countentry CASCADE",
        "UPDATE riskmap_reportcoverage SET last_day = first_day",
        "DELETE FROM riskmap_reportcoverage",
        "DELETE FROM riskmap_countpost",
        "DELETE FROM riskmap_countsource",
        "DELETE FROM core_area WHERE kind = 'commune'",
    ],
)
def test_ledger_refuses_to_forget(province, statement):
    province.post({(A, 0): 1}, complete=(0, 1))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert CountEntry.objects.count() == 1


def test_file_of_many_rows_is_one_journal_event_for_each_table(province):
    province.source()
    system_user()
    before = AuditEvent.objects.count()

    province.post(
        {(code, n): 1 for code in (A, B, C) for n in range(10)}, complete=(0, 9), reason="tệp tháng 8"
    )

    events = AuditEvent.objects.order_by("id")[before:]
    assert {(event.table_name, event.row_count) for event in events} == {
        ("riskmap_countpost", 1), ("riskmap_countentry", 30), ("riskmap_reportcoverage", 1),
    }  # fmt: skip
    assert {(event.actor, event.reason) for event in events} == {("he-thong", "tệp tháng 8")}


# --- completeness


def test_complete_file_writes_one_coverage_and_no_rows_for_zeros(province):
    posted = province.post({(A, 1): 2}, complete=(0, 9))

    coverage = ReportCoverage.objects.get()
    assert (coverage.scope, coverage.kind, coverage.first_day, coverage.last_day) == (
        province.area, "commune", day(0), day(9),
    )  # fmt: skip
    assert (posted.coverages, CountEntry.objects.count()) == (1, 1)


def test_complete_file_without_a_row_corrects_an_earlier_number_to_zero(province):
    province.post({(A, 1): {"unknown_source": 2, "known_source": 4}, (B, 1): 1, (A, 5): 3})

    posted = province.post({(B, 1): 1}, complete=(0, 4))

    assert (posted.zeroed, posted.unchanged, posted.coverages) == (1, 1, 1)
    assert in_force(province, A, 1) == {"unknown_source": 0, "known_source": 0}
    assert in_force(province, B, 1) == {"unknown_source": 1}
    assert in_force(province, A, 5) == {"unknown_source": 3}


def test_complete_file_does_not_touch_the_word_of_another_source(province):
    province.post({(A, 1): 2}, source="huyện")

    posted = province.post(complete=(0, 4), source="CDC")

    assert posted.zeroed == 0
    assert in_force(province, A, 1) == {"unknown_source": 2}


def test_complete_for_cases_only_leaves_contacts(province):
    province.post({(A, 1): {"unclassified": 2, "close_contacts": 5}})

    post_counts(
        source=province.source(),
        rows=[],
        coverages=[Coverage(province.area, day(0), day(2), contacts=False)],
        reason="thử",
        by=system_user(),
        at=AT,
    )

    assert in_force(province, A, 1) == {"unclassified": 0, "close_contacts": 5}


def test_row_after_a_complete_file_is_the_new_word(province):
    province.post(complete=(0, 4))

    posted = province.post({(A, 1): 2})

    assert posted.new == 1
    assert in_force(province, A, 1) == {"unknown_source": 2}


def test_coverage_within_what_was_covered_is_not_written_again(province):
    province.post(complete=(0, 4))
    province.post(complete=(5, 9))

    inside = province.post(complete=(3, 7))
    beyond = province.post(complete=(8, 10))

    assert (inside.post_id, inside.coverages, beyond.coverages) == (None, 0, 1)


# --- the choice among sources


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [
        ({"unclassified": 3}, {"unclassified": 5}, "second"),
        ({"known_source": 3, "isolated": 4}, {"unclassified": 6}, "first"),
        ({"unclassified": 3}, {"unclassified": 3, "close_contacts": 99}, "first"),
        ({"known_source": 4}, {"unknown_source": 1, "known_source": 3}, "second"),
        ({"isolated": 2}, {"unclassified": 2}, "second"),
        ({"unclassified": 0}, {"unknown_source": 0}, "first"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_largest_takes_the_largest_then_the_less_known_then_the_first_asked(
    province, first, second, chosen, turned
):
    province.source("huyện"), province.source("CDC")
    posts = [("huyện", first), ("CDC", second)]

    for source, value in reversed(posts) if turned else posts:
        province.post({(A, 0): value}, source=source)

    assert in_force(province, A, 0) == {"first": first, "second": second}[chosen]


@pytest.mark.parametrize("turned", [False, True])
def test_priority_takes_the_source_asked_first_that_reported(province, turned):
    ProvincePolicy.objects.create(province=province.area, source_policy=SourcePolicy.PRIORITY)
    province.source("huyện"), province.source("CDC")
    posts = [("huyện", {(A, 0): 1}), ("CDC", {(A, 0): 8, (B, 0): 4})]

    for source, values in reversed(posts) if turned else posts:
        province.post(values, source=source)

    assert in_force(province, A, 0) == {"unknown_source": 1}
    assert in_force(province, B, 0) == {"unknown_source": 4}


@pytest.mark.parametrize("turned", [False, True])
def test_priority_counts_the_silent_zero_of_a_complete_source_as_its_report(province, turned):
    ProvincePolicy.objects.create(province=province.area, source_policy=SourcePolicy.PRIORITY)
    province.source("huyện"), province.source("CDC")
    posts = [("huyện", {}, (0, 2)), ("CDC", {(A, 0): 8, (A, 3): 2}, None)]

    for source, values, complete in reversed(posts) if turned else posts:
        province.post(values, complete=complete, source=source)

    assert in_force(province, A, 0) == {"unclassified": 0}
    assert DailyCount.objects.get(area=province.communes[A], day=day(0)).entry is None
    assert in_force(province, A, 3) == {"unknown_source": 2}


def test_silent_zero_reaches_communes_through_a_district_and_not_its_hamlets(province):
    ProvincePolicy.objects.create(province=province.area, source_policy=SourcePolicy.PRIORITY)
    hamlet = HamletFactory(parent=province.communes[A])
    province.source("huyện")
    province.post({(A, 0): 8}, source="CDC")
    post_counts(
        source=province.source("CDC"),
        rows=[CountRow(hamlet.pk, day(0), 8)],
        reason="thử",
        by=system_user(),
        at=AT,
    )

    post_counts(
        source=province.source("huyện"),
        rows=[],
        coverages=[Coverage(province.districts["901"], day(0), day(0))],
        reason="huyện báo đủ",
        by=system_user(),
        at=AT,
    )

    assert in_force(province, A, 0) == {"unclassified": 0}
    assert DailyCount.objects.get(area=hamlet).unclassified == 8


def test_correction_downwards_lets_the_other_source_win(province):
    province.post({(A, 0): 9}, source="huyện")
    province.post({(A, 0): 4}, source="CDC")

    province.post({(A, 0): 1}, source="huyện")

    assert in_force(province, A, 0) == {"unknown_source": 4}


def test_rebuild_gives_what_the_posts_left(province):
    province.post({(A, 0): 9, (B, 1): 2}, complete=(0, 3), source="huyện")
    province.post({(A, 0): 4, (C, 2): 1}, source="CDC")
    province.post({(A, 0): 1}, complete=(0, 1), source="huyện")
    left = everything_in_force()
    DailyCount.objects.update(unclassified=77)

    rebuilt = rebuild_daily_counts(province=province.area)

    assert rebuilt == len(left) == 3
    assert everything_in_force() == left


# --- stale marks


def stale_since(province):
    marks = list(StaleMark.objects.filter(province=province.area).values_list("since", flat=True))
    StaleMark.objects.all().delete()
    return marks


def test_post_marks_stale_from_the_first_day_that_changed(province):
    province.post({(A, 3): 1, (B, 5): 1})
    assert stale_since(province) == [day(3)]

    province.post({(A, 3): 1, (B, 5): 2, (C, 8): 1})
    assert stale_since(province) == [day(5)]


def test_losing_value_marks_nothing(province):
    province.post({(A, 3): 5}, source="huyện")
    stale_since(province)

    posted = province.post({(A, 3): 2}, source="CDC")

    assert (posted.new, posted.stale_since) == (1, None)
    assert stale_since(province) == []


def test_first_report_of_zero_marks_stale_because_it_ends_a_missing_report(province):
    province.post({(A, 3): 0})
    assert stale_since(province) == [day(3)]

    province.post(complete=(4, 6))
    assert stale_since(province) == [day(4)]


def test_wider_coverage_marks_stale_from_the_first_day_nobody_covered(province):
    province.post(complete=(0, 4), source="huyện")
    stale_since(province)

    posted = province.post(complete=(2, 9), source="CDC")

    assert posted.stale_since == day(5)
    assert stale_since(province) == [day(5)]


def test_coverage_of_a_district_within_a_covered_province_marks_nothing(province):
    province.post(complete=(0, 4))
    stale_since(province)

    posted = post_counts(
        source=province.source(),
        rows=[],
        coverages=[Coverage(province.districts["901"], day(1), day(2))],
        reason="thử",
        by=system_user(),
        at=AT,
    )

    assert posted.stale_since is None


# --- many at once


def test_provinces_posted_together_are_as_if_posted_one_by_one(province):
    other = make_province("91", districts={"911": ["91101", "91102"]})
    other.post({("91101", 0): 4})
    StaleMark.objects.all().delete()

    posted = post_together(
        postings=[
            Posting(province.source(), [CountRow(province.communes[A].pk, day(2), 1)]),
            Posting(
                other.source(),
                [CountRow(other.communes["91102"].pk, day(3), 7)],
                [Coverage(other.area, day(0), day(3))],
            ),
        ],
        reason="bản tin quốc gia",
        by=system_user(),
        at=AT,
    )

    assert [(each.new, each.zeroed, each.coverages, each.stale_since) for each in posted] == [
        (1, 0, 0, day(2)),
        (1, 1, 1, day(0)),
    ]
    assert in_force(other, "91101", 0) == {"unknown_source": 0}
    assert set(StaleMark.objects.values_list("province", "since")) == {
        (province.area.pk, day(2)),
        (other.area.pk, day(0)),
    }


def test_queries_do_not_grow_with_rows_or_provinces(province, django_assert_num_queries):
    other = make_province("91", districts={"911": ["91101"]})
    many = [CountRow(area.pk, day(n), 1) for area in province.communes.values() for n in range(30)]
    few = Posting(province.source(), many[:1], [Coverage(province.area, day(0), day(0))])
    more = Posting(province.source(), many, [Coverage(province.area, day(0), day(29))])
    alike = Posting(other.source(), [CountRow(other.communes["91101"].pk, day(0), 1)])

    by = system_user()

    for postings in ([few], [more, alike]):
        with django_assert_num_queries(9):
            post_together(postings=postings, reason="thử", by=by, at=AT)


def test_compare_says_what_a_post_would_do_and_writes_nothing(province):
    province.post({(A, 0): 1, (B, 0): 2, (C, 0): 3})
    rows = [
        CountRow(province.communes[A].pk, day(0), unknown_source=1),
        CountRow(province.communes[B].pk, day(0), 9),
    ]
    posting = Posting(province.source(), rows, [Coverage(province.area, day(0), day(0))])

    foreseen = compare_counts(posting=posting)

    assert (foreseen.new, foreseen.corrected, foreseen.zeroed, foreseen.unchanged) == (0, 1, 1, 1)
    assert CountPost.objects.count() == 1
    assert compare_counts(posting=Posting(CountSource(), rows)).new == 2


def test_first_reported_day_is_of_numbers_and_of_coverages(province):
    assert first_reported_day(province=province.area) is None

    province.post({(A, 5): 1})
    assert first_reported_day(province=province.area) == day(5)

    province.post(complete=(2, 3))
    assert first_reported_day(province=province.area) == day(2)
    assert first_reported_day(province=DistrictFactory().parent) is None


def test_post_at_the_edge_of_a_leap_year_keeps_its_day(province):
    leap = day(0).replace(year=2024, month=2, day=29)

    post_counts(
        source=province.source(),
        rows=[
            CountRow(province.communes[A].pk, leap, 1),
            CountRow(province.communes[A].pk, leap + timedelta(1), 2),
        ],
        reason="thử",
        by=system_user(),
        at=AT,
    )

    assert sorted(DailyCount.objects.values_list("day", "unclassified")) == [
        (leap, 1),
        (leap + timedelta(1), 2),
    ]
