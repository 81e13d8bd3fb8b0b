"""The papers of 300 dossiers, printed in one batch by the real worker on two processes.

Of each dossier the submission with its list and a summary for each of three nominees, as PDF and as Word, and
the list as a workbook: what Sở Nội vụ asks for by one press. Each round is a batch of its own, from the press
until the last paper is committed; then its archive is written once.
"""

from __future__ import annotations

import hashlib
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta

import psutil
from celery import current_app
from django.utils import timezone

from awards.batch_archive import archive_of
from awards.batches import FORMS, ask_batch
from awards.handing_in import submit
from awards.models import Dossier, DossierItem, Nominee, PaperBatch
from benchmarks.loading import Loaded, at_noon, load_nation
from benchmarks.nation import make_counts, make_nation
from benchmarks.report import Row, median, row, seconds, spread
from benchmarks.standings import make_campaigns
from campaign.models import Phase, Unit
from campaign.standing import compute_standings
from core.letters import LetterFormat
from core.models import Area, StoredFile
from core.people import system_user
from riskmap.editions import publish
from riskmap.enums import FileFormat
from riskmap.levels import reassess

DOSSIERS, COMMUNES_EACH, DAYS, PHASE_DAYS = 300, 2, 60, 30
REACH = 30  # s
MOST_ROUNDS = 3
SECONDS = 900  # a machine may be busy with other work
COLLECTIVE, PERSON = "bang-khen-tinh-tap-the", "bang-khen-tinh-ca-nhan"
_WORKER = ("--concurrency=2", "--without-gossip", "--without-mingle", "--loglevel=WARNING")
_SAID = (
    "Trong đợt thi đua đã lập các chốt bảo vệ vùng xanh, mỗi chốt ba ca trực, mỗi ca bốn người; giữ liên lạc "
    "với từng hộ, phát hiện và báo ngay khi có người nghi mắc bệnh; không để dịch lan sang nơi giáp ranh. "
)


def measure_papers(
    *, rounds: int, dossiers: int = DOSSIERS, print_all: Callable[[PaperBatch], None] | None = None
) -> list[Row]:
    """``print_all`` prints a batch without a worker of its own, for a test."""
    phase, rounds = _hand_in(dossiers), min(rounds, MOST_ROUNDS)
    made = []
    with _worker() if print_all is None else _this_process() as processor_time:
        for forms in ((LetterFormat.PDF,), FORMS):
            took, worked = [], []
            for number in range(rounds + 1):  # the first warms all up
                before = processor_time()
                one = seconds(lambda forms=forms: _print(phase, forms, print_all or _wait))
                if number:
                    took.append(one)
                    worked.append(processor_time() - before)
            batch = PaperBatch.objects.latest("pk")
            what = f"{dossiers} dossiers of {COMMUNES_EACH + 1} nominees in one batch: {batch.total:,} papers"
            made.append(
                row(
                    f"papers of {what}, {', '.join([*forms, FileFormat.XLSX])}",
                    f"median of {rounds} ({spread(took)} s), processor time of both workers "
                    f"{median(worked):.0f} s",
                    median(took),
                    "s",
                    reach=f"<= {REACH} s",
                    met=median(took) <= REACH,
                )
            )
    size = [0]

    def take_away() -> None:
        size[0] = sum(map(len, archive_of(batch)))

    written = seconds(take_away)
    return [
        *made,
        row("their archive written", f"{size[0] / 1e6:.0f} MB, once", written, "s"),
    ]


def _print(phase: Phase, forms: Collection[LetterFormat], print_all: Callable[[PaperBatch], None]) -> None:
    PaperBatch.objects.all().delete()
    print_all(ask_batch(phase=phase, by=system_user(), at=timezone.now(), forms=forms))


def _wait(batch: PaperBatch) -> None:
    until = time.monotonic() + SECONDS
    while not PaperBatch.objects.filter(pk=batch.pk, finished_at__isnull=False).exists():
        if time.monotonic() > until:
            raise RuntimeError("the worker did not print the batch")
        time.sleep(0.05)


