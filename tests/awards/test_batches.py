"""Batches: every paper of a phase printed once, whoever prints, and gone on with where it was left."""

import io
import threading
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from pypdf import PdfReader

from awards import batches, tasks
from awards.batch_archive import archive_of
from awards.batches import (
    BatchRefused,
    ask_batch,
    finish_batch,
    has_stalled,
    latest_versions,
    print_next,
    progress_of,
    prune_batches,
)
from awards.dossier_content import content_of_version
from awards.dossier_prints import in_ascii, print_of, statement_of
from awards.models import BatchedPaper, Dossier, DossierVersion, PaperBatch
from core.issued_papers import issue_letter
from core.letters import LetterFormat
from core.models import IssuedPaper, Notice
from tests.awards.batches import make_batch, make_batched
from tests.awards.dossiers import AT, make_dossier, make_version
from tests.awards.reviewers import handed_in
from tests.core.letters.samples import text_of
from tests.factories import DistrictFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rings(monkeypatch) -> list[str]:
    """What was rung for, in a portal without workers."""
    heard: list[str] = []
    monkeypatch.setattr(batches, "ring", heard.append)
    monkeypatch.setattr(tasks, "ring", heard.append)
    return heard


def districts(count: int) -> list[Dossier]:
    """Dossiers of as many districts, all handed in for one phase."""
    first = handed_in()
    others = (make_dossier(DistrictFactory(parent=first.area.parent), first.phase) for _n in range(count - 1))
    return [first, *(handed_in(each) for each in others)]


def print_all(batch: PaperBatch) -> None:
    while print_next(batch=batch, at=AT)[0]:
        pass


def test_batch_has_every_paper_of_every_dossier_as_it_was_handed_in_last():
    first, second = districts(2)
    make_dossier(DistrictFactory(parent=first.area.parent), first.phase)  # a draft
    gone = handed_in(make_dossier(DistrictFactory(parent=first.area.parent), first.phase))
    Dossier.objects.filter(pk=gone.pk).update(status="withdrawn")
    latest = make_version(second, number=2, content=second.versions.get().content)

    batch = ask_batch(phase=first.phase, by=UserFactory(), at=AT)

    assert set(latest_versions(first.phase)) == {first.versions.get(), latest}
    assert batch.total == batch.papers.count() == 2 * 5
    folder = batch.papers.filter(version=latest).values_list("name", flat=True)
    place, names = zip(*(name.split("/") for name in folder), strict=True)
    assert set(place) == {f"{second.area.code}-{in_ascii(second.area.name)}"}
    called = in_ascii(second.nominees.get().unit.name)
    assert list(names) == [
        "to-trinh.pdf", "to-trinh.docx", f"bao-cao-01-{called}.pdf", f"bao-cao-01-{called}.docx",
        "danh-sach.xlsx",
    ]  # fmt: skip
    assert all(len(name) <= 120 and name.isascii() for name in folder)


def test_batch_of_nothing_is_refused():
    with pytest.raises(BatchRefused, match="chưa có gì để in"):
        ask_batch(phase=make_dossier().phase, by=UserFactory(), at=AT)

    assert not PaperBatch.objects.exists()


def test_asking_calls_the_workers_once_it_is_written_down(rings, django_capture_on_commit_callbacks):
    phase = districts(1)[0].phase
    with django_capture_on_commit_callbacks(execute=True):
        ask_batch(phase=phase, by=UserFactory(), at=AT)
        assert rings == []

    assert rings == ["awards.print_batches"] * batches.PRINTERS


def test_batch_that_is_under_way_is_given_back_and_of_those_before_the_last_is_kept():
    phase = districts(1)[0].phase
    asked = [ask_batch(phase=phase, by=UserFactory(), at=AT)]
    assert ask_batch(phase=phase, by=UserFactory(), at=AT) == asked[0]
    for _number in range(2):
        PaperBatch.objects.update(finished_at=AT)
        asked.append(ask_batch(phase=phase, by=UserFactory(), at=AT))

    assert list(PaperBatch.objects.order_by("pk")) == asked[1:]
    assert set(BatchedPaper.objects.values_list("batch", flat=True)) == {each.pk for each in asked[1:]}


def test_paper_of_a_batch_is_byte_for_byte_the_one_handed_out_alone():
    dossier = districts(1)[0]
    batch = ask_batch(phase=dossier.phase, by=UserFactory(), at=AT)
    print_all(batch)
    version = dossier.versions.get()
    version.dossier = dossier
    content = content_of_version(version)
    letter = print_of(content, "submission").letter(content, moment=version.received_at)

    issued = IssuedPaper.objects.count()
    for form in LetterFormat:
        says = statement_of(version, content, "submission")
        alone = issue_letter(letter, form, statement=says, at=AT)
        assert bytes(batch.papers.get(name__endswith=f"to-trinh.{form}").content) == alone.body

    assert issued == batch.total == IssuedPaper.objects.count()
    assert len(set(IssuedPaper.objects.values_list("code", flat=True))) == 3


