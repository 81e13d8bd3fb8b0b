"""Reminders: at the hour, to those whom it concerns, once, and made up for when nobody was there to send."""

import threading
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from core.enums import Role
from core.inbox import notices_of
from core.models import Notice
from core.people import system_user
from riskmap.counts import CountRow, post_counts
from riskmap.levels import reassess
from riskmap.models import ProvincePolicy
from riskmap.reminders import remind_due
from riskmap.tasks import remind_due as remind_due_task
from tests.factories import CommuneFactory, GrantFactory
from tests.riskmap.province import day, make_province

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
DISTRICTS = {"901": ["90101", "90102", "90103"], "902": ["90201", "90202"]}
INSTANT = timedelta(microseconds=1)


def on(hour: int, minute: int = 0, number: int = 5) -> datetime:
    return datetime.combine(day(number), time(hour, minute), tzinfo=HERE)


def live(code: str = "90", districts=DISTRICTS):
    """A province that reported everything of the day before the tests' day."""
    province = make_province(code, districts=districts)
    province.post(complete=(0, 4), at=on(10, number=4))
    reassess(on=day(4), at=on(11, number=4))
    return province


@pytest.fixture
def province(db):
    return live()


@pytest.fixture
def staff(province):
    """Someone of each kind: ``commune`` of 90101, ``district`` of 901, Sở Y tế of the province."""
    places = {
        "commune": (province.communes["90101"], Role.COMMUNE_STAFF),
        "district": (province.districts["901"], Role.DISTRICT_STAFF),
        "health": (province.area, Role.HEALTH),
    }
    return {
        name: GrantFactory(area=area, role=role, user__username=name).user
        for name, (area, role) in places.items()
    }


def subjects() -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for notice in Notice.objects.order_by("id").select_related("recipient"):
        told.setdefault(notice.recipient.username, []).append(notice.subject)
    return told


# --- When, and to whom ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (on(15) - INSTANT, set()),
        (on(15), {"commune", "district"}),
        (on(16) - INSTANT, {"commune", "district"}),
        (on(16), {"commune", "district"}),
        (on(17) - INSTANT, {"commune", "district"}),
        (on(17), {"commune", "district", "health"}),
        (on(23, 59), {"commune", "district", "health"}),
    ],
)
def test_stages_begin_at_their_very_instant(staff, at, told):
    assert remind_due(at=at) == len(told)
    assert set(subjects()) == told


def test_an_hour_before_communes_and_their_district_are_told(province, staff):
    province.post({("90102", 5): 0}, at=on(9))

    remind_due(at=on(15))

    commune, district = notices_of(staff["commune"]).get(), notices_of(staff["district"]).get()
    assert commune.subject == "Sắp đến hạn: Xã 90101 chưa báo cáo số ca ngày 06/08/2021"
    assert commune.body == ("Hạn nộp: 16:00 ngày 06/08/2021.\nKhông có ca nào cũng phải báo cáo: xin ghi 0.")
    assert commune.link == "/counts/90101/2021-08-06/"
    assert district.subject == "Sắp đến hạn: Huyện 901 còn 2/3 xã chưa báo cáo ngày 06/08/2021"
    assert district.body == "Hạn nộp: 16:00 ngày 06/08/2021.\nChưa báo cáo: Xã 90101, Xã 90103."
    assert district.link == "/reports/due/?area=901&day=2021-08-06"
    assert commune.created_at == on(15)


def test_at_the_hour_they_are_told_again_and_an_hour_after_the_province_is(province, staff):
    for at in (on(15), on(16), on(17)):
        remind_due(at=at)

    assert {name: [said.split(":")[0] for said in told] for name, told in subjects().items()} == {
        "commune": ["Sắp đến hạn", "Đến hạn"],
        "district": ["Sắp đến hạn", "Đến hạn", "Quá hạn"],
        "health": ["Quá hạn"],
    }
    health = notices_of(staff["health"]).get()
    assert health.subject == "Quá hạn: còn 5/5 xã chưa báo cáo ngày 06/08/2021"
    assert health.body == (
        "Hạn nộp: 16:00 ngày 06/08/2021.\n"
        "Huyện 901, còn 3/3: Xã 90101, Xã 90102, Xã 90103.\n"
        "Huyện 902, còn 2/2: Xã 90201, Xã 90202."
    )
    assert health.link == "/reports/due/?day=2021-08-06"


