"""Every fault of a file is named with its row, its column and what to do, and costs no other row."""

from datetime import date

import pytest

from core.models import Area
from riskmap.imports.faults import UnusableFile
from riskmap.models import ImportBatch
from tests.factories import CommuneFactory, HamletFactory
from tests.riskmap.imports.ground import csv_of, faults, make_ground, preview

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_ground()


def taken(previewed):
    return previewed.batch.rows_accepted


# --- right files


@pytest.mark.parametrize(
    ("fixture", "rows", "days"),
    [
        ("right.csv", 3, 2),
        ("right_from_excel.csv", 2, 2),
        ("right_with_tabs.csv", 1, 1),
        ("right_in_another_order.csv", 1, 1),
        ("header_with_empty_end.csv", 1, 1),
        ("unclassified_beside_classified.csv", 2, 1),
    ],
)
def test_right_file_is_taken_whole(province, fixture, rows, days):
    previewed = preview(province, fixture)

    assert (taken(previewed), previewed.batch.rows_refused, previewed.days) == (rows, 0, days)
    assert previewed.refusals == ()


def test_days_of_the_file_are_told(province):
    previewed = preview(province, "right.csv")

    assert (previewed.first_day, previewed.last_day) == (date(2021, 8, 1), date(2021, 8, 2))


# --- rows


@pytest.mark.parametrize(
    ("fixture", "refused", "accepted"),
    [
        ("unknown_code.csv", [(row, "code", "unknown_code") for row in (3, 4, 5)], 1),
        ("leading_zeros_lost.csv", [(2, "code", "mangled_code"), (3, "code", "mangled_code")], 1),
        ("point_zero_added.csv", [(2, "code", "mangled_code"), (3, "code", "mangled_code")], 1),
        (
            "another_province_or_tier.csv",
            [(2, "code", "other_province"), (3, "code", "not_a_commune"), (4, "code", "not_a_commune")],
            1,
        ),
        ("serial_date.csv", [(2, "date", "serial_day"), (3, "date", "serial_day")], 1),
        (
            "unreadable_date.csv",
            [
                (2, "date", "impossible_day"), (3, "date", "impossible_day"), (4, "date", "impossible_day"),
                (5, "date", "unreadable_day"), (6, "date", "unreadable_day"), (7, "date", "missing_day"),
                (8, "date", "day_before_the_epidemic"),
            ],
            1,
        ),
        ("future_day.csv", [(2, "date", "future_day")], 1),
        ("negative_count.csv", [(2, "cases", "negative_count"), (3, "cases", "negative_count")], 1),
        ("fractional_count.csv", [(2, "cases", "fractional_count"), (3, "cases", "fractional_count")], 1),
        ("thousands_separators.csv", [(row, "cases", "grouped_count") for row in (2, 3, 4)], 1),
        ("unquoted_comma.csv", [(2, "D2", "cell_without_column")], 1),
        (
            "not_a_count.csv",
            [
                (2, "cases", "not_a_count"), (3, "cases", "no_number"), (4, "cases", "no_number"),
                (5, "cases", "count_too_large"), (6, "cases", "not_a_count"),
            ],
            1,
        ),
        (
            "same_area_and_day_differing.csv",
            [(row, "code", "contradicting_rows") for row in (2, 4, 5)],
            2,
        ),
        ("same_area_and_day_repeated.csv", [(4, "code", "repeated_row")], 2),
        ("empty_rows.csv", [(3, "", "empty_row"), (4, "", "empty_row")], 2),
        ("total_line.csv", [(3, "code", "unknown_code"), (3, "date", "missing_day")], 1),
        (
            "three_faults_in_a_row.csv",
            [(2, "code", "unknown_code"), (2, "date", "impossible_day"), (2, "cases", "negative_count")],
            1,
        ),
    ],
)  # fmt: skip
def test_fault_is_refused_with_its_place_and_the_other_rows_are_taken(province, fixture, refused, accepted):
    previewed = preview(province, fixture)

    assert faults(previewed) == refused
    assert taken(previewed) == accepted
    assert previewed.batch.rows_refused == len({row for row, _column, _code in refused})
    assert all(refusal.message and refusal.hint for refusal in previewed.refusals)


