"""Submissions: new words are posted; changed ones need a reason, leave, a document, or a second person."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core.enums import Role
from core.models import Area, Notice
from riskmap.corrections import (
    CorrectionUndecidable,
    confirm_correction,
    refuse_correction,
    withdraw_correction,
)
from riskmap.count_days import Counted
from riskmap.counts import CountRow, post_counts
from riskmap.day_reports import mark_sent
from riskmap.editions import publish
from riskmap.entry_source import entry_source
from riskmap.enums import CorrectionStatus, ReportAct, ReportStatus, RiskLevel
from riskmap.levels import reassess
from riskmap.models import (
    CorrectionRequest,
    CountEntry,
    CountPost,
    DailyCount,
    DayReport,
    DayReportStep,
    GuardedPeriod,
    LockException,
)
from riskmap.row_changes import check_rows, compare_rows
from riskmap.submissions import SubmissionRefused, submit_counts
from tests.factories import GrantFactory, HamletFactory, UserFactory
from tests.riskmap.province import AT, day, make_province

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def clerk():
    return UserFactory(username="clerk")


@pytest.fixture
def doctor():
    return UserFactory(username="doctor")


@pytest.fixture
def province():
    made = make_province(borders=[("90101", "90102")])
    made.post(complete=(0, 5))
    reassess(on=day(5), at=AT, provinces=[made.area])
    return made


@pytest.fixture
def source(province, clerk):
    made = entry_source(province=province.area, by=clerk)
    province.sources[made.name] = made
    return made


def row(province, code, number, cases=0, **said):
    return CountRow(province.communes[code].pk, day(number), unknown_source=cases, **said)


def accept(province, number, doctor):
    """Accept the day as it stands, by hand: the verb has its own tests."""
    last = CountPost.objects.latest("pk")
    DayReport.objects.update_or_create(
        scope=province.districts["901"],
        day=day(number),
        defaults={
            "status": ReportStatus.ACCEPTED,
            "accepted_post": last,
            "sent_at": AT,
            "sent_by": last.posted_by,
            "decided_at": AT,
            "decided_by": doctor,
        },
    )


def allow(area, number, doctor, **said):
    return LockException.objects.create(
        area=area,
        day=day(number),
        reason="báo cáo nhầm",
        granted_by=doctor,
        **({"granted_at": AT - HOUR, "expires_at": AT + HOUR} | said),
    )


def test_first_word_is_posted_and_sends_the_report(province, source, clerk):
    done = submit_counts(
        source=source, rows=[row(province, "90101", 5, 2, tests=40, suspected=1)], by=clerk, at=AT
    )

    assert (done.posted.new, done.posted.corrected, done.held) == (1, 0, None)
    entry = CountEntry.objects.get(post=done.posted.post_id)
    assert (entry.unknown_source, entry.tests, entry.suspected) == (2, 40, 1)
    report = DayReport.objects.get()
    assert (report.scope, report.day, report.status) == (province.districts["901"], day(5), ReportStatus.SENT)
    assert report.sent_by == clerk
    assert report.complete  # the others were covered by a report of zero
    assert [step.act for step in DayReportStep.objects.all()] == [ReportAct.SENT]


def test_report_with_a_silent_commune_is_not_complete(clerk):
    province = make_province()
    source = entry_source(province=province.area, by=clerk)

    submit_counts(source=source, rows=[row(province, "90101", 5)], by=clerk, at=AT)

    assert not DayReport.objects.get().complete


def test_report_of_a_day_before_the_oldest_list_of_units_is_not_complete_by_that(clerk):
    province = make_province()
    source = entry_source(province=province.area, by=clerk)
    Area.objects.filter(path__startswith=province.area.path).update(valid_from=day(7))

    submit_counts(source=source, rows=[row(province, "90101", 5)], by=clerk, at=AT)

    assert not DayReport.objects.get().complete


def test_the_same_again_posts_nothing_and_sends_nothing(province, source, clerk):
    rows = [row(province, "90101", 5, 2)]
    submit_counts(source=source, rows=rows, by=clerk, at=AT)

    done = submit_counts(source=source, rows=rows, by=clerk, at=AT + HOUR)

    assert done.posted is None
    assert DayReport.objects.get().sent_at == AT
    assert DayReportStep.objects.count() == 1


def test_change_without_a_reason_is_refused_with_its_cell_and_nothing_is_written(province, source, clerk):
    submit_counts(source=source, rows=[row(province, "90101", 5, 2)], by=clerk, at=AT)

    rows = [row(province, "90101", 5, 3), row(province, "90102", 5, 1)]
    with pytest.raises(SubmissionRefused) as refusal:
        submit_counts(source=source, rows=rows, by=clerk, at=AT)

    (fault,) = refusal.value.faults
    assert (fault.area_id, fault.day, fault.code) == (
        province.communes["90101"].pk,
        day(5),
        "reason_needed",
    )
    assert "Xã 90101" in fault.message
    assert CountEntry.objects.filter(source=source).count() == 1


def test_change_with_a_reason_is_posted(province, source, clerk):
    submit_counts(source=source, rows=[row(province, "90101", 5, 2)], by=clerk, at=AT)

    done = submit_counts(
        source=source, rows=[row(province, "90101", 5, 3)], reason=" đếm  lại ", by=clerk, at=AT
    )

    assert done.posted.corrected == 1
    assert CountPost.objects.get(pk=done.posted.post_id).reason == "đếm lại"
    assert DailyCount.objects.get(area=province.communes["90101"], day=day(5)).unknown_source == 3


def test_accepted_day_is_locked_without_an_exception(province, source, clerk, doctor):
    submit_counts(source=source, rows=[row(province, "90101", 5, 2)], by=clerk, at=AT)
    accept(province, 5, doctor)
    rows = [row(province, "90101", 5, 3), row(province, "90101", 4, 1)]

    faults = check_rows(source=source, rows=rows, reason="đếm lại", document="12/BC", at=AT)

    assert [(fault.day, fault.code) for fault in faults] == [(day(5), "day_locked")]
    with pytest.raises(SubmissionRefused):
        submit_counts(source=source, rows=rows, reason="đếm lại", document="12/BC", by=clerk, at=AT)


def test_accepted_day_is_changed_under_an_exception_with_a_document(province, source, clerk, doctor):
    submit_counts(source=source, rows=[row(province, "90101", 5, 2)], by=clerk, at=AT)
    accept(province, 5, doctor)
    allow(province.communes["90101"], 5, doctor)
    rows = [row(province, "90101", 5, 3)]

    (fault,) = check_rows(source=source, rows=rows, reason="đếm lại", document="", at=AT)
    assert fault.code == "document_needed"
    done = submit_counts(source=source, rows=rows, reason="đếm lại", document="12/BC", by=clerk, at=AT)

    assert CountPost.objects.get(pk=done.posted.post_id).document == "12/BC"
    report = DayReport.objects.get(day=day(5))
    assert report.status == ReportStatus.SENT  # it waits for acceptance again …
    assert report.accepted_post is not None  # … and stays locked


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"expires_at": AT + timedelta(microseconds=1)}, None),
        ({"expires_at": AT}, "day_locked"),
        ({"granted_at": AT}, None),
        ({"granted_at": AT + timedelta(microseconds=1)}, "day_locked"),
    ],
)
def test_exception_holds_from_its_grant_until_it_expires(province, source, clerk, doctor, said, code):
    submit_counts(source=source, rows=[row(province, "90101", 5, 2)], by=clerk, at=AT)
    accept(province, 5, doctor)
    allow(province.districts["901"], 5, doctor, **said)

    faults = check_rows(
        source=source, rows=[row(province, "90101", 5, 3)], reason="đếm lại", document="12/BC", at=AT
    )

    assert [fault.code for fault in faults] == ([code] if code else [])


def test_ended_exception_opens_nothing(province, source, clerk, doctor):
    submit_counts(source=source, rows=[row(province, "90101", 5, 2)], by=clerk, at=AT)
    accept(province, 5, doctor)
    allow(province.communes["90101"], 5, doctor, ended_at=AT - HOUR / 2, ended_by=doctor)

    (fault,) = check_rows(
        source=source, rows=[row(province, "90101", 5, 3)], reason="đếm lại", document="12/BC", at=AT
    )

    assert fault.code == "day_locked"


def test_change_that_is_recorded_after_a_cut_off_needs_leave_at_that_instant(province, source, clerk, doctor):
    submit_counts(source=source, rows=[row(province, "90101", 5, 2)], by=clerk, at=AT - 2 * HOUR)
    accept(province, 5, doctor)
    allow(province.communes["90101"], 5, doctor, expires_at=AT)
    publish(province=province.area, cut_off=AT, at=AT, by=doctor)

    with pytest.raises(SubmissionRefused) as refused:  # came before the cut-off, and waited for the edition
        submit_counts(
            source=source,
            rows=[row(province, "90101", 5, 3)],
            reason="đếm lại",
            document="12/BC",
            by=clerk,
            at=AT - timedelta(microseconds=1),
        )

    assert [fault.code for fault in refused.value.faults] == ["day_locked"]


def test_database_refuses_what_goes_around_the_door(province, source, clerk, doctor):
    submit_counts(source=source, rows=[row(province, "90101", 5, 2)], by=clerk, at=AT)
    accept(province, 5, doctor)

    with pytest.raises(IntegrityError, match="đã duyệt và khóa"), transaction.atomic():
        post_counts(source=source, rows=[row(province, "90101", 5, 3)], reason="đếm lại", by=clerk, at=AT)
    allow(province.communes["90101"], 5, doctor)
    with pytest.raises(IntegrityError, match="số văn bản"), transaction.atomic():
        post_counts(source=source, rows=[row(province, "90101", 5, 3)], reason="đếm lại", by=clerk, at=AT)


def test_complete_report_does_not_zero_an_accepted_day(province, source, clerk, doctor):
    submit_counts(
        source=source, rows=[row(province, "90101", 4, 2), row(province, "90101", 5, 2)], by=clerk, at=AT
    )
    accept(province, 5, doctor)
    posted = province.post({("90102", 4): 1}, complete=(4, 5), source=source.name)

    assert posted.zeroed == 1
    words = {
        entry.day: entry.unknown_source
        for entry in CountEntry.objects.filter(source=source, area=province.communes["90101"]).order_by("id")
    }
    assert words == {day(4): 0, day(5): 2}


def guard(province, first=0, last=5):
    return GuardedPeriod.objects.create(
        province=province.area, name="Đợt 1", first_day=day(first), last_day=day(last)
    )


def held(province, source, clerk, cases=0):
    submit_counts(source=source, rows=[row(province, "90101", 3, 2)], by=clerk, at=AT)
    reassess(on=day(5), at=AT, provinces=[province.area])
    guard(province)
    rows = [row(province, "90101", 3, cases), row(province, "90103", 3, 0)]
    return submit_counts(source=source, rows=rows, reason="nhập nhầm", by=clerk, at=AT + HOUR)


def test_correction_that_moves_a_competed_colour_waits_and_the_rest_is_posted(province, source, clerk):
    done = held(province, source, clerk)

    assert (done.posted.new, done.posted.corrected) == (1, 0)
    assert done.held.status == CorrectionStatus.WAITING
    assert DailyCount.objects.get(area=province.communes["90101"], day=day(3)).unknown_source == 2
    changes = {(each["code"], each["before"], each["after"]) for each in done.held.impact["changes"]}
    assert ("90101", RiskLevel.VERY_HIGH, RiskLevel.NEW_NORMAL) in changes
    assert ("90102", RiskLevel.HIGH, RiskLevel.NEW_NORMAL) in changes


def test_the_same_correction_twice_waits_once(province, source, clerk):
    first = held(province, source, clerk).held

    again = submit_counts(
        source=source, rows=[row(province, "90101", 3)], reason="nhập nhầm", by=clerk, at=AT + HOUR
    )

    assert again.held == first
    assert CorrectionRequest.objects.count() == 1


def test_correction_asked_for_again_on_a_document_is_another_request(province, source, clerk):
    first = held(province, source, clerk).held

    again = submit_counts(
        source=source,
        rows=[row(province, "90101", 3)],
        reason="nhập nhầm",
        document="12/BC",
        by=clerk,
        at=AT + HOUR,
    ).held

    assert (again.document, again.pk != first.pk) == ("12/BC", True)


def test_correction_that_moves_no_colour_waits_for_nobody(province, source, clerk):
    done = held(province, source, clerk, cases=3)

    assert (done.held, done.posted.corrected) == (None, 1)


def test_correction_outside_the_competition_waits_for_nobody(province, source, clerk):
    submit_counts(source=source, rows=[row(province, "90101", 5, 2)], by=clerk, at=AT)
    guard(province, 0, 4)

    done = submit_counts(
        source=source, rows=[row(province, "90101", 5)], reason="nhập nhầm", by=clerk, at=AT + HOUR
    )

    assert (done.held, done.posted.corrected) == (None, 1)


def test_second_person_confirms_into_the_ledger(province, source, clerk, doctor):
    request = held(province, source, clerk).held

    request = confirm_correction(request=request, by=doctor, at=AT + 2 * HOUR)

    assert request.status == CorrectionStatus.CONFIRMED
    assert (request.post.posted_by, request.decided_by) == (clerk, doctor)
    assert [entry.unknown_source for entry in request.post.entries.all()] == [0]
    in_force = DailyCount.objects.get(area=province.communes["90101"], day=day(3))
    assert (in_force.unclassified, in_force.unknown_source) == (0, None)  # the other source's silent zero
    with pytest.raises(CorrectionUndecidable, match="đã được xử lý"):
        confirm_correction(request=request, by=doctor, at=AT + 2 * HOUR)


def test_who_asked_cannot_confirm_and_nobody_else_can_withdraw(province, source, clerk, doctor):
    request = held(province, source, clerk).held

    with pytest.raises(CorrectionUndecidable, match="người thứ hai"):
        confirm_correction(request=request, by=clerk, at=AT + 2 * HOUR)
    with pytest.raises(CorrectionUndecidable, match="người thứ hai"):
        refuse_correction(request=request, refusal="không đúng", by=clerk, at=AT + 2 * HOUR)
    with pytest.raises(CorrectionUndecidable, match="người đề nghị"):
        withdraw_correction(request=request, by=doctor, at=AT + 2 * HOUR)
    assert withdraw_correction(request=request, by=clerk, at=AT + HOUR).status == CorrectionStatus.WITHDRAWN


def test_refusal_says_why_and_writes_nothing(province, source, clerk, doctor):
    request = held(province, source, clerk).held

    with pytest.raises(CorrectionUndecidable, match="lý do"):
        refuse_correction(request=request, refusal="  ", by=doctor, at=AT + 2 * HOUR)
    request = refuse_correction(request=request, refusal="thiếu căn cứ", by=doctor, at=AT + 2 * HOUR)

    assert (request.status, request.post) == (CorrectionStatus.REFUSED, None)
    assert DailyCount.objects.get(area=province.communes["90101"], day=day(3)).unknown_source == 2


def test_correction_overtaken_by_other_numbers_is_not_confirmed(province, source, clerk, doctor):
    request = held(province, source, clerk).held
    GuardedPeriod.objects.all().delete()
    submit_counts(
        source=source, rows=[row(province, "90101", 3, 4)], reason="đếm lại", by=clerk, at=AT + HOUR
    )

    with pytest.raises(CorrectionUndecidable, match="đã thay đổi"):
        confirm_correction(request=request, by=doctor, at=AT + 2 * HOUR)


def test_those_affected_are_told_once(province, source, clerk, doctor):
    neighbour = GrantFactory(role=Role.COMMUNE_STAFF, area=province.communes["90102"]).user
    stranger = GrantFactory(role=Role.COMMUNE_STAFF, area=province.communes["90103"]).user
    health = GrantFactory(user=doctor, role=Role.HEALTH, area=province.area).user
    request = held(province, source, clerk).held

    assert [notice.recipient for notice in Notice.objects.all()] == [health]
    confirm_correction(request=request, by=doctor, at=AT + 2 * HOUR)

    told = Notice.objects.filter(
        key=f"correction-posted-{request.post_id or CountPost.objects.latest('pk').pk}"
    )
    assert {notice.recipient for notice in told} == {neighbour}
    assert "Xã 90102" in told.get().body
    assert not Notice.objects.filter(recipient=stranger).exists()
    assert Notice.objects.filter(recipient=clerk, subject__contains="đã xác nhận").count() == 1


def test_comparison_shows_the_own_word_and_what_is_in_force(province, source, clerk):
    submit_counts(source=source, rows=[row(province, "90101", 3, 2)], by=clerk, at=AT)
    province.post({("90101", 3): 5, ("90102", 3): 1}, source="CDC")

    changes = compare_rows(
        source=source,
        rows=[row(province, "90101", 3, 4), row(province, "90102", 3, 0), row(province, "90103", 3, 1)],
        at=AT,
    )

    said = [
        (each.area_name, each.kind, each.before and each.before.cases, each.in_force and each.in_force.cases)
        for each in changes
    ]
    assert said == [
        ("Xã 90101", "corrected", 2, 5),
        ("Xã 90102", "new", None, 1),
        ("Xã 90103", "new", None, None),
    ]


def test_hamlet_sends_the_report_of_its_district(province, source, clerk):
    hamlet = HamletFactory(parent=province.communes["90101"])

    mark_sent(cells=[(hamlet.pk, day(5))], by=clerk, at=AT)

    assert DayReport.objects.get().scope == province.districts["901"]


@pytest.mark.parametrize(
    ("cases", "kind", "before"), [(3, "corrected", Counted(unclassified=0)), (0, "new", None)]
)
def test_number_over_a_silent_zero_of_the_same_source_is_a_correction(province, cases, kind, before):
    (change,) = compare_rows(source=province.source(), rows=[row(province, "90101", 3, cases)], at=AT)

    assert (change.kind, change.before, change.in_force) == (kind, before, before)


def test_number_over_the_silent_zero_of_another_source_is_new(province, source):
    (change,) = compare_rows(source=source, rows=[row(province, "90101", 3, 3)], at=AT)

    assert (change.kind, change.before) == ("new", None)
