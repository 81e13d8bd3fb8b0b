"""A person's file: of their own area only, with reasons where it corrects, and never past a lock."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskmap.enums import BatchStatus, ReportStatus
from riskmap.imports import commit_batch, examine_batch
from riskmap.imports.batches import AlreadyImported, BatchNotCommitted
from riskmap.imports.faults import UnusableFile
from riskmap.imports.reading import ZeroFillRefused
from riskmap.lock_exceptions import grant_exception
from riskmap.models import (
    CorrectionRequest,
    CountEntry,
    CountPost,
    DailyCount,
    DayReport,
    GuardedPeriod,
    ReportCoverage,
)
from tests.factories import CommuneFactory, HamletFactory, UserFactory
from tests.riskmap.imports.ground import AT, csv_of, faults, make_ground, preview

pytestmark = pytest.mark.django_db
FIRST = date(2021, 8, 1)


@pytest.fixture
def province():
    return make_ground()


@pytest.fixture
def clerk():
    return UserFactory()


@pytest.fixture
def file(province):
    """Preview as the district 001's own file."""

    def of(content, *, scope=None, **options):
        return preview(province, content, scope=scope or province.districts["001"], **options)

    return of


@pytest.fixture
def commit(clerk):
    return lambda previewed, **said: commit_batch(batch=previewed.batch, by=clerk, at=AT, **said)


def said(code: str) -> list[tuple[date, int]]:
    entries = CountEntry.objects.filter(area__code=code).order_by("day", "pk")
    return list(entries.values_list("day", "unclassified"))


# --- The area


def test_row_of_another_area_is_refused_with_what_to_do_and_the_others_are_taken(province, file):
    previewed = file(csv_of("00001,2021-08-01,3", "00037,2021-08-01,9", "26734,2021-08-01,1"))

    assert faults(previewed) == [(3, "code", "outside_your_area"), (4, "code", "other_province")]
    assert "Xã 00037 không thuộc Huyện 001" in previewed.refusals[0].message
    assert previewed.refusals[0].hint
    assert previewed.batch.rows_accepted == 1


def test_scope_holds_at_commit_as_it_did_at_preview(province, file, commit):
    commit(file(csv_of("00001,2021-08-01,3", "00037,2021-08-01,9")))

    assert list(DailyCount.objects.values_list("area__code", flat=True)) == ["00001"]


def test_file_of_a_commune_takes_its_hamlets_and_no_commune_beside_it(province, file):
    commune = province.communes["00001"]
    HamletFactory(code="0000101", parent=commune)

    previewed = file(
        csv_of("00001,2021-08-01,3", "0000101,2021-08-01,1", "00004,2021-08-01,1"), scope=commune
    )

    assert faults(previewed) == [(4, "code", "outside_your_area")]


def test_code_that_begins_like_the_scope_is_another_area(province, file):
    CommuneFactory(code="000011", parent=province.districts["001"])

    previewed = file(csv_of("000011,2021-08-01,3"), scope=province.communes["00001"])

    assert faults(previewed) == [(2, "code", "outside_your_area")]


def test_same_file_is_another_statement_of_another_area(province, file, commit):
    rows = csv_of("00001,2021-08-01,3", "00037,2021-08-01,9")

    commit(file(rows))
    commit(file(rows, scope=province.districts["002"]))

    with pytest.raises(AlreadyImported):
        file(rows)
    assert DailyCount.objects.count() == 2


def test_longer_file_than_a_page_reads_is_refused(province, file, monkeypatch):
    monkeypatch.setattr("riskmap.imports.reading.MOST_ROWS_OF_A_PERSON", 1)

    with pytest.raises(UnusableFile, match="hơn 1 dòng"):
        file(csv_of("00001,2021-08-01,3", "00004,2021-08-01,3"))

    assert preview(province, csv_of("00001,2021-08-01,3", "00004,2021-08-01,3")).batch.rows_accepted == 2


# --- Names


@pytest.mark.parametrize("name", ["Xã 00001", "xa 00001", "00001", ""])
def test_name_of_the_unit_beside_its_code_is_taken(file, name):
    body = f"code,name,date,cases\n00001,{name},2021-08-01,3\n".encode()

    assert file(body).batch.rows_accepted == 1


def test_name_of_another_unit_shows_a_column_that_slipped(file):
    body = b"code,name,date,cases\n00001,Xa 00004,2021-08-01,3\n00007,Xa 00007,2021-08-01,2\n"

    previewed = file(body, zero_fill=(FIRST, FIRST))

    assert faults(previewed) == [(2, "name", "name_of_another")]
    assert "Mã 00001 là của Xã 00001" in previewed.refusals[0].message
    assert (previewed.withheld, previewed.outcome.zeroed) == (2, 0)  # it may have been about either


# --- Corrections


