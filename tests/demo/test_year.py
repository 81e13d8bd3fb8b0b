"""The demo's whole year, loaded once: what it tells, what was published, and that all of it is proved."""

import json
from collections import Counter
from datetime import date, datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from campaign.enums import RegistrationStatus
from campaign.models import (
    Campaign,
    DiaryEntry,
    Feedback,
    FollowUp,
    Inspection,
    Phase,
    RecognisedZone,
    Registration,
)
from campaign.registration_moves import is_late
from campaign.scoring.facts import KEPT_GREEN
from campaign.standing import days_of, standing_of
from core.inbox import notices_of
from core.models import Area, BoundarySet, User
from core.people import system_user
from demo.loading import load_demo
from demo.ninh_thuan.days import KINDS
from demo.ninh_thuan.simulate import FIRST_DAY, LAST_DAY, simulated
from riskmap.changes import differences_on, differing_cells
from riskmap.corrections import confirm_correction
from riskmap.disagreements import disagreements
from riskmap.edition_proof import verify_editions
from riskmap.enums import CorrectionStatus, MapView, ReportStatus, RiskLevel
from riskmap.history import levels_on
from riskmap.models import (
    Assessment,
    CorrectionRequest,
    CountEntry,
    DailyCount,
    DayReport,
    DeclaredFact,
    LevelOverride,
    LevelSpan,
    MapEdition,
    ProvincePolicy,
    StaleMark,
)
from riskmap.published import levels_published

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(240)]

AT = timezone.make_aware(datetime(2022, 1, 5, 8))
PHASE_ENDS = date(2021, 9, 7)


@pytest.fixture(scope="module", autouse=True)
def said(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield list(load_demo(by=system_user(), at=AT))
        call_command("flush", interactive=False)


@pytest.fixture
def province():
    return Area.objects.get(code="58")


def hamlet(registration):
    """Of a hamlet, no edition tells the level; it stands on what was known."""
    return registration.unit.kind == "hamlet"


def communes_by_level(province, day):
    return Counter(row.level.key for row in levels_on(province=province, day=day))


def test_demo_tells_the_story_its_readme_tells(province):
    assert communes_by_level(province, date(2021, 10, 19)) == {"new_normal": 44, "elevated": 18, "high": 3}
    assert communes_by_level(province, date(2021, 11, 12)) == {
        "new_normal": 20, "elevated": 20, "high": 19, "very_high": 6,
    }  # fmt: skip
    assert len(communes_by_level(province, date(2021, 12, 31))) == 4
    assert LevelSpan.objects.filter(
        provisional=True, level=RiskLevel.HIGH, last_day__gte=date(2021, 12, 29)
    ).exists()


def test_counts_in_force_are_those_of_the_files():
    codes, _names, counts, reported = simulated()
    known = {
        (code, FIRST_DAY.toordinal() + n): numbers
        for place, code in enumerate(codes)
        for n, numbers in enumerate(zip(*(counts[kind][place].tolist() for kind in KINDS), strict=True))
        if reported[place, n]
    }

    stored = DailyCount.objects.filter(area__kind="commune").values_list("area__code", "day", *KINDS)
    in_force = {(code, day.toordinal()): tuple(numbers) for code, day, *numbers in stored}
    assert in_force == known


def test_units_registered_before_and_in_the_first_phase_and_were_confirmed_by_a_second_person():
    registrations = Registration.objects.select_related("campaign", "unit")

    assert Counter(each.status for each in registrations) == {"confirmed": 96, "draft": 1}
    assert [each.unit.name for each in registrations if is_late(each)] == ["Xã Phước Hữu"]
    confirmed = [each for each in registrations if each.status == RegistrationStatus.CONFIRMED]
    assert all(each.starting_edition_id and each.starting_level for each in confirmed if not hamlet(each))
    assert all(each.decided_by_id != each.submitted_by_id for each in confirmed)
    returned = registrations.get(unit__name="Xã Phước Hải")
    assert [step.act for step in returned.steps.all()] == [
        "opened", "submitted", "returned", "changed", "submitted", "confirmed",
    ]  # fmt: skip


def test_first_phase_has_standings_of_every_day_on_published_and_on_known_data():
    phase = Phase.objects.get(code="dot-1", campaign__province__code="58")

    assert {view: len(days_of(phase, view)) for view in MapView} == {MapView.PUBLISHED: 10, MapView.KNOWN: 10}
    table = standing_of(phase=phase, view=MapView.PUBLISHED)
    communes = next(group for group in table.groups if group.kind == "commune")
    assert sum(communes.competing) == 61  # three never registered, one is a draft
    kept = [line.name for line in communes.lines() if line.unit_class == KEPT_GREEN and line.rank == 1]
    assert "Xã Phước Bình" in kept


def test_pledges_are_counted_to_the_province_and_say_who_is_missing():
    campaign = Campaign.objects.get(province__code="58")

    assert campaign.pledges.filter(counted_on=date(2021, 9, 20)).exists()
    silent = Area.objects.filter(path__startswith="58/", kind="commune").exclude(
        pk__in=campaign.pledges.values("area")
    )
    assert {"Xã Công Hải", "Xã Phước Kháng"} <= set(silent.values_list("name", flat=True))


def test_green_zones_came_and_went_with_the_published_colour():
    zones = RecognisedZone.objects.filter(campaign__province__code="58")

    assert set(zones.values_list("ended_because", flat=True)) == {"", "colour"}
    assert not zones.filter(unit__name="Thị trấn Khánh Hải").exists()  # one condition was found lacking
    assert zones.filter(ended_at__isnull=True).exists()


def test_every_queue_of_the_campaign_has_something_in_it():
    assert Counter(Feedback.objects.values_list("status", flat=True)) == {
        "answered": 2, "set_aside": 1, "received": 1,
    }  # fmt: skip
    assert Counter(Inspection.objects.values_list("status", flat=True)) == {"visited": 2, "planned": 1}
    assert FollowUp.objects.filter(answered_at__isnull=True, due_on__lt=LAST_DAY).exists()
    assert Counter(DiaryEntry.objects.values_list("status", flat=True)) == {"approved": 2, "submitted": 1}


def test_demo_is_marked_as_simulated_and_drawn(province):
    assert ProvincePolicy.objects.get(province=province).simulated
    assert BoundarySet.objects.get(province=province).schematic
    assert Assessment.objects.get(province=province).frames is not None
    assert not StaleMark.objects.exists()


def test_demo_again_does_nothing(said):
    assert "Tháng 09/2021: 73 lần báo cáo, 30 lần duyệt, 30 bản đồ công bố." in said
    assert not any("không sống lại được" in line for line in said)
    rows = CountEntry.objects.count()

    assert list(load_demo(by=system_user(), at=AT)) == []
    assert CountEntry.objects.count() == rows


def test_every_day_was_published_by_the_health_department(province):
    editions = MapEdition.objects.filter(province=province).order_by("number")

    assert [edition.day for edition in editions] == [
        date.fromordinal(n) for n in range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1)
    ]
    assert {edition.published_by.username for edition in editions} == {"so-y-te"}
    assert {edition.published_at.year for edition in editions} == {2021}