def test_batch_is_finished_once_and_tells_who_asked():
    phase, by = districts(1)[0].phase, UserFactory()
    batch = ask_batch(phase=phase, by=by, at=AT)
    assert not finish_batch(batch=batch, at=AT)

    print_all(batch)

    assert progress_of(batch) == (5, 5)
    assert [finish_batch(batch=batch, at=AT) for _time in range(2)] == [True, False]
    batch.refresh_from_db()
    assert batch.finished_at == AT
    notice = Notice.objects.get(recipient=by)
    assert (notice.key, notice.link) == (f"paper-batch-{batch.pk}", f"/paper-batches/{batch.pk}/")


def test_batch_goes_on_where_it_was_left(monkeypatch):
    phase = districts(3)[0].phase
    monkeypatch.setattr(batches, "AT_ONCE", 4)
    batch = ask_batch(phase=phase, by=UserFactory(), at=AT)
    print_next(batch=batch, at=AT)
    done = {paper.pk: bytes(paper.content) for paper in batch.papers.filter(printed_at__isnull=False)}
    assert len(done) == 4

    def killed(*_args, **_said):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(batches, "write_down", killed)
        with pytest.raises(SystemExit):
            print_next(batch=batch, at=AT)
    assert progress_of(batch).printed == 4
    later = AT + timedelta(hours=1)
    while print_next(batch=batch, at=later)[0]:
        pass

    assert progress_of(batch) == (15, 15)
    assert {pk: bytes(BatchedPaper.objects.get(pk=pk).content) for pk in done} == done
    assert batch.papers.filter(printed_at=AT).count() == 4


def test_paper_that_cannot_be_printed_holds_up_no_other(monkeypatch, caplog, rings):
    dossiers = districts(2)
    batch = ask_batch(phase=dossiers[0].phase, by=UserFactory(), at=AT)
    broken = batch.papers.get(version=dossiers[0].versions.get(), name__endswith="to-trinh.pdf")
    printed = batches._bytes_of

    def fails(job, code):
        if job.row.pk == broken.pk:
            raise RuntimeError("typst")
        return printed(job, code)

    with monkeypatch.context() as patch:
        patch.setattr(batches, "_bytes_of", fails)
        tasks.print_batches()

    assert progress_of(batch) == (9, 10)
    assert broken.name in caplog.text
    assert rings == []  # nothing else is left: beat comes back to it

    tasks.print_batches()
    batch.refresh_from_db()
    assert batch.finished_at is not None


def test_worker_makes_room_for_others_after_a_few_seconds(monkeypatch, rings):
    batch = ask_batch(phase=districts(3)[0].phase, by=UserFactory(), at=AT)
    monkeypatch.setattr(tasks, "SECONDS_AT_ONCE", 0)
    monkeypatch.setattr(batches, "AT_ONCE", 4)

    tasks.print_batches()

    assert progress_of(batch).printed == 0
    assert rings == ["awards.print_batches"]


def test_batch_without_a_sign_of_life_is_driven_again(rings):
    batch = ask_batch(phase=districts(1)[0].phase, by=UserFactory(), at=AT)

    assert not has_stalled(at=AT + timedelta(seconds=9))
    assert has_stalled(at=AT + timedelta(seconds=10))
    print_next(batch=batch, at=AT + timedelta(seconds=9))
    assert not has_stalled(at=AT + timedelta(seconds=18))
    tasks.drive_batches()
    assert rings == ["awards.print_batches"] * 2
    finish_batch(batch=batch, at=AT)
    tasks.drive_batches()
    assert len(rings) == 2


def test_old_batches_are_pruned_with_their_papers():
    old = make_batch(asked_at=AT - timedelta(days=8))
    make_batched(old)
    kept = make_batch()

    assert prune_batches(before=AT - timedelta(days=7)) == 1
    assert list(PaperBatch.objects.all()) == [kept]
    assert not BatchedPaper.objects.exists()


def test_archive_holds_what_was_printed_in_folders():
    dossiers = districts(2)
    batch = ask_batch(phase=dossiers[0].phase, by=UserFactory(), at=AT)
    print_all(batch)

    body = b"".join(archive_of(batch))

    assert body == b"".join(archive_of(batch))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == sorted(batch.papers.values_list("name", flat=True))
        for paper in batch.papers.all():
            assert archive.read(paper.name) == bytes(paper.content)
        pdf = next(name for name in archive.namelist() if name.endswith("to-trinh.pdf"))
        assert "Mã xác minh:" in text_of(PdfReader(io.BytesIO(archive.read(pdf))))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_print_nothing_twice(monkeypatch):
    batch = ask_batch(phase=districts(6)[0].phase, by=UserFactory(), at=AT)
    monkeypatch.setattr(batches, "AT_ONCE", 3)
    printed, together, lock = [], threading.Barrier(2), threading.Lock()
    make = batches._bytes_of

    def noted(job, code):
        with lock:
            printed.append((job.row.pk, threading.get_ident()))
        return make(job, code)

    monkeypatch.setattr(batches, "_bytes_of", noted)

    def work() -> None:
        try:
            together.wait()
            print_all(batch)
            finish_batch(batch=batch, at=AT)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(pk for pk, _who in printed) == sorted(batch.papers.values_list("pk", flat=True))
    assert len({who for _pk, who in printed}) == 2
    assert progress_of(batch) == (30, 30)
    batch.refresh_from_db()
    assert batch.finished_at == AT
    assert Notice.objects.filter(key=f"paper-batch-{batch.pk}").count() == 1
    assert DossierVersion.objects.count() == 6
