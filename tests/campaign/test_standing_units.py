"""Who competes on a day: registrations as of it, organisations by seat, hamlets where they have levels."""

import pytest
from django.utils import timezone

from campaign.enums import RegistrationAct, RegistrationStatus
from core.people import system_user
from riskmap.counts import CountRow, post_counts
from riskmap.policies import set_policy
from tests.campaign.contest import KNOWN, PUBLISHED, Contest, noon, written
from tests.campaign.units import make_group, make_registration, make_unit
from tests.factories import HamletFactory
from tests.riskmap.province import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict():
    """Only who registered is ranked; days 0 … 5 are known and published, 90101 is very high."""
    contest = Contest(registration_required=True)
    contest.live(0, 5, {"90101": 5})
    return contest


def ranks(contest, number, view=KNOWN, group="commune"):
    return {line.code: (line.registered, line.rank) for line in contest.group(view, number, group).lines()}


def test_only_confirmed_registrations_are_ranked_from_the_day_they_were_handed_in(strict):
    strict.register("90102", 2)
    strict.register("90201", 3, status=RegistrationStatus.SUBMITTED)

    strict.compute(5)

    nobody = {"90101": (None, 0), "90102": (None, 0), "90201": (None, 0)}
    assert ranks(strict, 1) == nobody
    assert ranks(strict, 2) == nobody | {"90102": ("confirmed", 1)} == ranks(strict, 5, PUBLISHED)
    lines = {line.code: line for line in strict.group(number=5).lines()}
    assert lines["90102"].registration_words.startswith("đăng ký ngày 03/08/2021")
    assert lines["90201"].rank_words == "không xếp hạng: chưa có đăng ký được xác nhận"


def test_registration_changes_the_days_from_its_own_on_and_no_other(strict):
    strict.compute(5)
    strict.register("90102", 4)

    assert written(strict.compute(5)) == [
        ("known", 4), ("known", 5), ("published", 4), ("published", 5),
    ]  # fmt: skip


def test_late_registration_and_target_are_told(strict):
    strict.campaign.register_by = day(1)
    strict.campaign.save()
    strict.register("90102", 2, target_level=1, target_day=day(9))

    strict.compute(5)

    facts = strict.line("90102", number=5).facts
    assert (facts.registered_late, facts.target_level, facts.target_day) == (True, 1, day(9))
    assert facts.registered_on == day(2)


def test_suspended_registration_does_not_compete_from_that_day_until_it_goes_on(strict):
    registration = strict.register("90102", 0)
    strict.step(registration, RegistrationAct.SUSPENDED, 2)
    strict.step(registration, RegistrationAct.RESUMED, 4)

    strict.compute(5)

    states = [ranks(strict, number)["90102"] for number in range(6)]
    assert states == [("confirmed", 1)] * 2 + [("suspended", 0)] * 2 + [("confirmed", 1)] * 2
    assert strict.line("90102", number=3).rank_words == "không xếp hạng: đăng ký đang tạm dừng"


def test_suspension_leaves_the_standings_before_it(strict):
    registration = strict.register("90102", 0)
    strict.compute(5)
    strict.step(registration, RegistrationAct.SUSPENDED, 5)

    assert written(strict.compute(5)) == [("known", 5), ("published", 5)]


def test_withdrawn_registration_competes_no_more(strict):
    registration = strict.register("90102", 0)
    strict.step(registration, RegistrationAct.WITHDRAWN, 3)

    strict.compute(5)

    assert [ranks(strict, number)["90102"] for number in (2, 3)] == [("confirmed", 1), ("withdrawn", 0)]
    assert strict.line("90102", number=5).rank_words == "không xếp hạng: đã rút đăng ký"


def test_registration_that_was_withdrawn_before_it_was_confirmed_is_none(strict):
    registration = strict.register("90102", 0, status=RegistrationStatus.WITHDRAWN)
    assert registration.starting_level is None

    strict.compute(5)

    assert ranks(strict, 5)["90102"] == (None, 0)


def test_everybody_is_ranked_where_no_registration_is_asked_but_who_was_stopped():
    contest = Contest(registration_required=False)
    contest.live(0, 2)
    contest.step(contest.register("90102", 0), RegistrationAct.SUSPENDED, 1)

    contest.compute(2)

    assert ranks(contest, 2) == {"90101": (None, 1), "90102": ("suspended", 0), "90201": (None, 1)}


def test_closed_unit_is_listed_to_the_day_before(strict):
    unit = strict.units["90201"]
    unit.closed_at, unit.closed_by, unit.closing_reason = noon(3), system_user(), "Sáp nhập."
    unit.save()

    strict.compute(5)

    assert "90201" in ranks(strict, 2)
    assert "90201" not in ranks(strict, 3)