def test_phase_ended_with_a_commune_shown_orange_that_was_green(province):
    differences = differences_on(province=province, day=PHASE_ENDS, on=AT.date())

    seen = {
        row.published.name: (
            row.published.level, row.known.level, {each.reason for each in row.corrections}
        )
        for row in differences
    }  # fmt: skip
    assert seen == {
        "Phường Mỹ Hải": (RiskLevel.HIGH, RiskLevel.NEW_NORMAL, {"Trùng mã ca bệnh"}),
        "Phường Tấn Tài": (RiskLevel.ELEVATED, RiskLevel.NEW_NORMAL, {"Trùng mã ca bệnh"}),
        "Phường Mỹ Bình": (RiskLevel.ELEVATED, RiskLevel.NEW_NORMAL, {"Trùng mã ca bệnh"}),
        "Xã Phước Diêm": (RiskLevel.ELEVATED, RiskLevel.NEW_NORMAL, {"Ca chuyển sang nơi cư trú"}),
        "Xã Cà Ná": (RiskLevel.NEW_NORMAL, RiskLevel.ELEVATED, {"Ca chuyển sang nơi cư trú"}),
    }


def test_phase_end_shows_who_had_not_reported(province):
    shown = levels_published(province=province, day=PHASE_ENDS)

    assert {row.name for row in shown if row.provisional} == {"Xã Tri Hải", "Xã Phước Chính"}
    assert not any(row.provisional for row in levels_on(province=province, day=PHASE_ENDS))


def test_published_and_known_are_the_same_on_most_days(province):
    cells = differing_cells(province=province, kind="commune", first=FIRST_DAY, last=LAST_DAY)

    days = {day for _code, day in cells}
    assert 40 <= len(days) <= 65
    assert {date(2021, 9, n) for n in range(5, 11)} <= days
    assert date(2021, 12, 31) in days
    assert max(Counter(day for _code, day in cells).values()) <= 15


def test_hamlets_have_levels_of_their_own(province):
    rows = levels_on(province=province, day=date(2021, 8, 17), kinds=["hamlet"])

    assert len(rows) == 19
    assert {row.level.key for row in rows if row.parent_name == "Phường Đạo Long"} >= {"very_high", "high"}
    assert {row.level.key for row in rows if row.parent_name == "Xã Thành Hải"} == {"new_normal"}


