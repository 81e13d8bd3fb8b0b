"""Registrations: the table of steps, who may take them, and the starting level that is frozen."""

import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaign.enums import RegistrationAct, RegistrationStatus
from campaign.models import Registration, RegistrationStep, Unit
from campaign.registration_moves import DOORS, MOVES, Place, allowed_acts, is_late
from campaign.registrations import (
    RegistrationChanged,
    RegistrationRefused,
    change_registration,
    confirm_registration,
    open_registration,
    reopen_registration,
    resume_registration,
    return_registration,
    submit_registration,
    suspend_registration,
    take_step,
    withdraw_registration,
)
from campaign.units import close_unit
from core.enums import Role
from core.errors import DomainError
from core.models import Notice
from core.permissions import Permission
from riskmap.editions import publish
from riskmap.enums import RiskLevel
from riskmap.levels import reassess
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_group, make_registration, make_unit
from tests.factories import GrantFactory, HamletFactory, UserFactory
from tests.riskmap.province import make_province

pytestmark = pytest.mark.django_db
STATUSES, ACTS = RegistrationStatus, RegistrationAct
ON = date(2021, 8, 25)
AT = datetime(2021, 8, 25, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
STEPS = [act for act in ACTS if act != ACTS.OPENED and act != ACTS.CHANGED]


@pytest.fixture
def province():
    return make_province()


@pytest.fixture
def campaign(province):
    """From 24 August to 10 September 2021."""
    campaign = make_campaign(province=province.area, register_by=date(2021, 8, 31))
    make_phase(campaign, first_day=date(2021, 8, 24), last_day=date(2021, 9, 10))
    return campaign


@pytest.fixture
def unit(province):
    return make_unit(province.communes["90101"])


def cast(area, role=Role.DISTRICT_STAFF):
    return GrantFactory(area=area, role=role).user


def written(campaign, unit, **said):
    """A registration not saved yet, with all that handing it in needs."""
    usual = {
        "group": make_group(campaign, unit.kind), "target_level": RiskLevel.NEW_NORMAL,
        "target_day": date(2021, 9, 10), "solutions": "Kiểm soát ra vào.", "document_number": "12/ĐK",
        "document_date": date(2021, 8, 24), "head": "Nguyễn Thị Sáu",
    }  # fmt: skip
    return Registration(campaign=campaign, unit=unit, **usual | said)


def submitted(campaign, unit, *, by=None, **said):
    by = by or UserFactory()
    registration = open_registration(registration=written(campaign, unit, **said), by=by, at=AT)
    return submit_registration(registration=registration, by=by, at=AT)


# --- the table ------------------------------------------------------------------------------------------


def test_table_knows_every_act_but_opening():
    assert set(DOORS) == set(ACTS) - {ACTS.OPENED}
    assert all((move.permission, move.place) == DOORS[act] for (_status, act), move in MOVES.items())


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("act", STEPS)
def test_step_is_taken_from_the_statuses_of_the_table_alone(campaign, unit, status, act):
    registration = make_registration(
        campaign, unit, status=status, solutions="Kiểm soát.", document_number="1", head="Sáu",
        document_date=ON,
    )  # fmt: skip
    move = MOVES.get((status, act))

    taken = take_step(registrations=[registration.pk], act=act, reason="Vì thế.", by=UserFactory(), at=AT)

    registration.refresh_from_db()
    assert registration.status == (move.to if move else status)
    assert len(taken.done) == bool(move)
    assert RegistrationStep.objects.filter(registration=registration, act=act).count() == bool(move)
    assert registration.version == (2 if move else 1)
    if not move:
        assert str(status.label) in taken.refused[0].sentence


@pytest.mark.parametrize(("status", "act"), sorted(pair for pair, move in MOVES.items() if move.reason))
def test_step_that_stops_a_unit_says_why(campaign, unit, status, act):
    registration = make_registration(campaign, unit, status=status)

    taken = take_step(registrations=[registration.pk], act=act, reason="  ", by=UserFactory(), at=AT)

    assert [refusal.sentence for refusal in taken.refused] == ["Xin ghi lý do."]


@pytest.mark.parametrize(("status", "act"), sorted(pair for pair, move in MOVES.items() if move.running))
def test_step_that_goes_on_is_refused_after_the_last_day(campaign, unit, status, act):
    registration = make_registration(campaign, unit, status=status)
    after, district = datetime(2021, 9, 11, tzinfo=AT.tzinfo), cast(campaign.province)

    assert act in allowed_acts(registration, district, date(2021, 9, 10))
    assert act not in allowed_acts(registration, district, date(2021, 9, 11))
    if act != ACTS.CHANGED:
        taken = take_step(registrations=[registration.pk], act=act, by=UserFactory(), at=after)
        assert "đã kết thúc ngày 10/09/2021" in taken.refused[0].sentence


@pytest.mark.parametrize(("status", "act"), sorted(pair for pair in MOVES))
def test_step_is_allowed_to_who_holds_its_permission_at_its_place(province, campaign, unit, status, act):
    registration = make_registration(campaign, unit, status=status)
    commune = cast(unit.seat, Role.COMMUNE_STAFF)
    district = cast(unit.seat.parent)
    neighbour = cast(province.communes["90102"], Role.COMMUNE_STAFF)
    office = cast(province.area, Role.HOME_AFFAIRS)
    health = cast(province.area, Role.HEALTH)
    above = DOORS[act][1] is Place.ABOVE

    allowed = {name: act in allowed_acts(registration, user, ON) for name, user in locals().items()
               if name in ("commune", "district", "neighbour", "office", "health")}  # fmt: skip

    assert allowed == {"commune": not above, "district": True, "neighbour": False, "office": True,
                       "health": False}  # fmt: skip


def test_district_does_not_confirm_its_own_registration(province, campaign):
    """What a district registers for itself is confirmed by the province."""
    district = province.districts["901"]
    registration = make_registration(campaign, make_unit(district), status=STATUSES.SUBMITTED)

    assert ACTS.CONFIRMED not in allowed_acts(registration, cast(district), ON)
    assert ACTS.CONFIRMED in allowed_acts(registration, cast(province.area, Role.HOME_AFFAIRS), ON)


# --- writing --------------------------------------------------------------------------------------------


def test_registration_goes_from_draft_to_confirmed_with_its_ledger(campaign, unit):
    commune, district = UserFactory(), UserFactory()
    registration = open_registration(registration=written(campaign, unit), by=commune, at=AT)
    registration = submit_registration(registration=registration, by=commune, at=AT)
    registration = return_registration(registration=registration, reason="Thiếu  số.", by=district, at=AT)
    registration.document_number = "13/ĐK"
    change_registration(registration=registration, version=registration.version, by=commune, at=AT)
    registration = submit_registration(registration=registration, by=commune, at=AT)

    registration = confirm_registration(registration=registration, by=district, at=AT)

    assert registration.status == STATUSES.CONFIRMED
    assert (registration.submitted_by, registration.decided_by, registration.reason) == (
        commune,
        district,
        "",
    )
    steps = [(step.act, step.reason, step.said["document_number"]) for step in registration.steps.all()]
    assert steps == [
        ("opened", "", "12/ĐK"), ("submitted", "", "12/ĐK"), ("returned", "Thiếu số.", "12/ĐK"),
        ("changed", "", "13/ĐK"), ("submitted", "", "13/ĐK"), ("confirmed", "", "13/ĐK"),
    ]  # fmt: skip
    assert registration.steps.last().said["starting_level"] == "no_data"


def test_registration_is_one_per_campaign_and_unit(campaign, unit):
    open_registration(registration=written(campaign, unit), by=UserFactory(), at=AT)

    with pytest.raises(RegistrationRefused, match="đã có đăng ký trong phong trào"):
        open_registration(registration=written(campaign, unit), by=UserFactory(), at=AT)

    assert Registration.objects.count() == RegistrationStep.objects.count() == 1


def test_change_over_somebody_elses_is_refused_and_shows_both(campaign, unit):
    mine = open_registration(registration=written(campaign, unit), by=UserFactory(), at=AT)
    theirs = Registration.objects.get(pk=mine.pk)
    theirs.head = "Trần Văn Bảy"
    change_registration(registration=theirs, version=1, by=UserFactory(), at=AT)
    mine.head = "Lê Thị Tám"

    with pytest.raises(RegistrationChanged):
        change_registration(registration=mine, version=1, by=UserFactory(), at=AT)

    assert Registration.objects.get().head == "Trần Văn Bảy"


def test_same_again_changes_nothing(campaign, unit):
    registration = open_registration(registration=written(campaign, unit), by=UserFactory(), at=AT)

    change_registration(registration=registration, version=1, by=UserFactory(), at=AT)

    assert Registration.objects.get().version == 1
    assert RegistrationStep.objects.count() == 1


def test_returned_registration_stays_whole(campaign, unit):
    registration = make_registration(campaign, unit, status=STATUSES.RETURNED)
    registration.head = ""

    with pytest.raises(RegistrationRefused, match="người đứng đầu"):
        change_registration(registration=registration, version=1, by=UserFactory(), at=AT)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"solutions": ""}, "solutions"),
        ({"document_number": ""}, "document_number"),
        ({"document_date": None}, "document_date"),
        ({"document_date": ON + timedelta(days=1)}, "document_date"),
        ({"document_date": date(2019, 12, 31)}, "document_date"),
        ({"document_date": date(1, 1, 1)}, "document_date"),
        ({"head": ""}, "head"),
        ({"target_day": date(2021, 8, 23)}, "target_day"),
        ({"target_day": date(2021, 9, 11)}, "target_day"),
    ],
)
def test_submission_says_at_which_field_it_is_not_whole(campaign, unit, said, field):
    registration = open_registration(registration=written(campaign, unit, **said), by=UserFactory(), at=AT)

    with pytest.raises(RegistrationRefused) as refused:
        submit_registration(registration=registration, by=UserFactory(), at=AT)

    assert list(refused.value.faults) == [field]
    assert Registration.objects.get().status == STATUSES.DRAFT


