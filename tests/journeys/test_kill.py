"""kill -9 of any process during a recomputation loses nothing; the next bell finishes the work."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import psycopg2
import pytest

from config import embedded
from config.embedded import postgres, valkey
from config.embedded.places import Places

ROOT = Path(__file__).resolve().parents[2]
FIRST = date(2021, 8, 1)
DAYS = 40
COMMUNES = [f"99{district}{number:02d}" for district in (1, 2) for number in range(1, 5)]

pytestmark = pytest.mark.timeout(240)


class Portal:
    """A portal of its own under ``var``: private servers, a worker, a beat that rings every two seconds."""

    def __init__(self, var: Path):
        self.var = var
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")},
            "VAR_DIR": str(var),
            "BELL_SECONDS": "2",
        }
        self.processes = {}

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str) -> None:
        if name in ("postgres", "valkey"):
            embedded.ensure(self.var)
            return
        command = [sys.executable, "-m", "celery", "--app=config", name, "--loglevel=INFO"]
        if name == "worker":
            command += ["--concurrency=1", "--without-mingle", "--without-gossip"]
        else:
            command += [f"--schedule={self.var / 'beat'}", f"--pidfile={self.var / 'beat.pid'}"]
            (self.var / "beat.pid").unlink(missing_ok=True)
        with (self.var / f"{name}.log").open("a") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str) -> None:
        places = Places.under(self.var)
        if name == "postgres":
            victims = [
                p for parent in postgres.found(places) for p in (parent, *parent.children(recursive=True))
            ]
        elif name == "valkey":
            victims = valkey.found(places)
        else:
            os.killpg(self.processes[name].pid, signal.SIGKILL)
            self.processes[name].wait()
            return
        assert victims
        for victim in victims:
            victim.kill()
        for victim in victims:
            victim.wait(10)

    def connect(self):
        return psycopg2.connect(embedded.ensure(self.var).database_url)

    def ask(self, query: str):
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]

    def wait_for(self, query: str, answer, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        got = None
        while time.monotonic() < until:
            try:
                got = self.ask(query)
            except psycopg2.OperationalError as error:
                got = error
            if got == answer:
                return
            time.sleep(0.2)
        logs = "".join(path.read_text()[-3000:] for path in self.var.glob("*.log"))
        pytest.fail(f"{query!r} gave {got!r}, not {answer!r}\n{logs}")

    def end(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        embedded.stop(self.var)


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    portal = Portal(tmp_path_factory.mktemp("kill"))
    try:
        portal.manage("migrate", "--verbosity=0")
        units = portal.var / "units.csv"
        units.write_text(
            "province_code,province,district_code,district,code,name,type\n"
            + "".join(f"99,Tỉnh Thử,99{c[2]},Huyện {c[2]},{c},Xã {c},Xã\n" for c in COMMUNES)
        )
        portal.manage("import_areas", str(units), "--valid-from=2021-01-01", "--commit")
        counts = portal.var / "counts.csv"
        counts.write_text(f"code,date,cases\n{COMMUNES[0]},{FIRST},1\n")
        portal.manage(
            *("import_counts", str(counts), "--province=99", "--source=thu"),
            *(f"--zero-fill={FIRST}..{FIRST + timedelta(DAYS)}", "--commit"),
        )
        portal.start("worker")
        portal.start("beat")
        portal.wait_for(STALE, 0)
        portal.wait_for(f"select version > 0 and frames_version = version from ({ASSESSMENT}) a", True)
        yield portal
    finally:
        portal.end()


STALE = "select count(*) from riskmap_stalemark"
ASSESSMENT = "select version, frames_version from riskmap_assessment"
WAITING = (
    "select count(*) > 0 from pg_locks l join pg_class c on c.oid = l.relation"
    " where c.relname = 'riskmap_levelspan' and not l.granted"
)


@pytest.mark.parametrize("victim", ["worker", "beat", "valkey", "postgres"])
def test_kill_during_a_recomputation_loses_nothing(portal, victim):
    turn = ["worker", "beat", "valkey", "postgres"].index(victim)
    code, day = COMMUNES[turn], FIRST + timedelta(days=20 + turn)
    before = levels(portal)
    file = portal.var / f"{victim}.csv"
    file.write_text(f"code,date,cases\n{code},{day},2\n")

    blocker = portal.connect()
    blocker.cursor().execute("lock table riskmap_levelspan in access exclusive mode")
    portal.manage("import_counts", str(file), "--province=99", "--source=thu", "--commit")
    portal.wait_for(WAITING, True)
    portal.kill(victim)
    assert portal_marks_or_dead(portal, victim)
    try:
        blocker.rollback()
    except psycopg2.OperationalError:
        assert victim == "postgres"
    blocker.close()
    portal.start(victim)

    portal.wait_for(STALE, 0)
    portal.wait_for(f"select frames_version = version from ({ASSESSMENT}) a", True)
    after = levels(portal)
    assert after[code, day] == ("very_high", "xa.do.1")
    assert {key for key in after if after[key] != before[key]} == {
        (code, day + timedelta(days=more)) for more in range(14)
    }
    assert "0 khoảng mới, 0 khoảng đổi độ dài, 0 khoảng bỏ" in portal.manage("reassess", "--province=99")
    portal.manage("verify_audit")


def portal_marks_or_dead(portal: Portal, victim: str) -> bool:
    """While the recomputation is cut off, the mark that asks for it is there."""
    if victim == "postgres":
        return not postgres.found(Places.under(portal.var))
    return portal.ask(STALE) >= 1


def levels(portal: Portal) -> dict[tuple[str, date], tuple[str, str]]:
    text = portal.manage(
        *("export_levels", "--province=99", f"--since={FIRST}", f"--until={FIRST + timedelta(DAYS)}")
    )
    return {
        (row["code"], date.fromisoformat(row["date"])): (row["level"], row["criteria"])
        for row in csv.DictReader(io.StringIO(text))
    }
