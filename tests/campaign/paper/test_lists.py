"""Lists: the registrations of a district or a province on lying pages."""

import pytest

from campaign.enums import RegistrationStatus
from campaign.paper.lists import list_of
from core.letters import Band, Issuer, LetterFormat, Table, print_letter
from core.letters.wording import BLANK
from tests.campaign.paper.registered import make_ground, register
from tests.campaign.units import AT
from tests.core.letters.samples import places_of, read_docx, read_pdf, text_of, words_of


@pytest.fixture
def ground(db):
    return make_ground(districts=2)


def table_of(letter) -> Table:
    [table] = [block for block in letter.blocks if isinstance(block, Table)]
    return table


def test_list_of_a_district_says_what_each_unit_takes_upon_itself(ground):
    province, campaign = ground
    rows = [
        register(campaign, province.communes["90102"], status=RegistrationStatus.SUBMITTED),
        register(campaign, province.communes["90101"]),
        register(campaign, province.communes["90103"], status=RegistrationStatus.DRAFT),
    ]

    letter = list_of(campaign, province.districts["901"], rows)

    assert letter.issuer == Issuer(("Ủy ban nhân dân", "Huyện Ninh Phước"))
    assert letter.landscape
    assert (letter.place, letter.number, letter.moment) == ("Ninh Phước", BLANK, AT)
    assert letter.blocks[0].text == (
        "Đến 08:00 ngày 25/8/2021 có 2 đơn vị gửi đăng ký, gồm: 1 đã xác nhận, 1 chờ xác nhận."
    )
    group = "Xã, phường, thị trấn"
    number, target = "Số 12/ĐK ngày 24/8/2021", "Bình thường mới (xanh)"
    assert table_of(letter).rows == (
        ("1", "Xã 90102", group, "", target, "10/9/2021", number, "Chờ xác nhận"),
        ("2", "Xã Phước Hải", group, "Nguy cơ cao (cam)", target, "10/9/2021", number, "Đã xác nhận"),
    )
    assert letter.blocks[-1].text == "Danh sách này có 2 đơn vị./."
    assert letter.signatures[0].capacity == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")


def test_list_of_a_province_stands_under_its_districts(ground):
    province, campaign = ground
    rows = [
        register(campaign, province.communes["90201"]),
        register(campaign, province.communes["90101"]),
        register(campaign, province.districts["902"]),
        register(campaign, province.area, "agency", name="Sở Công Thương"),
    ]

    letter = list_of(campaign, province.area, rows)

    assert letter.issuer == Issuer(("Sở Nội vụ",), superior=("UBND Tỉnh Ninh Thuận",))
    assert letter.signatures[0].capacity == ("GIÁM ĐỐC",)
    shown = [row.text if isinstance(row, Band) else row[:2] for row in table_of(letter).rows]
    assert shown == [
        "Cấp tỉnh",
        ("1", "Sở Công Thương"),
        "Huyện 902",
        ("2", "Xã 90201"),
        ("3", "Huyện 902"),
        "Huyện Ninh Phước",
        ("4", "Xã Phước Hải"),
    ]


def test_list_without_registrations_says_so(ground):
    province, campaign = ground

    letter = list_of(campaign, province.districts["901"], [])

    assert [block.text for block in letter.blocks] == ["Chưa có đơn vị nào gửi đăng ký."]
    assert letter.moment == campaign.created_at
    assert "Chưa có đơn vị nào" in text_of(read_pdf(letter))


def test_long_list_repeats_its_head_and_keeps_its_margins(db):
    province, campaign = make_ground(districts=1, communes=65)
    rows = [register(campaign, commune) for commune in province.communes.values()]

    letter = list_of(campaign, province.districts["901"], rows)

    reader = read_pdf(letter)
    assert len(reader.pages) >= 5
    assert "65 đơn vị gửi đăng ký, gồm: 65 đã xác nhận" in text_of(reader, 0)
    assert text_of(reader).endswith(
        "Danh sách này có 65 đơn vị./. Nơi nhận: - Các đơn vị có tên trên; - Lưu: VT. "
        "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH"
    )
    for page in range(len(reader.pages)):
        heads = text_of(reader, page).count("STT Đơn vị Đối tượng Mức lúc đăng ký")
        assert heads == (1 if "Đã xác nhận" in text_of(reader, page) else 0)
        assert all(30 <= x < 282 and y <= 190 for _words, x, y, _points in places_of(reader, page))
    written = words_of(read_docx(letter))
    assert [written.count(unit.name) for unit in province.communes.values()] == [1] * 65


def test_same_registrations_give_the_same_bytes_in_any_order(ground):
    province, campaign = ground
    rows = [register(campaign, province.communes[code]) for code in ("90101", "90102", "90201")]

    for form in LetterFormat:
        first = print_letter(list_of(campaign, province.area, rows), form)
        assert print_letter(list_of(campaign, province.area, rows[::-1]), form) == first


def test_list_asks_the_database_nothing_once_its_registrations_are_read(ground, django_assert_num_queries):
    province, campaign = ground
    rows = [register(campaign, commune) for commune in province.communes.values()]

    with django_assert_num_queries(0):
        list_of(campaign, province.area, rows)