def test_number_said_before_is_changed_only_with_a_reason(file, commit):
    commit(file(csv_of("00001,2021-08-01,3")))
    previewed = file(csv_of("00001,2021-08-01,5", "00004,2021-08-01,1"))

    with pytest.raises(BatchNotCommitted, match="lý do") as refusal:
        commit(previewed, reason="  ")
    assert refusal.value.code == "reason_needed"
    assert CountPost.objects.count() == 1

    committed = commit(previewed, reason=" nhầm   cột ")
    assert (committed.new, committed.corrected, committed.unchanged) == (1, 1, 0)
    assert CountPost.objects.latest("pk").reason == "nhầm cột"
    assert said("00001") == [(FIRST, 3), (FIRST, 5)]


def test_what_would_change_is_told_against_the_own_word_and_what_is_in_force(province, file, commit):
    province.post(
        {("00001", 0): {"unclassified": 9}, ("00004", 0): {"unclassified": 4}}, source="khác", at=AT
    )
    commit(file(csv_of("00001,2021-08-01,3")))

    sifted = examine_batch(batch=file(csv_of("00004,2021-08-01,1", "00001,2021-08-01,5")).batch, at=AT)

    changes = {sifted.row_number(change): change for change in sifted.changes}
    assert (changes[3].kind, changes[3].before.unclassified, changes[3].in_force.unclassified) == (
        "corrected", 3, 9,
    )  # fmt: skip
    assert (changes[2].kind, changes[2].before, changes[2].in_force.unclassified) == ("new", None, 4)
    assert (sifted.needs_reason, sifted.needs_document) == (True, False)


def test_file_that_changes_nothing_posts_nothing_and_sends_no_day_again(province, file, commit):
    commit(file(csv_of("00001,2021-08-01,3")))
    province.accept(0, districts=["001"], at=AT)

    committed = commit(file(b"date,code,cases\n2021-08-01,00001,3\n"))

    assert (committed.post_id, committed.unchanged, committed.new) == (None, 1, 0)
    assert DayReport.objects.get().status == ReportStatus.ACCEPTED


def test_new_numbers_send_the_day_they_speak_of(province, file, commit):
    commit(file(csv_of("00001,2021-08-01,3", "00004,2021-08-02,0")))

    reports = DayReport.objects.order_by("day").values_list("scope__code", "day", "status")
    assert list(reports) == [("001", FIRST, "sent"), ("001", date(2021, 8, 2), "sent")]


def test_correction_that_changes_a_colour_of_a_guarded_period_waits_and_the_rest_is_posted(
    province, file, commit
):
    GuardedPeriod.objects.create(province=province.area, name="đợt 1", first_day=FIRST, last_day=AT.date())
    commit(file(csv_of("00001,2021-08-09,40", "00007,2021-08-09,0")))

    committed = commit(file(csv_of("00001,2021-08-09,0", "00004,2021-08-09,2")), reason="nhầm xã")

    request = CorrectionRequest.objects.get()
    assert (committed.held, committed.new, committed.corrected) == (request, 1, 0)
    batch = request.batch
    assert (batch.status, batch.rows_held, batch.rows_new) == (BatchStatus.COMMITTED, 1, 1)
    assert DailyCount.objects.get(area__code="00001").unclassified == 40
    assert DailyCount.objects.get(area__code="00004").unclassified == 2


# --- Locks


def test_row_of_an_accepted_day_is_refused_by_its_number_and_the_others_are_taken(province, file, commit):
    commit(file(csv_of("00001,2021-08-01,3", "00001,2021-08-02,3")))
    province.accept(0, districts=["001"], at=AT)

    previewed = file(csv_of("00001,2021-08-02,4", "00001,2021-08-01,5", "00004,2021-08-01,1"))

    assert faults(previewed) == [(3, "date", "day_locked"), (4, "date", "day_locked")]
    assert previewed.refusals[0].value == "01/08/2021"
    assert (previewed.batch.rows_accepted, previewed.batch.rows_refused) == (1, 2)
    assert commit(previewed, reason="sửa").corrected == 1
    assert said("00001")[0] == (FIRST, 3)


def test_accepted_day_under_an_exception_needs_a_document(province, file, commit):
    commit(file(csv_of("00001,2021-08-01,3")))
    province.accept(0, districts=["001"], at=AT)
    grant_exception(
        area=province.communes["00001"],
        day=FIRST,
        reason="soát lại",
        expires_at=AT + timedelta(days=1),
        by=UserFactory(),
        at=AT,
    )
    previewed = file(csv_of("00001,2021-08-01,5"))

    assert previewed.refusals == ()
    with pytest.raises(BatchNotCommitted, match="số văn bản") as refusal:
        commit(previewed, reason="soát lại")
    assert refusal.value.code == "document_needed"
    committed = commit(previewed, reason="soát lại", document=" 12/BC-TTYT ")
    assert CountPost.objects.get(pk=committed.post_id).document == "12/BC-TTYT"


