"""Reminders: at the exact instants, the nearest alone, once, to those not ready; and the digest of a day."""

import threading
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.models import Dossier, OpinionRequest
from awards.reminder_words import left
from awards.reminders import remind_due, stage_of
from awards.tasks import remind_due as task
from campaign.models import Phase
from core.enums import Role
from core.models import Notice
from core.people import system_user
from tests.awards.dossiers import (
    AT,
    DEADLINE,
    make_dossier,
    make_nominee,
    make_permit,
    make_ready,
    make_step,
)
from tests.awards.nominations import commune_of, make_nomination
from tests.factories import CommuneFactory, DistrictFactory, GrantFactory

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
MOMENT = timedelta(microseconds=1)
BEFORE = {
    "7d": timedelta(days=7),
    "3d": timedelta(days=3),
    "1d": timedelta(days=1),
    "3h": timedelta(hours=3),
}


@pytest.fixture
def dossier() -> Dossier:
    """A draft with nothing in it, and a district's clerk; its deadline is at midnight."""
    made = make_dossier()
    made.clerk = GrantFactory(role=Role.DISTRICT_STAFF, area=made.area).user
    return made


def _remind(at) -> list[Notice]:
    """What is sent now, without the digests."""
    newest = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    remind_due(at=at)
    return list(Notice.objects.filter(pk__gt=newest, key__startswith="due-").order_by("pk"))


def _stages(notices) -> list[str]:
    return [each.key.rpartition("-")[2] for each in notices]


def _digests(at) -> list[Notice]:
    newest = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    remind_due(at=at)
    return list(Notice.objects.filter(pk__gt=newest, key__startswith="dossier-digest").order_by("pk"))


def _morning(number: int, hour: int = 7) -> datetime:
    return datetime.combine(datetime(2021, 9, number), time(hour), HERE)


@pytest.mark.parametrize(("stage", "before"), BEFORE.items())
def test_stage_is_reached_at_its_instant_and_not_a_microsecond_before(stage, before):
    earlier = {"7d": None, "3d": "7d", "1d": "3d", "3h": "1d"}

    assert stage_of(DEADLINE, at=DEADLINE - before) == stage
    assert stage_of(DEADLINE, at=DEADLINE - before - MOMENT) == earlier[stage]
    assert stage_of(DEADLINE, at=DEADLINE - MOMENT) == "3h"
    assert stage_of(DEADLINE, at=DEADLINE) is None


def test_clerk_is_reminded_at_each_stage_once_and_at_the_deadline_no_more(dossier):
    sent = []
    for before in BEFORE.values():
        assert _remind(DEADLINE - before - MOMENT) == []
        now = _remind(DEADLINE - before)
        assert _remind(DEADLINE - before) == []
        sent += now

    assert _stages(sent) == list(BEFORE)
    assert {each.recipient for each in sent} == {dossier.clerk}
    assert [each.subject.partition(":")[0] for each in sent] == [
        "Còn 7 ngày",
        "Còn 3 ngày",
        "Còn 1 ngày",
        "Còn 3 giờ",
    ]
    assert _remind(DEADLINE - MOMENT) == []
    assert _remind(DEADLINE) == []


def test_late_run_sends_the_nearest_stage_alone(dossier):
    assert _stages(_remind(DEADLINE - timedelta(hours=30))) == ["3d"]
    assert _stages(_remind(DEADLINE - timedelta(hours=1, minutes=10))) == ["3h"]
    assert "Còn 1 giờ 10 phút" in Notice.objects.order_by("-pk").first().subject


def test_reminder_says_what_is_lacking_and_names_no_person(dossier):
    unit = commune_of(dossier)
    make_nomination(dossier.phase, unit)
    person = {"kind": "bang-khen-tinh-ca-nhan", "person": "Lê Văn Chín", "person_post": "Y tá", "deeds": "x"}
    make_nominee(dossier, unit, search_text="le van chin", **person)

    (notice,) = _remind(DEADLINE - timedelta(days=3))

    assert "Nhận hồ sơ trước 00:00 ngày 08/09/2021, theo đồng hồ máy chủ." in notice.body
    assert "- Tờ trình: chưa soạn." in notice.body
    assert "còn 1 đối tượng chưa đủ" in notice.body
    assert "Còn 1 đề cử cá nhân chưa trả lời." in notice.body
    assert "Chín" not in notice.body
    assert "Bảy" not in notice.body
    assert notice.link == f"/dossiers/{dossier.pk}/check/"


