"""A missing report is not zero: what a refused row may have been about is not filled with zeros."""

from datetime import date

import pytest

from core.people import system_user
from riskmap.imports import commit_batch
from riskmap.models import DailyCount, ReportCoverage
from tests.riskmap.imports.ground import AT, csv_of, make_ground, preview

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2021, 8, 1), date(2021, 8, 3)


@pytest.fixture
def province():
    return make_ground()


def reported(province):
    """Commune codes by day for which the committed coverages report."""
    coverages = list(ReportCoverage.objects.select_related("scope"))
    return {
        number: sorted(
            area.code
            for area in province.communes.values()
            if any(
                f"{area.path}/".startswith(f"{coverage.scope.path}/")
                and coverage.first_day <= FIRST.replace(day=number) <= coverage.last_day
                for coverage in coverages
            )
        )
        for number in (1, 2, 3)
    }


def commit(province, *rows, **options):
    previewed = preview(province, csv_of(*rows), zero_fill=(FIRST, LAST), **options)
    commit_batch(batch=previewed.batch, by=system_user(), at=AT)
    return previewed


EVERYONE = ["00001", "00004", "00007", "00037"]


def test_right_file_covers_the_province_by_one_row(province):
    previewed = commit(province, "00001,2021-08-01,1")

    assert reported(province) == {1: EVERYONE, 2: EVERYONE, 3: EVERYONE}
    assert ReportCoverage.objects.get().scope == province.area
    assert previewed.withheld == 0


@pytest.mark.parametrize(
    ("row", "left_open"),
    [
        # who and when are known: that commune, that day
        ("00004,2021-08-02,-5", {2: ["00004"]}),
        ("4.0,2021-08-02,5", {2: ["00004"]}),
        ("4,2021-08-02,5", {2: ["00004"]}),
        # the day is not known: that commune, every day
        ("00004,32/8/2021,5", {1: ["00004"], 2: ["00004"], 3: ["00004"]}),
        ("00004,2031-08-02,5", {1: ["00004"], 2: ["00004"], 3: ["00004"]}),
        # the commune is not known: those it may be a slip of, or anyone
        ("00047,2021-08-02,5", {2: ["00007", "00037"]}),
        ("xã nào đó,2021-08-02,5", {2: EVERYONE}),
        ("001,2021-08-02,5", {2: ["00001", "00004", "00007"]}),
        ("00011,2021-08-01,5", {}),  # a slip of 00001, which has its own row
        # not of this province, not of these days, or no report at all
        ("26734,2021-08-02,5", {}),
        ("00004,2021-08-05,-5", {}),
        ("Tổng cộng,,5", {}),
        # the commune has another, right row for the day
        ("00001,2021-08-01,1", {}),
    ],
)
def test_refused_row_leaves_open_what_it_may_have_been_about(province, row, left_open):
    previewed = commit(province, "00001,2021-08-01,1", row)

    assert reported(province) == {
        number: [code for code in EVERYONE if code not in left_open.get(number, [])] for number in (1, 2, 3)
    }
    assert previewed.batch.rows_refused == 1
    assert previewed.withheld == sum(map(len, left_open.values()))


def test_contradicting_rows_leave_their_day_open(province):
    commit(province, "00001,2021-08-01,1", "00001,2021-08-01,2")

    assert reported(province) == {1: EVERYONE[1:], 2: EVERYONE, 3: EVERYONE}
    assert not DailyCount.objects.exists()


def test_refused_row_does_not_zero_the_number_its_commune_had(province):
    commit(province, "00004,2021-08-02,7", "00001,2021-08-02,3")

    commit(province, "00004,2021-08-02,-5")

    assert DailyCount.objects.get(area=province.communes["00004"]).unclassified == 7
    assert DailyCount.objects.get(area=province.communes["00001"]).unclassified == 0


def test_untouched_districts_are_covered_whole(province):
    commit(province, "00001,2021-08-01,-1")

    scopes = ReportCoverage.objects.filter(first_day=FIRST).values_list("scope__code", flat=True)
    assert sorted(scopes) == ["00004", "00007", "002"]
