"""kill -9 of the worker while it prints a batch: what was printed stays, the rest follows, nothing twice."""

import random
import time

import pytest

from tests.journeys.portal import Portal

DOSSIERS, KILLS = 24, 4

pytestmark = pytest.mark.timeout(600)

GROUND = """
from datetime import date, timedelta
from django.utils import timezone
from awards.batches import ask_batch
from awards.handing_in import submit
from core.models import Area
from core.people import system_user
from tests.awards.dossiers import make_dossier, make_ready
from tests.campaign.plans import make_campaign, make_phase
province = Area.objects.get(code="99")
phase = make_phase(make_campaign(province=province), dossier_deadline=timezone.now() + timedelta(days=1),
    deadline_wording="mai", deadline_set_by="plan")
for district in Area.objects.filter(parent=province):
    submit(dossier=make_ready(make_dossier(district, phase)), by=system_user())
print("@", ask_batch(phase=phase, by=system_user(), at=timezone.now()).pk)
"""
#: Whether every file of the batch was written down as issued, once.
STORED = """
import hashlib
from awards.models import BatchedPaper, PaperBatch
from core.models import IssuedPaper
batch = PaperBatch.objects.get()
hashes = [hashlib.sha256(bytes(each.content)).hexdigest() for each in batch.papers.all()]
issued = sorted(IssuedPaper.objects.values_list("content_sha256", flat=True))
print("@", batch.total, len(hashes), sorted(hashes) == issued, batch.finished_at is not None)
"""
PRINTED = "select count(*) from awards_batchedpaper where printed_at is not null"
DONE = """
select coalesce(json_agg(json_build_array(id, md5(content), printed_at) order by id), '[]')
from awards_batchedpaper where printed_at is not null
"""


@pytest.fixture
def portal(tmp_path):
    portal = Portal(tmp_path)
    try:
        portal.manage("migrate", "--verbosity=0")
        units = tmp_path / "units.csv"
        codes = [f"99{number:02d}" for number in range(DOSSIERS)]
        units.write_text(
            "province_code,province,district_code,district,code,name,type\n"
            + "".join(f"99,Tỉnh Thử,{code},Huyện {code},{code}1,Xã {code},Xã\n" for code in codes)
        )
        portal.manage("import_areas", str(units), "--valid-from=2021-01-01", "--commit")
        yield portal
    finally:
        portal.end()


def test_batch_goes_on_after_every_kill_and_prints_nothing_twice(portal):
    portal.manage("shell", "--no-imports", "--command", GROUND)
    chance, total = random.Random(17), DOSSIERS * 5
    portal.start("beat")
    struck = 0

    for number in range(KILLS):
        portal.start("worker")
        wanted = total * (number + 1) // (KILLS + 2)
        until = time.monotonic() + 90
        while portal.ask(PRINTED) < wanted and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(chance.random() * 0.3)  # in the middle of the next few
        portal.kill("worker")
        before = portal.ask(DONE)
        struck += 0 < len(before) < total
        time.sleep(0.2)
        assert portal.ask(DONE) == before  # what was being printed is not there in part

    assert struck >= KILLS - 1
    kept = {pk: rest for pk, *rest in before}
    portal.start("worker")
    portal.wait_for("select count(*) from awards_paperbatch where finished_at is not null", 1, seconds=120)

    after = {pk: rest for pk, *rest in portal.ask(DONE)}
    assert len(after) == total
    assert {pk: after[pk] for pk in kept} == kept
    said = portal.manage("shell", "--no-imports", "--command", STORED)
    assert [line for line in said.splitlines() if line.startswith("@")] == [f"@ {total} {total} True True"]
    assert portal.ask("select count(*) from core_notice where key like 'paper-batch-%'") == 1
    portal.manage("verify_audit")