def test_who_reported_is_left_in_peace(province, staff):
    province.post({("90101", 5): 1}, at=on(16) - INSTANT)

    remind_due(at=on(16))
    assert set(subjects()) == {"district"}

    province.post({(code, 5): 0 for code in ("90102", "90103", "90201", "90202")}, at=on(16, 30))
    remind_due(at=on(17))
    assert set(subjects()) == {"district"}


def test_a_report_for_all_communes_leaves_everybody_in_peace(province, staff):
    province.post(complete=(5, 5), at=on(14))

    assert remind_due(at=on(17)) == 0


def test_counted_are_all_communes_of_the_reader_and_named_those_that_are_missing(province, staff):
    province.post({(code, 5): 0 for code in DISTRICTS["901"]}, at=on(14))

    remind_due(at=on(17))

    health = notices_of(staff["health"]).get()
    assert health.subject == "Quá hạn: còn 2/5 xã chưa báo cáo ngày 06/08/2021"
    assert "Huyện 901" not in health.body


def test_long_lists_of_several_districts_are_cut_and_say_so(db):
    codes = [f"901{number:02d}" for number in range(14)]
    province = live(districts={"901": codes, "902": ["90201"]})
    health = GrantFactory(area=province.area, role=Role.HEALTH).user

    remind_due(at=on(17))

    assert "Xã 90109 và 4 đơn vị khác.\nHuyện 902, còn 1/1" in notices_of(health).get().body


def test_person_with_several_communes_gets_one_notice(province):
    clerk = GrantFactory(area=province.communes["90101"], role=Role.COMMUNE_STAFF).user
    GrantFactory(user=clerk, area=province.communes["90201"], role=Role.COMMUNE_STAFF)

    assert remind_due(at=on(15)) == 1

    notice = notices_of(clerk).get()
    assert notice.subject == "Sắp đến hạn: 2 đơn vị chưa báo cáo số ca ngày 06/08/2021"
    assert "Chưa báo cáo: Xã 90101, Xã 90201." in notice.body
    assert notice.link == "/reports/due/?day=2021-08-06"


def test_person_with_two_roles_gets_the_notice_of_the_wider_one(province, staff):
    GrantFactory(user=staff["commune"], area=province.districts["902"], role=Role.DISTRICT_STAFF)

    remind_due(at=on(15))

    assert notices_of(staff["commune"]).get().subject.startswith("Sắp đến hạn: Huyện 902 còn 2/2")


def test_others_are_not_told(province):
    for role in (Role.VIEWER, Role.ADMINISTRATOR, Role.OPERATOR, Role.CHAIRMAN_OFFICE, Role.HOME_AFFAIRS):
        GrantFactory(area=province.area, role=role)
    GrantFactory(area=province.districts["901"], role=Role.DISTRICT_STAFF, valid_to=day(4))
    GrantFactory(area=province.districts["901"], role=Role.DISTRICT_STAFF, user__is_active=False)

    assert remind_due(at=on(17)) == 0


def test_communes_without_a_district_are_told_of_under_their_province(db):
    first = date(2025, 7, 1)
    province = make_province(districts={}, valid_from=first)
    commune = CommuneFactory(parent=province.area, code="90001", name="Xã Lẻ", valid_from=first)
    health = GrantFactory(area=province.area, role=Role.HEALTH).user
    clerk = GrantFactory(area=commune, role=Role.COMMUNE_STAFF).user
    morning = datetime.combine(first, time(9), tzinfo=HERE)
    post_counts(
        source=province.source(), rows=[CountRow(commune.pk, first, unknown_source=0)],
        reason="báo cáo", by=system_user(), at=morning,
    )  # fmt: skip
    reassess(on=first, at=morning)

    remind_due(at=morning + timedelta(days=1, hours=7))
    remind_due(at=morning + timedelta(days=1, hours=8))

    assert notices_of(clerk).get().subject == "Đến hạn: Xã Lẻ chưa báo cáo số ca ngày 02/07/2025"
    assert notices_of(health).get().subject == "Quá hạn: Tỉnh 90 còn 1/1 xã chưa báo cáo ngày 02/07/2025"


# --- Where and until when -------------------------------------------------------------------------------


