"""Plans are read strictly, and those that come with the portal say what the papers say."""

from datetime import UTC, date, datetime

import pytest

from campaign.plans import PlanRefused, parse_plan, read_plan
from campaign.plans.reading import ZONE
from tests.campaign.plans import HO_CHI_MINH, NINH_THUAN

SOURCE = NINH_THUAN.read_text()


def refusal_of(source: str) -> str:
    with pytest.raises(PlanRefused) as refused:
        parse_plan("kế-hoạch.toml", source)
    return refused.value.message


def changed(before: str, after: str) -> str:
    assert SOURCE.count(before) >= 1
    return SOURCE.replace(before, after, 1)


def test_ninh_thuan_has_two_phases_that_meet_on_10_september_and_exact_deadlines():
    plan = read_plan(NINH_THUAN)

    first, second = plan.parts["phases"]
    assert (first["last_day"], second["first_day"]) == (date(2021, 9, 10), date(2021, 9, 10))
    assert second["last_day"] == date(2021, 12, 31)
    assert first["dossier_deadline"] == datetime(2021, 9, 7, 17, tzinfo=UTC)
    assert second["dossier_deadline"] == datetime(2021, 12, 20, tzinfo=ZONE)
    assert (first["deadline_wording"], first["deadline_set_by"]) == ("trước ngày 08/9/2021", "plan")
    assert first["first_day_set_by"] == "office"
    assert "không ghi ngày bắt đầu" in first["first_day_note"]
    assert second["first_day_set_by"] == "plan"
    assert plan.campaign["issued_on"] is None
    assert (plan.campaign["registration_required"], plan.campaign["register_by"]) == (True, None)


def test_ninh_thuan_names_three_tiers_and_seven_kinds_of_organisations():
    plan = read_plan(NINH_THUAN)

    assert [group["kind"] for group in plan.parts["target_groups"]] == [
        "district", "commune", "hamlet", "party_and_state", "fatherland_front", "political_social",
        "social_professional", "agency", "enterprise", "armed_forces",
    ]  # fmt: skip


def test_ho_chi_minh_city_has_15_days_three_tiers_and_no_deadline_of_its_own():
    plan = read_plan(HO_CHI_MINH)

    (phase,) = plan.parts["phases"]
    assert (phase["first_day"], phase["last_day"]) == (date(2021, 7, 9), date(2021, 7, 23))
    assert (phase["last_day"] - phase["first_day"]).days + 1 == 15
    assert (phase["dossier_deadline"], phase["deadline_set_by"]) == (None, "office")
    assert [group["kind"] for group in plan.parts["target_groups"]] == ["hamlet", "commune", "district"]
    assert plan.parts["green_conditions"] == ()


