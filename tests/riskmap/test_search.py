"""Search: what answers to a word, in which order, and what is too little to search with."""

from datetime import date

import pytest

from riskmap.levels import reassess
from riskmap.search import UnclearQuery, search_areas, with_levels
from tests.factories import CommuneFactory, DistrictFactory, HamletFactory, ProvinceFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    city = ProvinceFactory(code="79", name="Thành phố Hồ Chí Minh")
    tan_binh = DistrictFactory(code="766", name="Quận Tân Bình", parent=city)
    go_vap = DistrictFactory(code="764", name="Quận Gò Vấp", parent=city)
    for number in (10, 2, 1, 12):
        CommuneFactory(code=f"26{number:03d}", name=f"Phường {number:02d}", parent=tan_binh)
    CommuneFactory(code="26890", name="Phường 02", parent=go_vap)
    CommuneFactory(code="26900", name="Phường Đô Vinh", parent=go_vap)
    CommuneFactory(code="26901", name="Phường Đông Vinh", parent=go_vap)
    return city


def found(text):
    return [(area.name, area.parent.name if area.parent else "") for area in search_areas(text)]


@pytest.mark.parametrize(
    "text", ["do vinh", "Đô Vinh", "ĐÔ VINH", "phuong do vinh", "  đô  vinh ", "vinh do"]
)
def test_name_is_found_with_and_without_diacritics(city, text):
    assert ("Phường Đô Vinh", "Quận Gò Vấp") in found(text)


def test_exact_name_comes_before_those_that_go_on(city):
    assert [name for name, _ in found("do vinh")] == ["Phường Đô Vinh", "Phường Đông Vinh"]


def test_numbers_are_in_the_order_of_their_value(city):
    names = [name for name, parent in found("phuong") if parent == "Quận Tân Bình"]

    assert names == ["Phường 01", "Phường 02", "Phường 10", "Phường 12"]


def test_number_itself_comes_before_numbers_that_begin_with_it(city):
    assert [name for name, _ in found("phuong 1")] == ["Phường 01", "Phường 10", "Phường 12"]


def test_district_narrows_the_search(city):
    assert found("phường 2 tân bình") == [("Phường 02", "Quận Tân Bình")]
    assert found("phuong 2, go vap") == [("Phường 02", "Quận Gò Vấp")]


def test_first_word_is_of_the_area_itself(city):
    assert found("tan binh") == [("Quận Tân Bình", "Thành phố Hồ Chí Minh")]


def test_code_is_found_whole_or_by_its_beginning(city):
    assert found("26900") == [("Phường Đô Vinh", "Quận Gò Vấp")]
    assert found("2690") == [("Phường Đô Vinh", "Quận Gò Vấp"), ("Phường Đông Vinh", "Quận Gò Vấp")]
    assert ("Thành phố Hồ Chí Minh", "") in found("79")


def test_two_figures_are_no_beginning_of_a_code(city):
    assert found("26") == []


def test_hamlets_come_after_communes_of_the_same_name(city):
    commune = CommuneFactory(name="Xã An Bình", parent__parent=city)
    HamletFactory(name="Thôn An Bình", parent=commune)

    assert [name for name, _ in found("an binh")] == ["Xã An Bình", "Thôn An Bình"]


def test_former_name_is_found_and_marked(city):
    place = DistrictFactory(code="769", name="Quận 2", parent=city, valid_to=date(2020, 12, 31),
                            valid_from=date(2010, 1, 1))  # fmt: skip
    now = DistrictFactory(code="769", name="Thành phố Thủ Đức", parent=city)

    by_area = {each.area: each for each in with_levels(list(search_areas("769")), on=date(2021, 8, 1))}

    assert found("quan 2") == [("Quận 2", city.name)]
    assert (by_area[place].former, by_area[now].former) == (True, False)


@pytest.mark.parametrize("text", ["", "   ", "đ", "a", "%", "'", "\x00", "🙂", "x" * 101])
def test_too_little_or_too_much_is_refused(text):
    with pytest.raises(UnclearQuery):
        search_areas(text)


def test_one_figure_is_enough(city):
    assert ("Phường 02", "Quận Gò Vấp") in found("2")


def test_every_area_is_told_its_level_of_the_last_day_of_its_province():
    one = make_province("90", districts={"901": ["90101"]})
    one.post({("90101", 4): 2}, complete=(0, 5))
    other = make_province("91", districts={"911": ["91101"]})
    other.post({("91101", 1): 1}, complete=(0, 19))
    make_province("92", districts={"921": ["92101"]})
    reassess(on=day(40), at=AT)

    levels = {
        each.area.code: (each.level.key, each.day)
        for each in with_levels(list(search_areas("xa")), on=day(40))
    }

    assert levels == {
        "90101": ("very_high", day(5)),
        "91101": ("new_normal", day(19)),
        "92101": ("no_data", None),
    }
