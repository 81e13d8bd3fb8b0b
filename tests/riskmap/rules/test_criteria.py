"""Every criterion below, at and above its threshold: the tables of ``cases/``, which a clerk can read."""

import tomllib
from pathlib import Path

import pytest

from riskmap.rules.scale import COUNT_KINDS
from tests.riskmap.rules.world import DECREE, World

CASES = Path(__file__).parent / "cases"
DAYS = 20
#: A district of a level, as the levels of its communes that make it so.
COMMUNES_OF = {
    "very_high": {"very_high": 1},
    "high": {"very_high": 1, "new_normal": 9},
    "elevated": {"elevated": 1, "new_normal": 2},
    "new_normal": {"new_normal": 1},
}


def table(name: str) -> list:
    cases = tomllib.loads((CASES / f"{name}.toml").read_text())["ca"]
    return [pytest.param(case, id=f"{case['tieu_chi']} {case['nguong']}: {case['mo_ta']}") for case in cases]


def declare(world: World, name: str, case: dict) -> None:
    for said in case.get("khai_bao", []):
        until = {} if "den" not in said else {"until": said["den"] - 1}
        world.declare(name, said["loai"], since=said["tu"] - 1, **until)


def assert_case(world: World, name: str, case: dict) -> None:
    seen = world.assess()
    assert seen.level(name) == case["muc"]
    assert list(seen.met(name)) == case["can_cu"]
    assert (case["tieu_chi"] in seen.met_any(name)) == case["dat"]


@pytest.mark.parametrize("case", table("xa"))
def test_commune_has_the_level_the_table_says(case):
    world = World(days=DAYS)
    world.province()
    world.district()
    world.commune("xã")
    for kind in COUNT_KINDS:
        for day, number in case.get(kind, {}).items():
            world.count("xã", kind, int(day) - 1, number)
    declare(world, "xã", case)
    for number, level in enumerate(case.get("giap", [])):
        world.touch("xã", world.commune(f"xã giáp {number}", level=level))

    assert_case(world, "xã", case)


@pytest.mark.parametrize("case", table("huyen"))
def test_district_has_the_level_the_table_says(case):
    world = World(days=DAYS)
    world.province()
    world.district(people=case.get("dan_so"))
    for level, number in case["xa"].items():
        for each in range(number):
            world.commune(f"xã {level} {each}", level=level)
    if "known_source" in case:
        world.count("xã new_normal 0", "known_source", 6, case["known_source"])
    declare(world, "huyện", case)

    assert_case(world, "huyện", case)


@pytest.mark.parametrize("case", table("tinh"))
def test_province_has_the_level_the_table_says(case):
    world = World(days=DAYS)
    world.province(people=case.get("dan_so"))
    for level, number in case["huyen"].items():
        for each in range(number):
            district = world.district(f"huyện {level} {each}")
            for of_commune, communes in COMMUNES_OF[level].items():
                for one in range(communes):
                    world.commune(f"xã {one} {of_commune} của {district}", parent=district, level=of_commune)
    if "known_source" in case:
        lone = world.district("huyện có ca")
        for each in range(3):
            world.commune(f"xã {each} của {lone}", parent=lone)
        world.count(f"xã 0 của {lone}", "known_source", 6, case["known_source"])
    declare(world, "tỉnh", case)

    assert_case(world, "tỉnh", case)


def test_every_criterion_is_tried_below_at_and_above_its_threshold():
    tried = {
        (case.values[0]["tieu_chi"], case.values[0]["nguong"])
        for name in ("xa", "huyen", "tinh")
        for case in table(name)
    }

    wanted = {(each.id, edge) for each in DECREE.criteria for edge in ("dưới", "đúng", "trên")}
    assert wanted <= tried