def test_batch_is_refused_when_a_day_was_locked_since_its_preview(province, file, commit):
    commit(file(csv_of("00004,2021-08-01,3")))
    previewed = file(csv_of("00001,2021-08-01,5"))
    province.accept(0, districts=["001"], at=AT)

    with pytest.raises(BatchNotCommitted, match="khóa số liệu đã thay đổi"):
        commit(previewed)
    with pytest.raises(BatchNotCommitted):
        examine_batch(batch=previewed.batch, at=AT)
    assert not said("00001")


# --- Zeros


def test_zeros_of_the_scope_are_spelled_out_for_communes_without_a_row(province, file, commit):
    previewed = file(csv_of("00001,2021-08-01,3"), zero_fill=(FIRST, date(2021, 8, 2)))

    assert (previewed.outcome.new, previewed.outcome.zeroed, previewed.withheld) == (1, 5, 0)
    committed = commit(previewed)
    assert (committed.new, committed.zeroed) == (1, 5)
    assert said("00007") == [(FIRST, 0), (date(2021, 8, 2), 0)]
    assert said("00001") == [(FIRST, 3), (date(2021, 8, 2), 0)]
    assert not said("00037")
    assert not ReportCoverage.objects.exists()


def test_what_a_refused_row_may_have_been_about_gets_no_zero(file):
    previewed = file(csv_of("00001,2021-08-01,x", "00004,2021-08-02,1"), zero_fill=(FIRST, date(2021, 8, 2)))

    assert (previewed.outcome.zeroed, previewed.withheld) == (4, 1)


def test_row_of_another_area_leaves_no_doubt_about_the_own_communes(file):
    previewed = file(csv_of("00037,2021-08-01,1", "00001,2021-08-01,1"), zero_fill=(FIRST, FIRST))

    assert (previewed.outcome.zeroed, previewed.withheld) == (2, 0)


def test_zero_over_a_number_said_before_is_a_correction_with_a_reason(file, commit):
    commit(file(csv_of("00004,2021-08-01,7")))
    previewed = file(csv_of("00001,2021-08-01,3"), zero_fill=(FIRST, FIRST))

    with pytest.raises(BatchNotCommitted, match="lý do"):
        commit(previewed)
    assert commit(previewed, reason="đủ rồi").zeroed == 2
    assert said("00004") == [(FIRST, 7), (FIRST, 0)]


def test_zero_of_an_accepted_day_is_withheld(province, file, commit):
    commit(file(csv_of("00004,2021-08-01,7")))
    province.accept(0, districts=["001"], at=AT)

    previewed = file(csv_of("00001,2021-08-02,3"), zero_fill=(FIRST, date(2021, 8, 2)))

    assert (previewed.outcome.zeroed, previewed.withheld, previewed.refusals) == (2, 3, ())


def test_zeros_are_of_what_the_file_counts(file, commit):
    body = b"code,date,unknown_source,close_contacts,tests\n00001,2021-08-01,1,2,3\n"

    commit(file(body, zero_fill=(FIRST, FIRST)))

    zero = CountEntry.objects.get(area__code="00004")
    assert (zero.unknown_source, zero.close_contacts, zero.unclassified, zero.tests) == (0, 0, None, None)


def test_zeros_of_a_file_without_cases_are_refused(file):
    with pytest.raises(ZeroFillRefused, match="không có cột số ca"):
        file(b"code,date,tests\n00001,2021-08-01,3\n", zero_fill=(FIRST, FIRST))


def test_zeros_beyond_the_limit_are_refused(file, monkeypatch):
    monkeypatch.setattr("riskmap.imports.reading.MOST_ZEROS", 5)

    with pytest.raises(ZeroFillRefused, match="6 đơn vị-ngày"):
        file(csv_of("00001,2021-08-01,3"), zero_fill=(FIRST, date(2021, 8, 2)))
    assert file(csv_of("00001,2021-08-01,3"), zero_fill=(FIRST, FIRST)).outcome.zeroed == 2


def test_commune_gets_no_zero_before_it_existed(province, file):
    CommuneFactory(code="00010", parent=province.districts["001"], valid_from=date(2021, 8, 2))

    previewed = file(csv_of("00001,2021-08-01,3"), zero_fill=(FIRST, FIRST))

    assert previewed.outcome.zeroed == 2


# --- Both ways


def test_queries_of_a_person_do_not_grow_with_rows(province, file, commit):
    commit(file(csv_of("00007,2021-08-01,1")))
    few = csv_of("00001,2021-08-01,1")
    many = csv_of(*(f"{code},{day:02d}/07/2021,1" for code in ("00001", "00004") for day in range(1, 32)))
    counted = []

    for content in (few, many):
        with CaptureQueriesContext(connection) as queries:
            commit(file(content))
        counted.append(len(queries))

    assert counted[0] == counted[1]
    assert counted[0] <= 60


def test_tests_and_suspected_reach_the_ledger(file, commit):
    commit(file(b"code,date,tests,suspected\n00001,2021-08-01,120,4\n"))

    entry = CountEntry.objects.get()
    assert (entry.tests, entry.suspected, entry.unclassified) == (120, 4, None)