def test_journal_and_editions_are_proved():
    call_command("verify_audit")

    proof = verify_editions(replay=True)
    assert (proof.editions, proof.faults, proof.differing) == (153, [], [])


# --- Approval, sources, and what people said ------------------------------------------------------------


def unapproved_in(edition):
    communes = json.loads(bytes(edition.payload.body))["layers"]["commune"]
    return {row["code"] for row in communes if row.get("unapproved")}


def test_every_day_was_accepted_but_those_that_wait(province):
    reports = DayReport.objects.filter(scope__parent=province)

    assert Counter(reports.values_list("status", flat=True)) == {
        ReportStatus.ACCEPTED: 153 * 7 - 3, ReportStatus.SENT: 2, ReportStatus.RETURNED: 1,
    }  # fmt: skip
    waiting = reports.exclude(status=ReportStatus.ACCEPTED).order_by("day", "scope__code")
    assert [(report.scope.name, report.day.day, report.status) for report in waiting] == [
        ("Huyện Ninh Phước", 30, ReportStatus.RETURNED),
        ("Thành phố Phan Rang-Tháp Chàm", 31, ReportStatus.SENT),
        ("Huyện Ninh Phước", 31, ReportStatus.SENT),
    ]
    assert not reports.filter(decided_by__username="he-thong").exists()


def test_editions_say_which_communes_rest_on_numbers_nobody_had_accepted(province):
    of = {edition.day: unapproved_in(edition) for edition in MapEdition.objects.select_related("payload")}
    within = {
        code: set(Area.objects.filter(parent__code=code).values_list("code", flat=True))
        for code in ("582", "587", "588")
    }

    assert of[date(2021, 8, 13)] == set()
    assert of[date(2021, 8, 14)] == within["588"] - {"22849"}  # Xã Lợi Hải had not reported
    assert len(of[date(2021, 8, 22)]) == 0  # nobody had reported
    assert of[date(2021, 11, 8)] == within["587"]
    assert of[date(2021, 12, 31)] == within["582"] | within["587"]
    assert sum(bool(communes) for communes in of.values()) == 15


def test_correction_waits_for_a_second_person_who_can_confirm_it_today(province):
    request = CorrectionRequest.objects.get(status=CorrectionStatus.WAITING)
    assert (request.area.name, request.requested_by.username) == ("Xã An Hải", "ninh-phuoc")

    confirm_correction(request=request, by=User.objects.get(username="so-y-te-2"), at=AT)

    assert DailyCount.objects.get(area=request.area, day=date(2021, 12, 31)).unknown_source == 1


def test_corrections_of_the_phases_had_a_second_person():
    confirmed = CorrectionRequest.objects.filter(status=CorrectionStatus.CONFIRMED)

    assert {request.decided_by.username for request in confirmed} == {"so-y-te-2"}
    assert {request.requested_by.username for request in confirmed} == {"ninh-phuoc", "he-thong"}
    assert all(request.document for request in confirmed)
    assert confirmed.count() == 16


def test_days_on_which_two_sources_differ_wait_for_a_choice(province):
    communes = Area.objects.under(province).of_kind("commune").values_list("pk", flat=True)

    assert len(disagreements(areas=list(communes), first=FIRST_DAY, last=LAST_DAY)) == 5


def test_decided_level_is_the_level_of_its_days(province):
    decision = LevelOverride.objects.get()
    assert (decision.area.name, decision.confirmed_by.username) == ("Thị trấn Khánh Hải", "so-y-te-2")

    for day, decided in ((date(2021, 12, 10), True), (date(2021, 12, 18), False)):
        (row,) = (row for row in levels_on(province=province, day=day) if row.name == "Thị trấn Khánh Hải")
        assert (row.level == RiskLevel.HIGH) is decided


def test_one_declared_fact_is_confirmed_and_one_waits():
    facts = DeclaredFact.objects.order_by("declared_at")

    assert [fact.confirmed_by and fact.confirmed_by.username for fact in facts] == ["so-y-te-2", None]


def test_inboxes_hold_what_is_new_and_have_been_read_before_that():
    unread = {
        username: [
            notice.subject for notice in notices_of(User.objects.get(username=username)) if not notice.read_at
        ]
        for username in ("ninh-phuoc", "so-y-te-2")
    }

    assert unread["ninh-phuoc"] == ["Huyện Ninh Phước: số liệu ngày 30/12/2021 bị trả lại"]
    assert unread["so-y-te-2"][0] == "Đính chính chờ người thứ hai xác nhận: Xã An Hải"
    assert len(unread["so-y-te-2"]) <= 6
