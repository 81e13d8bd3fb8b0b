"""Wording: dates, numbers, places, posts and full stops as Decree 30 writes them."""

from datetime import date

import pytest

from core.letters.wording import (
    BLANK,
    blank_day,
    capacity_of,
    closed,
    grounds,
    place_name,
    recipients,
    roman,
    short_day,
    sign_of,
    written_day,
    written_number,
)


@pytest.mark.parametrize(
    ("day", "written", "short"),
    [
        (date(2020, 1, 5), "ngày 05 tháng 01 năm 2020", "05/01/2020"),
        (date(2021, 2, 5), "ngày 05 tháng 02 năm 2021", "05/02/2021"),
        (date(2021, 3, 9), "ngày 09 tháng 3 năm 2021", "09/3/2021"),
        (date(2019, 6, 29), "ngày 29 tháng 6 năm 2019", "29/6/2019"),
        (date(2021, 9, 12), "ngày 12 tháng 9 năm 2021", "12/9/2021"),
        (date(2021, 10, 10), "ngày 10 tháng 10 năm 2021", "10/10/2021"),
    ],
)
def test_day_has_a_nought_below_ten_and_its_month_in_january_and_february_only(day, written, short):
    assert written_day(day) == written
    assert short_day(day) == short


def test_day_that_is_not_known_leaves_room_for_a_pen():
    assert blank_day(2021) == f"ngày{BLANK}tháng{BLANK}năm 2021"


@pytest.mark.parametrize(
    ("number", "written"), [(5, "05/QĐ-UBND"), (9, "09/QĐ-UBND"), (10, "10/QĐ-UBND"), (4458, "4458/QĐ-UBND")]
)
def test_number_below_ten_has_a_nought(number, written):
    assert written_number(number, "QĐ-UBND") == written


def test_number_that_is_not_known_leaves_room_for_a_pen():
    assert written_number(None, "TTr-UBND") == f"{BLANK}/TTr-UBND"


@pytest.mark.parametrize(
    ("name", "type_word", "place"),
    [
        ("Tỉnh Ninh Thuận", "Tỉnh", "Ninh Thuận"),
        ("Thành phố Phan Rang-Tháp Chàm", "Thành phố", "Phan Rang-Tháp Chàm"),
        ("Thị trấn Phước Dân", "Thị trấn", "Phước Dân"),
        ("Thành phố Hồ Chí Minh", "Thành phố", "Thành phố Hồ Chí Minh"),
        ("Quận 1", "Quận", "Quận 1"),
        ("Phường 14", "Phường", "Phường 14"),
        ("Xã", "Xã", "Xã"),
        ("Nơi khác", "", "Nơi khác"),
    ],
)
def test_place_is_the_name_without_its_word_except_of_numbers_and_people(name, type_word, place):
    assert place_name(name, type_word) == place


@pytest.mark.parametrize(
    ("post", "capacity"),
    [
        ("Chủ tịch", ("CHỦ TỊCH",)),
        ("Phó Chủ tịch", ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        ("phó Giám đốc", ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")),
        (" Trưởng thôn ", ("TRƯỞNG THÔN",)),
        ("", ()),
    ],
)
def test_deputy_signs_in_place_of_the_head(post, capacity):
    assert capacity_of(post) == capacity


@pytest.mark.parametrize("text", ["Thi hành", "Thi hành.", "Thi hành;", "Thi hành ./.", "Thi hành./."])
def test_text_is_closed_once(text):
    assert closed(text) == "Thi hành./."


def test_grounds_end_in_semicolons_and_the_last_in_a_full_stop():
    assert grounds(["Căn cứ A", "Căn cứ B;", "Xét đề nghị C."]) == (
        "Căn cứ A;",
        "Căn cứ B;",
        "Xét đề nghị C.",
    )
    assert grounds([]) == ()


def test_recipients_are_listed_with_the_archive_last():
    assert recipients(["Như trên", "Sở Nội vụ", "Lưu: VT"]) == ("- Như trên;", "- Sở Nội vụ;", "- Lưu: VT.")


def test_points_are_counted_by_number_by_vietnamese_letter_or_not_at_all():
    assert [sign_of("number", n) for n in (1, 12)] == ["1.", "12."]
    assert [sign_of("letter", n) for n in range(1, 9)] == ["a)", "b)", "c)", "d)", "đ)", "e)", "g)", "h)"]
    assert sign_of("letter", 40) == "40)"
    assert sign_of("dash", 3) == "-"


def test_appendices_are_counted_in_roman_numbers():
    assert [roman(n) for n in (1, 2, 4, 5, 9, 14, 19)] == [
        "I", "II", "IV", "V", "IX", "XIV", "XIX",
    ]  # fmt: skip
