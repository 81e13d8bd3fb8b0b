"""kill -9 of any process during a recomputation loses nothing; the next bell finishes the work."""

import csv
import io
from datetime import date, timedelta

import psycopg2
import pytest

from config.embedded import postgres
from config.embedded.places import Places
from tests.journeys.portal import Portal

FIRST = date(2021, 8, 1)
DAYS = 40
COMMUNES = [f"99{district}{number:02d}" for district in (1, 2) for number in range(1, 5)]

pytestmark = pytest.mark.timeout(240)


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