@contextmanager
def _worker() -> Iterator[Callable[[], float]]:
    """The worker as ``docker-compose.yml`` starts it; tells the processor time (s) it has taken so far."""
    worker = subprocess.Popen([sys.executable, "-m", "celery", "--app=config", "worker", *_WORKER])
    try:
        until = time.monotonic() + 60
        while not current_app.control.ping(timeout=1):
            if worker.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the worker did not start")
        yield lambda: sum(map(_processor_time, psutil.Process(worker.pid).children(recursive=True)))
    finally:
        worker.terminate()
        worker.wait(timeout=60)


@contextmanager
def _this_process() -> Iterator[Callable[[], float]]:
    yield time.process_time


def _processor_time(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return spent.user + spent.system


def _hand_in(dossiers: int) -> Phase:
    """A province of as many districts, with published levels; each hands in two communes and a person."""
    loaded = load_nation(make_nation(communes=COMMUNES_EACH * dossiers, districts=dossiers, provinces=1))
    counts, at = make_counts(loaded.nation, days=DAYS), at_noon(DAYS - 1)
    loaded.post_days(counts, first=0, last=DAYS - 1, at=at)
    reassess(on=at.date(), at=at)
    publish(province=loaded.provinces[0], cut_off=at, at=at, by=loaded.by)
    [campaign] = make_campaigns(loaded, days=DAYS, phase_days=PHASE_DAYS)
    compute_standings(at=at, days=[at.date()])
    phase = campaign.phases.get()
    phase.dossier_deadline, phase.deadline_wording = timezone.now() + timedelta(days=1), "trước ngày mai"
    phase.save(update_fields=["dossier_deadline", "deadline_wording"])
    units: dict[int, list[Unit]] = {}
    for unit in Unit.objects.filter(province=loaded.provinces[0]).select_related("seat").order_by("pk"):
        units.setdefault(unit.seat.parent_id, []).append(unit)
    for number, district in enumerate(Area.objects.filter(pk__in=units).order_by("pk")):
        submit(dossier=_write(loaded, phase, district, units[district.pk], number), by=loaded.by)
    return phase


def _write(loaded: Loaded, phase: Phase, district: Area, units: list[Unit], number: int) -> Dossier:
    at = timezone.now()
    dossier = Dossier.objects.create(phase=phase, area=district, opened_at=at, opened_by=loaded.by)
    person = {"kind": PERSON, "person": f"Nguyễn Đặng Hoàng Phương {number}", "person_post": "Y tá trưởng"}
    said = [{"kind": COLLECTIVE, "unit": unit} for unit in units[:COMMUNES_EACH]]
    said.append(person | {"unit": units[0], "deeds": _SAID})
    nominees = Nominee.objects.bulk_create(
        Nominee(
            dossier=dossier, place=place, search_text=f"{number} {place}", added_at=at,
            added_by=loaded.by, **each,
        )
        for place, each in enumerate(said, 1)
    )  # fmt: skip
    words = {"situation": _SAID * 2, "deeds": "\n".join([_SAID * 2] * 4)}
    words |= {"confirmer": "Lê Văn Chín", "confirmer_post": "Chủ tịch"}
    body = {"number": f"{number}/TTr-UBND", "dated": "05/09/2021", "body": _SAID}
    body |= {"signer": "Lê Văn Chín", "signer_post": "Chủ tịch"}
    saved = {"saved_at": at, "saved_by": loaded.by, "dossier": dossier}
    DossierItem.objects.bulk_create(
        [
            DossierItem(**saved, kind="submission", words=body, file=_signed(district, dossier)),
            *(
                DossierItem(**saved, kind="summary", form="06", nominee=nominee, words=words)
                for nominee in nominees
            ),
        ]
    )
    return dossier


def _signed(district: Area, dossier: Dossier) -> StoredFile:
    """The signed submission: its bytes are nobody's business here."""
    content = b"%PDF"
    return StoredFile.objects.create(
        token=secrets.token_hex(16), area=district, kind="document", name="to-trinh.pdf", size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), content_type="application/pdf", content=content,
        uploaded_at=dossier.opened_at, uploaded_by=dossier.opened_by,
    )  # fmt: skip