@pytest.mark.parametrize("day", [date(2021, 8, 24), date(2021, 9, 10)])
def test_target_may_be_the_first_or_last_day(campaign, unit, day):
    assert submitted(campaign, unit, target_day=day).status == STATUSES.SUBMITTED


def test_submission_of_a_closed_unit_is_refused(campaign, unit):
    registration = open_registration(registration=written(campaign, unit), by=UserFactory(), at=AT)
    unit.closed_at, unit.closed_by, unit.closing_reason = AT, UserFactory(), "Giải thể"
    unit.save()

    with pytest.raises(RegistrationRefused, match="ngừng hoạt động"):
        submit_registration(registration=registration, by=UserFactory(), at=AT)


@pytest.mark.parametrize(("day", "late"), [(date(2021, 8, 31), False), (date(2021, 9, 1), True)])
def test_registration_after_the_last_day_for_it_is_late_and_taken(campaign, unit, day, late):
    at = datetime(day.year, day.month, day.day, 23, 59, tzinfo=AT.tzinfo)
    registration = open_registration(registration=written(campaign, unit), by=UserFactory(), at=at)

    registration = submit_registration(registration=registration, by=UserFactory(), at=at)

    assert is_late(registration) is late


@pytest.mark.parametrize("who", ["submitted", "typed"])
def test_nobody_confirms_what_is_their_own(campaign, unit, who):
    one, other = UserFactory(), UserFactory()
    registration = open_registration(registration=written(campaign, unit), by=one, at=AT)
    registration = submit_registration(registration=registration, by=other, at=AT)

    with pytest.raises(RegistrationRefused, match="người khác xác nhận"):
        confirm_registration(registration=registration, by=other if who == "submitted" else one, at=AT)

    assert Registration.objects.get().status == STATUSES.SUBMITTED