def test_ready_dossier_is_reminded_of_handing_in_and_one_handed_in_of_nothing(dossier):
    make_ready(dossier)
    (notice,) = _remind(DEADLINE - timedelta(days=3))
    assert "Đủ giấy tờ, chỉ còn nộp." in notice.body

    Dossier.objects.filter(pk=dossier.pk).update(status="submitted")
    assert _remind(DEADLINE - timedelta(hours=3)) == []


def test_district_without_a_dossier_is_reminded_and_one_that_took_it_back(dossier):
    beside = DistrictFactory(parent=dossier.area.parent)
    clerk = GrantFactory(role=Role.DISTRICT_STAFF, area=beside).user
    Dossier.objects.filter(pk=dossier.pk).update(status="withdrawn")

    sent = {each.recipient: each for each in _remind(DEADLINE - timedelta(days=1))}

    assert "Chưa lập hồ sơ." in sent[clerk].body
    assert "Hồ sơ đã rút" in sent[dossier.clerk].body
    assert {each.link for each in sent.values()} == {"/dossiers/"}


def test_where_a_district_has_nobody_the_province_is_told(dossier):
    DistrictFactory(parent=dossier.area.parent)
    home_affairs = GrantFactory(role=Role.HOME_AFFAIRS, area=dossier.area.parent).user

    sent = _remind(DEADLINE - timedelta(days=1))

    assert [each.recipient for each in sent].count(home_affairs) == 1
    assert [each.recipient for each in sent].count(dossier.clerk) == 1


def test_deadline_that_is_moved_is_another_occasion(dossier):
    _remind(DEADLINE - timedelta(days=3))
    later = DEADLINE + timedelta(days=2)
    Phase.objects.filter(pk=dossier.phase_id).update(dossier_deadline=later)

    assert _stages(_remind(later - timedelta(days=3))) == ["3d"]


def test_return_is_reminded_before_its_own_instant(dossier):
    Dossier.objects.filter(pk=dossier.pk).update(status="returned")
    due = DEADLINE + timedelta(days=5)
    asked = [{"item": "submission", "words": "Ghi rõ căn cứ."}]
    make_step(dossier, act="return", after="returned", due=due, asked=asked, taken_at=DEADLINE)

    assert _remind(due - timedelta(days=3) - MOMENT)[0].key.endswith("-7d")
    (notice,) = _remind(due - timedelta(days=3))

    assert notice.key.startswith("due-return-")
    assert "Nhận bản bổ sung trước 00:00 ngày 13/09/2021" in notice.body
    assert "Tờ trình: chưa soạn." in notice.body
    assert _remind(due) == []


def test_permit_is_reminded_from_the_deadline_until_it_is_used(dossier):
    expires = DEADLINE + timedelta(days=4)
    permit = make_permit(dossier, expires_at=expires)

    assert not any("permit" in each.key for each in _remind(DEADLINE - timedelta(hours=1)))
    (first,) = _remind(DEADLINE)
    assert (first.key.startswith("due-permit-"), _stages([first])) == (True, ["7d"])
    (second,) = _remind(expires - timedelta(hours=3))
    assert "Được nộp muộn một lần, trước 00:00 ngày 12/09/2021" in second.body
    permit.used_at, permit.used_by = expires - timedelta(hours=2), system_user()
    permit.save()
    assert _remind(expires - timedelta(hours=1)) == []


def test_health_is_reminded_of_an_opinion_until_it_is_answered(dossier):
    health = GrantFactory(role=Role.HEALTH, area=dossier.area.parent).user
    due = AT + timedelta(days=1)
    request = OpinionRequest.objects.create(
        phase=dossier.phase, due=due, asked_at=AT - timedelta(days=9), asked_by=system_user()
    )

    at = due - timedelta(days=1)
    told = [each for each in _remind(at) if "opinion" in each.key]
    assert [(each.recipient, each.link) for each in told] == [(health, f"/opinions/{request.pk}/")]
    request.answered_at, request.answered_by, request.document_number = at, health, "1/SYT"
    request.save()
    assert not any("opinion" in each.key for each in _remind(due - timedelta(hours=3)))


def test_commune_that_nominated_nobody_is_reminded_until_it_does(dossier):
    silent, spoken = commune_of(dossier), commune_of(dossier)
    clerks = [GrantFactory(role=Role.COMMUNE_STAFF, area=unit.seat).user for unit in (silent, spoken)]
    make_nomination(dossier.phase, spoken)

    told = [each for each in _remind(DEADLINE - timedelta(days=7)) if "nominate" in each.key]
    assert [(each.recipient, each.link) for each in told] == [(clerks[0], "/nominations/")]
    assert "Không có ai để đề cử thì không phải làm gì." in told[0].body

    make_nomination(dossier.phase, silent)
    assert not any("nominate" in each.key for each in _remind(DEADLINE - timedelta(days=3)))


