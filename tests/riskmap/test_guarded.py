"""The days on which a competition rests: set once, changed by name, and every change in the journal."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEvent
from core.people import system_user
from riskmap.counts import CountRow
from riskmap.guarded import PeriodRefused, guard_period
from riskmap.levels import reassess
from riskmap.models import GuardedPeriod
from riskmap.submissions import submit_counts
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_province()


def guard(province, first=0, last=9, name="Đợt 1"):
    return guard_period(
        province=province.area, name=name, first_day=day(first), last_day=day(last), by=system_user()
    )


def periods():
    return list(GuardedPeriod.objects.order_by("first_day").values_list("name", "first_day", "last_day"))


def test_guard_period_again_is_the_same_period(province):
    assert guard(province).changed
    assert not guard(province, name="  Đợt   1 ").changed

    assert periods() == [("Đợt 1", day(0), day(9))]
    assert AuditEvent.objects.filter(table_name="riskmap_guardedperiod").count() == 1


def test_guard_period_of_a_known_name_gets_the_new_days_and_the_journal_keeps_the_old(province):
    guard(province)

    assert guard(province, last=4).changed

    assert periods() == [("Đợt 1", day(0), day(4))]
    event = AuditEvent.objects.filter(table_name="riskmap_guardedperiod").order_by("-pk").first()
    assert (event.changes["old"][0]["last_day"], event.changes["new"][0]["last_day"]) == (
        day(9).isoformat(),
        day(4).isoformat(),
    )
    assert (event.actor, event.reason) == ("he-thong", "Đặt thời gian thi đua Đợt 1")


def test_two_periods_may_share_a_day(province):
    guard(province, 0, 9)
    guard(province, 9, 20, name="Đợt 2")

    assert periods() == [("Đợt 1", day(0), day(9)), ("Đợt 2", day(9), day(20))]


def test_guard_period_of_a_single_day_holds_it(province):
    province.post({(code, number): 0 for code in province.communes for number in range(4)})
    reassess(on=day(3), at=AT, provinces=[province.area])
    guard(province, 2, 2)
    wrong = [CountRow(province.communes["90101"].pk, day(2), None, 2, 0, 0)]

    submitted = submit_counts(
        source=province.source(), rows=wrong, reason="bổ sung", by=system_user(), at=AT + timedelta(hours=1)
    )

    assert submitted.held is not None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"first": 5, "last": 4}, "phải kết thúc từ ngày bắt đầu"),
        ({"name": "   "}, "từ 1 đến 120 ký tự"),
        ({"name": "x" * 121}, "từ 1 đến 120 ký tự"),
    ],
)
def test_guard_period_that_cannot_be_says_so(province, words, sentence):
    with pytest.raises(PeriodRefused, match=sentence):
        guard(province, **words)

    assert periods() == []


def command(*options):
    out = io.StringIO()
    call_command("guard_period", *options, stdout=out)
    return out.getvalue()


def test_command_writes_only_when_told(province):
    asked = ("90", "Đợt 1", "2021-09-01", "2021-09-10")

    assert "Mới kiểm tra" in command(*asked)
    assert periods() == []
    assert "Đợt 1 (01/09/2021–10/09/2021).\nĐã ghi." in command(*asked, "--commit")
    assert "đã như vậy" in command(*asked, "--commit")


def test_command_refuses_reversed_days(province):
    with pytest.raises(CommandError, match="phải kết thúc từ ngày bắt đầu") as refusal:
        command("90", "Đợt 1", "2021-09-10", "2021-09-01", "--commit")

    assert refusal.value.returncode == 2