def test_suspended_registration_goes_on_with_the_level_it_had(campaign, unit):
    registration = make_registration(campaign, unit, status=STATUSES.CONFIRMED)

    registration = suspend_registration(registration=registration, reason="Vi phạm.", by=UserFactory(), at=AT)
    assert (registration.status, registration.reason) == (STATUSES.SUSPENDED, "Vi phạm.")
    registration = resume_registration(registration=registration, by=UserFactory(), at=AT)

    assert (registration.status, registration.reason) == (STATUSES.CONFIRMED, "")
    assert registration.starting_level == 3


def test_registration_withdrawn_and_registered_again_keeps_where_it_started(campaign, unit):
    commune = UserFactory()
    registration = make_registration(campaign, unit, status=STATUSES.CONFIRMED)
    registration = withdraw_registration(
        registration=registration, reason="Chưa sẵn sàng.", by=commune, at=AT
    )
    registration = reopen_registration(registration=registration, by=commune, at=AT)
    registration = submit_registration(registration=registration, by=commune, at=AT)

    registration = confirm_registration(registration=registration, by=UserFactory(), at=AT)

    assert (registration.starting_level, registration.starting_day) == (3, date(2021, 8, 24))


# --- the starting level ---------------------------------------------------------------------------------


@pytest.fixture
def published(province):
    """Commune 90101 has F0 of unknown source on 20 August, and the edition of that evening shows it."""
    province.post({("90101", 19): 2}, complete=(0, 19), at=datetime(2021, 8, 20, 7, tzinfo=AT.tzinfo))
    at = datetime(2021, 8, 20, 17, tzinfo=AT.tzinfo)
    reassess(provinces=[province.area], on=at.date(), at=at)
    return publish(province=province.area, cut_off=at, at=at, by=UserFactory())


