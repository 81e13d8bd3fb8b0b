"""The command that accepts what came in before: dry unless told otherwise, under the name of a person."""

import io

import pytest
from django.core.management import CommandError, call_command

from core.people import system_user
from riskmap.day_numbers import DayOf, numbers_of
from riskmap.day_reports import Seen, mark_sent, return_days
from riskmap.models import DayReport
from tests.factories import UserFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    made = make_province(districts={"901": ["90101", "90102"], "902": ["90201"]})
    made.post({}, complete=(0, 2))
    return made


def run(*options, by, first=0, last=9):
    out, told = io.StringIO(), io.StringIO()
    days = ["--from", day(first).isoformat(), "--to", day(last).isoformat()]
    try:
        call_command("accept_days", "90", *days, "--by", by, *options, stdout=out, stderr=told)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{told.getvalue()}{error}"
    return 0, out.getvalue()


def test_command_accepts_every_day_with_numbers_of_every_district(province):
    judge = UserFactory(username="so-y-te")

    code, out = run("--commit", by="so-y-te")

    assert code == 0
    assert "Duyệt 6 báo cáo ngày, trong đó 0 còn thiếu xã" in out
    assert DayReport.objects.filter(status="accepted", decided_by=judge).count() == 6


def test_command_without_commit_writes_nothing(province):
    UserFactory(username="so-y-te")

    code, out = run(by="so-y-te")

    assert code == 0
    assert "Duyệt 6" in out
    assert "chưa ghi gì" in out
    assert not DayReport.objects.exists()


def test_command_twice_does_nothing_the_second_time(province):
    UserFactory(username="so-y-te")
    run("--commit", by="so-y-te")

    assert "Duyệt 0 báo cáo ngày, trong đó 0 còn thiếu xã; 6 đã duyệt từ trước." in run(by="so-y-te")[1]


def test_command_refuses_the_days_a_person_entered_and_exits_3(province):
    clerk = UserFactory(username="so-y-te")
    province.post({("90201", 1): 1}, by=clerk)

    code, said = run("--commit", by="so-y-te")

    assert code == 3
    assert "Huyện 902, 02/08/2021: Bạn đã nhập số liệu của Xã 90201" in said
    assert DayReport.objects.count() == 5


def test_command_leaves_what_was_returned(province):
    judge = UserFactory(username="so-y-te")
    mark_sent(cells=[(province.communes["90201"].pk, day(1))], by=system_user(), at=AT)
    (item,) = numbers_of([DayOf(province.districts["902"].pk, day(1))]).values()
    seen = Seen(item.scope_id, item.day, item.last_post_id)
    return_days(items=[seen], reason="xem lại", by=judge, at=AT)

    assert "Duyệt 5 báo cáo ngày" in run("--commit", by="so-y-te")[1]
    assert DayReport.objects.get(scope=province.districts["902"], day=day(1)).status == "returned"


def test_command_without_numbers_accepts_nothing(province):
    UserFactory(username="so-y-te")

    assert "Duyệt 0" in run("--commit", by="so-y-te", first=5)[1]


@pytest.mark.parametrize(
    ("by", "days"), [("nobody", {}), ("he-thong", {}), ("so-y-te", {"first": 3, "last": 2})]
)
def test_command_exits_2_for_what_is_refused(province, by, days):
    system_user()
    UserFactory(username="so-y-te")

    code, said = run("--commit", by=by, **days)

    assert code == (3 if by == "he-thong" else 2)
    assert said