def test_commune_of_a_district_that_handed_in_is_left_alone(dossier):
    unit = commune_of(dossier)
    GrantFactory(role=Role.COMMUNE_STAFF, area=unit.seat)
    Dossier.objects.filter(pk=dossier.pk).update(status="submitted")

    assert _remind(DEADLINE - timedelta(days=1)) == []


def test_digest_comes_in_the_morning_once_a_day_with_all_that_is_open(dossier):
    make_nomination(dossier.phase, commune_of(dossier))

    assert _digests(_morning(2) - MOMENT) == []
    (notice,) = _digests(_morning(2))
    assert _digests(_morning(2, 9)) == []
    assert len(_digests(_morning(3, 15))) == 1  # after hours without a worker

    assert notice.recipient == dossier.clerk
    assert notice.subject == f"Việc khen thưởng còn mở của {dossier.area.name}, ngày 02/09/2021"
    assert "hạn 00:00 ngày 08/09/2021" in notice.body
    assert "Hồ sơ chưa nộp, đủ 0/2 giấy tờ." in notice.body
    assert "Tờ trình: chưa soạn." in notice.body
    assert "1 đề cử cá nhân chờ trả lời." in notice.body


def test_digest_tells_a_return_and_says_when_it_is_overdue(dossier):
    Dossier.objects.filter(pk=dossier.pk).update(status="returned")
    due = _morning(12, 0)
    asked = [{"item": "submission", "words": "x"}]
    make_step(dossier, act="return", after="returned", due=due, asked=asked, taken_at=DEADLINE)

    (early,), (late,) = _digests(_morning(10)), _digests(_morning(13))

    assert "Sở Nội vụ trả lại hồ sơ để bổ sung." in early.body
    assert "đã quá hạn" in late.body
    assert _digests(_morning(25)) == []


def test_nothing_open_or_begun_only_today_makes_no_digest(dossier):
    Dossier.objects.filter(pk=dossier.pk).update(status="submitted")
    assert _digests(_morning(2)) == []

    Dossier.objects.filter(pk=dossier.pk).update(status="draft", opened_at=_morning(2, 10))
    assert _digests(_morning(2, 11)) == []
    assert len(_digests(_morning(3))) == 1


def test_draft_past_its_deadline_is_in_no_digest_but_its_nominations_are_for_a_week(dossier):
    make_nomination(dossier.phase, commune_of(dossier))

    (notice,) = _digests(_morning(10))

    assert "chưa nộp" not in notice.body
    assert "1 đề cử cá nhân chờ trả lời." in notice.body
    assert _digests(_morning(16)) == []


def test_reminders_of_twenty_districts_take_as_many_questions_as_of_one(dossier):
    remind_due(at=_morning(4))
    with CaptureQueriesContext(connection) as one:
        remind_due(at=DEADLINE - timedelta(days=3))
    for _number in range(20):
        district = DistrictFactory(parent=dossier.area.parent)
        GrantFactory(role=Role.DISTRICT_STAFF, area=district)
        more = make_dossier(district, dossier.phase)
        make_nominee(more)
        make_nomination(dossier.phase, commune_of(more))
        CommuneFactory(parent=district)

    with CaptureQueriesContext(connection) as many:
        assert remind_due(at=DEADLINE - timedelta(days=1)) >= 21

    assert len(many) <= len(one) + 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_everybody_once():
    dossier = make_dossier()
    clerks = [GrantFactory(role=Role.DISTRICT_STAFF, area=dossier.area).user for _number in range(3)]
    start = threading.Barrier(6)

    def work() -> None:
        try:
            start.wait()
            remind_due(at=DEADLINE - timedelta(days=2, hours=15))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    for prefix in ("due-phase-", "dossier-digest-"):
        sent = Notice.objects.filter(key__startswith=prefix).values_list("recipient", flat=True)
        assert sorted(sent) == sorted(clerk.pk for clerk in clerks), prefix


def test_task_is_rung_by_beat_and_sends_nothing_where_nothing_is_due(settings):
    assert settings.CELERY_BEAT_SCHEDULE["awards.remind_due"]["task"] == task.name

    task()

    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(days=7), "7 ngày"),
        (timedelta(days=2, hours=5, minutes=3), "2 ngày 5 giờ"),
        (timedelta(hours=3), "3 giờ"),
        (timedelta(minutes=40), "40 phút"),
        (timedelta(seconds=59), "chưa đến 1 phút"),
    ],
)
def test_time_that_is_left_is_said_shortly(before, words):
    assert left(DEADLINE, at=DEADLINE - before) == words
