"""The rule set as a file: read strictly, true to its sources, changed only where the law leaves it open."""

import hashlib
import re
from datetime import date
from pathlib import Path

import pytest

from riskmap.rules import ruleset
from riskmap.rules.conditions import CasesInWindow, ShareOfChildren
from riskmap.rules.ruleset import RuleSetRefused, available_rule_sets, load_rule_set, parse_rule_set
from riskmap.rules.scale import COMMUNE, DISTRICT, HAMLET, PROVINCE, VERY_HIGH
from tests.riskmap.rules.world import DECREE

#: Section 0 of the law paper: level and evidence of each criterion, in order.
CRITERIA = """
    xa.do.1 very_high secondary     xa.do.2 very_high secondary     xa.cam.1 high secondary
    xa.cam.2 high secondary         xa.vang.1 elevated secondary    xa.vang.2 elevated secondary
    xa.vang.3 elevated secondary    xa.vang.4 elevated secondary    huyen.do.1 very_high verbatim
    huyen.do.2 very_high verbatim   huyen.do.3 very_high verbatim   huyen.cam.1 high verbatim
    huyen.cam.2 high verbatim       huyen.cam.3 high verbatim       huyen.cam.4 high verbatim
    huyen.cam.5 high verbatim       huyen.vang.1 elevated verbatim  huyen.vang.2 elevated parameter
    tinh.do.1 very_high secondary   tinh.do.2 very_high secondary   tinh.do.3 very_high secondary
    tinh.cam.1 high parameter       tinh.vang.1 elevated verbatim   tinh.vang.2 elevated parameter
"""


def test_decree_holds_the_criteria_of_the_law_in_order_with_their_evidence():
    said = [f"{each.id} {ruleset.LEVEL_KEYS[each.level]} {each.evidence}" for each in DECREE.criteria]

    assert said == re.split(r"\s{2,}", CRITERIA.strip())


def test_decree_says_who_when_and_with_what_parameters():
    assert available_rule_sets() == ("qd_2686_2021",)
    assert (DECREE.number, DECREE.in_force_from, DECREE.in_force_to) == (
        "2686/QĐ-BCĐQG",
        date(2021, 5, 31),
        None,
    )
    assert {each.name: (each.value, each.evidence) for each in DECREE.parameters} == {
        "window_days": (14, "verbatim"),
        "cluster_size": (2, "parameter"),
        "unclassified_as": ("unknown_source", "parameter"),
        "hold_days": (0, "parameter"),
        "hamlets_as_communes": (True, "parameter"),
    }
    with pytest.raises(KeyError, match="size"):
        DECREE["size"]
    assert DECREE.look_back == 13
    assert DECREE.criteria[8].condition == ShareOfChildren(level=VERY_HIGH, at_least_percent=30)


def test_sha256_is_that_of_the_file():
    body = (Path(ruleset.SETS) / "qd_2686_2021.toml").read_bytes()

    assert DECREE.sha256 == hashlib.sha256(body).hexdigest()


def test_masks_and_ids_are_two_ways_to_say_the_same():
    ids = ("xa.do.1", "huyen.cam.3", "tinh.vang.2")

    assert DECREE.ids_of(DECREE.mask_of(ids)) == ids
    assert DECREE.ids_of(0) == ()
    assert DECREE.mask_of(["xa.do.1"]) == 1


def test_criteria_of_a_tier_are_its_own_and_a_hamlets_its_communes():
    assert [each.id for _, each in DECREE.criteria_of(HAMLET)] == [
        "xa.do.1", "xa.do.2", "xa.cam.1", "xa.vang.1", "xa.vang.2", "xa.vang.4"
    ]  # fmt: skip
    assert sum(len(DECREE.criteria_of(tier)) for tier in (PROVINCE, DISTRICT, COMMUNE)) == 24
    assert DECREE.with_parameters({"hamlets_as_communes": False}).criteria_of(HAMLET) == []


def test_parameters_of_a_province_change_conditions_words_and_fingerprint():
    own = DECREE.with_parameters({"cluster_size": 3, "hold_days": 7})

    assert own.criteria[0].condition == CasesInWindow(of="unknown_source", at_least=3)
    assert own.criteria[0].text == "Có từ 3 ca F0 trong cộng đồng chưa rõ nguồn lây trong vòng 14 ngày"
    assert own.look_back == 20
    assert own.sha256 == DECREE.sha256
    assert own.fingerprint != DECREE.fingerprint
    assert own == DECREE.with_parameters({"hold_days": 7}).with_parameters({"cluster_size": 3})
    assert DECREE.with_parameters({}) is DECREE


