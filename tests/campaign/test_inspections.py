"""Inspections and what follows them: the acts, who is told, and what urges by itself."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from campaign.follow_ups import add_follow_up, answer_follow_up, close_follow_up, reopen_follow_up
from campaign.inspection_notices import inspections_due
from campaign.inspections import (
    InspectionChanged,
    InspectionRefused,
    cancel_inspection,
    plan_inspection,
    record_visit,
)
from campaign.models import FollowUpStep, Inspection
from campaign.reminders import send_reminders
from core.enums import Role
from core.models import Notice
from tests.campaign.inspections import make_follow_up, make_inspection
from tests.campaign.plans import make_campaign, make_phase
from tests.campaign.units import make_unit
from tests.factories import GrantFactory
from tests.riskmap.province import make_province

pytestmark = pytest.mark.django_db
AT = datetime(2021, 9, 1, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = AT.date()


class Cast:
    """A campaign, a unit in a commune, those who answer for it, those who inspect, and a neighbour."""

    def __init__(self):
        self.made = make_province("90", districts={"901": ["90101"], "902": ["90201"]})
        self.campaign = make_campaign(province=self.made.area)
        make_phase(self.campaign, first_day=date(2021, 8, 15), last_day=date(2021, 9, 30))
        self.unit = make_unit(self.made.communes["90101"])
        people = {
            "commune": (Role.COMMUNE_STAFF, self.made.communes["90101"]),
            "district": (Role.DISTRICT_STAFF, self.made.districts["901"]),
            "health": (Role.HEALTH, self.made.area),
            "other_health": (Role.HEALTH, self.made.area),
            "home": (Role.HOME_AFFAIRS, self.made.area),
            "neighbour": (Role.DISTRICT_STAFF, self.made.districts["902"]),
            "viewer": (Role.VIEWER, self.made.area),
        }
        for name, (role, area) in people.items():
            setattr(self, name, GrantFactory(role=role, area=area, user__username=name).user)

    def plan(self, **said):
        usual = {"campaign": self.campaign, "unit": self.unit, "department": Role.HEALTH}
        usual |= {"purpose": "Kiểm tra chốt.", "planned_on": TODAY, "by": self.health, "at": AT}
        return plan_inspection(**usual | said)

    def visited(self):
        return make_inspection(self.unit, self.campaign, status="visited")

    def asked(self, **said):
        usual = {
            "wording": "Bố trí đủ người.",
            "due_on": TODAY + timedelta(days=9),
            "by": self.health,
            "at": AT,
        }
        return add_follow_up(inspection=self.visited(), **usual | said)


@pytest.fixture
def cast():
    return Cast()


def told(begins: str = "") -> dict[str, list[str]]:
    """Who was told, by the subject of the notices that begin so."""
    found: dict[str, list[str]] = {}
    for subject, name in Notice.objects.order_by("recipient__username").values_list(
        "subject", "recipient__username"
    ):
        if subject.startswith(begins):
            found.setdefault(subject, []).append(name)
    return found


def last_step(follow_up) -> int:
    return follow_up.steps.latest("id").pk


# --- The visit --------------------------------------------------------------------------------------------


def test_planning_tells_the_units_staff_and_nobody_else(cast):
    inspection = cast.plan()

    assert inspection.status == "planned"
    assert told() == {"Xã 90101: dự kiến kiểm tra ngày 01/09/2021": ["commune", "district"]}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (lambda cast: {"planned_on": date(2021, 8, 14)}, "planned_on"),
        (lambda cast: {"planned_on": date(2031, 9, 1)}, "planned_on"),
        (lambda cast: {"department": Role.HOME_AFFAIRS}, "department"),
        (lambda cast: {"by": cast.district}, "department"),
        (lambda cast: {"campaign": make_campaign()}, "unit"),
        (lambda cast: {"unit": make_unit(cast.made.area, "agency", closed_at=AT, closed_by=cast.home,
                                         closing_reason="Sáp nhập")}, "unit"),
    ],
)  # fmt: skip
def test_plan_that_cannot_be_is_refused(cast, said, field):
    with pytest.raises(InspectionRefused) as refusal:
        cast.plan(**said(cast))

    assert refusal.value.field == field
    assert not Inspection.objects.exists()


def record(cast, inspection, **said):
    usual = {"version": inspection.version, "visited_on": TODAY, "findings": "Tốt.", "report": None}
    return record_visit(inspection=inspection, **usual | {"by": cast.health, "at": AT} | said)


def test_recording_says_what_was_found_and_tells_the_units_staff(cast):
    inspection = record(cast, cast.plan())

    assert (inspection.status, inspection.recorded_by, inspection.version) == ("visited", cast.health, 2)
    assert told("Xã 90101: có kết quả") == {
        "Xã 90101: có kết quả kiểm tra ngày 01/09/2021": ["commune", "district"]
    }


def test_what_was_recorded_is_corrected_with_the_version_seen(cast):
    inspection = record(cast, cast.plan())

    corrected = record(cast, inspection, findings="Chốt thiếu người.", by=cast.other_health)

    assert (corrected.findings, corrected.recorded_by) == ("Chốt thiếu người.", cast.other_health)


def test_second_of_two_who_record_is_told_and_nothing_is_lost(cast):
    inspection = cast.plan()
    record(cast, inspection)

    with pytest.raises(InspectionChanged):
        record(cast, inspection, findings="Khác.", by=cast.other_health)

    assert Inspection.objects.get().findings == "Tốt."


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(2021, 8, 1)])
def test_visit_of_a_day_to_come_or_before_the_campaign_is_refused(cast, day):
    with pytest.raises(InspectionRefused) as refusal:
        record(cast, cast.plan(), visited_on=day)

    assert refusal.value.field == "visited_on"


def test_cancelled_inspection_keeps_its_reason_and_is_not_recorded(cast):
    inspection = cancel_inspection(
        inspection=cast.plan(), version=1, reason="Trùng lịch.", by=cast.health, at=AT
    )

    assert (inspection.status, inspection.reason) == ("cancelled", "Trùng lịch.")
    assert list(told("Xã 90101: hủy").values()) == [["commune", "district"]]
    with pytest.raises(InspectionRefused):
        record(cast, inspection)


def test_inspection_that_was_held_is_not_cancelled(cast):
    inspection = record(cast, cast.plan())

    with pytest.raises(InspectionRefused):
        cancel_inspection(inspection=inspection, version=2, reason="x", by=cast.health, at=AT)


# --- What follows -----------------------------------------------------------------------------------------


def test_follow_up_goes_from_asked_to_closed_with_every_step_kept(cast):
    follow_up = cast.asked()
    answered = answer_follow_up(
        follow_up=follow_up, seen=last_step(follow_up), answer="Đã bố trí.", file=None, by=cast.commune, at=AT
    )
    closed = close_follow_up(
        follow_up=answered, seen=last_step(follow_up), note="", by=cast.other_health, at=AT
    )

    assert closed.closed_by == cast.other_health
    assert [step.act for step in follow_up.steps.all()] == ["asked", "answered", "closed"]
    assert list(told("Xã 90101: có kiến nghị").values()) == [["commune", "district"]]
    assert list(told("Xã 90101 báo cáo").values()) == [["health", "other_health"]]
    assert list(told("Xã 90101: kiến nghị sau kiểm tra đã").values()) == [["commune", "district"]]


def test_follow_up_opened_again_waits_for_another_answer_and_keeps_the_first(cast):
    follow_up = cast.asked()
    answer_follow_up(
        follow_up=follow_up, seen=last_step(follow_up), answer="Đã bố trí.", file=None, by=cast.commune, at=AT
    )
    again = reopen_follow_up(
        follow_up=follow_up, seen=last_step(follow_up), reason="Vẫn thiếu.",
        due_on=TODAY + timedelta(days=20), by=cast.health, at=AT,
    )  # fmt: skip

    assert (again.answer, again.answered_at, again.due_on) == ("", None, TODAY + timedelta(days=20))
    assert [step.text for step in follow_up.steps.all()] == ["Bố trí đủ người.", "Đã bố trí.", "Vẫn thiếu."]


def test_closed_follow_up_can_be_opened_again_and_not_answered(cast):
    follow_up = cast.asked()
    for verb, said in (
        (answer_follow_up, {"answer": "Xong.", "file": None, "by": cast.commune}),
        (close_follow_up, {"note": "", "by": cast.health}),
    ):
        verb(follow_up=follow_up, seen=last_step(follow_up), at=AT, **said)
    with pytest.raises(InspectionRefused):
        answer_follow_up(
            follow_up=follow_up, seen=last_step(follow_up), answer="Thêm.", file=None, by=cast.commune, at=AT
        )

    reopened = reopen_follow_up(
        follow_up=follow_up, seen=last_step(follow_up), reason="Tái diễn.", due_on=TODAY, by=cast.home, at=AT
    )

    assert reopened.closed_at is None


def test_who_answered_does_not_close_it(cast):
    follow_up = cast.asked()
    answer_follow_up(
        follow_up=follow_up, seen=last_step(follow_up), answer="Xong.", file=None, by=cast.home, at=AT
    )

    with pytest.raises(InspectionRefused, match="không tự xác nhận"):
        close_follow_up(follow_up=follow_up, seen=last_step(follow_up), note="", by=cast.home, at=AT)


def test_what_nobody_answered_is_neither_closed_nor_opened_again(cast):
    follow_up = cast.asked()
    seen = last_step(follow_up)

    with pytest.raises(InspectionRefused):
        close_follow_up(follow_up=follow_up, seen=seen, note="", by=cast.health, at=AT)
    with pytest.raises(InspectionRefused):
        reopen_follow_up(follow_up=follow_up, seen=seen, reason="x", due_on=TODAY, by=cast.health, at=AT)


def test_step_that_somebody_else_overtook_is_refused(cast):
    follow_up = cast.asked()
    seen = last_step(follow_up)
    answer_follow_up(follow_up=follow_up, seen=seen, answer="Xong.", file=None, by=cast.commune, at=AT)

    with pytest.raises(InspectionChanged):
        answer_follow_up(follow_up=follow_up, seen=seen, answer="Khác.", file=None, by=cast.district, at=AT)


def test_follow_up_asks_for_a_visit_and_a_day_to_come(cast):
    planned = cast.plan()
    with pytest.raises(InspectionRefused):
        add_follow_up(inspection=planned, wording="x", due_on=TODAY, by=cast.health, at=AT)
    with pytest.raises(InspectionRefused) as refusal:
        cast.asked(due_on=TODAY - timedelta(days=1))

    assert refusal.value.field == "due_on"


def test_steps_are_only_added_to(cast):
    cast.asked()

    for change in (
        lambda: FollowUpStep.objects.update(text="khác"),
        lambda: FollowUpStep.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError) as refusal, transaction.atomic():
            change()
        assert refusal.value.__cause__.diag.constraint_name == "campaign_ledger_is_append_only"


# --- What urges by itself ---------------------------------------------------------------------------------


def urge(days: int) -> int:
    """Remind ``days`` after the day that is due."""
    return inspections_due(at=AT + timedelta(days=days))


def test_follow_up_urges_three_days_before_on_the_day_and_weekly_after(cast):
    make_follow_up(cast.visited(), due_on=TODAY)

    assert [urge(-4), urge(-3), urge(-1)] == [0, 2, 0], "the unit's staff, once"
    assert [urge(0), urge(0)] == [2, 0]
    assert [urge(1), urge(6)] == [2, 0], "overdue: Sở Y tế's two as well"
    assert [urge(7), urge(13), urge(14)] == [4, 0, 4]
    assert told("Sắp đến hạn") == {
        "Sắp đến hạn: Xã 90101 chưa báo cáo khắc phục, hạn 01/09/2021": ["commune", "district"]
    }


def test_stage_that_was_missed_is_made_up_for_by_the_latest_alone(cast):
    make_follow_up(cast.visited(), due_on=TODAY)

    assert urge(9) == 4
    assert list(told()) == ["Quá hạn: Xã 90101 chưa báo cáo khắc phục, hạn 01/09/2021"]


def test_answered_follow_up_urges_nobody(cast):
    make_follow_up(cast.visited(), due_on=TODAY, answer="Xong.", answered_at=AT, answered_by=cast.commune)

    assert urge(10) == 0


def test_inspection_that_is_not_held_urges_its_department_alone(cast):
    make_inspection(cast.unit, cast.campaign, planned_on=TODAY)
    cast.visited()

    assert [urge(-3), urge(0), urge(7)] == [2, 2, 2]
    assert set(map(tuple, told().values())) == {("health", "other_health")}


def test_urging_ends_eight_weeks_after_the_campaign_or_after_a_later_day(cast):
    last = cast.campaign.phases.latest("last_day").last_day
    after = (last - TODAY).days + 56
    make_follow_up(cast.visited(), due_on=TODAY)
    make_inspection(cast.unit, cast.campaign, planned_on=TODAY)

    assert urge(after) == 4 + 2
    assert urge(after + 1) == urge(after + 7) == 0, "a new week, and nobody is told"

    make_follow_up(cast.visited(), due_on=last + timedelta(days=30))
    assert [urge(after + 7), urge(after + 30), urge(after + 31), urge(after + 60)] == [4, 4, 0, 0]


def test_reminders_take_as_many_queries_for_many_as_for_one(cast, django_assert_num_queries):
    visited = cast.visited()
    for _each in range(3):
        make_follow_up(visited, due_on=TODAY)

    with django_assert_num_queries(7):  # two lists, two of holders, and the sending in its transaction
        assert urge(1) == 12


def test_campaigns_reminders_send_these_too(cast):
    make_follow_up(cast.visited(), due_on=TODAY)

    assert send_reminders(at=AT) == 2
