"""Award laws: files that come with the portal, sums as published, and what the reader refuses."""

from datetime import date
from decimal import Decimal

import pytest

from awards.law import AwardLawRefused, available_laws, load_law, parse_law, prize_of
from awards.law.reading import LAWS
from campaign.enums import AwardLaw

SOURCE = (LAWS / "nd_91_2017.toml").read_text(encoding="utf-8")
ON = date(2021, 9, 10)


def prize(code: str, on: date = ON) -> int | None:
    return prize_of(load_law("nd_91_2017").kind(code), on=on)


def test_every_law_a_plan_may_name_has_a_file_and_no_other_is_there():
    assert set(available_laws()) == set(AwardLaw.values)
    assert all(load_law(name).kinds for name in AwardLaw.values)


def test_sums_are_those_published():
    assert prize("giay-khen-xa-ca-nhan") == 220_000  # 223.500
    assert prize("giay-khen-xa-tap-the") == 450_000  # 447.000
    assert prize("bang-khen-tinh-ca-nhan") == 1_490_000
    assert prize("bang-khen-tinh-tap-the") == 2_980_000


def test_half_a_step_goes_up(monkeypatch):
    half = parse_law("nd_91_2017.toml", SOURCE.replace("amount = 1490000", "amount = 1500000"))
    monkeypatch.setattr("awards.law.reading.load_law", lambda name: half)

    assert prize_of(half.kind("giay-khen-xa-ca-nhan"), on=ON) == 230_000  # 225.000


def test_there_is_no_sum_on_days_without_a_known_base_wage():
    assert prize("bang-khen-tinh-ca-nhan", date(2019, 6, 30)) is None
    assert prize("bang-khen-tinh-ca-nhan", date(2019, 7, 1)) == 1_490_000
    assert prize("bang-khen-tinh-ca-nhan", date(2023, 7, 1)) == 1_800_000
    assert prize("bang-khen-tinh-ca-nhan", date(2024, 1, 1)) is None  # another law by then


def test_kind_says_what_it_rests_on():
    kind = load_law("nd_91_2017").kind("giay-khen-huyen-tap-the")

    assert (kind.multiple, kind.is_parameter) == (Decimal("0.6"), True)
    assert kind.evidence_words == "tham số do tỉnh đặt, chưa có văn bản"
    assert load_law("nd_91_2017").kind("nothing") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("copies = 1", "copies = 1\nquota = 5", "law.quota: không có khóa này"),
        ("copies = 1\n", "", "law.copies: thiếu khóa này"),
        ("copies = 1", "copies = 0", "phải từ 1 trở lên"),
        ("copies = 1", 'copies = "1"', "law.copies: giá trị '1' không đúng kiểu"),
        ('name = "nd_91_2017"', 'name = "nd_91"', "phải giống tên tệp"),
        ('default_form = "06"', 'default_form = "08"', "không có “08”"),
        ('forms = ["06", "07"]', 'forms = ["07"]', "phải là một trong law.forms"),
        ('documents = ["submission"', 'documents = ["letter"', "không có “letter”"),
        ('multiple = "2.0"', 'multiple = "two"', "không phải số"),
        ('multiple = "2.0"', 'multiple = "-1"', "phải lớn hơn 0"),
        ('evidence = "parameter"', 'evidence = "guess"', "xin ghi một trong: verbatim"),
        ('recipient = "person"', 'recipient = "dog"', "không có “dog”"),
        ('tier = "commune"', 'tier = "village"', "không có “village”"),
        ('code = "bang-khen-tinh-ca-nhan"', 'code = "bang-khen-tinh-tap-the"', "có hai lần"),
        ("[law]", "[law", "không phải TOML hợp lệ"),
    ],
)
def test_law_that_is_not_as_it_should_be_is_refused(old, new, said):
    assert old in SOURCE
    with pytest.raises(AwardLawRefused) as refusal:
        parse_law("nd_91_2017.toml", SOURCE.replace(old, new))

    assert said in refusal.value.message
    assert refusal.value.message.startswith("nd_91_2017.toml: ")


def test_law_that_is_not_there_is_refused():
    with pytest.raises(AwardLawRefused, match="Không có luật khen thưởng"):
        load_law("../secrets")
