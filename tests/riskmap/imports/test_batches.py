"""A batch is previewed without writing and committed whole, once."""

import gzip
import io
import threading
from datetime import date, timedelta

import pytest
from django.db import connections

from core.models import AuditEvent
from core.people import system_user
from riskmap.enums import BatchStatus
from riskmap.imports import commit_batch
from riskmap.imports.batches import AlreadyImported, BatchNotCommitted
from riskmap.imports.faults import Refusal
from riskmap.imports.reading import ZeroFillRefused
from riskmap.imports.rejects import write_rejects
from riskmap.models import CountEntry, CountPost, CountSource, DailyCount, ImportBatch, RejectedRow, StaleMark
from riskmap.sources import SourceNameRefused
from tests.factories import CommuneFactory
from tests.riskmap.imports.ground import AT, FIXTURES, csv_of, make_ground, preview

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return make_ground()


def commit(previewed, **options):
    return commit_batch(batch=previewed.batch, by=system_user(), at=AT, **options)


def test_preview_writes_the_batch_and_its_refused_rows_and_nothing_else(province):
    previewed = preview(province, "unknown_code.csv")

    batch = ImportBatch.objects.get()
    assert (batch.status, batch.rows_read, batch.rows_accepted, batch.rows_refused) == (
        BatchStatus.PREVIEWED, 4, 1, 3,
    )  # fmt: skip
    assert gzip.decompress(batch.content) == (FIXTURES / "unknown_code.csv").read_bytes()
    assert [(row.row_number, row.column, row.value, row.code) for row in RejectedRow.objects.all()] == [
        (3, "code", "00002", "unknown_code"),
        (4, "code", "99999", "unknown_code"),
        (5, "code", "Phường 00004", "unknown_code"),
    ]
    assert previewed.outcome.new == 1
    for model in (CountSource, CountPost, CountEntry, DailyCount, StaleMark):
        assert not model.objects.exists()


def test_commit_posts_the_right_rows_with_the_batch_as_their_origin(province):
    posted = commit(preview(province, "right.csv"))

    batch = ImportBatch.objects.get()
    assert (batch.status, batch.committed_at, batch.committed_by) == (
        BatchStatus.COMMITTED,
        AT,
        system_user(),
    )
    post = CountPost.objects.get()
    assert (post.pk, post.batch, post.source.name, post.reason) == (
        posted.post_id, batch, "CDC", "Nhập từ tệp right.csv",
    )  # fmt: skip
    counted = DailyCount.objects.values_list("area__code", "day", "unclassified")
    assert sorted(counted) == [
        ("00001", date(2021, 8, 1), 3), ("00004", date(2021, 8, 1), 0), ("00007", date(2021, 8, 2), 12),
    ]  # fmt: skip
    assert StaleMark.objects.get(province=province.area).since == date(2021, 8, 1)


def test_columns_of_the_file_reach_the_columns_of_the_ledger(province):
    body = b"code,date,unknown_source,known_source,isolated,close_contacts\n00001,2021-08-01,1,2,3,4\n"

    commit(preview(province, body))

    entry = CountEntry.objects.get()
    assert (
        entry.unclassified, entry.unknown_source, entry.known_source, entry.isolated, entry.close_contacts,
    ) == (None, 1, 2, 3, 4)  # fmt: skip


def test_commit_is_journalled_under_who_did_it(province):
    commit(preview(province, "right.csv"))

    reasons = set(AuditEvent.objects.filter(table_name="riskmap_countentry").values_list("actor", "reason"))
    assert reasons == {("he-thong", "Nhập từ tệp right.csv")}


def test_strict_commit_with_refused_rows_writes_nothing(province):
    previewed = preview(province, "unknown_code.csv")

    with pytest.raises(BatchNotCommitted, match="3 dòng bị từ chối"):
        commit(previewed, strict=True)

    assert not CountEntry.objects.exists()
    assert commit(previewed).new == 1


def test_same_file_again_is_refused_politely(province):
    commit(preview(province, "right.csv"))

    with pytest.raises(AlreadyImported, match="đã được nhập lúc 18:00 10/08/2021"):
        preview(province, (FIXTURES / "right.csv").read_bytes(), name="tên khác.csv")

    assert ImportBatch.objects.count() == 1


def test_same_file_is_another_statement_for_another_source_or_more_days(province):
    commit(preview(province, "right.csv"))

    commit(preview(province, "right.csv", source="Sở Y tế"))
    commit(preview(province, "right.csv", zero_fill=(date(2021, 8, 1), date(2021, 8, 3))))
    commit(preview(province, "right.csv", zero_fill=(date(2021, 8, 2), date(2021, 8, 5))))

    with pytest.raises(AlreadyImported):
        preview(province, "right.csv", zero_fill=(date(2021, 8, 2), date(2021, 8, 3)))
    assert CountPost.objects.count() == 4