def test_confirmation_freezes_the_level_as_published(campaign, unit, province, published):
    registration = submitted(campaign, unit)

    registration = confirm_registration(registration=registration, by=UserFactory(), at=AT)

    assert registration.starting_level > RiskLevel.NEW_NORMAL
    assert registration.starting_edition == published
    assert registration.starting_day == published.day == date(2021, 8, 20)


def test_frozen_level_stays_after_a_correction(campaign, unit, province, published):
    registration = confirm_registration(registration=submitted(campaign, unit), by=UserFactory(), at=AT)
    before = registration.starting_level

    province.post({("90101", 19): 0}, reason="đính chính", at=AT)
    reassess(provinces=[province.area], on=ON, at=AT)
    publish(province=province.area, cut_off=AT, at=AT, by=UserFactory())

    registration.refresh_from_db()
    assert registration.starting_level == before
    other = submitted(campaign, make_unit(unit.seat, "enterprise"))
    other = confirm_registration(registration=other, by=UserFactory(), at=AT + timedelta(hours=1))
    assert other.starting_level == RiskLevel.NEW_NORMAL


def test_confirmation_freezes_what_is_known_where_nothing_is_published(campaign, unit, province):
    province.post({("90101", 19): 2}, complete=(0, 19), at=datetime(2021, 8, 20, 7, tzinfo=AT.tzinfo))
    reassess(provinces=[province.area], on=ON, at=AT)

    registration = confirm_registration(registration=submitted(campaign, unit), by=UserFactory(), at=AT)

    assert registration.starting_level > RiskLevel.NEW_NORMAL
    assert (registration.starting_edition, registration.starting_day) == (None, ON)


def test_organisation_starts_where_it_sits_and_hamlet_where_its_commune_stands(
    campaign, unit, province, published
):
    hamlet = make_unit(HamletFactory(parent=unit.seat))
    units = [
        unit,
        hamlet,
        make_unit(unit.seat, "enterprise"),
        make_unit(province.communes["90102"], "agency"),
    ]

    starts = [
        confirm_registration(registration=submitted(campaign, each), by=UserFactory(), at=AT)
        for each in units
    ]

    levels = [each.starting_level for each in starts]
    assert levels[0] == levels[1] == levels[2] > levels[3]
    assert {each.starting_edition for each in starts} == {published}


def test_target_above_the_level_now_is_refused_and_holding_green_is_not(campaign, province, published):
    green = make_unit(province.communes["90103"])
    registration = submitted(campaign, green)
    assert registration.target_level == RiskLevel.NEW_NORMAL

    aiming_up = make_unit(green.seat, "agency")
    with pytest.raises(RegistrationRefused) as refused:
        submitted(campaign, aiming_up, target_level=RiskLevel.HIGH)
    assert list(refused.value.faults) == ["target_level"]


# --- many at once ---------------------------------------------------------------------------------------


def test_bulk_confirms_the_right_ones_and_names_the_others(campaign, province):
    me, units = UserFactory(), [make_unit(area) for area in province.communes.values()]
    right = submitted(campaign, units[0])
    mine = submitted(campaign, units[1], by=me)
    draft = make_registration(campaign, units[2])

    taken = take_step(registrations=[right.pk, mine.pk, draft.pk], act=ACTS.CONFIRMED, by=me, at=AT)

    assert [row.pk for row in taken.done] == [right.pk]
    assert {refusal.registration.pk for refusal in taken.refused} == {mine.pk, draft.pk}
    assert set(Registration.objects.values_list("pk", "status")) == {
        (right.pk, "confirmed"), (mine.pk, "submitted"), (draft.pk, "draft")
    }  # fmt: skip


def test_bulk_needs_as_many_queries_for_three_as_for_one(campaign, province, published):
    rows = [submitted(campaign, make_unit(area)) for area in province.communes.values()]
    one, rest = rows[:1], rows[1:]

    with CaptureQueriesContext(connection) as of_one:
        take_step(registrations=[row.pk for row in one], act=ACTS.CONFIRMED, by=UserFactory(), at=AT)
    with CaptureQueriesContext(connection) as of_two:
        take_step(registrations=[row.pk for row in rest], act=ACTS.CONFIRMED, by=UserFactory(), at=AT)

    assert len(of_two) == len(of_one)


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_make_one_decision():
    province = make_province()
    campaign = make_campaign(province=province.area)
    make_phase(campaign, first_day=date(2021, 8, 24), last_day=date(2021, 9, 10))
    registration = submitted(campaign, make_unit(province.communes["90101"]))
    people, ready, said = [UserFactory(), UserFactory()], threading.Barrier(2), []

    def confirm(user):
        ready.wait()
        try:
            confirm_registration(registration=registration, by=user, at=AT)
            said.append("confirmed")
        except RegistrationRefused:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == ["confirmed", "refused"]
    assert RegistrationStep.objects.filter(act=ACTS.CONFIRMED).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["close", "submit"])
