"""Who reported when: to the microsecond, from every kind of report, whatever came later."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from core.models import Area
from core.people import system_user
from riskmap.counts import Coverage, post_counts
from riskmap.due import Timeliness, due_list
from riskmap.due_overview import overview
from riskmap.enums import ReportStatus
from riskmap.models import CountEntry, CountPost, DayReport, ProvincePolicy
from tests.factories import CommuneFactory
from tests.riskmap.province import day, make_province

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
ON_TIME, LATE, WAITING, MISSING, REPORTED = (
    Timeliness.ON_TIME,
    Timeliness.LATE,
    Timeliness.WAITING,
    Timeliness.MISSING,
    Timeliness.REPORTED,
)


def on(number: int, hour: int, minute: int = 0, second: int = 0, microsecond: int = 0) -> datetime:
    """An instant of day ``number`` by the clock of Vietnam."""
    return datetime.combine(day(number), time(hour, minute, second, microsecond), tzinfo=HERE)


EVENING = on(5, 20)


@pytest.fixture
def province(db):
    return make_province(districts={"901": ["90101", "90102", "90103"], "902": ["90201"]})


def listed(scope: Area, number: int = 5, at: datetime = EVENING) -> dict[str, tuple]:
    return {
        each.area.code: (each.timeliness, each.off_by)
        for each in due_list(scope=scope, day=day(number), at=at)
    }


def withdraw(province, code: str, number: int, *, at: datetime, source: str = "huyện") -> None:
    said = province.source(source)
    post = CountPost.objects.create(
        province=province.area, source=said, reason="nhầm", posted_at=at, posted_by=system_user()
    )
    CountEntry.objects.create(
        post=post, source=said, area=province.communes[code], day=day(number), withdrawn=True
    )


# --- The list -------------------------------------------------------------------------------------------


def test_due_list_tells_in_time_late_and_missing_in_the_order_of_the_map(province):
    province.post({("90102", 5): 2}, at=on(5, 9))
    province.post({("90101", 5): 0}, at=on(5, 16, 25))

    assert listed(province.area) == {
        "90101": (LATE, timedelta(minutes=25)),
        "90102": (ON_TIME, None),
        "90103": (MISSING, timedelta(hours=4)),
        "90201": (MISSING, timedelta(hours=4)),
    }
    assert list(listed(province.districts["902"])) == ["90201"]
    assert list(listed(province.communes["90103"])) == ["90103"]


@pytest.mark.parametrize(
    ("at", "said", "off_by"),
    [
        (on(5, 15, 59, 59, 999_999), ON_TIME, None),
        (on(5, 16), ON_TIME, None),
        (on(5, 16, 0, 0, 1), LATE, timedelta(microseconds=1)),
        (on(7, 4), LATE, timedelta(days=1, hours=12)),
        (on(4, 23), ON_TIME, None),
    ],
)
def test_report_is_in_time_up_to_the_very_hour(province, at, said, off_by):
    province.post({("90101", 5): 1}, at=at)

    assert listed(province.area, at=on(8, 0))["90101"] == (said, off_by)


@pytest.mark.parametrize(
    ("at", "said", "off_by"),
    [
        (on(5, 15, 20), WAITING, timedelta(minutes=40)),
        (on(5, 16), WAITING, timedelta(0)),
        (on(5, 16, 0, 0, 1), MISSING, timedelta(microseconds=1)),
        (on(6, 17, 30), MISSING, timedelta(days=1, hours=1, minutes=30)),
    ],
)
def test_missing_report_is_waited_for_up_to_the_very_hour(province, at, said, off_by):
    assert listed(province.area, at=at)["90101"] == (said, off_by)


def test_instant_is_the_same_in_another_clock(province):
    province.post({("90101", 5): 1}, at=datetime(2021, 8, 6, 9, 30, tzinfo=UTC))

    (due, *_others) = due_list(scope=province.area, day=day(5), at=EVENING)

    assert (due.first_at.hour, due.first_at.minute, due.off_by) == (16, 30, timedelta(minutes=30))


def test_hour_is_the_provinces_own(province):
    ProvincePolicy.objects.create(province=province.area, report_by=time(14, 30))
    province.post({("90101", 5): 1}, at=on(5, 15))

    assert listed(province.area)["90101"] == (LATE, timedelta(minutes=30))


def test_without_a_due_hour_nobody_is_late(province):
    ProvincePolicy.objects.create(province=province.area, report_by=None)
    province.post({("90101", 5): 1}, at=on(5, 23))

    assert listed(province.area, at=on(6, 0)) == {
        "90101": (REPORTED, None),
        **dict.fromkeys(("90102", "90103", "90201"), (MISSING, None)),
    }


def test_first_report_counts_and_not_the_corrections_after_it(province):
    province.post({("90101", 5): 1}, at=on(5, 15))
    province.post({("90101", 5): 3}, at=on(5, 19), reason="đính chính")

    assert listed(province.area)["90101"] == (ON_TIME, None)


def test_first_report_of_any_source_counts(province):
    province.post({("90101", 5): 1}, at=on(5, 19), source="huyện")
    province.post({("90101", 5): 1}, at=on(5, 15), source="CDC")

    assert listed(province.area)["90101"] == (ON_TIME, None)


def test_word_that_was_taken_back_is_no_report(province):
    province.post({("90101", 5): 1, ("90102", 5): 1}, at=on(5, 9))
    province.post({("90102", 5): 1}, at=on(5, 17), source="CDC")
    for code in ("90101", "90102"):
        withdraw(province, code, 5, at=on(5, 10))

    assert listed(province.area)["90101"] == (MISSING, timedelta(hours=4))
    assert listed(province.area)["90102"] == (LATE, timedelta(hours=1))
    assert listed(province.area, at=on(5, 9, 30))["90101"] == (ON_TIME, None)

    province.post({("90101", 5): 4}, at=on(5, 18))
    assert listed(province.area)["90101"] == (LATE, timedelta(hours=2))


def test_what_comes_after_the_instant_is_not_known_yet(province):
    province.post({("90101", 5): 1}, at=on(5, 15))

    assert listed(province.area, at=on(5, 14, 59))["90101"] == (WAITING, timedelta(hours=1, minutes=1))


@pytest.mark.parametrize(
    ("scope", "reported"),
    [
        ("90101", {"90101"}),
        ("901", {"90101", "90102", "90103"}),
        ("90", {"90101", "90102", "90103", "90201"}),
    ],
)
def test_report_of_zero_is_a_report_for_all_it_speaks_of(province, scope, reported):
    place = Area.objects.get(code=scope)
    post_counts(
        source=province.source(), rows=[], coverages=[Coverage(place, day(4), day(6))],
        reason="không có ca", by=system_user(), at=on(5, 16, 10),
    )  # fmt: skip

    said = listed(province.area)

    assert {code for code, (timeliness, _off_by) in said.items() if timeliness is LATE} == reported
    assert listed(province.area, number=7, at=on(7, 20))["90101"][0] is MISSING


def test_commune_is_due_on_the_days_of_its_validity_only(province):
    old = CommuneFactory(parent=province.districts["902"], code="90299", valid_from=day(0), valid_to=day(4))

    assert old.code in listed(province.area, number=4)
    assert old.code not in listed(province.area, number=5)


def test_oldest_list_of_units_stands_for_the_days_before_it(province):
    newer = CommuneFactory(parent=province.districts["902"], code="90298", valid_from=day(1))

    assert newer.code not in listed(province.area, number=-3)
    assert len(listed(province.area, number=-3)) == 4


def test_last_day_is_the_latest_one_that_stands(province):
    province.post({("90101", 2): 1, ("90102", 2): 0, ("90102", 4): 1, ("90101", 4): 1}, at=on(4, 9))
    province.post({("90101", 5): 1, ("90101", 6): 1}, at=on(5, 9))
    withdraw(province, "90102", 4, at=on(4, 12))

    last_days = {
        each.area.code: each.last_day for each in due_list(scope=province.area, day=day(5), at=EVENING)
    }

    assert last_days == {"90101": day(5), "90102": day(2), "90103": None, "90201": None}


def test_another_provinces_reports_change_nothing(province):
    other = make_province("91", districts={"911": ["91101"]})
    other.post({("91101", 5): 1}, complete=(0, 9), at=on(5, 9))

    assert {timeliness for timeliness, _off_by in listed(province.area).values()} == {MISSING}


# --- The overview ---------------------------------------------------------------------------------------


def seen(scope: Area, first: int = 4, last: int = 5, at: datetime = EVENING):
    return overview(scope=scope, first=day(first), last=day(last), at=at)


def told(tally) -> tuple[int, ...]:
    return (tally.due, tally.reported, tally.on_time, tally.late, tally.missing, tally.waiting)


def test_overview_of_a_province_counts_by_district_and_day(province):
    province.post({("90101", 4): 1, ("90102", 4): 1, ("90201", 4): 0}, at=on(4, 10))
    province.post({("90103", 4): 1}, at=on(4, 18, 15))
    province.post({("90101", 5): 1}, at=on(5, 16, 30))

    found = seen(province.area)

    assert found.days == [day(5), day(4)]
    assert [row.area.code for row in found.rows] == ["901", "902"]
    assert [[told(cell) for cell in row.cells] for row in found.rows] == [
        [(3, 1, 0, 1, 2, 0), (3, 3, 2, 1, 0, 0)],
        [(1, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 0)],
    ]
    assert [told(row.total) for row in found.rows] == [(6, 4, 2, 2, 2, 0), (2, 1, 1, 0, 1, 0)]
    assert [told(total) for total in found.totals] == [(4, 1, 0, 1, 3, 0), (4, 4, 3, 1, 0, 0)]
    assert told(found.total) == (8, 5, 3, 2, 3, 0)
    assert found.rows[0].total.latest == timedelta(hours=2, minutes=15)
    assert found.rows[1].total.latest is None


def test_overview_waits_until_the_hour_of_today(province):
    found = seen(province.area, at=on(5, 15))

    assert told(found.totals[0]) == (4, 0, 0, 0, 0, 4)
    assert told(found.totals[1]) == (4, 0, 0, 0, 4, 0)


def test_overview_below_a_province_is_by_commune(province):
    province.post({("90102", 5): 1}, at=on(5, 9))

    found = seen(province.districts["901"])

    assert [row.area.code for row in found.rows] == ["90101", "90102", "90103"]
    assert [told(row.cells[0]) for row in found.rows] == [
        (1, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 0), (1, 0, 0, 0, 1, 0),
    ]  # fmt: skip
    assert [row.area.code for row in seen(province.communes["90102"]).rows] == ["90102"]


def test_overview_says_where_the_reports_of_the_days_stand(province):
    DayReport.objects.create(
        scope=province.districts["901"], day=day(4), status=ReportStatus.SENT, sent_at=on(4, 12),
        sent_by=system_user(),
    )  # fmt: skip

    first, second = seen(province.area).rows

    assert [cell.status for cell in first.cells] == [None, ReportStatus.SENT]
    assert [cell.status for cell in second.cells] == [None, None]


def test_overview_leaves_out_days_on_which_a_unit_was_not_there(province):
    CommuneFactory(parent=province.districts["902"], code="90299", valid_from=day(0), valid_to=day(4))

    second = seen(province.area).rows[1]

    assert [cell.due for cell in second.cells] == [1, 2]


def test_communes_without_a_district_are_together_under_their_province(db):
    province = make_province("92", districts={}, valid_from=datetime(2025, 7, 1).date())
    commune = CommuneFactory(parent=province.area, valid_from=datetime(2025, 7, 1).date())
    today = commune.valid_from

    found = overview(
        scope=province.area, first=today, last=today, at=timezone.make_aware(datetime(2025, 7, 1, 20))
    )

    assert [(row.area, row.total.missing) for row in found.rows] == [(province.area, 1)]
    assert [each.area for each in due_list(scope=province.area, day=today, at=EVENING)] == [commune]


@pytest.mark.parametrize("communes", [3, 30])
@pytest.mark.parametrize("days", [1, 14])
def test_queries_do_not_grow_with_communes_or_days(db, django_assert_num_queries, communes, days):
    codes = [f"901{number:02d}" for number in range(communes)]
    province = make_province(districts={"901": codes[::2], "902": codes[1::2]})
    province.post({(code, number): 1 for code in codes for number in range(days)}, at=on(1, 9))

    with django_assert_num_queries(4):  # policy, communes, first reports, statuses
        overview(scope=province.area, first=day(0), last=day(days - 1), at=EVENING)
    with django_assert_num_queries(4):  # policy, communes, first reports, last days
        due_list(scope=province.area, day=day(0), at=EVENING)
