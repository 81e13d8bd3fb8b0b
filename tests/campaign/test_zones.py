"""Recognised green zones: when they begin, when they end and why."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaign.enums import RecognitionEnd, RegistrationStatus
from campaign.models import GreenCondition, RecognisedZone
from campaign.tasks import recognise_zones
from campaign.zones import Recognised, recognise, recognised_on, spans_of, zones_on
from core.enums import AreaKind, Role
from core.models import Area, AuditEvent, Notice
from core.people import system_user
from core.vietnamese import fold, sort_key
from riskmap.counts import Coverage, post_counts
from riskmap.levels import reassess
from riskmap.policies import set_policy
from tests.campaign.plans import make_campaign
from tests.campaign.units import make_group, make_registration, make_unit
from tests.campaign.zones import evening, make_ground
from tests.factories import GrantFactory
from tests.riskmap.province import AT, day

LATER = evening(6) + timedelta(hours=1)


@pytest.fixture
def ground(db):
    made = make_ground()
    made.publish(5)
    return made


@pytest.fixture
def first(ground):
    return ground.units["90101"]


def test_green_place_with_all_conditions_checked_is_recognised_at_once(ground, first):
    ground.fulfil(first)

    zone = RecognisedZone.objects.get()
    assert (zone.unit, zone.campaign, zone.recognised_on) == (first, ground.campaign, day(5))
    assert zone.edition.day == day(5)
    assert zone.ended_at is None


def test_green_place_is_not_recognised_while_one_condition_waits(ground, first):
    ground.fulfil(first)
    RecognisedZone.objects.all().delete()
    ground.say(first)

    assert recognise(at=LATER) == Recognised(0, 0)


def test_place_without_any_answer_is_not_recognised_by_its_colour_alone(ground):
    assert recognise(at=LATER) == Recognised(0, 0)


def test_round_of_a_campaign_in_which_nobody_met_anything_asks_for_no_units(ground):
    with CaptureQueriesContext(connection) as asked:
        recognise(campaign=ground.campaign, at=LATER)

    told = [
        query["sql"] for query in asked if "campaign_unit" in query["sql"] or "core_notice" in query["sql"]
    ]
    assert not told


def test_plan_without_conditions_recognises_nothing(ground):
    GreenCondition.objects.all().delete()

    assert recognise(at=LATER) == Recognised(0, 0)


def test_place_that_is_not_green_is_not_recognised(db):
    ground = make_ground()
    ground.publish(5, {("90101", 4): 2})

    ground.fulfil(ground.units["90101"])

    assert not RecognisedZone.objects.exists()


def test_nothing_is_recognised_before_the_first_edition(db):
    ground = make_ground()

    ground.fulfil(ground.units["90101"])

    assert not RecognisedZone.objects.exists()


def test_new_edition_in_another_colour_ends_it_and_the_history_stays(ground, first):
    ground.fulfil(first)
    ground.publish(6, {("90101", 6): 2})

    done = recognise(at=LATER)

    zone = RecognisedZone.objects.get()
    assert done == Recognised(0, 1)
    assert (zone.ended_on, zone.ended_because, zone.ended_edition.day) == (day(6), "colour", day(6))
    assert spans_of(ground.made.area) == [("90101", AreaKind.COMMUNE, day(5), day(5))]


def test_colour_that_a_missed_edition_showed_ends_it_although_it_is_green_again(ground, first):
    ground.fulfil(first)
    for number in (6, 7):
        set_policy(province=ground.made.area, by=system_user())
        ground.publish(number, {("90101", 6): 2} if number == 6 else None)
    ground.made.post({("90101", 6): 0}, reason="nhầm xã", at=evening(8) - timedelta(hours=2))
    ground.publish(8)

    done = recognise(at=evening(8) + timedelta(hours=1))

    old, new = RecognisedZone.objects.order_by("pk")
    assert done == Recognised(1, 1)
    assert (old.ended_on, old.ended_because) == (day(6), RecognitionEnd.COLOUR)
    assert (new.recognised_on, new.ended_on) == (day(8), None)


def test_running_it_again_changes_nothing(ground, first):
    ground.fulfil(first)
    journal = AuditEvent.objects.count()

    recognise_zones()

    assert AuditEvent.objects.count() == journal
    assert RecognisedZone.objects.count() == 1


@pytest.mark.parametrize("of_whom", ["unit", "district"])
def test_condition_that_is_met_no_more_ends_it(ground, first, of_whom):
    ground.fulfil(first)

    if of_whom == "unit":
        ground.say(first, met=False, condition=1)
    else:
        ground.check(first, met=False, condition=1)

    zone = RecognisedZone.objects.get()
    assert (zone.ended_because, zone.ended_on) == (RecognitionEnd.CONDITION, day(5))
    assert spans_of(ground.made.area) == []


def test_new_self_assessment_waits_for_a_check_and_is_recognised_again_by_it(ground, first):
    ground.fulfil(first)

    ground.say(first)
    between = zones_on(ground.campaign, day(5)).count()
    ground.check(first)

    assert between == 0
    assert [zone.ended_because for zone in RecognisedZone.objects.order_by("pk")] == ["condition", ""]


def test_condition_added_to_the_plan_ends_it(ground, first):
    ground.fulfil(first)
    GreenCondition.objects.create(campaign=ground.campaign, code="them", place=3, wording="Thêm")

    recognise(at=LATER)

    assert RecognisedZone.objects.get().ended_because == RecognitionEnd.CONDITION


@pytest.mark.parametrize(
    ("status", "begun"),
    [
        (RegistrationStatus.DRAFT, 0),
        (RegistrationStatus.SUBMITTED, 0),
        (RegistrationStatus.SUSPENDED, 0),
        (RegistrationStatus.CONFIRMED, 1),
    ],
)
def test_plan_that_asks_for_registration_recognises_only_the_confirmed(db, status, begun):
    ground = make_ground(registration_required=True)
    ground.publish(5)
    unit = ground.units["90101"]
    make_registration(ground.campaign, unit, status=status)

    ground.fulfil(unit)

    assert RecognisedZone.objects.count() == begun


def test_registration_that_is_suspended_ends_it_because_of_the_unit(db):
    ground = make_ground(registration_required=True)
    ground.publish(5)
    unit = ground.units["90101"]
    registration = make_registration(ground.campaign, unit, status=RegistrationStatus.CONFIRMED)
    ground.fulfil(unit)
    registration.status, registration.reason = RegistrationStatus.SUSPENDED, "Cần xem lại."
    registration.save()

    recognise(at=LATER)

    assert RecognisedZone.objects.get().ended_because == RecognitionEnd.UNIT


def test_unit_that_was_closed_ends_it(ground, first):
    ground.fulfil(first)
    first.closed_at, first.closed_by, first.closing_reason = LATER, ground.district, "sáp nhập"
    first.save()

    recognise(at=LATER)

    assert RecognisedZone.objects.get().ended_because == RecognitionEnd.UNIT


def _hamlet(ground) -> Area:
    commune = ground.made.communes["90101"]
    return Area.objects.create(
        code="9010101", name="Thôn Một", kind="hamlet", type_word="Thôn", parent=commune,
        path=f"{commune.path}/9010101", valid_from=day(0), sort_key=sort_key("Thôn Một"),
        search_text=fold("Thôn Một"),
    )  # fmt: skip


@pytest.mark.parametrize("own_levels", [True, False])
def test_hamlet_is_recognised_by_its_own_level_where_hamlets_have_levels(db, own_levels):
    ground = make_ground()
    make_group(ground.campaign, "hamlet")
    unit = make_unit(_hamlet(ground))
    set_policy(province=ground.made.area, parameters={"hamlets_as_communes": own_levels}, by=system_user())
    ground.publish(5)
    post_counts(
        source=ground.made.source(), rows=[], reason="báo cáo thôn", by=system_user(), at=AT,
        coverages=[Coverage(ground.made.area, day(0), day(5), kind=AreaKind.HAMLET, contacts=True)],
    )  # fmt: skip
    reassess(on=day(5), at=AT, provinces=[ground.made.area])

    ground.fulfil(unit)

    assert RecognisedZone.objects.filter(unit=unit).exists() == own_levels


def test_staff_of_the_unit_is_told_of_begin_and_end_once(ground, first):
    neighbour = GrantFactory(role=Role.COMMUNE_STAFF, area=ground.made.communes["90102"]).user
    ground.fulfil(first)
    ground.publish(6, {("90101", 6): 2})
    recognise(at=LATER)
    recognise(at=LATER)

    told = Notice.objects.filter(subject__contains="công nhận").order_by("pk")
    subjects = [notice.subject for notice in told.filter(recipient=ground.clerk)]
    assert subjects == [
        "Xã 90101 được công nhận là vùng xanh",
        "Xã 90101 thôi được công nhận là vùng xanh: không còn xanh",
    ]
    assert told.filter(recipient=ground.district).count() == 2
    assert not told.filter(recipient=neighbour).exists()


def test_units_recognised_on_a_day_are_those_of_that_day(ground, first):
    ground.fulfil(first)
    ground.publish(6, {("90101", 6): 2})
    recognise(at=LATER)

    assert [list(recognised_on(ground.campaign, day(number))) for number in (4, 5, 6)] == [[], [first], []]


def test_another_campaign_of_the_province_recognises_nothing_by_these_answers(ground, first):
    other = make_campaign(province=ground.made.area, registration_required=False)
    make_group(other, "commune")
    GreenCondition.objects.create(campaign=other, code="mot", place=1, wording="Khác")

    ground.fulfil(first)
    recognise(at=LATER)

    assert not other.zones.exists()


def test_number_of_queries_does_not_grow_with_the_zones(ground, django_assert_max_num_queries, first):
    def count(units):
        for unit in units:
            ground.fulfil(unit)
        RecognisedZone.objects.all().delete()
        with django_assert_max_num_queries(40) as queries:
            assert recognise(campaign=ground.campaign, at=LATER).begun == len(ground.campaign.zones.all())
        return len(queries)

    one = count([first])
    three = count([ground.units["90102"], ground.units["90103"]])

    assert one == three


@pytest.mark.django_db(transaction=True)
def test_two_at_once_recognise_a_zone_once():
    ground = make_ground()
    for unit in ground.units.values():
        ground.fulfil(unit)  # before any map: nothing is recognised yet
    ground.publish(5)
    done, start = [], threading.Barrier(4)

    def run():
        start.wait()
        done.append(recognise(at=LATER))
        connection.close()

    threads = [threading.Thread(target=run) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(each.begun for each in done) == [0, 0, 0, 3]
    assert RecognisedZone.objects.count() == 3
