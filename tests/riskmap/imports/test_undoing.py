"""A committed file is taken back as long as no day of it was accepted; what was said since stays."""

from datetime import date, timedelta

import pytest

from core.models import AuditEvent
from riskmap.corrections import confirm_correction
from riskmap.enums import BatchStatus, CorrectionStatus, ReportStatus
from riskmap.imports import commit_batch, undo_batch
from riskmap.imports.batches import BatchNotCommitted
from riskmap.imports.undoing import UndoRefused, cells_left
from riskmap.models import (
    CorrectionRequest,
    CountEntry,
    CountPost,
    DailyCount,
    DayReport,
    GuardedPeriod,
    ImportBatch,
    StaleMark,
)
from tests.factories import UserFactory
from tests.riskmap.imports.ground import AT, csv_of, make_ground, preview

pytestmark = pytest.mark.django_db
FIRST = date(2021, 8, 1)
LATER = AT + timedelta(hours=1)


@pytest.fixture
def province():
    return make_ground()


@pytest.fixture
def clerk():
    return UserFactory()


@pytest.fixture
def committed(province, clerk):
    def of(*rows, scope="001", **options):
        previewed = preview(province, csv_of(*rows), scope=province.districts[scope], **options)
        commit_batch(batch=previewed.batch, by=clerk, at=AT, reason="đính chính")
        return ImportBatch.objects.get(pk=previewed.batch.pk)

    return of


def undo(batch, by, reason="nhầm tệp"):
    return undo_batch(batch=batch, by=by, at=LATER, reason=reason)


def in_force() -> dict[str, int]:
    return dict(DailyCount.objects.filter(day=FIRST).values_list("area__code", "unclassified"))


def test_undone_file_leaves_what_was_said_before_it(committed, clerk):
    committed("00001,2021-08-01,3")
    batch = committed("00001,2021-08-01,5", "00004,2021-08-01,1")
    StaleMark.objects.all().delete()

    undone = undo(batch, clerk)

    assert (undone.taken_back, undone.left, undone.stale_since) == (2, [], FIRST)
    assert in_force() == {"00001": 3}
    batch.refresh_from_db()
    assert (batch.status, batch.undone_at, batch.undone_by) == (BatchStatus.UNDONE, LATER, clerk)
    assert batch.undo_post.reason == "nhầm tệp"
    assert StaleMark.objects.exists()


def test_ledger_keeps_the_file_and_its_undoing(committed, clerk):
    batch = committed("00001,2021-08-01,5")

    undo(batch, clerk)

    said = CountEntry.objects.order_by("pk").values_list("post__batch", "unclassified", "withdrawn")
    assert list(said) == [(batch.pk, 5, False), (None, None, True)]
    event = AuditEvent.objects.filter(table_name="riskmap_importbatch").latest("pk")
    assert (event.actor, event.reason) == (clerk.username, "nhầm tệp")


def test_undone_file_is_new_when_it_comes_again(committed, clerk, province):
    undo(committed("00001,2021-08-01,5"), clerk)

    again = preview(province, csv_of("00001,2021-08-01,5"), scope=province.districts["001"])

    assert (again.outcome.new, again.outcome.corrected) == (1, 0)
    assert commit_batch(batch=again.batch, by=clerk, at=LATER).new == 1


def test_number_said_again_since_stays_and_is_listed(committed, clerk):
    batch = committed("00001,2021-08-01,5", "00004,2021-08-01,1")
    committed("00004,2021-08-01,2")

    undone = undo(batch, clerk)

    assert (undone.taken_back, list(undone.left)) == (1, [("Xã 00004", FIRST)])
    assert in_force() == {"00004": 2}
    assert cells_left(batch=ImportBatch.objects.get(pk=batch.pk)) == [("Xã 00004", FIRST)]


def test_reports_of_the_days_stay_sent(committed, clerk):
    undo(committed("00001,2021-08-01,5"), clerk)

    assert DayReport.objects.get().status == ReportStatus.SENT