@pytest.mark.parametrize(
    ("overrides", "complaint"),
    [
        ({"window_days": 7}, "window_days do văn bản quy định"),
        ({"size": 7}, "không có tham số size"),
        ({"cluster_size": 0}, "từ 1 đến 1000"),
        ({"hold_days": 61}, "từ 0 đến 60"),
        ({"cluster_size": 2.0}, "không đúng kiểu"),
        ({"cluster_size": True}, "không đúng kiểu"),
        ({"cluster_size": "2"}, "không đúng kiểu"),
        ({"unclassified_as": "isolated"}, "chỉ nhận một trong"),
    ],
)
def test_parameters_the_law_does_not_leave_open_are_refused(overrides, complaint):
    with pytest.raises(RuleSetRefused, match=complaint):
        DECREE.with_parameters(overrides)


def test_unknown_rule_set_is_refused_with_those_there_are():
    with pytest.raises(RuleSetRefused, match=r"nq_128.*qd_2686_2021"):
        load_rule_set("nq_128")


CRITERION = """
[[criteria]]
id = "xa.them"
area = "commune"
level = "high"
condition = { kind = "touches", level = "very_high" }
text = "Thêm"
citation = "bộ thử"
evidence = "parameter"
"""


def instead(old: str, new: str):
    """The decree's file with one text instead of another."""
    return lambda source: source.replace(old, new)


def added(old: str = "", new: str = "", times: int = 1):
    """The decree's file with one criterion more, or several, changed in one place."""
    return lambda source: (
        source + "".join(CRITERION.replace(old, new).replace("them", f"them.{each}") for each in range(times))
    )


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda source: source + "x = [", "không phải là TOML"),
        (lambda source: "colour = 1\n" + source, "khoá không hiểu: colour"),
        (instead("[rule_set]", "[parameters]\nsize = 2\n[rule_set]"), "parameters.size: phải là một bảng"),
        (instead('issuer = "', 'publisher = "'), "khoá không hiểu: publisher"),
        (lambda source: re.sub(r"issuer = .*", "", source), "thiếu khoá issuer"),
        (
            instead("issued_on = 2021-05-31", 'issued_on = "31/5/2021"'),
            "issued_on có giá trị không đúng kiểu",
        ),
        (instead("[parameters.hold_days]", "[parameters.hold]"), "thiếu tham số hold_days kiểu int"),
        (instead("hold_days]\nvalue = 0", 'hold_days]\nvalue = "0"'), "khoá không hiểu: maximum, minimum"),
        (instead("value = 14", "value = 140"), "window_days: giá trị phải từ 1 đến 60"),
        (instead("minimum = 0\nmaximum", "maximum"), None),
        (
            lambda source: source.replace("value = 0\n", "value = -1\n").replace("minimum = 0\n", ""),
            "hold_days từ 0",
        ),
        (
            lambda source: re.sub(r'"unknown_source"(\nev|, "k)', r'"unknown"\1', source),
            "'unknown' không thuộc",
        ),
        (instead('evidence = "verbatim"', 'evidence = "rumour"'), "'rumour' không thuộc"),
        (instead('id = "xa.do.2"', 'id = "xa.do.1"'), "hai tiêu chí cùng mã"),
        (instead("{cluster_size} ca", "{size} ca"), "tham số không có: 'size'"),
        (added('"commune"', '"hamlet"'), "'hamlet' không thuộc"),
        (added('"high"', '"new_normal"'), "'new_normal' không thuộc"),
        (added('"high"', '"very_high"'), "giáp ranh cao hơn mức của tiêu chí"),
        (added('"commune"', '"district"'), "touches không dùng cho cấp district"),
        (added('"touches"', '"smells"'), "'smells' không thuộc"),
        (added('level = "very_high" }', "at_least = 1 }"), "khoá không hiểu: at_least"),
        (instead('at_least = "cluster_size"', "at_least = 0"), "at_least phải là số nguyên dương"),
        (instead('at_least = "cluster_size"', 'at_least = "size"'), "at_least phải là số nguyên dương"),
        (instead('"crowded_place_source"', '"large_outbreak_beyond"'), "không khai báo cho cấp commune"),
        (added(times=8), "32 tiêu chí"),
        (added(times=7), None),
    ],
)
def test_file_that_says_more_less_or_other_than_it_may_is_refused(change, complaint):
    source = change(DECREE.source)
    assert source != DECREE.source

    if complaint is None:  # the neighbours of the refused ones are fine
        parse_rule_set("thử", source)
    else:
        with pytest.raises(RuleSetRefused, match=complaint):
            parse_rule_set("thử", source)