@pytest.mark.parametrize("path", [NINH_THUAN, HO_CHI_MINH], ids=lambda path: path.stem)
def test_plan_says_of_every_fact_of_its_order_whose_word_it_is(path):
    rules = read_plan(path).parts["scoring_rules"]

    assert [(rule["fact"], rule["role"], rule["set_by"]) for rule in rules] == [
        ("steps_lowered", "order", "plan"),
        ("days_to_green", "order", "plan"),
        ("days_green", "tie", "office"),
        ("relapses", "tie", "office"),
        ("cases_per_100k", "tie", "office"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('province = "58"', "province = 58", ["campaign.province", "58", "không đúng kiểu", "dấu ngoặc kép"]),
        ('province = "58"\n', "", ["campaign.province", "thiếu khóa", "xin ghi thêm"]),
        ('province = "58"', 'province = "58"\nbudget = 3', ["campaign.budget", "không có khóa này", "slug"]),
        ("[[duties]]", "[[tasks]]", ["tasks", "không có phần này", "duties"]),
        (
            'slug = "ninh-thuan-2021"',
            'slug = "Ninh Thuận"',
            ["campaign.slug", "Ninh Thuận", "chữ thường không dấu"],
        ),
        ('issuer = "Ủy ban nhân dân tỉnh Ninh Thuận"', 'issuer = " "', ["campaign.issuer", "để trống"]),
        ('rule_set = "qd_2686_2021"', 'rule_set = "qd_1"', ["campaign.rule_set", "qd_1", "qd_2686_2021"]),
        (
            'award_law = "nd_91_2017"',
            'award_law = "nd_1"',
            ["campaign.award_law", "nd_1", "nd_91_2017"],
        ),
        ("registration_required = true\n", "", ["campaign.registration_required", "thiếu khóa", "true"]),
        (
            "registration_required = true",
            "registration_required = 1",
            ["campaign.registration_required", "không đúng kiểu", "true hoặc false"],
        ),
        ("target_day = 2021-09-10", 'target_day = "10/9"', ["campaign.target_day", "10/9", "2021-09-10"]),
        ('target = "Xanh hóa toàn bản đồ của tỉnh"\n', "", ["campaign.target_day", "không có mục tiêu"]),
        (
            "2021-09-08T00:00:00+07:00",
            "2021-09-08T00:00:00",
            ["phases.dot-1.dossier_deadline", "múi giờ", "+07:00"],
        ),
        ("2021-09-08T00:00:00+07:00", "2021-09-08", ["phases.dot-1.dossier_deadline", "không đúng kiểu"]),
        (
            "2021-09-08T00:00:00+07:00",
            "2020-09-08T00:00:00+07:00",
            ["phases.dot-1.dossier_deadline", "trước khi đợt bắt đầu"],
        ),
        (
            "2021-09-08T00:00:00+07:00",
            "2021-09-11T00:00:01+07:00",
            ["phases.dot-1.dossier_deadline", "sau ngày sơ kết"],
        ),
        (
            'deadline_wording = "trước ngày 08/9/2021"',
            'deadline_wording = ""',
            ["phases.dot-1.deadline_wording", "đi đôi"],
        ),
        (
            "last_day = 2021-09-10",
            "last_day = 2021-08-10",
            ["phases.dot-1.last_day", "10/08/2021", "phải sau"],
        ),
        (
            "last_day = 2021-09-10",
            "last_day = 2021-09-11",
            ["phases.dot-2.first_day", "hơn một ngày", "Đợt 1"],
        ),
        ("number = 2", "number = 1", ["phases.dot-1.number", "hai lần"]),
        ("number = 2", "number = 0", ["phases.dot-2.number", "từ 1 đến 99"]),
        ("number = 2", "number = true", ["phases.dot-2.number", "không đúng kiểu"]),
        ('code = "dot-2"', 'code = "dot-1"', ["phases.code", "dot-1", "hai lần"]),
        (
            'kind = "enterprise"',
            'kind = "company"',
            ["target_groups.doanh-nghiep.kind", "company", "enterprise"],
        ),
        ('fact = "relapses"', 'fact = "days_green"', ["scoring_rules.fact", "days_green", "hai lần"]),
        ('fact = "relapses"\n', "", ["scoring_rules.it-mat-xanh.fact", "thiếu khóa"]),
        (
            'award = "Bằng khen',
            'award = "  Bằng khen',
            ["award_grounds.tap-the-giam-mau.award", "khoảng trắng"],
        ),
        ("[campaign]", "[campaign", ["TOML", "xin sửa"]),
    ],
)
def test_fault_is_told_with_file_key_reason_and_what_to_do(before, after, said):
    message = refusal_of(changed(before, after))

    assert message.startswith("kế-hoạch.toml: ")
    for words in said:
        assert words in message
    assert message.endswith(".")


def test_plan_without_a_phase_is_refused():
    assert "phases" in refusal_of(SOURCE[: SOURCE.index("[[phases]]")])


def test_phase_may_begin_on_the_day_the_one_before_ends_and_on_no_earlier():
    parse_plan("x", SOURCE)

    assert "hơn một ngày" in refusal_of(changed("first_day = 2021-09-10", "first_day = 2021-09-09"))


def test_deadline_at_the_end_of_the_review_day_is_taken():
    source = changed("2021-09-08T00:00:00+07:00", "2021-09-11T00:00:00+07:00")

    assert parse_plan("x", source).parts["phases"][0]["dossier_deadline"].day == 11


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\xfe", "UTF-8"), (b"#" * 200_001, "quá lớn")],
    ids=["not text", "too large"],
)
def test_file_that_is_no_plan_is_refused(tmp_path, content, said):
    path = tmp_path / "plan.toml"
    path.write_bytes(content)

    with pytest.raises(PlanRefused, match=said):
        read_plan(path)


def test_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PlanRefused, match="không đọc được"):
        read_plan(tmp_path / "plan.toml")