def test_zeros_that_were_spelled_out_are_undone_with_the_file(committed, clerk):
    batch = committed("00001,2021-08-01,5", zero_fill=(FIRST, FIRST))
    assert in_force() == {"00001": 5, "00004": 0, "00007": 0}

    undo(batch, clerk)

    assert in_force() == {}


def test_file_with_an_accepted_day_stays(committed, clerk, province):
    batch = committed("00001,2021-08-01,5", "00001,2021-08-02,5")
    province.accept(1, districts=["001"], at=LATER)

    with pytest.raises(UndoRefused, match="02/08/2021 của tệp đã được duyệt"):
        undo(batch, clerk)

    assert in_force() == {"00001": 5}
    assert ImportBatch.objects.get(pk=batch.pk).status == BatchStatus.COMMITTED


def test_accepted_day_of_another_district_is_no_hindrance(committed, clerk, province):
    batch = committed("00001,2021-08-01,5")
    committed("00037,2021-08-01,5", scope="002")
    province.accept(0, districts=["002"], at=LATER)

    assert undo(batch, clerk).taken_back == 1


def test_file_is_undone_once(committed, clerk):
    batch = committed("00001,2021-08-01,5")
    undo(batch, clerk)

    with pytest.raises(UndoRefused, match="đã được hoàn tác lúc 19:00 10/08/2021"):
        undo(batch, clerk)
    with pytest.raises(BatchNotCommitted, match="đã hoàn tác"):
        commit_batch(batch=batch, by=clerk, at=LATER)

    assert CountPost.objects.count() == 2


def test_previewed_file_has_nothing_to_undo(province, clerk):
    batch = preview(province, csv_of("00001,2021-08-01,5"), scope=province.districts["001"]).batch

    with pytest.raises(UndoRefused, match="chưa ghi gì"):
        undo(batch, clerk)


def test_undoing_needs_a_reason(committed, clerk):
    batch = committed("00001,2021-08-01,5")

    with pytest.raises(UndoRefused, match="lý do"):
        undo(batch, clerk, reason="  ")


def test_file_that_changed_nothing_is_undone_without_a_post(committed, clerk):
    committed("00001,2021-08-01,5")
    batch = committed("00001,2021-08-01,5", "99999,2021-08-01,1")

    undone = undo(batch, clerk)

    assert (undone.taken_back, undone.left) == (0, [])
    assert in_force() == {"00001": 5}


def test_report_of_a_whole_province_cannot_be_taken_back(province, clerk):
    batch = preview(province, csv_of("00001,2021-08-01,5"), zero_fill=(FIRST, FIRST)).batch
    commit_batch(batch=batch, by=clerk, at=AT)

    with pytest.raises(UndoRefused, match="đầy đủ cho cả khoảng ngày"):
        undo(ImportBatch.objects.get(pk=batch.pk), clerk)


@pytest.fixture
def holding(committed, province):
    """A file of which one row waits for a second person and one was posted."""
    day = AT.date() - timedelta(days=1)
    GuardedPeriod.objects.create(province=province.area, name="đợt 1", first_day=FIRST, last_day=AT.date())
    committed(f"00001,{day},40", f"00007,{day},0")
    return committed(f"00001,{day},0", f"00004,{day},2")


def test_correction_that_waits_is_withdrawn_with_its_file(holding, clerk):
    undone = undo(holding, clerk)

    assert undone.taken_back == 1
    assert CorrectionRequest.objects.get().status == CorrectionStatus.WITHDRAWN


def test_correction_that_waits_is_withdrawn_by_nobody_else(holding):
    with pytest.raises(UndoRefused, match="Chỉ người đề nghị"):
        undo(holding, UserFactory())

    assert ImportBatch.objects.get(pk=holding.pk).status == BatchStatus.COMMITTED
    assert CorrectionRequest.objects.get().status == CorrectionStatus.WAITING


def test_correction_that_a_second_person_confirmed_stays(holding, clerk):
    confirm_correction(request=holding.held, by=UserFactory(), at=LATER)

    undo(holding, clerk)

    assert CorrectionRequest.objects.get().status == CorrectionStatus.CONFIRMED
    assert DailyCount.objects.get(area__code="00001").unclassified == 0
