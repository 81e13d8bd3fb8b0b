"""Nominations: until when, by whom, told to whom, taken in once, and what two people do at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from awards.dossiers import DossierRefused
from awards.models import Dossier, Nomination, Nominee
from awards.nomination_windows import taking_area
from awards.nominations import (
    NominationChanged,
    NominationRefused,
    change,
    decline,
    nominate,
    nominating_units,
    take,
    withdraw,
)
from awards.nominees import NomineesRefused, drop_nominee
from core.enums import Role
from core.models import Notice
from core.people import system_user
from tests.awards.dossiers import (
    AT,
    COLLECTIVE,
    DEADLINE,
    make_dossier,
    make_nominee,
    make_permit,
    make_step,
)
from tests.awards.nominations import BAY, commune_of, make_nomination
from tests.campaign.units import make_unit
from tests.factories import CommuneFactory, DistrictFactory, GrantFactory, HamletFactory, UserFactory

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def dossier() -> Dossier:
    return make_dossier()


def _nominate(dossier, unit=None, **said) -> Nomination:
    usual = {"phase": dossier.phase, "unit": unit or commune_of(dossier), "by": system_user(), "at": AT}
    return nominate(**usual | BAY | said)


def _shown(*nominations) -> dict[int, int]:
    return {each.pk: each.version for each in nominations}


def _take(dossier, *nominations, **said) -> list[Nominee]:
    return take(dossier=dossier, shown=_shown(*nominations), **{"by": system_user(), "at": AT} | said)


def _staff(role, area):
    return GrantFactory(role=role, area=area).user


def test_nomination_keeps_what_was_said_of_the_person(dossier):
    made = _nominate(dossier, person="  Trần Thị  Bảy ", deeds="Trực chốt\r\nsố 2. ")

    made.refresh_from_db()
    assert (made.person, made.deeds, made.search_text) == ("Trần Thị Bảy", "Trực chốt\nsố 2.", "tran thi bay")
    assert (made.status, made.version) == ("waiting", 1)


@pytest.mark.parametrize(
    "said", [{"deeds": " "}, {"person": ""}, {"person_post": ""}, {"kind": COLLECTIVE}, {"kind": "gi-do"}]
)
def test_nomination_without_a_word_or_for_a_collective_award_is_refused(dossier, said):
    with pytest.raises(NominationRefused):
        _nominate(dossier, **said)

    assert not Nomination.objects.exists()


def test_same_person_of_a_unit_is_nominated_once_but_again_after_a_refusal(dossier):
    unit = commune_of(dossier)
    first = _nominate(dossier, unit)

    with pytest.raises(NominationRefused, match="đã đề cử"):
        _nominate(dossier, unit, person="tran thi bay")
    decline(dossier=dossier, shown=_shown(first), reason="Thiếu ảnh.", by=system_user(), at=AT)

    assert _nominate(dossier, unit).pk != first.pk


def test_last_microsecond_before_the_deadline_counts_and_the_deadline_does_not(dossier):
    _nominate(dossier, at=DEADLINE - MOMENT)

    with pytest.raises(NominationRefused, match="trước 00:00:00 ngày 08/09/2021"):
        _nominate(dossier, at=DEADLINE)


def test_a_return_and_a_late_permit_open_nominations_again(dossier):
    make_permit(dossier, expires_at=DEADLINE + timedelta(days=2))
    _nominate(dossier, at=DEADLINE + timedelta(days=2) - MOMENT)
    with pytest.raises(NominationRefused):
        _nominate(dossier, at=DEADLINE + timedelta(days=2))

    returned = make_dossier(status="returned")
    due = DEADLINE + timedelta(days=5)
    make_step(returned, act="return", after="returned", due=due, asked=[{"item": "list", "words": "x"}])
    _nominate(returned, at=due - MOMENT)
    with pytest.raises(NominationRefused):
        _nominate(returned, at=due)


def test_phase_without_a_deadline_takes_nominations(dossier):
    dossier.phase.dossier_deadline = None
    dossier.phase.deadline_set_by, dossier.phase.deadline_wording = "office", ""
    dossier.phase.save()

    assert _nominate(dossier, at=DEADLINE + timedelta(days=9)).pk


def test_unit_of_another_province_and_a_closed_one_are_refused(dossier):
    closed = make_unit(
        dossier.area, "agency", closed_at=AT, closed_by=system_user(), closing_reason="Sáp nhập"
    )

    for unit in (make_unit(CommuneFactory()), closed):
        with pytest.raises(NominationRefused, match="đang hoạt động trong tỉnh"):
            _nominate(dossier, unit)


def test_whose_dossier_takes_a_nomination_is_the_district_or_of_a_department_the_province():
    hamlet = HamletFactory()
    commune, district = hamlet.parent, hamlet.parent.parent
    province = district.parent

    found = [taking_area(area) for area in (hamlet, commune, district, province)]

    assert found == [district, district, district, province]


def test_who_nominates_for_which_units():
    commune = CommuneFactory()
    district, province = commune.parent, commune.parent.parent
    own, hall, department = make_unit(commune), make_unit(district, "agency"), make_unit(province, "agency")
    beside = make_unit(CommuneFactory(parent=district))
    make_unit(DistrictFactory(parent=province), "agency")
    today = timezone.localdate()

    def of(role, area):
        return set(nominating_units(_staff(role, area), on=today))

    assert of(Role.COMMUNE_STAFF, commune) == {own}
    assert of(Role.DISTRICT_STAFF, district) == {own, hall, beside}
    assert of(Role.HOME_AFFAIRS, province) == {department}
    assert of(Role.HEALTH, province) == set()


def test_district_is_told_of_a_unit_once_a_day_and_no_notice_names_the_person(dossier):
    clerk, unit = _staff(Role.DISTRICT_STAFF, dossier.area), commune_of(dossier)
    home_affairs = _staff(Role.HOME_AFFAIRS, dossier.area.parent)

    _nominate(dossier, unit)
    _nominate(dossier, unit, person="Lê Văn Chín")
    _nominate(dossier, commune_of(dossier), at=AT + timedelta(days=1))

    told = Notice.objects.order_by("pk")
    assert [(each.recipient, each.link) for each in told] == [
        (clerk, f"/dossiers/{dossier.pk}/nominations/")
    ] * 2
    assert told[0].subject == f"{unit.name} đề cử cá nhân khen thưởng, {dossier.phase.name}"
    assert not any("Bảy" in each.subject + each.body for each in told)
    assert not home_affairs.notices.exists()


def test_after_the_dossier_was_handed_in_a_nomination_waits_and_the_district_is_told(dossier):
    clerk, unit = _staff(Role.DISTRICT_STAFF, dossier.area), commune_of(dossier)
    _nominate(dossier, unit)
    Dossier.objects.filter(pk=dossier.pk).update(status="submitted")

    late = _nominate(dossier, unit, person="Lê Văn Chín")

    assert late.status == "waiting"
    assert "đang chờ" in clerk.notices.order_by("-pk").first().body
    with pytest.raises(DossierRefused, match="không sửa được"):
        _take(dossier, late)
    late.refresh_from_db()
    assert late.status == "waiting"


def test_nomination_is_changed_over_the_version_shown(dossier):
    made = _nominate(dossier)
    said = BAY | {"unit": made.unit, "by": system_user(), "at": AT}

    same = change(nomination=made, version=9, **said)
    changed = change(nomination=made, version=1, **said | {"deeds": "Trực chốt số 3."})
    with pytest.raises(NominationChanged) as refusal:
        change(nomination=made, version=1, **said | {"deeds": "Trực chốt số 4."})

    assert (same.version, changed.version) == (1, 2)
    assert refusal.value.theirs.deeds == "Trực chốt số 3."
    with pytest.raises(NominationRefused, match="quá hạn"):
        change(nomination=made, version=2, **said | {"at": DEADLINE, "deeds": "Muộn."})


def test_withdrawn_nomination_stays_with_its_reason_and_the_district_is_told(dossier):
    made, clerk = _nominate(dossier), _staff(Role.DISTRICT_STAFF, dossier.area)
    act = {"nomination": made, "by": system_user(), "at": AT}

    with pytest.raises(NominationRefused, match="lý do"):
        withdraw(**act, version=1, reason=" ")
    with pytest.raises(NominationChanged):
        withdraw(**act, version=2, reason="Nhầm người.")
    withdraw(**act, version=1, reason="Nhầm người.")

    made.refresh_from_db()
    assert (made.status, made.reason, made.version) == ("withdrawn", "Nhầm người.", 2)
    assert clerk.notices.get().subject.endswith(f"rút một đề cử cá nhân, {dossier.phase.name}")
    with pytest.raises(NominationChanged, match="đơn vị rút đề cử"):
        withdraw(**act, version=2, reason="Nhầm người.")


def test_taken_nominations_stand_in_the_dossier_with_what_the_unit_wrote(dossier):
    by = UserFactory()
    one, other = _nominate(dossier), _nominate(dossier, person="Lê Văn Chín")
    staff = _staff(Role.COMMUNE_STAFF, one.unit.seat)

    nominees = _take(dossier, one, other, by=by)

    assert [(each.person, each.unit, each.place, each.added_by) for each in nominees] == [
        ("Trần Thị Bảy", one.unit, 1, by),
        ("Lê Văn Chín", other.unit, 2, by),
    ]
    one.refresh_from_db()
    assert (one.status, one.nominee, one.answered_by, one.version) == ("taken", nominees[0], by, 2)
    assert nominees[0].deeds == BAY["deeds"]
    (notice,) = staff.notices.all()
    assert notice.subject == f"Đề cử của {one.unit.name}, {dossier.phase.name}: 1 được đưa vào hồ sơ"
    with pytest.raises(NominationChanged, match="đã đưa vào hồ sơ"):
        _take(dossier, one)


def test_taking_one_who_is_in_the_dossier_takes_nobody_and_says_who(dossier):
    one, other = _nominate(dossier), _nominate(dossier, person="Lê Văn Chín")
    make_nominee(dossier, one.unit, kind=BAY["kind"], person="TRẦN THỊ BẢY", person_post="x", deeds="x",
                 search_text="tran thi bay")  # fmt: skip

    with pytest.raises(NomineesRefused) as refusal:
        _take(dossier, other, one)

    assert refusal.value.faults == ["Hồ sơ đã đề nghị Trần Thị Bảy; mỗi thành tích chỉ khen một lần."]
    assert dossier.nominees.count() == 1
    assert set(Nomination.objects.values_list("status", flat=True)) == {"waiting"}


def test_taking_what_the_unit_changed_meanwhile_is_refused(dossier):
    made = _nominate(dossier)
    shown = _shown(made)
    said = BAY | {"unit": made.unit, "deeds": "Khác.", "by": system_user(), "at": AT}
    change(nomination=made, version=1, **said)

    with pytest.raises(NominationChanged, match="đã sửa đề cử") as refusal:
        take(dossier=dossier, shown=shown, by=system_user(), at=AT)

    assert refusal.value.theirs.deeds == "Khác."
    assert not dossier.nominees.exists()


def test_nomination_of_the_next_district_or_of_another_phase_is_not_the_dossiers(dossier):
    beside = DistrictFactory(parent=dossier.area.parent)
    foreign = make_nomination(dossier.phase, make_unit(beside))
    elsewhere = _nominate(make_dossier())

    for nomination in (foreign, elsewhere):
        with pytest.raises(NominationRefused, match="không thuộc hồ sơ này"):
            _take(dossier, nomination)


def test_departments_nominations_go_into_the_provinces_dossier():
    commune = CommuneFactory()
    province = commune.parent.parent
    dossier = make_dossier(province)
    own = make_nomination(dossier.phase, make_unit(province, "agency"))
    lower = make_nomination(dossier.phase, make_unit(commune))

    _take(dossier, own)
    with pytest.raises(NominationRefused, match="không thuộc hồ sơ này"):
        _take(dossier, lower)

    assert dossier.nominees.get().person == BAY["person"]


def test_decline_says_why_and_works_on_a_dossier_that_was_handed_in(dossier):
    made = _nominate(dossier)
    staff = _staff(Role.COMMUNE_STAFF, made.unit.seat)
    Dossier.objects.filter(pk=dossier.pk).update(status="submitted")
    act = {"dossier": dossier, "shown": _shown(made), "by": system_user(), "at": AT}

    with pytest.raises(NominationRefused, match="lý do"):
        decline(**act, reason="")
    decline(**act, reason="Chưa rõ thành tích.")

    made.refresh_from_db()
    assert (made.status, made.reason) == ("declined", "Chưa rõ thành tích.")
    notice = staff.notices.get()
    assert "1 không đưa vào hồ sơ" in notice.subject
    assert "Chưa rõ thành tích." in notice.body
    assert notice.link == f"/nominations/{made.pk}/"


def test_unit_is_told_when_its_person_is_taken_out_again(dossier):
    made = _nominate(dossier)
    (nominee,) = _take(dossier, made)
    staff = _staff(Role.COMMUNE_STAFF, made.unit.seat)

    drop_nominee(nominee=nominee, version=1, reason="Trùng huyện khác.", by=system_user(), at=AT)

    assert "Trùng huyện khác." in staff.notices.get().body


def test_taking_fifty_takes_hardly_more_questions_than_one(dossier):
    unit = commune_of(dossier)
    one, *many = [make_nomination(dossier.phase, unit, person=f"Người {number}") for number in range(51)]
    with CaptureQueriesContext(connection) as alone:
        _take(dossier, one)

    with CaptureQueriesContext(connection) as together:
        _take(dossier, *many)

    assert len(together) <= len(alone)
    assert dossier.nominees.count() == 51


@pytest.mark.django_db(transaction=True)
def test_two_clerks_take_a_nomination_at_once_and_it_is_in_the_dossier_once():
    dossier, by = make_dossier(), system_user()
    made = _nominate(dossier)
    said: list[str] = []
    start = threading.Barrier(8)

    def act(number: int) -> None:
        try:
            start.wait()
            if number % 2:
                decline(dossier=dossier, shown=_shown(made), reason="Trùng.", by=by, at=AT)
                said.append("declined")
            else:
                _take(dossier, made, by=by)
                said.append("taken")
        except (NominationChanged, DossierRefused):
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    made.refresh_from_db()
    assert sorted(said) == sorted([made.status] + ["refused"] * 7)
    assert dossier.nominees.count() == (made.status == "taken")
