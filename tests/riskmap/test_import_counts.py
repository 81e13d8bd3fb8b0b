"""The command: options, exit codes and what it prints."""

import csv
import io
import os
import subprocess
import sys
from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from riskmap.models import CountEntry, CountPost, DailyCount, ImportBatch, ReportCoverage, StaleMark
from tests.riskmap.imports.ground import FIXTURES, make_ground

pytestmark = pytest.mark.django_db

CITY_UNITS = settings.SHARED_DATA / "units" / "units_58_79_2021_with_population.csv"
CITY_COUNTS = settings.SHARED_DATA / "counts" / "79_hcmc_ward_daily_f0_2021-04-27_2021-07-13.csv"


@pytest.fixture
def province():
    return make_ground()


def run(fixture, *options, province="01", source="CDC"):
    """Run the command: exit code, what it printed, and what it complained about."""
    out, err = io.StringIO(), io.StringIO()
    path = fixture if not isinstance(fixture, str) else FIXTURES / fixture
    try:
        call_command(
            "import_counts",
            str(path),
            "--province",
            province,
            "--source",
            source,
            *options,
            stdout=out,
            stderr=err,
        )
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue() + str(error)
    return 0, out.getvalue(), err.getvalue()


def test_dry_run_writes_only_the_preview(province):
    code, out, _err = run("right.csv")

    assert code == 0
    assert "Đọc 3 dòng (2 ngày, từ 01/08/2021 đến 02/08/2021): nhận 3, từ chối 0." in out
    assert "Số mới 3, sửa số cũ 0" in out
    assert "chưa ghi gì" in out
    assert ImportBatch.objects.count() == 1
    assert not CountPost.objects.exists()


def test_commit_writes_and_says_from_when_levels_are_computed_again(province):
    code, out, _err = run("right.csv", "--commit", "--zero-fill", "2021-07-30..2021-08-03")

    assert code == 0
    assert "Đã ghi. Tính lại từ 30/07/2021." in out
    assert CountEntry.objects.count() == 3
    coverage = ReportCoverage.objects.get()
    assert (coverage.first_day, coverage.last_day) == (date(2021, 7, 30), date(2021, 8, 3))
    assert StaleMark.objects.filter(province=province.area).exists()


def test_refused_rows_exit_3_with_the_rest_written(province):
    code, out, err = run("unknown_code.csv", "--commit")

    assert code == 3
    assert "nhận 1, từ chối 3" in out
    assert "Đã ghi." in out
    assert (
        "Dòng 3, cột code “00002”: Không có mã 00002 trong danh mục của tỉnh. Gần nhất: 00001 (Xã 00001"
        in err
    )
    assert CountEntry.objects.count() == 1


def test_refused_rows_exit_3_in_a_dry_run_too(province):
    assert run("unknown_code.csv")[0] == 3
    assert not CountEntry.objects.exists()


def test_strict_writes_nothing_when_a_row_is_refused(province):
    code, out, _err = run("unknown_code.csv", "--commit", "--strict")

    assert code == 3
    assert "Không ghi gì (--strict)." in out
    assert not CountPost.objects.exists()


def test_strict_writes_a_right_file(province):
    assert run("right.csv", "--commit", "--strict")[0] == 0
    assert CountEntry.objects.count() == 3


def test_rejects_are_written_with_row_column_value_fault_and_remedy(province, tmp_path):
    path = tmp_path / "loi.csv"

    run("negative_count.csv", "--rejects", str(path))

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert rows[0] == ["dòng", "cột", "giá trị", "lỗi", "cách sửa"]
    assert [row[:4] for row in rows[1:]] == [
        ["2", "cases", "'-3", "Số ca không thể âm."],
        ["3", "cases", "−1", "Số ca không thể âm."],
    ]


def test_rejects_that_cannot_be_written_stop_the_commit(province, tmp_path):
    code, _out, err = run(
        "negative_count.csv", "--commit", "--rejects", str(tmp_path / "khong-co" / "loi.csv")
    )

    assert code == 2
    assert "loi.csv" in err
    assert not CountPost.objects.exists()


def test_same_file_again_exits_2_and_writes_nothing(province):
    run("right.csv", "--commit")

    code, _out, err = run("right.csv", "--commit")

    assert code == 2
    assert "đã được nhập" in err
    assert (ImportBatch.objects.count(), CountPost.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("fixture", "options", "words"),
    [
        ("missing_header.csv", [], "tiêu đề"),
        ("utf_16.csv", [], "UTF-16"),
        ("no_such_file.csv", [], "no_such_file.csv"),
        ("", [], "fixtures"),
        ("right.csv", ["--province", "99"], "99"),
        ("right.csv", ["--province", "1"], "01"),
        ("right.csv", ["--zero-fill", "2021-08-03..2021-08-01"], "ngày đầu"),
        ("right.csv", ["--zero-fill", "2021-08-01..2999-01-01"], "chưa tới"),
        ("right.csv", ["--source", ""], "nguồn"),
    ],
)
def test_unusable_file_or_argument_exits_2_with_nothing_written(province, fixture, options, words):
    code, _out, err = run(fixture, "--commit", *options)

    assert code == 2
    assert words in err
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("zero_fill", ["2021-08-01", "2021-08-01..", "01/08/2021..02/08/2021", "a..b..c"])
def test_malformed_zero_fill_is_refused_by_the_command_line(zero_fill):
    done = subprocess.run(
        [
            sys.executable, "manage.py", "import_counts", "x.csv",
            "--province", "01", "--source", "CDC", "--zero-fill", zero_fill,
        ],
        cwd=settings.BASE_DIR, env=os.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert "TỪ..ĐẾN" in done.stderr


def test_file_of_100_mb_exits_2_at_once(province, tmp_path):
    path = tmp_path / "lon.csv"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    begun = timezone.now()

    code, _out, err = run(path)

    assert code == 2
    assert "20 MB" in err
    assert (timezone.now() - begun).total_seconds() < 2


@pytest.mark.skipif(
    not CITY_COUNTS.exists(),
    reason="the real counts of the city are not here (set SHARED_DATA to their folder)",
)
def test_real_city_file_is_taken_whole():
    call_command(
        "import_areas", str(CITY_UNITS), "--valid-from", "2021-07-01", "--commit", stdout=io.StringIO()
    )
    StaleMark.objects.all().delete()

    code, out, err = run(
        CITY_COUNTS, "--zero-fill", "2021-04-27..2021-07-12", "--commit", province="79", source="public-map"
    )

    assert (code, err) == (0, "")
    assert "Đọc 3184 dòng" in out
    assert DailyCount.objects.count() == 3184
    assert sum(DailyCount.objects.values_list("unclassified", flat=True)) == 14_397
    coverage = ReportCoverage.objects.get()
    assert (coverage.scope.code, coverage.first_day, coverage.last_day) == (
        "79", date(2021, 4, 27), date(2021, 7, 12),
    )  # fmt: skip
    assert [mark.since for mark in StaleMark.objects.all()] == [date(2021, 4, 27)]
    assert run(CITY_COUNTS, "--commit", province="79", source="public-map")[0] == 2