def test_batch_previewed_twice_is_committed_once(province):
    first, second = preview(province, "right.csv"), preview(province, "right.csv")

    commit(first)

    for previewed in (first, second):
        with pytest.raises(AlreadyImported):
            commit(previewed)
    assert CountPost.objects.count() == 1


def test_preview_counts_what_is_unchanged_and_corrected(province):
    commit(preview(province, "right.csv"))

    previewed = preview(province, csv_of("00001,2021-08-01,3", "00004,2021-08-01,6", "00037,2021-08-01,1"))

    outcome = previewed.outcome
    assert (outcome.unchanged, outcome.corrected, outcome.new) == (1, 1, 1)
    assert previewed.batch.rows_unchanged == 1
    posted = commit(previewed)
    assert (posted.unchanged, posted.corrected, posted.new) == (1, 1, 1)


def test_batch_is_refused_when_units_changed_since_its_preview(province):
    previewed = preview(province, csv_of("00001,2021-08-01,3", "00010,2021-08-01,3"))
    CommuneFactory(code="00010", parent=province.districts["001"])

    with pytest.raises(BatchNotCommitted, match="Danh mục đơn vị đã thay đổi"):
        commit(previewed)

    assert not CountEntry.objects.exists()


def test_commit_on_a_later_day_takes_what_its_preview_took(province):
    previewed = preview(province, "future_day.csv")

    posted = commit_batch(batch=previewed.batch, by=system_user(), at=AT + timedelta(days=5))

    assert posted.new == 1


def test_file_that_changes_nothing_is_committed_without_a_post(province):
    commit(preview(province, "right.csv"))

    posted = commit(preview(province, csv_of("00001,2021-08-01,3")))

    assert (posted.post_id, posted.unchanged) == (None, 1)
    assert ImportBatch.objects.filter(status=BatchStatus.COMMITTED).count() == 2


@pytest.mark.parametrize(
    ("zero_fill", "words"),
    [
        ((date(2021, 8, 3), date(2021, 8, 1)), "ngày đầu phải trước"),
        ((date(2021, 8, 3), date(2021, 8, 11)), "11/08/2021 chưa tới"),
        ((date(1921, 8, 3), date(2021, 8, 1)), "kiểm tra lại năm"),
    ],
)
def test_zero_fill_of_impossible_days_is_refused(province, zero_fill, words):
    with pytest.raises(ZeroFillRefused, match=words):
        preview(province, "right.csv", zero_fill=zero_fill)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_source_without_a_usable_name_is_refused(province, name):
    with pytest.raises(SourceNameRefused):
        preview(province, "right.csv", source=name)


def test_new_source_is_asked_after_those_already_there(province):
    province.source("huyện")

    commit(preview(province, "right.csv", source="  Sở   Y tế "))

    assert CountSource.objects.get(name="Sở Y tế").rank == 2


def test_queries_do_not_grow_with_rows(province, django_assert_num_queries):
    system_user(), province.source("CDC")
    few = csv_of("00001,2021-08-01,1")
    many = csv_of(*(f"{code},{day:02d}/07/2021,1" for code in ("00001", "00004") for day in range(1, 32)))

    for content in (few, many):
        with django_assert_num_queries(11):
            previewed = preview(province, content)
        with django_assert_num_queries(27):
            commit(previewed)


@pytest.mark.django_db(transaction=True)
def test_same_file_committed_by_two_at_once_is_written_once():
    province = make_ground()
    batches = [preview(province, "right.csv").batch for _ in range(4)]
    by = system_user()
    start, outcomes = threading.Barrier(len(batches)), []

    def work(batch):
        start.wait()
        try:
            outcomes.append(commit_batch(batch=batch, by=by, at=AT).new)
        except AlreadyImported:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(map(str, outcomes)) == ["3", "refused", "refused", "refused"]
    assert CountPost.objects.count() == 1


def test_rejects_open_well_and_run_nothing_in_a_spreadsheet():
    out = io.StringIO()
    values = ["=HYPERLINK(1)", "+84", "-5", "@x", "\tx", "00001"]

    write_rejects([Refusal(n, "code", value, "x", "Lỗi", "Sửa") for n, value in enumerate(values, 2)], out)

    text = out.getvalue()
    assert text.startswith("\ufeffdòng,cột,giá trị,lỗi,cách sửa")
    assert [line.split(",")[2] for line in text.splitlines()[1:]] == [
        "'=HYPERLINK(1)", "'+84", "'-5", "'@x", "'\tx", "00001",
    ]  # fmt: skip