def test_hour_is_the_provinces_own_and_may_be_switched_off(province, staff):
    policy = ProvincePolicy.objects.create(province=province.area, report_by=time(14, 30))

    assert remind_due(at=on(13, 30) - INSTANT) == 0
    assert remind_due(at=on(13, 30)) == 2

    policy.report_by = None
    policy.save()
    assert remind_due(at=on(17)) == 0


@pytest.mark.parametrize("due", [time(23, 30), time(23, 58)])
def test_late_hour_leaves_time_to_tell_the_province_on_the_same_day(province, staff, due):
    ProvincePolicy.objects.create(province=province.area, report_by=due)
    stage = on(23, max(due.minute, 55))

    remind_due(at=stage - INSTANT)
    assert "health" not in subjects()

    remind_due(at=stage)
    assert [subject.partition(":")[0] for subject in subjects()["health"]] == ["Quá hạn"]


@pytest.mark.parametrize(("silent_days", "told"), [(14, 2), (15, 0)])
def test_province_that_fell_silent_is_not_reminded_for_ever(province, staff, silent_days, told):
    assert remind_due(at=on(15, number=4 + silent_days)) == told


def test_province_that_never_reported_is_not_reminded(db):
    province = make_province()
    GrantFactory(area=province.communes["90101"], role=Role.COMMUNE_STAFF)

    assert remind_due(at=on(16)) == 0


def test_each_province_has_its_own_stage(province, staff):
    other = live("91", {"911": ["91101"]})
    ProvincePolicy.objects.create(province=other.area, report_by=time(17))
    neighbour = GrantFactory(
        area=other.communes["91101"], role=Role.COMMUNE_STAFF, user__username="other"
    ).user

    remind_due(at=on(16))

    assert {name: [said.split(":")[0] for said in told] for name, told in subjects().items()} == {
        "commune": ["Đến hạn"],
        "district": ["Đến hạn"],
        "other": ["Sắp đến hạn"],
    }
    assert "Xã 91101" in notices_of(neighbour).get().subject


# --- Once -----------------------------------------------------------------------------------------------


def test_nothing_is_sent_twice_however_often_the_bell_rings(staff):
    assert [remind_due(at=on(15, minute)) for minute in range(4)] == [2, 0, 0, 0]


def test_hours_without_a_worker_are_made_up_for_by_the_stage_that_is_reached(staff):
    assert remind_due(at=on(19, 30)) == 3

    assert {name: [said.split(":")[0] for said in told] for name, told in subjects().items()} == {
        "commune": ["Đến hạn"],
        "district": ["Quá hạn"],
        "health": ["Quá hạn"],
    }


def test_the_next_day_is_another_reminder(staff):
    assert [remind_due(at=on(15)), remind_due(at=on(15, number=6))] == [2, 2]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_reminder_once():
    province = live()
    for code in DISTRICTS["901"]:
        GrantFactory(area=province.communes[code], role=Role.COMMUNE_STAFF)
    GrantFactory(area=province.area, role=Role.HEALTH)
    ready, sent = threading.Barrier(3, timeout=10), []

    def work():
        try:
            ready.wait()
            sent.append(remind_due(at=on(17)))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(sent) == Notice.objects.count() == 4


@pytest.mark.parametrize("communes", [3, 30])
def test_queries_do_not_grow_with_communes_districts_or_people(db, django_assert_num_queries, communes):
    districts = {
        f"90{number}": [f"90{number}{c:02d}" for c in range(communes)] for number in range(communes // 3)
    }
    province = live(districts=districts)
    for commune in province.communes.values():
        GrantFactory(area=commune, role=Role.COMMUNE_STAFF)
    GrantFactory(area=province.area, role=Role.HEALTH)

    # provinces, policies, communes, first reports, holders of three roles, sending in a transaction
    with django_assert_num_queries(10):
        assert remind_due(at=on(17)) == len(province.communes) + 1


def test_before_the_first_stage_nothing_is_looked_up(staff, django_assert_num_queries):
    with django_assert_num_queries(2):
        remind_due(at=on(9))


def test_beat_rings_for_tasks_that_there_are(settings):
    current_app.loader.import_default_modules()

    assert set(settings.CELERY_BEAT_SCHEDULE) <= set(current_app.tasks)


def test_task_reminds_by_the_clock(province, staff, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: on(16, 5))

    remind_due_task()

    assert set(subjects()) == {"commune", "district"}
