"""Decided levels: two people, some days, and from the confirmation on the level itself."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import Area, AuditEvent
from core.people import system_user
from riskmap.as_of import known_at
from riskmap.decisions import (
    DecisionRefused,
    confirm_decision,
    decide_level,
    end_decision,
    refuse_decision,
)
from riskmap.edition_proof import verify_editions
from riskmap.editions import publish
from riskmap.enums import RiskLevel
from riskmap.history import levels_on, spans_of
from riskmap.levels import reassess
from riskmap.models import Assessment, LevelOverride, LevelSpan, ProvincePolicy, StaleMark
from riskmap.rules.explain import HeldBy, State
from riskmap.why import why
from tests.factories import HamletFactory, UserFactory
from tests.riskmap.province import AT, day, join, make_province

pytestmark = pytest.mark.django_db
RED, ORANGE, YELLOW, GREEN = RiskLevel.VERY_HIGH, RiskLevel.HIGH, RiskLevel.ELEVATED, RiskLevel.NEW_NORMAL
LAST = 20


def at(number: int, hours: int = 9) -> datetime:
    return datetime.combine(day(number), datetime.min.time(), AT.tzinfo) + timedelta(hours=hours)


@pytest.fixture
def province():
    made = make_province(borders=[("90101", "90102"), ("90102", "90103")])
    made.post({("90101", 3): 2}, complete=(0, LAST), at=at(0))
    reassess(on=day(LAST), at=at(LAST))
    return made


@pytest.fixture
def people():
    return UserFactory(username="an"), UserFactory(username="binh")


@pytest.fixture
def decide(province, people):
    def decided(code="90103", level=RED, since=5, until=8, *, confirmed=True, said=0, **more):
        area = province.communes.get(code) or province.districts.get(code) or province.area
        words = {"reason": "ổ dịch ở chợ", "document": "12/QĐ-SYT"} | more
        made = decide_level(
            area=area, level=level, since=day(since), until=day(until), by=people[0], at=at(said), **words
        )
        return confirm_decision(decision=made, by=people[1], at=at(said, 10)) if confirmed else made

    return decided


def levels(province, code, first=0, last=LAST):
    """A letter a day, as in the tests of the rule."""
    unit = Area.objects.get(code=code)
    row = ["n"] * (last - first + 1)
    for span in spans_of(area=unit, first=day(first), last=day(last)):
        for number in range((span.first_day - day(first)).days, (span.last_day - day(first)).days + 1):
            row[number] = "ngyor"[span.level]
    return "".join(row)


def recompute(province, **more):
    return reassess(on=day(LAST), at=at(LAST), **more)


# --- what it does ----------------------------------------------------------------------------------------


def test_decision_waits_for_its_second_person(province, decide, people):
    waiting = decide(confirmed=False)

    assert not StaleMark.objects.exists()
    recompute(province)
    assert levels(province, "90103") == "ggg" + "y" * 14 + "gggg"

    confirm_decision(decision=waiting, by=people[1], at=at(0, 11))

    assert list(StaleMark.objects.values_list("province", "since")) == [(province.area.pk, day(0))]
    recompute(province)
    assert levels(province, "90103") == "gggyy" + "rrrr" + "y" * 8 + "gggg"
    assert levels(province, "90102") == "ggg" + "o" * 14 + "gggg"


def test_decided_level_is_seen_by_neighbours_districts_and_the_province(province, decide):
    decide(since=18, until=19, said=18)
    recompute(province)

    assert levels(province, "90103", 17) == "grrg"
    assert levels(province, "90102", 17) == "goog"
    assert levels(province, "90101", 17) == "gyyg"
    assert levels(province, "901", 17) == "grrg"
    assert levels(province, "90", 17) == "grrg"


def test_neighbour_in_another_province_sees_it(province, decide):
    there = make_province("91", districts={"911": ["91101"]})
    there.post({}, complete=(0, LAST), at=at(0))
    join(province, there, [("90103", "91101")])
    recompute(province)

    decide(since=18, until=19, said=18)
    recompute(province)

    assert levels(there, "91101", 17) == "goog"


def test_decision_can_lower_a_level_and_survives_recomputation(province, decide):
    decide("90101", GREEN, since=5, until=6)
    recompute(province)
    assert levels(province, "90101") == "gggrrgg" + "r" * 10 + "gggg"

    province.post({("90102", 18): 2}, reason="báo muộn", at=at(19))
    recompute(province)
    recompute(province, provinces=[province.area])

    assert levels(province, "90101") == "gggrrgg" + "r" * 10 + "gooo"


def test_run_from_any_day_gives_what_the_whole_run_gives(province, decide):
    decide(since=5, until=8)
    decide("901", ORANGE, since=3, until=4)
    recompute(province)
    whole = list(LevelSpan.objects.order_by("area", "first_day").values())

    for number in range(LAST + 1):
        recompute(province, provinces=[province.area], since=day(number))
        assert list(LevelSpan.objects.order_by("area", "first_day").values()) == whole


def test_area_that_never_reported_is_known_from_its_decision_on(people):
    province = make_province(districts={"901": ["90101"], "902": ["90201"]})
    commune = province.communes["90101"]
    province.post({("90101", number): 0 for number in range(10)}, at=at(0))
    recompute(province)
    silent = province.communes["90201"]
    made = decide_level(
        area=silent, level=ORANGE, since=day(4), until=day(5), reason="chưa rõ", document="1/QĐ",
        by=people[0], at=at(4),
    )  # fmt: skip
    confirm_decision(decision=made, by=people[1], at=at(4))

    recompute(province)
    incremental = list(LevelSpan.objects.order_by("area", "first_day").values())
    recompute(province, provinces=[province.area])

    assert levels(province, "90201", 0, 7) == "nnnnoooo"
    assert levels(province, commune.code, 0, 7) == "gggggggg"
    assert list(LevelSpan.objects.order_by("area", "first_day").values()) == incremental


def test_decision_about_days_to_come_begins_on_its_day(province, decide):
    decide(since=25, until=26, said=LAST)

    recompute(province)
    assert levels(province, "90103", 17) == "gggg"
    assert Assessment.objects.get().known_through < day(25)
    reassess(on=day(24), at=at(24))
    assert levels(province, "90103", 17, 24) == "gggggggg"
    reassess(on=day(30), at=at(30))
    assert levels(province, "90103", 24, 27) == "grrr"


def test_ended_decision_holds_to_its_last_day_and_a_cancelled_one_never(province, decide, people):
    ended = decide(since=5, until=16, said=5)
    cancelled = decide("90102", RED, since=18, until=19, said=5)
    recompute(province)

    end_decision(decision=ended, on=day(6), by=people[0], at=at(7))
    end_decision(decision=cancelled, on=day(17), by=people[0], at=at(7))

    assert {since for _, since in StaleMark.objects.values_list("province", "since")} == {day(7)}
    recompute(province)
    assert levels(province, "90103", 4, 8) == "yrryy"
    assert levels(province, "90102", 17) == "gggg"
    again = decide(since=7, until=9, level=ORANGE, said=7)
    assert again.confirmed_at == at(7, 10)
    decide("90102", ORANGE, since=18, until=18, said=7)


# --- who, when, why --------------------------------------------------------------------------------------


def test_decision_keeps_who_when_and_why_and_is_journalled(province, decide, people):
    decide(reason="  Ổ dịch  ở chợ ", document=" 12/QĐ-SYT ")

    kept = LevelOverride.objects.get()
    assert (kept.reason, kept.document, kept.decided_by, kept.decided_at) == (
        "Ổ dịch ở chợ", "12/QĐ-SYT", people[0], at(0),
    )  # fmt: skip
    assert (kept.confirmed_by, kept.confirmed_at) == (people[1], at(0, 10))
    said = AuditEvent.objects.filter(table_name="riskmap_leveloverride").order_by("pk")
    assert list(said.values_list("actor", "reason")) == [
        ("an", "Quyết định mức theo văn bản 12/QĐ-SYT"),
        ("binh", "Xác nhận mức quyết định theo văn bản 12/QĐ-SYT"),
    ]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"level": RiskLevel.NO_DATA}, "một trong bốn mức"),
        ({"since": 9, "until": 8}, "Ngày kết thúc phải từ ngày bắt đầu"),
        ({"since": 0, "until": 90}, "nhiều nhất 90 ngày"),
        ({"said": 9}, "Thời hạn đã qua: .* 10/08/2021"),
        ({"reason": " "}, "Phải ghi lý do quyết định"),
        ({"reason": "x" * 501}, "dài nhất 500"),
        ({"document": ""}, "số văn bản"),
        ({"document": "x" * 201}, "dài nhất 200"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_leaves_nothing(province, decide, more, words):
    with pytest.raises(DecisionRefused, match=words):
        decide(**more)

    assert not LevelOverride.objects.exists()
    assert not StaleMark.objects.exists()


def test_ninety_days_can_be_decided(decide):
    assert decide(since=0, until=89).last_day == day(89)


@pytest.mark.parametrize(
    ("validity", "words"),
    [
        ({"valid_to": day(7)}, "không còn từ sau ngày 08/08/2021"),
        ({"valid_from": day(6)}, "chưa có trước ngày 07/08/2021"),
    ],
)
def test_days_outside_the_units_validity_are_refused(province, decide, validity, words):
    Area.objects.filter(code="90103").update(**validity)
    province.communes["90103"].refresh_from_db()

    with pytest.raises(DecisionRefused, match=words):
        decide()


def test_oldest_list_of_units_stands_for_the_days_before_it_too(province, decide):
    Area.objects.filter(kind="commune").update(valid_from=day(6))
    province.communes["90103"].refresh_from_db()

    assert decide().since == day(5)


def test_hamlet_is_decided_only_where_hamlets_have_levels(province, decide, people):
    hamlet = HamletFactory(parent=province.communes["90101"])
    said = dict(
        area=hamlet, level=RED, since=day(5), until=day(6), reason="x", document="y", by=people[0], at=at(0)
    )
    assert decide_level(**said).area == hamlet

    ProvincePolicy.objects.create(province=province.area, parameters={"hamlets_as_communes": False})
    with pytest.raises(DecisionRefused, match="không xét mức độ nguy cơ đến thôn"):
        decide_level(**said | {"since": day(8), "until": day(9)})


@pytest.mark.parametrize(
    ("since", "until", "allowed"), [(8, 9, False), (3, 5, False), (4, 4, True), (9, 9, True)]
)
@pytest.mark.parametrize("confirmed", [True, False])
def test_days_decided_already_are_not_decided_again(decide, since, until, allowed, confirmed):
    decide(confirmed=confirmed)

    if allowed:
        decide(since=since, until=until)
        return
    with pytest.raises(DecisionRefused, match=r"từ 06/08/2021 đến hết 09/08/2021 \(văn bản 12/QĐ-SYT\)"):
        decide(since=since, until=until)


def test_nobody_confirms_or_refuses_what_they_decided(decide, people):
    made = decide(confirmed=False)

    with pytest.raises(DecisionRefused, match="không tự xác nhận được"):
        confirm_decision(decision=made, by=people[0], at=at(1))
    with pytest.raises(DecisionRefused, match="không tự xác nhận được"):
        refuse_decision(decision=made, refusal="nhầm", by=people[0], at=at(1))


def test_decision_is_confirmed_or_refused_once(decide, people):
    confirmed, refused = decide(), decide("90101", confirmed=False)
    refuse_decision(decision=refused, refusal=" thiếu  căn cứ ", by=people[1], at=at(1))

    for verb, more in ((confirm_decision, {}), (refuse_decision, {"refusal": "nhầm"})):
        with pytest.raises(DecisionRefused, match="đã được xác nhận"):
            verb(decision=confirmed, by=people[1], at=at(2), **more)
        with pytest.raises(DecisionRefused, match="đã bị từ chối"):
            verb(decision=refused, by=people[1], at=at(2), **more)
    refused.refresh_from_db()
    assert (refused.refusal, refused.refused_by, refused.refused_at) == ("thiếu căn cứ", people[1], at(1))
    assert decide("90101").confirmed_at


@pytest.mark.parametrize("refusal", [" ", "x" * 301])
def test_refusal_says_why_in_a_line(decide, people, refusal):
    with pytest.raises(DecisionRefused, match="lý do không xác nhận, dài nhất 300"):
        refuse_decision(decision=decide(confirmed=False), refusal=refusal, by=people[1], at=at(1))


def test_decision_whose_days_are_over_is_not_confirmed(decide, people):
    made = decide(confirmed=False)

    confirm_decision(decision=made, by=people[1], at=at(8, 23))
    late = decide("90101", confirmed=False)
    with pytest.raises(DecisionRefused, match="hết hạn ngày 09/08/2021"):
        confirm_decision(decision=late, by=people[1], at=at(9, 0))


@pytest.mark.parametrize("on", [3, 8, 9])
def test_end_must_shorten_the_decision(decide, people, on):
    with pytest.raises(DecisionRefused, match=r"từ 05/08/2021 .* và trước 09/08/2021"):
        end_decision(decision=decide(), on=day(on), by=people[0], at=at(6))


def test_only_a_confirmed_decision_is_ended_and_only_once(decide, people):
    with pytest.raises(DecisionRefused, match="chưa được xác nhận"):
        end_decision(decision=decide("90101", confirmed=False), on=day(6), by=people[0], at=at(6))
    made = decide()
    end_decision(decision=made, on=day(6), by=people[0], at=at(6))
    with pytest.raises(DecisionRefused, match="đã được kết thúc sớm, ngày cuối là 07/08/2021"):
        end_decision(decision=made, on=day(5), by=people[0], at=at(6))


# --- what was known when ---------------------------------------------------------------------------------


def then(province, instant, code, number):
    knowledge = known_at(province=province.area, instant=instant, through=day(LAST))
    row = knowledge.areas.ids.tolist().index(Area.objects.get(code=code).pk)
    return int(knowledge.cells()[row, knowledge.column_of(day(number))])


def test_as_of_an_instant_only_what_was_confirmed_and_ended_by_then_counts(province, decide, people):
    made = decide(since=5, until=16, said=5)
    end_decision(decision=made, on=day(6), by=people[0], at=at(7))

    minute, decided = timedelta(minutes=1), 16
    assert then(province, at(5, 10) - minute, "90103", 10) == YELLOW
    assert then(province, at(5, 10), "90103", 10) == RED | decided
    assert then(province, at(7) - minute, "90103", 10) == RED | decided
    assert then(province, at(7), "90103", 10) == YELLOW
    assert then(province, at(7), "90103", 6) == RED | decided


def test_editions_before_a_decision_stay_and_those_after_show_it(province, decide, people):
    first = publish(province=province.area, cut_off=at(5, 17), at=at(5, 18), by=system_user())
    # Said before the cut-off, but recorded when the edition was there: known after it.
    made = decide(since=5, until=8, said=5)
    second = publish(province=province.area, cut_off=at(6, 17), at=at(6, 18), by=system_user())

    assert made.confirmed_at == first.cut_off + timedelta(microseconds=1)
    assert "decided" not in shown_in(first, "90103")
    assert shown_in(first, "90103")["level"] == "elevated"
    shown = shown_in(second, "90103")
    assert (shown["level"], shown["criteria"], shown["decided"]) == ("very_high", ["decided"], True)
    marked = [cell >> 4 & 1 for each in (first, second) for cell in bytes(each.cells)]
    assert marked == [0] * 5 + [0, 0, 1, 0, 0]
    proof = verify_editions(replay=True)
    assert not proof.faults


def shown_in(edition, code):
    rows = json.loads(bytes(edition.payload.body))["layers"]["commune"]
    return next(row for row in rows if row["code"] == code)


# --- why -------------------------------------------------------------------------------------------------


@pytest.fixture
def explain(province):
    def explained(code, number, instant=None):
        area = Area.objects.get(code=code)
        return why(area=area, day=day(number), on=day(LAST), instant=instant)

    return explained


def test_why_names_the_decision_and_what_the_rule_alone_would_give(province, decide, explain):
    made = decide()
    recompute(province)

    explained = explain("90103", 6)

    assert (explained.level, explained.decided, explained.computed_level) == (RED, made, YELLOW)
    met = {each.criterion.id for each in explained.findings if each.state == State.MET}
    assert met == {"xa.vang.3"}
    assert explain("90103", 9).decided is None
    assert explain("90103", 9).computed_level == YELLOW
    assert explain("90102", 6).decided is None


def test_rule_alone_would_have_kept_the_level_from_before_the_decision(decide, explain, province):
    province.post({("90101", 9): {"unknown_source": 0}}, at=at(9))
    recompute(province)
    decide("90101", GREEN, since=16, until=20, said=16)
    recompute(province)

    explained = explain("90101", 18)

    assert (explained.level, explained.computed_level) == (GREEN, GREEN)
    assert explain("90101", 16).computed_level == RED


def test_level_kept_from_a_decision_says_since_when(people, explain):
    province = make_province("92", districts={"921": ["92101"]})
    province.post({}, complete=(0, 5), at=at(0))
    made = decide_level(
        area=province.communes["92101"], level=ORANGE, since=day(6), until=day(8), reason="x", document="y",
        by=people[0], at=at(6),
    )  # fmt: skip
    confirm_decision(decision=made, by=people[1], at=at(6))
    recompute(province)

    for instant in (None, at(LAST)):
        explained = explain("92101", 12, instant)

        assert (explained.level, explained.held_by) == (ORANGE, HeldBy.MISSING_REPORTS)
        assert explained.held_since == day(8)
        assert explained.decided is None


def test_why_then_and_now_agree_with_the_stored_level_everywhere(province, decide, explain):
    decide()
    decide("901", ORANGE, since=4, until=7)
    recompute(province)

    for number in (4, 5, 8, 9, 18):
        for row in levels_on(province=province.area, day=day(number), kinds=("commune", "district")):
            now, then_ = explain(row.code, number), explain(row.code, number, at(LAST))
            assert now.level == then_.level == row.level
            assert now.computed_level == then_.computed_level
            assert (now.decided is not None) == (row.criteria == ("decided",))
            assert now.findings == then_.findings


def test_why_at_an_instant_knows_nothing_of_what_came_later(decide, people, explain):
    made = decide(since=5, until=16, said=5)
    end_decision(decision=made, on=day(6), by=people[0], at=at(7))

    shown = explain("90103", 6, at(6)).decided
    assert (shown, shown.ended_on, shown.last_day) == (made, None, day(16))
    assert explain("90103", 6, at(8)).decided.last_day == day(6)


# --- anything, in any order --------------------------------------------------------------------------------


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(
        st.tuples(
            st.sampled_from(["90101", "90102", "90103", "901"]),
            st.integers(1, 4),
            st.integers(0, 18),
            st.integers(0, 8),
            st.booleans(),
        ),
        max_size=4,
    )
)
def test_decisions_taken_one_by_one_give_what_a_whole_run_gives(province, people, said):
    LevelOverride.objects.all().delete()
    recompute(province, provinces=[province.area])
    units = {**province.communes, **province.districts}
    for code, level, since, length, ended in said:
        try:
            made = decide_level(
                area=units[code], level=RiskLevel(level), since=day(since), until=day(since + length),
                reason="x", document="y", by=people[0], at=at(0),
            )  # fmt: skip
        except DecisionRefused:
            continue
        confirm_decision(decision=made, by=people[1], at=at(0))
        recompute(province)
        if ended and length:
            end_decision(decision=made, on=day(since), by=people[0], at=at(0))
            recompute(province)
    one_by_one = list(LevelSpan.objects.order_by("area", "first_day").values())

    LevelSpan.objects.all().delete()
    Assessment.objects.all().delete()
    recompute(province, provinces=[province.area])

    assert list(LevelSpan.objects.order_by("area", "first_day").values()) == one_by_one
