"""Batches: the papers of all dossiers of a phase, printed by the workers and handed out as one archive.

What is to be printed is written down first, a row a file; what is printed is committed a few rows at a time.
So whatever kills a worker, the next one goes on with what is not printed yet, and several at once take
different rows. A batch is kept for a few days: the same content prints as the same bytes again.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from awards.dossier_content import content_of_version
from awards.dossier_list_file import make_list
from awards.dossier_prints import (
    LIST,
    SUBMISSION,
    in_ascii,
    print_of,
    prints_of,
    statement_of,
    summary_key,
)
from awards.enums import DossierStatus, PaperKind
from awards.models import BatchedPaper, DossierVersion, PaperBatch
from campaign.models import Phase
from core.audit import acting
from core.errors import DomainError
from core.inbox import send_notices
from core.issued_papers import Printed, Statement, codes_of_papers, seal_of, write_down
from core.letters import LetterFormat, print_letter
from core.models import User
from core.people import system_user
from riskmap.bell import ring
from riskmap.enums import FileFormat

logger = logging.getLogger(__name__)

PRINT_BATCHES = "awards.print_batches"
#: How many workers are called at once: typesetting is work for processors, and a small machine has two.
PRINTERS = 2
#: Handed in and not withdrawn since.
HANDED_IN = (
    DossierStatus.SUBMITTED,
    DossierStatus.IN_REVIEW,
    DossierStatus.RETURNED,
    DossierStatus.REVIEWED,
    DossierStatus.DECIDED,
)
FORMS = (LetterFormat.PDF, LetterFormat.DOCX)
AT_ONCE = 12  # files that one transaction prints: under a second
#: A batch in which nothing was printed for so long has lost its workers.
STALLED = timedelta(seconds=10)
KEPT_FOR = timedelta(days=7)
_LONGEST_AREA = 30


class BatchRefused(DomainError):
    """There is nothing to print."""

    code = "batch_refused"


class Progress(NamedTuple):
    printed: int
    total: int


class _Job(NamedTuple):
    """A row with what it says; ``key`` names the paper."""

    row: BatchedPaper
    key: str
    form: str
    content: dict[str, Any]
    statement: Statement


def ask_batch(*, phase: Phase, by: User, at: datetime, forms: Collection[LetterFormat] = FORMS) -> PaperBatch:
    """Write down the papers of every dossier handed in for the phase, as it was handed in last, letters in
    each of the ``forms``, and call the workers. A batch that is under way is given back instead; of those
    before only the last is kept.
    """
    with acting(by=by, reason="In hồ sơ khen thưởng của cả đợt"):
        Phase.objects.select_for_update(no_key=True).get(pk=phase.pk)  # one asks at a time
        batches = PaperBatch.objects.filter(phase=phase).order_by("-pk")
        if running := batches.filter(finished_at__isnull=True).first():
            return running
        papers = [paper for version in latest_versions(phase) for paper in _papers_of(version, forms)]
        if not papers:
            raise BatchRefused(_("Đợt này chưa có hồ sơ nào được nộp nên chưa có gì để in."))
        PaperBatch.objects.filter(pk__in=list(batches.values_list("pk", flat=True)[1:])).delete()
        batch = PaperBatch.objects.create(phase=phase, total=len(papers), asked_at=at, asked_by=by)
        for paper in papers:
            paper.batch = batch
        BatchedPaper.objects.bulk_create(papers, batch_size=500)
        transaction.on_commit(ring_printers)
    return batch


def ring_printers() -> None:
    """Call the workers; without a broker beat calls them."""
    for _number in range(PRINTERS):
        ring(PRINT_BATCHES)


def latest_versions(phase: Phase) -> QuerySet[DossierVersion]:
    """The last version of each dossier that stands, by place."""
    latest = DossierVersion.objects.filter(dossier=OuterRef("dossier")).order_by("-number")
    return (
        DossierVersion.objects.filter(
            dossier__phase=phase, dossier__status__in=HANDED_IN, pk=Subquery(latest.values("pk")[:1])
        )
        .select_related("dossier__area", "dossier__phase__campaign__province", "permit")
        .order_by("dossier__area__path", "pk")
    )


def print_next(*, batch: PaperBatch, at: datetime, leaving: Collection[int] = ()) -> tuple[int, list[int]]:
    """Print the next few files that nobody else is printing, in one transaction: how many were taken up, and
    which of them (rows) could not be printed. ``leaving`` are those that could not be a moment ago.
    """
    with transaction.atomic():
        waiting = batch.papers.filter(printed_at__isnull=True).exclude(pk__in=leaving)
        rows = list(waiting.select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE])
        printed, failed = _print(_jobs(rows))
        for paper, said in printed:
            paper.content, paper.printed_at = said.body, at
        BatchedPaper.objects.bulk_update([paper for paper, _said in printed], ["content", "printed_at"])
        with override("vi"):
            write_down(printed=[said for _paper, said in printed], at=at)
    return len(rows), failed


def finish_batch(*, batch: PaperBatch, at: datetime) -> bool:
    """Close a batch of which everything is printed, once, and tell who asked for it."""
    with acting(by=system_user(), reason="In xong hồ sơ khen thưởng của cả đợt"):
        waiting = BatchedPaper.objects.filter(batch=OuterRef("pk"), printed_at__isnull=True)
        done = PaperBatch.objects.filter(~Exists(waiting), pk=batch.pk, finished_at__isnull=True)
        if not done.update(finished_at=at):
            return False
        send_notices(
            recipients=[batch.asked_by_id],
            key=f"paper-batch-{batch.pk}",
            subject=f"Đã in xong {batch.total} văn bản của {batch.phase.name}",
            body=f"{batch.phase.campaign.short_title}. Tệp nén giữ {KEPT_FOR.days} ngày; sau đó in lại được.",
            link=reverse("awards:paper_batch", args=[batch.pk]),
            at=at,
        )
    return True


def unfinished() -> QuerySet[PaperBatch]:
    """Batches with something left to do, the oldest first."""
    rows = PaperBatch.objects.filter(finished_at__isnull=True).order_by("pk")
    return rows.select_related("phase__campaign__province", "asked_by")


def has_stalled(*, at: datetime) -> bool:
    """Whether in some batch nothing has happened for a while: its workers are gone."""
    rows = PaperBatch.objects.filter(finished_at__isnull=True)
    lived = rows.annotate(lived_at=Greatest("asked_at", Max("papers__printed_at")))
    return lived.filter(lived_at__lte=at - STALLED).exists()


def prune_batches(*, before: datetime) -> int:
    """Delete the batches asked for before an instant: how many."""
    with acting(by=system_user(), reason="Xóa lượt in đã quá hạn giữ"):
        old = list(PaperBatch.objects.filter(asked_at__lt=before).values_list("pk", flat=True))
        PaperBatch.objects.filter(pk__in=old).delete()
    return len(old)


def progress_of(batch: PaperBatch) -> Progress:
    return Progress(batch.papers.filter(printed_at__isnull=False).count(), batch.total)


def with_progress(rows: QuerySet[PaperBatch]) -> QuerySet[PaperBatch]:
    """Batches that say how many of their files are ``printed``."""
    return rows.annotate(printed=Count("papers", filter=Q(papers__printed_at__isnull=False)))


def _papers_of(version: DossierVersion, forms: Collection[LetterFormat]) -> Iterable[BatchedPaper]:
    """A folder a dossier: its letters in the forms, its list as a workbook. Names are in ASCII."""
    area, content = version.dossier.area, content_of_version(version)
    folder = f"{area.code}-{in_ascii(area.name, longest=_LONGEST_AREA)}"
    for paper in prints_of(content):
        of = {"version": version, "nominee_id": paper.nominee and paper.nominee["id"], "kind": paper.kind}
        for form in forms:
            yield BatchedPaper(**of, name=f"{folder}/{paper.name}.{form}")
    yield BatchedPaper(
        version=version, kind=PaperKind.SUBMISSION, name=f"{folder}/danh-sach.{FileFormat.XLSX}"
    )


def _jobs(rows: list[BatchedPaper]) -> list[_Job]:
    found = DossierVersion.objects.filter(pk__in={row.version_id for row in rows}).select_related(
        "dossier__area", "dossier__phase__campaign__province", "permit"
    )
    versions = {version.pk: (version, content_of_version(version)) for version in found}
    jobs = []
    for row in rows:
        version, content = versions[row.version_id]
        form = row.name.rpartition(".")[2]
        key = summary_key(row.nominee_id) if row.nominee_id else SUBMISSION
        key = LIST if form == FileFormat.XLSX else key
        jobs.append(_Job(row, key, form, content, statement_of(version, content, key)))
    return jobs


def _print(jobs: list[_Job]) -> tuple[list[tuple[BatchedPaper, Printed]], list[int]]:
    """What was printed under which code, and the rows that were not: one at fault holds up no other."""
    codes = codes_of_papers(job.statement.evidence for job in jobs)
    printed, failed = [], []
    for job in jobs:
        code = codes[job.statement.evidence]
        try:
            printed.append((job.row, Printed(job.statement, code, job.form, _bytes_of(job, code))))
        except Exception:
            logger.exception("Paper %s of batch %s could not be printed", job.row.name, job.row.batch_id)
            failed.append(job.row.pk)
    return printed, failed


def _bytes_of(job: _Job, code: str) -> bytes:
    seal, moment = seal_of(code), job.statement.moment
    with override("vi"):
        if job.key == LIST:
            return make_list(job.content, moment=moment, seal=seal)
        letter = print_of(job.content, job.key).letter(job.content, moment=moment)
        return print_letter(replace(letter, seal=seal), LetterFormat(job.form))
