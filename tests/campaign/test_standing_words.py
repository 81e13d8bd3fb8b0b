from datetime import date

from django.utils import translation

from campaign.enums import ScoringFact, ScoringRole
from campaign.scoring.facts import CLASS_KEYS
from campaign.scoring.order import ORDER, TIE, VOCABULARY
from campaign.scoring.unit import unit_facts
from campaign.standing_words import CLASS_LABELS, COLOURS, FACT_LABELS, describe, describe_rank
from riskmap.enums import RiskLevel
from tests.campaign.letters import facts_from

FIRST_DAY = date(2021, 8, 20)


def read(line: str, **said):
    return unit_facts(facts_from([line], [said], first_day=FIRST_DAY), 0, first_day=FIRST_DAY)


def test_every_fact_class_and_level_has_its_name():
    assert set(FACT_LABELS) == set(VOCABULARY)
    assert set(CLASS_LABELS) == set(range(len(CLASS_KEYS)))
    assert set(COLOURS) == set(RiskLevel)


def test_what_a_plan_may_name_is_what_scoring_can_read():
    assert set(ScoringFact.values) == set(VOCABULARY)
    assert set(ScoringRole.values) == {ORDER, TIE}


def test_values_of_every_fact_are_shown_as_people_write_them():
    better = read("X X", dang_ky={"ngay": FIRST_DAY, "muc_tieu": "X", "han": FIRST_DAY}, dan_so=1000)
    worse = read(
        "Đ Đ", dang_ky={"ngay": FIRST_DAY, "muc_tieu": "X", "han": FIRST_DAY}, f0=12_345, dan_so=100_000
    )

    def shown(fact: str) -> str:
        return describe_rank(worse, rank=1_200, sharing=1, above=better, by=fact).rpartition(": ")[2]

    assert shown("level_at_end") == "đỏ so với xanh"
    assert shown("target_met") == "không so với có"
    assert shown("cases") == "12.345 so với 0"
    assert shown("cases_per_100k") == "12.345,0 so với 0,0"
    assert shown("days_to_green") == "không có so với 0"
    assert describe_rank(worse, rank=1_200, sharing=1, above=None, by=None) == "hạng 1.200"


def test_fact_without_a_target_has_no_value_to_show():
    unit = read("X")

    words = describe_rank(unit, rank=2, sharing=1, above=unit, by="target_met")

    assert words.endswith("không có so với không có")


def test_sentence_is_there_in_english():
    with translation.override("en"):
        said = describe(read("Đ X V X X", f0=1, dan_so=1000))

    assert said == (
        "green since 23/08/2021, 3 days after the red zone; 1 relapse; green for 3 days,"
        " 2 days at a stretch; 1 F0 (100.0 per 100,000 people)"
    )
