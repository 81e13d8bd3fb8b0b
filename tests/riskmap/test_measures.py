"""Measures: each level brings its own and keeps those below; a file that is not right is refused."""

import pytest

from riskmap.enums import RiskLevel
from riskmap.measures import FOLDER, MeasuresRefused, measures_of, parse_measures

SOURCE = (FOLDER / "qd_2686_2021.toml").read_text()
GREEN, YELLOW, ORANGE, RED = RiskLevel.NEW_NORMAL, RiskLevel.ELEVATED, RiskLevel.HIGH, RiskLevel.VERY_HIGH


@pytest.mark.parametrize(
    ("level", "levels"),
    [
        (RiskLevel.NO_DATA, []),
        (GREEN, [GREEN]),
        (ORANGE, [ORANGE, YELLOW, GREEN]),
        (RED, [RED, ORANGE, YELLOW, GREEN]),
    ],
)
def test_measures_add_up_from_the_lowest_level(level, levels):
    assert [brought for brought, _ in measures_of("qd_2686_2021").at(level)] == levels


def test_measures_stand_under_the_level_that_brings_them():
    red = dict(measures_of("qd_2686_2021").at(RED))

    assert [each.id for each in red[YELLOW]] == ["vang.1", "vang.2", "vang.3", "vang.4"]
    assert all(each.citation for measures in red.values() for each in measures)


@pytest.mark.parametrize("name", ["qd_khong_co", "../sets/qd_2686_2021"])
def test_rule_set_without_measures_has_none(name):
    assert measures_of(name) is None


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ('level = "elevated"', 'level = "yellow"'),
        ('level = "elevated"', 'level = "no_data"'),
        ('id = "vang.2"', 'id = "vang.1"'),
        ('text = "Toàn dân khai báo y tế."', 'text = " "'),
        ('text = "Toàn dân khai báo y tế."', "text = 5"),
        ('text = "Toàn dân khai báo y tế."', ""),
        ('evidence = "verbatim"', 'evidence = "sure"'),
        ('title = "Các giải pháp', 'heading = "Các giải pháp'),
        ("[measures]", "[other]"),
        ("[measures]", "[measures"),
        ("[[measure]]", "[[measure]]\nfrom = 2021-01-01"),
    ],
)
def test_file_of_measures_is_read_strictly(there, instead):
    assert there in SOURCE

    with pytest.raises(MeasuresRefused):
        parse_measures(SOURCE.replace(there, instead, 1))