def test_unit_stands_in_the_group_it_registered_for(strict):
    first = strict.campaign.target_groups.get()
    second = strict.campaign.target_groups.create(code="xa-diem", place=2, kind="commune", name="Xã điểm")
    make_registration(
        strict.campaign, strict.units["90102"], group=second, status="confirmed",
        submitted_at=noon(0), target_day=day(9),
    )  # fmt: skip

    strict.compute(5)

    assert list(ranks(strict, 5, group=first.code)) == ["90101", "90201"]
    assert list(ranks(strict, 5, group=second.code)) == ["90102"]


def test_organisation_has_the_levels_and_cases_of_its_seat(strict):
    make_group(strict.campaign, "enterprise")
    make_unit(strict.province.communes["90101"], "enterprise", code="DN1", name="Công ty May")
    make_unit(strict.province.districts["902"], "enterprise", code="DN2", name="Công ty Dệt")

    strict.compute(5)

    for view in (KNOWN, PUBLISHED):
        sewing = strict.line("DN1", view, 5, group="enterprise")
        assert (sewing.facts.level_at_end, sewing.facts.cases) == (4, 30)
        assert (sewing.seat_code, sewing.seat_name, sewing.district_code) == ("90101", "Xã 90101", "901")
        assert strict.line("DN2", view, 5, group="enterprise").facts.level_at_end == 1


def test_renamed_organisation_keeps_its_name_in_the_standings_there_are(strict):
    make_group(strict.campaign, "enterprise")
    unit = make_unit(strict.province.communes["90102"], "enterprise", code="DN1", name="Công ty May")
    strict.compute(5)
    unit.name = "Công ty May Mới"
    unit.save()

    assert strict.compute(5) == []
    assert strict.line("DN1", group="enterprise").name == "Công ty May"


@pytest.fixture
def hamlets(strict):
    """Two hamlets of 90102; the first has five cases each day."""
    make_group(strict.campaign, "hamlet")
    make_group(strict.campaign, "agency")
    areas = [
        HamletFactory(code=f"90102-{number}", parent=strict.province.communes["90102"], valid_from=day(0))
        for number in (1, 2)
    ]
    post_counts(
        source=strict.province.source(),
        rows=[
            CountRow(area.pk, day(number), unknown_source=cases)
            for area, cases in zip(areas, (5, 0), strict=True)
            for number in range(6)
        ],
        coverages=[],
        reason="thôn báo cáo",
        by=system_user(),
        at=noon(5),
    )
    for area in areas:
        make_unit(area)
    make_unit(areas[0], "agency", code="CQ1", name="Trạm y tế")
    strict.assess(5)
    return areas


def test_hamlets_compete_on_their_own_levels_in_what_is_known_alone(strict, hamlets):
    strict.compute(5)

    lines = {line.code: line.facts for line in strict.group(number=5, group="hamlet").lines()}
    assert {code: (facts.level_at_end, facts.cases) for code, facts in lines.items()} == {
        "90102-1": (4, 30), "90102-2": (1, 0),
    }  # fmt: skip
    assert strict.line("CQ1", KNOWN, 5, group="agency").facts.level_at_end == 4
    shown = strict.group(PUBLISHED, 5, "hamlet")
    assert (shown.units, shown.empty) == ((), "hamlets_not_published")
    assert "số biết hiện nay" in shown.empty_words


def test_hamlets_without_levels_do_not_compete_and_an_organisation_there_has_its_communes(strict, hamlets):
    set_policy(province=strict.province.area, by=system_user(), parameters={"hamlets_as_communes": False})
    strict.assess(5)

    strict.compute(5)

    for view in (KNOWN, PUBLISHED):
        group = strict.group(view, 5, "hamlet")
        assert (group.units, group.empty) == ((), "hamlets_not_assessed")
        assert strict.line("CQ1", view, 5, group="agency").facts.level_at_end == 1


def test_plan_without_groups_has_no_standings(strict):
    strict.campaign.target_groups.all().delete()

    assert strict.compute(5) == []


def test_group_with_nobody_says_so(strict):
    make_group(strict.campaign, "armed_forces")

    strict.compute(5)

    group = strict.group(number=5, group="armed-forces")
    assert (group.units, group.empty, group.empty_words) == ((), "", "Chưa có đơn vị nào thuộc nhóm này.")


def test_district_that_ended_before_the_day_is_not_listed(strict):
    make_group(strict.campaign, "district")
    for area in strict.province.districts.values():
        make_unit(area)
    ending = strict.province.districts["902"]
    ending.valid_to = day(3)
    ending.save()

    strict.compute(5)

    assert list(ranks(strict, 3, group="district")) == ["901", "902"]
    assert list(ranks(strict, 4, group="district")) == ["901"]


def test_registration_of_the_evening_counts_for_its_own_day_in_vietnam(strict):
    late = timezone.make_aware(timezone.datetime(2021, 8, 3, 23, 30))
    strict.register("90102", 2, submitted_at=late)

    strict.compute(5)

    assert strict.line("90102", number=5).facts.registered_on == day(2)