@pytest.mark.parametrize(
    ("row", "hint"),
    [
        ("00002,2021-08-01,5", "00001 (Xã 00001, Huyện 001); 00004 (Xã 00004, Huyện 001); 00007"),
        ("0007,2021-08-01,5", "00007 (Xã 00007, Huyện 001)"),
        ("37.0,2021-08-01,5", "00037 (Xã 00037, Huyện 002)"),
        ("000370,2021-08-01,5", "00037 (Xã 00037, Huyện 002)"),
        ("00073,2021-08-01,5", "00037 (Xã 00037, Huyện 002)"),
        ("Xã 00037,2021-08-01,5", "00037 (Xã 00037, Huyện 002)"),
        ("xa 00073,2021-08-01,5", "Gần nhất: 00037 (Xã 00037, Huyện 002)"),
        ("@@@,2021-08-01,5", "Tra mã trong danh mục"),
        ("00001,44409,5", "01/08/2021"),
        ("00001,08/31/2021,5", "tháng đứng trước ngày"),
        ("00001,2021-08-01,1.234", "1234"),
        ("00001,2021-08-01,3.0", "Có thể là 3."),
        ("00001,2021-08-01,", "Không có ca thì ghi 0"),
    ],
)
def test_hint_names_what_was_probably_meant_and_nothing_is_guessed(province, row, hint):
    previewed = preview(province, csv_of(row, "00004,2021-08-02,1"))

    assert hint in previewed.refusals[0].hint
    assert taken(previewed) == 1


def test_unknown_codes_of_a_whole_other_list_are_refused_quickly(province):
    rows = [f"{90000 + n},2021-08-01,1" for n in range(2_000)]

    previewed = preview(province, csv_of(*rows, "00001,2021-08-01,1"))

    assert (taken(previewed), previewed.batch.rows_refused) == (1, 2_000)


def test_contradiction_names_no_winner_even_when_a_third_row_agrees_with_the_first(province):
    previewed = preview(province, "same_area_and_day_differing.csv")

    assert [refusal.value for refusal in previewed.refusals] == ["00001"] * 3


def test_hamlet_of_the_province_is_taken(province):
    HamletFactory(code="0000101", parent=province.communes["00001"])

    assert taken(preview(province, csv_of("0000101,2021-08-01,1"))) == 1


def test_day_before_the_first_list_of_units_is_taken(province):
    assert taken(preview(province, csv_of("00001,2021-04-27,1"))) == 1


def test_row_of_a_unit_that_did_not_exist_that_day_is_refused(province):
    district = province.districts["001"]
    Area.objects.filter(code="00001").update(valid_to=date(2021, 8, 5))
    CommuneFactory(code="00010", parent=district, valid_from=date(2021, 8, 6))

    previewed = preview(
        province,
        csv_of("00001,2021-08-05,1", "00001,2021-08-06,1", "00010,2021-08-05,1", "00010,2021-08-06,1"),
    )

    assert faults(previewed) == [(3, "code", "not_valid_that_day"), (4, "code", "not_valid_that_day")]


def test_code_given_to_another_unit_later_means_the_unit_of_its_day(province):
    Area.objects.filter(code="00001").update(valid_to=date(2021, 8, 5))
    CommuneFactory(code="00001", parent=province.districts["002"], valid_from=date(2021, 8, 6))

    previewed = preview(province, csv_of("00001,2021-08-05,1", "00001,2021-08-06,1"))

    assert taken(previewed) == 2
    assert previewed.outcome.new == 2


# --- files


@pytest.mark.parametrize(
    ("fixture", "words"),
    [
        ("missing_header.csv", "Dòng 1 không phải dòng tiêu đề"),
        ("missing_date_column.csv", "thiếu cột date"),
        ("missing_count_columns.csv", "thiếu cột cases"),
        ("unknown_header.csv", "không rõ cột “so_ca”. Có phải là “cases”?"),
        ("misspelt_header.csv", "Có phải là “unknown_source”?"),
        ("repeated_header.csv", "cột “cases” có hai lần"),
        ("unnamed_column.csv", "cột thứ 3 không có tên"),
        ("header_only.csv", "chỉ có dòng tiêu đề"),
        ("total_beside_its_parts.csv", "mỗi ca bị đếm hai lần"),
        ("unclosed_quote.csv", "dấu nháy kép"),
        ("windows_1258.csv", "không phải mã hóa UTF-8 (dòng 3)"),
        ("utf_16.csv", "UTF-16"),
        ("web_page.xls", "trang web"),
    ],
)
def test_unusable_file_is_refused_with_what_to_do_and_nothing_is_written(province, fixture, words):
    with pytest.raises(UnusableFile) as refusal:
        preview(province, fixture)

    assert words in refusal.value.message
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tệp trống"),
        (b"\n\n  \n", "Tệp trống"),
        (b"\xef\xbb\xbf", "Tệp trống"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Excel cũ"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"code,date,cases\n\x00,1,2\n", "không phải là văn bản"),
        (b"code,date,cases\n" + b'"' + b"9" * 200_000 + b'",2021-08-01,3\n', "không phải CSV"),
    ],
)
def test_file_that_is_not_a_table_is_refused(province, content, words):
    with pytest.raises(UnusableFile) as refusal:
        preview(province, content)

    assert words in refusal.value.message
