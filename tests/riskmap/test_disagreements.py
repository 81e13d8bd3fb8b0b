"""Disagreements: when two sources are too far apart, what each says, and how a person settles it."""

from datetime import timedelta

import pytest

from core.people import system_user
from riskmap.counts import withdraw_batch
from riskmap.disagreements import disagreements, sides_of
from riskmap.enums import SourcePolicy
from riskmap.models import CountPost, DailyCount, DayReport, ImportBatch, LockException
from riskmap.policies import set_policy
from riskmap.source_choices import submit_choice
from tests.factories import HamletFactory, UserFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_province()


def found(province, first=0, last=30):
    codes = {area.pk: code for code, area in province.communes.items()}
    cells = disagreements(
        areas=[area.pk for area in province.communes.values()], first=day(first), last=day(last)
    )
    return [(codes[cell.area_id], (cell.day - day(0)).days, cell.spread) for cell in cells]


def sides(province, code="90101", number=3):
    (cell,) = sides_of([(province.communes[code].pk, day(number))], at=AT)
    return cell


def choose(province, source, *, code="90101", number=3, **wanted):
    return submit_choice(
        **{
            "area": province.communes[code],
            "day": day(number),
            "source": province.source(source) if source else None,
            "reason": "đối chiếu phiếu điều tra",
            "by": system_user(),
            "at": AT,
        }
        | wanted
    )


def disagree(province, code="90101", number=3, *, district=1, cdc=6):
    province.post({(code, number): district})
    province.post({(code, number): cdc}, source="CDC")


class TestQueue:
    def test_sources_far_apart_are_found_newest_first(self, province):
        disagree(province, number=3, district=1, cdc=4)
        disagree(province, "90103", number=5, district=9, cdc=2)
        disagree(province, "90102", number=5, district=0, cdc=3)

        assert found(province) == [("90102", 5, 3), ("90103", 5, 7), ("90101", 3, 3)]

    @pytest.mark.parametrize(("threshold", "expected"), [(None, []), (2, [("90101", 3, 2)]), (3, [])])
    def test_threshold_is_the_provinces(self, province, threshold, expected):
        set_policy(province=province.area, disagreement_cases=threshold, by=system_user())
        disagree(province, district=4, cdc=6)

        assert found(province) == expected

    def test_totals_are_compared_and_not_their_parts(self, province):
        province.post({("90101", 3): {"unknown_source": 5}})
        province.post({("90101", 3): {"known_source": 2, "isolated": 2, "unclassified": 1}}, source="CDC")

        assert found(province) == []

    def test_source_that_says_f1_only_does_not_disagree(self, province):
        province.post({("90101", 3): 6})
        province.post({("90101", 3): {"close_contacts": 80}}, source="CDC")

        assert found(province) == []

    def test_silent_zero_of_a_complete_source_disagrees(self, province):
        province.post({("90101", 3): 6}, source="CDC")
        assert found(province) == []

        province.post({}, complete=(0, 5))

        assert found(province) == [("90101", 3, 6)]

    def test_silence_of_a_source_that_is_not_complete_says_nothing(self, province):
        province.post({("90101", 9): 6}, source="CDC")
        province.post({}, complete=(0, 5))

        assert found(province) == []

    def test_one_source_alone_does_not_disagree(self, province):
        province.post({("90101", 3): 6})
        province.post({("90101", 3): 1}, reason="đính chính")

        assert found(province) == []

    def test_latest_words_are_compared(self, province):
        disagree(province)
        province.post({("90101", 3): 1}, source="CDC", reason="đính chính")

        assert found(province) == []

    def test_days_and_areas_are_those_asked_for(self, province):
        disagree(province)
        other = make_province("91", districts={"911": ["91101"]})
        disagree(other, "91101")

        assert found(province, 4, 9) == []
        assert found(other) == [("91101", 3, 5)]

    def test_hamlets_are_found_as_well(self, province):
        hamlet = HamletFactory(code="9010101", parent=province.communes["90101"], valid_from=day(0))
        province.communes["9010101"] = hamlet
        disagree(province, "9010101")

        assert found(province) == [("9010101", 3, 5)]

    def test_queries_do_not_grow_with_the_list(self, province, django_assert_num_queries):
        for number in range(12):
            disagree(province, number=number)

        with django_assert_num_queries(1):
            cells = disagreements(areas=[province.communes["90101"].pk], first=day(0), last=day(30))
        with django_assert_num_queries(2):
            told = sides_of([(cell.area_id, cell.day) for cell in cells], at=AT)
        assert len(told) == 12


