"""Units as they are written: codes, two writers, closing; what a registration holds fast."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection

from campaign.models import Unit
from campaign.units import (
    UnitChanged,
    UnitRefused,
    UnitStillCompetes,
    close_unit,
    confirming_area,
    reopen,
    save_unit,
    save_units,
    unit_of_area,
)
from core.models import AuditEvent
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import AT, make_registration, make_unit
from tests.factories import UserFactory
from tests.riskmap.province import make_province


@pytest.fixture
def place(db):
    return make_province("90", districts={"901": ["90101", "90102"], "902": ["90201"]})


@pytest.fixture
def clerk(db):
    return UserFactory()


def company(place, **said) -> Unit:
    usual = {"seat": place.communes["90101"], "kind": "enterprise", "name": "Công ty Muối Cà Ná"}
    return Unit(**usual | said)


def test_an_organisation_gets_the_next_code_of_its_province(place, clerk):
    other = make_province("91", districts={"911": ["91101"]})
    make_unit(place.communes["90101"], "agency", code="TC0041")
    make_unit(other.communes["91101"], "agency", code="TC0900")

    first = save_unit(unit=company(place), by=clerk, at=AT)
    second = save_unit(unit=company(place, name="  Công ty   Nho "), by=clerk, at=AT)

    assert [first.code, second.code] == ["TC0042", "TC0043"]
    assert (second.name, second.province, second.version) == ("Công ty Nho", place.area, 1)
    assert AuditEvent.objects.filter(table_name="campaign_unit").latest("id").actor_id == clerk.pk


def test_codes_go_on_beyond_four_figures(place, clerk):
    make_unit(place.communes["90101"], "agency", code="TC9999")

    assert save_unit(unit=company(place), by=clerk, at=AT).code == "TC10000"


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_get_codes_of_their_own():
    place, clerk = make_province("90"), UserFactory()
    refused = []

    def write(number: int) -> None:
        try:
            save_unit(unit=company(place, name=f"Công ty {number}"), by=clerk, at=AT)
        except Exception as error:
            refused.append(error)
        finally:
            connection.close()

    writers = [Thread(target=write, args=[number]) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert not refused
    assert sorted(Unit.objects.values_list("code", flat=True)) == ["TC0001", "TC0002", "TC0003", "TC0004"]


def test_saying_the_same_again_writes_nothing(place, clerk):
    unit = save_unit(unit=company(place), by=clerk, at=AT)
    events = AuditEvent.objects.count()

    save_unit(unit=Unit.objects.get(), by=clerk, at=AT)

    assert Unit.objects.get().version == unit.version == 1
    assert AuditEvent.objects.count() == events


def test_a_second_writer_is_told_of_the_first(place, clerk):
    save_unit(unit=company(place), by=clerk, at=AT)
    mine, theirs = Unit.objects.get(), Unit.objects.get()
    theirs.head = "Trần Văn Bảy"
    save_unit(unit=theirs, by=UserFactory(), at=AT)
    mine.head = "Lê Thị Tám"

    with pytest.raises(UnitChanged):
        save_unit(unit=mine, by=clerk, at=AT)
    latest = Unit.objects.get()
    latest.head = "Lê Thị Tám"
    with pytest.raises(UnitChanged):
        save_unit(unit=latest, version=1, by=clerk, at=AT)  # what the form was filled from

    assert Unit.objects.get().head == "Trần Văn Bảy"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "…!?"},
        {"name": "x" * 201},
        {"kind": "commune"},
        {"kind": "planet"},
        {"size": 0},
        {"email": "không phải địa chỉ"},
    ],
)
def test_what_is_no_organisation_is_refused(place, clerk, wrong):
    with pytest.raises(UnitRefused):
        save_unit(unit=company(place, **wrong), by=clerk, at=AT)

    assert not Unit.objects.exists()


def test_a_name_is_taken_once_at_a_seat_while_the_unit_is_open(place, clerk):
    first = save_unit(unit=company(place), by=clerk, at=AT)

    with pytest.raises(UnitRefused, match="đã có đơn vị cùng loại"):
        save_unit(unit=company(place, name="CÔNG TY MUỐI CÀ NÁ"), by=clerk, at=AT)
    twice = [company(place, name=name, province=place.area) for name in ("Nho", "NHO")]
    with pytest.raises(UnitRefused, match="đã có đơn vị cùng loại"):
        save_units(units=twice, by=clerk, at=AT)

    close_unit(unit=first, reason="giải thể", by=clerk, at=AT)
    assert save_unit(unit=company(place), by=clerk, at=AT).code == "TC0002"


def test_marks_that_nobody_sees_make_no_other_name(place, clerk):
    save_unit(unit=company(place), by=clerk, at=AT)
    assert Unit.objects.get().name == "Công ty Muối Cà Ná"

    with pytest.raises(UnitRefused, match="đã có đơn vị cùng loại mang tên đó"):
        save_unit(unit=company(place, name="\u202eCông ty Mu\u200bối\x07 Cà\u00ad Ná\ufeff"), by=clerk, at=AT)
    other = save_unit(unit=company(place, name="Tổ\u2066 hợp\u200f"), by=clerk, at=AT)
    assert other.name == "Tổ hợp"


def test_a_seat_that_ended_takes_no_new_unit(place, clerk):
    seat = place.communes["90101"]
    seat.valid_to = AT.date() - timedelta(days=1)
    seat.save()

    with pytest.raises(UnitRefused, match="không còn trong danh mục"):
        save_unit(unit=company(place), by=clerk, at=AT)


def test_an_area_keeps_its_name_and_place_and_says_who_leads_it(place, clerk):
    commune = make_unit(place.communes["90101"])
    commune.head, commune.size = "Đạo Thanh Ký", 25
    save_unit(unit=commune, by=clerk, at=AT)

    commune.name = "Xã khác"

    with pytest.raises(UnitRefused, match="danh mục hành chính"):
        save_unit(unit=commune, by=clerk, at=AT)
    assert Unit.objects.get().head == "Đạo Thanh Ký"


def test_a_unit_stays_in_its_province(place, clerk):
    other = make_province("91", districts={"911": ["91101"]})
    unit = save_unit(unit=company(place), by=clerk, at=AT)
    unit.seat = other.communes["91101"]

    with pytest.raises(UnitRefused, match="tỉnh khác"):
        save_unit(unit=unit, by=clerk, at=AT)


def test_a_registered_unit_keeps_its_kind_and_while_it_is_in_hand_its_seat(place, clerk):
    unit = save_unit(unit=company(place), by=clerk, at=AT)
    registration = make_registration(make_campaign(province=place.area), unit, status="submitted")

    unit.seat = place.communes["90102"]
    with pytest.raises(UnitRefused, match="nơi đóng"):
        save_unit(unit=unit, by=clerk, at=AT)
    registration.status, registration.reason = "withdrawn", "thôi"
    registration.save()
    assert save_unit(unit=unit, by=clerk, at=AT).seat == place.communes["90102"]

    unit.kind = "agency"
    with pytest.raises(UnitRefused, match="không đổi loại"):
        save_unit(unit=unit, by=clerk, at=AT)


@pytest.mark.parametrize("status", ["submitted", "confirmed", "suspended"])
def test_a_unit_with_a_registration_in_hand_is_not_closed_before_the_campaign_is_over(place, clerk, status):
    unit = save_unit(unit=company(place), by=clerk, at=AT)
    campaign = make_campaign(province=place.area)
    phase = make_phase(campaign, last_day=AT.date())
    make_registration(campaign, unit, status=status)

    with pytest.raises(UnitStillCompetes, match="rút đăng ký"):
        close_unit(unit=unit, reason="giải thể", by=clerk, at=AT)

    phase.last_day = AT.date() - timedelta(days=1)
    phase.save()
    assert close_unit(unit=unit, reason=" giải  thể ", by=clerk, at=AT).closing_reason == "giải thể"


def test_an_area_is_closed_when_it_ended(place, clerk):
    unit = make_unit(place.communes["90101"])

    with pytest.raises(UnitStillCompetes, match="danh mục hành chính"):
        close_unit(unit=unit, reason="sáp nhập", by=clerk, at=AT)

    unit.seat.valid_to = AT.date() - timedelta(days=1)
    unit.seat.save()
    close_unit(unit=unit, reason="sáp nhập", by=clerk, at=AT)
    with pytest.raises(UnitRefused, match="không mở lại"):
        reopen(unit=unit, by=clerk, at=AT)


def test_a_closed_unit_is_not_changed_and_can_be_opened_again(place, clerk):
    unit = save_unit(unit=company(place), by=clerk, at=AT)
    with pytest.raises(UnitRefused, match="lý do"):
        close_unit(unit=unit, reason="  ", by=clerk, at=AT)
    close_unit(unit=unit, reason="giải thể", by=clerk, at=AT)
    unit.head = "Ai đó"
    with pytest.raises(UnitRefused, match="mở lại rồi mới sửa"):
        save_unit(unit=unit, by=clerk, at=AT)
    other = save_unit(unit=company(place), by=clerk, at=AT)

    with pytest.raises(UnitRefused, match="đã có đơn vị cùng loại"):
        reopen(unit=unit, by=clerk, at=AT)

    close_unit(unit=other, reason="nhập hai lần", by=clerk, at=AT)
    again = reopen(unit=unit, by=clerk, at=AT)
    assert (again.closed_at, again.closed_by, again.closing_reason) == (None, None, "")


def test_the_level_above_confirms(place):
    commune, district = make_unit(place.communes["90101"]), make_unit(place.districts["901"])
    office = make_unit(place.area, "agency")

    assert confirming_area(commune) == place.districts["901"]
    assert confirming_area(district) == place.area
    assert confirming_area(office) == place.area
    assert unit_of_area(place.communes["90101"]) == commune
    assert unit_of_area(place.area) is None
