"""Pledges: what is written, what is refused, and how the numbers add up."""

import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from campaign.enums import PledgeKind
from campaign.models import PledgeCount
from campaign.pledge_coverage import COMMUNES, HAMLETS, NOTHING, OWN, coverage_of
from campaign.pledges import PledgeRow, PledgesRefused, enter_pledges
from core.models import AuditEvent
from core.people import system_user
from tests.campaign.plans import make_campaign, make_phase
from tests.factories import CommuneFactory, HamletFactory, UserFactory
from tests.riskmap.province import make_province

pytestmark = pytest.mark.django_db
AT = datetime(2021, 9, 15, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
DAY = AT.date()
HOUSEHOLD = PledgeKind.HOUSEHOLD


@pytest.fixture
def place():
    """A campaign of a province with two districts, two communes in the first, one with two hamlets."""
    made = make_province("90", districts={"901": ["90101", "90102"], "902": ["90201"]})
    made.campaign = make_campaign(province=made.area)
    make_phase(made.campaign, first_day=date(2021, 8, 15), last_day=date(2021, 9, 30))
    made.hamlets = [
        HamletFactory(parent=made.communes["90101"], code=f"90101H{n}", valid_from=date(2021, 8, 1))
        for n in (1, 2)
    ]
    return made


def row(area, signed, total, *, kind=HOUSEHOLD, seen=None) -> PledgeRow:
    return PledgeRow(area, kind, signed, total, seen)


def enter(place, *rows, counted_on=DAY, by=None, **said):
    usual = {"document": None, "at": AT, "by": by or system_user()}
    return enter_pledges(campaign=place.campaign, rows=rows, counted_on=counted_on, **usual | said)


def covered(place, code="90", kind=HOUSEHOLD):
    top = coverage_of(campaign=place.campaign, area=place.area, on=DAY)
    return next(each for each in top.line() if each.area.code == code).figures[kind]


def numbers(figure):
    return figure.signed, figure.total, figure.basis, figure.gaps


def test_only_what_differs_is_appended(place):
    commune = place.communes["90101"]
    enter(place, row(commune, 10, 20))
    first = PledgeCount.objects.get()

    entered = enter(place, row(commune, 10, 20, seen=first.pk), row(commune, 1, 2, kind=PledgeKind.AGENCY))

    assert entered.written == 1
    assert PledgeCount.objects.filter(kind=HOUSEHOLD).count() == 1


def test_a_later_word_takes_the_place_of_an_earlier_one(place):
    commune = place.communes["90101"]
    enter(place, row(commune, 10, 20))
    enter(place, row(commune, 12, 20, seen=PledgeCount.objects.get().pk))

    assert numbers(covered(place, "90101")) == (12, 20, OWN, 0)
    assert PledgeCount.objects.count() == 2


def test_numbers_that_stay_are_written_of_a_later_day_when_that_is_said(place):
    commune = place.communes["90101"]
    enter(place, row(commune, 10, 20), counted_on=DAY - timedelta(days=5))
    seen = PledgeCount.objects.get().pk

    assert enter(place, row(commune, 10, 20, seen=seen)).written == 0
    assert enter(place, row(commune, 10, 20, seen=seen), renew=True).written == 1
    assert covered(place, "90101").oldest == DAY
    assert enter(place, row(commune, 10, 20), renew=True).written == 0, "of the same day already"


def test_commune_without_its_own_number_is_the_sum_of_its_hamlets(place):
    one, other = place.hamlets
    enter(place, row(one, 10, 20), counted_on=DAY - timedelta(days=9))

    assert numbers(covered(place, "90101")) == (10, 20, HAMLETS, 1)

    enter(place, row(other, 5, 10))
    figure = covered(place, "90101")
    assert numbers(figure) == (15, 30, HAMLETS, 0)
    assert (figure.oldest, figure.newest) == (DAY - timedelta(days=9), DAY)


def test_commune_with_both_shows_its_own_and_names_the_difference(place):
    enter(place, row(place.communes["90101"], 16, 30), *(row(each, 5, 10) for each in place.hamlets))

    figure = covered(place, "90101")

    assert numbers(figure) == (16, 30, OWN, 0)
    assert numbers(figure.hamlets) == (10, 20, HAMLETS, 0)
    assert figure.differs


def test_commune_whose_hamlets_say_the_same_names_no_difference(place):
    enter(place, row(place.communes["90101"], 10, 20), *(row(each, 5, 10) for each in place.hamlets))

    assert not covered(place, "90101").differs


def test_districts_and_province_are_sums_of_communes(place):
    enter(place, row(place.communes["90101"], 16, 30), row(place.communes["90201"], 1, 3))

    assert numbers(covered(place, "901")) == (16, 30, COMMUNES, 1)
    assert numbers(covered(place, "902")) == (1, 3, COMMUNES, 0)
    assert numbers(covered(place, "90")) == (17, 33, COMMUNES, 1)
    assert numbers(covered(place, "90", PledgeKind.AGENCY)) == (0, 0, NOTHING, 3)


def test_gaps_name_communes_and_the_hamlets_of_a_sum(place):
    every = [row(place.communes["90201"], 0, 0, kind=kind) for kind in PledgeKind]
    enter(place, *every, row(place.hamlets[0], 1, 2))
    top = coverage_of(campaign=place.campaign, area=place.area, on=DAY)

    gaps = {gap.area.code: kinds for gap, kinds in top.gaps()}

    others = [kind for kind in PledgeKind if kind != HOUSEHOLD]
    assert gaps == {"90101": others, "90101H2": [HOUSEHOLD], "90102": list(PledgeKind)}


def test_share_is_rounded_down_and_unknown_where_nobody_is_to_sign(place):
    enter(place, row(place.communes["90101"], 9999, 10_000), row(place.communes["90201"], 0, 0))

    assert covered(place, "90101").percent == 99.9
    assert covered(place, "90201").percent is None
    assert covered(place, "90201").is_known


def test_a_word_taken_back_says_nothing_any_more(place):
    commune = place.communes["90101"]
    enter(place, row(commune, 16, 30), row(place.hamlets[0], 5, 10))
    own = PledgeCount.objects.get(area=commune)

    entered = enter(place, row(commune, None, None, seen=own.pk))

    assert (entered.written, entered.taken_back) == (1, 1)
    assert numbers(covered(place, "90101")) == (5, 10, HAMLETS, 1)
    latest = PledgeCount.objects.filter(area=commune).latest("pk")
    assert enter(place, row(commune, None, None, seen=latest.pk)).written == 0


@pytest.mark.parametrize(
    ("signed", "total", "field"),
    [(3, 2, "signed"), (None, 2, "signed"), (2, None, "total"), (1, 10_000_001, "total")],
)
def test_faulty_row_is_told_of_and_nothing_is_written(place, signed, total, field):
    good, faulty = row(place.communes["90102"], 1, 2), row(place.communes["90101"], signed, total)

    with pytest.raises(PledgesRefused) as refusal:
        enter(place, good, faulty)

    assert [(fault.row, fault.field) for fault in refusal.value.faults] == [(faulty, field)]
    assert not PledgeCount.objects.exists()


@pytest.mark.parametrize("day", [DAY + timedelta(days=1), date(2021, 8, 14)])
def test_day_to_come_or_before_the_campaign_is_refused(place, day):
    with pytest.raises(PledgesRefused) as refusal:
        enter(place, row(place.communes["90101"], 1, 2), counted_on=day)

    assert refusal.value.field == "counted_on"


def test_campaign_begins_with_its_launch_where_that_is_earlier(place):
    place.campaign.launched_on = date(2021, 8, 10)

    assert enter(place, row(place.communes["90101"], 1, 2), counted_on=date(2021, 8, 10)).written == 1


def test_area_of_elsewhere_or_of_another_tier_is_refused(place):
    for area in (CommuneFactory(), place.districts["901"]):
        with pytest.raises(PledgesRefused):
            enter(place, row(area, 1, 2))


def test_cell_that_somebody_changed_meanwhile_is_left_and_the_others_are_written(place):
    commune, colleague = place.communes["90101"], UserFactory()
    enter(place, row(commune, 10, 20))
    seen = PledgeCount.objects.get().pk
    enter(place, row(commune, 11, 20, seen=seen), by=colleague)

    entered = enter(place, row(commune, 15, 20, seen=seen), row(commune, 1, 2, kind=PledgeKind.AGENCY))

    assert entered.written == 1
    (overtaken,) = entered.overtaken
    assert (overtaken.row.signed, overtaken.theirs.signed) == (15, 11)
    assert overtaken.theirs.entered_by == colleague
    assert covered(place, "90101").signed == 11
    # Saying it once more, with theirs before one's eyes, holds.
    assert enter(place, row(commune, 15, 20, seen=overtaken.theirs.pk)).written == 1


def test_cell_nobody_touched_keeps_what_somebody_else_said(place):
    commune = place.communes["90101"]
    enter(place, row(commune, 10, 20))
    seen = PledgeCount.objects.get().pk
    enter(place, row(commune, 11, 20, seen=seen))

    entered = enter(place, row(commune, 10, 20, seen=seen))

    assert (entered.written, entered.overtaken) == (0, ())
    assert covered(place, "90101").signed == 11


def test_two_who_say_the_same_overtake_nobody(place):
    commune = place.communes["90101"]
    enter(place, row(commune, 10, 20))

    entered = enter(place, row(commune, 10, 20))

    assert (entered.written, entered.overtaken) == (0, ())


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_overtaken(place):
    commune, together, results = place.communes["90101"], threading.Barrier(2), []

    def say(signed):
        try:
            together.wait(5)
            results.append(enter(place, row(commune, signed, 20)))
        finally:
            connection.close()

    threads = [threading.Thread(target=say, args=[signed]) for signed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert sorted((each.written, len(each.overtaken)) for each in results) == [(0, 1), (1, 0)]
    assert PledgeCount.objects.count() == 1


def test_entering_is_journalled_with_who_and_for_which_campaign(place):
    clerk = UserFactory()

    enter(place, row(place.communes["90101"], 1, 2), by=clerk)

    event = AuditEvent.objects.filter(table_name="campaign_pledgecount").get()
    assert event.actor_id == clerk.pk
    assert place.campaign.short_title in event.reason


def test_ledger_is_only_added_to(place):
    enter(place, row(place.communes["90101"], 1, 2))

    for change in (
        lambda: PledgeCount.objects.update(signed=2),
        lambda: PledgeCount.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError) as refusal, transaction.atomic():
            change()
        assert refusal.value.__cause__.diag.constraint_name == "campaign_ledger_is_append_only"


def test_database_takes_communes_and_hamlets_of_the_province_alone(place):
    for area in (place.districts["901"], place.area, CommuneFactory()):
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            PledgeCount.objects.create(
                campaign=place.campaign, area=area, kind=HOUSEHOLD, signed=1, total=2, counted_on=DAY,
                entered_at=AT, entered_by=system_user(),
            )  # fmt: skip
        assert refusal.value.__cause__.diag.constraint_name == "pledge_is_of_a_commune_or_hamlet"


def test_coverage_takes_as_many_queries_for_a_province_as_for_a_commune(place, django_assert_num_queries):
    enter(place, *(row(each, 1, 2) for each in (*place.communes.values(), *place.hamlets)))

    for area in (place.area, place.communes["90101"]):
        with django_assert_num_queries(3):  # the phases, the areas, the words
            coverage_of(campaign=place.campaign, area=area, on=DAY)