def test_unit_is_not_closed_and_registered_at_the_same_instant(first):
    """Whoever is first holds the other up to the end of its transaction, and is then seen by it."""
    province = make_province()
    campaign = make_campaign(province=province.area)
    make_phase(campaign, first_day=date(2021, 8, 24), last_day=date(2021, 9, 10))
    unit = make_unit(province.communes["90101"], "enterprise")
    by, said = UserFactory(), {}
    registration = open_registration(registration=written(campaign, unit), by=by, at=AT)
    acts = {
        "close": lambda: close_unit(unit=Unit.objects.get(), reason="giải thể", by=by, at=AT),
        "submit": lambda: submit_registration(registration=registration, by=by, at=AT),
    }

    def take(name, *, done=None, go_on=None):
        try:
            with transaction.atomic():
                acts[name]()
                if done:
                    done.set()
                    go_on.wait(0.5)  # the other begins meanwhile, and may not get through
            said[name] = "done"
        except DomainError as refusal:
            said[name] = refusal.code
        finally:
            connection.close()

    second = {"close": "submit", "submit": "close"}[first]
    done, go_on = threading.Event(), threading.Event()
    one = threading.Thread(target=take, args=[first], kwargs={"done": done, "go_on": go_on})
    one.start()
    assert done.wait(10)
    other = threading.Thread(target=take, args=[second])
    other.start()
    for thread in (one, other):
        thread.join()

    refusal = {"close": "unit_still_competes", "submit": "registration_refused"}[second]
    assert said == {first: "done", second: refusal}


# --- notices --------------------------------------------------------------------------------------------


def test_submission_is_told_to_the_level_above_alone(campaign, unit, province):
    district = cast(unit.seat.parent)
    cast(province.area, Role.HOME_AFFAIRS)
    cast(unit.seat, Role.COMMUNE_STAFF)

    registration = submitted(campaign, unit)

    notice = Notice.objects.get()
    assert (notice.recipient, notice.link) == (district, registration.get_absolute_url())
    assert notice.subject == "Xã 90101 gửi đăng ký thi đua, chờ xác nhận"


def test_submission_is_told_further_up_where_the_level_above_has_nobody(campaign, unit, province):
    office = cast(province.area, Role.HOME_AFFAIRS)

    submitted(campaign, unit)

    assert [notice.recipient for notice in Notice.objects.all()] == [office]


def test_decision_is_told_to_who_submitted_once_for_many(campaign, province):
    commune = UserFactory()
    rows = [submitted(campaign, make_unit(area), by=commune) for area in province.communes.values()]

    take_step(
        registrations=[row.pk for row in rows], act=ACTS.RETURNED, reason="Thiếu.", by=UserFactory(), at=AT
    )

    notice = Notice.objects.get(recipient=commune)
    assert notice.subject == "Trả lại 3 đăng ký thi đua để bổ sung"
    assert "Lý do: Thiếu." in notice.body
    assert "Xã 90102" in notice.body
    assert f"campaign={campaign.slug}" in notice.link
    assert "state=returned" in notice.link


def test_permissions_of_the_table_are_the_two_of_registrations():
    assert {door[0] for door in DOORS.values()} == {
        Permission.REGISTER_UNITS, Permission.CONFIRM_REGISTRATIONS
    }  # fmt: skip


# --- what the database holds ----------------------------------------------------------------------------


def test_group_is_of_the_units_kind_and_of_the_campaign(campaign, unit):
    other = make_campaign(province=campaign.province, slug="khac")
    for group in (make_group(campaign, "enterprise"), make_group(other, "commune")):
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            make_registration(campaign, unit, group=group)
        assert refusal.value.__cause__.diag.constraint_name == "registration_fits_its_unit"


def test_unit_of_another_province_is_refused(campaign):
    elsewhere = make_unit(make_province("80", districts={"801": ["80101"]}).communes["80101"])

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        make_registration(campaign, elsewhere, group=make_group(campaign, "commune"))

    assert refusal.value.__cause__.diag.constraint_name == "registration_fits_its_unit"


def test_ledger_of_steps_is_append_only(campaign, unit):
    submitted(campaign, unit)

    for change in (
        lambda: RegistrationStep.objects.update(reason="khác"),
        lambda: RegistrationStep.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            change()
        assert refusal.value.__cause__.diag.constraint_name == "campaign_ledger_is_append_only"