class TestSides:
    def test_every_source_is_told_with_what_counts(self, province):
        province.post({("90101", 3): {"known_source": 1, "close_contacts": 9}})
        province.post({("90101", 3): 6}, source="CDC", reason="phiếu điều tra")
        province.post({}, source="bản đồ", complete=(0, 5))

        cell = sides(province)

        assert (cell.code, cell.parent_name, cell.policy) == ("90101", "Huyện 901", SourcePolicy.LARGEST)
        assert [(side.source, side.counted.cases, side.silent, side.in_force) for side in cell.sides] == [
            ("huyện", 1, False, False),
            ("CDC", 6, False, True),
            ("bản đồ", 0, True, False),
        ]
        assert cell.sides[0].counted.close_contacts == 9
        assert cell.sides[1].reason == "phiếu điều tra"
        assert (cell.choice, cell.by_choice, cell.locked) == (None, False, False)

    def test_zero_in_force_is_that_of_the_source_asked_first(self, province):
        set_policy(province=province.area, source_policy=SourcePolicy.PRIORITY, by=system_user())
        province.post({}, complete=(0, 5))
        province.post({}, source="bản đồ", complete=(0, 5))
        province.post({("90101", 3): 6}, source="CDC")

        assert [(side.source, side.in_force) for side in sides(province).sides] == [
            ("huyện", True),
            ("bản đồ", False),
            ("CDC", False),
        ]


class TestSettling:
    def test_chosen_source_counts_and_the_queue_is_empty(self, province):
        disagree(province)
        assert DailyCount.objects.get().unknown_source == 6

        choose(province, "huyện")

        assert DailyCount.objects.get().unknown_source == 1
        assert found(province) == []
        cell = sides(province)
        assert cell.by_choice
        assert [(side.source, side.in_force, side.chosen) for side in cell.sides] == [
            ("huyện", True, True),
            ("CDC", False, False),
        ]
        assert (cell.choice.source, cell.choice.reason) == ("huyện", "đối chiếu phiếu điều tra")

    def test_silent_source_can_be_chosen(self, province):
        province.post({}, complete=(0, 5))
        province.post({}, source="bản đồ", complete=(0, 5))
        province.post({("90101", 3): 6}, source="CDC")

        choose(province, "bản đồ")

        assert DailyCount.objects.get().unclassified == 0
        assert [side.source for side in sides(province).sides if side.in_force] == ["bản đồ"]

    def test_number_in_force_can_be_confirmed(self, province):
        disagree(province)

        choose(province, "CDC")

        assert (found(province), DailyCount.objects.get().unknown_source) == ([], 6)

    def test_back_to_the_policy_opens_it_again(self, province):
        disagree(province)
        choose(province, "huyện")

        choose(province, None)

        assert (found(province), DailyCount.objects.get().unknown_source) == ([("90101", 3, 5)], 6)
        assert sides(province).choice.source == ""
        assert not sides(province).by_choice

    def test_new_word_opens_it_again(self, province):
        disagree(province)
        choose(province, "huyện")

        province.post({("90101", 3): 8}, source="CDC", reason="bổ sung")

        assert found(province) == [("90101", 3, 7)]
        assert DailyCount.objects.get().unknown_source == 1  # the choice holds until there is another

    def test_source_that_withdrew_its_word_disagrees_no_more(self, province):
        disagree(province)

        _withdraw(province)

        assert [side.source for side in sides(province).sides] == ["huyện"]
        assert found(province) == []

    def test_accepted_day_is_told_to_be_locked_or_excepted(self, province):
        disagree(province)
        person = UserFactory()
        DayReport.objects.create(
            scope=province.districts["901"], day=day(3), status="accepted", sent_at=AT, sent_by=person,
            decided_at=AT, decided_by=person, accepted_post=CountPost.objects.last(),
        )  # fmt: skip
        assert (sides(province).locked, sides(province).excepted) == (True, False)

        LockException.objects.create(
            area=province.communes["90101"], day=day(3), reason="sai số", granted_at=AT, granted_by=person,
            expires_at=AT + timedelta(hours=1),
        )  # fmt: skip
        assert (sides(province).locked, sides(province).excepted) == (True, True)
        choose(province, "huyện", document="12/CV")

        assert sides(province).choice.document == "12/CV"


def _withdraw(province):
    """CDC's file is undone."""
    person = UserFactory()
    batch = ImportBatch.objects.create(
        province=province.area, source_name="CDC", file_name="a.csv", file_sha256="0" * 64, content=b"x",
        status="committed", created_at=AT, created_by=person, committed_at=AT, committed_by=person,
    )  # fmt: skip
    post = CountPost.objects.get(source=province.source("CDC"))
    CountPost.objects.filter(pk=post.pk).update(batch=batch)
    withdraw_batch(batch=batch, reason="nhầm tệp", by=person, at=AT)
